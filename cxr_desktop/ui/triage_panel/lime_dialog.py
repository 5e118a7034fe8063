"""How LIME asks: one row a field of `LimeOptions`."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from cxr_desktop.domain.explanation import LimeOptions
from cxr_desktop.language import tr

# By the field's name.
_TITLES = {"samples": tr("Samples"), "superpixels": tr("Superpixels"), "seed": tr("Seed")}


class LimeMemory:
    """LIME's options as the reader chose them last, in whichever window, for as long as the program runs.

    Attributes:
        options: those in force.
    """

    def __init__(self) -> None:
        self.options = LimeOptions()

    def ask_reader(self, parent: QWidget) -> bool:
        """Lets the reader change them.

        Returns:
            Whether LIME is to be asked with them now.
        """
        dialog = LimeDialog(self.options, parent)
        if not dialog.exec():
            return False
        self.options = dialog.options()
        return True


class LimeDialog(QDialog):
    """Shows options and gives the changed ones."""

    def __init__(self, options: LimeOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("LIME")
        self._boxes: dict[str, QSpinBox] = {}
        form = QFormLayout()
        for each in fields(LimeOptions):
            box = QSpinBox()
            box.setObjectName(each.name)
            box.setRange(each.metadata["low"], each.metadata["high"])
            box.setValue(getattr(options, each.name))
            box.setToolTip(each.metadata["help"])
            box.setAccessibleName(_TITLES[each.name])
            form.addRow(_TITLES[each.name], box)
            self._boxes[each.name] = box
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Ask"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def options(self) -> LimeOptions:
        """The options as the dialog shows them."""
        return LimeOptions(**{name: box.value() for name, box in self._boxes.items()})
