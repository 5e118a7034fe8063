"""What the reader herself says of the film in view: she agrees, disagrees, or gives it a label of her own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.own_reading import opposite_label, verdict_label
from cxr_desktop.domain.wording import date_time_text
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_NO_VERDICT = tr("There is no verdict to agree or disagree with. Give the film a label of your own.")
_WHICH_LABEL = tr("Whoever disagrees here must say which label it is instead.")
_OWN = tr("Say what the film shows, in a label of the model or a word of your own")


class OwnReadingRow(QWidget):
    """Three buttons and a line beneath them. Agreeing, or disagreeing, once more takes it back.

    Signals:
        label_given: a film's id, and the label that the reader gives it; "" takes it back.
        label_wanted: the id of a film that the reader wants to give a label of her own.
    """

    label_given = Signal(int, str)
    label_wanted = Signal(int)

    def __init__(self, keys: tuple[str, str, str], parent: QWidget | None = None) -> None:
        """
        Args:
            keys: those that do what the buttons do, as their hints.
        """
        super().__init__(parent)
        self.setAccessibleName(tr("Your reading"))
        self._film: Film | None = None
        self._card: ModelCard | None = None
        self._agreeing: str | None = None
        self._disagreeing: str | None = None
        self.agree_button = _KeyButton(tr("Agree"), keys[0], self)
        self.disagree_button = _KeyButton(tr("Disagree"), keys[1], self)
        self.label_button = _KeyButton(tr("Label…"), keys[2], self)
        self.label_button.tell(_OWN)
        self.words = plain_label("muted", self)
        self.agree_button.clicked.connect(self.agree)
        self.disagree_button.clicked.connect(self.disagree)
        self.label_button.clicked.connect(self.want_label)
        buttons = QHBoxLayout()
        for button in (self.agree_button, self.disagree_button, self.label_button):
            buttons.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(buttons)
        layout.addWidget(self.words)
        self.show_film(None, None)

    def show_film(self, film: Film | None, card: ModelCard | None) -> None:
        """A film with what was said of it.

        Args:
            card: of the model in use, if there is one.
        """
        self._film, self._card = film, card
        prediction = film.prediction if film is not None else None
        self._agreeing = self._disagreeing = None
        if card is not None and prediction is not None:
            self._agreeing = verdict_label(card, prediction)
            self._disagreeing = opposite_label(card, prediction)
        reading = film.own_reading if film is not None else None
        said = reading.label if reading is not None else None
        remark = ""
        if reading is not None:
            remark = tr("You said {label}, {time}", label=said, time=date_time_text(reading.at))
        for button, label, without in (
            (self.agree_button, self._agreeing, _NO_VERDICT),
            (self.disagree_button, self._disagreeing, _WHICH_LABEL if self._agreeing else _NO_VERDICT),
        ):
            button.setEnabled(label is not None)
            chosen = said is not None and said == label
            button.setChecked(chosen)
            button.tell(
                remark if chosen else without if label is None else tr("Your reading: {label}", label=label)
            )
        of_her_own = said is not None and said not in (self._agreeing, self._disagreeing)
        self.label_button.setEnabled(film is not None and not film.problem)
        self.label_button.setChecked(of_her_own)
        # The other two say it themselves; a line that comes and goes would make the queue jump.
        self._tell(remark if of_her_own else "")

    def agree(self) -> None:
        """The reader says what the model says."""
        self._say(self._agreeing, self.agree_button)

    def disagree(self) -> None:
        """The reader says the contrary of what the model says."""
        self._say(self._disagreeing, self.disagree_button)

    def want_label(self) -> None:
        """The reader wants to give the film a label of her own."""
        if self._film is not None and not self._film.problem:
            self.label_wanted.emit(self._film.id)
            self.show_film(self._film, self._card)  # a press has turned the button over, whatever was said

    def _say(self, label: str | None, button: _KeyButton) -> None:
        if self._film is None:
            return
        if label is None:
            self._tell(button.told)
            return
        reading = self._film.own_reading
        taken_back = reading is not None and reading.label == label
        self.label_given.emit(self._film.id, "" if taken_back else label)

    def _tell(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))


class _KeyButton(QPushButton):
    """Has its key beside its name; in its tooltip where the pane is too narrow for both, in any language."""

    def __init__(self, name: str, key: str, parent: QWidget) -> None:
        self._name, self._key = name, key
        self._both = f"{name}   {key}"
        self.told = ""  # what the tooltip says besides the key
        super().__init__(self._both, parent)
        self.setAccessibleName(name.rstrip("…"))
        self.setCheckable(True)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )  # may be narrower than both
        set_role(self, "narrow")

    def tell(self, words: str) -> None:
        """Says this in the tooltip."""
        self.told = words
        self._fit()

    def sizeHint(self) -> QSize:
        return self._size_with(self._both)

    def minimumSizeHint(self) -> QSize:
        return self._size_with(self._name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _size_with(self, text: str) -> QSize:
        metrics = self.fontMetrics()
        wider = metrics.horizontalAdvance(text) - metrics.horizontalAdvance(self.text())
        return super().sizeHint() + QSize(wider, 0)

    def _fit(self) -> None:
        room = self.width() >= self.sizeHint().width()
        self.setText(self._both if room else self._name)
        self.setToolTip(self.told if room else f"{self.told} ({self._key})")
