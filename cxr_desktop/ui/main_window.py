"""The window: it places panes, and takes what is dropped on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from cxr_desktop.ui.held_action import HeldAction
from cxr_desktop.ui.notice_bar import NoticeBar
from cxr_desktop.ui.status_line import StatusLine

SHARE_OF_SCREEN = 0.92
SIDE_WIDTH = 340  # logical pixels: names and file names of pictures are read whole


class MainWindow(QMainWindow):
    """Studies on the left, the film in the middle, triage on the right, one line beneath."""

    paths_dropped = Signal(object)  # tuple[Path, ...]

    def __init__(
        self, browser: QWidget, viewer: QWidget, triage: QWidget, status: StatusLine, notices: NoticeBar
    ) -> None:
        super().__init__()
        self.setWindowTitle("CXR Desktop")
        self.setAcceptDrops(True)
        self.resize(self.screen().availableSize() * SHARE_OF_SCREEN)
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        for pane, stretch in ((browser, 0), (viewer, 1), (triage, 0)):
            self._panes.addWidget(pane)
            self._panes.setStretchFactor(self._panes.count() - 1, stretch)
        self._panes.setSizes([SIDE_WIDTH, max(self.width() - 2 * SIDE_WIDTH, 1), SIDE_WIDTH])
        self._panes.setCollapsible(1, False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(notices)
        column.addWidget(self._panes, 1)
        column.addWidget(status)
        self.setCentralWidget(centre)
        # Else the search box would have it, and the first keys would be searched for instead of obeyed.
        viewer.setFocus()
        # A field that takes drops itself (the search box takes text) would swallow films dropped on it.
        for child in self.findChildren(QWidget):
            child.setAcceptDrops(False)

    def place_menus(self, menus: Mapping[str, Sequence[QAction | None] | QMenu]) -> None:
        """Fills the menu bar; None draws a line. A menu that fills itself is taken as it is.

        What lasts while its key is held down has no place in them.
        """
        for title, actions in menus.items():
            if isinstance(actions, QMenu):
                self.menuBar().addMenu(actions)
                continue
            menu = self.menuBar().addMenu(title)
            for action in actions:
                if action is None:
                    menu.addSeparator()
                elif not isinstance(action, HeldAction):
                    menu.addAction(action)

    def come_forward(self) -> None:
        """Shows the window above others."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def arrangement(self) -> str:
        """The window's and the panes' sizes, to be restored at the next start."""
        return f"{_text(self.saveGeometry())} {_text(self._panes.saveState())}"

    def arrange(self, arrangement: str) -> None:
        """Restores sizes; what does not fit (another screen) is put right by Qt."""
        geometry, _, panes = (QByteArray(part.encode()) for part in arrangement.partition(" "))
        self.restoreGeometry(QByteArray.fromBase64(geometry))
        self._panes.restoreState(QByteArray.fromBase64(panes))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)  # never move: originals stay where they are
            event.accept()
            self.paths_dropped.emit(paths)


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")
