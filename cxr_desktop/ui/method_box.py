"""The list of methods by which a model can be asked for its evidence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from cxr_desktop.domain.allowed_methods import refusal
from cxr_desktop.domain.explanation import METHOD_HELP, METHOD_TITLES, Method
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.language import tr


class MethodBox(QComboBox):
    """All methods, each with what it does; those that no model allows are grey and say why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Method"))
        self._items = {method: QStandardItem() for method in Method}
        items = QStandardItemModel(self)
        for method, item in self._items.items():
            item.setData(method, Qt.ItemDataRole.UserRole)
            items.appendRow(item)
        self.setModel(items)
        self.allow()

    @property
    def method(self) -> Method:
        """The one that the box shows."""
        return Method(self.currentData())

    def choose(self, method: Method) -> None:
        """Shows a method; whoever calls knows, so `activated` is not emitted."""
        self.setCurrentIndex(self.findData(method))

    def allow(self, *cards: ModelCard) -> None:
        """Offers what at least one of these models allows; without a model, all."""
        for method, item in self._items.items():
            refusals = [refusal(card, method) for card in cards]
            refused = bool(refusals) and all(refusals)
            title, tip = METHOD_TITLES[method], METHOD_HELP[method]
            item.setText(tr("{title} · not with this model", title=title) if refused else title)
            item.setToolTip(refusals[0] if refused else tip)
            item.setData(item.toolTip(), Qt.ItemDataRole.AccessibleDescriptionRole)
            item.setEnabled(not refused)
