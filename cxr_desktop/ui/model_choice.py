"""Which models the reader may choose, in the settings and in the menu bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.language import tr

# Of a choice's text in the closed box.
_SHOWN_LETTERS = 44


@dataclass(frozen=True)
class ModelChoice:
    """One model of the list.

    Attributes:
        name: what the settings keep; "" for the program's default.
        title: name and version.
        card: None where it cannot be used.
        problem: why it cannot be used; "" where it can.
    """

    name: str
    title: str
    card: ModelCard | None
    problem: str = ""

    @property
    def text(self) -> str:
        """Title with the main figures, or with the reason why it cannot be used."""
        if self.card is None:
            return tr("{title} · cannot be used: {problem}", title=self.title, problem=self.problem)
        figures = main_figures(self.card)
        return f"{self.title} · {figures}" if figures else self.title

    @property
    def tip(self) -> str:
        """Whom the model knows and on what its figures were measured, or what is wrong."""
        if self.card is None:
            return self.problem
        measured = self.card.main_evaluation
        population = card_phrase(self.card.population.description)
        if measured is None:
            return f"{population}."
        return tr(
            "{population}. Measured on {films}.", population=population, films=card_phrase(measured.films)
        )


def main_figures(card: ModelCard) -> str:
    """AUC, sensitivity and specificity on the films that say most of it; "" where there are none."""
    figures = card.main_evaluation
    if figures is None:
        return ""
    return tr(
        "AUC {auc:.3f}, sensitivity {sensitivity:.2f}, specificity {specificity:.2f}",
        auc=figures.auc.value,
        sensitivity=figures.sensitivity.value,
        specificity=figures.specificity.value,
    )


class ModelBox(QComboBox):
    """The models as a list; those that cannot be used are shown with their reason and cannot be chosen."""

    def __init__(self, choices: Sequence[ModelChoice], chosen: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        # A reason is long: it is read in the list, which may be wider than the box.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHOWN_LETTERS)
        items = QStandardItemModel(self)
        for choice in self._choices:
            item = QStandardItem(choice.text)
            item.setToolTip(choice.tip)
            item.setEnabled(choice.card is not None)
            item.setData(choice.tip, Qt.ItemDataRole.AccessibleDescriptionRole)
            items.appendRow(item)
        self.setModel(items)
        names = [choice.name for choice in self._choices]
        self.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self.currentIndexChanged.connect(self._tell)
        self._tell()

    @property
    def chosen(self) -> ModelChoice | None:
        """The choice in the box; None where there is none to choose from."""
        index = self.currentIndex()
        return self._choices[index] if 0 <= index < len(self._choices) else None

    def choose(self, name: str) -> None:
        """Choose a model by its name, if it is there."""
        for index, choice in enumerate(self._choices):
            if choice.name == name:
                self.setCurrentIndex(index)

    def _tell(self) -> None:
        self.setToolTip(self.chosen.tip if self.chosen else "")


class ModelMenu(QObject):
    """The menu bar's quick way to another model: one radio item each, and one for a bundle elsewhere."""

    model_chosen = Signal(str)  # a choice's name
    folder_wanted = Signal()

    def __init__(self, window: QWidget, verbs: Sequence[QAction]) -> None:
        """
        Args:
            verbs: what else is done with models; they have their place in the menu.
        """
        super().__init__(window)
        self._verbs = tuple(verbs)
        self.menu = QMenu(tr("M&odel"), window)
        self.menu.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self._choices: tuple[ModelChoice, ...] = ()
        # Not the menu's own: it would be deleted when the menu is filled again.
        self._from_folder = QAction(tr("From a &folder…"), self)
        self._from_folder.setObjectName("model_from_folder")
        self._from_folder.setToolTip(tr("A model bundle: a folder with a card.json"))
        self._from_folder.triggered.connect(self.folder_wanted)

    def show_choices(self, choices: Sequence[ModelChoice], chosen: str) -> None:
        """Fills the menu; `chosen` is the name of the choice in force."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self._fill()
        for choice, action in zip(self._choices, self._group.actions(), strict=True):
            action.setChecked(choice.name == chosen)

    def _fill(self) -> None:
        for action in self._group.actions():
            self._group.removeAction(action)
        self.menu.clear()
        for choice in self._choices:
            action = QAction(choice.title, self.menu, checkable=True)
            action.setObjectName(f"model:{choice.name}")
            action.setToolTip(f"{choice.text}\n{choice.tip}")
            action.setEnabled(choice.card is not None)
            action.triggered.connect(partial(self.model_chosen.emit, choice.name))
            self._group.addAction(action)
            self.menu.addAction(action)
        self.menu.addSeparator()
        self.menu.addAction(self._from_folder)
        self.menu.addSeparator()
        self.menu.addActions(self._verbs)
