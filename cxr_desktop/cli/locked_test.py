"""`cxr-desktop locked-test`: the hospital's own test films, which no training ever learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxr_desktop.cli.common import console, printing, progress_bar, worded_errors
from cxr_desktop.cli.exit_codes import WRONG_USAGE
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.locked_test_file import load_locked_test, save_locked_test
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.locked_test import KnownFilm, draw_locked_test, known_films
from cxr_desktop.training.request import SEED

locked_test = typer.Typer(
    help="The hospital's own test films: the same over all trainings, and never learned from.",
    no_args_is_help=True,
)

Folder = Annotated[
    Path, typer.Argument(help="A labelled folder; its test side is taken where it has one, else a share.")
]
Share = Annotated[
    float, typer.Option(min=0.01, max=0.5, help="The share to draw, by patient, with the classes alike.")
]
Seed = Annotated[int, typer.Option(help="Of the draw.")]


@locked_test.command()
def make(folder: Folder, share: Share = 0.2, seed: Seed = SEED) -> None:
    """Make the set, once, from a labelled folder."""
    with worded_errors():
        if _present() is not None:
            raise TrainingError(
                "There is a locked test set already, and it stays as it is. Films of new patients are added "
                "to it with “cxr-desktop locked-test add FOLDER”."
            )
        _save(draw_locked_test(_known(folder), share, seed), before=0)


@locked_test.command()
def add(folder: Folder, share: Share = 0.2, seed: Seed = SEED) -> None:
    """Add films of new patients; those in the set stay."""
    with worded_errors():
        present = _present()
        if present is None:
            raise TrainingError(
                "There is no locked test set yet. Make it with “cxr-desktop locked-test make”."
            )
        _save(draw_locked_test(_known(folder), share, seed, present), before=len(present.films))


@locked_test.command()
def show() -> None:
    """Tell how many films of which class are locked, and since when."""
    with worded_errors():
        present = _present()
    if present is None:
        console.print("There is no locked test set.")
        raise typer.Exit(WRONG_USAGE)
    table = Table(box=None, pad_edge=False)
    for heading in ("locked on", "class", "films", "patients known"):
        table.add_column(heading, justify="left" if heading in ("locked on", "class") else "right")
    groups = Counter((film.locked_on, film.label) for film in present.films)
    for (day, label), films in sorted(groups.items()):
        patients = {f.patient for f in present.films if (f.locked_on, f.label) == (day, label)} - {""}
        table.add_row(day, label, str(films), str(len(patients)))
    with printing():
        Console(highlight=False, markup=False).print(table)


def identified(films: Sequence[LabelledFilm]) -> list[KnownFilm]:
    """The films by their pixels, with a progress bar; those that cannot be read are named and left out."""
    with progress_bar() as bar:
        task = bar.add_task("Reading films", total=len(films), rate="")
        known, left_out = known_films(
            films, read_radiograph, lambda done, of: bar.update(task, completed=done)
        )
    for each in left_out:
        console.print(f"Left out: {each.name}: {each.reason}", style="yellow", markup=False)
    return known


def _known(folder: Path) -> list[KnownFilm]:
    return identified(find_films(folder))


def _present() -> LockedTestSet | None:
    return load_locked_test(UserFolders.of_this_user().locked_test)


def _save(locked: LockedTestSet, before: int) -> None:
    save_locked_test(UserFolders.of_this_user().locked_test, locked)
    classes = Counter(film.label for film in locked.films[before:])
    of_class = ", ".join(f"{label} {films}" for label, films in sorted(classes.items()))
    console.print(
        f"Locked {counted(len(locked.films) - before, 'film', 'films')} ({of_class}); the set has "
        f"{len(locked.films):,}. From now on no training learns from them or their patients. Models trained "
        "before may have.",
        markup=False,
    )
