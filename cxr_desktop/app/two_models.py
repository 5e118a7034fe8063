"""*Model → Two models*: a window that follows the film in view and the model in use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from cxr_desktop.app.model_in_use import ModelInUse, standpoint_for
from cxr_desktop.app.opinions_file import save_opinions
from cxr_desktop.app.preferences import Preferences
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.two_opinions import TwoOpinions
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.ui.status_line import StatusLine
from cxr_desktop.ui.triage_panel.lime_dialog import LimeMemory
from cxr_desktop.workers.questioning_service import QuestioningService
from cxr_desktop.workers.second_opinion import SecondOpinionService
from cxr_desktop.workers.viewing_service import ViewingService
from cxr_desktop.workers.worklist import Worklist

if TYPE_CHECKING:
    from cxr_desktop.ui.model_comparison import ModelComparisonWindow


class TwoModels(QObject):
    """Opens the window, once, and tells it what changes while it is open."""

    def __init__(
        self,
        model: ModelInUse,
        preferences: Preferences,
        questioning: QuestioningService,
        second: SecondOpinionService,
        worklist: Worklist,
        viewing: ViewingService,
        session: ReadingSession,
        viewer: ImageViewer,
        status: StatusLine,
        lime: LimeMemory,
        window: QWidget,
    ) -> None:
        """
        Args:
            second: scores films with the model that is not in use.
            viewer: in which the session shows the film in view; heatmaps look alike in it and in this window.
            lime: how LIME asks, here and elsewhere.
        """
        super().__init__(window)
        self._model = model
        self._preferences = preferences
        self._questioning = questioning
        self._second = second
        self._worklist = worklist
        self._session = session
        self._viewer = viewer
        self._status = status
        self._lime = lime
        self._window = window
        self._open: ModelComparisonWindow | None = None
        self._stands: int | None = None  # the film that stands in the viewer, when last looked
        session.film_shown.connect(self._show_film)
        session.own_map_shown.connect(self._note_standing)
        viewing.film_failed.connect(self._show_failure)
        worklist.removed.connect(self._show_film)

    def show(self) -> None:
        """Opens the window, or brings the open one forward."""
        from cxr_desktop.inference.explain.trust import between_models  # noqa: PLC0415 - seldom opened
        from cxr_desktop.ui.model_comparison import AllFilms, ModelComparisonWindow  # noqa: PLC0415

        if self._open is not None:
            self._open.raise_()
            self._open.activateWindow()
            return
        look = self._preferences.settings.heat_look
        all_films = AllFilms(self._second, self._worklist, self._seen)
        self._open = ModelComparisonWindow(
            self._questioning, self._seen, between_models, look, self._lime, all_films, self._window
        )
        one = self._open.sides[0].viewer  # the other one follows it
        one.look_changed.connect(self._viewer.set_look)
        self._viewer.look_changed.connect(one.set_look)
        for signal in (all_films.film_wanted, all_films.film_opened):
            signal.connect(self._session.show_film)
        all_films.save_requested.connect(self._save)
        self._open.finished.connect(self._forget_window)
        self.follow_model()
        self._open.show()
        self._show_film()

    def follow_model(self) -> None:
        """Another model is in use, or there are others to choose from."""
        if self._open is not None:
            # The default is one of the others; by its own name it is the same whichever model is in use.
            named = [choice for choice in self._model.choices() if choice.name]
            self._open.offer(named, self._model.name)

    def look_again(self) -> None:
        """Another operating point, or another share, is in force."""
        if self._open is not None:
            self._open.look_again()

    def close(self) -> None:
        """The program ends: nobody is asked any more."""
        if self._open is not None:
            self._open.close()

    def _seen(self, card: ModelCard, prediction: Prediction) -> Prediction:
        standpoint, _ = standpoint_for(card, self._preferences.settings)
        return standpoint.seen(prediction)

    def _note_standing(self) -> None:
        film = self._session.film
        self._stands = film.id if film is not None else None
        self._show_film()

    def _show_film(self) -> None:
        if self._open is None:
            return
        film, shown = self._session.film, self._viewer.canvas.shown
        if film is None:
            self._open.show_message(tr("No film in view. Choose one in the list or in the queue."))
        elif film.problem:
            self._open.show_message(film.problem)
        elif shown is None or film.id != self._stands:
            self._open.show_message(tr("Reading the film…"))
        else:
            self._open.show_film(film, shown.radiograph, shown.caption)

    def _show_failure(self, film_id: int, reason: str) -> None:
        film = self._session.film
        if self._open is not None and film is not None and film.id == film_id:
            self._open.show_message(reason)

    def _save(self, opinions: Sequence[TwoOpinions]) -> None:
        name, _ = QFileDialog.getSaveFileName(self._open, tr("Save as CSV"), "two-models.csv", "CSV (*.csv)")
        if name:
            saved = counted(save_opinions(opinions, Path(name)), "row", "rows")
            self._status.show_result(tr("{rows} saved", rows=saved))

    def _forget_window(self) -> None:
        self._open = None
