"""The wizard's pages Result and Use it, with the services behind them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cxr_desktop.app.comparing import Comparing
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.model_manager import ModelManager
from cxr_desktop.app.model_switch import ModelSwitch
from cxr_desktop.domain.comparison import ModelsToCompare
from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.library_entry import ModelInLibrary
from cxr_desktop.language import tr
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.ui.retraining_wizard.result_page import ResultPage
from cxr_desktop.ui.retraining_wizard.use_page import UsePage
from cxr_desktop.workers.compared_films import ComparedFilmsService
from cxr_desktop.workers.comparison_service import ComparisonService
from cxr_desktop.workers.scoring_service import ScoringService


class ResultPages(QObject):
    """Both pages, told of a new model by `offer`. `close` ends the threads."""

    def __init__(
        self,
        library: ModelLibrary,
        locked_test: Path,
        model: ModelInUse,
        switch: ModelSwitch,
        manager: ModelManager,
        scoring: ScoringService,
        look: HeatLook,
        window: QWidget,
    ) -> None:
        """
        Args:
            locked_test: the file of the locked test set; need not exist.
            look: how heatmaps look.
            window: owns the pages until they are placed in another one.
        """
        super().__init__(window)
        self._model = model
        self._manager = manager
        self._new: ModelInLibrary | None = None
        self._before: ModelInLibrary | None = None
        comparing = Comparing(library, locked_test, model.devices)
        self._comparison = ComparisonService(comparing.compare, self)
        self._films = ComparedFilmsService(comparing.picture, comparing.look, self)
        self.result = ResultPage(self._comparison, self._films, look, window)
        self.use = UsePage(window)
        self.result.compared.connect(self._show_model)
        self.use.switch_requested.connect(switch.choose)
        self.use.discard_requested.connect(self._discard)
        switch.model_changed.connect(lambda: self.use.show_in_use(model.folder))
        scoring.progress_changed.connect(self.use.show_scoring)
        manager.removed.connect(self._note_removed)
        manager.not_removed.connect(self._note_not_removed)

    def offer(self, bundle: Path, trained_on: Path, point: str = "", look_in: tuple[Path, ...] = ()) -> None:
        """A new model is there: it is compared when the page Result is entered.

        One that judges already stays beside the model that it was compared with, or that judged before it.

        Args:
            bundle: its folder, among the user's models.
            trained_on: the labelled folder or the list of films that its training was given.
            point: the name of the operating point in force; "" for each model's own.
            look_in: films and folders among which films of the locked test set may be that were moved.
        """
        there = {each.folder.resolve(): each for each in self._model.all_models()}
        new = there.get(bundle.resolve())
        in_use = there.get(self._model.folder.resolve()) if self._model.folder else None
        if new is None or new is not in_use:
            self._before = in_use
        elif self._new is None or self._new.folder != new.folder or self._before not in there.values():
            self._before = self._manager.before
        self._new = new
        if new is None:
            self.result.set_models(None)
        elif self._before is None:
            self.result.set_models(
                None,
                tr(
                    "No model that judged before {model} is there, so there is nothing to compare it with.",
                    model=new.title,
                ),
            )
        else:
            self.result.set_models(
                ModelsToCompare(str(self._before.folder), str(new.folder), trained_on, point, look_in),
                tr(
                    "{new} judges already. Here it stands beside {before}, which judged before it.",
                    new=new.title,
                    before=self._before.title,
                )
                if new is in_use
                else "",
            )
        self._show_model()

    def offer_none(self, reason: str) -> None:
        """There is no new model to look at, and why."""
        self._new = self._before = None
        self.result.set_models(None, reason)
        self._show_model()

    def close(self) -> None:
        """Gives up what is asked."""
        for service in (self._comparison, self._films):
            service.close()

    def _show_model(self) -> None:
        self.use.show_model(self._new, self._before, self.result.result)
        self.use.show_in_use(self._model.folder)  # the reader may have switched before

    def _discard(self) -> None:
        if self._new is not None:
            try:
                self._manager.remove(self._new)
            except CxrError as reason:
                self.use.show_problem(str(reason))

    def _note_removed(self, folder: Path) -> None:
        if self._new is not None and folder == self._new.folder:
            self._new = None
            self.result.set_models(None)
            self.use.show_discarded()

    def _note_not_removed(self, folder: Path, reason: str) -> None:
        if self._new is not None and folder == self._new.folder:
            self.use.show_problem(reason)
