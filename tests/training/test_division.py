"""A plan's films divided: by patient, in proportion, with the locked test set kept apart."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, Side
from cxr_desktop.domain.retraining import SHARES, RetrainingPlan, Split, classes_of
from cxr_desktop.training.audit.audit import audit_films
from cxr_desktop.training.division import divide, lock_films
from tests.training.audit.pictures import picture, write


def plan_of(films: list[LabelledFilm], **choices: object) -> RetrainingPlan:
    found = FoundFilms(tuple(films))
    plan = RetrainingPlan((), found, classes_of(found), **choices)  # type: ignore[arg-type]
    return replace(plan, report=audit_films(plan.changed, 2))


def drawn(folder: Path, count: int, side: Side | None = None, begin: int = 0) -> list[LabelledFilm]:
    """Two films a patient, who is told by the name."""
    return [
        write(
            folder, f"person{begin + n // 2}_{n}.png", picture(begin + 7 * n + place, (70, 60)), label, side
        )
        for place, label in enumerate(("NORMAL", "PNEUMONIA"))
        for n in range(count)
    ]


def sides_of_patients(films: tuple[LabelledFilm, ...]) -> dict[str, set[Side | None]]:
    sides: dict[str, set[Side | None]] = {}
    for film in films:
        sides.setdefault(film.patient, set()).add(film.side)
    return sides


def test_films_are_held_out_by_patient_and_in_proportion_and_again_alike(tmp_path: Path) -> None:
    plan = plan_of(drawn(tmp_path, 100), split=Split(20))
    division = divide(plan)
    assert all(len(sides) == 1 for sides in sides_of_patients(division.films).values())
    assert division.counts()[Side.VALIDATION] == pytest.approx({"NORMAL": 20, "PNEUMONIA": 20}, abs=2)
    assert division.remarks == ()
    assert divide(plan) == division
    assert divide(replace(plan, split=Split(20, seed=2))) != division


def test_films_left_out_and_unreadable_ones_are_on_no_side(tmp_path: Path) -> None:
    films = drawn(tmp_path, 12)
    films[3].path.write_bytes(b"no film")
    gone = films[0].path
    division = divide(plan_of(films, left_out=frozenset({gone})))
    assert {film.path for film in division.films} == {film.path for film in films} - {gone, films[3].path}
    assert "chance plays a large part" in division.remarks[0]


def test_given_sides_stay_where_there_are_enough_to_choose_by(tmp_path: Path) -> None:
    films = [
        *drawn(tmp_path / "train", 10, Side.TRAIN),
        *drawn(tmp_path / "val", 20, Side.VALIDATION, begin=1000),
        *drawn(tmp_path / "test", 2, Side.TEST, begin=2000),
    ]
    division = divide(plan_of(films))
    assert [film.side for film in sorted(division.films, key=lambda film: film.path)] == [
        film.side for film in sorted(films, key=lambda film: film.path)
    ]
    assert "kept as they are" in division.remarks[0]
    assert division.test_to_lock == 4
    plan = plan_of(films)
    locked = lock_films(plan, 0.2)
    assert len(locked.films) == 4
    assert divide(replace(plan, split=Split(locked=locked))).test_to_lock == 0


def test_few_given_validation_films_are_divided_anew_with_the_others(tmp_path: Path) -> None:
    films = [
        *drawn(tmp_path / "train", 20, Side.TRAIN),
        *drawn(tmp_path / "val", 4, Side.VALIDATION, begin=1000),
    ]
    division = divide(plan_of(films, split=Split(50)))
    assert "8 given validation films are too few" in division.remarks[0]
    assert Counter(film.side for film in division.films)[Side.VALIDATION] == pytest.approx(24, abs=3)


def test_locked_films_are_tested_on_and_their_patients_left_out(tmp_path: Path) -> None:
    plan = plan_of(drawn(tmp_path, 20))
    locked = lock_films(plan, 0.2)
    plan = replace(plan, split=Split(locked=locked))
    division = divide(plan)
    assert division.locked == len(locked.films) == division.counts()[Side.TEST]["NORMAL"] * 2
    assert not {film.patient for film in locked.films} & {
        film.patient for film in division.films if film.side is not Side.TEST
    }
    copy = LabelledFilm(tmp_path / "copy.png", locked.films[0].label)
    shutil.copy(locked.films[0].place, copy.path)
    with_copy = divide(plan_of([*plan.films, copy], split=plan.split))
    assert with_copy.locked == division.locked and len(with_copy.films) == len(division.films) + 1
    more = drawn(tmp_path / "later", 1, begin=0)  # a new film of person0, who may be locked
    later = plan_of([*drawn(tmp_path, 20), *more], split=Split(locked=locked))
    if locked.has_patient("person0"):
        assert not {film.path for film in more} & {film.path for film in divide(later).films}
    with pytest.raises(TrainingError, match="locked test set already"):
        lock_films(plan_of([film for film in plan.films if _is_locked(plan, film)], split=plan.split), 0.2)


def test_a_class_that_the_locked_test_set_holds_whole_is_named(tmp_path: Path) -> None:
    viral = [
        write(tmp_path, f"person{900 + n}_virus.png", picture(900 + n, (70, 60)), "VIRUS") for n in range(12)
    ]
    others = drawn(tmp_path, 20)
    given = [replace(film, side=Side.TEST) for film in (*viral, *others[:4], *others[20:24])]
    locked = lock_films(plan_of([*others[4:20], *others[24:], *given]), 0.2)
    with pytest.raises(TrainingError, match="No film of VIRUS may be learned from"):
        divide(plan_of([*others, *viral], split=Split(locked=locked)))


def saved_again(films: list[LabelledFilm], folder: Path) -> list[LabelledFilm]:
    """The same films, smaller and as JPEG, under names that tell nothing."""
    folder.mkdir()
    copies = []
    for number, film in enumerate(films):
        path = folder / f"copy-{number}.jpg"
        with Image.open(film.path) as picture:
            picture.convert("L").resize((200, 200)).save(path, quality=60)
        copies.append(LabelledFilm(path, film.label))
    return copies


def test_near_copies_go_the_same_way_and_none_is_learned_from_once_the_other_is_locked(
    tmp_path: Path, data_folder: Path
) -> None:
    films = [
        LabelledFilm(path, label)
        for label in ("NORMAL", "PNEUMONIA")
        for path in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:25]
    ]
    copies = saved_again(films, tmp_path / "copies")
    plan = plan_of([*films, *copies], split=Split(33))
    sides = {film.path: film.side for film in divide(plan).films}
    assert all(sides[film.path] == sides[copy.path] for film, copy in zip(films, copies, strict=True))
    locked = lock_films(plan, 0.2)
    later = divide(replace(plan_of(copies), split=Split(locked=locked)))  # the originals are gone by then
    inside = {Path(film.place).resolve() for film in locked.films}
    learned = {film.path.resolve() for film in later.films if film.side is not Side.TEST}
    assert not learned & inside
    originals = {copy.path: film.path for film, copy in zip(films, copies, strict=True)}
    assert not {originals[path] for path in map(Path, learned)} & inside
    older = replace(locked, films=tuple(replace(each, look="") for each in locked.films))
    assert len(divide(replace(plan_of(copies), split=Split(locked=older))).films) >= len(later.films)


def test_films_that_are_all_locked_are_refused_in_words(tmp_path: Path) -> None:
    films = drawn(tmp_path, 20)
    locked = lock_films(plan_of(films), 0.2)
    inside = [film for film in films if str(film.path.resolve()) in {each.place for each in locked.films}]
    with pytest.raises(TrainingError, match="All 8 films are in the locked test set"):
        divide(plan_of(inside, split=Split(locked=locked)))
    fewer = [film for film in films if film in inside or film.path.stem.endswith(("_2", "_3"))]
    with pytest.raises(TrainingError, match="are tested on, or left out because of it"):
        divide(plan_of(fewer, split=Split(locked=locked)))


PATIENTS = st.integers(0, 30)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), PATIENTS, st.sampled_from([None, *Side])), max_size=90),
    st.sampled_from(SHARES),
    st.integers(0, 3),
)
def test_no_patient_is_learned_from_and_held_out_whatever_the_films(
    drawn: list[tuple[str, int, Side | None]], share: int, seed: int
) -> None:
    films = [
        LabelledFilm(Path(f"{number}.png"), label, side, f"p{patient}")
        for number, (label, patient, side) in enumerate(drawn)
    ]
    found = FoundFilms(tuple(films))
    report = AuditReport(tuple(_fact(film) for film in films), (), (), ())
    plan = RetrainingPlan((), found, classes_of(found), split=Split(share, seed), report=report)
    try:
        division = divide(plan)
    except TrainingError:
        return  # in words, which other tests look at
    assert {film.path for film in division.films} == {film.path for film in films}
    assert {film.path for film in division.films if film.side is Side.TEST} == {
        film.path for film in films if film.side is Side.TEST
    }
    if not any("kept as they are" in remark for remark in division.remarks):
        sides = sides_of_patients(tuple(film for film in division.films if film.side is not Side.TEST))
        assert all(len(each) == 1 for each in sides.values())


def test_one_patient_alone_cannot_be_divided(tmp_path: Path) -> None:
    films = [replace(film, patient="one") for film in drawn(tmp_path, 10)]
    with pytest.raises(TrainingError, match="of one patient"):
        divide(plan_of(films))


def _fact(film: LabelledFilm) -> FilmFacts:
    """Of a film that need not be there."""
    look = np.zeros(256, np.bool_)
    return FilmFacts(film, "PNG", 1, (1, 1), (0, 1), (0, 1), film.path.name, look, (), ())


def _is_locked(plan: RetrainingPlan, film: LabelledFilm) -> bool:
    assert plan.report is not None and plan.split.locked is not None
    prints = {each.film.path: each.fingerprint for each in plan.report.facts}
    return plan.split.locked.film(prints[film.path]) is not None
