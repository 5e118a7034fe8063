"""Why learning ended: in English for the model's card, which travels, and in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cxr_desktop.language import tr
from cxr_desktop.training.recipe import TIME_IS_OVER


@dataclass(frozen=True)
class Ending:
    """A reason, as a sentence.

    Attributes:
        english: for what is kept.
        words: the same for the screen.
    """

    english: str
    words: str


def without_progress(monitor: Literal["val_loss", "val_accuracy"], epochs: int) -> Ending:
    """So many epochs went by without a better figure."""
    if monitor == "val_loss":
        return Ending(
            f"The validation loss has not fallen for {epochs} epochs.",
            tr("The validation loss has not fallen for {epochs} epochs.", epochs=epochs),
        )
    return Ending(
        f"The validation accuracy has not risen for {epochs} epochs.",
        tr("The validation accuracy has not risen for {epochs} epochs.", epochs=epochs),
    )


def all_done() -> Ending:
    """There were as many epochs as were asked for."""
    return Ending("All epochs are done.", tr("All epochs are done."))


def time_is_over(minutes: float) -> Ending:
    """It took as long as it may."""
    return Ending(
        f"The {minutes:g} {TIME_IS_OVER}.",
        tr("The {minutes:g} minutes allowed are over.", minutes=minutes),
    )


def stopped() -> Ending:
    """Somebody asked for it."""
    return Ending("It was stopped on request.", tr("It was stopped on request."))


def without_number(which: Literal["loss", "val_loss"], epoch: int, kept_epoch: int) -> Ending:
    """A loss overflowed in an epoch.

    Args:
        kept_epoch: whose weights are kept; 0: none are.
    """
    loss = "The loss" if which == "loss" else "The validation loss"
    shown = tr("The loss") if which == "loss" else tr("The validation loss")
    if not kept_epoch:
        return Ending(
            f"{loss} stopped being a number in epoch {epoch}; nothing is kept.",
            tr("{loss} stopped being a number in epoch {epoch}; nothing is kept.", loss=shown, epoch=epoch),
        )
    return Ending(
        f"{loss} stopped being a number in epoch {epoch}; the weights of epoch {kept_epoch} are kept.",
        tr(
            "{loss} stopped being a number in epoch {epoch}; the weights of epoch {kept_epoch} are kept.",
            loss=shown,
            epoch=epoch,
            kept_epoch=kept_epoch,
        ),
    )
