"""The wizard's page *Training*: how a run stands, live, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.start_choices import TrainingOrder
from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.domain.training_words import (
    ORDERED,
    counts_words,
    end_words,
    left_words,
    phase_words,
    place_words,
    share_done,
)
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.live_curves import LiveCurves
from cxr_desktop.ui.retraining_wizard.run_choice import RunChoice
from cxr_desktop.ui.retraining_wizard.sample_films import SampleFilms, Thumbnails
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.training_service import TrainingService

_NOTHING = tr("Nothing has been trained yet")
_BUSY = tr(
    "Another training is at work, and two at once would leave nothing of this computer to your "
    "reading. Wait until it is over, or stop it."
)
_PARTS = 1000  # of the progress bar


class TrainingPage(QWidget):
    """What was ordered and waits to be started, or one of the runs that there are.

    An order waits until a run of it stands: one that is at work, is done, or can go on. The page remembers of
    which order each run came that it saw started.

    Signals:
        ready_changed: whether the run that is shown has come to a model.
        start_requested: the TrainingOrder that is to be trained.
    """

    title = tr("Training")
    ready_changed = Signal(bool)
    start_requested = Signal(object)

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
        self._run = ""  # none: what waits is in view, if anything does
        self._order: TrainingOrder | None = None
        self._order_words = ""
        self._starting: TrainingOrder | None = None  # asked for, and not answered yet
        self._made: dict[str, TrainingOrder] = {}  # runs by name
        self._busy = False
        self._ready = False
        self.runs = RunChoice(self)
        self.runs.run_chosen.connect(self._choose)
        self._phase = plain_label("verdict", self)
        self._place = plain_label("", self)
        self._about = plain_label("muted", self)
        self._why = plain_label("", self)
        self.problem = plain_label("check", self)
        self.problem.hide()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)  # it stands above, where it can be read on any ground
        self.bar.setAccessibleName(tr("Progress of the training"))
        self.start = QPushButton(tr("Start training"), self)
        self.pause = QPushButton(tr("Pause"), self)
        self.go_on = QPushButton(tr("Continue"), self)
        self.stop = QPushButton(tr("Stop and keep the best"), self)
        self.stop.setToolTip(tr("Ends learning now; the model of the best epoch so far is written"))
        self.cancel = QPushButton(tr("Cancel…"), self)
        self.cancel.setToolTip(tr("Ends the training; nothing of it is kept"))
        self.resume = QPushButton(tr("Go on after the last whole epoch"), self)
        self.remove = QPushButton(tr("Remove…"), self)
        self.remove.setToolTip(tr("Removes what the run left; a model that came of it stays"))
        self.start.clicked.connect(self._ask_to_start)
        for button, verb in (
            (self.pause, service.pause),
            (self.go_on, service.go_on),
            (self.stop, service.stop),
            (self.resume, service.resume),
        ):
            button.clicked.connect(lambda _=False, verb=verb: self._wish(verb))
        self.cancel.clicked.connect(self._ask_to_cancel)
        self.remove.clicked.connect(self._ask_to_remove)
        self.start.hide()
        self.curves = LiveCurves(self)
        self.samples = SampleFilms(thumbnails, self)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("Log of the training"))
        self.log.setPlaceholderText(tr("What the trainer tells"))
        self._arrange()
        service.run_changed.connect(self._take)
        service.run_gone.connect(self._let_go)
        service.run_started.connect(self._take_started)
        service.start_tried.connect(self._settle_start)
        self.enter()

    @property
    def run(self) -> str:
        """The name of the run that is shown; "" while none is."""
        return self._run

    @property
    def is_ready(self) -> bool:
        """Whether the run that is shown has come to a model."""
        return self._ready

    def offer(self, order: TrainingOrder | None, words: str = "") -> None:
        """What can be trained.

        Args:
            order: None: nothing is ordered.
            words: what it is, on one line.
        """
        if order != self._order:
            self._run = ""  # of another order
        self._order, self._order_words = order, words

    def enter(self) -> None:
        """Shows what waits to be started, or else the run of it, the one that was shown, or the newest."""
        states = self._service.states
        if self._waits:
            # One of this order that came to nothing stays in view: it says why.
            self.show_run(self._run if self._is_of_order(self._run) else "")
        else:
            self.show_run(self._run if self._run in states else self._standing or next(reversed(states), ""))

    def show_run(self, name: str) -> None:
        """Shows a run, "" for what waits; one that has only just been started is shown as starting."""
        self._run = name
        self._show(self._service.states.get(name) or (TrainingState() if name else None))

    def show_problem(self, reason: str) -> None:
        """Why something was not done; it stays until the next wish. "" for nothing."""
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))

    @property
    def _standing(self) -> str:
        """The newest run of what is ordered, unless it came to nothing; "" for none."""
        states = self._service.states
        for name in reversed(self._made):
            if self._is_of_order(name) and not (name in states and states[name].came_to_nothing):
                return name
        return ""

    @property
    def _waits(self) -> bool:
        return self._order is not None and not self._standing

    def _is_of_order(self, name: str) -> bool:
        return name in self._made and self._made[name] == self._order

    def _is_other_at_work(self) -> bool:
        return any(state.at_work for name, state in self._service.states.items() if name != self._run)

    def _take(self, name: str, state: TrainingState) -> None:
        if not (self._run or self._waits):
            self.enter()
        elif name == self._run or self._busy != self._is_other_at_work():
            self.show_run(self._run)
        else:
            self._list_runs()

    def _take_started(self, name: str) -> None:
        if self._starting is not None:
            self._made[name] = self._starting
        self.show_run(name)

    def _settle_start(self) -> None:
        self._starting = None
        self.show_run(self._run)

    def _let_go(self, name: str) -> None:
        self._made.pop(name, None)
        if name == self._run:
            self._run = ""
            self.enter()
        else:
            self.show_run(self._run)

    def _choose(self, name: str) -> None:
        self.show_problem("")
        self.show_run(name)

    def _list_runs(self) -> None:
        self.runs.show_runs(self._service.states, self._waits, self._run)

    def _show(self, state: TrainingState | None) -> None:
        shown = state or TrainingState(alive=False)
        self._list_runs()
        self._busy = self._is_other_at_work()
        self._phase.setText(phase_words(state) if state else ORDERED if self._waits else _NOTHING)
        share = None if state is None or state.over else share_done(state)
        percent = "" if share is None else f"{100 * share:.0f} %"
        self._place.setText(" · ".join(filter(None, (percent, place_words(shown), left_words(shown)))))
        self._about.setText(_about(shown) if state else self._order_words if self._waits else "")
        self._show_buttons(state)
        hindered = self._busy and (self.start.isVisibleTo(self) or self.resume.isVisibleTo(self))
        lost = state is not None and (state.phase == "failed" or state.interrupted)
        set_role(self._why, "check" if lost or hindered else "muted")
        words = (end_words(state) if state else "", _BUSY if hindered else "")
        self._why.setText(" ".join(filter(None, words)))
        for label in (self._place, self._about, self._why):
            label.setVisible(bool(label.text()))
        self._show_bar(state, share)
        self.curves.show_figures(shown.figures, shown.best_epoch)
        self.samples.show_samples(shown.samples)
        self._show_log(shown)
        ready = shown.phase == "finished"
        if ready != self._ready:
            self._ready = ready
            self.ready_changed.emit(ready)
        if state is not None and state.has_unseen_end and self.isVisible():
            self._service.note_seen(self._run)

    def _show_buttons(self, state: TrainingState | None) -> None:
        shown = state or TrainingState(alive=False)
        working = shown.at_work
        may_start = self._waits and (not self._run or self._is_of_order(self._run))
        self.start.setVisible(may_start)
        self.start.setEnabled(not (self._busy or self._starting))
        self.start.setDefault(may_start and self.isVisible())
        self.pause.setVisible(working and shown.phase in {"reading", "learning"} and not shown.paused)
        self.go_on.setVisible(working and shown.paused)
        self.stop.setVisible(working and shown.phase == "learning")
        self.stop.setEnabled(bool(shown.figures))
        self.cancel.setVisible(working and shown.phase != "writing")
        self.resume.setVisible(shown.resumable)
        self.resume.setEnabled(not self._busy)
        self.remove.setVisible(state is not None and not shown.alive)

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
        text = "\n".join(state.log)
        if text != self.log.toPlainText():
            self.log.setPlainText(text)
            bar = self.log.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _ask_to_start(self) -> None:
        self.show_problem("")
        self._starting = self._order
        self.show_run(self._run)
        self.start_requested.emit(self._order)

    def _wish(self, verb: Callable[[str], None]) -> None:
        self.show_problem("")
        verb(self._run)

    def _ask_to_cancel(self) -> None:
        question = tr("Cancel this training? Nothing of it is kept. “Stop and keep the best” keeps a model.")
        if self._is_sure(tr("Cancel the training"), question):
            self._wish(self._service.cancel)

    def _ask_to_remove(self) -> None:
        question = tr(
            "Remove this training? Its curves and notices go, and it cannot go on any more. A "
            "model that came of it stays."
        )
        if self._is_sure(tr("Remove the training"), question):
            self._wish(self._service.forget)

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
        for widget in (self._place, self.bar, self._why, self._about, self.problem):
            page.addWidget(widget)
        page.addLayout(buttons)
        page.addLayout(body, 1)


def _about(state: TrainingState) -> str:
    """Network, films, device and memory, as far as they are known."""
    memory = tr("{memory:.1f} GB of memory", memory=state.memory / 1e9) if state.memory else ""
    loss = tr("loss {loss:.3f}", loss=state.loss) if state.loss is not None and state.at_work else ""
    best = tr("best so far: epoch {epoch}", epoch=state.best_epoch) if state.best_epoch else ""
    parts = (state.network, counts_words(state), loss, best, state.device, memory)
    return " · ".join(filter(None, parts))
