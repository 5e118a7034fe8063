"""From what training starts: the present model, a new network, or one that knows everyday pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QFrame,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.start_choices import StartChoice, StartKind
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.wheel import keep_wheel_for_scrolling

_WEIGHTS, _ALL_FILES = tr("Keras weights"), tr("All files")
_WORDS: dict[StartKind, tuple[str, str]] = {
    "continue": (
        tr("Go on from the model in use (recommended)"),
        tr(
            "It has learned from thousands of films already, and now learns from yours: this needs "
            "the fewest films and the least time. The model in use itself stays as it is."
        ),
    ),
    "scratch": (
        tr("A new network that knows nothing yet"),
        tr("It learns from your films alone, which should be thousands of each class."),
    ),
    "imagenet": (
        tr("A new network that knows everyday pictures"),
        tr("It starts from weights learned on ImageNet's photographs, in a file that you choose once."),
    ),
}


class StartBox(QFrame):
    """One of three kinds of start, with the networks of each.

    Signals:
        choice_changed: the StartChoice that is chosen, which may have a problem; None before there is one.
        file_chosen: the file that the reader chose for an architecture: its id and the path.
    """

    choice_changed = Signal(object)
    file_chosen = Signal(str, object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        heading = plain_label("heading", self)
        heading.setText(tr("START FROM"))
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        self._group = QButtonGroup(self)
        self._kinds: dict[StartKind, _Kind] = {}
        self._file_given = False  # for the ImageNet start, and not looked at yet
        for kind, (title, help) in _WORDS.items():
            part = _Kind(title, help, self)
            part.networks.activated.connect(self._tell)
            self._group.addButton(part.button)
            self._kinds[kind] = part
            layout.addWidget(part)
        self.choose_file = QPushButton(tr("Choose the weights file…"), self)
        self.choose_file.clicked.connect(self._choose_file)
        self._problem = plain_label("check", self)
        imagenet = self._kinds["imagenet"]
        imagenet.add(self._problem)
        imagenet.add(self.choose_file)
        self._group.buttonClicked.connect(self._tell)
        self.show_choices(())

    @property
    def choice(self) -> StartChoice | None:
        """The one that is chosen; None before there are any."""
        for part in self._kinds.values():
            if part.button.isChecked():
                return part.choice
        return None

    def show_choices(self, choices: Sequence[StartChoice]) -> None:
        """Offers other starts; what was chosen stays chosen where it is still there.

        At first the recommended one is chosen, else the first that can be.
        """
        for kind, part in self._kinds.items():
            part.offer([each for each in choices if each.kind == kind])
        imagenet = self._kinds["imagenet"]
        if self._file_given and imagenet.choice is not None and not imagenet.choice.problem:
            imagenet.button.setChecked(True)  # whoever gives its file wants to start there
        self._file_given = False
        checked = self._group.checkedButton()
        if choices and (checked is None or not checked.isEnabled()):
            able = [part for part in self._kinds.values() if part.able]
            if able:
                able[0].button.setChecked(True)
        self._tell()

    @property
    def problem(self) -> str:
        """What is said of the file that was chosen last."""
        return self._problem.text()

    def show_problem(self, reason: str) -> None:
        """Why the file that was chosen last is not taken."""
        self._problem.setText(reason)
        self._problem.setVisible(bool(reason))

    def _tell(self) -> None:
        for part in self._kinds.values():
            part.show_about()
        imagenet = self._kinds["imagenet"].choice
        self.choose_file.setVisible(imagenet is not None and bool(imagenet.problem))
        self.show_problem("")
        self.choice_changed.emit(self.choice)

    def _choose_file(self) -> None:
        choice = self._kinds["imagenet"].choice
        if choice is None:
            return
        name, _ = QFileDialog.getOpenFileName(
            self,
            tr("Weights for {network}", network=choice.title),
            "",
            f"{_WEIGHTS} (*.h5 *.hdf5);;{_ALL_FILES} (*)",
        )
        if name:
            self._file_given = True
            self.file_chosen.emit(choice.start.architecture, Path(name))


class _Kind(QWidget):
    """One kind of start: its button, what it means, and which networks there are."""

    def __init__(self, title: str, help: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.button = QRadioButton(title, self)
        self.networks = QComboBox(self)
        self.networks.setAccessibleName(tr("{start}: network", start=title))
        # The longest of thirty names must not make the page wider than its window.
        self.networks.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        keep_wheel_for_scrolling(self.networks)
        self._help = plain_label("muted", self)
        self._help.setText(help)
        self._about = plain_label("muted", self)
        self._choices: list[StartChoice] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 4)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.button)
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(24, 0, 0, 0)
        self._inner.setSpacing(4)
        self._layout.addLayout(self._inner)
        for widget in (self._help, self.networks, self._about):
            self._inner.addWidget(widget)

    def add(self, widget: QWidget) -> None:
        """Places something beneath it."""
        self._inner.addWidget(widget)

    @property
    def choice(self) -> StartChoice | None:
        """The network that is chosen among these."""
        index = self.networks.currentIndex()
        return self._choices[index] if 0 <= index < len(self._choices) else None

    @property
    def able(self) -> bool:
        """Whether any of them can be trained."""
        return any(not each.problem for each in self._choices)

    def offer(self, choices: list[StartChoice]) -> None:
        chosen = self.choice
        self._choices = choices
        self.networks.clear()
        self.networks.addItems([each.title for each in choices])
        architecture = chosen.start.architecture if chosen else ""
        same = [i for i, each in enumerate(choices) if each.start.architecture == architecture]
        self.networks.setCurrentIndex(same[0] if same else (0 if choices else -1))
        self.button.setEnabled(self.able)
        self.networks.setVisible(len(choices) > 1 or bool(choices and choices[0].kind != "continue"))

    def show_about(self) -> None:
        choice = self.choice
        words = "" if choice is None else choice.problem or choice.about
        if choice is not None and choice.kind == "continue":
            words = f"{choice.title}. {words}"
        set_role(self._about, "check" if choice is not None and choice.problem else "muted")
        self._about.setText(words)
        self._about.setVisible(bool(words))
