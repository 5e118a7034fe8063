"""Rows as they are painted: looked at, pixel by pixel, where a claim can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPixmapCache
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.worklist import Film
from cxr_desktop.ui.rows import RowModel, RowView, film_row
from cxr_desktop.ui.rows.thumbnails import thumbnail
from cxr_desktop.ui.theme import DARK
from tests.ui.worklist_examples import film, grey_thumbnail, prediction, real_thumbnails


def painted(qtbot: QtBot, shown: Film, width: int = 340) -> QImage:
    model: RowModel[Film] = RowModel(film_row, lambda film: "")
    model.show([shown])
    view = RowView(model, "Films")
    qtbot.addWidget(view)
    view.resize(width, 80)
    view.show()
    return view.viewport().grab().toImage()


def pixels_of(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, y) == wanted for y in range(image.height()) for x in range(80, image.width()))


def test_the_bar_is_as_long_as_the_probability(qtbot: QtBot) -> None:
    long, short = (painted(qtbot, film(1, judged=prediction(p))) for p in (0.99, 0.7))
    assert pixels_of(long, DARK.suspected) > pixels_of(short, DARK.suspected) > 60


def test_beside_every_figure_the_bar_stands_in_the_same_place(qtbot: QtBot) -> None:
    def end_of_bar(probability: float) -> int:
        image = painted(qtbot, film(1, judged=prediction(probability)))
        track = QColor(DARK.track).rgb()
        return max(
            x for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == track
        )

    assert end_of_bar(0.001) == end_of_bar(0.05) == end_of_bar(0.7)


@pytest.mark.parametrize("width", [240, 300])
def test_in_a_narrow_list_word_bar_and_figure_stay_apart(qtbot: QtBot, width: int) -> None:
    image = painted(qtbot, film(1, judged=prediction(0.05)), width)
    assert pixels_of(image, DARK.track) > 10
    assert pixels_of(image, DARK.not_suspected) > 20


def test_below_the_operating_point_the_row_wears_the_other_colour(qtbot: QtBot) -> None:
    image = painted(qtbot, film(1, judged=prediction(0.4)))
    assert pixels_of(image, DARK.not_suspected) > 60
    assert pixels_of(image, DARK.suspected) == 0


@pytest.mark.parametrize(
    "unjudged", [film(1), film(1, judged=prediction(None)), film(1, problem="It is empty.")]
)
def test_without_a_verdict_no_bar_is_painted(qtbot: QtBot, unjudged: Film) -> None:
    image = painted(qtbot, unjudged)
    assert pixels_of(image, DARK.track) == 0
    assert pixels_of(image, DARK.suspected) == pixels_of(image, DARK.not_suspected) == 0


def test_a_real_film_is_seen_in_its_row(qtbot: QtBot, data_folder: Path) -> None:
    image = painted(qtbot, film(1, thumbnail=real_thumbnails(data_folder, 1)[0]))
    greys = {image.pixelColor(x, 40).lightness() for x in range(14, 70)}
    assert len(greys) > 20


def test_a_thumbnail_fits_its_square_and_is_sharp_on_a_dense_screen(qtbot: QtBot) -> None:
    picture = thumbnail(1, grey_thumbnail(), 60, 2.0)
    assert picture is not None
    assert (picture.width(), picture.height()) == (120, 90)
    assert picture.deviceIndependentSize().toTuple() == (60, 45)


def test_a_thumbnail_is_decoded_once(qtbot: QtBot) -> None:
    QPixmapCache.clear()
    first = thumbnail(1, grey_thumbnail(), 60, 1.0)
    again = thumbnail(1, grey_thumbnail(), 60, 1.0)
    other_film = thumbnail(2, grey_thumbnail(), 60, 1.0)
    assert first is not None and again is not None and other_film is not None
    assert first.cacheKey() == again.cacheKey() != other_film.cacheKey()


@pytest.mark.qt_log_ignore("JPEG datastream contains no image")  # what Qt says of it is right
@pytest.mark.parametrize("damaged", [b"", b"no picture", grey_thumbnail()[:20]])
def test_a_damaged_thumbnail_leaves_a_plain_square(qtbot: QtBot, damaged: bytes) -> None:
    assert thumbnail(1, damaged, 60, 1.0) is None
    assert pixels_of(painted(qtbot, film(1, thumbnail=damaged)), DARK.track) == 0
