"""A few held-out films with what the network makes of them, after each epoch anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.training_state import SampleJudgement
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.rows.thumbnails import thumbnail
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.latest_answer import LatestAnswer

_SIDE = 96  # logical pixels
_COLUMNS = 4
# A thumbnail's key among those of the worklist, whose films have ids from 1.
_NO_ID = 0

Thumbnails = LatestAnswer[tuple[Path, ...], Mapping[Path, bytes]]


class SampleFilms(QWidget):
    """Pictures with label and suspicion; the pictures come a moment later."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        """
        Args:
            thumbnails: small JPEGs of those films that can be read; this widget alone asks it.
        """
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._asked: tuple[Path, ...] = ()
        self._jpegs: Mapping[Path, bytes] = {}
        self._samples: tuple[SampleJudgement, ...] = ()
        self._cells: list[_Cell] = []
        self._words = plain_label("muted", self)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._words)
        layout.addLayout(self._grid)
        thumbnails.answered.connect(self._take)
        self.show_samples(())

    def show_samples(self, samples: tuple[SampleJudgement, ...]) -> None:
        """What the network says now of the same few films; nothing before the first epoch is over."""
        self._samples = samples
        self._words.setText(
            tr("Held-out films, with the class that they have and how suspicious the network finds them now.")
            if samples
            else tr(
                "After the first epoch a few held-out films come here, with what the network makes of them."
            )
        )
        wanted = tuple(Path(each.path) for each in samples)
        if wanted != self._asked:
            self._asked, self._jpegs = wanted, {}
            if wanted:
                self._thumbnails.ask(wanted)
        self._draw()

    def _take(self, asked: tuple[Path, ...], jpegs: Mapping[Path, bytes]) -> None:
        if asked == self._asked:
            self._jpegs = jpegs
            self._draw()

    def _draw(self) -> None:
        while len(self._cells) < len(self._samples):
            cell = _Cell(self)
            self._grid.addWidget(cell, *divmod(len(self._cells), _COLUMNS))
            self._cells.append(cell)
        for index, cell in enumerate(self._cells):
            cell.setVisible(index < len(self._samples))
            if index < len(self._samples):
                sample = self._samples[index]
                cell.show_sample(sample, self._jpegs.get(Path(sample.path), b""))


class _Cell(QWidget):
    """One film."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        self._picture.setFixedSize(_SIDE, _SIDE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self._picture, "film")
        self._label = plain_label("muted", self)
        self._suspicion = plain_label("", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for widget in (self._picture, self._label, self._suspicion):
            layout.addWidget(widget)

    def show_sample(self, sample: SampleJudgement, jpeg: bytes) -> None:
        picture = thumbnail(_NO_ID, jpeg, _SIDE, self.devicePixelRatioF())
        if picture is None:
            self._picture.clear()
        else:
            self._picture.setPixmap(picture)
        self._label.setText(sample.label)
        self._suspicion.setText(tr("{percent:.0f}\u00a0%\u00a0suspicious", percent=100 * sample.suspicion))
        # Uncalibrated: only how it leans is told by colour, too.
        set_role(self._suspicion, "suspected" if sample.suspicion >= 0.5 else "not-suspected")
