"""Trainings beside the reading: started, followed, told in the status line, found again at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.training_orders import TrainingOrders
from cxr_desktop.domain.start_choices import TrainingOrder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.ui.status_line import TrainingDisplay
from cxr_desktop.workers.latest_answer import LatestAnswer

if TYPE_CHECKING:
    from cxr_desktop.training.runs import TrainingRuns
    from cxr_desktop.ui.retraining_wizard.network_page import NetworkPage
    from cxr_desktop.ui.retraining_wizard.training_page import TrainingPage
    from cxr_desktop.workers.training_service import TrainingService


class Trainings(QObject):
    """All trainings of this user, and the pages on which they are ordered and followed.

    Signals:
        failed: why something that was asked for was not done, where the page that says so is not in view.
    """

    failed = Signal(str)

    def __init__(
        self,
        folders: UserFolders,
        library: ModelLibrary,
        model: ModelInUse,
        display: TrainingDisplay,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._folder = folders.trainings
        self._orders = orders = TrainingOrders(folders, library, model)
        self._display = display
        self._window = window
        self._runs: TrainingRuns | None = None
        self._service: TrainingService | None = None
        self._page: TrainingPage | None = None
        self._starts = LatestAnswer("training starts", orders.starts, self)
        self._previews = LatestAnswer("training preview", orders.preview, self)
        self._estimates = LatestAnswer("training estimate", orders.estimate, self)
        self._thumbnails = LatestAnswer("training films", orders.thumbnails, self)
        for answers in self._answering:
            answers.failed.connect(self.failed)

    @property
    def is_begun(self) -> bool:
        """Whether trainings are followed."""
        return self._service is not None

    @property
    def service(self) -> TrainingService:
        """Follows and steers the runs; there from `begin` on."""
        if self._service is None:
            raise ValueError("trainings are followed from `begin` on")
        return self._service

    def begin(self) -> None:
        """Looks for trainings that go on, or were interrupted, and follows them from now on."""
        if self.is_begun:
            return
        # Once the window stands: neither is needed before.
        from cxr_desktop.training.runs import TrainingRuns  # noqa: PLC0415
        from cxr_desktop.workers.training_service import TrainingService  # noqa: PLC0415

        self._runs = TrainingRuns(self._folder)
        self._service = TrainingService(self._runs, self)
        self._service.run_changed.connect(self._tell)
        self._service.run_gone.connect(self._tell)
        self._service.failed.connect(self._refuse)
        self._service.begin()

    def start(self, order: TrainingOrder) -> None:
        """Starts a training; why it cannot be is told on the page, or by `failed` where that is hidden."""
        runs = self._known
        self.service.start(lambda: runs.start(self._orders.request(order)))

    def network_page(self, parent: QWidget | None = None) -> NetworkPage:
        """A page on which a training is ordered. One at a time: it has the threads that answer it."""
        from cxr_desktop.ui.retraining_wizard.network_page import NetworkPage  # noqa: PLC0415 - seldom opened

        return NetworkPage(self._starts, self._previews, self._estimates, parent)

    def training_page(self) -> TrainingPage:
        """The page on which runs are followed: one, made when it is first wanted."""
        from cxr_desktop.ui.retraining_wizard.training_page import TrainingPage  # noqa: PLC0415 - pyqtgraph

        if self._page is None:
            self._page = TrainingPage(self.service, self._thumbnails, self._window)
        return self._page

    def bundle_of(self, run: str) -> Path:
        """The folder of the model that a run makes.

        Raises:
            TrainingError: the run is gone.
        """
        return self._known.output(run)

    def films_of(self, run: str) -> Path:
        """The labelled folder or the list of films that a run was given.

        Raises:
            TrainingError: the run is gone.
        """
        return self._known.films(run)

    def show_told(self) -> None:
        """Shows the run that the status line speaks of on its page, which the reader sees now."""
        if self._told:
            self.training_page().show_run(self._told)
        for name, state in self.service.states.items():
            if state.has_unseen_end:
                self.service.note_seen(name)

    def close(self) -> None:
        """The window closes; trainers go on by themselves."""
        for answers in self._answering:
            answers.close()
        if self._service is not None:
            self._service.close()

    @property
    def _known(self) -> TrainingRuns:
        if self._runs is None:
            raise ValueError("trainings are known from `begin` on")
        return self._runs

    @property
    def _answering(self) -> tuple[LatestAnswer[Any, Any], ...]:
        return (self._starts, self._previews, self._estimates, self._thumbnails)

    @property
    def _told(self) -> str:
        """The run that the status line speaks of: one at work, else one that can go on or whose end is news;
        "" for none.
        """
        states = self._service.states if self._service is not None else {}
        working = [name for name, state in states.items() if state.at_work]
        news = [name for name, state in states.items() if state.resumable or state.has_unseen_end]
        return next(reversed(working or news), "")

    def _refuse(self, reason: str) -> None:
        if self._page is not None and self._page.isVisible():
            self._page.show_problem(reason)
        else:
            self.failed.emit(reason)

    def _tell(self) -> None:
        told = self._told
        self._display.show_state(self.service.states[told] if told else None)
