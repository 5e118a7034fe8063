"""How far each sign that is not lung tells the classes apart, those that were found harmless, too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.giveaway import ABOUT_AUC, Giveaway
from cxr_desktop.domain.labelled_films import MIN_FILMS_PER_CLASS
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label

_COLUMNS = (tr("Sign alone"), tr("Class told"), "AUC", tr("In words"))


class ShortcutsTab(QWidget):
    """A row for each sign that was measured, on the films that are not left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        about = plain_label("", self)
        about.setText(ABOUT_AUC)
        self.table = QTableWidget(0, len(_COLUMNS), self)
        self.table.setAccessibleName(tr("Shortcuts"))
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        rows = self.table.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(rows.defaultSectionSize())
        # Words that do not fit beside the figures go on beneath.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.nothing = plain_label("muted", self)
        self.nothing.setText(
            tr(
                "Too few films to measure: at least two classes need {least} films each to learn from.",
                least=MIN_FILMS_PER_CLASS,
            )
        )
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addWidget(self.nothing)
        column.addWidget(self.table, 1)
        self.show_giveaways(())

    def show_giveaways(self, giveaways: Sequence[Giveaway]) -> None:
        """Other measurements; none where there are too few films."""
        self.nothing.setVisible(not giveaways)
        self.table.setVisible(bool(giveaways))
        self.table.setRowCount(len(giveaways))
        for row, each in enumerate(giveaways):
            name = each.name[:1].upper() + each.name[1:]
            for column, text in enumerate((name, each.label or "–", _area(each), each.gravity)):
                item = QTableWidgetItem(text)
                item.setToolTip(each.remedy)
                self.table.setItem(row, column, item)


def _area(giveaway: Giveaway) -> str:
    auc = giveaway.auc
    return "–" if auc is None else f"{auc.value:.2f} ({auc.low:.2f}–{auc.high:.2f})"
