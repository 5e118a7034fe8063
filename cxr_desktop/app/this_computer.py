"""*Help → Check this computer*: the look of `cxr-desktop doctor`, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cxr_desktop.domain.errors import Cancelled, CxrError
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.ui.check_up_window import CheckUpWindow
from cxr_desktop.ui.window_actions import WindowActions
from cxr_desktop.workers.latest_answer import LatestAnswer


class ThisComputer(QObject):
    """Opens the window and looks; closed, it looks no further.

    Attributes:
        catalogue: the file of the one that is open.
    """

    _step_reached = Signal(str)  # from the looking thread

    def __init__(
        self, library: ModelLibrary, folders: UserFolders, actions: WindowActions, window: QWidget
    ) -> None:
        super().__init__(window)
        self.catalogue = folders.catalogue
        self._library = library
        self._folders = folders
        self._parent = window
        self._window: CheckUpWindow | None = None
        self._looking: LatestAnswer[Path, str] = LatestAnswer("check-up", self._look, self)
        self._looking.answered.connect(self._show_answer)
        self._looking.refused.connect(self._show_refusal)
        self._step_reached.connect(self._show_step)
        actions["check_computer"].triggered.connect(self.show)

    def show(self) -> None:
        """Opens the window and looks, or brings the open one forward."""
        if self._window is None:
            self._window = CheckUpWindow(self._parent)
            self._window.check_requested.connect(self._ask)
            self._window.save_requested.connect(self._save)
            self._window.finished.connect(self._looking.take_back)
        if self._window.isVisible():
            self._window.raise_()
            self._window.activateWindow()
            return
        self._window.show()
        self._ask()

    def close(self) -> None:
        """The program ends: nothing is looked at any more."""
        if self._window is not None:
            self._window.close()
        self._looking.close()

    def _ask(self) -> None:
        self._looking.ask(self.catalogue)
        self._show_step(tr("Looking at this computer"))

    def _look(self, catalogue: Path, unwanted: Callable[[], bool]) -> str:
        from cxr_desktop.app.check_up.examination import report  # noqa: PLC0415 - on the service's thread

        def step(words: str) -> None:
            if unwanted():
                raise Cancelled
            self._step_reached.emit(words)

        return report(self._library, self._folders, catalogue, step)[0]

    def _show_step(self, words: str) -> None:
        if self._window is not None and self._looking.is_busy:
            self._window.show_step(words)

    def _show_answer(self, _: Path, text: str) -> None:
        if self._window is not None:
            self._window.show_text(text)

    def _show_refusal(self, _: Path, reason: str) -> None:
        if self._window is not None:
            self._window.show_problem(reason or tr("The computer could not be looked at; the log tells why."))

    def _save(self) -> None:
        if self._window is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save the text"), "cxr-desktop-check.txt", tr("Text (*.txt)")
        )
        if not name:
            return
        try:
            Path(name).write_text(self._window.text, encoding="utf-8")
        except OSError as error:
            raise CxrError(
                tr("The text could not be saved: {reason}. Choose another place.", reason=error.strerror)
            ) from error
