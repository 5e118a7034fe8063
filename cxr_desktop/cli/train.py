"""`cxr-desktop train`: from a labelled folder to a bundle, in a process of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, TaskID

from cxr_desktop.cli.common import (
    console,
    locked_test_file,
    lung_finder_folder,
    model_library,
    printing,
    progress_bar,
    worded_errors,
)
from cxr_desktop.cli.weights import weights_for
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.progress import duration
from cxr_desktop.domain.tuning import Balance, Tuning, Variation, tuning_field
from cxr_desktop.training.architectures import architecture as architecture_of
from cxr_desktop.training.edition import check_can_train
from cxr_desktop.training.estimate import estimate_in_child, run_estimate
from cxr_desktop.training.event_words import log_line
from cxr_desktop.training.events import (
    Event,
    Failed,
    FilmLeftOut,
    Notice,
    Preparing,
    Started,
    Step,
)
from cxr_desktop.training.request import SEED, TrainingRequest, user_name
from cxr_desktop.training.run_folder import can_resume
from cxr_desktop.training.trainer import run_trainer, train_in_child


def _tuning(name: str) -> Any:
    """The option of a field of `Tuning`; its bounds are the field's, whose words name them better."""
    about = tuning_field(name).metadata
    bounds = f" [{about['low']:g} to {about['high']:g}]" if "low" in about else ""
    return typer.Option(help=f"{about['help']}{bounds}")


def train(
    films: Annotated[
        Path,
        typer.Argument(
            help="A labelled folder (a folder a class, or train/val/test above them), or a list (CSV)."
        ),
    ],
    output: Annotated[Path, typer.Option(help="The new model's folder.")],
    architecture: Annotated[str | None, typer.Option(help="The architecture's id.")] = None,
    continue_from: Annotated[
        str | None,
        typer.Option(help="Go on from a model, named by its id or folder, instead of training a new one."),
    ] = None,
    epochs: Annotated[int | None, _tuning("epochs")] = None,
    learning_rate: Annotated[float | None, _tuning("learning_rate")] = None,
    batch: Annotated[int | None, _tuning("batch")] = None,
    patience: Annotated[int | None, _tuning("patience")] = None,
    image_size: Annotated[int | None, _tuning("image_size")] = None,
    variation: Annotated[Variation | None, _tuning("variation")] = None,
    mirror: Annotated[bool | None, _tuning("mirror")] = None,
    balance: Annotated[Balance | None, _tuning("balance")] = None,
    minutes: Annotated[float | None, typer.Option(min=0.01, help="Begin no epoch after so many.")] = None,
    seed: Annotated[int, typer.Option(help="Of weights, order, augmentation and held-out films.")] = SEED,
    weights: Annotated[
        Path | None,
        typer.Option(
            help="The file that a pretrained architecture starts from; named once, it is remembered."
        ),
    ] = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Start such an architecture from random weights instead.")
    ] = False,
    suspicious: Annotated[
        list[str] | None,
        typer.Option(help="A class that speaks for suspicion (again for more); else all but NORMAL."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the interrupted run after its last whole epoch.")
    ] = False,
    adults: Annotated[
        Path | None,
        typer.Option(help="A table of NIH films of adults beside their folder, to be learned from as well."),
    ] = None,
    drawn_lungs: Annotated[
        Path | None,
        typer.Option(help="Lung masks drawn by people, PNG files named like the films, to measure with."),
    ] = None,
    keep_test_closed: Annotated[
        bool,
        typer.Option("--keep-test-closed", help="Leave the test films unopened: one candidate of several."),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(help="Who trains, for the model's card; “” leaves it unsaid. Else your user name."),
    ] = None,
    cores: Annotated[
        int | None,
        typer.Option(min=1, help="At most so many of the processor's cores, at a low priority; else all."),
    ] = None,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Only tell how long it will take, and in how much room.")
    ] = False,
    run: Annotated[Path | None, typer.Option(help="Folder for events, checkpoints and log.")] = None,
) -> None:
    """Train a model on a labelled folder and make a bundle of it.

    Films of the locked test set, and others of their patients, are never learned from; the model is measured
    on them.
    """
    output = output.resolve()
    folder = run or output.with_name(f"{output.name}.run")
    with worded_errors():
        check_can_train()
        # Whole paths, so that a run can be resumed from elsewhere.
        earlier, architecture = _start(architecture, continue_from)
        request = TrainingRequest(
            films=films.resolve(),
            architecture=architecture,
            output=output,
            seed=seed,
            minutes=minutes,
            suspicious=tuple(suspicious or ()),
            weights=weights
            if from_scratch or earlier
            else weights_for(architecture_of(architecture), weights),
            from_scratch=from_scratch,
            resume=resume,
            lung_finder=lung_finder_folder(),
            adults=adults.resolve() if adults is not None else None,
            open_test=not keep_test_closed,
            locked_test=locked_test_file(),
            made_by=user_name() if by is None else by,
            drawn_lungs=drawn_lungs.resolve() if drawn_lungs is not None else None,
            tuning=Tuning(epochs, learning_rate, batch, patience, image_size, variation, mirror, balance),
            continue_from=earlier,
            cores=cores,
        )
        if estimate:
            _print_estimate(request)
            return
        with progress_bar() as bar:
            display = _Display(bar)
            try:
                train_in_child(request, folder, display.show)
            except TrainingError as reason:
                if display.has_failed and not resume and can_resume(folder):
                    raise TrainingError(f"{reason} The same command with --resume lets it go on.") from None
                raise
    console.print(f"The model is in {output}; the run's events and log are in {folder}.", markup=False)


