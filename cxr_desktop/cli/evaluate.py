"""`cxr-desktop evaluate`: what a model reaches on a labelled folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from cxr_desktop.cli.common import (
    check_writable,
    console,
    printing,
    progress_bar,
    scorer_for,
    worded_errors,
    writing,
)
from cxr_desktop.cli.exit_codes import SOME_UNREADABLE
from cxr_desktop.cli.label_tables import label_tables
from cxr_desktop.cli.queue_table import print_by_reason
from cxr_desktop.cli.triage import JobsOption, ModelOption, PointOption
from cxr_desktop.domain.classification import LabelComparison
from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.model_card import Estimate, Evaluation, Label, OperatingPoint
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.domain.standpoint import standpoint_of
from cxr_desktop.domain.wording import counted, percent_text, utf8_text
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.intake import Candidate, Rejected, find_films
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.batch import score_files
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.training.class_films import class_films, left_out
from cxr_desktop.training.metrics import compare_labels_given, evaluate_predictions
from cxr_desktop.training.shortcuts import JudgedFilm, judged_film, measure_shortcuts


class FolderEvaluation(msgspec.Struct, frozen=True):
    """An evaluation with what it leaves out.

    Attributes:
        operating_point: the threshold in force.
        operating_point_name: its name in the model's card.
        not_judged: films out of the model's scope, which have no verdict to compare: file and reason.
        unreadable: files that gave no film: file and reason.
        shortcuts: how far the judgement hangs on what is not lung; empty where it was not asked for.
        labels: which label each film is given, the one with the greatest score; None for a model of two
            labels, where the operating point decides.
    """

    model: str
    operating_point: float
    evaluation: Evaluation
    not_judged: dict[str, str]
    unreadable: dict[str, str]
    operating_point_name: str = ""
    shortcuts: tuple[ShortcutFigure, ...] = ()
    labels: LabelComparison | None = None


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder with one folder a class (NORMAL and PNEUMONIA), or a list (CSV).",
            metavar="FOLDER_OR_LIST",
        ),
    ],
    model: ModelOption = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write the figures to this file; without one, print them as JSON."),
    ] = None,
    jobs: JobsOption = 0,
    operating_point: PointOption = None,
    shortcuts: Annotated[
        bool,
        typer.Option("--shortcuts", help="Also change what is not lung, film by film, and see what moves."),
    ] = False,
    drawn_lungs: Annotated[
        Path | None,
        typer.Option(help="For --shortcuts: lung masks drawn by people, PNG files named like the films."),
    ] = None,
) -> None:
    """Compare a model with a folder's labels: accuracy, sensitivity, specificity, AUC, confusion matrix.

    For a model of more than two labels also the confusion matrix over all of them, and each label's
    precision, recall and F1.
    """
    printed = json == Path("-")
    with worded_errors():
        if json is not None and not printed:
            check_writable(json)
        scorer = scorer_for(model)
        point = standpoint_of(scorer.card, operating_point or "").point
        result = evaluate_folder(folder, scorer, jobs or usable_cores(), point)
        if shortcuts:
            figures_of_shortcuts = folder_shortcuts(folder, scorer, drawn_lungs)
            result = msgspec.structs.replace(result, shortcuts=figures_of_shortcuts)
    figures = msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n"
    if json is not None and not printed:
        with writing(json) as file:
            file.write(figures)
    with printing():
        if printed:
            sys.stdout.write(figures)
        else:
            _print(result)
    if result.unreadable:
        raise typer.Exit(SOME_UNREADABLE)


def evaluate_folder(
    folder: Path, scorer: Scorer, jobs: int, point: OperatingPoint | None = None
) -> FolderEvaluation:
    """Scores the films of the classes and compares.

    Args:
        folder: holds the class folders, or is a list of films.
        point: the operating point that decides; None: the card's default.

    Raises:
        TrainingError: there are no classes called like the model's labels, one twice, or films of one kind
            only.
    """
    classes = class_films(folder, scorer.card.labels)
    if left_out(folder, scorer.card.labels):
        console.print(utf8_text(left_out(folder, scorer.card.labels)), style="yellow", markup=False)
    truth: list[Label] = []
    predictions: list[Prediction] = []
    not_judged: dict[str, str] = {}
    unreadable: dict[str, str] = {}

    def films(of: Sequence[Path]) -> Iterator[FilmSource]:
        for found in find_films(of):
            match found:
                case Candidate():
                    yield found.source
                case Rejected():
                    unreadable[utf8_text(str(found.source))] = found.reason

    with progress_bar() as bar:
        for label, paths in classes.items():
            task = bar.add_task(label.name, total=None, rate="")
            for scored in score_files(films(paths), scorer, jobs):
                bar.update(task, advance=1)
                if scored.judgement is None:
                    unreadable[utf8_text(str(scored.source))] = scored.problem
                elif scored.judgement.prediction.probability is None:
                    not_judged[utf8_text(str(scored.source))] = "; ".join(scored.judgement.prediction.remarks)
                else:
                    truth.append(label)
                    predictions.append(scored.judgement.prediction)
    if not truth:
        raise TrainingError("None of the films could be judged, so there is nothing to compare.")
    point = point or scorer.card.operating_point
    threshold = point.threshold
    suspicious = np.array([label.suspicious for label in truth])
    probabilities = np.array([each.probability for each in predictions], np.float64)
    return FolderEvaluation(
        model=f"{scorer.card.id} {scorer.card.version}",
        operating_point=threshold,
        evaluation=evaluate_predictions(suspicious, probabilities, threshold, folder.name),
        not_judged=not_judged,
        unreadable=unreadable,
        operating_point_name=point.name,
        labels=compare_labels_given([label.name for label in truth], predictions, scorer.card.labels),
    )


def folder_shortcuts(folder: Path, scorer: Scorer, drawn_lungs: Path | None) -> tuple[ShortcutFigure, ...]:
    """How far the judgement of the films hangs on what is not lung.

    Args:
        drawn_lungs: a folder of masks drawn by people; None: the lung finder's count.
    """
    with progress_bar() as bar:
        task = bar.add_task("shortcuts", total=None, rate="")

        def films() -> Iterator[JudgedFilm]:
            for label, paths in class_films(folder, scorer.card.labels).items():
                for found in find_films(paths):
                    if isinstance(found, Candidate):
                        bar.update(task, advance=1)
                        with suppress(UnreadableImage):  # told by the evaluation
                            yield judged_film(found.source, label.suspicious, read_radiograph, drawn_lungs)

        return measure_shortcuts(films(), scorer)


def _print(result: FolderEvaluation) -> None:
    out = Console(highlight=False, markup=False)
    figures = result.evaluation
    out.print(
        f"{result.model} on {counted(figures.count, 'film', 'films')}, operating point "
        f"{result.operating_point_name} ({result.operating_point:.3f})"
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    rows: list[tuple[str, Estimate]] = [
        ("accuracy", figures.accuracy),
        ("sensitivity (recall for suspicious)", figures.sensitivity),
        ("specificity (recall for the others)", figures.specificity),
        ("AUC", figures.auc),
    ]
    for name, estimate in rows:
        interval = f"95 % interval {estimate.low:.3f} to {estimate.high:.3f}"
        table.add_row(name, f"{estimate.value:.4f}", interval)
    if figures.calibration_error is not None:
        table.add_row("expected calibration error", f"{figures.calibration_error:.4f}", "")
    out.print(table)
    (true_negative, false_positive), (false_negative, true_positive) = figures.confusion
    matrix = Table(box=None, pad_edge=False)
    for heading in ("confusion matrix", "none suspected", "suspected"):
        matrix.add_column(heading, justify="left" if heading.startswith("c") else "right")
    matrix.add_row("labelled as not suspicious", str(true_negative), str(false_positive))
    matrix.add_row("labelled as suspicious", str(false_negative), str(true_positive))
    out.print(matrix)
    if result.labels is not None:
        for each in label_tables(result.labels):
            out.print(each)
    if result.shortcuts:
        out.print(shortcut_table(result.shortcuts))
    for what, reasons in (("not judged", result.not_judged), ("unreadable", result.unreadable)):
        if reasons:
            out.print(f"\n{counted(len(reasons), 'film', 'films')} {what}, not in the figures:")
            print_by_reason((reason, file) for file, reason in reasons.items())


def shortcut_table(figures: tuple[ShortcutFigure, ...]) -> Table:
    """What was changed or measured, how far the judgement moved, and whether that may be."""
    table = Table(box=None, pad_edge=False, title="shortcuts", title_justify="left")
    for heading in ("", "films", "mean change", "AUC change", "share", "kept"):
        table.add_column(heading, justify="left" if not heading else "right", overflow="fold")
    for each in figures:
        table.add_row(
            each.name,
            str(each.films),
            "" if each.mean_change is None else f"{each.mean_change:.3f}",
            "" if each.auc_change is None else f"{each.auc_change:+.3f}",
            "" if each.value is None else percent_text(each.value, 1),
            ("yes" if each.met else "no") if each.condition else "",
        )
    return table
