"""The bottom line: what it is not, what it is doing, with which model, and on what."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.domain.training_words import status_words
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import set_role

DISCLAIMER = tr("Decision support for research use. Not a diagnosis.")
_DEVICE_TIP = tr("What films are scored on")


class JobDisplay(QWidget):
    """One job's words, bar and cancel button; hidden while nothing runs.

    The words stand in two lines: two jobs, each with its rate and the time left, fit into a narrow window.
    """

    cancel_requested = Signal()

    def __init__(self, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verb = verb
        self._words = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(70)
        self._bar.setAccessibleName(tr("Progress of {job}", job=verb))
        self._cancel = QPushButton(tr("Stop"))
        self._cancel.setAccessibleName(tr("Stop {job}", job=verb))
        self._cancel.setToolTip(tr("Stop {job}; what is done stays", job=verb))
        # A click leaves the keyboard with the film: the button will be gone in a moment.
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._words, self._bar, self._cancel):
            row.addWidget(widget)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        self._words.setText(progress.sentence(self._verb).replace(" · ", "\n", 1))
        self._bar.setRange(0, progress.total or 0)  # 0 to 0 moves to and fro: the end is not known
        self._bar.setValue(progress.done)
        self.show()

    def finish(self) -> None:
        self._cancel.clearFocus()  # else it would go to the search box, and keys with it
        self.hide()


class TrainingDisplay(QPushButton):
    """How a training stands, which goes on beside the reading; hidden where there is none."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlat(True)
        self.setToolTip(tr("Opens the training"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # As with the other jobs, a click leaves the keyboard with the film.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self, "training")
        self.clicked.connect(self.opened)
        self.hide()

    def show_state(self, state: TrainingState | None) -> None:
        """How it stands; None where there is nothing to tell."""
        self.setText("" if state is None else status_words(state))
        self.setAccessibleName(self.text().replace("\n", ", "))
        self.setVisible(state is not None)


class StatusLine(QWidget):
    """Disclaimer, last result, running jobs, a training, model, device."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.intake = JobDisplay(tr("taking in"), self)
        self.scoring = JobDisplay(tr("scoring"), self)
        self.training = TrainingDisplay(self)
        self._disclaimer = QLabel(DISCLAIMER)
        self._result = _ShortenedLabel()
        set_role(self._result, "muted")
        self._model = _ShortenedLabel()
        set_role(self._model, "muted")
        self._device = QLabel()
        self._device.setToolTip(_DEVICE_TIP)
        self._device_mark = QLabel(tr("GPU not used"))
        self._device_mark.hide()
        for label in (self._device, self._device_mark):
            set_role(label, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10, 3)
        row.setSpacing(18)
        # The panes must not move when a job begins or ends.
        self.setFixedHeight(2 * self.fontMetrics().lineSpacing() + 10)
        row.addWidget(self._disclaimer)
        row.addWidget(self._result, 1)
        row.addWidget(self.intake)
        row.addWidget(self.scoring)
        row.addWidget(self.training)
        row.addWidget(self._model)
        row.addWidget(self._device)
        row.addWidget(self._device_mark)

    def show_result(self, sentence: str) -> None:
        """What the last job came to."""
        self._result.setText(sentence)
        self._result.setToolTip(sentence)

    def show_model(self, name: str) -> None:
        """Which model judges; its device is told when it is loaded. "" where there is none."""
        self._model.setText(name)
        self._model.setToolTip(tr("The model that judges films: {name}", name=name) if name else "")
        self._device.setText(tr("loading the model…") if name else tr("no model"))

    def show_not_loaded(self) -> None:
        """The model named here could not be loaded: no film is scored."""
        self._device.setText(tr("not loaded"))

    def show_device(self, name: str) -> None:
        """What films are scored on."""
        self._device.setText(name)

    def show_device_advice(self, advice: str) -> None:
        """A graphics card is there that is not used, and what to do about it."""
        self._device.setToolTip(f"{_DEVICE_TIP}. {advice}")
        self._device_mark.show()
        self._device_mark.setToolTip(advice)


class _ShortenedLabel(QLabel):
    """A line that is shortened where there is no room: a long result must not make the window wider."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.style().drawItemText(
            painter, self.rect(), left, self.palette(), self.isEnabled(), text, self.foregroundRole()
        )
        painter.end()
