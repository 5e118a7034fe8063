"""What was chosen for a training, and what hinders it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, Side
from cxr_desktop.domain.retraining import ClassUse, Division, RetrainingPlan, Split, classes_of


def films(label: str, count: int, side: Side | None = None) -> tuple[LabelledFilm, ...]:
    return tuple(LabelledFilm(Path(f"{label}{side}{number}.png"), label, side) for number in range(count))


def plan_of(*groups: tuple[LabelledFilm, ...]) -> RetrainingPlan:
    found = FoundFilms(tuple(film for group in groups for film in group))
    return RetrainingPlan((Path("films"),), found, classes_of(found))


def with_class(plan: RetrainingPlan, found: str, **changes: object) -> RetrainingPlan:
    classes = tuple(replace(each, **changes) if each.found == found else each for each in plan.classes)  # type: ignore[arg-type]
    return replace(plan, classes=classes)


def test_classes_that_say_normal_are_not_suspicious() -> None:
    plan = plan_of(films("NORMAL", 10), films("virus", 10), films("bacteria", 10))
    assert [(each.found, each.suspicious) for each in plan.classes] == [
        ("NORMAL", False),
        ("bacteria", True),
        ("virus", True),
    ]
    assert plan.suspicious == ("bacteria", "virus")
    assert plan.obstacle == ""


def test_classes_are_renamed_merged_and_left_out_and_films_too() -> None:
    plan = plan_of(films("NORMAL", 10), films("virus", 10), films("bacteria", 10), films("blurred", 3))
    for found in ("virus", "bacteria"):
        plan = with_class(plan, found, name="PNEUMONIA")
    plan = with_class(plan, "blurred", used=False)
    plan = replace(plan, left_out=frozenset({Path("NORMALNone0.png")}))
    assert {film.label for film in plan.films} == {"NORMAL", "PNEUMONIA"}
    assert len(plan.films) == 29
    assert plan.suspicious == ("PNEUMONIA",)
    assert "NORMAL (9)" in plan.obstacle


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"used": False}, "one class only"),
        ({"suspicious": False}, "No class is suspicious"),
        ({"name": "normal", "suspicious": False}, "there twice"),
    ],
)
def test_what_cannot_be_trained_on_is_said_in_words(change: dict[str, object], words: str) -> None:
    plan = plan_of(films("NORMAL", 10), films("PNEUMONIA", 10), films("virus", 10))
    plan = with_class(plan, "virus", used=False)
    assert words in with_class(plan, "PNEUMONIA", **change).obstacle


def test_a_class_made_of_a_suspicious_and_a_harmless_one_is_refused() -> None:
    plan = plan_of(films("NORMAL", 10), films("PNEUMONIA", 10), films("virus", 10))
    plan = with_class(plan, "virus", name="NORMAL")
    assert "NORMAL is made of classes of which only some are suspicious" in plan.obstacle
    assert with_class(plan, "virus", name="NORMAL", suspicious=False).obstacle == ""


def test_other_films_keep_what_was_chosen_for_those_that_are_there_again() -> None:
    before = with_class(plan_of(films("NORMAL", 10), films("virus", 10)), "virus", name="PNEUMONIA")
    before = replace(before, left_out=frozenset({Path("NORMALNone0.png"), Path("virusNone0.png")}))
    found = FoundFilms((*films("virus", 10), *films("bacteria", 10)))
    after = before.with_films((Path("elsewhere"),), found)
    assert [(each.found, each.name) for each in after.classes] == [
        ("bacteria", "bacteria"),
        ("virus", "PNEUMONIA"),
    ]
    assert after.left_out == {Path("virusNone0.png")}


def test_a_class_whose_films_are_all_left_out_is_not_asked_for() -> None:
    viral = films("virus", 10)
    plan = plan_of(films("NORMAL", 10), viral, films("bacteria", 10))
    without = replace(plan, left_out=frozenset(film.path for film in viral))
    assert without.suspicious == ("bacteria",)
    assert without.obstacle == ""


def test_a_class_of_test_films_alone_is_named() -> None:
    plan = plan_of(films("NORMAL", 10), films("PNEUMONIA", 10), films("virus", 10, Side.TEST))
    assert "No film of virus may be learned from" in plan.obstacle


def test_an_empty_class_is_named_until_it_is_left_out() -> None:
    found = FoundFilms((*films("NORMAL", 10), *films("PNEUMONIA", 10)), empty=("virus",))
    plan = RetrainingPlan((), found, classes_of(found))
    assert plan.changed.empty == ("virus",)
    assert "no films to learn from in virus. Untick" in plan.obstacle
    assert with_class(plan, "virus", used=False).changed.empty == ()
    assert with_class(plan, "virus", used=False).obstacle == ""


def test_where_all_classes_are_suspicious_the_reader_says_which_are_not() -> None:
    plan = plan_of(films("virus", 10), films("bacteria", 10))
    assert "Remove the tick" in plan.obstacle
    assert with_class(plan, "virus", suspicious=False).obstacle == ""


def test_films_are_counted_by_side_and_class() -> None:
    divided = Division(
        (*films("a", 1, Side.TRAIN), *films("a", 1, Side.VALIDATION), *films("a", 1, Side.TEST))
    )
    assert divided.counts() == {side: {"a": 1} for side in Side}


def test_a_share_that_is_no_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="share must be one of"):
        Split(share=60)
    assert ClassUse("a", "a").suspicious
