"""`cxr-desktop compare`: a new model beside the present one, on the same films."""

from __future__ import annotations

import csv as csv_files
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TextIO

import msgspec
import typer

from cxr_desktop.cli.common import (
    check_writable,
    console,
    model_library,
    printing,
    progress_bar,
    scorer_for,
    worded_errors,
    writing,
)
from cxr_desktop.cli.comparison_tables import print_comparison
from cxr_desktop.cli.exit_codes import SOME_UNREADABLE
from cxr_desktop.cli.locked_test import identified
from cxr_desktop.cli.triage import JobsOption, PointOption
from cxr_desktop.domain.comparison import ModelComparison
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.standpoint import standpoint_of
from cxr_desktop.domain.wording import utf8_text
from cxr_desktop.imaging.intake import Candidate, find_films
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.inference.triage_report import csv_cell
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.locked_test_file import load_locked_test
from cxr_desktop.training.compare import common_labels, compare_models
from cxr_desktop.training.films_to_compare import (
    FilmsToCompare,
    LockedFound,
    films_of,
    films_of_locked_test,
    with_later_locked,
)
from cxr_desktop.training.locked_test import locked_in_folder, locked_where_they_were

_COLUMNS = (
    "film", "label", "suspicious", "probability_now", "probability_new", "suspected_now", "suspected_new",
    "flips", "not_judged_now", "not_judged_new",
)  # fmt: skip


def compare(
    now: Annotated[str, typer.Argument(metavar="MODEL_A", help="The present model: its id, or its folder.")],
    new: Annotated[str, typer.Argument(metavar="MODEL_B", help="The one that might take its place.")],
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A labelled folder, or a list of films. With --locked-test: where to look for its films; "
            "left out: where they were."
        ),
    ] = None,
    locked_test: Annotated[
        bool, typer.Option("--locked-test", help="Compare on the hospital's own locked test set.")
    ] = False,
    shortcuts: Annotated[
        bool, typer.Option(help="Also change what is not lung, film by film, and see what moves.")
    ] = True,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write the comparison to this file; without one, print it as JSON."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a line for each film here.")] = None,
    operating_point: PointOption = None,
    jobs: JobsOption = 0,
) -> None:
    """Compare two models on the same labelled films, and say whether to switch from the first to the second.

    "Better" and "worse" need a difference that chance does not explain; the rule is printed with the verdict.
    """
    printed = json == Path("-")
    with worded_errors():
        for wanted in (json, csv):
            if wanted is not None and wanted != Path("-"):
                check_writable(wanted)
        scorers = scorer_for(now), scorer_for(new)
        point = operating_point or ""
        if not any(scorer.card.point_named(point) for scorer in scorers):
            standpoint_of(scorers[0].card, point)  # says which there are
        labels = common_labels(scorers[0].card, scorers[1].card)
        if locked_test:
            locked = _locked_test()
            films = films_of_locked_test(_locked_films(locked, folder), labels)
            result = _compared(films, scorers, jobs, shortcuts, point)
            bundled = [model_library().find(model).bundled for model in (now, new)]
            result = replace(
                result,
                now=with_later_locked(result.now, scorers[0].card, locked, bundled[0]),
                new=with_later_locked(result.new, scorers[1].card, locked, bundled[1]),
            )
        elif folder is None:
            raise TrainingError("Name a labelled folder, or compare on the locked test set (--locked-test).")
        else:
            result = _compared(films_of(folder, labels), scorers, jobs, shortcuts, point)
    text = msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n"
    if json is not None and not printed:
        with writing(json) as opened:
            opened.write(text)
    if csv is not None:
        with writing(csv) as opened:
            _write_films(result, opened)
    with printing():
        if printed:
            sys.stdout.write(text)
        else:
            print_comparison(result)
    if not all(film.readable for film in result.not_compared):
        raise typer.Exit(SOME_UNREADABLE)


def _compared(
    films: FilmsToCompare, scorers: tuple[Scorer, Scorer], jobs: int, shortcuts: bool, point: str
) -> ModelComparison:
    """Compares with a progress bar."""
    if films.left_out:
        console.print(utf8_text(films.left_out), style="yellow", markup=False)
    with progress_bar() as bar:
        tasks = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of, rate="")
            bar.update(tasks[what], completed=done)

        return compare_models(
            films.films, films.words, *scorers, jobs or usable_cores(), shortcuts, show, films.read, point
        )


def _locked_test() -> LockedTestSet:
    locked = load_locked_test(UserFolders.of_this_user().locked_test)
    if locked is None:
        raise TrainingError(
            "There is no locked test set. Make one with “cxr-desktop locked-test make FOLDER”, or name a "
            "labelled folder to compare on."
        )
    return locked


def _locked_films(locked: LockedTestSet, folder: Path | None) -> LockedFound:
    """The films of the locked test set, and those that are not to be had."""
    if folder is None:
        with progress_bar() as bar:
            task = bar.add_task("Reading films", total=len(locked.films), rate="")
            return locked_where_they_were(
                locked, read_radiograph, lambda done, of: bar.update(task, completed=done)
            )
    paths = [each.source.path for each in find_films([folder]) if isinstance(each, Candidate)]
    return locked_in_folder(identified([LabelledFilm(path, "") for path in paths]), locked)


def _write_films(result: ModelComparison, file: TextIO) -> None:
    """A line for each film, those that were not compared at the end."""
    writer = csv_files.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for film in result.films:
        cells = (film.film, film.label, film.suspicious, *film.probabilities, *film.suspected, film.flips)
        writer.writerow(map(csv_cell, (*cells, None, None)))
    for each in result.not_compared:
        writer.writerow(map(csv_cell, (each.film, each.label, *[None] * 6, *each.reasons)))
