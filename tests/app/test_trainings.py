"""A training beside the window: ordered, followed in the status line, found again by the next window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.training_orders import TrainingOrders, cores_beside_the_reader
from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.domain.start_choices import StartQuestion, TrainingOrder, TrainingStart
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.storage.weights_places import remembered
from cxr_desktop.ui.retraining_wizard.training_page import TrainingPage
from tests.app.conftest import OpenDesk
from tests.training.conftest import draw_film

LONG_MS = 150_000


@pytest.fixture
def order(tmp_path: Path) -> TrainingOrder:
    """Of the smallest network on drawn films, for ever."""
    for index in range(12):
        draw_film(tmp_path / "drawn" / "NORMAL" / f"IM-{index:04}-0001.png", False, index)
        draw_film(tmp_path / "drawn" / "PNEUMONIA" / f"person{index}_virus_1.png", True, 100 + index)
    tuning = Tuning(epochs=900, batch=8, patience=0, image_size=32)
    return TrainingOrder(tmp_path / "drawn", TrainingStart("sharma-cnn"), tuning)


def begun(qtbot: QtBot, desk: Desk) -> Desk:
    """A window that follows trainings."""
    qtbot.waitUntil(lambda: desk.retraining.trainings.is_begun)
    return desk


def page_of(desk: Desk) -> TrainingPage:
    (page,) = desk.window.findChildren(TrainingPage)
    return page


@pytest.mark.timeout(900)  # a trainer comes up
@pytest.mark.usefixtures("trainer")  # which leaves none behind
def test_a_training_outlives_the_window_and_is_found_by_the_next_one(
    qtbot: QtBot, open_desk: OpenDesk, order: TrainingOrder, folders: UserFolders
) -> None:
    desk = begun(qtbot, open_desk())
    line = desk.status.training
    assert not line.isVisible()
    desk.retraining.trainings.start(order)
    runs_of_first = desk.retraining.trainings._runs
    assert runs_of_first is not None
    qtbot.waitUntil(lambda: "epoch" in line.text(), timeout=LONG_MS)
    desk = begun(qtbot, open_desk())  # the first one is closed
    line = desk.status.training
    qtbot.waitUntil(lambda: "epoch" in line.text(), timeout=LONG_MS)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    page = page_of(desk)
    assert page.isVisible() and page.run
    qtbot.waitUntil(page.stop.isEnabled, timeout=LONG_MS)
    qtbot.mouseClick(page.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.is_ready, timeout=LONG_MS)
    # Its end was seen on the page, so the status line has nothing to tell.
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=LONG_MS)
    (model,) = folders.models.iterdir()
    card = open_classifier(model).card
    assert card.provenance.recipe["chosen"]["epochs"] == 900
    qtbot.waitUntil(lambda: card.id in [each.name for each in desk.model.choices()])
    # Both windows are of one process here, which has to ask for its child's end.
    qtbot.waitUntil(lambda: not runs_of_first.state(page.run).alive, timeout=LONG_MS)  # type: ignore[union-attr]
    desk = begun(qtbot, open_desk())
    qtbot.waitUntil(lambda: bool(desk.retraining.trainings.service.states))
    assert not desk.status.training.isVisible()  # nor is it news at the next start


def test_what_cannot_be_started_is_said(
    qtbot: QtBot, desk: Desk, folders: UserFolders, tmp_path: Path
) -> None:
    begun(qtbot, desk)
    folders.trainings.write_bytes(b"a file where a folder should be")
    order = TrainingOrder(tmp_path, TrainingStart("sharma-cnn"))
    desk.retraining.trainings.start(order)
    qtbot.waitUntil(lambda: bool(desk.notices.sentences))
    assert "could not be used" in desk.notices.sentences[0]
    desk.notices.dismiss()
    desk.retraining.show_training()  # the page lies over the notices
    page = page_of(desk)
    page.offer(order, "Small")
    page.enter()
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.problem.isVisible)
    assert "could not be used" in page.problem.text() and page.start.isEnabled()
    assert not desk.notices.sentences


@pytest.fixture
def orders(folders: UserFolders) -> TrainingOrders:
    library = ModelLibrary(resources_folder() / "models", folders.models)
    model = ModelInUse(library)
    model.choose("")
    return TrainingOrders(folders, library, model)


def not_given_up() -> bool:
    return False


def test_what_is_ordered_is_asked_of_the_trainer_with_all_that_it_needs(
    orders: TrainingOrders, folders: UserFolders, tmp_path: Path
) -> None:
    start = TrainingStart("xception", from_scratch=True)
    order = TrainingOrder(tmp_path, start, Tuning(epochs=2), suspicious=("VIRUS",))
    request = orders.request(order)
    assert (request.films, request.architecture, request.from_scratch) == (tmp_path, "xception", True)
    assert (request.tuning, request.suspicious) == (order.tuning, order.suspicious)
    assert request.output.parent == folders.models and not request.output.exists()
    assert request.cores == cores_beside_the_reader() and request.lung_finder is not None
    assert request.locked_test is None
    folders.locked_test.touch()
    assert orders.request(order).locked_test == folders.locked_test


def test_a_weights_file_chosen_here_is_known_to_later_windows_and_to_the_command_line(
    orders: TrainingOrders, folders: UserFolders, data_folder: Path, tmp_path: Path
) -> None:
    file = data_folder.parent / "weights" / "xception_imagenet_notop.h5"
    if not file.is_file():
        pytest.skip("the weights file is not here")
    wrong = tmp_path / "wrong.h5"
    wrong.write_bytes(b"no weights")
    with pytest.raises(TrainingError, match=r"wrong\.h5"):
        orders.starts(StartQuestion(wrong, "xception"), not_given_up)
    assert remembered(folders.weights_places) == ()
    choices = orders.starts(StartQuestion(file, "xception"), not_given_up)
    assert choices[0].kind == "continue" and not choices[0].problem
    (imagenet,) = (e for e in choices if e.kind == "imagenet" and e.start.architecture == "xception")
    assert imagenet.start.weights == file.resolve()
    assert remembered(folders.weights_places) == (file.resolve(),)
    assert orders.starts(StartQuestion(), not_given_up) == choices


def test_thumbnails_are_made_of_the_films_that_can_be_read(orders: TrainingOrders, tmp_path: Path) -> None:
    film, broken, gone = (tmp_path / name for name in ("film.png", "broken.png", "gone.png"))
    draw_film(film, True, 1)
    broken.write_bytes(b"no film")
    assert list(orders.thumbnails((gone, broken, film), not_given_up)) == [film]
    with pytest.raises(Cancelled):
        orders.thumbnails((film,), lambda: True)


def test_the_trainer_leaves_half_of_the_cores_to_the_reader() -> None:
    assert 1 <= cores_beside_the_reader() <= max(1, usable_cores() / 2)
