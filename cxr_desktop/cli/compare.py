"""`cxr-desktop compare`: a new model beside the present one, on the same films."""

from __future__ import annotations

import csv as csv_files
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TextIO

import msgspec
import typer

from cxr_desktop.cli.class_films import class_films, left_out
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
from cxr_desktop.cli.triage import JobsOption
from cxr_desktop.domain.comparison import ModelComparison, ModelFigures
from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.model_card import Label, ModelCard
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.wording import counted, utf8_text
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.intake import Candidate, Rejected, find_films
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.inference.triage_report import csv_cell
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.locked_test_file import load_locked_test
from cxr_desktop.training.compare import FilmToCompare, common_labels, compare_models
from cxr_desktop.training.locked_test import (
    LOCKED_FILMS,
    Missing,
    locked_in_folder,
    locked_where_they_were,
)

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
        labels = common_labels(scorers[0].card, scorers[1].card)
        if locked_test:
            locked = _locked_test()
            films, unreadable = _locked_films(locked, folder, labels)
            result = _compared(films, unreadable, LOCKED_FILMS, scorers, jobs, shortcuts)
            result = replace(
                result,
                now=_remarked(result.now, now, scorers[0].card, locked),
                new=_remarked(result.new, new, scorers[1].card, locked),
            )
        elif folder is None:
            raise TrainingError("Name a labelled folder, or compare on the locked test set (--locked-test).")
        else:
            films, unreadable = _films_of(folder, labels)
            result = _compared(films, unreadable, folder.name, scorers, jobs, shortcuts)
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
    films: Sequence[FilmToCompare],
    unreadable: dict[FilmSource, str],
    words: str,
    scorers: tuple[Scorer, Scorer],
    jobs: int,
    shortcuts: bool,
) -> ModelComparison:
    """Compares with a progress bar.

    Args:
        unreadable: films that are known to be no films, with the reason.
    """

    def read(source: FilmSource) -> Radiograph:
        if source in unreadable:
            raise UnreadableImage(unreadable[source])
        return read_radiograph(source)

    with progress_bar() as bar:
        tasks = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of, rate="")
            bar.update(tasks[what], completed=done)

        return compare_models(films, words, *scorers, jobs or usable_cores(), shortcuts, show, read)


def _films_of(folder: Path, labels: Sequence[Label]) -> tuple[list[FilmToCompare], dict[FilmSource, str]]:
    """The films of the class folders or the list, and why some of them are none."""
    films: list[FilmToCompare] = []
    unreadable: dict[FilmSource, str] = {}
    classes = class_films(folder, labels)
    if left_out(folder, labels):
        console.print(utf8_text(left_out(folder, labels)), style="yellow", markup=False)
    for label, paths in classes.items():
        for found in find_films(paths):
            if isinstance(found, Rejected):
                unreadable[found.source] = found.reason
            if isinstance(found, Candidate | Rejected):
                films.append(FilmToCompare(found.source, label.name, label.suspicious))
    return films, unreadable


def _locked_test() -> LockedTestSet:
    locked = load_locked_test(UserFolders.of_this_user().locked_test)
    if locked is None:
        raise TrainingError(
            "There is no locked test set. Make one with “cxr-desktop locked-test make FOLDER”, or name a "
            "labelled folder to compare on."
        )
    return locked


def _locked_films(
    locked: LockedTestSet, folder: Path | None, labels: Sequence[Label]
) -> tuple[list[FilmToCompare], dict[FilmSource, str]]:
    """The films of the locked test set, and why some of them are not to be had."""
    missing: list[Missing]
    if folder is None:
        with progress_bar() as bar:
            task = bar.add_task("Reading films", total=len(locked.films), rate="")
            found, missing = locked_where_they_were(
                locked, read_radiograph, lambda done, of: bar.update(task, completed=done)
            )
    else:
        paths = [each.source.path for each in find_films([folder]) if isinstance(each, Candidate)]
        found, missing = locked_in_folder(identified([LabelledFilm(path, "") for path in paths]), locked)
    speaks = {label.name.lower(): label.suspicious for label in labels}
    films = [*found, *(each.film for each in missing)]
    unknown = sorted({film.label for film in films if film.label.lower() not in speaks})
    if unknown:
        raise TrainingError(
            f"The locked test set has films labelled {', '.join(unknown)}, which neither model knows. "
            "Compare models that were trained for its classes."
        )
    return (
        [FilmToCompare(FilmSource(film.path), film.label, speaks[film.label.lower()]) for film in films],
        {FilmSource(each.film.path): each.reason for each in missing},
    )


def _remarked(figures: ModelFigures, wanted: str, card: ModelCard, locked: LockedTestSet) -> ModelFigures:
    """The same, with a word on films of the set that a model may have learned from.

    A bundled model never saw this hospital's films. The set only grows at its end, so that what was locked
    when a model was trained are its first films.
    """
    known = int(card.provenance.recipe.get("locked_test_films", 0))
    later = len(locked.films) - known
    if later <= 0 or model_library().find(wanted).bundled:
        return figures
    remark = (
        f"{counted(later, 'film')} of {len(locked.films):,} were locked after {card.id} was trained, which "
        "may have learned from them. If so, its figures are better than it is."
    )
    return replace(figures, remarks=(*figures.remarks, remark))


def _write_films(result: ModelComparison, file: TextIO) -> None:
    """A line for each film, those that were not compared at the end."""
    writer = csv_files.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for film in result.films:
        cells = (film.film, film.label, film.suspicious, *film.probabilities, *film.suspected, film.flips)
        writer.writerow(map(csv_cell, (*cells, None, None)))
    for each in result.not_compared:
        writer.writerow(map(csv_cell, (each.film, each.label, *[None] * 6, *each.reasons)))
