"""Learning: one network, its films, and what comes of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import keras

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import Label
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.checkpoint import Progress, load_checkpoint, load_weights
from cxr_desktop.training.compiling import compile_network, precision
from cxr_desktop.training.control import Control, Stopped
from cxr_desktop.training.ending import Ending, stopped
from cxr_desktop.training.events import Event, Notice, Resumed
from cxr_desktop.training.run_folder import CHECKPOINT_FILE, KEPT_WEIGHTS_FILE
from cxr_desktop.training.samples import SampleFilms
from cxr_desktop.training.schedules import best_epoch
from cxr_desktop.training.watch import Watch

_STOPPED = stopped()


@dataclass(frozen=True)
class Fitted:
    """A network that has learned; it holds the weights that are kept.

    Attributes:
        best_epoch: whose weights it holds, counted from 1: the best one's, or the last one's where the
            recipe keeps those. Averaged weights where the recipe averages.
        epochs: how many were done, counted from 1.
        why: why learning ended.
        history: the figures of each epoch, in order.
    """

    model: keras.Model
    best_epoch: int
    epochs: int
    why: Ending
    history: tuple[dict[str, float], ...]


def fit(
    record: Architecture,
    train: FilmBatches,
    validation: FilmBatches,
    classes: tuple[Label, ...],
    folder: Path,
    epochs: int,
    seed: int,
    minutes: float,
    on_event: Callable[[Event], None],
    network: keras.Model | None = None,
    resume: bool = False,
    run: Mapping[str, str] | None = None,
    samples: SampleFilms | None = None,
) -> Fitted:
    """Trains until the recipe says stop, or the epochs or the minutes are spent.

    Args:
        folder: the run's; it receives a checkpoint every epoch and the weights that are kept.
        minutes: no epoch begins after so many, over all parts of an interrupted run; infinity for no limit.
        network: the one to begin with; None builds it.
        resume: whether to go on after the checkpoint in `folder`, where there is one.
        run: what tells this run from others; a checkpoint of another is refused.
        samples: films to be judged after each epoch.

    Raises:
        Cancelled: somebody asked for it in the run's folder.
        TrainingError: the loss is no number in the very first epoch, or learning was stopped in it; the disk
            is full; or the checkpoint is of another run.
    """
    keras.utils.set_random_seed(seed)
    with precision(record):
        model = network
        if model is None:
            model = record.build(record.input, record.outputs(len(classes)))
        compile_network(model, record, classes, len(train), epochs)
        before = Progress()
        if resume and (folder / CHECKPOINT_FILE).exists():
            before = load_checkpoint(folder / CHECKPOINT_FILE, model, run or {})
            best = best_epoch(before.history, record.stopping)
            on_event(Resumed(len(before.history), before.history, before.seconds, best))
        elif resume:
            on_event(Notice(tr("The interrupted run had not finished one epoch, so learning begins anew.")))
        done = len(before.history)
        # Keras calls their `on_epoch_begin` first, which goes on from here.
        train.begin_epoch(done)
        validation.begin_epoch(done)
        control = Control(folder, on_event)
        watch = Watch(
            record, folder, len(train), epochs, minutes, run or {}, before, on_event, control, samples
        )
        try:
            if watch.why is None:
                model.fit(
                    train,
                    validation_data=validation,
                    initial_epoch=done,
                    epochs=epochs,
                    callbacks=watch.callbacks(),
                    shuffle=False,
                    verbose=0,
                )
        except Stopped:
            watch.why = _STOPPED
        except OSError as error:
            resumable = (folder / CHECKPOINT_FILE).exists()
            raise _not_written(error, watch.kept_epoch, resumable) from error
    if not watch.kept_epoch and watch.why == _STOPPED:
        raise TrainingError(
            tr(
                "Training was stopped before one epoch was over, so there is no model yet. Start "
                "it again and give it more time."
            )
        )
    if not watch.kept_epoch:
        raise TrainingError(
            tr(
                "The loss stopped being a number before one epoch was over, so nothing was "
                "learned. A lower learning rate usually helps."
            )
        )
    assert watch.why is not None  # or it would go on
    load_weights(folder / KEPT_WEIGHTS_FILE, model)
    return Fitted(model, watch.kept_epoch, len(watch.history), watch.why, tuple(watch.history))


def _not_written(error: OSError, kept_epoch: int, resumable: bool) -> TrainingError:
    kept = (
        tr("The weights of epoch {epoch} are kept there", epoch=kept_epoch)
        if kept_epoch
        else tr("Nothing was kept yet")
    )
    way_on = tr("let it go on after its last whole epoch") if resumable else tr("start it again")
    why = os.strerror(error.errno) if error.errno else tr("the disk may be full")
    return TrainingError(
        tr(
            "The run's folder cannot be written ({why}). {kept}. Make room on its disk, then {way_on}.",
            why=why,
            kept=kept,
            way_on=way_on,
        )
    )
