"""What can be done in the window beside the film itself: the verbs of its menus, with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cxr_desktop.language import tr
from cxr_desktop.ui.model_choice import ModelMenu


@dataclass(frozen=True)
class Verb:
    """One action's words and keys."""

    text: str
    keys: Sequence[str] = ()
    tip: str = ""


VERBS = {
    "open_files": Verb(tr("Open &files…"), ["Ctrl+O"], tr("X-rays, DICOM files, ZIP archives")),
    "open_folder": Verb(
        tr("Open f&older…"), ["Ctrl+Shift+O"], tr("All X-rays in a folder and the folders in it")
    ),
    "save_table": Verb(tr("&Save the queue as a table…"), ["Ctrl+S"], tr("CSV, for a spreadsheet")),
    "settings": Verb(tr("Se&ttings…"), ["Ctrl+,"]),
    "quit": Verb(tr("&Quit"), ["Ctrl+Q"]),
    "next": Verb(tr("&Next film in the queue"), ["N", "J"]),
    "previous": Verb(tr("&Previous film in the queue"), ["B", "K"]),
    "next_of_study": Verb(tr("Next film of the &study"), ["PgDown"]),
    "previous_of_study": Verb(tr("Previous film of the study"), ["PgUp"]),
    "agree": Verb(
        tr("&Agree with the model"), ["A"], tr("Your reading: the model’s verdict. Once more takes it back")
    ),
    "disagree": Verb(
        tr("&Disagree with the model"), ["D"], tr("Your reading: the contrary. Once more takes it back")
    ),
    "own_label": Verb(
        tr("&Give it a label of your own…"), ["E"], tr("Your reading, in a label of the model or your own")
    ),
    "mark_read": Verb(tr("&Mark as read"), ["M"], tr("The study leaves the queue; the next film comes")),
    "mark_unread": Verb(tr("Mark as &unread"), ["Shift+M"]),
    "score_waiting": Verb(
        tr("S&core waiting films"), ["F5"], tr("After a stop, or a problem with the model")
    ),
    "feature_maps": Verb(
        tr("Feature &maps…"), ["Shift+F"], tr("What each layer of the network makes of the film")
    ),
    "search": Verb(tr("&Find a study"), ["Ctrl+F"]),
    "two_models": Verb(
        tr("&Two models…"), ["Ctrl+2"], tr("The film in view as two models judge it, side by side")
    ),
    "train": Verb(tr("T&rain a better model…"), ["Ctrl+T"], tr("From your own films, step by step")),
    "model_before": Verb(tr("&Back to the model before")),
    "manage_models": Verb(
        tr("&Manage models…"), ["Ctrl+Shift+M"], tr("Figures, history and a way back; export, import, remove")
    ),
    "help": Verb(
        tr("&Help"), ["F1"], tr("How to read the score, what it is for and what not, formats, training")
    ),
    "shortcuts": Verb(tr("&Keyboard shortcuts"), ["?"]),
    "about_model": Verb(tr("About this &model…"), ["Shift+F1"], tr("Its films, its figures, its limits")),
    "check_computer": Verb(
        tr("&Check this computer…"), (), tr("Versions, devices, folders, models, speed; for support")
    ),
    "about": Verb(tr("&About CXR Desktop")),
}


# What else the menu of models holds.
MODEL_VERBS = ("model_before", "two_models", "train", "manage_models")


class WindowActions(QObject):
    """The actions, by name: `actions["open_files"].triggered.connect(…)`."""

    folder_chosen = Signal(object)  # Path, from the recent folders

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.by_name: dict[str, QAction] = {}
        for name, verb in VERBS.items():
            action = QAction(verb.text, window)
            action.setObjectName(name)
            action.setShortcuts([QKeySequence(key) for key in verb.keys])
            if verb.tip:
                action.setToolTip(verb.tip)
                action.setStatusTip(verb.tip)
            window.addAction(action)
            self.by_name[name] = action
        # Also from the windows beside this one: the wizard, a model's page.
        self.by_name["help"].setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        self.by_name["model_before"].setEnabled(False)  # until one is known
        self.models = ModelMenu(window, [self.by_name[name] for name in MODEL_VERBS])
        self._recent = QMenu(tr("&Recent folders"), window)
        self.show_recent_folders(())

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def menus(self, film_actions: Sequence[QAction]) -> dict[str, list[QAction | None] | QMenu]:
        """The menu bar's content.

        Args:
            film_actions: what can be done with the film in view.
        """
        it = self.by_name
        return {
            tr("&File"): [
                it["open_files"], it["open_folder"], self._recent.menuAction(), None,
                it["save_table"], None, it["settings"], None, it["quit"],
            ],
            tr("&Reading"): [
                it["next"], it["previous"], it["next_of_study"], it["previous_of_study"], None,
                it["agree"], it["disagree"], it["own_label"], None,
                it["mark_read"], it["mark_unread"], None, it["search"], it["score_waiting"],
            ],
            tr("F&ilm"): [*film_actions, None, it["feature_maps"]],
            tr("M&odel"): self.models.menu,
            tr("&Help"): [it["help"], it["shortcuts"], it["about_model"], it["check_computer"], it["about"]],
        }  # fmt: skip

    def groups(self, film_actions: Sequence[QAction]) -> dict[str, list[QAction]]:
        """For the page of shortcuts."""
        groups = {
            title.replace("&", ""): [a for a in actions if a is not None and a.menu() is None]
            for title, actions in self.menus(film_actions).items()
            if not isinstance(actions, QMenu)
        }
        return groups | {tr("Model"): [self.by_name[name] for name in MODEL_VERBS]}

    def show_recent_folders(self, folders: Sequence[Path]) -> None:
        """Fills the menu of recent folders, the last one first."""
        self._recent.clear()
        for folder in folders:
            self._recent.addAction(str(folder)).triggered.connect(partial(self.folder_chosen.emit, folder))
        self._recent.setEnabled(bool(folders))
