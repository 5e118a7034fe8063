"""The wizard's page *Model*: what is trained and how, seen on one's own films, and how long it will take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cxr_desktop.domain.start_choices import StartChoice, StartQuestion, TrainingOrder
from cxr_desktop.domain.training_words import order_words
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label, quiet_scroll
from cxr_desktop.ui.retraining_wizard.estimate_box import EstimateBox, Estimates
from cxr_desktop.ui.retraining_wizard.start_box import StartBox
from cxr_desktop.ui.retraining_wizard.tuning_form import TuningForm
from cxr_desktop.ui.retraining_wizard.variation_box import Previews, VariationBox
from cxr_desktop.workers.latest_answer import LatestAnswer

Starts = LatestAnswer[StartQuestion, tuple[StartChoice, ...]]


class NetworkPage(QWidget):
    """Start and recipe on the left, what they mean for films and time on the right.

    Signals:
        ready_changed: whether what is chosen can be trained.
        order_changed: the TrainingOrder as it stands; None while it cannot be trained.
    """

    title = tr("Model")
    ready_changed = Signal(bool)
    order_changed = Signal(object)

    def __init__(
        self, starts: Starts, previews: Previews, estimates: Estimates, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            starts: looks what there is to start from, and checks weights files.
            previews: varies films.
            estimates: measures how long a training takes.
        """
        super().__init__(parent)
        self._starts = starts
        self._films: Path | None = None
        self._suspicious: tuple[str, ...] = ()
        self._ready = False
        self.start_box = StartBox()
        self.form = TuningForm()
        self.variation = VariationBox(previews)
        self.estimate = EstimateBox(estimates)
        self._message = plain_label("check", self)
        self._message.hide()
        columns = QHBoxLayout()
        for parts, stretch in (
            ((self.start_box, self.form), 1),
            ((self.variation, self.estimate), 1),
        ):
            column = QWidget()
            layout = QVBoxLayout(column)
            layout.setContentsMargins(0, 0, 6, 0)
            layout.setSpacing(12)
            for part in parts:
                layout.addWidget(part)
            layout.addStretch(1)
            columns.addWidget(quiet_scroll(column, self), stretch)
        page = QVBoxLayout(self)
        page.addWidget(self._message)
        page.addLayout(columns, 1)
        self.start_box.choice_changed.connect(self._take_choice)
        self.start_box.file_chosen.connect(self._check_file)
        self.form.changed.connect(self._tell)
        starts.answered.connect(self._offer)
        starts.refused.connect(self._show_refusal)

    @property
    def order(self) -> TrainingOrder | None:
        """What would be trained; None while that is not possible."""
        choice = self.start_box.choice
        if choice is None or choice.problem or self._films is None:
            return None
        return TrainingOrder(self._films, choice.start, self.form.tuning(), self._suspicious)

    def order_words(self, films: int) -> str:
        """What would be trained, on one line; "" while that is not possible.

        Args:
            films: how many were chosen.
        """
        choice, order = self.start_box.choice, self.order
        if choice is None or order is None:
            return ""
        return order_words(choice, order, films, self.estimate.measured)

    @property
    def is_ready(self) -> bool:
        """Whether what is chosen can be trained."""
        return self._ready

    def show_films(
        self, films: Path | None, samples: Sequence[Path] = (), suspicious: tuple[str, ...] = ()
    ) -> None:
        """What there is to learn from.

        Args:
            films: a labelled folder or a list; None: nothing yet.
            samples: some of its training films, to be shown varied.
            suspicious: the classes that speak for suspicion; empty: all but the one called "normal".
        """
        self._films, self._suspicious = films, suspicious
        self.variation.show_films(samples)
        self._tell()

    def enter(self) -> None:
        """Looks anew what there is to start from: another model may be in use by now."""
        if self.start_box.choice is None:
            self._say(tr("Looking what there is to start from…"))
        self._starts.ask(StartQuestion())

    def _check_file(self, architecture: str, file: Path) -> None:
        self.start_box.show_problem(tr("Checking the file…"))
        self._starts.ask(StartQuestion(file, architecture))

    def _offer(self, _: StartQuestion, choices: tuple[StartChoice, ...]) -> None:
        self._say("")
        self.start_box.show_choices(choices)

    def _show_refusal(self, question: StartQuestion, reason: str) -> None:
        reason = reason or tr("This could not be done.")
        if question.weights is not None:
            self.start_box.show_problem(reason)
        else:
            self._say(reason)

    def _take_choice(self, choice: StartChoice | None) -> None:
        self.form.show_recipe(choice)
        self._tell()

    def _tell(self) -> None:
        order = self.order
        self.variation.show_start(self.start_box.choice, self.form.tuning())
        self.estimate.show_order(order)
        if self._ready != (order is not None):
            self._ready = order is not None
            self.ready_changed.emit(self._ready)
        self.order_changed.emit(order)

    def _say(self, words: str) -> None:
        self._message.setText(words)
        self._message.setVisible(bool(words))
