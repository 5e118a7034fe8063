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
from cxr_desktop.language import tr
from cxr_desktop.ui.image_viewer import Caption, ImageViewer, caption_of
from cxr_desktop.ui.reading_order import first_to_show, following, neighbour, position_text
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
    own_map_shown = Signal(object)  # Heatmap that came with the score of the film in view, or None

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
        self._came_unasked = False  # the film in view is the first that came in; nobody chose it
        self._explanation: tuple[int, Heatmap | None, Box | None] | None = None
        self.queue = TriageQueue((), (), ())
        self._sort_timer = QTimer(self, singleShot=True, interval=SORT_MS)
        self._sort_timer.timeout.connect(self._sort_if_due)
        self._sort_is_due = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._say_loading)

        worklist.changed.connect(self._take_changes)
        worklist.removed.connect(self._take_removal)
        browser.study_selected.connect(self.show_study)
        browser.mark_read_requested.connect(self.mark_study)
        triage_panel.film_selected.connect(self.show_film)
        triage_panel.mark_read_requested.connect(self._mark_as_asked)
        triage_panel.heatmap_toggled.connect(viewer.set_heatmap_shown)
        triage_panel.scoring_requested.connect(self.score_waiting)
        viewer.heatmap_toggled.connect(triage_panel.set_heatmap)
        scoring.film_scored.connect(self._take_judgement)
        scoring.stopped_changed.connect(triage_panel.show_stopped)
        viewing.film_loaded.connect(self._show_view)
        viewing.film_failed.connect(self._show_failure)

    # What the reader does

    def begin(self, studies: Sequence[Study]) -> None:
        """Shows the worklist as the catalogue has it; `open_first` goes on once it is painted."""
        self._worklist.fill(studies)
        self._browser.show_studies(studies)
        self._sort()

    def open_first(self) -> None:
        """Brings the first film of the queue into view, and has those scored that wait."""
        self._score_waiting(self._worklist.studies)
        first = next(iter((*self.queue.ranked, *self.queue.pinned, *self.queue.waiting)), None)
        if first is not None and self._film_id is None:
            self.show_film(first.id)

    def use_card(self, card: ModelCard) -> None:
        """The model that judges from now on; `show_anew` follows where studies are shown already."""
        self._card = card
        self._explanation = None
        if self._loaded_id is not None:
            self._lay_own_map(None, None)  # it was the other model's
        self._show_words()

    def show_anew(self, studies: Sequence[Study]) -> None:
        """Shows all studies as they are judged now: by another model, or from another standpoint.

        The film in view stays, and so do zoom and window.
        """
        self.begin(studies)
        self._score_waiting(studies)
        film = self.film
        if film is not None and not film.problem:
            self._viewing.request(film)  # for its heatmap; its pixels are at hand

    def show_study(self, study_id: int) -> None:
        """Brings a study's leading film into view, unless one of its films is there already."""
        study = self._worklist.study(study_id)
        if study is not None and self._film_id not in {film.id for film in study.films}:
            self.show_film(study.lead.id)

    def show_film(self, film_id: int) -> None:
        """Brings a film into view."""
        film, study = self._worklist.film(film_id), self._worklist.study_of(film_id)
        self._came_unasked = False
        if film is None or study is None or film_id == self._film_id:
            return
        self._film_id = film_id
        self._browser.select(study.id)
        self._panel.select(film_id)
        if film.problem:
            self._patience.stop()
            self._loaded_id = None
            self._show_problem(film, film.problem)
        else:
            self._scoring.put_first(film_id)
            if film.status is Status.WAITING:
                self._scoring.request([film])
            self._viewing.request(film, then=neighbour(self.queue, film_id, 1, False))
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
        then = next((film for film in self._following() if film.id not in own), None)
        self.mark_study(study.id, True)
        if then is not None:
            self.show_film(then.id)

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
        """Asks for all films without a score, after a stop or a problem, or when a drive is back."""
        self._scoring.resume()
        films = [film for study in self._worklist.studies for film in study.films if film.can_be_scored]
        if films:
            self._scoring.request(films)

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
        self._sort_soon()
        shown, first = self.film, first_to_show(studies)
        if shown is None or (self._came_unasked and shown.problem and not first.problem):
            self.show_film(first.id)
            self._came_unasked = True
        elif any(film.id == self._film_id for study in studies for film in study.films):
            self._show_words()

    def _take_removal(self, study_id: int) -> None:
        self._browser.remove_study(study_id)
        if self._film_id is not None and self._worklist.film(self._film_id) is None:
            then = next((f for f in self._following() if self._worklist.film(f.id)), None)
            self._film_id = self._loaded_id = None
            self._viewer.clear()
            self._show_words()
            if then is not None:
                self.show_film(then.id)
        self._sort()

    def _take_judgement(self, film_id: int, judgement: Judgement) -> None:
        if film_id != self._film_id:
            return
        if self._card is not None and judgement.prediction.model != self._card.key:
            return  # by the model that was in use until just now
        self._explanation = (film_id, judgement.heatmap, judgement.lungs.box)
        if film_id == self._loaded_id:
            self._lay_own_map(judgement.heatmap, judgement.lungs.box)

    def _show_view(self, view: FilmView) -> None:
        if view.film.id != self._film_id:
            return
        self._patience.stop()
        _, heatmap, lungs = self._explanation or (None, None, None)
        if self._explanation is None or self._explanation[0] != view.film.id:  # else scored on its way here
            heatmap, lungs = view.heatmap, view.lungs
        if view.film.id == self._loaded_id:
            self._lay_own_map(heatmap, lungs)
            return
        self._loaded_id = view.film.id
        study = self._worklist.study_of(view.film.id)
        film = self._worklist.film(view.film.id)
        if study is not None and film is not None:
            self._viewer.show_film(view.radiograph, heatmap, lungs, self._caption(study, film))
            self.own_map_shown.emit(heatmap)

    def _show_failure(self, film_id: int, reason: str) -> None:
        film = self._worklist.film(film_id)
        if film is not None and film_id == self._film_id:
            self._patience.stop()
            self._loaded_id = None
            self._show_problem(film, reason)

    # How it is done

    def _mark_as_asked(self, study_id: int, read: bool) -> None:
        if read and self.study is not None and self.study.id == study_id:
            self.mark_read()
        else:
            self.mark_study(study_id, read)

    def _score_waiting(self, studies: Sequence[Study]) -> None:
        if self._scoring.is_stopped:
            return
        films = [film for study in studies for film in study.films if film.status is Status.WAITING]
        if films:
            self._scoring.request(films)

    def _lay_own_map(self, heatmap: Heatmap | None, lungs: Box | None) -> None:
        self._viewer.set_heatmap(heatmap, lungs)
        self.own_map_shown.emit(heatmap)

    def _show_problem(self, film: Film, reason: str) -> None:
        # Nothing else in the middle of the window says which film it is.
        self._viewer.show_message(f"{film.source.name}\n\n{reason}")

    def _say_loading(self) -> None:
        self._loaded_id = None
        self._viewer.show_message(tr("Reading the film…"))

    def _sort_soon(self) -> None:
        self._sort_is_due = True
        if not self._sort_timer.isActive():
            self._sort()

    def _sort_if_due(self) -> None:
        if self._sort_is_due:
            self._sort()

    def _sort(self) -> None:
        self._sort_is_due = False
        self._sort_timer.start()
        self.queue = triage(self._worklist.studies, datetime.now(UTC), self._waiting_cap())
        # It keeps its selection; to select anew would scroll the queue back to the film in view, away from
        # what the reader is looking for.
        self._panel.show_queue(self.queue)
        self._show_words()

    def _following(self) -> list[Film]:
        return following(self.queue, self._film_id, self._came_unasked)

    def _step(self, step: int) -> None:
        film = neighbour(self.queue, self._film_id, step, self._came_unasked)
        if film is not None:
            self.show_film(film.id)

    def _caption(self, study: Study, film: Film) -> Caption:
        model_name = f"{self._card.name} {self._card.version}" if self._card is not None else ""
        return caption_of(study, film, model_name, position_text(self.queue, study, film.id))

    def _show_words(self) -> None:
        film, study = self.film, self.study
        self._panel.show_film(film, self._card, study is not None and study.read_at is not None)
        if film is not None and study is not None and self._loaded_id == film.id:
            self._viewer.set_caption(self._caption(study, film))
