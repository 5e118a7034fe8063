"""`cxr-desktop benchmark`: the reference systems trained, judged, and set beside what was published."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from cxr_desktop.cli.common import (
    console,
    locked_test_file,
    lung_finder_folder,
    model_library,
    printing,
    worded_errors,
)
from cxr_desktop.cli.exit_codes import SOME_WITHOUT_FIGURES, WRONG_USAGE
from cxr_desktop.cli.weights import remember, remembered
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.training.architectures import ARCHITECTURES
from cxr_desktop.training.benchmark.plan import BenchmarkRequest, Shipped
from cxr_desktop.training.benchmark.report import page_file, write_report
from cxr_desktop.training.benchmark.rows import BenchmarkRow, RowFile
from cxr_desktop.training.benchmark.runner import Benchmark
from cxr_desktop.training.benchmark.table import NOTHING, Line, estimate_text, lines_of
from cxr_desktop.training.edition import check_can_train
from cxr_desktop.training.events import Event, Exporting, Notice, Preparing, Resumed, Started, Step
from cxr_desktop.training.pace import Pace
from cxr_desktop.training.request import SEED

_DATA = "CXR_DATA"

_FULL_WIDTH, _WITH_INTERVALS = 240, 180  # columns


def benchmark(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The labelled folder with train and test; else kermany224 in CXR_DATA."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="One model's id; may be given several times.")
    ] = None,
    minutes_per_model: Annotated[
        float | None, typer.Option(min=0.01, help="Begin no epoch of a model after so many.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="At most so many epochs for each model.")] = None,
    seed: Annotated[int, typer.Option(help="Of weights, order and augmentation.")] = SEED,
    weights: Annotated[
        list[Path] | None,
        typer.Option(help="A weights file that networks may start from; may be given several times."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", help="The file of rows; the page is written beside it.")
    ] = None,
    work: Annotated[Path | None, typer.Option(help="Folder for runs and trained models.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Train the chosen models again though their rows stand.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Print the table of what there is; train nothing.")
    ] = False,
) -> None:
    """Train the reference studies' systems, judge them on the test films, compare with what they published.

    Takes hours. A model whose row stands is not trained again.
    """
    if json == Path("-"):
        console.print("--json needs the name of a file: that of the benchmark's rows.", style="red")
        raise typer.Exit(WRONG_USAGE)
    file = RowFile(json or resources_folder() / "models" / "benchmark.json")
    with worded_errors():
        models = model_library().models()
        bundles = [Shipped(entry.folder, entry.card) for entry in models if entry.bundled and entry.card]
        names = {each.card.id: each.card.name for each in bundles}
        if report:
            _print(lines_of(ARCHITECTURES, file.rows(), names))
            return
        check_can_train()
        remember(weights or ())
        request = BenchmarkRequest(
            films=folder or _default_folder(),
            work=work or UserFolders.of_this_user().data / "benchmark",
            only=tuple(only or ()),
            again=again,
            minutes=minutes_per_model,
            epochs=epochs,
            seed=seed,
            weights=remembered(),
            locked_test=locked_test_file(),
        )
        with _Display() as display:
            outcome = Benchmark(
                request,
                file,
                display,
                bundles,
                lung_finder_folder(),
                on_rows=lambda rows: write_report(file.path, ARCHITECTURES, rows, names),
            ).run()
    _print(lines_of(ARCHITECTURES, outcome.rows, names))
    console.print(f"The figures are in {file.path}, the page is {page_file(file.path)}.", markup=False)
    if outcome.incomplete:
        console.print(f"Without figures: {', '.join(outcome.incomplete)}.", style="yellow", markup=False)
        raise typer.Exit(SOME_WITHOUT_FIGURES)


def _default_folder() -> Path:
    """The official set where the tests look for it, too."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get(_DATA, beside)) / "kermany224"
    if not folder.is_dir():
        console.print(
            f"Name the labelled folder, or set {_DATA} to the folder that holds kermany224.", style="red"
        )
        raise typer.Exit(WRONG_USAGE)
    return folder


