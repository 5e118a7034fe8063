"""What a network that looks at lungs learns from: their rectangle, other surroundings, roughened greys."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import open_lung_finder
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.augment import Augmentation, warp
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.roughen import equalised, roughen
from cxr_desktop.training.run_folder import drop_films
from cxr_desktop.training.store import FilmStore, lungs_file, wide_file
from cxr_desktop.training.storing import store_films
from cxr_desktop.training.surroundings import dilated, replace_surroundings

LABELS = ("NORMAL", "PNEUMONIA")
SPEC = InputSpec(64, 64, 1, low=-1.0, high=1.0, crop="lungs", margin=0.05)


@pytest.fixture(scope="module")
def lung_finder() -> LungFinder:
    bundle = open_lung_finder(resources_folder() / "models" / "lung-finder")
    return LungFinder(bundle.card, OnnxEngine(bundle.graph, [cpu(1)]))


@pytest.fixture(scope="module")
def store(data_folder: Path, lung_finder: LungFinder, tmp_path_factory: pytest.TempPathFactory) -> FilmStore:
    below = data_folder / "kermany224" / "train"
    films = [
        LabelledFilm(path, label, Side.TRAIN)
        for label in LABELS
        for path in sorted((below / label).iterdir())[:6]
    ]
    noise = tmp_path_factory.mktemp("store") / "noise.png"
    cv2.imwrite(str(noise), np.random.default_rng(1).integers(0, 255, (224, 224), dtype=np.uint8))
    film_of_noise = LabelledFilm(noise, "NORMAL", Side.TRAIN)
    file = noise.with_name("films.u16")
    return store_films(
        [*films, film_of_noise], Path("/"), SPEC, file, read_radiograph, lung_finder=lung_finder
    )


def test_a_film_without_two_lungs_is_left_out_with_its_reason(store: FilmStore) -> None:
    assert len(store.films) == 12
    (left_out,) = store.left_out
    assert left_out.name.endswith("noise.png") and "Two lungs" in left_out.reason


def test_all_that_a_store_keeps_on_the_disk_is_reserved_and_can_be_dropped(
    data_folder: Path, lung_finder: LungFinder, tmp_path: Path
) -> None:
    file = tmp_path / "films.u16"
    film = next((data_folder / "kermany224" / "train" / "NORMAL").iterdir())
    films = [LabelledFilm(film, "NORMAL", Side.TRAIN)] * 2
    store_films(films, tmp_path, SPEC, file, read_radiograph, lung_finder=lung_finder)
    finder = lung_finder.card.input
    sizes = {
        file: 2 * 64 * 64,
        wide_file(file): 2 * 112 * 112,
        lungs_file(file): finder.height * finder.width,
    }
    for kept, of_film in sizes.items():
        assert kept.stat().st_size == 2 * of_film
        if hasattr(os, "posix_fallocate"):
            assert kept.stat().st_blocks * 512 >= 2 * of_film
    drop_films(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_geometry_leads_from_the_view_to_the_same_place_of_the_whole_film(store: FilmStore) -> None:
    for film in store.films:
        seen = warp(store.wide(film), store.geometry(film), shape=(64, 64))
        # The view averages where the warp interpolates; fine detail differs, the picture does not.
        assert np.abs(seen - store.grey(film)).mean() < 0.02


def test_validation_films_are_shown_as_they_will_be_judged(store: FilmStore) -> None:
    ((images, targets),) = list(batches(store, None))
    assert images.shape == (12, 64, 64, 1)
    np.testing.assert_allclose(images[0, ..., 0], store.grey(store.films[0]) * 2 - 1, atol=1e-6)
    assert targets.tolist() == [0] * 6 + [1] * 6


def test_the_map_is_told_where_lung_is_on_suspicious_films_and_left_alone_on_others(store: FilmStore) -> None:
    ((_, targets),) = list(batches(store, None, map_shape=(8, 8), suspicious=(False, True)))
    assert np.all(targets["map"][:6] == 1)
    of_pneumonia = targets["map"][6:]
    assert of_pneumonia.min() >= 0 and of_pneumonia.max() <= 1
    # Lungs fill most of their rectangle; its corners and the space between them are none.
    assert 0.4 < of_pneumonia.mean() < 0.95


def test_an_epoch_can_be_drawn_again(store: FilmStore) -> None:
    ranges = Augmentation(rotation_deg=10, gamma=0.4, noise=0.04, erase=0.5, outside_lungs=0.6)
    one, other = batches(store, ranges), batches(store, ranges)
    other.begin_epoch(3)
    other.begin_epoch(0)
    first, again = one[0], other[0]
    np.testing.assert_array_equal(first[0], again[0])
    other.begin_epoch(1)
    assert np.abs(first[0] - other[0][0]).mean() > 0.05


def test_class_weights_travel_with_the_films(store: FilmStore) -> None:
    made = FilmBatches(store, store.films, LABELS, SPEC, 12, class_weights={"NORMAL": 2.0, "PNEUMONIA": 0.5})
    _, _, weights = made[0]
    assert weights.tolist() == [2.0] * 6 + [0.5] * 6


def test_surroundings_change_and_lungs_stay(store: FilmStore) -> None:
    film = store.films[7]
    image, mask = store.grey(film), store.lungs(film)
    geometry = store.geometry(film)

    def seen(over_film: np.ndarray) -> np.ndarray:
        wide = cv2.resize(over_film, store.wide_shape[::-1])
        return warp(wide, geometry, cv2.BORDER_CONSTANT, (64, 64))

    lungs, far = seen(mask) > 0.9, seen(dilated(mask, 0.12)) == 0
    changed = 0
    for seed in range(12):
        random = np.random.default_rng(seed)
        mixed = replace_surroundings(image, mask, seen, lambda: np.ones_like(image), random)
        assert np.abs(mixed - image)[lungs].mean() < 0.03
        changed += bool(np.abs(mixed - image)[far].mean() > 0.05)
    assert changed >= 8


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_roughened_film_stays_a_film(seed: int) -> None:
    ranges = Augmentation(
        gamma=0.5, contrast=0.4, brightness=0.1, equalise=0.3, blur=0.5, noise=0.05, erase=0.5
    )
    image = np.linspace(0, 1, 48 * 40, dtype=np.float32).reshape(48, 40)
    before = image.copy()
    rough = roughen(image, ranges, np.random.default_rng(seed))
    assert rough.shape == image.shape and rough.dtype == np.float32
    assert rough.min() >= 0 and rough.max() <= 1
    np.testing.assert_array_equal(image, before)


def test_without_any_range_grey_levels_stay_as_they_are() -> None:
    image = np.random.default_rng(0).random((32, 32), np.float32)
    np.testing.assert_array_equal(roughen(image, Augmentation(), np.random.default_rng(1)), image)


def test_equalised_grey_levels_are_equally_frequent() -> None:
    dark = np.random.default_rng(0).random((128, 128), np.float32) ** 1.5
    counts, _ = np.histogram(equalised(dark), bins=4, range=(0, 1))
    assert counts.min() > 0.8 * counts.max()


@given(st.integers(0, 2**32 - 1))
def test_a_crop_shows_a_part_and_an_aspect_keeps_the_area(seed: int) -> None:
    cropped = Augmentation(crop=0.3).draw(np.random.default_rng(seed), 64, 64)
    corners = cropped @ np.array([[-0.5, 63.5], [-0.5, 63.5], [1, 1]])
    assert corners.min() >= -0.5 - 1e-9 and corners.max() <= 63.5 + 1e-9
    stretched = Augmentation(aspect=0.3).draw(np.random.default_rng(seed), 64, 64)
    assert np.linalg.det(stretched[:, :2]) == pytest.approx(1)
    assert 1 / 1.3 <= stretched[0, 0] / stretched[1, 1] <= 1.3


def batches(store: FilmStore, ranges: Augmentation | None, **extra: object) -> FilmBatches:
    return FilmBatches(store, store.films, LABELS, SPEC, 12, ranges, seed=5, **extra)  # type: ignore[arg-type]
