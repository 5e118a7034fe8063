"""The locked test set's films are found again, or asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.app.locked_films import locked_films
from cxr_desktop.domain.comparison import ModelsToCompare
from cxr_desktop.domain.errors import FilmsNotFound
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.locked_test import LockedFilm, LockedTestSet
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.storage.locked_test_file import load_locked_test, save_locked_test
from cxr_desktop.training.film_list import write_list
from tests.training.conftest import draw_film

FILMS = 5


def unheard(what: str, done: int, of: int) -> None:
    """Nobody listens."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(FILMS):
        draw_film(tmp_path / "films" / f"{number}.png", bool(number % 2), number)
    return tmp_path / "films"


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    """The file of a set of all of them."""
    films = [
        LockedFilm(
            pixel_fingerprint(read_radiograph(FilmSource(path))), "NORMAL", "", str(path), "2026-11-21"
        )
        for path in sorted(folder.iterdir())
    ]
    save_locked_test(tmp_path / "locked-test.json", LockedTestSet(tuple(films), 1))
    return tmp_path / "locked-test.json"


def models(folder: Path, *look_in: Path, without_missing: bool = False) -> ModelsToCompare:
    return ModelsToCompare("now", "new", folder / "nothing.csv", "", look_in, without_missing)


def saved(file: Path) -> LockedTestSet:
    locked = load_locked_test(file)
    assert locked is not None
    return locked


def test_films_that_were_moved_are_found_among_those_that_the_wizard_knows(file: Path, folder: Path) -> None:
    moved = folder.rename(folder.with_name("renamed"))
    films = tuple(moved.iterdir())
    found, missing = locked_films(file, saved(file), models(folder, *films), unheard)
    assert {film.path for film in found} == set(films) and not missing
    assert all(film.label == "NORMAL" for film in found)
    assert {Path(film.place) for film in saved(file).films} == {film.resolve() for film in films}
    again, _ = locked_films(file, saved(file), models(folder), unheard)  # known from now on
    assert len(again) == FILMS


def test_films_that_were_moved_are_found_beside_those_of_the_training(file: Path, folder: Path) -> None:
    moved = folder.rename(folder.with_name("renamed"))
    given = moved.parent / "given.csv"
    write_list([LabelledFilm(path, "NORMAL") for path in moved.iterdir()], given)
    found, missing = locked_films(file, saved(file), ModelsToCompare("now", "new", given), unheard)
    assert len(found) == FILMS and not missing


def test_films_that_are_gone_are_asked_for_and_can_be_done_without(file: Path, folder: Path) -> None:
    (folder / "0.png").unlink()
    with pytest.raises(FilmsNotFound, match=r"1 of the 5 films .* compare on the 4 others") as asked:
        locked_films(file, saved(file), models(folder), unheard)
    assert asked.value.others == FILMS - 1 and str(folder) in str(asked.value)
    found, missing = locked_films(file, saved(file), models(folder, without_missing=True), unheard)
    assert (len(found), len(missing)) == (FILMS - 1, 1)


def test_a_set_of_which_nothing_is_there_cannot_be_done_without(file: Path, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(FilmsNotFound, match="5 of the 5 films") as asked:
        locked_films(file, saved(file), models(folder, without_missing=True), unheard)
    assert asked.value.others == 0 and "others" not in str(asked.value)