def _print(lines: list[Line]) -> None:
    # Into a file or a pipe in full; a narrow terminal would break the intervals into many lines.
    out = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _FULL_WIDTH)
    figure = estimate_text if out.width >= _WITH_INTERVALS else _value_text
    table = Table(box=None, pad_edge=False, header_style="")
    for heading in ("model", "published", "P / N", "accuracy", "recall P", "recall N", "AUC", "loss"):
        table.add_column(heading, overflow="fold")
    table.add_column("calibrated sens. / spec.", overflow="fold")
    table.add_column("epochs", overflow="fold")
    table.add_column("s/epoch", justify="right")
    table.add_column("notes", overflow="fold", min_width=20)
    for line in lines:
        name = f"{line.id} (ours)" if line.ours else line.id
        notes = "; ".join(line.notes)
        figures = line.row.figures if line.row is not None else None
        if figures is None:
            empty = [NOTHING] * 8
            table.add_row(name, line.published_accuracy, line.published_recalls, *empty, notes)
            continue
        raw, own = figures.at_half, figures.calibrated
        facts = line.row.training if line.row is not None else None
        table.add_row(
            name,
            line.published_accuracy,
            line.published_recalls,
            *(figure(each) for each in (raw.accuracy, raw.sensitivity, raw.specificity, raw.auc)),
            f"{figures.loss:.4f}",
            f"{own.sensitivity.value:.3f} / {own.specificity.value:.3f}",
            f"{facts.epochs} of {facts.most_epochs}" if facts is not None else NOTHING,
            f"{facts.seconds_per_epoch:.1f}" if facts is not None else NOTHING,
            notes,
        )
    with printing():
        out.print(table)
        shown = "Brackets: 95 % intervals." if figure is estimate_text else "A wider window shows intervals."
        out.print(f"\nP and N: recall for pneumonia and for normal. {shown}")


def _value_text(estimate: Estimate) -> str:
    return f"{estimate.value:.3f}"


class _Display:
    """A bar for all models and one for the model in training, each with the time left; a line a model."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
        )
        self._all = self._bar.add_task("", total=None, left="")
        self._one = self._bar.add_task("", total=None, left="", visible=False)
        self._id = ""
        self._epochs = 0

    def __enter__(self) -> _Display:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begins(self, id: str, number: int, of: int, minutes: float | None) -> None:
        self._id = id
        self._pace.begin_model(number, of, minutes, time.monotonic())
        self._bar.update(self._all, description=f"Model {number} of {of}", completed=number - 1, total=of)
        self._show(f"{id}: starting", 0, 1)

    def trainer_said(self, event: Event) -> None:
        match event:
            case Preparing(done, of):
                self._show(f"{self._id}: reading films", done, of)
            case Started(epochs=epochs, steps=steps):
                self._epochs = epochs
                self._pace.begin_epochs(epochs, steps, time.monotonic())
            case Step(epoch, step, of, loss):
                self._pace.step(epoch, step)
                self._show(
                    f"{self._id}: epoch {epoch} of at most {self._epochs}, loss {loss:.4f}",
                    (epoch - 1) * of + step,
                    self._epochs * of,
                )
            case Resumed():
                self._pace.resume(event.epochs, event.seconds)
            case Notice(text):
                console.print(f"{self._id}: {text}", style="yellow", markup=False)
            # An epoch's figures are in the run's folder; a line each would be two thousand.
            case Exporting():
                self._show(f"{self._id}: writing the model", 1, 1)

    def judging(self, done: int, of: int) -> None:
        self._show(f"{self._id}: test films", done, of)

    def ended(self, row: BenchmarkRow) -> None:
        self._pace.end_model(time.monotonic())
        self._bar.update(self._one, visible=False)
        if row.figures is None:
            console.print(f"{row.id}: failed: {row.note}", style="red", markup=False)
            return
        raw = row.figures.at_half
        said = [f"accuracy {estimate_text(raw.accuracy)}", f"AUC {estimate_text(raw.auc)}"]
        console.print(f"{row.id}: {', '.join(said + ([row.note] if row.note else []))}", markup=False)

    def passed_over(self, id: str, reason: str) -> None:
        console.print(f"{id}: {reason}", style="dim", markup=False)

    def _show(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        self._bar.update(
            self._one,
            description=what,
            completed=done,
            total=of,
            left=self._pace.model_words(now),
            visible=True,
        )
        self._bar.update(self._all, left=self._pace.whole_words(now))
