"""The window in whatever language is settled: prints each text that it shows. Run by `tests.test_languages`.

python -m tests.app.foreign_window FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QWidget,
)

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.window import speak
from cxr_desktop.domain.comparison_page import comparison_page
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.model_page import page_as_markdown
from cxr_desktop.domain.settings import Settings
from cxr_desktop.imaging.phantom import phantom_file
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.retraining_wizard import DataPage, FilmsPage, ResultStep, RetrainingWizard, TrainingStep
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.theme import apply_theme
from tests.app.conftest import all_scored
from tests.app.finished_run import a_finished_run
from tests.screenshots import pause, wait_until
from tests.training.audit.pictures import drawn_films

_FILMS = 2
_COMPARED = 4  # films, by the two models
_RUN = "own_model"
_WINDOWS = ("two_models", "feature_maps", "manage_models", "about_model", "check_computer")
_DIALOGS = ("settings", "shortcuts", "about")


def main(scratch: Path) -> None:
    app = QApplication([])
    speak(app)
    apply_theme(app, "dark")
    folders = UserFolders(scratch / "data", scratch / "log")
    folders.create()
    catalogue = Catalogue.open(folders.catalogue)
    a_finished_run(folders, _RUN, _compared_films(scratch))
    desk = Desk(folders, Settings())
    desk.window.show()
    desk.begin(catalogue, [])
    texts: dict[str, str] = {}
    try:
        for text, place in _walk(desk, scratch):
            texts.setdefault(text, place)
        texts["layout"] = app.layoutDirection().name
    finally:
        desk.window.close()
        desk.close()
        catalogue.close()
    print(json.dumps({text.replace(str(scratch), ""): place for text, place in texts.items()}))


def _walk(desk: Desk, scratch: Path) -> Iterator[tuple[str, str]]:
    """What is shown by an empty window, with films, by all windows beside it, and by the wizard."""
    pause(0.5)
    yield from _shown()
    films = scratch / "films"
    films.mkdir()
    for number in range(_FILMS):
        (films / f"{number}.jpg").write_bytes(phantom_file(number))
    (films / "damaged.dcm").write_bytes(b"no film")
    taken_in: list[object] = []
    desk.intake.finished.connect(taken_in.append)
    desk.take_in([films])
    wait_until(lambda: bool(taken_in) and all_scored(desk, _FILMS)())
    desk.session.show_film(desk.session.queue.ranked[0].id)
    pause(1)
    yield from _shown()
    for name in _WINDOWS:
        if name in desk.actions.by_name:
            desk.actions[name].trigger()
            pause(1)
            yield from _shown()
    for name in _DIALOGS:
        yield from _in_dialog(desk.actions[name].trigger)
    drawn_films(scratch / "labelled", {"NORMAL": 24, "PNEUMONIA": 24})
    desk.retraining.show()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    films_page, data = wizard.pages[:2]
    assert isinstance(films_page, FilmsPage) and isinstance(data, DataPage)
    films_page.take([scratch / "labelled"])
    wait_until(lambda: films_page.is_ready)
    wizard.go_on()
    wait_until(lambda: data.plan.report is not None)
    wait_until(data.checking.isHidden)
    pause(0.5)
    yield from _shown()
    yield from _on_later_pages(wizard)


def _on_later_pages(wizard: RetrainingWizard) -> Iterator[tuple[str, str]]:
    """From *Split* to *Use it*, with a training that is over."""
    split, model, training, result, use = wizard.pages[2:]
    for page in (split, model):
        wizard.go_on()
        wait_until(partial(_is_ready, page))
        pause(0.5)
        yield from _shown()
    assert isinstance(training, TrainingStep) and isinstance(result, ResultStep)
    wizard.go_on()
    training.training.show_run(_RUN)
    pause(0.5)
    yield from _shown()
    for line in training.training.log.toPlainText().splitlines():
        yield line, "log of the training"
    wizard.go_on()
    wait_until(lambda: result.is_ready)
    compared = result.result.result
    assert compared is not None, result.result.message.text()
    assert compared.now.points[0].classes[1].label == "not pneumonia"  # what a file may keep is English
    pause(0.5)
    yield from _shown()
    for line in page_as_markdown(comparison_page(compared)).splitlines():
        yield line, "page of the comparison"
    wizard.go_on()
    assert wizard.page is use
    pause(0.5)
    yield from _shown()


def _is_ready(page: Page) -> bool:
    return page.is_ready


def _compared_films(scratch: Path) -> list[LabelledFilm]:
    """Drawn chests, as the test films of a training."""
    films = []
    for number in range(_COMPARED):
        path = scratch / f"test film {number}.jpg"
        path.write_bytes(phantom_file(number))
        films.append(LabelledFilm(path, ("NORMAL", "PNEUMONIA")[number % 2], Side.TEST))
    return films


def _in_dialog(open_it: Callable[[], None]) -> list[tuple[str, str]]:
    """What stands in a dialog that waits for its answer."""
    found: list[tuple[str, str]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(50, look)
            return
        found.extend(_shown())
        if isinstance(dialog, QDialog):
            dialog.reject()

    QTimer.singleShot(50, look)
    open_it()
    return found


def _shown() -> Iterator[tuple[str, str]]:
    for widget in filter(_is_ours, QApplication.allWidgets()):
        place = f"{type(widget.window()).__name__}/{type(widget).__name__} {widget.objectName()}".strip()
        for text in (
            *_words_of(widget),
            *(word for action in widget.actions() for word in _of_action(action)),
        ):
            if text:
                yield text, place


def _is_ours(widget: QWidget) -> bool:
    """Not of a menu that belongs to nothing: those are pyqtgraph's, which the program turns off."""
    while (above := widget.parentWidget()) is not None:
        widget = above
    return not isinstance(widget, QMenu)


def _words_of(widget: QWidget) -> Iterator[str]:
    yield from (widget.windowTitle(), widget.toolTip(), widget.accessibleName(), widget.statusTip())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QTabWidget):
        yield from (widget.tabText(tab) for tab in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and not isinstance(widget.parent(), QComboBox):
        model = widget.model()
        if isinstance(model, QAbstractListModel):  # its count of columns is private
            yield from _of_model(model, 1)
        elif model is not None:
            yield from _of_model(model, model.columnCount(QModelIndex()))


def _of_action(action: QAction) -> Iterator[str]:
    yield from (action.text(), action.toolTip(), action.statusTip())


def _of_model(model: QAbstractItemModel, columns: int) -> Iterator[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    for column in range(columns):
        for role in roles[:2]:
            yield _text(model.headerData(column, Qt.Orientation.Horizontal, role))
        for row in range(model.rowCount(QModelIndex())):
            yield from (_text(model.index(row, column).data(role)) for role in roles)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
