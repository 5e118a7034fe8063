"""One radiologist's reading: which film is in view, what comes next, what has been read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Heatmap, Judgement, Status
from cxr_desktop.domain.triage import TriageQueue, triage
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.ui.image_viewer import ImageViewer, caption_of
from cxr_desktop.ui.study_browser import StudyBrowser
from cxr_desktop.ui.triage_panel import TriagePanel
from cxr_desktop.workers.scoring_service import ScoringService
from cxr_desktop.workers.viewing_service import FilmView, ViewingService
from cxr_desktop.workers.worklist import Worklist

# The queue is sorted anew at most this often while films come in.
SORT_MS = 250
# A film that is there sooner is shown without a word.
PATIENCE_MS = 200


class ReadingRecord(Protocol):
    """Where it is kept what has been read."""

    def mark_read(self, study_id: int, at: datetime | None) -> None: ...


class ReadingSession(QObject):
    """Ties the three panes to the worklist and the services behind it."""

    film_shown = Signal(int)  # film id

    def __init__(
        self,
        worklist: Worklist,
        browser: StudyBrowser,
        viewer: ImageViewer,
        triage_panel: TriagePanel,
        scoring: ScoringService,
        viewing: ViewingService,
        record: ReadingRecord,
        waiting_cap: Callable[[], timedelta | None],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            waiting_cap: the longest wait in force, asked at every sorting.
        """
        super().__init__(parent)
        self._worklist = worklist
        self._browser = browser
        self._viewer = viewer
        self._panel = triage_panel
        self._scoring = scoring
        self._viewing = viewing
        self._record = record
        self._waiting_cap = waiting_cap
        self._card: ModelCard | None = None
        self._film_id: int | None = None  # the film that was asked for
        self._loaded_id: int | None = None  # the film that stands in the viewer
        self._explanation: tuple[int, Heatmap | None, Box | None] | None = None
        self.queue = TriageQueue((), (), ())
        self._sort_timer = _single_shot(self, SORT_MS, self._sort)
        self._patience = _single_shot(self, PATIENCE_MS, self._say_loading)

        worklist.changed.connect(self._take_changes)
        worklist.removed.connect(self._take_removal)
        browser.study_selected.connect(self.show_study)
        browser.mark_read_requested.connect(self.mark_study)
        triage_panel.film_selected.connect(self.show_film)
        triage_panel.mark_read_requested.connect(self._mark_as_asked)
        triage_panel.heatmap_toggled.connect(viewer.set_heatmap_shown)
        viewer.heatmap_toggled.connect(triage_panel.set_heatmap)
        scoring.film_scored.connect(self._take_judgement)
        viewing.film_loaded.connect(self._show_view)
        viewing.film_failed.connect(self._show_failure)

    # What the reader does

    def begin(self, studies: Sequence[Study]) -> None:
        """Shows the worklist as the catalogue has it, the first film of the queue in view."""
        self._worklist.fill(studies)
        self._browser.show_studies(studies)
        self._sort()
        self._score_waiting(studies)
        first = next(iter((*self.queue.ranked, *self.queue.pinned, *self.queue.waiting)), None)
        if first is not None:
            self.show_film(first.id)

    def use_card(self, card: ModelCard) -> None:
        """The model that judges from now on."""
        self._card = card
        self._show_words()

    def show_study(self, study_id: int) -> None:
        """Brings a study's leading film into view, unless one of its films is there already."""
        study = self._worklist.study(study_id)
        if study is not None and self._film_id not in {film.id for film in study.films}:
            self.show_film(study.lead.id)

    def show_film(self, film_id: int) -> None:
        """Brings a film into view."""
        film, study = self._worklist.film(film_id), self._worklist.study_of(film_id)
        if film is None or study is None or film_id == self._film_id:
            return
        self._film_id = film_id
        self._browser.select(study.id)
        self._panel.select(film_id)
        if film.problem:
            self._patience.stop()
            self._loaded_id = None
            self._viewer.show_message(film.problem)
        else:
            self._scoring.put_first(film_id)
            if film.status is Status.WAITING:
                self._scoring.request([film])
            self._viewing.request(film, then=self._neighbour(1))
            self._patience.start()
        self._show_words()
        self.film_shown.emit(film_id)

    def show_next(self) -> None:
        """The next film of the queue."""
        self._step(1)

    def show_previous(self) -> None:
        """The film of the queue before this one."""
        self._step(-1)

    def show_next_of_study(self, step: int = 1) -> None:
        """Another film of the same study, round and round."""
        study = self._worklist.study_of(self._film_id) if self._film_id is not None else None
        if study is not None and len(study.films) > 1:
            ids = [film.id for film in study.films]
            self.show_film(ids[(ids.index(self._film_id or 0) + step) % len(ids)])

    def mark_read(self) -> None:
        """The study in view is read: it leaves the queue, and the next film comes into view."""
        study = self._worklist.study_of(self._film_id) if self._film_id is not None else None
        if study is None:
            return
        own = {film.id for film in study.films}
        following = next((film for film in self._following() if film.id not in own), None)
        self.mark_study(study.id, True)
        if following is not None:
            self.show_film(following.id)

    def mark_unread(self) -> None:
        """The study in view goes back into the queue."""
        if self.study is not None:
            self.mark_study(self.study.id, False)

    def mark_study(self, study_id: int, read: bool) -> None:
        """Marks a study as read, or as unread again."""
        self._record.mark_read(study_id, datetime.now(UTC) if read else None)
        self._worklist.mark_changed([study_id])
        self._worklist.refresh()
        self._sort()

    def score_waiting(self) -> None:
        """Asks for all films that were not scored, after a stop or a problem."""
        self._score_waiting(self._worklist.studies)

    def show_again(self) -> None:
        """Reads the film in view anew, because its file was located."""
        self._worklist.refresh()
        film_id, self._film_id, self._loaded_id = self._film_id, None, None
        if film_id is not None:
            self.show_film(film_id)

    def sort_again(self) -> None:
        """After a change of what the order depends on."""
        self._sort()

    def close(self) -> None:
        """The window is going: nothing is shown any more."""
        self._sort_timer.stop()
        self._patience.stop()

    @property
    def film(self) -> Film | None:
        """The film in view, or about to be."""
        return self._worklist.film(self._film_id) if self._film_id is not None else None

    @property
    def study(self) -> Study | None:
        """The study of the film in view."""
        return self._worklist.study_of(self._film_id) if self._film_id is not None else None

    # What the services report

    def _take_changes(self, studies: tuple[Study, ...]) -> None:
        for study in studies:
            self._browser.update_study(study)
        self._score_waiting(studies)
        if not self._sort_timer.isActive():
            self._sort_timer.start()
        if self._film_id is None:
            self.show_film(studies[0].lead.id)
        elif any(film.id == self._film_id for study in studies for film in study.films):
            self._show_words()

    def _take_removal(self, study_id: int) -> None:
        self._browser.remove_study(study_id)
        if self._film_id is not None and self._worklist.film(self._film_id) is None:
            following = next((f for f in self._following() if self._worklist.film(f.id)), None)
            self._film_id = self._loaded_id = None
            self._viewer.clear()
            self._show_words()
            if following is not None:
                self.show_film(following.id)
        self._sort()

    def _take_judgement(self, film_id: int, judgement: Judgement) -> None:
        if film_id != self._film_id:
            return
        self._explanation = (film_id, judgement.heatmap, judgement.lungs.box)
        if film_id == self._loaded_id:
            self._viewer.set_heatmap(judgement.heatmap, judgement.lungs.box)

    def _show_view(self, view: FilmView) -> None:
        if view.film.id != self._film_id:
            return
        self._patience.stop()
        if view.film.id == self._loaded_id:
            return
        heatmap, lungs = view.heatmap, view.lungs
        if self._explanation is not None and self._explanation[0] == view.film.id:
            # Scored while the film was on its way here.
            _, heatmap, lungs = self._explanation
        self._loaded_id = view.film.id
        study = self._worklist.study_of(view.film.id)
        film = self._worklist.film(view.film.id)
        if study is not None and film is not None:
            caption = caption_of(study, film, self._model_name, self._position())
            self._viewer.show_film(view.radiograph, heatmap, lungs, caption)

    def _show_failure(self, film_id: int, reason: str) -> None:
        if film_id == self._film_id:
            self._patience.stop()
            self._loaded_id = None
            self._viewer.show_message(reason)

    # How it is done

    def _mark_as_asked(self, study_id: int, read: bool) -> None:
        if read and self.study is not None and self.study.id == study_id:
            self.mark_read()
        else:
            self.mark_study(study_id, read)

    def _score_waiting(self, studies: Sequence[Study]) -> None:
        films = [film for study in studies for film in study.films if film.status is Status.WAITING]
        if films:
            self._scoring.request(films)

    def _say_loading(self) -> None:
        self._loaded_id = None
        self._viewer.show_message("Reading the film…")

    def _sort(self) -> None:
        self._sort_timer.stop()
        self.queue = triage(self._worklist.studies, datetime.now(UTC), self._waiting_cap())
        self._panel.show_queue(self.queue)
        self._panel.select(self._film_id)
        self._show_words()

    def _order(self) -> list[Film]:
        return [*self.queue.pinned, *self.queue.ranked]

    def _following(self) -> list[Film]:
        """The queue from behind the film in view, then from its start."""
        order = self._order()
        place = next((n for n, film in enumerate(order) if film.id == self._film_id), -1)
        return [*order[place + 1 :], *order[: max(place, 0)]]

    def _neighbour(self, step: int) -> Film | None:
        order = self._order()
        place = next((n for n, film in enumerate(order) if film.id == self._film_id), None)
        if place is None:
            # A film that is not in the queue (read already, say): the queue's start is next.
            return order[0] if order else None
        return order[place + step] if 0 <= place + step < len(order) else None

    def _step(self, step: int) -> None:
        film = self._neighbour(step)
        if film is not None:
            self.show_film(film.id)

    @property
    def _model_name(self) -> str:
        return f"{self._card.name} {self._card.version}" if self._card is not None else ""

    def _position(self) -> str:
        parts = []
        study = self.study
        if study is not None and len(study.films) > 1:
            place = next((n for n, f in enumerate(study.films, 1) if f.id == self._film_id), 1)
            parts.append(f"film {place} of {len(study.films)} of this study")
        order = self._order()
        place_in_queue = next((n for n, f in enumerate(order, 1) if f.id == self._film_id), None)
        if place_in_queue is not None:
            parts.append(f"{place_in_queue} of {len(order)} to read")
        elif study is not None and study.read_at is not None:
            parts.append("read")
        return "   ".join(parts)

    def _show_words(self) -> None:
        film, study = self.film, self.study
        self._panel.show_film(film, self._card, study is not None and study.read_at is not None)
        if film is not None and study is not None and self._loaded_id == film.id:
            self._viewer.set_caption(caption_of(study, film, self._model_name, self._position()))


def _single_shot(parent: QObject, milliseconds: int, then: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
