"""How a network is trained: one row a field of `Tuning`, whatever fields there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, replace
from typing import Any, get_args, get_type_hints

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.start_choices import StartChoice
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.wheel import keep_wheel_for_scrolling

_OWN = tr("as its recipe has it")
# By the field's name.
_CHOICES = {
    "variation": {"none": tr("none"), "gentle": tr("gentle"), "strong": tr("strong")},
    "balance": {
        "none": tr("no balancing"),
        "class weights": tr("class weights"),
        "oversampling": tr("oversampling"),
    },
}


class TuningForm(QFrame):
    """Shows what a recipe has, and gives what was changed of it.

    Signals:
        changed: the reader chose something else.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._choice: StartChoice | None = None
        self._rows: dict[str, _Row] = {}
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        hints = get_type_hints(Tuning)
        for each in fields(Tuning):
            row = _Row(each, get_args(hints[each.name]), self._take_change, self)
            self._rows[each.name] = row
            form.addRow(each.metadata["title"], row)
        self.back = QPushButton(tr("Back to the recipe"), self)
        self.back.clicked.connect(self._go_back)
        heading = plain_label("heading", self)
        heading.setText(tr("HOW IT IS TRAINED"))
        help = plain_label("muted", self)
        help.setText(tr("The recipe's own values are a good choice; none of them has to be changed."))
        layout = QVBoxLayout(self)
        for widget in (heading, help):
            layout.addWidget(widget)
        layout.addLayout(form)
        layout.addWidget(self.back)
        self.setEnabled(False)

    def tuning(self) -> Tuning:
        """What differs from the recipe; the rest is None."""
        if self._choice is None:
            return Tuning()
        recipe = self._choice.recipe
        shown = {name: row.value() for name, row in self._rows.items()}
        return Tuning(**{name: value for name, value in shown.items() if value != getattr(recipe, name)})

    def show_recipe(self, choice: StartChoice | None) -> None:
        """The recipe of another start; what the reader changed stays changed where the start allows it."""
        kept = self.tuning()
        self._choice = choice
        self.setEnabled(choice is not None and not choice.problem)
        if choice is None or choice.problem:
            return
        if choice.keeps_size or (kept.image_size or choice.least_side) < choice.least_side:
            kept = replace(kept, image_size=None)
        for name, row in self._rows.items():
            row.show_recipe(
                getattr(choice.recipe, name), low=choice.least_side if name == "image_size" else None
            )
            if (changed := getattr(kept, name)) is not None:
                row.set_value(changed)
        size = self._rows["image_size"]
        size.editor.setEnabled(not choice.keeps_size)
        size.remark(tr("The model that it goes on from settles it.") if choice.keeps_size else "")
        self.back.setEnabled(bool(self.tuning().changed))

    def _go_back(self) -> None:
        for name, row in self._rows.items():
            if self._choice is not None:
                row.set_value(getattr(self._choice.recipe, name))
        self._take_change()

    def _take_change(self) -> None:
        self.back.setEnabled(bool(self.tuning().changed))
        self.changed.emit()


