"""The lung finder finds lungs, and nothing where there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import open_lung_finder
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.image_checks import are_two_lungs
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.training.lung_films import (
    PHOTOGRAPHS,
    LungBatches,
    move,
    photographs,
    roughen,
    without_lungs,
)
from cxr_desktop.training.lung_finder import dice, fit_lung_finder, read_drawn_lungs, write_lung_finder

PICTURES = photographs()
BUNDLED = Path(__file__).parents[2] / "resources" / "models" / "lung-finder"


@pytest.fixture(scope="module")
def finder() -> LungFinder:
    bundle = open_lung_finder(BUNDLED)
    return LungFinder(bundle.card, OnnxEngine(bundle.graph, [cpu(1)]))


def has_lungs(finder: LungFinder, film: Radiograph) -> bool:
    return are_two_lungs(finder.find([finder.view(film)], [film.shape])[0], film.shape)


def test_the_dice_on_the_card_is_reached_on_held_out_patients(data_folder: Path, finder: LungFinder) -> None:
    held_out = read_drawn_lungs(data_folder, held_out=True)
    engine = OnnxEngine(BUNDLED / "model.onnx", [cpu(1)])
    found = engine.run(np.stack(held_out.images)[..., None])["mask"]
    overlaps = dice(found > 0.5, np.stack(held_out.masks) > 0.5)
    assert overlaps.mean() == pytest.approx(finder.card.dice.value, abs=0.002)
    assert finder.card.dice.low < finder.card.dice.value < finder.card.dice.high
    assert finder.card.dice.value >= 0.94


def test_films_with_masks_are_learned_from_or_held_out_never_both(data_folder: Path) -> None:
    counts = [len(read_drawn_lungs(data_folder, held_out=side).images) for side in (False, True)]
    assert sum(counts) == 1073
    assert counts[1] > 80


def test_lungs_are_found_on_adults_though_only_children_were_learned_from(
    data_folder: Path, finder: LungFinder
) -> None:
    films = [read_radiograph(FilmSource(p)) for p in sorted((data_folder / "nih_adult448").iterdir())[::14]]
    assert len(films) > 50
    assert sum(has_lungs(finder, film) for film in films) >= 0.95 * len(films)
    inverted = [Radiograph(film.values, film.transforms, low_is_white=True) for film in films]
    assert sum(has_lungs(finder, film) for film in inverted) <= 0.05 * len(films)


def test_a_chest_film_has_lungs_and_a_film_of_a_limb_has_none(
    pydicom_films: Path, finder: LungFinder
) -> None:
    chest, limb = (
        read_radiograph(FilmSource(pydicom_films / name)) for name in ("RG1_UNCR.dcm", "RG3_UNCR.dcm")
    )
    assert has_lungs(finder, chest)
    assert not has_lungs(finder, limb)


@pytest.mark.parametrize("name", ["astronaut", "camera", "clock", "rocket", "horse"])
def test_no_lungs_are_found_on_photographs_that_were_not_learned_from(name: str, finder: LungFinder) -> None:
    assert name not in PHOTOGRAPHS
    picture = getattr(skimage.data, name)()
    grey = (picture[..., :3].mean(axis=2) if picture.ndim == 3 else picture * 1.0).astype(np.float32)
    film = Radiograph(grey / np.float32(max(grey.max(), 1)), (picture_window(grey),))
    assert not has_lungs(finder, film)


@given(st.integers(0, 2**32 - 1))
def test_pictures_to_learn_from_stay_within_black_and_white(seed: int) -> None:
    random = np.random.default_rng(seed)
    film = random.random((128, 128), dtype=np.float32)
    mask = (film > 0.7).astype(np.float32)
    moved, moved_mask = move(random, film, mask)
    for picture in (roughen(random, moved), roughen(random, without_lungs(random, film, PICTURES))):
        assert picture.shape == (128, 128) and picture.dtype == np.float32
        assert picture.min() >= 0 and picture.max() <= 1
    assert moved_mask.min() >= 0 and moved_mask.max() <= 1


def test_a_film_and_its_mask_move_alike() -> None:
    film = np.zeros((128, 128), np.float32)
    film[40:90, 30:60] = 1
    for seed in range(20):
        moved, mask = move(np.random.default_rng(seed), film, film.copy())
        np.testing.assert_allclose(moved, mask, atol=1e-6)


def test_the_whole_way_from_masks_to_a_bundle(data_folder: Path, tmp_path: Path) -> None:
    held_out = read_drawn_lungs(data_folder, held_out=True)
    few = type(held_out)(held_out.images[:32], held_out.masks[:32], held_out.sha256)
    model = fit_lung_finder(few, epochs=1, seed=1)
    written = write_lung_finder(model, few, few, tmp_path / "lungs", {"epochs_run": 1})
    assert open_lung_finder(tmp_path / "lungs").card == written
    assert 0 <= written.dice.value <= 1


def test_a_folder_without_masks_is_explained(drawn_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kermany224").symlink_to(drawn_folder)
    with pytest.raises(TrainingError, match="lung_masks224"):
        read_drawn_lungs(tmp_path, held_out=False)


def test_an_epoch_mixes_films_with_and_without_lungs() -> None:
    film = np.random.default_rng(0).random((128, 128), dtype=np.float32)
    batches = LungBatches([film] * 320, [np.ones((128, 128), np.float32)] * 320, 32, seed=1)
    masks = np.concatenate([batches[step][1] for step in range(len(batches))])
    empty = (masks.max(axis=(1, 2, 3)) == 0).mean()
    assert 0.18 < empty < 0.32
