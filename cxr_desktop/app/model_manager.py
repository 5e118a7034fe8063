"""*Model → Manage models*: a window that knows which models there are, and what is done with their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.model_switch import ModelSwitch
from cxr_desktop.domain.errors import BundleError, CxrError
from cxr_desktop.domain.library_entry import ModelInLibrary, ModelUse
from cxr_desktop.language import tr
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.ui.window_actions import VERBS, WindowActions
from cxr_desktop.workers.model_exchange_service import ModelExchangeService
from cxr_desktop.workers.scoring_service import ScoringService

if TYPE_CHECKING:
    from cxr_desktop.ui.model_manager import ModelManagerWindow


class ModelManager(QObject):
    """Opens the window, once, and keeps it at what is there while it is open.

    Signals:
        models_changed: a model came or went.
        removed: the folder of a model that is gone.
        not_removed: the folder of a model that is still there, and why.

    Attributes:
        before: the model that judged last before the one in use and is still there, to which the way back
            leads; None without one, or before the one in use was loaded.
    """

    models_changed = Signal()
    removed = Signal(object)  # Path
    not_removed = Signal(object, str)  # Path
    _gone = Signal(object)  # these two, from the service's thread
    _stays = Signal(object, str)

    def __init__(
        self,
        library: ModelLibrary,
        models: Path,
        model: ModelInUse,
        switch: ModelSwitch,
        scoring: ScoringService,
        actions: WindowActions,
        window: QWidget,
    ) -> None:
        """
        Args:
            models: the folder of the user's own models.
            actions: of which "manage_models" and "model_before" are done here.
        """
        super().__init__(window)
        self._library = library
        self._models = models
        self._model = model
        self._switch = switch
        self._window = window
        self._open: ModelManagerWindow | None = None
        self.exchange = ModelExchangeService(self)
        self.exchange.finished.connect(self._take_change)
        self._gone.connect(self.removed)
        self._stays.connect(self.not_removed)
        self._back = actions["model_before"]
        self.before: ModelInLibrary | None = None
        self._back.triggered.connect(self._go_back)
        actions["manage_models"].triggered.connect(self.show)
        switch.model_changed.connect(self.follow)
        scoring.model_ready.connect(self.follow)  # only now its use is noted

    def show(self) -> None:
        """Opens the window, or brings the open one forward."""
        from cxr_desktop.ui.model_manager import ModelManagerWindow  # noqa: PLC0415 - seldom opened

        if self._open is not None:
            self._open.raise_()
            self._open.activateWindow()
            return
        opened = ModelManagerWindow(self._window)
        opened.use_requested.connect(self._use)
        opened.export_requested.connect(self._export)
        opened.import_requested.connect(self._bring_in)
        opened.remove_requested.connect(self.remove)
        opened.stop_requested.connect(self.exchange.cancel)
        self.exchange.started.connect(opened.show_started)
        self.exchange.progress_changed.connect(opened.show_progress)
        self.exchange.finished.connect(opened.show_outcome)
        self.exchange.failed.connect(opened.show_outcome)
        self.exchange.stopped.connect(opened.show_stopped)
        opened.finished.connect(self._forget_window)
        self._open = opened
        self.follow()
        opened.show()

    def follow(self) -> None:
        """Another model is in use, or there are others."""
        models, uses = self._model.all_models(), self._model.uses()
        self.before = _before(uses, models, self._model.folder)
        self._back.setText(
            tr("&Back to {model}", model=self.before.title) if self.before else VERBS["model_before"].text
        )
        self._back.setEnabled(self.before is not None)
        if self._open is not None:
            self._open.show_models(models, self._model.folder)
            self._open.show_uses(uses)

    def bring_in(self, file: Path) -> None:
        """Imports a model that was dropped or double-clicked, where the reader sees what comes of it."""
        self.show()
        self._bring_in(file)

    def remove(self, model: ModelInLibrary) -> None:
        """Removes one of the user's own models for good; the reader was asked.

        Raises:
            BundleError: it is in use, or not the user's own.
        """
        from cxr_desktop.app.models_kept import check_removable, remove_model  # noqa: PLC0415

        library, in_use = self._library, self._model.folder
        check_removable(library, model.folder, in_use)

        def work(_: Callable[[int, int], None]) -> str:
            try:
                remove_model(library, model.folder, in_use)
            except CxrError as reason:
                self._stays.emit(model.folder, str(reason))
                raise
            self._gone.emit(model.folder)
            return tr("{model} is removed.", model=model.title)

        self.exchange.do(tr("Removing {model}", model=model.title), work)

    def close(self) -> None:
        """Gives up what is being done; nothing half is left."""
        self.exchange.close()

    def _go_back(self) -> None:
        if self.before is not None:
            self._use(self.before)

    def _use(self, model: ModelInLibrary) -> None:
        self._switch.choose(model.name)

    def _export(self, model: ModelInLibrary, file: Path) -> None:
        from cxr_desktop.app.models_kept import export_model  # noqa: PLC0415 - seldom asked for

        def work(tell: Callable[[int, int], None]) -> str:
            card = export_model(model.folder, file, on_bytes=tell)
            maker = card.provenance.created_by
            told = tr("{model} is in {file}.", model=model.title, file=file.name)
            if maker:
                told = tr("{told} Its card names its maker, {maker}.", told=told, maker=maker)
            return told

        self.exchange.do(tr("Exporting {model}", model=model.title), work)

    def _bring_in(self, file: Path) -> None:
        from cxr_desktop.app.models_kept import import_model  # noqa: PLC0415 - seldom asked for

        library, models = self._library, self._models

        def work(tell: Callable[[int, int], None]) -> str:
            card = import_model(library, models, file, tell).card
            if card is None:
                raise BundleError(tr("The model was imported, and its card cannot be read. Import it again."))
            return tr(
                "{model} is here, checked and ready. Choose “Use it” to judge with it.",
                model=f"{card.name} {card.version}",
            )

        self.exchange.do(tr("Importing and checking a model"), work)

    def _take_change(self) -> None:
        self._switch.show_choices()
        self.follow()
        self.models_changed.emit()

    def _forget_window(self) -> None:
        self._open = None


def _before(
    uses: Sequence[ModelUse], models: Sequence[ModelInLibrary], in_use: Path | None
) -> ModelInLibrary | None:
    """The model that judged last of those that are there and do not judge now."""
    there = {each.card.key: each for each in models if each.card is not None and each.folder != in_use}
    return next((there[key] for use in reversed(uses) if (key := (use.id, use.version)) in there), None)
