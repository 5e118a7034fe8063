"""The settings dialog: one row a field of `Settings`, whatever fields there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from PySide6.QtCore import QSize
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.meaning import point_figures
from cxr_desktop.domain.settings import Settings
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import quiet_scroll
from cxr_desktop.ui.language_box import LanguageBox
from cxr_desktop.ui.model_choice import ModelBox, ModelChoice
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.wheel import keep_wheel_for_scrolling

# Settings of a few values keep the value; this is what is shown of it.
_WORDS = {
    "system": tr("system"),
    "dark": tr("dark"),
    "light": tr("light"),
    "inferno": tr("inferno"),
    "magma": tr("magma"),
    "viridis": tr("viridis"),
    "cividis": tr("cividis"),
    "jet": tr("jet"),
}


class SettingsDialog(QDialog):
    """Shows settings and gives the changed ones."""

    def __init__(
        self, settings: Settings, models: Sequence[ModelChoice] = (), parent: QWidget | None = None
    ) -> None:
        """
        Args:
            models: all that may be chosen from, the default first; none leaves the model as it is.
        """
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._settings = settings
        self._editors: dict[str, QWidget] = {}
        self._models = ModelBox(models, settings.model)
        self._points = QComboBox()
        # Only the reader changes it: a model that lacks it shows its own default in its place.
        self._wanted_point = settings.operating_point
        self._points.activated.connect(self._want_point)
        rows = QWidget()
        form = QFormLayout(rows)
        form.setVerticalSpacing(12)
        hints = get_type_hints(Settings)
        for each in fields(Settings):
            if each.metadata.get("hidden"):
                continue
            value = getattr(settings, each.name)
            special = {
                "model": self._models,
                "operating_point": self._points,
                "language": LanguageBox(settings.language),
            }
            editor = special.get(each.name) or _editor(each, hints[each.name], value)
            editor.setObjectName(each.name)
            editor.setAccessibleName(each.metadata["title"])
            keep_wheel_for_scrolling(editor)
            self._editors[each.name] = editor
            form.addRow(each.metadata["title"], _with_help(editor, each.metadata["help"]))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._models.currentIndexChanged.connect(self._offer_points)
        self._offer_points()
        scroll = quiet_scroll(rows, self)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(buttons)
        # All at once where the screen is large enough.
        room = self.screen().availableSize() * 0.9
        hidden = rows.sizeHint().height() - scroll.sizeHint().height()
        self.resize((self.sizeHint() + QSize(0, hidden)).boundedTo(room))

    def settings(self) -> Settings:
        """The settings as the dialog shows them."""
        return replace(self._settings, **{name: self._value(name) for name in self._editors})

    def _offer_points(self) -> None:
        """The operating points of the model in the box; the wanted one is shown where it has it."""
        wanted = self._wanted_point
        chosen = self._models.chosen
        card = chosen.card if chosen else None
        self._points.clear()
        for point in card.operating_points if card else ():
            self._points.addItem(point_figures(point), point.name)
        if self._points.count() == 0:
            self._points.addItem(wanted, wanted)
        self._points.setCurrentIndex(max(0, self._points.findData(wanted)))

    def _want_point(self) -> None:
        self._wanted_point = self._points.currentData()

    def _value(self, name: str) -> Any:
        if name == "model":
            return self._models.chosen.name if self._models.chosen else self._settings.model
        if name == "operating_point":
            return self._wanted_point
        return _value(self._editors[name])


def _editor(each: Field[Any], hint: Any, value: Any) -> QWidget:
    editor: QCheckBox | QSpinBox | QDoubleSpinBox | QComboBox
    if hint == float | None:
        editor = _OptionalBox(each.metadata)
        editor.set_number(value)
    elif isinstance(value, bool):
        editor = QCheckBox()
        editor.setChecked(value)
    elif isinstance(value, int):
        editor = QSpinBox()
        editor.setRange(each.metadata["low"], each.metadata["high"])
        editor.setSuffix(f" {each.metadata['unit']}")
        editor.setValue(value)
    elif get_origin(hint) is Literal:
        editor = QComboBox()
        for word in get_args(hint):
            editor.addItem(_WORDS[word], word)
        editor.setCurrentIndex(editor.findData(value))
    else:
        raise ValueError(f"no editor for the setting {each.name} of type {hint}")
    return editor


class _OptionalBox(QDoubleSpinBox):
    """A number or none: beneath the least number there is one step more, which is shown as words.

    A decimal comma becomes a point as it is typed.
    """

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        super().__init__()
        self.setDecimals(1)
        self.setRange(metadata["low"] - 0.1, metadata["high"])
        self.setSuffix(f" {metadata['unit']}")
        self.setSpecialValueText(metadata["none"])

    def set_number(self, number: float | None) -> None:
        self.setValue(self.minimum() if number is None else number)

    def number(self) -> float | None:
        return None if self.value() == self.minimum() else self.value()

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state, text, position = super().validate(text.replace(",", "."), position)
        return (state, text, position)


def _value(editor: QWidget) -> Any:
    match editor:
        case LanguageBox():
            return editor.chosen
        case QCheckBox():
            return editor.isChecked()
        case _OptionalBox():
            return editor.number()
        case QSpinBox():
            return editor.value()
        case QComboBox():
            return editor.currentData()
    raise ValueError(f"no value in a {type(editor).__name__}")


def _with_help(editor: QWidget, words: str) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(editor)
    label = QLabel(words)
    set_role(label, "muted")
    layout.addWidget(label)
    return box
