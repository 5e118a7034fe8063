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

    def offer(self, bundle: Path, films: Path | None = None) -> None:
        """A new model is there: it is compared when the page Result is entered.

        Args:
            bundle: its folder, among the user's models.
            films: a labelled folder or a list to compare on; None: the locked test set.
        """
        models = self._model.all_models()
        self._new = next((each for each in models if each.folder.resolve() == bundle.resolve()), None)
        self._before = next((each for each in models if each.folder == self._model.folder), None)
        if self._new is None or self._before is None:
            self.result.set_models(None)
        else:
            self.result.set_models(ModelsToCompare(str(self._before.folder), str(self._new.folder), films))
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
