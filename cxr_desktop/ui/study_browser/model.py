"""The studies as a list model. What is listed, and in which order, is `domain.study_list`'s business.

There is no QSortFilterProxyModel: it would call Python for every comparison of every sort, and that is what
makes lists of some thousand studies stand still. `StudyList` finds the place of a changed study by a binary
search instead.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from cxr_desktop.domain.study_list import StudyFilter, StudyList, StudyOrder
from cxr_desktop.domain.worklist import Study
from cxr_desktop.ui.rows.content import study_row
from cxr_desktop.ui.rows.model import RowModel
from cxr_desktop.ui.rows.tooltip import study_tooltip


class StudyModel(RowModel[Study]):
    """The listed studies, most wanted first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(study_row, study_tooltip, parent)
        self._list = StudyList()

    @property
    def order(self) -> StudyOrder:
        return self._list.order

    @property
    def filter(self) -> StudyFilter:
        return self._list.filter

    @property
    def query(self) -> str:
        return self._list.query

    @property
    def total(self) -> int:
        """How many studies there are, listed or not."""
        return len(self._list)

    def count(self, chosen: StudyFilter) -> int:
        """How many studies a filter would list, under the query as it stands."""
        return self._list.count(chosen)

    def study(self, study_id: int) -> Study | None:
        """A study by its id, listed or not."""
        return self._list.get(study_id)

    def replace(self, studies: Iterable[Study]) -> None:
        """Show these studies instead of all others."""
        self._list.replace(studies)
        self.show(self._list.listed)

    def update(self, *studies: Study) -> None:
        """Add studies, or replace those of the same ids."""
        for study in studies:
            self._list.put(study)
        self.show(self._list.listed)

    def remove(self, *study_ids: int) -> None:
        """Take studies out; ids that are not there are passed over."""
        for study_id in study_ids:
            self._list.remove(study_id)
        self.show(self._list.listed)

    def order_by(self, order: StudyOrder) -> None:
        """Change the order."""
        self._list.order_by(order)
        self.show(self._list.listed)

    def show_only(self, chosen: StudyFilter) -> None:
        """Change the filter."""
        self._list.show_only(chosen)
        self.show(self._list.listed)

    def search(self, query: str) -> None:
        """Change what is searched for."""
        self._list.search(query)
        self.show(self._list.listed)
