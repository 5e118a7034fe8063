"""The reader questions the score of the film in view."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cxr_desktop.domain.explanation import Answer, Explanation, Method, Question
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.progress import Progress
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.ui.triage_panel.evidence_card import EvidenceCard
from cxr_desktop.ui.triage_panel.lime_dialog import LimeMemory
from cxr_desktop.workers.questioning_service import QuestioningService


class Questioning(QObject):
    """Ties the evidence card and the viewer to the service that answers.

    An answer belongs to the film that was in view when it was asked for; another film, or another model,
    takes the question back.
    """

    def __init__(
        self,
        session: ReadingSession,
        card: EvidenceCard,
        viewer: ImageViewer,
        service: QuestioningService,
        lime: LimeMemory,
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            lime: how LIME asks, here and elsewhere.
        """
        super().__init__(parent)
        self._session = session
        self._card = card
        self._viewer = viewer
        self._service = service
        self._film_id: int | None = None
        self._asked: Question | None = None
        self._on_film = Method.CAM  # the method of the map that lies on the film
        self._own: Heatmap | None = None  # the map that came with the score
        self._stands: int | None = None  # the film in the viewer
        self._told: Explanation | None = None  # the one on the film, where it is not that
        self._lime = lime

        session.film_shown.connect(self._leave_other_film)
        session.own_map_shown.connect(self._take_own_map)
        card.method_chosen.connect(self.ask)
        card.options_requested.connect(self._ask_for_options)
        card.stop_requested.connect(self._stop)
        card.superpixels_toggled.connect(self._lay_told)
        service.answered.connect(self._show_answer)
        service.refused.connect(self._show_refusal)
        service.progress_changed.connect(self._show_progress)
        service.cancelled.connect(self._show_stopped)

    def ask(self, method: Method) -> None:
        """Asks for the evidence on the film in view; the map that came with the score is there at once."""
        film = self._session.film
        if film is None:
            return
        self._take_back()
        if method is Method.CAM:
            self._viewer.lay_map(self._own)
            self._show_own_map()
            return
        self._asked = Question(film.id, method, options=self._lime.options)
        self._card.show_progress(method, Progress(0, None, 0))
        self._service.ask(self._asked)

    def _leave_other_film(self, film_id: int) -> None:
        if film_id != self._film_id:
            self._film_id, self._stands = film_id, None
            self._take_back()
            self._on_film, self._told = Method.CAM, None

    def _take_own_map(self, own: Heatmap | None) -> None:
        """The map that came with the score lies on the film now.

        A question about this film goes on, and an answer to one comes back; without a map another model is
        about to judge the film.
        """
        self._own, self._stands = own, self._film_id
        if own is None:
            self._take_back()
            self._told = None
        if self._told is not None:
            self._lay_told()
        else:
            self._show_own_map()

    def _show_own_map(self) -> None:
        self._on_film, self._told = Method.CAM, None
        shown = self._viewer.canvas.shown
        if self._asked is None and shown is not None:
            self._card.show_own_map(self._own, shown.radiograph.shape)

    def _take_back(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._service.take_back(asked)

    def _stop(self) -> None:
        if self._asked is not None:
            self._service.take_back(self._asked)

    def _ask_for_options(self) -> None:
        if self._lime.ask_reader(self._card):
            self.ask(Method.LIME)

    def _show_answer(self, question: Question, answer: Answer) -> None:
        if question is self._asked:
            self._asked = None
            self._on_film, self._told = question.method, answer.explanation
            if self._stands == question.film_id:  # else the film is still being read
                self._lay_told()
            self._card.show_answer(question.method, answer)

    def _lay_told(self) -> None:
        if self._told is not None:
            superpixels = self._told.superpixels if self._card.superpixels.isChecked() else None
            self._viewer.lay_map(self._told.heatmap, superpixels)

    def _show_refusal(self, question: Question, reason: str) -> None:
        if question is self._asked:
            self._asked = None
            self._card.show_refusal(question.method, reason, self._on_film)

    def _show_progress(self, question: Question, progress: Progress) -> None:
        if question is self._asked:
            self._card.show_progress(question.method, progress)

    def _show_stopped(self, question: Question) -> None:
        if question is self._asked:
            self._asked = None
            self._card.show_stopped(self._on_film)
