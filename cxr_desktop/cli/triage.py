"""`cxr-desktop triage`: the queue of some files, without window and catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from cxr_desktop.cli.common import (
    check_writable,
    console,
    printing,
    progress_bar,
    scorer_for,
    worded_errors,
    writing,
)
from cxr_desktop.cli.exit_codes import SOME_UNREADABLE, WRONG_USAGE
from cxr_desktop.cli.pictures import Pictures
from cxr_desktop.cli.queue_table import print_queue
from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.standpoint import Standpoint, standpoint_of
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.intake import Candidate, Ignored, Rejected, find_films
from cxr_desktop.inference.batch import score_files
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.inference.triage_report import TriageRow, in_reading_order, row_of, unreadable_row, write_csv

Paths = Annotated[
    list[Path], typer.Argument(help="X-rays, folders, ZIP archives, DICOMDIR files.", metavar="PATH…")
]
ModelOption = Annotated[str | None, typer.Option("--model", help="A model's id, or its folder.")]
PointOption = Annotated[
    str | None,
    typer.Option(
        "--operating-point",
        metavar="NAME",
        help="Which of the model's operating points decides: “balanced”, “high sensitivity”.",
    ),
]
JobsOption = Annotated[int, typer.Option("--jobs", min=0, help="Reading threads; 0: one a core.")]


def triage(
    paths: Paths,
    model: ModelOption = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the queue to this file.")] = None,
    heatmaps: Annotated[
        Path | None, typer.Option(help="Write a picture with heatmap for each film here.")
    ] = None,
    jobs: JobsOption = 0,
    operating_point: PointOption = None,
    share: Annotated[
        float | None,
        typer.Option(
            metavar="PERCENT",
            help="The share of pneumonia among your own films: shown probabilities are recomputed for it. "
            "Order and verdicts stay.",
        ),
    ] = None,
) -> None:
    """Score X-rays and print them, most suspicious first."""
    with worded_errors():
        check_share(share)
        scorer = scorer_for(model)
        standpoint = standpoint_of(scorer.card, operating_point or "", None if share is None else share / 100)
        if csv is not None:
            check_writable(csv)
        result = run_triage(paths, scorer, jobs or usable_cores(), heatmaps, standpoint)
    if csv is not None:
        with writing(csv) as file:
            write_csv(result.rows, file)
    # Last, because whoever reads standard output may have gone (`| head`).
    with printing():
        print_queue(result.rows, result.ignored, scorer.card, standpoint.point)
    if result.picture_problem:
        console.print(result.picture_problem, style="red", markup=False)
        raise typer.Exit(WRONG_USAGE)
    if any(row.status == Status.UNREADABLE.value for row in result.rows):
        raise typer.Exit(SOME_UNREADABLE)


def check_share(share: float | None) -> None:
    """Refuses a share, in percent, that Bayes' rule cannot work with.

    Raises:
        CxrError: it is not between 0 and 100.
    """
    if share is not None and not 0 < share < 100:
        raise CxrError(
            f"A share of pneumonia of {share:g} % was given; it must lie between 0 and 100, for example 10 "
            "for 10 %."
        )


class TriageResult:
    """The rows in reading order, and what was left out.

    Attributes:
        rows: a row for every film and for every file that could not be read.
        ignored: files in folders and archives that are no image by name and content.
        picture_problem: why heatmaps are missing; "" where none is.
    """

    def __init__(self, rows: Iterable[TriageRow], ignored: int, picture_problem: str = "") -> None:
        self.rows = in_reading_order(rows)
        self.ignored = ignored
        self.picture_problem = picture_problem


def run_triage(
    paths: list[Path],
    scorer: Scorer,
    jobs: int,
    heatmaps: Path | None = None,
    standpoint: Standpoint | None = None,
) -> TriageResult:
    """Finds, reads and judges films, showing a progress bar.

    Args:
        standpoint: the operating point and share in force; None: the model's default.

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
        pictures = None
        if heatmaps is not None:
            pictures = stack.enter_context(Pictures(heatmaps, scorer.card.suspicion_word))
        bar = stack.enter_context(progress_bar())
        task = bar.add_task("Scoring", total=None, rate="")
        # All files are listed before the first picture is written: its folder may lie among them.
        sources = candidates() if pictures is None else iter(list(candidates()))
        for each in score_files(sources, scorer, jobs):
            scored = each.seen_from(standpoint) if standpoint else each
            rows.append(row_of(scored))
            if pictures is not None:
                pictures.draw(scored)
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, total=total[0], rate=f"{speed:.0f} films/s" if speed else "")
    return TriageResult(rows, ignored, pictures.problem if pictures is not None else "")
