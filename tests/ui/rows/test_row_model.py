"""The list model tells its views the least that brings them up to date."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from cxr_desktop.domain.triage import Band
from cxr_desktop.ui.rows import ROW_CONTENT, ROW_ID, RowContent, RowModel


@dataclass(frozen=True)
class Row:
    id: int
    state: int = 0


def content(row: Row) -> RowContent:
    return RowContent(
        row.id, b"", f"row {row.id}", "", "", "", Band.WAITING, "", None, None, False, f"spoken {row.state}"
    )


def a_model() -> RowModel[Row]:
    return RowModel(content, lambda row: f"all of {row.id}")


@pytest.fixture
def signals() -> list[str]:
    return []


@pytest.fixture
def model(signals: list[str]) -> RowModel[Row]:
    model = a_model()
    model.show([Row(n) for n in range(6)])
    for name in ("rowsInserted", "rowsRemoved", "rowsMoved", "layoutChanged", "dataChanged", "modelReset"):
        getattr(model, name).connect(lambda *_, name=name: signals.append(name))
    return model


rows = st.lists(st.builds(Row, st.integers(0, 12), st.integers(0, 1)), unique_by=lambda row: row.id)


@given(st.lists(rows, min_size=1, max_size=5))
def test_whatever_is_shown_next_views_and_held_rows_stay_true(qapp: object, shown: list[list[Row]]) -> None:
    model = a_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    before: list[Row] = []
    for after in shown:
        held = {row.id: QPersistentModelIndex(model.index(i)) for i, row in enumerate(before)}
        heard: list[int] = []
        model.dataChanged.connect(
            lambda top, end, *_, heard=heard: heard.extend(range(top.row(), end.row() + 1))
        )
        model.show(after)
        assert list(model.rows) == after
        assert [model.index(i).data(ROW_ID) for i in range(model.rowCount())] == [row.id for row in after]
        for row_id, index in held.items():
            stays = next((i for i, row in enumerate(after) if row.id == row_id), None)
            assert index.isValid() == (stays is not None)
            assert stays is None or index.row() == stays
        old_states = {row.id: row.state for row in before}
        changed = {i for i, row in enumerate(after) if old_states.get(row.id, row.state) != row.state}
        assert changed <= set(heard)
        before = after
    tester.deleteLater()


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([0, 1, 9, 2, 3, 4, 5], ["rowsInserted"]),
        ([0, 1, 2, 4, 5], ["rowsRemoved"]),
        ([4, 0, 1, 2, 3, 5], ["rowsMoved"]),
        ([1, 2, 3, 4, 0, 5], ["rowsMoved"]),
        ([], ["rowsRemoved"]),
        ([5, 4, 3, 2, 1, 0], ["layoutChanged"]),
    ],
)
def test_one_change_is_one_signal(
    model: RowModel[Row], signals: list[str], ids: list[int], expected: list[str]
) -> None:
    known = {row.id: row for row in model.rows}
    model.show([known.get(n, Row(n)) for n in ids])
    assert signals == expected


def test_showing_the_same_again_says_nothing(model: RowModel[Row], signals: list[str]) -> None:
    model.show(list(model.rows))
    assert signals == []


def test_a_changed_row_is_told_alone(model: RowModel[Row]) -> None:
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    changed = list(model.rows)
    changed[3] = Row(3, 1)
    model.show(changed)
    assert told == [(3, 3)]
    assert model.index(3).data(Qt.ItemDataRole.AccessibleTextRole) == "spoken 1"


def test_a_change_of_everything_takes_few_signals_however_many_rows(
    model: RowModel[Row], signals: list[str]
) -> None:
    model.show([Row(n) for n in range(999, 0, -2)])
    assert len(signals) <= 5
    assert "modelReset" not in signals


def test_rows_speak_in_every_role(model: RowModel[Row]) -> None:
    index = model.index(2)
    assert index.data() == "row 2"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "all of 2"
    assert index.data(ROW_CONTENT).title == "row 2"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
