"""The settings dialog: one row a field of `Settings`, whatever fields there are."""

from __future__ import annotations

from dataclasses import Field, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.settings import Settings
from cxr_desktop.ui.theme import set_role


class SettingsDialog(QDialog):
    """Shows settings and gives the changed ones."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self._editors: dict[str, QWidget] = {}
        form = QFormLayout()
        form.setVerticalSpacing(12)
        hints = get_type_hints(Settings)
        for each in fields(Settings):
            if each.metadata.get("hidden"):
                continue
            editor = _editor(each, hints[each.name], getattr(settings, each.name))
            self._editors[each.name] = editor
            form.addRow(each.metadata["title"], _with_help(editor, each.metadata["help"]))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def settings(self) -> Settings:
        """The settings as the dialog shows them."""
        return replace(self._settings, **{name: _value(editor) for name, editor in self._editors.items()})


def _editor(each: Field[Any], hint: Any, value: Any) -> QWidget:
    editor: QCheckBox | QSpinBox | QComboBox
    if isinstance(value, bool):
        editor = QCheckBox()
        editor.setChecked(value)
    elif isinstance(value, int):
        editor = QSpinBox()
        editor.setRange(each.metadata["low"], each.metadata["high"])
        editor.setSuffix(f" {each.metadata['unit']}")
        editor.setValue(value)
    elif get_origin(hint) is Literal:
        editor = QComboBox()
        editor.addItems(get_args(hint))
        editor.setCurrentText(value)
    else:
        raise ValueError(f"no editor for the setting {each.name} of type {hint}")
    editor.setObjectName(each.name)
    editor.setAccessibleName(each.metadata["title"])
    return editor


def _value(editor: QWidget) -> Any:
    match editor:
        case QCheckBox():
            return editor.isChecked()
        case QSpinBox():
            return editor.value()
        case QComboBox():
            return editor.currentText()
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
