"""The wizard's page *Training*: how a run stands, live, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.domain.training_words import (
    counts_words,
    end_words,
    left_words,
    phase_words,
    place_words,
    share_done,
)
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.live_curves import LiveCurves
from cxr_desktop.ui.retraining_wizard.sample_films import SampleFilms, Thumbnails
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.training_service import TrainingService

_NOTHING = "Nothing has been trained yet"
_PARTS = 1000  # of the progress bar


class TrainingPage(QWidget):
    """One run out of those that there are; the newest, unless another is asked for.

    Signals:
        ready_changed: whether the run that is shown has come to a model.
        start_requested: what was ordered is to be trained.
    """

    title = "Training"
    ready_changed = Signal(bool)
    start_requested = Signal()

    def __init__(
        self, service: TrainingService, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            service: follows the runs, and steers them.
            thumbnails: small pictures of films; this page alone asks it.
        """
        super().__init__(parent)
        self._service = service
        self._run = ""
        self._ready = False
        self.runs = QComboBox(self)
        self.runs.setAccessibleName("Trainings")
        self.runs.activated.connect(lambda: self.show_run(self.runs.currentText()))
        self._phase = plain_label("verdict", self)
        self._place = plain_label("", self)
        self._about = plain_label("muted", self)
        self._why = plain_label("", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)  # it stands above, where it can be read on any ground
        self.bar.setAccessibleName("Progress of the training")
        self.start = QPushButton("Start training", self)
        self.start.setDefault(True)
        self.pause = QPushButton("Pause", self)
        self.go_on = QPushButton("Continue", self)
        self.stop = QPushButton("Stop and keep the best", self)
        self.stop.setToolTip("Ends learning now; the model of the best epoch so far is written")
        self.cancel = QPushButton("Cancel…", self)
        self.cancel.setToolTip("Ends the training; nothing of it is kept")
        self.resume = QPushButton("Go on after the last whole epoch", self)
        self.remove = QPushButton("Remove…", self)
        self.remove.setToolTip("Removes what the run left; a model that came of it stays")
        self.start.clicked.connect(self.start_requested)
        for button, verb in (
            (self.pause, service.pause),
            (self.go_on, service.go_on),
            (self.stop, service.stop),
            (self.resume, service.resume),
        ):
            button.clicked.connect(lambda _=False, verb=verb: verb(self._run))
        self.cancel.clicked.connect(self._ask_to_cancel)
        self.remove.clicked.connect(self._ask_to_remove)
        self.start.hide()
        self.curves = LiveCurves(self)
        self.samples = SampleFilms(thumbnails, self)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setAccessibleName("Notices, and films left out")
        self.log.setPlaceholderText("Notices, and films that were left out")
        self._arrange()
        service.run_changed.connect(self._take)
        service.run_gone.connect(lambda _: self.enter())
        service.run_started.connect(self.show_run)
        self.enter()

    @property
    def run(self) -> str:
        """The name of the run that is shown; "" where there is none."""
        return self._run

    @property
    def is_ready(self) -> bool:
        """Whether the run that is shown has come to a model."""
        return self._ready

    def offer_start(self, possible: bool) -> None:
        """Whether something is ordered that can be trained."""
        self.start.setVisible(possible)

    def enter(self) -> None:
        """Shows the run that was shown, or the newest."""
        states = self._service.states
        self.show_run(self._run if self._run in states else next(reversed(states), ""))

    def show_run(self, name: str) -> None:
        """Shows a run; one that has only just been started is shown as starting."""
        self._run = name
        self._list_runs()
        self._show(self._service.states.get(name) or (TrainingState() if name else None))

    def _take(self, name: str, state: TrainingState) -> None:
        if not self._run:
            self._run = name
        if self.runs.findText(name) < 0:
            self._list_runs()
        if name == self._run:
            self._show(state)

    def _list_runs(self) -> None:
        names = list(reversed(self._service.states))
        if self._run and self._run not in names:
            names.insert(0, self._run)
        self.runs.clear()
        self.runs.addItems(names)
        self.runs.setCurrentText(self._run)
        self.runs.setVisible(len(names) > 1)

    def _show(self, state: TrainingState | None) -> None:
        shown = state or TrainingState(alive=False)
        self._phase.setText(_NOTHING if state is None else phase_words(state))
        share = None if state is None or state.over else share_done(state)
        percent = "" if share is None else f"{100 * share:.0f} %"
        self._place.setText(" · ".join(filter(None, (percent, place_words(shown), left_words(shown)))))
        self._about.setText(_about(shown))
        set_role(self._why, "check" if shown.phase == "failed" or shown.interrupted else "muted")
        self._why.setText("" if state is None else end_words(state))
        for label in (self._place, self._about, self._why):
            label.setVisible(bool(label.text()))
        self._show_bar(state, share)
        working = state is not None and state.alive and not state.over
        learning = working and shown.phase == "learning"
        self.pause.setVisible(working and shown.phase in {"reading", "learning"} and not shown.paused)
        self.go_on.setVisible(working and shown.paused)
        self.stop.setVisible(learning)
        self.stop.setEnabled(bool(shown.figures))
        self.cancel.setVisible(working and shown.phase != "writing")
        self.resume.setVisible(state is not None and shown.interrupted and shown.resumable)
        self.remove.setVisible(state is not None and not shown.alive)
        self.curves.show_figures(shown.figures, shown.best_epoch)
        self.samples.show_samples(shown.samples)
        self._show_log(shown)
        ready = shown.phase == "finished"
        if ready != self._ready:
            self._ready = ready
            self.ready_changed.emit(ready)

    def _show_bar(self, state: TrainingState | None, share: float | None) -> None:
        self.bar.setVisible(state is not None and not state.over)
        if share is None:
            # To and fro where the end is not known; still where nobody is at work.
            self.bar.setRange(0, 0 if state is not None and state.alive else 1)
            self.bar.setValue(0)
        else:
            self.bar.setRange(0, _PARTS)
            self.bar.setValue(round(share * _PARTS))

    def _show_log(self, state: TrainingState) -> None:
        lines = [*state.notices, *(f"Left out: {name}: {reason}" for name, reason in state.left_out)]
        text = "\n".join(lines)
        if text != self.log.toPlainText():
            self.log.setPlainText(text)
            bar = self.log.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _ask_to_cancel(self) -> None:
        question = "Cancel this training? Nothing of it is kept. “Stop and keep the best” keeps a model."
        if self._is_sure("Cancel the training", question):
            self._service.cancel(self._run)

    def _ask_to_remove(self) -> None:
        question = (
            "Remove this training? Its curves and notices go, and it cannot go on any more. A model that "
            "came of it stays."
        )
        if self._is_sure("Remove the training", question):
            self._service.forget(self._run)

    def _is_sure(self, title: str, question: str) -> bool:
        return QMessageBox.question(self, title, question) == QMessageBox.StandardButton.Yes

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._phase, 1)
        head.addWidget(self.runs)
        buttons = QHBoxLayout()
        for button in (
            self.start, self.resume, self.pause, self.go_on, self.stop, self.cancel, self.remove
        ):  # fmt: skip
            buttons.addWidget(button)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.samples)
        right.addWidget(self.log, 1)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self.curves, 3)
        body.addLayout(right, 2)
        page = QVBoxLayout(self)
        page.setSpacing(8)
        page.addLayout(head)
        for widget in (self._place, self.bar, self._why, self._about):
            page.addWidget(widget)
        page.addLayout(buttons)
        page.addLayout(body, 1)


def _about(state: TrainingState) -> str:
    """Films, device and memory, as far as they are known."""
    memory = f"{state.memory / 1e9:.1f} GB of memory" if state.memory else ""
    loss = "" if state.loss is None or state.over else f"loss {state.loss:.3f}"
    best = f"best so far: epoch {state.best_epoch}" if state.best_epoch else ""
    return " · ".join(filter(None, (counts_words(state), loss, best, state.device, memory)))
