"""The program in a process of its own, watched by what it prints. Run by `tests.app.test_whole_program`."""

# Nothing of the program is imported before the network is shut.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NETWORK_USED = 97


def shut_the_network() -> None:
    """From here on, looking up a host or reaching one ends the process: no code can catch that."""

    def watch(event: str, details: tuple[Any, ...]) -> None:
        lookup = event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
        # Addresses of local sockets are paths, those of the internet are tuples.
        reach = event in {"socket.connect", "socket.sendto"} and isinstance(details[1], tuple)
        if lookup or reach:
            os.write(2, f"{event} {details!r}\n".encode())
            os._exit(NETWORK_USED)

    sys.addaudithook(watch)


def show(data: Path, *paths: Path) -> None:
    """Opens the window on a catalogue in `data`, takes paths in and prints each film that it shows.

    A line a film and state: "FILM-ID STATUS". Ends when every film was scored; without paths, when the model
    is loaded.
    """
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from cxr_desktop.app.desk import Desk
    from cxr_desktop.domain.settings import Settings
    from cxr_desktop.domain.worklist import Study
    from cxr_desktop.storage.catalogue import Catalogue
    from cxr_desktop.storage.folders import UserFolders

    folders = UserFolders(data, data / "log")
    folders.create()
    app = QApplication([])
    catalogue = Catalogue.open(folders.catalogue)
    desk = Desk(folders, Settings())

    def tell(studies: tuple[Study, ...]) -> None:
        for film in (film for study in studies for film in study.films):
            print(film.id, film.status, flush=True)

    desk.worklist.changed.connect(tell)  # behind the panes: what is told stands on the screen
    if paths:
        desk.intake.finished.connect(lambda _: desk.scoring.finished.connect(app.quit))
    else:
        desk.scoring.model_ready.connect(lambda _: app.quit())
    desk.window.show()
    QTimer.singleShot(0, lambda: desk.begin(catalogue, paths))
    app.exec()
    desk.worklist.refresh()
    desk.close()
    catalogue.close()


def train(data: Path, films: Path) -> None:
    """Opens the window and starts a training of the smallest network; goes on until it is killed."""
    from PySide6.QtWidgets import QApplication

    from cxr_desktop.app.desk import Desk
    from cxr_desktop.domain.settings import Settings
    from cxr_desktop.domain.start_choices import TrainingOrder, TrainingStart
    from cxr_desktop.domain.tuning import Tuning
    from cxr_desktop.storage.catalogue import Catalogue
    from cxr_desktop.storage.folders import UserFolders

    folders = UserFolders(data, data / "log")
    folders.create()
    app = QApplication([])
    desk = Desk(folders, Settings())
    desk.window.show()
    desk.begin(Catalogue.open(folders.catalogue), [])
    desk.retraining.trainings.begin()
    desk.retraining.trainings.start(
        TrainingOrder(films, TrainingStart("sharma-cnn"), Tuning(epochs=20, batch=8, image_size=32))
    )
    app.exec()


def start(*arguments: str) -> None:
    """The program as its user starts it.

    Prints "open" once its window stands, and "forward" when the window is asked to come forward.
    """
    from cxr_desktop.app.desk import Desk
    from cxr_desktop.cli.main import main
    from cxr_desktop.storage.catalogue import Catalogue
    from cxr_desktop.ui.main_window import MainWindow

    begin, come_forward = Desk.begin, MainWindow.come_forward

    def tell_open(desk: Desk, catalogue: Catalogue, paths: Sequence[Path]) -> None:
        begin(desk, catalogue, paths)
        print("open", flush=True)

    def tell_forward(window: MainWindow) -> None:
        come_forward(window)
        print("forward", flush=True)

    Desk.begin = tell_open  # type: ignore[method-assign]
    MainWindow.come_forward = tell_forward  # type: ignore[method-assign]
    main(arguments)


def run(what: str, *arguments: str) -> None:
    """What a test asks for on the command line."""
    match what:
        case "show":
            show(*map(Path, arguments))
        case "show-offline":
            shut_the_network()
            show(*map(Path, arguments))
        case "show-modules":
            show(*map(Path, arguments))
            print(*sorted(name for name in sys.modules if "." not in name))
        case "train":
            train(*map(Path, arguments))
        case "start-offline":
            shut_the_network()
            start(*arguments)
        case _:
            raise ValueError(what)


if __name__ == "__main__":
    run(*sys.argv[1:])
