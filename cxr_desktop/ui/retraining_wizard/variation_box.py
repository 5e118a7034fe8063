"""What chance does to training films: a few of one's own, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.film_preview import FilmPreview, PreviewQuestion
from cxr_desktop.domain.start_choices import StartChoice
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.latest_answer import LatestAnswer

SHOWN = 4
SIDE = 128  # logical pixels: of most networks' input, which is then shown without blur

_ABOUT = tr(
    "Above as the network sees them, beneath as it might see them in one epoch. What is changed "
    "or hidden there is so on purpose: the network then learns what stays."
)
_NO_FILMS = tr("No films are chosen yet.")
_NO_START = tr("Choose what to start from.")

Previews = LatestAnswer[PreviewQuestion, tuple[FilmPreview, ...]]


class VariationBox(QFrame):
    """Films in a row, each above what training might make of it."""

    def __init__(self, previews: Previews, parent: QWidget | None = None) -> None:
        """
        Args:
            previews: varies films; this box alone asks it.
        """
        super().__init__(parent)
        set_role(self, "card")
        self._previews = previews
        self._films: tuple[Path, ...] = ()
        self._first = 0  # of the films shown
        self._seed = 0
        self._start: tuple[StartChoice, Tuning] | None = None
        heading = plain_label("heading", self)
        heading.setText(tr("WHAT IT SEES OF YOUR FILMS"))
        self._words = plain_label("muted", self)
        self._pictures = tuple(tuple(self._picture() for _ in range(SHOWN)) for _ in range(2))
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        for row, name in enumerate((tr("as it is"), tr("varied"))):
            title = plain_label("muted", self)
            title.setText(name)
            # Above, not beside: four pictures are wide enough.
            grid.addWidget(title, 2 * row, 0, 1, SHOWN)
            for column, picture in enumerate(self._pictures[row]):
                picture.setAccessibleName(tr("Film {number}, {state}", number=column + 1, state=name))
                grid.addWidget(picture, 2 * row + 1, column)
        grid.setColumnStretch(SHOWN, 1)
        self.again = QPushButton(tr("Vary again"), self)
        self.again.setToolTip(tr("In each epoch every film is varied anew"))
        self.again.clicked.connect(self._vary_again)
        self.others = QPushButton(tr("Other films"), self)
        self.others.clicked.connect(self._show_others)
        buttons = QHBoxLayout()
        for button in (self.again, self.others):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addWidget(self._words)
        layout.addLayout(grid)
        layout.addLayout(buttons)
        previews.answered.connect(self._show)
        previews.refused.connect(self._show_refusal)
        self._ask()

    def show_films(self, films: Sequence[Path]) -> None:
        """Films of the training side, of which a few are shown at once."""
        if tuple(films) != self._films:
            self._films, self._first = tuple(films), 0
            self._ask()

    def show_start(self, choice: StartChoice | None, tuning: Tuning) -> None:
        """What is to be trained, and how: the films are varied accordingly."""
        self._start = None if choice is None or choice.problem else (choice, tuning)
        self._ask()

    def _ask(self) -> None:
        can = bool(self._films) and self._start is not None
        self.again.setEnabled(can)
        self.others.setEnabled(can and len(self._films) > SHOWN)
        if self._start is None or not self._films:
            self._previews.take_back()
            self._say(_NO_START if self._films else _NO_FILMS)
            return
        choice, tuning = self._start
        if not self._words.text() or self._words.text() in (_NO_FILMS, _NO_START):
            self._words.setText(tr("Varying your films…"))
        turned = (*self._films[self._first :], *self._films[: self._first])
        self._previews.ask(PreviewQuestion(turned[:SHOWN], choice.start, tuning, self._seed))

    def _vary_again(self) -> None:
        self._seed += 1
        self._ask()

    def _show_others(self) -> None:
        self._first = (self._first + SHOWN) % len(self._films)
        self._ask()

    def _show(self, _: PreviewQuestion, films: tuple[FilmPreview, ...]) -> None:
        for row, pictures in enumerate(self._pictures):
            for column, picture in enumerate(pictures):
                if column < len(films):
                    film = films[column]
                    picture.setPixmap(self._pixmap(film.after if row else film.before))
                else:
                    picture.clear()
        missing = min(SHOWN, len(self._films)) - len(films)
        left_out = (
            tr("{films} of these cannot be read, or would not be judged.", films=missing) if missing else ""
        )
        self._words.setText(" ".join(filter(None, (_ABOUT, left_out))))

    def _show_refusal(self, _: PreviewQuestion, reason: str) -> None:
        self._say(reason or tr("These films cannot be shown."))

    def _say(self, words: str) -> None:
        self._words.setText(words)
        for pictures in self._pictures:
            for picture in pictures:
                picture.clear()

    def _picture(self) -> QLabel:
        picture = QLabel(self)
        picture.setFixedSize(SIDE, SIDE)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(picture, "film")
        return picture

    def _pixmap(self, levels: NDArray[np.uint8]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        height, width = levels.shape
        image = QImage(levels.data, width, height, levels.strides[0], QImage.Format.Format_Grayscale8)
        scaled = image.scaled(
            QSize(round(SIDE * ratio), round(SIDE * ratio)),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
