"""Some films of a class, drawn at random: what the network will be shown as this class."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.problems import Case
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.language import tr
from cxr_desktop.ui.retraining_wizard.film_grid import FilmGrid
from cxr_desktop.workers.thumbnail_service import ThumbnailService

SHOWN = 40


class SamplesTab(QWidget):
    """The reader chooses the class; others are drawn on request, the same ones from start to start."""

    def __init__(self, thumbnails: ThumbnailService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = RetrainingPlan()
        self._draw = 0
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(tr("Class"))
        self.others = QPushButton(tr("Others"), self)
        self.others.setToolTip(tr("Other films of this class, at random"))
        self.others.setAutoDefault(False)
        self.grid = FilmGrid(thumbnails, self)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addWidget(self.others)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.choice.activated.connect(lambda _: self._show())
        self.others.clicked.connect(self._draw_others)

    def show_plan(self, plan: RetrainingPlan) -> None:
        """Samples of other films; where only some are left out, the same ones stay in sight."""
        same = plan.changed.films == self._plan.changed.films
        self._plan = plan
        if same:
            self.show_left_out(plan.left_out)
            return
        chosen = self.choice.currentText()
        labels = sorted({film.label for film in plan.changed.films})
        self.choice.clear()
        self.choice.addItems(labels)
        self.choice.setCurrentIndex(max(self.choice.findText(chosen), 0))
        self._show()

    def show_left_out(self, left_out: frozenset[Path]) -> None:
        self.grid.show_left_out(left_out)

    def _draw_others(self) -> None:
        self._draw += 1
        self._show()

    def _show(self) -> None:
        label = self.choice.currentText()
        films = [film for film in self._plan.changed.films if film.label == label]
        drawn = random.Random(self._draw).sample(films, min(SHOWN, len(films)))
        self.grid.show_cases([Case((film,)) for film in drawn], self._plan.left_out)
