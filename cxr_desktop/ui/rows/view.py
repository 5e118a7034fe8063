"""A list of rows in which nothing jumps under the pointer while films come in and the order changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cxr_desktop.ui.rows.delegate import RowDelegate
from cxr_desktop.ui.rows.model import HasId, RowModel

Index = QModelIndex | QPersistentModelIndex


def neighbour(ids: Sequence[int], selected: int | None, last_position: int, step: int) -> int | None:
    """The id after (step 1) or before (-1) the selected one; None beyond the ends.

    Args:
        selected: None begins at the first or last id. If it is listed no more (it was read, or filtered
            away), the one that took its place counts as the one after it.
        last_position: where `selected` stood when it was last listed.
    """
    if selected is None:
        target = 0 if step > 0 else len(ids) - 1
    elif selected in ids:
        target = ids.index(selected) + step
    else:
        target = last_position + min(step, 0)
    return ids[target] if 0 <= target < len(ids) else None


class RowView(QTableView):
    """Shows a `RowModel`; one row at most is selected.

    A table of one column, because a QListView asks the model (that is, Python) for every row at every change;
    a table keeps its rows' heights to itself.

    The selection belongs to a row's id, not to a place: it follows the row when the order changes, and comes
    back with the row when a filter had hidden it.

    Signals:
        row_chosen: the person chose another row (its id), by pointer or keyboard.
        stepped_beyond: the person went up (-1) from the first row, or down (1) from the last.
        let_go: the mouse button was released; changes that waited for it may be shown.
    """

    row_chosen = Signal(int)
    stepped_beyond = Signal(int)
    let_go = Signal()

    def __init__(self, model: RowModel[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows = model
        self._selected: int | None = None
        self._selected_position = 0  # where it stands, or stood when it went
        self._changing = False
        self._pressed = False
        self._pointer: QPoint | None = None  # over the rows, in viewport coordinates
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self._fit_rows()
        self.setShowGrid(False)
        # The delegate paints the selected row's ground itself, with round corners.
        self.setStyleSheet("selection-background-color: transparent")
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)  # the row under the pointer is lit
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().sliderReleased.connect(self.let_go)

    @property
    def row_height(self) -> int:
        """In logical pixels; all rows are alike."""
        return self.verticalHeader().defaultSectionSize()

    @property
    def selected(self) -> int | None:
        """The id of the selected row, whether it is listed at present or not."""
        return self._selected

    @property
    def is_held(self) -> bool:
        """Whether a mouse button is down on the rows or the scroll bar: the rows must stay where they are."""
        return self._pressed or self.verticalScrollBar().isSliderDown()

    def select(self, row_id: int | None) -> None:
        """Select a row and bring it into sight; None selects nothing. `row_chosen` is not emitted."""
        self._selected = row_id
        self._changing, before = True, self._changing
        self._restore_selection()
        self._changing = before
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def neighbour(self, step: int) -> int | None:
        """The id of the row after (1) or before (-1) the selected one; None at the end."""
        ids = [row.id for row in self._rows.rows]
        return neighbour(ids, self._selected, self._selected_position, step)

    @contextmanager
    def kept_still(self) -> Iterator[None]:
        """Change the model inside: selection, and the row under the pointer, stay where they are.

        Without a pointer over the list the first row in sight stays, unless the list stands at its very top:
        there what comes first is what the reader wants to see.
        """
        anchors = self._anchors()
        self._changing = True
        try:
            yield
        finally:
            self._restore_selection()
            self._changing = False
        self.executeDelayedItemsLayout()
        self.updateGeometries()  # the scroll bar's new range
        self._hold(anchors)

    def _anchors(self) -> list[_Anchor]:
        """The rows in sight, the one to keep still first; none where the list may stay at its top."""
        pointed = self.indexAt(self._pointer) if self._pointer is not None else QModelIndex()
        if not pointed.isValid() and self.verticalScrollBar().value() == 0:
            return []
        top, bottom = self.indexAt(QPoint(1, 1)), self.indexAt(QPoint(1, self.viewport().height() - 2))
        if not top.isValid():
            return []
        last = bottom.row() if bottom.isValid() else len(self._rows.rows) - 1
        start = pointed.row() if pointed.isValid() else top.row()
        positions = [*range(start, last + 1), *range(start - 1, top.row() - 1, -1)]
        rows = self._rows.rows
        return [_Anchor(rows[p], self._top(p)) for p in positions]

    def _hold(self, anchors: list[_Anchor]) -> None:
        """Scroll so that the first anchor that is still listed stands where it stood."""
        rows = self._rows.rows
        found = [(a, p) for a in anchors if (p := self._rows.position_of(a.row.id)) is not None]
        # A row that changed may have been sorted far away; following it would move all the others.
        unchanged = [(a, p) for a, p in found if rows[p] is a.row]
        for anchor, position in (*unchanged[:1], *found[:1]):
            moved = self._top(position) - anchor.top
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
            return

    def _top(self, position: int) -> int:
        # On the screen and not in the list: the list itself may be moved by what stands above it.
        return self.viewport().mapToGlobal(self.visualRect(self._rows.index(position)).topLeft()).y()

    def _restore_selection(self) -> None:
        position = None if self._selected is None else self._rows.position_of(self._selected)
        index = self._rows.index(position) if position is not None else QModelIndex()
        if position is not None:
            self._selected_position = position
        flag = QItemSelectionModel.SelectionFlag
        self.setAutoScroll(False)  # making an index current would scroll to it
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect if index.isValid() else flag.Clear)
        self.setAutoScroll(True)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # While the model changes, Qt looks for a neighbour of a row that goes: nobody chose that one.
        if not self._changing and current.isValid():
            self._selected = self._rows.rows[current.row()].id
            self._selected_position = current.row()
            self.row_chosen.emit(self._selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._rows.rows) - 1
        row = self.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Down if row == last >= 0:
                self.stepped_beyond.emit(1)
            case Qt.Key.Key_Up if row == 0:
                self.stepped_beyond.emit(-1)
            case Qt.Key.Key_Home:  # a table would go along its row
                self.setCurrentIndex(self._rows.index(0))
            case Qt.Key.Key_End:
                self.setCurrentIndex(self._rows.index(last))
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes the first row current when the keyboard comes here; nobody chose that one either.
        self._changing = True
        super().focusInEvent(event)
        self._restore_selection()
        self._changing = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The right button opens a menu, which swallows its release.
        self._pressed = event.button() is Qt.MouseButton.LeftButton
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position().toPoint()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._release()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._pointer = None
        return super().viewportEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pointer = None
        self._release()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()

    def _fit_rows(self) -> None:
        option = QStyleOptionViewItem()
        option.font = self.font()
        height = self.itemDelegate().sizeHint(option, QModelIndex()).height()
        self.verticalHeader().setDefaultSectionSize(height)

    def _release(self) -> None:
        if self._pressed:
            self._pressed = False
            self.let_go.emit()


@dataclass(frozen=True)
class _Anchor:
    """A row, and where its upper edge stands on the screen, in logical pixels."""

    row: HasId
    top: int
