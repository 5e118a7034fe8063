"""A run's events, one after the other, become how it stands."""

from __future__ import annotations

from dataclasses import replace

from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.training.event_words import log_line
from cxr_desktop.training.events import (
    Continued,
    Epoch,
    Event,
    Exporting,
    Failed,
    FilmLeftOut,
    Finished,
    GivenUp,
    Paused,
    Preparing,
    Resumed,
    Resuming,
    Samples,
    Started,
    Step,
)


def told(state: TrainingState, event: Event) -> TrainingState:
    """How a run stands after an event."""
    line = log_line(event)
    # A resumed run reads its films again, and tells once more of those that give none.
    if line and not (isinstance(event, FilmLeftOut) and line in state.log):
        state = replace(state, log=(*state.log, line))
    return _told(state, event)


def _told(state: TrainingState, event: Event) -> TrainingState:  # noqa: PLR0911, PLR0912 - one answer an event
    match event:
        case Resuming():
            # Of what was told last, only what learning came to still holds.
            return replace(_still(state), phase="starting", paused=False, ended="", done=0, of=0)
        case Preparing(done, of):
            return replace(_still(state), phase="reading", paused=False, ended="", done=done, of=of)
        case Started():
            return replace(
                state,
                phase="learning",
                done=0,
                of=event.steps,
                epochs=event.epochs,
                counts=event.counts,
                device=event.device,
            )
        case Resumed(epochs, history, _, best):
            return replace(state, figures=history, epoch=epochs, best_epoch=best)
        case Step():
            return replace(
                state,
                phase="learning",
                epoch=event.epoch,
                done=event.step,
                of=event.of,
                loss=event.loss,
                seconds_left=event.seconds_left,
                memory=event.memory or state.memory,
            )
        case Epoch():
            figures = (*state.figures[: event.epoch - 1], event.figures)
            best = event.epoch if event.best else state.best_epoch
            return replace(state, figures=figures, best_epoch=best)
        case Samples(_, films):
            return replace(state, samples=films)
        case Paused():
            return replace(state, paused=True)
        case Continued():
            return replace(state, paused=False)
        case Exporting(why):
            return replace(_still(state), phase="writing", ended=why)
        case Finished(best_epoch):
            return replace(_still(state), phase="finished", best_epoch=best_epoch, paused=False)
        case Failed(reason):
            return replace(_still(state), phase="failed", ended=reason, paused=False)
        case GivenUp():
            return replace(_still(state), phase="cancelled", paused=False)
    return state


def _still(state: TrainingState) -> TrainingState:
    """The same where nothing is learned at the moment: a loss or a time of before would mislead."""
    return replace(state, loss=None, seconds_left=None)
