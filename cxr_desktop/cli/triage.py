"""`cxr-desktop triage`: the queue of some files, without window and catalogue."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxr_desktop.cli.common import (
    SOME_UNREADABLE,
    WRONG_USAGE,
    console,
    progress_bar,
    scorer_for,
    worded_errors,
)
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.wording import counted, probability_text
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.intake import Candidate, Ignored, Rejected, find_films
from cxr_desktop.imaging.overlay_file import write_overlay_png
from cxr_desktop.inference.batch import Scored, score_files
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.inference.triage_report import TriageRow, in_reading_order, row_of, unreadable_row, write_csv

Paths = Annotated[
    list[Path], typer.Argument(help="X-rays, folders, ZIP archives, DICOMDIR files.", metavar="PATH…")
]
ModelOption = Annotated[str | None, typer.Option("--model", help="A model's id, or its folder.")]
JobsOption = Annotated[int, typer.Option("--jobs", min=0, help="Reading threads; 0: one a core.")]


def triage(
    paths: Paths,
    model: ModelOption = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the queue to this file.")] = None,
    heatmaps: Annotated[
        Path | None, typer.Option(help="Write a picture with heatmap for each film here.")
    ] = None,
    jobs: JobsOption = 0,
) -> None:
    """Score X-rays and print them, most suspicious first."""
    with worded_errors():
        scorer = scorer_for(model)
        result = run_triage(paths, scorer, jobs or usable_cores(), heatmaps)
    print_queue(result)
    if csv is not None:
        try:
            with csv.open("w", encoding="utf-8", newline="") as file:
                write_csv(result.rows, file)
        except OSError as error:
            console.print(
                f"The table could not be written to {csv}: {error.strerror}.", style="red", markup=False
            )
            raise typer.Exit(WRONG_USAGE) from error
    if any(row.status == Status.UNREADABLE.value for row in result.rows):
        raise typer.Exit(SOME_UNREADABLE)


class TriageResult:
    """The rows in reading order, and what was left out.

    Attributes:
        rows: a row for every film and for every file that could not be read.
        ignored: files in folders and archives that are no image by name and content.
    """

    def __init__(self, rows: Iterable[TriageRow], ignored: int) -> None:
        self.rows = in_reading_order(rows)
        self.ignored = ignored


def run_triage(paths: list[Path], scorer: Scorer, jobs: int, heatmaps: Path | None = None) -> TriageResult:
    """Finds, reads and judges films, showing a progress bar.

    Raises:
        CxrError: the model cannot be run.
    """
    rows: list[TriageRow] = []
    ignored = 0

    def candidates() -> Iterator[FilmSource]:
        nonlocal ignored
        for found in find_films(paths):
            match found:
                case Candidate():
                    total[0] += 1
                    yield found.source
                case Rejected():
                    rows.append(unreadable_row(found.source, found.reason))
                case Ignored():
                    ignored += 1

    total = [0]
    with ExitStack() as stack:
        pictures = stack.enter_context(_Pictures(heatmaps)) if heatmaps is not None else None
        bar = stack.enter_context(progress_bar())
        task = bar.add_task("Scoring", total=None, rate="")
        for scored in score_files(candidates(), scorer, jobs):
            rows.append(row_of(scored))
            if pictures is not None:
                pictures.draw(scored)
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, total=total[0], rate=f"{speed:.0f} films/s" if speed else "")
    return TriageResult(rows, ignored)


class _Pictures:
    """Writes overlay pictures beside the scoring; each film's has a name of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: set[str] = set()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._pending: list[Future[None]] = []

    def __enter__(self) -> _Pictures:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            console.print(
                f"The folder {self._folder} cannot be made: {error.strerror}.", style="red", markup=False
            )
            raise typer.Exit(WRONG_USAGE) from error
        return self

    def draw(self, scored: Scored) -> None:
        if scored.radiograph is None or scored.judgement is None:
            return
        stem = scored.source.name.replace("/", "_").replace("\\", "_")
        name, number = stem, 2
        while name in self._names:
            name, number = f"{stem}_{number}", number + 1
        self._names.add(name)
        radiograph, judgement = scored.radiograph, scored.judgement
        file, lines = self._folder / f"{name}.png", picture_lines(scored)
        self._pending.append(self._pool.submit(write_overlay_png, file, radiograph, judgement.heatmap, lines))
        if len(self._pending) > 16:  # bounds the films held in memory
            self._wait(self._pending.pop(0))

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True)
        for future in self._pending:
            self._wait(future)

    def _wait(self, future: Future[None]) -> None:
        try:
            future.result()
        except OSError as error:
            console.print(f"A heatmap could not be written: {error.strerror}.", style="red", markup=False)
            raise typer.Exit(WRONG_USAGE) from error


