"""The locked test set in words: what it is for, what is in it, and the button that makes or enlarges it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.wording import counted, date_text
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_SHARES = (10, 20, 30)
_USUAL = 20
_ABOUT = tr(
    "Some of your own films are put away for good. No training ever learns from them or from "
    "other films of their patients, so every model, now and in years, is examined on the same "
    "films and can be compared."
)
_NONE = tr("There is none yet. Without one, a new model cannot be compared honestly with the one in use.")
_QUESTION = tr(
    "The films are chosen now and kept for good: there is no way to take one out again. Their "
    "files stay where they are. Put away?"
)


class LockedCard(QFrame):
    """Signals:
    lock_requested: the share of the films, in (0, 0.5], to be put away; the reader has confirmed it.
    """

    lock_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        heading = QLabel(tr("LOCKED TEST SET"), self)
        set_role(heading, "heading")
        about = plain_label("muted", self)
        about.setText(_ABOUT)
        self.words = plain_label("", self)
        self.share = QComboBox(self)
        self.share.setAccessibleName(tr("Share of the films for the locked test set"))
        for percent in _SHARES:
            self.share.addItem(tr("{percent}\u00a0%\u00a0of the patients", percent=percent), percent / 100)
        self.share.setCurrentIndex(_SHARES.index(_USUAL))
        self.make = QPushButton(self)
        self.make.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.share)
        row.addWidget(self.make)
        row.addStretch(1)
        column = QVBoxLayout(self)
        for part in (heading, about, self.words):
            column.addWidget(part)
        column.addLayout(row)
        self.make.clicked.connect(self._ask)

    def show_set(self, locked: LockedTestSet | None, of_these: int | None, test_to_lock: int) -> None:
        """What is in it.

        Args:
            of_these: how many of the present films are; None while that is not known.
            test_to_lock: how many given test films are not in it yet; they are then taken whole.
        """
        self.share.setVisible(not test_to_lock)
        if test_to_lock:
            films = counted(test_to_lock, "test film", "test films")
            self.make.setText(tr("Put {films} away…", films=films))
        else:
            self.make.setText(tr("Put films away…") if locked is None else tr("Put more films away…"))
        self.make.setToolTip("" if locked is None else tr("Films of patients who are not in the set yet"))
        if locked is None:
            self.words.setText(_NONE)
            return
        classes = Counter(film.label for film in locked.films)
        days = sorted({film.locked_on for film in locked.films})
        listed = ", ".join(f"{label} {grouped(count)}" for label, count in sorted(classes.items()))
        words = tr(
            "{films} ({classes}), locked since {date}.",
            films=counted(len(locked.films), "film", "films"),
            classes=listed,
            date=date_text(date.fromisoformat(days[0])),
        )
        if of_these is not None:
            among = tr("{films:,} of them are among the present films.", films=of_these)
            words = f"{words} {among}"
        self.words.setText(words)

    def _ask(self) -> None:
        yes = QMessageBox.StandardButton.Yes
        if QMessageBox.question(self, tr("Locked test set"), _QUESTION) == yes:
            self.lock_requested.emit(self.share.currentData())
