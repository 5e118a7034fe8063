"""Which pictures are judged: films in every wrong position, and all that is no chest film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import Grade
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.grey import luminance, robust_window
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import open_lung_finder
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.first_look import FirstLook, first_looks
from cxr_desktop.inference.image_checks import INVERTED, LYING, UPSIDE_DOWN
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer

ANYONE = Population("anyone")


@pytest.fixture(scope="module")
def finder(lung_finder_folder: Path) -> LungFinder:
    bundle = open_lung_finder(lung_finder_folder)
    return LungFinder(bundle.card, OnnxEngine(bundle.graph, [cpu(1)]))


@pytest.fixture(scope="module")
def film(data_folder: Path) -> Radiograph:
    """A film that learning never saw: its shape is what counts here."""
    return read_radiograph(FilmSource(min((data_folder / "kermany_full" / "NORMAL").iterdir())))


def look(film: Radiograph, finder: LungFinder) -> FirstLook:
    (seen,) = first_looks([film], finder, ANYONE)
    return seen


def picture(values: NDArray[np.generic]) -> Radiograph:
    return Radiograph(values, (picture_window(values),))


def test_an_ordinary_film_is_asked_every_question(finder: LungFinder, film: Radiograph) -> None:
    seen = look(film, finder)
    assert [check.name for check in seen.checks] == ["frontal", "lungs", "coverage", "exposure", "age"]
    assert {check.grade for check in seen.checks} == {Grade.PASSED}
    assert seen.film is film


def test_an_inverted_film_is_judged_the_right_way_round(scorer: Scorer, film: Radiograph) -> None:
    inverted = replace(film, low_is_white=not film.low_is_white)
    as_it_should_be, exchanged = (judged.prediction for judged in scorer.score([film, inverted]))
    assert INVERTED in exchanged.checks
    assert exchanged.probability == pytest.approx(as_it_should_be.probability, abs=1e-4)


@pytest.mark.parametrize(("turns", "said"), [(1, LYING), (2, UPSIDE_DOWN), (3, LYING)])
def test_a_turned_film_is_not_judged_and_told_so(
    finder: LungFinder, film: Radiograph, turns: int, said: object
) -> None:
    turned = picture(np.ascontiguousarray(np.rot90(film.values, turns)))
    seen = look(turned, finder)
    assert not seen.in_scope
    assert seen.checks[-1] == said


def test_a_thumbnail_of_a_film_is_not_judged(finder: LungFinder, film: Radiograph) -> None:
    for side, grade in ((48, Grade.OUT_OF_SCOPE), (100, Grade.WARNING)):
        small = picture(cv2.resize(film.values, (side, side), interpolation=cv2.INTER_AREA))
        assert [check.grade for check in look(small, finder).checks if check.name == "size"] == [grade]


def test_a_film_cut_through_its_lungs_is_a_warning(finder: LungFinder, film: Radiograph) -> None:
    lungs = look(film, finder).lungs.box
    assert lungs is not None
    cut = picture(np.ascontiguousarray(film.values[int(lungs.top + 0.3 * lungs.height) :]))
    seen = look(cut, finder)
    grades = {check.name: check.grade for check in seen.checks}
    assert not seen.in_scope or grades["coverage"] is Grade.WARNING


def test_a_file_that_calls_itself_a_side_view_is_not_asked_further(
    finder: LungFinder, film: Radiograph
) -> None:
    seen = look(replace(film, header=FilmHeader(view_position="LL")), finder)
    assert [check.grade for check in seen.checks] == [Grade.OUT_OF_SCOPE, Grade.PASSED]


def noises() -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(5)
    for grain in (2, 5, 12, 40, 150, 400):
        coarse = random.integers(0, 256, (grain, grain)).astype(np.uint8)
        yield cv2.resize(coarse, (400, 400), interpolation=cv2.INTER_CUBIC)
    yield np.minimum(random.poisson(0.02, (400, 400)), 255).astype(np.uint8)  # a black film
    yield (255 - np.minimum(random.poisson(0.02, (400, 400)), 255)).astype(np.uint8)  # a white one
    rows, columns = np.mgrid[:400, :400]
    yield ((rows // 50 + columns // 50) % 2 * 255).astype(np.uint8)
    yield (columns * 255 // 400).astype(np.uint8)


def test_noise_and_blank_films_are_not_judged(finder: LungFinder) -> None:
    assert not any(look(picture(values), finder).in_scope for values in noises())


# All that come with scikit-image itself; the others would have to be fetched.
PHOTOGRAPHS = (
    "astronaut", "brick", "camera", "cat", "cell", "checkerboard", "clock", "coffee", "coins", "colorwheel",
    "grass", "gravel", "horse", "hubble_deep_field", "immunohistochemistry", "logo", "microaneurysms", "moon",
    "page", "retina", "rocket", "shepp_logan_phantom", "text",
)  # fmt: skip


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_not_judged(finder: LungFinder, name: str) -> None:
    import skimage.data  # noqa: PLC0415

    try:
        values = getattr(skimage.data, name)()
    except (ModuleNotFoundError, OSError):
        pytest.skip("this picture does not come with the installed scikit-image")
    if values.ndim == 3:
        values = luminance(np.ascontiguousarray(values[..., :3]))
    values = values.astype(np.uint8) * 255 if values.dtype == bool else values
    film = picture(values if values.dtype == np.uint8 else values.astype(np.float32))
    assert not look(film, finder).in_scope
    assert not look(replace(film, low_is_white=True), finder).in_scope


def test_of_all_dicom_objects_at_hand_only_the_chest_films_are_judged(
    finder: LungFinder, pydicom_films: Path
) -> None:
    judged, asked = set(), 0
    for file in sorted(each for each in pydicom_films.rglob("*") if each.is_file()):
        if "J2K" in file.name or file.name.endswith("UNCI.dcm"):
            continue  # the same pictures once more, slower to decode
        try:
            film = read_radiograph(FilmSource(file))
        except UnreadableImage:
            continue  # another way of imaging, told by its header
        asked += 1
        # By its pixels alone, as if it had been exported as a picture.
        if look(replace(film, header=FilmHeader()), finder).in_scope:
            judged.add(file.name.split("_")[0])
    assert asked > 15
    assert judged == {"RG1"}


def test_other_ways_of_imaging_are_not_judged_by_their_pixels_either(
    finder: LungFinder, pydicom_films: Path
) -> None:
    import pydicom  # noqa: PLC0415

    asked = 0
    for name in ("US1_UNCR.dcm", "CT1_UNC.explicit_little_endian.dcm", "MR-SIEMENS-DICOM-WithOverlays.dcm",
                 "CT2_J2KR.dcm", "MR2_UNCR.dcm", "US1_J2KR.dcm", "MR2_J2KR.dcm", "NM1_UNCR.dcm"):  # fmt: skip
        for file in pydicom_films.rglob(name):
            values = pydicom.dcmread(file).pixel_array
            values = luminance(values) if values.shape[-1] == 3 else values
            film = Radiograph(values.astype(np.float32), (robust_window(values),))
            assert not look(film, finder).in_scope
            asked += 1
    assert asked


def test_out_of_scope_films_are_rare_in_the_test_split_and_among_adults(
    finder: LungFinder, data_folder: Path
) -> None:
    for folder, step, count, most in (("kermany224/test", 1, 624, 0.01), ("nih_adult448", 8, 105, 0.02)):
        files = sorted((data_folder / folder).rglob("*.jpeg"))[::step]
        assert len(files) == count
        looks: list[FirstLook] = []
        for first in range(0, count, 64):
            films = [read_radiograph(FilmSource(file)) for file in files[first : first + 64]]
            looks += first_looks(films, finder, ANYONE)
        assert np.mean([not seen.in_scope for seen in looks]) <= most


def test_a_file_without_a_view_is_called_frontal_only_once_its_lungs_were_seen(
    finder: LungFinder, film: Radiograph
) -> None:
    said = "The file names no view; told by two lungs side by side"
    assert look(film, finder).checks[0].finding == said
    turned = picture(np.ascontiguousarray(np.rot90(film.values)))
    blank = picture(np.zeros((400, 400), np.uint8))
    for other in (turned, blank):
        seen = look(other, finder)
        assert not seen.in_scope
        assert "frontal" not in [check.name for check in seen.checks]