class _Row(QWidget):
    """A field's editor with its explanation beneath."""

    def __init__(
        self, about: Field[Any], kinds: tuple[Any, ...], take_change: Callable[[], None], parent: QWidget
    ) -> None:
        """
        Args:
            kinds: what a value may be: (int, None), (bool, None), (a Literal, None) and so on.
        """
        super().__init__(parent)
        self._metadata = about.metadata
        self._choices = _CHOICES.get(about.name, {})
        self._recipe: Any = None
        self.editor = _editor(kinds, about.metadata, self._choices)
        self.editor.setObjectName(about.name)
        self.editor.setAccessibleName(about.metadata["title"])
        match self.editor:
            case QCheckBox():
                self.editor.toggled.connect(take_change)
            case QComboBox():
                self.editor.currentIndexChanged.connect(take_change)
            case QSpinBox() | QDoubleSpinBox():
                self.editor.valueChanged.connect(take_change)
        keep_wheel_for_scrolling(self.editor)
        self._help = plain_label("muted", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.editor)
        layout.addWidget(self._help)
        self.remark("")

    def value(self) -> Any:
        match self.editor:
            case QCheckBox():
                return self.editor.isChecked()
            case QComboBox():
                return self.editor.currentData()
            case QSpinBox():
                return self.editor.value()
            case _RateBox():
                # What a decimal number is rounded to on the screen is no change of the recipe.
                return self._recipe if self.editor.shows(self._recipe) else self.editor.value()
        raise ValueError(f"no value in a {type(self.editor).__name__}")

    def set_value(self, value: Any) -> None:
        """Shows a value without telling of it."""
        self.editor.blockSignals(True)
        match self.editor:
            case QCheckBox():
                self.editor.setChecked(bool(value))
            case QComboBox():
                self.editor.setCurrentIndex(max(0, self.editor.findData(value)))
            case QSpinBox() | QDoubleSpinBox():
                self.editor.setValue(value)
        self.editor.blockSignals(False)

    def show_recipe(self, value: Any, low: int | None = None) -> None:
        """Shows what the recipe has.

        Args:
            low: the least value, where it is not the field's own.
        """
        self._recipe = value
        if low is not None and isinstance(self.editor, QSpinBox):
            self.editor.setMinimum(max(low, self._metadata["low"]))
        if isinstance(self.editor, QComboBox):
            own = self.editor.findText(_OWN)
            if value is None and own < 0:
                self.editor.insertItem(0, _OWN, None)
            elif value is not None and own >= 0:
                self.editor.removeItem(own)
        self.set_value(value)
        self.remark("")

    def remark(self, words: str) -> None:
        """Says something beside the explanation; "" what the recipe has, and the bounds."""
        if not words:
            parts = []
            if self._recipe is not None:
                parts.append(tr("recipe: {value}", value=self._in_words(self._recipe)))
            if isinstance(self.editor, QSpinBox):
                parts.append(_bounds(grouped(self.editor.minimum()), grouped(self.editor.maximum())))
            elif isinstance(self.editor, QDoubleSpinBox):
                parts.append(_bounds(_plain(self._metadata["low"]), _plain(self._metadata["high"])))
            words = f"({'; '.join(parts)})" if parts else ""
        self._help.setText(f"{self._metadata['help']} {words}".strip())

    def _in_words(self, value: Any) -> str:
        if isinstance(value, bool):
            return tr("yes") if value else tr("no")
        if isinstance(value, str):
            return self._choices[value]
        return _plain(value) if isinstance(value, float) else f"{value}"


def _editor(
    kinds: tuple[Any, ...], metadata: Mapping[str, Any], choices: Mapping[str, str]
) -> QCheckBox | QComboBox | QAbstractSpinBox:
    if bool in kinds:
        return QCheckBox(tr("Yes"))
    if float in kinds:
        return _RateBox(metadata["low"], metadata["high"])
    if int in kinds:
        box = QSpinBox()
        box.setRange(metadata["low"], metadata["high"])
        if "unit" in metadata:
            box.setSuffix(f" {metadata['unit']}")
        return box
    choice = QComboBox()
    for value in get_args(kinds[0]):
        choice.addItem(choices[value], value)
    return choice


def _bounds(low: str, high: str) -> str:
    return tr("{low} to {high}", low=low, high=high)


def _plain(number: float) -> str:
    """As people write it: 0.00002, not 2e-05."""
    return np.format_float_positional(number, precision=3, fractional=False, trim="-")


class _RateBox(QDoubleSpinBox):
    """A number over many orders of magnitude, with as many digits as it needs; each step changes a digit."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        # Before the range, which is rounded to so many decimals.
        self.setDecimals(9)
        self.setRange(low, high)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    def shows(self, number: float) -> bool:
        """Whether this number is shown."""
        return abs(self.value() - number) < 1e-9

    def textFromValue(self, value: float) -> str:
        return _plain(value)

    def valueFromText(self, text: str) -> float:
        number = _number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        # "2e-" becomes a number with the next key.
        number = _number(text)
        state = QValidator.State.Intermediate if number is None else QValidator.State.Acceptable
        if number is not None and not self.minimum() <= number <= self.maximum():
            state = QValidator.State.Intermediate
        return (state, text, position)


def _number(text: str) -> float | None:
    """With a decimal point or a decimal comma."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
