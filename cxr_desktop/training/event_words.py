"""What a run tells, as lines of a log: on the command line and on the wizard's page *Training*."""

from __future__ import annotations

from cxr_desktop.domain.learning_curves import RECALL, VALIDATION
from cxr_desktop.language import tr
from cxr_desktop.training.events import (
    Continued,
    Epoch,
    Event,
    Exporting,
    Failed,
    FilmLeftOut,
    Finished,
    GivenUp,
    Notice,
    Paused,
    Resumed,
    Resuming,
    Started,
)

# The sides of trainings that the window starts; their names in events are those of the card.
_SIDES = {
    "train": tr("train"),
    "validation": tr("validation"),
    "test": tr("test"),
    "locked test": tr("locked test"),
    "given validation, too small to use": tr("given validation, too small to use"),
}

_FIGURES = {
    "loss": tr("loss"),
    "accuracy": tr("accuracy"),
    "f1": tr("f1"),
    "auc": tr("auc"),
    "cross_entropy": tr("cross_entropy"),
    "outside_lungs": tr("outside_lungs"),
}


def log_line(event: Event) -> str:  # noqa: PLR0911 - one answer an event
    """The line of one event; "" for those that only a bar or a curve shows."""
    match event:
        case FilmLeftOut(name, reason):
            return tr("Left out: {film}: {reason}", film=name, reason=reason)
        case Started():
            sides = (
                tr("{side}: {films:,} films", side=_SIDES.get(side, side), films=sum(counts.values()))
                for side, counts in event.counts.items()
            )
            return tr(
                "{network} on {device}; {sides}",
                network=event.architecture,
                device=event.device,
                sides=", ".join(sides),
            )
        case Resuming():
            return tr("Started again.")
        case Resumed(epochs):
            return tr("Resumed after epoch {epoch}.", epoch=epochs)
        case Notice(text):
            return text
        case Paused():
            return tr("Paused.")
        case Continued():
            return tr("Going on.")
        case Epoch():
            figures = "  ".join(f"{_figure(name)} {value:.4f}" for name, value in event.figures.items())
            line = tr(
                "epoch {epoch}: {figures}  {seconds:.0f} s",
                epoch=event.epoch,
                figures=figures,
                seconds=event.seconds,
            )
            rate = tr(", rate {rate:.2g}", rate=event.learning_rate) if event.learning_rate else ""
            best = tr("  (best so far)") if event.best else ""
            return f"{line}{rate}{best}"
        case Exporting(why):
            return tr("{why} Writing the model…", why=why)
        case Finished(best_epoch):
            return tr("Done; the weights are those of epoch {epoch}.", epoch=best_epoch)
        case Failed(reason):
            return reason
        case GivenUp():
            return tr("Cancelled.")
    return ""


def _figure(name: str) -> str:
    """The name of an epoch's figure; `Epoch` tells which there are."""
    if name.startswith(VALIDATION):
        return tr("val_{figure}", figure=_figure(name.removeprefix(VALIDATION)))
    if name.startswith(RECALL):
        return tr("recall of {label}", label=name.removeprefix(RECALL))
    return _FIGURES.get(name, name)
