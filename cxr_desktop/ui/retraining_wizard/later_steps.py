"""The wizard's later steps: pages that know nothing of a plan, each told what the plan has for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.labelled_films import may_be_learned_from
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.domain.start_choices import TrainingOrder
from cxr_desktop.language import tr
from cxr_desktop.ui.retraining_wizard.network_page import NetworkPage
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.retraining_wizard.result_page import ResultPage
from cxr_desktop.ui.retraining_wizard.training_page import TrainingPage
from cxr_desktop.ui.retraining_wizard.use_page import UsePage

# Films of which some are shown as training varies them.
_SAMPLES = 24


class ModelStep(Page):
    """What is trained, and how, on the films of the plan."""

    def __init__(self, network: NetworkPage) -> None:
        super().__init__(
            network.title,
            tr(
                "What the new model starts from and how it learns. What is recommended is chosen "
                "already; every choice says what it does."
            ),
        )
        self.network = network
        self.column.addWidget(network, 1)
        network.ready_changed.connect(self.set_ready)

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        self.network.show_films(plan.films_file, _samples(plan), plan.suspicious)
        self.network.enter()
        self.set_ready(self.network.is_ready)


class TrainingStep(Page):
    """The training that was ordered, and those before it."""

    def __init__(
        self,
        training: TrainingPage,
        network: NetworkPage,
        start: Callable[[TrainingOrder], None],
    ) -> None:
        """
        Args:
            network: where a training is ordered.
            start: has it trained.
        """
        super().__init__(
            training.title,
            tr(
                "It goes on when this window, or the program, is closed, and leaves half of the "
                "machine to your reading."
            ),
        )
        self.training = training
        self._network = network
        self.column.addWidget(training, 1)
        training.ready_changed.connect(self.set_ready)
        training.start_requested.connect(start)

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        order = self._network.order
        if order is not None and order.films == plan.films_file:
            self.training.offer(order, self._network.order_words(len(plan.films)))
        else:
            self.training.offer(None)  # nothing is ordered of these films yet
        self.training.enter()
        self.set_ready(self.training.is_ready)


class ResultStep(Page):
    """The new model beside the present one."""

    def __init__(self, result: ResultPage, offer: Callable[[RetrainingPlan], None]) -> None:
        """
        Args:
            offer: tells the page which models to compare, and on which films of the plan.
        """
        super().__init__(
            result.title,
            tr("Whether the new model is better than the present one, on films that neither learned from."),
        )
        self.result = result
        self._offer = offer
        self.column.addWidget(result, 1)
        result.ready_changed.connect(self.set_ready)

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        self._offer(plan)
        self.result.enter()
        self.set_ready(self.result.ready)


class UseStep(Page):
    """What becomes of the new model."""

    def __init__(self, use: UsePage) -> None:
        super().__init__(
            use.title, tr("The present model stays, whatever you choose, and you can go back to it.")
        )
        self.use = use
        self.column.addWidget(use, 1)
        use.ready_changed.connect(self.set_ready)

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        self.use.enter()
        self.set_ready(self.use.ready)


def _samples(plan: RetrainingPlan) -> tuple[Path, ...]:
    """Films to learn from, spread over all of them, so that each class is there."""
    films = [film.path for film in plan.films if may_be_learned_from(film)]
    return tuple(films[:: max(1, len(films) // _SAMPLES)][:_SAMPLES])
