"""The layers of a network, to choose one of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from cxr_desktop.domain.explanation import FeatureMap
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr

# The list's own: it would jump to an end of so short a list with the others, or search it.
_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End}
_WIDTH = 210  # logical pixels


class LayerList(QListWidget):
    """Each with its name, its kind and its size: channels × rows × columns.

    All keys but Up, Down, Home and End are the window's.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Layers"))
        self.setFixedWidth(_WIDTH)
        self.setSpacing(2)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_layers(self, layers: Sequence[FeatureMap]) -> None:
        """Lists these; the layer of the same name stays chosen, else the first is."""
        before = self.currentRow()
        names = [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]
        chosen = names[before] if 0 <= before < len(names) else ""
        self.blockSignals(True)
        self.clear()
        for layer in layers:
            count, rows, columns = layer.channels.shape
            item = QListWidgetItem(f"{layer.layer}\n{layer.kind} {count}×{rows}×{columns}")
            item.setData(Qt.ItemDataRole.UserRole, layer.layer)
            item.setToolTip(f"{layer.layer}: {layer_words(layer)}")
            self.addItem(item)
        self.setCurrentRow(next((row for row, each in enumerate(layers) if each.layer == chosen), 0))
        self.blockSignals(False)

    def step(self, step: int) -> None:
        """To the next layer, or the one before."""
        self.setCurrentRow(min(max(self.currentRow() + step, 0), self.count() - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()


def layer_words(layer: FeatureMap) -> str:
    """Kind and size: "convolution, 32 channels of 126×126"."""
    count, rows, columns = layer.channels.shape
    return tr(
        "{kind}, {channels} of {rows}×{columns}",
        kind=layer.kind,
        channels=counted(count, "channel", "channels"),
        rows=rows,
        columns=columns,
    )
