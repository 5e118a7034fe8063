"""What the layers make of a film, with real films and the real model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.explanation import NO_LAYERS, LayersQuestion, Method
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.feature_maps import FeatureMapsWindow
from tests.app.conftest import all_scored
from tests.conftest import BUNDLED
from tests.training.tiny_bundle import write_tiny_bundle

LONG = 60_000
LAYERS = [
    "conv1\nconvolution 32×126×126",
    "pool1\npooling 32×63×63",
    "conv2\nconvolution 64×61×61",
    "pool2\npooling 64×30×30",
    "conv3\nconvolution 128×28×28",
    "pool3\npooling 128×14×14",
]


@pytest.fixture
def two_films(films: Path) -> Path:
    """One film of each kind."""
    kept = {sorted(films.glob(f"{label}-*"))[0] for label in ("NORMAL", "PNEUMONIA")}
    for film in set(films.iterdir()) - kept:
        film.unlink()
    return films


@pytest.fixture
def reading(qtbot: QtBot, desk: Desk, two_films: Path) -> Desk:
    """The small bundled network in use, a film in view."""
    desk.switch.choose(BUNDLED)
    desk.take_in([two_films])
    qtbot.waitUntil(all_scored(desk, 2), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)
    return desk


def opened(qtbot: QtBot, desk: Desk) -> FeatureMapsWindow:
    """The window as the button on the evidence card opens it, its layers read."""
    qtbot.mouseClick(desk.triage.evidence_card.layers, Qt.MouseButton.LeftButton)
    (window,) = desk.window.findChildren(FeatureMapsWindow)
    qtbot.waitUntil(lambda: window.layer is not None, timeout=LONG)
    return window


def values(window: FeatureMapsWindow) -> float:
    assert window.layer is not None
    return float(window.layer.channels.sum())


def another_film(desk: Desk) -> int:
    return next(film.id for s in desk.worklist.studies for film in s.films if film != desk.session.film)


def test_the_bundled_networks_layers_are_listed_and_a_channel_is_enlarged_beside_the_film(
    qtbot: QtBot, reading: Desk
) -> None:
    window = opened(qtbot, reading)
    assert [window.layer_list.item(row).text() for row in range(window.layer_list.count())] == LAYERS
    assert reading.model.title in window.about.text()
    assert len(window.grid.tiles) == 32
    place = window.grid.place_of(15).center()
    qtbot.mouseClick(window.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.pair.isVisible()
    assert window.pair.tile is not None
    assert window.pair.tile.name == "conv1, channel 15"
    shown = reading.viewer.canvas.shown
    assert shown is not None and shown.heatmap is not None
    seen = shown.heatmap.box  # the part of the film that the network is shown
    beside, channel = window.pair.places()
    assert beside.size() == channel.size()
    assert beside.height() / beside.width() == pytest.approx(seen.height / seen.width, rel=0.01)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    window.across.click()
    assert [tile.name for tile in window.grid.tiles] == [
        f"{text.split()[0]}, channel {window.channel.value()}" for text in LAYERS
    ]
    window.channel.setValue(100)
    assert [tile.layer.layer for tile in window.grid.tiles] == ["conv3", "pool3"]


def test_another_film_and_another_model_are_followed(
    qtbot: QtBot, reading: Desk, folders: UserFolders
) -> None:
    window = opened(qtbot, reading)
    before, about = values(window), window.about.text()
    reading.session.show_film(another_film(reading))
    assert window.layer is None  # the film before is not shown under this one's name
    assert window.message.text() == "Reading…"
    qtbot.waitUntil(lambda: window.layer is not None, timeout=LONG)
    assert values(window) != before
    assert window.about.text() != about
    other = shutil.copytree(resources_folder() / "models" / BUNDLED, folders.models / "other")
    card = json.loads((other / "card.json").read_text())
    (other / "card.json").write_text(json.dumps(card | {"id": "other", "name": "Other CNN"}))
    now = values(window)
    reading.switch.choose("other")
    assert window.layer is None
    assert "Other CNN" in window.about.text()
    qtbot.waitUntil(lambda: window.layer is not None, timeout=LONG)
    assert values(window) == pytest.approx(now)  # the same network under another name


@pytest.mark.qt_log_ignore("raise\\(\\)")  # the offscreen platform has no order of windows
def test_a_closed_window_asks_no_more_and_opens_again_as_it_was(qtbot: QtBot, reading: Desk) -> None:
    window = opened(qtbot, reading)
    window.resize(1000, 640)
    window.layer_list.setCurrentRow(2)
    asked: list[LayersQuestion] = []
    for signal in (reading.questioning.answered, reading.questioning.refused):
        signal.connect(lambda question, _: asked.append(question))
    window.close()
    assert window.layer is None
    assert window.grid.tiles == ()
    reading.session.show_film(another_film(reading))
    card = reading.triage.evidence_card
    card.methods.setCurrentIndex(card.methods.findData(Method.OCCLUSION))
    card.methods.activated.emit(card.methods.currentIndex())
    qtbot.waitUntil(lambda: bool(asked), timeout=LONG)  # what came before it would have been answered before
    assert not any(isinstance(question, LayersQuestion) for question in asked)
    reading.actions["feature_maps"].trigger()
    reading.actions["feature_maps"].trigger()
    assert reading.window.findChildren(FeatureMapsWindow) == [window]
    qtbot.waitUntil(lambda: window.layer is not None, timeout=LONG)
    assert (window.width(), window.height()) == (1000, 640)
    assert window.layer is not None
    assert window.layer.layer == "conv2"


def test_while_another_map_is_made_it_is_said_what_comes_first(qtbot: QtBot, reading: Desk) -> None:
    card = reading.triage.evidence_card
    with qtbot.waitSignal(reading.questioning.progress_changed, timeout=LONG):
        card.methods.setCurrentIndex(card.methods.findData(Method.LIME))
        card.methods.activated.emit(card.methods.currentIndex())
    reading.actions["feature_maps"].trigger()
    (window,) = reading.window.findChildren(FeatureMapsWindow)
    qtbot.waitUntil(lambda: "LIME" in window.message.text(), timeout=LONG)
    assert card.running.isVisible()  # the map goes on
    card.running.stop.click()
    qtbot.waitUntil(lambda: window.layer is not None, timeout=LONG)


def test_a_film_that_was_not_judged_shows_its_reason(
    qtbot: QtBot, reading: Desk, pydicom_films: Path
) -> None:
    window = opened(qtbot, reading)
    reading.take_in([pydicom_films / "RG3_UNCI.dcm"])
    qtbot.waitUntil(all_scored(reading, 3), timeout=LONG)
    not_judged = next(film for s in reading.worklist.studies for film in s.films if film.probability is None)
    assert not_judged.prediction is not None
    reading.session.show_film(not_judged.id)
    reason = not_judged.prediction.remarks[0]
    qtbot.waitUntil(lambda: reason in window.message.text(), timeout=LONG)
    assert window.layer is None


def test_a_network_without_convolution_and_pooling_says_why_there_is_nothing(
    qtbot: QtBot, reading: Desk, folders: UserFolders
) -> None:
    write_tiny_bundle(folders.models / "brightness", "brightness")
    window = opened(qtbot, reading)
    reading.switch.choose("brightness")
    qtbot.waitUntil(lambda: window.message.text() == NO_LAYERS, timeout=LONG)
    assert window.layer_list.count() == 0


def test_nothing_stays_in_the_window_of_films_that_left_the_list(qtbot: QtBot, reading: Desk) -> None:
    window = opened(qtbot, reading)
    for study in list(reading.worklist.studies):
        reading.worklist.mark_changed(reading.films.remove(study.id))
        reading.worklist.refresh()
    assert window.message.text() == "No film is in view."
    assert (window.about.text(), window.layer, window.grid.tiles) == ("", None, ())
