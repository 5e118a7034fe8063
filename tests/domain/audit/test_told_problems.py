"""Films that were left out for a problem's sake can be taken back where they went."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity, told_problems
from cxr_desktop.domain.labelled_films import LabelledFilm

FILMS = tuple(LabelledFilm(Path(name), "NORMAL") for name in "abcdef")


def unreadable(*films: LabelledFilm) -> Problem:
    cases = tuple(Case((film,)) for film in films)
    return Problem(ProblemKind.UNREADABLE, Severity.WARNING, "Some.", cases=cases, leave_out=films)


def paths(*films: LabelledFilm) -> tuple[Path, ...]:
    return tuple(film.path for film in films)


def test_without_any_film_left_out_each_problem_stands_as_it_is() -> None:
    (told,) = told_problems([unreadable(*FILMS)], [unreadable(*FILMS)], frozenset())
    assert told.to_leave_out == paths(*FILMS) and not told.left_out and not told.settled


def test_of_a_problem_that_is_there_still_the_films_left_out_can_be_taken_back() -> None:
    a, b, *others = FILMS
    (told,) = told_problems([unreadable(*others)], [unreadable(*FILMS)], frozenset(paths(a, b)))
    assert told.to_leave_out == paths(*others) and told.left_out == paths(a, b) and not told.settled


def test_a_problem_that_is_gone_is_told_after_those_that_are_there() -> None:
    a, b, c, *_ = FILMS
    other = Problem(ProblemKind.IMBALANCE, Severity.NOTE, "Unequal.")
    told = told_problems([other], [unreadable(a, b), other], frozenset(paths(a, b, c)))
    assert [each.problem.kind for each in told] == [ProblemKind.IMBALANCE, ProblemKind.UNREADABLE]
    assert told[1].settled and told[1].left_out == paths(a, b) and not told[0].settled


def test_one_film_of_two_classes_left_out_is_enough() -> None:
    a, b, *_ = FILMS
    twice = Problem(
        ProblemKind.COPY_OF_TWO_CLASSES, Severity.STOP, "Two.", cases=(Case((a, b)),), leave_out=(a, b)
    )
    (told,) = told_problems([], [twice], frozenset(paths(b)))
    assert told.settled and told.left_out == paths(b)


def test_films_left_out_since_the_last_judgement_show_at_once() -> None:
    a, b, *_ = FILMS
    problem = unreadable(a, b)
    (told,) = told_problems([problem], [problem], frozenset(paths(a)))
    assert told.to_leave_out == paths(b) and told.left_out == paths(a) and not told.settled
    (told,) = told_problems([problem], [problem], frozenset(paths(a, b)))
    assert told.settled and told.left_out == paths(a, b)


def test_films_are_taken_back_at_the_problem_of_the_kind_that_most_of_the_others_are_in() -> None:
    a, b, c, d, *_ = FILMS
    few, many = unreadable(b), unreadable(b, c, d)
    told = told_problems([few, many], [unreadable(a, b, c, d)], frozenset(paths(a)))
    assert [each.left_out for each in told] == [(), paths(a)]
