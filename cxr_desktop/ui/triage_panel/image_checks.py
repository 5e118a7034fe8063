"""The questions asked of a film before its score is believed, and their answers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.prediction import Grade
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.rows.tooltip import CHECK_SIGNS
from cxr_desktop.ui.theme import set_role

_GRADE_WORDS = {
    Grade.PASSED: tr("passed"),
    Grade.WARNING: tr("warning"),
    Grade.OUT_OF_SCOPE: tr("out of scope"),
    None: tr("open"),
}


class ImageChecksCard(QFrame):
    """One line a check: ✓ passed, ! a warning, ✕ out of scope or unreadable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Image checks"))
        set_role(self, "card")
        heading = QLabel(tr("IMAGE CHECKS"), self)
        set_role(heading, "heading")
        self._lines: list[_CheckLine] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 10, 12, 10)
        self._layout.setSpacing(4)
        self._layout.addWidget(heading)
        self.show_film(None)

    def show_film(self, film: Film | None) -> None:
        """Show a film's checks, with the intake's remarks. Without a film the card is hidden."""
        self.setVisible(film is not None)
        answers = _answers(film) if film else []
        while len(self._lines) < len(answers):
            line = _CheckLine(self)
            self._lines.append(line)
            self._layout.addWidget(line)
        for line, answer in zip(self._lines, answers, strict=False):
            line.show_answer(*answer)
        for line in self._lines[len(answers) :]:
            line.hide()

    def sentences(self) -> list[str]:
        """What is shown, a sign and a sentence each."""
        return [line.text() for line in self._lines if not line.isHidden()]


def _answers(film: Film) -> list[tuple[Grade | None, str]]:
    """(how it ended, the sentence), None while that is open."""
    remarks: list[tuple[Grade | None, str]] = [(Grade.WARNING, mark) for mark in film.marks]
    if film.problem:
        return [(Grade.OUT_OF_SCOPE, film.problem), *remarks]
    if film.prediction is None:
        return [(None, tr("The checks are made when the film is scored.")), *remarks]
    return [*((check.grade, check.finding) for check in film.prediction.checks), *remarks]


class _CheckLine(QWidget):
    """A sign and a sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = QLabel(self)
        self._sign.setFixedWidth(self.fontMetrics().horizontalAdvance("✕") + 6)
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._sentence, 1)

    def show_answer(self, grade: Grade | None, sentence: str) -> None:
        self._sign.setText(CHECK_SIGNS[grade] if grade else "…")
        set_role(self._sign, "check" if grade in (Grade.WARNING, Grade.OUT_OF_SCOPE) else "muted")
        self._sentence.setText(sentence)
        # A screen reader does not speak the signs.
        self._sentence.setAccessibleName(f"{_GRADE_WORDS[grade]}: {sentence}")
        self.show()

    def text(self) -> str:
        return f"{self._sign.text()} {self._sentence.text()}"
