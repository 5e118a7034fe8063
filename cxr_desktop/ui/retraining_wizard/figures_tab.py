"""What the films are, class by class: bars, and a table of the usual and the extreme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.figures import Figure, fact_bars, film_bars
from cxr_desktop.domain.audit.report import ClassSummary, Spread
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.bars import BarChart

_ROWS = (
    tr("Films"),
    tr("Width"),
    tr("Height"),
    tr("Stored values"),
    tr("Grey shown"),
    tr("Age"),
    tr("Views"),
    tr("Files"),
)
_ROW_HEIGHT = 27
_TABLE_HEIGHT = (len(_ROWS) + 1) * _ROW_HEIGHT + 24  # room for the bar that scrolls many classes


class FiguresTab(QWidget):
    """The reader chooses what the bars show; films that are left out do not count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = RetrainingPlan()
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(tr("What the bars show"))
        for figure in Figure:
            self.choice.addItem(figure.words, figure)
        self.chart = BarChart(self)
        self.nothing = plain_label("muted", self)
        self.nothing.setText(tr("The files do not tell it: only DICOM films have it in their header."))
        self.table = QTableWidget(len(_ROWS), 0, self)
        self.table.setAccessibleName(tr("Figures by class"))
        self.table.setVerticalHeaderLabels(_ROWS)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.setCornerButtonEnabled(False)
        self.table.setFixedHeight(_TABLE_HEIGHT)
        about = plain_label("muted", self)
        about.setText(tr("Median, in brackets the least and the greatest. Classes should look alike here."))
        column = QVBoxLayout(self)
        column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.chart, 1)
        column.addWidget(self.nothing)
        column.addWidget(self.table)
        column.addWidget(about)
        self.choice.currentIndexChanged.connect(lambda _: self._draw())

    def show_plan(self, plan: RetrainingPlan) -> None:
        """The films of a plan whose report is there; nothing is counted before the tab is in sight."""
        before, self._plan = self._plan, plan
        if self.isVisible() and (_facts(plan), plan.films) != (_facts(before), before.films):
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        self._draw()
        plan = self._plan
        report = plan.report
        kept = () if report is None else tuple(f for f in report.facts if f.film.path not in plan.left_out)
        self._fill({} if report is None else replace(report, facts=kept).summaries())

    def _draw(self) -> None:
        plan, figure = self._plan, Figure(self.choice.currentData())  # Qt keeps a plain text
        if figure is Figure.FILMS or plan.report is None:
            bars, unit = film_bars(plan.films), tr("films")
        else:
            kept = [each for each in plan.report.facts if each.film.path not in plan.left_out]
            bars, unit = fact_bars(figure, kept), tr("%\u00a0of the class’s films")
        self.chart.setVisible(bool(bars))
        self.nothing.setVisible(not bars)
        self.chart.show_bars(bars, unit)

    def _fill(self, summaries: Mapping[str, ClassSummary]) -> None:
        self.table.setColumnCount(len(summaries))
        self.table.setHorizontalHeaderLabels(list(summaries))
        for column, each in enumerate(summaries.values()):
            texts = (
                grouped(each.films),
                _spread(each.width),
                _spread(each.height),
                f"{each.least_value.least:g}–{each.greatest_value.greatest:g}",
                f"{each.darkest.median:.2f}–{each.brightest.median:.2f}",
                _spread(each.age) if each.age else "–",
                _kinds(each.views),
                _kinds(each.kinds),
            )
            for row, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))


def _facts(plan: RetrainingPlan) -> tuple[FilmFacts, ...]:
    return () if plan.report is None else plan.report.facts


def _spread(spread: Spread) -> str:
    if spread.least == spread.greatest:
        return f"{spread.median:g}"
    return f"{spread.median:,.0f} ({spread.least:,.0f}–{spread.greatest:,.0f})"


def _kinds(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {grouped(count)}" for kind, count in list(counts.items())[:4]) or "–"
