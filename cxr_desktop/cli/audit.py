"""`cxr-desktop audit`: what labelled films are, and what is wrong with them, before anything is trained."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from cxr_desktop.cli.audit_report import print_report, report_json
from cxr_desktop.cli.common import (
    check_writable,
    console,
    model_library,
    printing,
    progress_bar,
    worded_errors,
    writing,
)
from cxr_desktop.cli.exit_codes import NOT_FIT_TO_TRAIN_ON, SOME_UNREADABLE
from cxr_desktop.cli.triage import JobsOption
from cxr_desktop.domain.audit.patients import name_pattern, with_patients_of_names
from cxr_desktop.domain.audit.problems import ProblemKind, left_out_by
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.film_classes import films_left_out
from cxr_desktop.domain.labelled_films import PATIENT_IN_NAME, FoundFilms
from cxr_desktop.domain.wording import counted
from cxr_desktop.inference.devices import find_devices, usable_cores
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.training.audit.audit import audit_films, judge_films
from cxr_desktop.training.audit.scope import check_films
from cxr_desktop.training.film_list import write_list
from cxr_desktop.training.film_sources import gather_films

# What is left out unless kinds are named: where nobody need think twice.
_LEFT_OUT = (
    ProblemKind.UNREADABLE,
    ProblemKind.COPY_OF_TWO_CLASSES,
    ProblemKind.COPY_ACROSS_SIDES,
    ProblemKind.COPY,
    ProblemKind.NEAR_COPY_OF_TWO_CLASSES,
    ProblemKind.NEAR_COPY_ACROSS_SIDES,
    ProblemKind.PATIENT_ACROSS_SIDES,
    ProblemKind.OUT_OF_SCOPE,
)


def audit(
    films: Annotated[
        list[Path],
        typer.Argument(
            help="A labelled folder, a list of films (CSV), or several folders of one class each.",
            metavar="FOLDER_OR_LIST…",
        ),
    ],
    checks: Annotated[
        bool, typer.Option("--checks/--no-checks", help="Also look for the lungs on each film.")
    ] = True,
    patient_pattern: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help="What a file's name calls the patient by, at its beginning: its groups, or all of it.",
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write the findings to this file; without one, print them as JSON."),
    ] = None,
    leave_out: Annotated[
        Path | None,
        typer.Option(metavar="LIST", help="Write a list to train on, without the films that are amiss."),
    ] = None,
    kind: Annotated[
        list[ProblemKind] | None,
        typer.Option(
            help="For --leave-out: a kind of problem whose films are left out (again for more); else all but "
            "those that need a person's look."
        ),
    ] = None,
    jobs: JobsOption = 0,
) -> None:
    """Look at labelled films before training: counts, sizes, copies, patients, shortcuts, problems."""
    printed = json == Path("-")
    with worded_errors():
        if kind and leave_out is None:
            raise TrainingError("--kind says whose films are left out of a list; name it with --leave-out.")
        for file in (json, leave_out):
            if file is not None and file != Path("-"):
                check_writable(file)
        pattern = PATIENT_IN_NAME if patient_pattern is None else name_pattern(patient_pattern)
        found = gather_films(films)
        with progress_bar() as bar:
            task = bar.add_task("Reading films", total=len(found.films), rate="")
            report = audit_films(
                found,
                jobs or usable_cores(),
                pattern,
                lambda done, of: bar.update(task, completed=done, total=of),
            )
        if checks:
            report = _with_checks(report, found, pattern, jobs or usable_cores())
        if leave_out is not None:
            gone = left_out_by(report.problems, kind or _LEFT_OUT)
            all_films = report.films
            if patient_pattern is not None:
                unread = (each.film for each in report.unreadable)
                all_films = (*with_patients_of_names(report.facts, pattern), *unread)
            kept = films_left_out(all_films, gone)
            write_list(kept, leave_out)
            console.print(
                f"{leave_out}: {counted(len(kept), 'film', 'films')}; "
                f"{len(report.films) - len(kept):,} left out.",
                markup=False,
            )
    if json is not None and not printed:
        with writing(json) as file_of_figures:
            file_of_figures.write(report_json(report))
    with printing():
        if printed:
            sys.stdout.write(report_json(report))
        else:
            print_report(report, checked=checks)
    if not report.can_be_trained_on:
        raise typer.Exit(NOT_FIT_TO_TRAIN_ON)
    if report.unreadable:
        raise typer.Exit(SOME_UNREADABLE)


def _with_checks(report: AuditReport, found: FoundFilms, pattern: re.Pattern[str], jobs: int) -> AuditReport:
    """The report with what the image checks say of the readable films."""
    # One thread within a pass: several films are looked at at once.
    lung_finder = load_lung_finder(model_library().lung_finder(), find_devices(threads=1))
    readable = [each.film for each in report.facts]
    with progress_bar() as bar:
        task = bar.add_task("Image checks", total=len(readable), rate="")
        checked = list(bar.track(check_films(readable, lung_finder, jobs), len(readable), task_id=task))
    return judge_films(found, (*report.facts, *report.unreadable), checked, AuditChoice(pattern))
