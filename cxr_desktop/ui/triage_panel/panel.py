"""The triage panel: the verdict on the film in view above, the queue below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.triage import TriageQueue
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import quiet_scroll
from cxr_desktop.ui.triage_panel.evidence_card import EvidenceCard
from cxr_desktop.ui.triage_panel.image_checks import ImageChecksCard
from cxr_desktop.ui.triage_panel.own_reading_row import OwnReadingRow
from cxr_desktop.ui.triage_panel.prediction_card import PredictionCard
from cxr_desktop.ui.triage_panel.queue_view import QueueView

# Logical pixels: a row's date and time are read whole.
PREFERRED_WIDTH = 340

# Logical pixels: room for the cards of a judged film with all its checks. In a low window they scroll, and
# leave the queue its share; a taller window shows more of the queue.
CARDS_HEIGHT = 500
CARDS_SHARE = 0.58

# Hints on the buttons; the keys themselves are the window's.
READING_KEYS = ("A", "D", "E")

# Logical pixels: in a panel lower than this, the verdict leaves room for the evidence.
LOW = 760


def _now() -> datetime:
    return datetime.now(UTC)


class TriagePanel(QWidget):
    """Prediction card, evidence card, image checks, the reader's own reading, "Mark as read" and the queue.

    The cards scroll in a part of their own, so that the queue stays where it is from film to film.

    Args:
        mark_keys: the keys that do what the button does, as its hint: to mark as read, and as unread.
        now: tells the time, for how long overdue films have been waiting.

    Signals:
        film_selected: the reader chose another film of the queue (its id).
        heatmap_toggled: whether the reader wants to see the heatmap.
        mark_read_requested: a study's id, and whether it shall be read (True) or unread (False).
        scoring_requested: the reader wants the films scored that were left when scoring stopped.
    """

    film_selected = Signal(int)
    heatmap_toggled = Signal(bool)
    mark_read_requested = Signal(int, bool)
    scoring_requested = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        mark_keys: tuple[str, str] = ("M", "Shift+M"),
        now: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Triage panel"))
        self._film: Film | None = None
        self._is_read = False
        self._mark_keys = mark_keys
        self.prediction_card = PredictionCard(self)
        self.evidence_card = EvidenceCard(self)
        self.checks_card = ImageChecksCard(self)
        self.own_reading = OwnReadingRow(READING_KEYS, self)
        self.read_button = QPushButton(self)
        self.queue = QueueView(self, now)

        cards = QWidget(self)
        stack = QVBoxLayout(cards)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self.prediction_card)
        stack.addWidget(self.evidence_card)
        stack.addWidget(self.checks_card)
        stack.addStretch(1)
        self._cards = quiet_scroll(cards, self)

        below = QWidget(self)
        rest = QVBoxLayout(below)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.addWidget(self.own_reading)
        rest.addWidget(self.read_button)
        rest.addWidget(self.queue, 1)
        self._parts = QSplitter(Qt.Orientation.Vertical, self)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self._cards)
        self._parts.addWidget(below)
        self._parts.splitterMoved.connect(self._leave_parts)
        self._divided_by_hand = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._parts)

        self.queue.film_selected.connect(self.film_selected)
        self.queue.scoring_requested.connect(self.scoring_requested)
        self.evidence_card.heatmap_toggled.connect(self.heatmap_toggled)
        self.evidence_card.news.connect(self._show_news)
        self.read_button.clicked.connect(self._request_mark)
        self.show_film(None, None)

    def sizeHint(self) -> QSize:
        return QSize(PREFERRED_WIDTH, 800)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.prediction_card.set_brief(self.height() < LOW)
        if not self._divided_by_hand:
            cards = min(CARDS_HEIGHT, round(CARDS_SHARE * self.height()))
            self._parts.setSizes([cards, self.height() - cards])

    def _show_news(self) -> None:
        """In a low window the evidence card may have been scrolled out of sight."""
        QTimer.singleShot(0, self, lambda: self._cards.ensureWidgetVisible(self.evidence_card, 0, 0))

    def _leave_parts(self) -> None:
        self._divided_by_hand = True

    def show_film(self, film: Film | None, card: ModelCard | None, is_read: bool = False) -> None:
        """Show what is known of a film; None for no film.

        Args:
            card: of the model in use, if there is one.
            is_read: whether its study is marked as read.
        """
        self._film = film
        self._is_read = is_read
        self.prediction_card.show_film(film, card)
        self.evidence_card.show_film(film, card)
        self.checks_card.show_film(film)
        self.own_reading.show_film(film, card)
        self.read_button.setEnabled(film is not None)
        text = tr("Mark as unread") if is_read else tr("Mark as read")
        self.read_button.setAccessibleName(text)
        self.read_button.setText(f"{text}   {self._mark_keys[is_read]}".rstrip())

    def show_queue(self, queue: TriageQueue) -> None:
        """Show this queue; the selected film stays selected."""
        self.queue.show_queue(queue)

    def show_stopped(self, stopped: bool) -> None:
        """Say whether films that wait are being scored, or only when the reader asks for it."""
        self.queue.show_stopped(stopped)

    def select(self, film_id: int | None) -> None:
        """Select a film of the queue. `film_selected` is not emitted: the caller knows."""
        self.queue.select(film_id)

    def select_next(self) -> None:
        """Go to the next film of the queue."""
        self.queue.select_next()

    def select_previous(self) -> None:
        """Go to the previous film of the queue."""
        self.queue.select_previous()

    def set_heatmap(self, shown: bool) -> None:
        """Set the heatmap switch. `heatmap_toggled` is not emitted: the caller knows."""
        self.evidence_card.set_heatmap(shown)

    def _request_mark(self) -> None:
        if self._film is not None:
            self.mark_read_requested.emit(self._film.study_id, not self._is_read)
