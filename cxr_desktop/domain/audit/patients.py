"""Patients on more than one side, known by DICOM, by a list, or perhaps by the names of files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side, best_placed, patient_told
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr


def name_pattern(text: str) -> re.Pattern[str]:
    """A pattern that finds the patient at the beginning of a file name.

    Args:
        text: a regular expression. What it matches is the patient, or what its groups match where it has any.

    Raises:
        TrainingError: it is no regular expression.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise TrainingError(
            tr(
                "“{pattern}” is no pattern for the patient in a file name ({error}). Write a regular "
                r"expression, for example person(\d+)_ or IM-\d+.",
                pattern=text,
                error=error,
            )
        ) from error


def patient_problems(facts: Sequence[FilmFacts], pattern: re.Pattern[str]) -> list[Problem]:
    """What is wrong where a patient is on more than one side, or may be."""
    known: dict[str, list[LabelledFilm]] = defaultdict(list)
    told: dict[str, list[LabelledFilm]] = defaultdict(list)
    for each in facts:
        patient = each.film.patient or each.dicom_patient
        if patient:
            known[patient].append(each.film)
        elif name := patient_told(each.film.path.stem, pattern):
            told[name].append(each.film)
    problems = []
    if across := _across(known):
        problems.append(
            Problem(
                ProblemKind.PATIENT_ACROSS_SIDES,
                Severity.GRAVE,
                tr(
                    "{patients_have} films on more than one side: whom the model has learned from is "
                    "judged again, which flatters it.",
                    patients_have=counted(len(across), "patient has", "patients have"),
                ),
                tr("Leave out the films of these patients on the training side."),
                across,
                _not_on_best_side(across),
            )
        )
    if across := _across(told):
        problems.append(
            Problem(
                ProblemKind.PATIENT_MAYBE_ACROSS_SIDES,
                Severity.WARNING,
                tr(
                    "By the names of their files, {patients} may be on more than one side. It may "
                    "also be that numbers begin anew on each side, and are other people’s.",
                    patients=counted(len(across), "patient", "patients"),
                ),
                tr(
                    "Look whether the same person is shown; if so, leave out the films on the "
                    "training side. Edit the pattern if it takes something else for the patient."
                ),
                across,
                _not_on_best_side(across),
            )
        )
    return problems


def with_patients_of_names(facts: Sequence[FilmFacts], pattern: re.Pattern[str]) -> tuple[LabelledFilm, ...]:
    """The films with the patient that their names tell, where neither list nor DICOM does."""
    return tuple(
        each.film
        if each.film.patient or each.dicom_patient
        else replace(each.film, patient=patient_told(each.film.path.stem, pattern))
        for each in facts
    )


def _across(films_of: dict[str, list[LabelledFilm]]) -> tuple[Case, ...]:
    """A case each patient who is on more than one side."""
    return tuple(
        Case(tuple(films), patient)
        for patient, films in sorted(films_of.items())
        if len({film.side or Side.TRAIN for film in films}) > 1
    )


def _not_on_best_side(cases: Sequence[Case]) -> tuple[LabelledFilm, ...]:
    return tuple(film for case in cases for film in case.films if film.side != best_placed(case.films).side)