def picture_lines(scored: Scored) -> list[str]:
    """What a picture says beneath the film: nothing about the patient."""
    if scored.judgement is None:
        return []
    prediction = scored.judgement.prediction
    if prediction.probability is None:
        verdict = "Not judged"
    else:
        band = "Suspected pneumonia" if prediction.suspected else "No pneumonia suspected"
        percent = probability_text(prediction.probability, prediction.operating_point)
        verdict = f"{band}: {percent} (operating point {prediction.operating_point:.0%})"
    lines = [f"{verdict}   {prediction.model_id} {prediction.model_version}", *prediction.remarks]
    if prediction.evidence_in_lungs is not None:
        lines.append(f"{prediction.evidence_in_lungs:.0%} of the evidence lies in the lungs")
    return [*lines, "Decision support for research use. Not a diagnosis."]


def print_queue(result: TriageResult) -> None:
    """The table on standard output and a summary on standard error."""
    home = _common_folder([row.file for row in result.rows])
    table = Table(box=None, pad_edge=False)
    for heading, justify in (("#", "right"), ("probability", "right"), ("verdict", "left"), ("file", "left")):
        table.add_column(heading, justify=justify, no_wrap=heading != "file", overflow="fold")  # type: ignore[arg-type]
    table.add_column("note", overflow="fold")
    for number, row in enumerate(result.rows, 1):
        name = _plain(row.file[len(home) :])
        table.add_row(str(number), _probability(row), _verdict(row), name, _plain(row.note))
    out = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200)
    if home:
        out.print(f"Films in {_plain(home)}")
    out.print(table)
    counts = [
        counted(len(result.rows), "film"),
        f"{sum(row.suspected is True for row in result.rows):,} suspected",
        f"{sum(row.status == Status.CHECK.value for row in result.rows):,} to check",
        f"{sum(row.status == Status.UNREADABLE.value for row in result.rows):,} unreadable",
    ]
    if result.ignored:
        counts.append(f"{counted(result.ignored, 'other file')} left out")
    console.print(" · ".join(counts), markup=False)
    console.print("Decision support for research use. Not a diagnosis.", markup=False)


def _common_folder(files: list[str]) -> str:
    """The folder, with its last separator, in which all files lie; "" where that would not shorten much."""
    if len(files) < 2:
        return ""
    try:
        folder = os.path.commonpath(files)
    except ValueError:  # on several drives, or relative beside absolute
        return ""
    return folder + os.sep if len(folder) > 20 else ""


def _plain(text: str) -> str:
    """Without control characters, which a file name may hold and a terminal would obey."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _probability(row: TriageRow) -> str:
    if row.probability is None or row.operating_point is None:
        return "–"
    return probability_text(row.probability, row.operating_point)


def _verdict(row: TriageRow) -> str:
    if row.suspected is None:
        return "unreadable" if row.status == Status.UNREADABLE.value else "not judged"
    verdict = "suspected pneumonia" if row.suspected else "no pneumonia suspected"
    return f"{verdict} (check)" if row.status == Status.CHECK.value else verdict
