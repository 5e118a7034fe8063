"""The triage queue: what needs an eye in a strip above, what was judged ranked below."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.triage import TriageQueue
from cxr_desktop.domain.wording import counted, local_time
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.rows.content import RowContent, film_row
from cxr_desktop.ui.rows.model import RowModel
from cxr_desktop.ui.rows.tooltip import film_tooltip
from cxr_desktop.ui.rows.view import RowView, neighbour
from cxr_desktop.ui.theme import set_role

# How many pinned rows stand open before the strip scrolls, and how much of the queue they may take.
PINNED_ROWS = 3
PINNED_SHARE = 0.4
_MINUTE_MS = 60_000


def _now() -> datetime:
    return datetime.now(UTC)


class QueueView(QWidget):
    """The unread films in reading order; one of them is selected.

    The selected film stays selected while the queue is sorted anew, and no row moves under a pressed button.

    Args:
        now: tells the time, for how long overdue films have been waiting.

    Signals:
        film_selected: the reader chose another film (its id).
        scoring_requested: the reader wants the films scored that were left when scoring stopped.
    """

    film_selected = Signal(int)
    scoring_requested = Signal()

    def __init__(self, parent: QWidget | None = None, now: Callable[[], datetime] = _now) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Triage queue"))
        self._now = now
        self._queue = TriageQueue((), (), ())
        self._waits_for_release: TriageQueue | None = None
        self._selected: int | None = None
        self._selected_position = 0  # in pinned and ranked together
        self._folded = False

        self.pinned_model: RowModel[Film] = RowModel(self._row_of, film_tooltip, self)
        self.ranked_model: RowModel[Film] = RowModel(self._row_of, film_tooltip, self)
        self.pinned_view = RowView(self.pinned_model, tr("Films that need your eye"), self)
        self.ranked_view = RowView(self.ranked_model, tr("Films by suspicion"), self)
        self.strip = QToolButton(self)
        self.strip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.strip.setToolTip(tr("Unreadable films, and films that the model must not judge"))
        heading = QLabel(tr("QUEUE · MOST SUSPICIOUS FIRST"), self)
        heading.setWordWrap(True)  # it must not make the pane wider, in no language
        set_role(heading, "heading")
        self.waiting_line = QLabel(self)
        set_role(self.waiting_line, "muted")
        self.score_button = QPushButton(tr("Score them now"), self)
        self._stopped = False
        self._nothing = QLabel(tr("No judged film is left to read."), self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        set_role(self._nothing, "muted")
        self._ranked_pages = QStackedWidget(self)
        self._ranked_pages.addWidget(self.ranked_view)
        self._ranked_pages.addWidget(self._nothing)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.strip)
        layout.addWidget(self.pinned_view)
        layout.addWidget(heading)
        layout.addWidget(self._ranked_pages, 1)
        waiting = QHBoxLayout()
        waiting.addWidget(self.waiting_line, 1)
        waiting.addWidget(self.score_button)
        layout.addLayout(waiting)
        self._connect()
        self._show(self._queue)

    def _connect(self) -> None:
        self.strip.clicked.connect(self._toggle_fold)
        # A click leaves the keyboard with the film: the button is gone after it.
        self.score_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.score_button.clicked.connect(self.score_button.clearFocus)
        self.score_button.clicked.connect(self.scoring_requested)
        for view in (self.pinned_view, self.ranked_view):
            view.row_chosen.connect(self._choose)
            view.stepped_beyond.connect(self._step)
            view.let_go.connect(self._show_waiting_queue)
        minute = QTimer(self, interval=_MINUTE_MS)
        minute.timeout.connect(self.ranked_model.retell)
        minute.start()

    @property
    def selected(self) -> int | None:
        """The selected film's id, whether it is in the queue at present or not."""
        return self._selected

    def show_queue(self, queue: TriageQueue) -> None:
        """Show this queue; while a mouse button is down on the rows, as soon as it is released."""
        self._waits_for_release = queue
        self._show_waiting_queue()

    def show_stopped(self, stopped: bool) -> None:
        """Say whether films that wait are being scored, or only when the reader asks for it."""
        self._stopped = stopped
        self._tell_waiting()

    def select(self, film_id: int | None) -> None:
        """Select a film and bring it into sight. `film_selected` is not emitted: the caller knows."""
        self._selected = film_id
        if film_id is not None and self.pinned_model.position_of(film_id) is not None:
            self._fold(False)
        self.pinned_view.select(film_id)
        self.ranked_view.select(film_id)
        self._remember_position()

    def select_next(self) -> None:
        """Go to the next film: through the pinned ones, then down the ranking."""
        self._step(1)

    def select_previous(self) -> None:
        """Go to the previous film: up the ranking, then through the pinned ones."""
        self._step(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_strip()

    def _show_waiting_queue(self) -> None:
        held = self.pinned_view.is_held or self.ranked_view.is_held
        if self._waits_for_release is None or held:
            return  # `let_go` calls again
        queue, self._waits_for_release = self._waits_for_release, None
        self._show(queue)

    def _show(self, queue: TriageQueue) -> None:
        self._queue = queue
        with ExitStack() as still:
            still.enter_context(self.pinned_view.kept_still())
            still.enter_context(self.ranked_view.kept_still())
            self.pinned_model.show(queue.pinned)
            self.ranked_model.show(queue.ranked)
            self._ranked_pages.setCurrentIndex(0 if queue.ranked else 1)
            self._fit_strip()
        self._tell_waiting()
        self._remember_position()

    def _tell_waiting(self) -> None:
        films = counted(len(self._queue.waiting), "film", "films")
        self.waiting_line.setText(
            tr("{films} not scored", films=films)
            if self._stopped
            else tr("{films} to be scored…", films=films)
        )
        self.waiting_line.setVisible(bool(self._queue.waiting))
        self.score_button.setVisible(self._stopped and bool(self._queue.waiting))

    def _fit_strip(self) -> None:
        """Give the pinned films their height, at once, so that the ranking can be kept still."""
        count = len(self._queue.pinned)
        films = counted(count, "film", "films")
        self.strip.setText(
            tr("{films} needs your eye", films=films)
            if count == 1
            else tr("{films} need your eye", films=films)
        )
        self.strip.setVisible(count > 0)
        arrow = Qt.ArrowType.RightArrow if self._folded else Qt.ArrowType.DownArrow
        self.strip.setArrowType(arrow)
        state = tr("folded") if self._folded else tr("unfolded")
        self.strip.setAccessibleName(f"{self.strip.text()}, {state}")
        row_height = self.pinned_view.row_height
        fitting = max(1, int(PINNED_SHARE * self.height()) // row_height)
        self.pinned_view.setVisible(count > 0 and not self._folded)
        self.pinned_view.setFixedHeight(min(count, PINNED_ROWS, fitting) * row_height)
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def _toggle_fold(self) -> None:
        self._fold(not self._folded)

    def _fold(self, folded: bool) -> None:
        self._folded = folded
        self._fit_strip()

    def _choose(self, film_id: int) -> None:
        self._selected = film_id
        # Selected in one list, and so in the other no more.
        self.pinned_view.select(film_id)
        self.ranked_view.select(film_id)
        self._remember_position()
        self.film_selected.emit(film_id)

    def _step(self, step: int) -> None:
        self._show_waiting_queue()
        film_id = neighbour(self._order(), self._selected, self._selected_position, step)
        if film_id is None:
            return
        had_focus = self.pinned_view.hasFocus() or self.ranked_view.hasFocus()
        self.select(film_id)
        if had_focus:  # the keyboard goes with the selection from one list to the other
            is_pinned = self.pinned_model.position_of(film_id) is not None
            (self.pinned_view if is_pinned else self.ranked_view).setFocus()
        self.film_selected.emit(film_id)

    def _order(self) -> list[int]:
        return [film.id for film in (*self._queue.pinned, *self._queue.ranked)]

    def _remember_position(self) -> None:
        order = self._order()
        if self._selected in order:
            self._selected_position = order.index(self._selected)

    def _row_of(self, film: Film) -> RowContent:
        overdue_for: timedelta | None = None
        if film.id in self._queue.overdue:
            overdue_for = local_time(self._now()) - local_time(film.added_at)
        return film_row(film, overdue_for)
