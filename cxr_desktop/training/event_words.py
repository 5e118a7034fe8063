"""What a run tells, as lines of a log: on the command line and on the wizard's page *Training*."""

from __future__ import annotations

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


def log_line(event: Event) -> str:  # noqa: PLR0911 - one answer an event
    """The line of one event; "" for those that only a bar or a curve shows."""
    match event:
        case FilmLeftOut(name, reason):
            return f"Left out: {name}: {reason}"
        case Started():
            sides = (f"{side}: {sum(counts.values()):,} films" for side, counts in event.counts.items())
            return f"{event.architecture} on {event.device}; {', '.join(sides)}"
        case Resuming():
            return "Started again."
        case Resumed(epochs):
            return f"Resumed after epoch {epochs}."
        case Notice(text):
            return text
        case Paused():
            return "Paused."
        case Continued():
            return "Going on."
        case Epoch():
            figures = "  ".join(f"{name} {value:.4f}" for name, value in event.figures.items())
            best = "  (best so far)" if event.best else ""
            rate = f", rate {event.learning_rate:.2g}" if event.learning_rate else ""
            return f"epoch {event.epoch}: {figures}  {event.seconds:.0f} s{rate}{best}"
        case Exporting(why):
            return f"{why} Writing the model…"
        case Finished(best_epoch):
            return f"Done; the weights are those of epoch {best_epoch}."
        case Failed(reason):
            return reason
        case GivenUp():
            return "Cancelled."
    return ""
