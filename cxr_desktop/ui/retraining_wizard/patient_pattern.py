"""What a file's name calls the patient by: a pattern to be edited, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.patients import name_pattern
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm, patient_told
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_TYPED_MS = 400  # after the last letter
_ABOUT = tr(
    "Films of one patient must not be learned from and tested on. Where neither a table nor "
    "DICOM tells the patient, the beginning of the file’s name may."
)
_HOW = tr(
    "A regular expression for the beginning of a name; what stands in brackets is the patient. Empty: none."
)


class PatientPattern(QFrame):
    """Signals:
    pattern_changed: another pattern that can be used; "" where names are not to be asked.
    """

    pattern_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._pattern = ""
        self._films: tuple[LabelledFilm, ...] = ()
        heading = QLabel(tr("PATIENT IN A FILE’S NAME"), self)
        set_role(heading, "heading")
        about = plain_label("muted", self)
        about.setText(_ABOUT)
        self.words = plain_label("", self)
        self.edit = QPushButton(tr("Names are built otherwise…"), self)
        self.edit.setAutoDefault(False)
        self.line = QLineEdit(self)
        self.line.setAccessibleName(tr("Pattern of the patient in a file's name"))
        self.line.setToolTip(_HOW)
        self._how = plain_label("muted", self)
        self._how.setText(_HOW)
        # Two lines are the usual: a narrow column must not squeeze them together with what is above.
        self.words.setMinimumHeight(2 * self.words.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        for part in (heading, about, self.words, self.line, self._how):
            column.addWidget(part)
        column.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignLeft)
        self.edit.clicked.connect(self._open)
        self.line.hide()
        self._how.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPED_MS)
        self._timer.timeout.connect(self._take)
        self.line.textEdited.connect(lambda _: self._timer.start())

    def show_pattern(self, pattern: str, films: Sequence[LabelledFilm]) -> None:
        """Another pattern, or other films to try it on."""
        if self.words.text() and (pattern, tuple(films)) == (self._pattern, self._films):
            return  # thousands of names need not be asked again
        self._films = tuple(films)
        if pattern != self._pattern or not self.line.text():
            self._pattern = pattern
            self.line.setText(pattern)
        self._tell(pattern)

    def _open(self) -> None:
        """A pattern is a riddle to most readers: it is seen only when somebody wants to change it."""
        self.edit.hide()
        self.line.show()
        self._how.show()
        self.line.setFocus()

    def _take(self) -> None:
        pattern = self.line.text()
        if self._tell(pattern) and pattern != self._pattern:
            self._pattern = pattern
            self.pattern_changed.emit(pattern)

    def _tell(self, pattern: str) -> bool:
        """What the pattern finds; False where it is none."""
        try:
            compiled = name_pattern(pattern)
        except TrainingError as problem:
            set_role(self.words, "check")
            self.words.setText(str(problem))
            return False
        set_role(self.words, "")
        self.words.setText(self._found(compiled) if pattern else tr("Names are not asked for the patient."))
        return True

    def _found(self, pattern: re.Pattern[str]) -> str:
        told = {film.path.stem: patient_told(film.path.stem, pattern) for film in self._films}
        found = {name: patient for name, patient in told.items() if patient}
        if not found:
            return tr("No name begins like that: each film without a known patient counts as one of its own.")
        name, patient = next(iter(found.items()))
        return tr(
            "{found:,} of {names} tell {patients}; for example {name} is of “{patient}”.",
            found=len(found),
            names=counted(len(told), "name", "names"),
            patients=counted(len(set(found.values())), "patient", "patients"),
            name=name,
            patient=patient,
        )