def train_child(folder: Annotated[Path, typer.Argument(help="The run's folder, with its request.")]) -> None:
    """The trainer's own process; started by `train`, never by hand."""
    raise typer.Exit(run_trainer(folder))


def estimate_child(folder: Annotated[Path, typer.Argument(help="A folder with a request.")]) -> None:
    """The process that measures for `train --estimate`; never started by hand."""
    raise typer.Exit(run_estimate(folder))


def _start(architecture: str | None, continue_from: str | None) -> tuple[Path | None, str]:
    """The folder of the model to continue from, and the architecture.

    Raises:
        CxrError: both or none of them were given, or there is no such model.
    """
    if (architecture is None) == (continue_from is None):
        raise TrainingError(
            "A training needs either --architecture, for a new model, or --continue-from, for a model that "
            "goes on from another."
        )
    if continue_from is None:
        assert architecture is not None
        return None, architecture
    entry = model_library().find(continue_from)
    assert entry.card is not None  # `find` gives usable models only
    return entry.folder.resolve(), entry.card.provenance.architecture


def _print_estimate(request: TrainingRequest) -> None:
    with tempfile.TemporaryDirectory(prefix="cxr-estimate-") as folder, printing():
        typer.echo(estimate_in_child(request, Path(folder)).text)


class _Display:
    """Shows a run's events: a bar an epoch, a line when it is over.

    Attributes:
        has_failed: whether the run told that it did.
    """

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._shown: tuple[str, int] | None = None
        self._epochs = 0
        self.has_failed = False

    def show(self, event: Event) -> None:
        match event:
            case Preparing(done, of):
                self._progress("Reading films", 0, done, of)
            case Step(epoch, step, of, loss, seconds_left):
                left = "" if seconds_left is None else f", at most {duration(seconds_left)} for all"
                remark = f"loss {loss:.4f}{left}"
                self._progress(f"Epoch {epoch} of at most {self._epochs}", epoch, step, of, remark)
            case Failed():
                self.has_failed = True  # the reason is printed as an error
            case _:
                if isinstance(event, Started):
                    self._epochs = event.epochs
                if line := log_line(event):
                    style = "yellow" if isinstance(event, FilmLeftOut | Notice) else None
                    console.print(line, style=style, markup=False)

    def _progress(self, what: str, number: int, done: int, of: int, remark: str = "") -> None:
        if self._shown != (what, number):
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task, self._shown = self._bar.add_task(what, total=of, rate=""), (what, number)
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=of, rate=remark)
