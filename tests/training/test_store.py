"""Films wait on the disk in the order in which they were asked for, however many threads read them."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.store import FilmStore
from cxr_desktop.training.storing import store_films

SPEC = InputSpec(40, 48)


def stored(folder: Path, jobs: int, drawn: Path) -> FilmStore:
    paths = sorted((drawn / "train").rglob("*.png"))
    films = [LabelledFilm(path, path.parent.name) for path in paths]
    empty = folder / "empty.png"
    folder.mkdir()
    empty.write_bytes(b"")
    films[5:5] = [LabelledFilm(empty, "NORMAL"), LabelledFilm(folder / "gone.png", "NORMAL")]
    told: list[tuple[int, int]] = []
    store = store_films(
        films,
        drawn,
        SPEC,
        folder / "films.u16",
        read_radiograph,
        lambda done, of: told.append((done, of)),
        jobs=jobs,
    )
    assert told == [(done, 50) for done in range(1, 51)]
    return store


def test_the_number_of_threads_changes_nothing_that_is_kept(drawn_folder: Path, tmp_path: Path) -> None:
    one, many = (stored(tmp_path / str(jobs), jobs, drawn_folder) for jobs in (1, 4))
    assert one.films == many.films and len(one.films) == 48
    assert [each.reason for each in one.left_out] == [each.reason for each in many.left_out]
    assert len(one.left_out) == 2
    for film in one.films:
        np.testing.assert_array_equal(one.grey(film), many.grey(film))


def test_lungs_and_whole_films_are_the_same_on_several_threads(data_folder: Path, tmp_path: Path) -> None:
    finder = load_lung_finder(resources_folder() / "models" / "lung-finder", [cpu(1)])
    paths = sorted((data_folder / "kermany224" / "val").rglob("*.jpeg"))
    films = [LabelledFilm(path, path.parent.name) for path in paths]
    spec = InputSpec(32, 32, crop="lungs", margin=0.05)
    stores = []
    for jobs in (1, 3):
        file = tmp_path / f"{jobs}.u16"
        stores.append(
            store_films(films, data_folder, spec, file, read_radiograph, lung_finder=finder, jobs=jobs)
        )
    one, many = stores
    assert one.films == many.films and one.films
    for film in one.films:
        np.testing.assert_array_equal(one.wide(film), many.wide(film))
        np.testing.assert_array_equal(one.lungs(film), many.lungs(film))
        np.testing.assert_array_equal(one.geometry(film), many.geometry(film))


def test_a_mistake_of_the_program_ends_the_reading_and_no_film_is_read_far_ahead(
    drawn_folder: Path, tmp_path: Path
) -> None:
    read: list[int] = []
    lock = threading.Lock()

    def fail_at_the_third(source: FilmSource) -> Radiograph:
        with lock:
            read.append(1)
            if len(read) == 3:
                raise ZeroDivisionError
        return read_radiograph(source)

    films = [LabelledFilm(path, "x") for path in sorted((drawn_folder / "train").rglob("*.png"))]
    with pytest.raises(ZeroDivisionError):
        store_films(films, drawn_folder, SPEC, tmp_path / "films.u16", fail_at_the_third, jobs=2)
    assert len(read) < 10
