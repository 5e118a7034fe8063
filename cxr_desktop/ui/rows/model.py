"""A list model over immutable rows that changes with as few signals as the change allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cxr_desktop.ui.rows.content import RowContent


class HasId(Protocol):
    """An immutable row: what has the same id is the same row, perhaps in another state."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=HasId)
Index = QModelIndex | QPersistentModelIndex

ROW_ID = int(Qt.ItemDataRole.UserRole)
ROW_CONTENT = ROW_ID + 1
_NOWHERE = QModelIndex()


class RowModel(QAbstractListModel, Generic[Row]):
    """Rows of one kind, in the order in which they were shown.

    Roles: `ROW_ID` the row's id; `ROW_CONTENT` its `RowContent`; DisplayRole its title; ToolTipRole and
    AccessibleTextRole what their names say.

    Args:
        content: what a row says. Called for the rows in sight only, whenever they are painted.
        tooltip: all that is known of a row, as rich text.
    """

    def __init__(
        self,
        content: Callable[[Row], RowContent],
        tooltip: Callable[[Row], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._content = content
        self._tooltip = tooltip
        self._rows: list[Row] = []
        self._positions: dict[int, int] | None = None  # made when asked for

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not self.checkIndex(index, self.CheckIndexOption.IndexIsValid):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._content(row).title
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._content(row).spoken
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(row)
        if role == ROW_ID:
            return row.id
        return self._content(row) if role == ROW_CONTENT else None

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown, in order."""
        return self._rows

    def position_of(self, row_id: int) -> int | None:
        """Where the row with this id stands, or None."""
        if self._positions is None:
            self._positions = {row.id: position for position, row in enumerate(self._rows)}
        return self._positions.get(row_id)

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows instead, telling views only of what became different.

        Rows that stay keep their persistent indexes. One row that comes, goes or moves is one signal;
        whatever else happens is told in at most four, and what rows say in one `dataChanged`.
        """
        new = list(rows)
        shortest = min(len(self._rows), len(new))
        first = _alike(self._rows, new)
        tail = min(_alike(reversed(self._rows), reversed(new)), shortest - first)
        self._restructure(first, self._rows[first : len(self._rows) - tail], new[first : len(new) - tail])
        changed = [i for i, (old, now) in enumerate(zip(self._rows, new, strict=True)) if old is not now]
        self._rows = new
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def retell(self) -> None:
        """Tell views that rows say something else now, though they are the same: time has passed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _restructure(self, first: int, old: list[Row], new: list[Row]) -> None:
        """Turn the stretch `old`, which begins at `first`, into `new`."""
        old_ids, new_ids = [row.id for row in old], [row.id for row in new]
        if old_ids == new_ids:
            return
        if not old:
            self._insert(first, new)
        elif not new:
            self._remove(first, len(old))
        elif old_ids[1:] + old_ids[:1] == new_ids:
            self._move(first, first + len(old) - 1)
        elif old_ids[-1:] + old_ids[:-1] == new_ids:
            self._move(first + len(old) - 1, first)
        else:
            going, coming = set(old_ids) - set(new_ids), set(new_ids) - set(old_ids)
            known = {row.id: row for row in old}
            staying = [known[row.id] for row in new if row.id not in coming]
            self._reorder(first, [*staying, *(row for row in old if row.id in going)])
            self._remove(first + len(staying), len(going))
            arriving = [row for row in new if row.id in coming]
            self._insert(first + len(staying), arriving)
            known.update((row.id, row) for row in arriving)
            self._reorder(first, [known[row.id] for row in new])

    def _insert(self, first: int, rows: list[Row]) -> None:
        if rows:
            self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
            self._rows[first:first] = rows
            self._positions = None
            self.endInsertRows()

    def _remove(self, first: int, count: int) -> None:
        if count:
            self.beginRemoveRows(_NOWHERE, first, first + count - 1)
            del self._rows[first : first + count]
            self._positions = None
            self.endRemoveRows()

    def _move(self, source: int, target: int) -> None:
        # Qt names the row *before which* the moved one lands, counted before it is taken out.
        self.beginMoveRows(_NOWHERE, source, source, _NOWHERE, target + (target > source))
        self._rows.insert(target, self._rows.pop(source))
        self._positions = None
        self.endMoveRows()

    def _reorder(self, first: int, rows: list[Row]) -> None:
        """The same rows in another order, from `first` on."""
        if all(old is new for old, new in zip(self._rows[first:], rows, strict=False)):
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        held_ids = [self._rows[index.row()].id for index in held]
        self._rows[first : first + len(rows)] = rows
        self._positions = None
        positions = [self.position_of(row_id) for row_id in held_ids]
        self.changePersistentIndexList(held, [self.index(p) for p in positions if p is not None])
        self.layoutChanged.emit()


def _alike(one: Iterable[Row], other: Iterable[Row]) -> int:
    """How many rows are the same from the start on."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left is not right and left.id != right.id:
            break
        count += 1
    return count
