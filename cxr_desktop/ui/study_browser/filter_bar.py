"""What decides which studies are listed, and in which order: search box, filter chips, order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.study_list import StudyFilter, StudyOrder
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.theme import set_role

FILTER_MEANINGS = {
    StudyFilter.ALL: tr("All studies"),
    StudyFilter.UNREAD: tr("Studies not marked as read"),
    StudyFilter.SUSPECTED: tr("Studies with a film on which pneumonia is suspected"),
    StudyFilter.CHECK: tr("Studies with a film that is unreadable, not judged, or judged with a warning"),
}


class FilterBar(QWidget):
    """Search box, filter chips with live counts, and the order.

    Signals:
        query_changed: the text of the search box.
        filter_chosen: a `StudyFilter`.
        order_chosen: a `StudyOrder`.
        list_wanted: the reader left the search box by Return, Down or Escape, to go on in the list.
    """

    query_changed = Signal(str)
    filter_chosen = Signal(object)
    order_chosen = Signal(object)
    list_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search_box = _SearchBox(self)
        self.search_box.textChanged.connect(self.query_changed)
        self.search_box.list_wanted.connect(self.list_wanted)

        self._chips: dict[StudyFilter, QPushButton] = {}
        group = QButtonGroup(self)  # exclusive: one chip is always down
        chips = QHBoxLayout()
        chips.setSpacing(4)
        for chosen in StudyFilter:
            chip = QPushButton(self)
            chip.setCheckable(True)
            chip.setToolTip(FILTER_MEANINGS[chosen])
            # Narrower than other buttons: four stand in a row, also with four figures each.
            chip.setStyleSheet("padding: 4px 6px")
            chip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            chip.clicked.connect(self._announcer(chosen))
            group.addButton(chip)
            chips.addWidget(chip)
            self._chips[chosen] = chip
        self._chips[StudyFilter.ALL].setChecked(True)

        heading = QLabel(tr("STUDIES"), self)
        set_role(heading, "heading")
        self.order_box = QComboBox(self)
        self.order_box.setAccessibleName(tr("Order of the studies"))
        for order in StudyOrder:
            self.order_box.addItem(order.words, order)
        self.order_box.currentIndexChanged.connect(self._announce_order)
        heading.setBuddy(self.order_box)
        ordering = QHBoxLayout()
        ordering.addWidget(heading, 1)
        ordering.addWidget(self.order_box)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search_box)
        layout.addLayout(chips)
        layout.addLayout(ordering)
        self.show_counts(lambda chosen: 0)

    def chip(self, chosen: StudyFilter) -> QPushButton:
        """The chip of a filter."""
        return self._chips[chosen]

    def show_counts(self, count: Callable[[StudyFilter], int]) -> None:
        """Write on each chip how many studies it would list."""
        for chosen, chip in self._chips.items():
            number = count(chosen)
            chip.setText(f"{grouped(number)}\n{chosen.words}")
            studies = counted(number, "study", "studies")
            chip.setAccessibleName(f"{chosen.words}: {studies}")

    def clear(self) -> None:
        """List all studies again, and announce what that changes."""
        self.search_box.clear()
        self._chips[StudyFilter.ALL].click()

    def _announcer(self, chosen: StudyFilter) -> Callable[[], None]:
        return lambda: self.filter_chosen.emit(chosen)

    def _announce_order(self, position: int) -> None:
        self.order_chosen.emit(StudyOrder(self.order_box.itemData(position)))


class _SearchBox(QLineEdit):
    """Escape empties it; Return and Down, or Escape again, go on in the list."""

    list_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(tr("Search patient, ID, date, accession, file"))
        self.setAccessibleName(tr("Search studies"))
        self.setToolTip(tr("Every word must occur: name, patient ID, date, accession number or file name."))
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down | Qt.Key.Key_Escape:
                self.list_wanted.emit()
            case _:
                super().keyPressEvent(event)
