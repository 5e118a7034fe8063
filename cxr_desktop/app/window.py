"""Builds the window's objects and wires them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLibraryInfo,
    QLocale,
    QObject,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.logs import start_logging
from cxr_desktop.domain.errors import CatalogueError, CxrError, DamagedCatalogue
from cxr_desktop.language import ENGLISH, LANGUAGE, tr
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders, make_private_folder
from cxr_desktop.storage.settings_file import load_settings
from cxr_desktop.ui.theme import apply_theme
from cxr_desktop.workers.garbage import GarbageCollector
from cxr_desktop.workers.single_instance import SingleInstance

if TYPE_CHECKING:
    from cxr_desktop.storage.catalogue import Catalogue


class FileOpenListener(QObject):
    """On macOS a double-clicked film arrives as an event, not as an argument."""

    path_opened = Signal(object)  # Path

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.path_opened.emit(Path(event.file()))
            return True
        return super().eventFilter(watched, event)


def run_window(
    paths: Sequence[Path],
    folders: UserFolders,
    catalogue_path: Path | None = None,
    model: str | None = None,
) -> int:
    """Opens the window and stays until it is closed.

    A window that is open on the same catalogue gets the paths instead, and comes forward.

    Args:
        paths: films, folders and archives to take in.
        catalogue_path: another catalogue than the user's own.
        model: judges instead of the settings' one: an id, `id@version` or a folder. A window that is open
            already keeps its own.

    Returns:
        The program's exit code.
    """
    QCoreApplication.setApplicationName("cxr-desktop")
    app = _application()
    catalogue_path = catalogue_path or folders.catalogue
    try:
        folders.create()
        make_private_folder(catalogue_path.parent)
        start_logging(folders.log)
        instance = SingleInstance(catalogue_path)
        is_first = instance.acquire()
    except CxrError as problem:
        _say(str(problem))
        return 1
    except OSError as error:
        _say(
            tr(
                "The program's own folders cannot be used ({reason}). Check the disk and its rights.",
                reason=error.strerror,
            )
        )
        return 1
    if not is_first:
        if instance.hand_over(paths):
            if model is not None:
                print(tr("The open window keeps its model; choose another in its menu."), file=sys.stderr)
            return 0
        _say(
            tr(
                "CXR Desktop is running on this catalogue already but does not answer. Close it "
                "and start again."
            )
        )
        return 1

    loaded = load_settings(folders.settings, datetime.now())
    apply_theme(app, loaded.settings.theme)
    desk = Desk(folders, loaded.settings, model)
    if loaded.problem:
        desk.notices.say(loaded.problem)
    instance.paths_received.connect(desk.take_in)
    instance.paths_received.connect(desk.window.come_forward)
    listener = FileOpenListener(app)
    listener.path_opened.connect(lambda path: desk.take_in([path]))
    opened: list[Catalogue] = []

    def begin() -> None:
        catalogue = open_catalogue(catalogue_path)
        if catalogue is None:
            app.exit(1)
            return
        opened.append(catalogue)
        desk.begin(catalogue, paths)
        instance.listen()
        app.installEventFilter(listener)

    previous_hook, sys.excepthook = sys.excepthook, desk.take_exception
    desk.window.show()
    app.processEvents()  # it is painted now, before half a second of opening
    QTimer.singleShot(0, begin)
    try:
        return app.exec()
    finally:
        sys.excepthook = previous_hook
        desk.close()
        for catalogue in opened:
            catalogue.close()
        instance.close()


def _application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        app = QApplication(sys.argv[:1])
        GarbageCollector(app)
    app.setApplicationDisplayName("CXR Desktop")
    app.setDesktopFileName("cxr-desktop")
    speak(app)
    app.setWindowIcon(QIcon(str(resources_folder() / "icons" / "cxr-desktop.svg")))
    return app


def speak(app: QApplication) -> None:
    """Gives Qt's own buttons and menus the window's language, and all of it that language's direction.

    Figures are typed as all sentences write them, with a decimal point, whatever the desktop's way: on a
    German one "2.5" would be taken for 25. To be called before any widget is made.
    """
    figures = QLocale.c()
    figures.setNumberOptions(
        QLocale.NumberOption.RejectGroupSeparator | QLocale.NumberOption.OmitGroupSeparator
    )
    QLocale.setDefault(figures)
    if LANGUAGE == ENGLISH:
        return
    language = QLocale(LANGUAGE)
    app.setLayoutDirection(language.textDirection())
    words = QTranslator(app)
    if words.load(language, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)


def open_catalogue(path: Path) -> Catalogue | None:
    """The catalogue; where it is damaged the reader chooses what to do. None: to leave it."""
    from cxr_desktop.storage.catalogue import Catalogue  # noqa: PLC0415 - SQLAlchemy

    try:
        return Catalogue.open(path)
    except DamagedCatalogue as problem:
        return _offer_backup(path, problem)
    except CxrError as problem:
        _say(str(problem))
        return None


def _offer_backup(path: Path, problem: DamagedCatalogue) -> Catalogue | None:
    from cxr_desktop.storage.backups import backups_of, restore_newest_backup, set_aside  # noqa: PLC0415
    from cxr_desktop.storage.catalogue import Catalogue  # noqa: PLC0415

    box = QMessageBox(QMessageBox.Icon.Warning, "CXR Desktop", str(problem))
    try:
        backups = backups_of(path)
    except CatalogueError:  # no backup can be offered then; the damage is still told
        backups = []
    restore = None
    if backups:
        day = max(backup.day for backup in backups)
        restore = box.addButton(
            tr("Restore the backup of {day}", day=day.isoformat()), QMessageBox.ButtonRole.AcceptRole
        )
    anew = box.addButton(tr("Start an empty catalogue"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(tr("Quit"), QMessageBox.ButtonRole.RejectRole)
    box.setInformativeText(tr("The damaged file is kept beside the new one in any case."))
    box.exec()
    try:
        if restore is not None and box.clickedButton() is restore:
            restore_newest_backup(path, datetime.now(UTC))
            return Catalogue.open(path)
        if box.clickedButton() is anew:
            set_aside(path, datetime.now(UTC))
            return Catalogue.open(path, start_anew=True)
    except CatalogueError as failed:
        _say(str(failed))
    return None


def _say(problem: str) -> None:
    """Before there is a window to say it in."""
    QMessageBox.critical(None, "CXR Desktop", problem)
