"""*Film → Feature maps*: one window for the film in view and the model in use, whichever these are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.domain.explanation import METHOD_TITLES, FilmLayers, LayersQuestion, Question
from cxr_desktop.language import tr
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.workers.questioning_service import QuestioningService

if TYPE_CHECKING:
    from cxr_desktop.ui.feature_maps import FeatureMapsWindow


class FeatureMapsInView(QObject):
    """Opens the window, and keeps it at the film in view and the model in use while it is open.

    Closed, it asks for nothing and holds nothing but its size and what was chosen in it.
    """

    def __init__(
        self, session: ReadingSession, service: QuestioningService, model: ModelInUse, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._service = service
        self._model = model
        self._parent = window
        self._window: FeatureMapsWindow | None = None
        self._asked: LayersQuestion | None = None
        session.film_shown.connect(self.follow)
        service.answered.connect(self._show_answer)
        service.refused.connect(self._show_refusal)
        service.progress_changed.connect(self._say_what_comes_first)

    def show(self) -> None:
        """Opens the window, or brings the open one forward."""
        from cxr_desktop.ui.feature_maps import FeatureMapsWindow  # noqa: PLC0415 - seldom opened

        if self._window is None:
            self._window = FeatureMapsWindow(self._parent)
            self._window.finished.connect(self._rest)
        if self._window.isVisible():
            self._window.raise_()
            self._window.activateWindow()
            return
        self._window.show()
        self.follow()

    def follow(self) -> None:
        """Another film is in view, or another model in use: an open window asks anew."""
        if self._window is None or not self._window.isVisible():
            return
        self._take_back()
        film, study = self._session.film, self._session.study
        if film is None or study is None:
            self._window.show_about("")
            self._window.show_message(tr("No film is in view."))
            return
        self._window.show_about(f"{study.name}   {self._model.title}")
        self._window.show_message(tr("Reading…"))
        self._asked = LayersQuestion(film.id)
        self._service.ask(self._asked)

    def forget(self) -> None:
        """A study left the list: where no film came into view after it, nothing of it stays in the window."""
        if self._session.film is None:
            self.follow()

    def close(self) -> None:
        """The program ends: nothing is left open."""
        if self._window is not None:
            self._window.close()

    def _rest(self) -> None:
        self._take_back()
        if self._window is not None:
            self._window.show_message("")  # a large network's maps are a hundred megabytes

    def _take_back(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._service.take_back(asked)

    def _show_answer(self, question: LayersQuestion, layers: FilmLayers) -> None:
        if question is self._asked and self._window is not None:
            self._asked = None
            self._window.show_layers(layers)

    def _show_refusal(self, question: LayersQuestion, reason: str) -> None:
        if question is self._asked and self._window is not None:
            self._asked = None
            self._window.show_message(reason or tr("The layers cannot be read."))

    def _say_what_comes_first(self, question: Question) -> None:
        """A map is being made, which was asked for before."""
        if self._asked is not None and self._window is not None:
            self._window.show_message(
                tr("Reading… First comes the map: {method}.", method=METHOD_TITLES[question.method])
            )
