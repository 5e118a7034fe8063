"""How a training stands, in words: for its page, and for a line in the status bar."""

from __future__ import annotations

from cxr_desktop.domain.progress import duration
from cxr_desktop.domain.start_choices import StartChoice, StartKind, TrainingOrder
from cxr_desktop.domain.training_estimate import TrainingEstimate
from cxr_desktop.domain.training_state import Phase, TrainingState
from cxr_desktop.domain.wording import counted, date_time_text
from cxr_desktop.language import tr

# Of a training that waits to be started.
ORDERED = tr("To be trained")

_PHASES: dict[Phase, str] = {
    "starting": tr("Starting"),
    "reading": tr("Reading films"),
    "learning": tr("Learning"),
    "writing": tr("Writing and trying the new model"),
    "finished": tr("The new model is ready"),
    "failed": tr("Training failed"),
    "cancelled": tr("Cancelled; nothing of it is kept"),
}
# The first line in the status bar, of phases that have no epoch to tell.
_STATUS: dict[Phase, str] = {
    "starting": tr("training: starting"),
    "reading": tr("training: reading films"),
    "learning": tr("training: learning"),
    "writing": tr("training: writing and trying the new model"),
}
_STARTS: dict[StartKind, str] = {
    "continue": tr("going on from what it knows"),
    "scratch": tr("a new network"),
    "imagenet": tr("a new network that knows everyday pictures"),
}


def order_words(
    choice: StartChoice, order: TrainingOrder, films: int, estimate: TrainingEstimate | None
) -> str:
    """What would be trained, on one line.

    Args:
        choice: what the order starts from.
        films: how many were chosen.
        estimate: where it was measured.
    """
    epochs = order.tuning.epochs or choice.recipe.epochs
    parts = (
        f"{choice.title}, {_STARTS[choice.kind]}",
        tr("{films}, divided as on the page Split", films=counted(films, "film", "films")),
        tr("at most {epochs}", epochs=counted(epochs, "epoch", "epochs")) if epochs else "",
        tr("at most {duration}", duration=duration(estimate.seconds)) if estimate is not None else "",
    )
    return " · ".join(filter(None, parts))


def run_words(state: TrainingState) -> str:
    """What tells a run from others: "21 Nov 2026 21:48 · One convolution (Sharma)"; "" where nothing does."""
    began = "" if state.began is None else date_time_text(state.began)
    return " · ".join(filter(None, (began, state.network)))


def phase_words(state: TrainingState) -> str:
    """What it is at, or how it ended."""
    if state.interrupted:
        return tr("Interrupted")
    if state.paused:
        return tr("Paused")
    return _PHASES[state.phase]


def place_words(state: TrainingState) -> str:
    """Where in its phase it is: "epoch 3 of at most 16, step 40 of 130"; "" where that says nothing."""
    if state.over or state.of == 0:
        return ""
    match state.phase:
        case "reading":
            return tr("{done:,} of {of:,} films", done=state.done, of=state.of)
        case "learning" if state.epoch:
            return tr(
                "epoch {epoch} of at most {epochs:,}, step {done:,} of {of:,}",
                epoch=state.epoch,
                epochs=state.epochs,
                done=state.done,
                of=state.of,
            )
        case "learning":
            return tr("before the first of at most {epochs:,} epochs", epochs=state.epochs)
    return ""


def left_words(state: TrainingState) -> str:
    """The time that learning still takes at most; "" where that is not known, or nothing goes on."""
    if not state.alive or state.paused or state.seconds_left is None:
        return ""
    return tr("at most {duration} left", duration=duration(state.seconds_left))


def end_words(state: TrainingState) -> str:
    """Why learning ended or stands still, and what can be done; "" while it goes on."""
    if not state.interrupted:
        return state.ended  # where it failed, it says itself what can be done
    why = state.ended or tr("Its trainer is gone: the computer was switched off, or the process was ended.")
    if state.resumable:
        return tr("{why} It can go on after its last whole epoch.", why=why)
    return tr("{why} No epoch was over by then, so it cannot go on; start it again.", why=why)


def counts_words(state: TrainingState) -> str:
    """How many films there are: "200 films to learn from, 40 held out"; "" before they are known."""
    learned, held_out = (sum(state.counts.get(side, {}).values()) for side in ("train", "validation"))
    if not learned:
        return ""
    return tr("{learned:,} films to learn from, {held_out:,} held out", learned=learned, held_out=held_out)


def share_done(state: TrainingState) -> float | None:
    """How much of all epochs, or of the reading, is done, in [0, 1]; None while that cannot be known."""
    if state.of == 0:
        return None
    within = state.done / state.of
    match state.phase:
        case "reading":
            return within
        case "learning" if state.epochs:
            return (max(state.epoch - 1, 0) + (within if state.epoch else 0)) / state.epochs
    return None


def status_words(state: TrainingState) -> str:
    """Two short lines for the status bar, without what changes from step to step."""
    if state.interrupted:
        if state.resumable:
            return tr("training interrupted\ncan go on")
        return tr("training interrupted\ncannot go on")
    match state.phase:
        case "finished":
            return tr("training finished\na new model is ready")
        case "failed":
            return tr("training failed\ncan go on") if state.resumable else tr("training failed\nsee why")
        case "cancelled":
            return tr("training cancelled\nnothing is kept")
        case "learning" if state.epoch:
            first = tr("training: epoch {epoch} of {epochs:,}", epoch=state.epoch, epochs=state.epochs)
        case _:
            first = _STATUS[state.phase]
    second = tr("paused") if state.paused else left_words(state) or place_words(state)
    return f"{first}\n{second}" if second else first
