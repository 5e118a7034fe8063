"""What a run's events say of its training."""

from __future__ import annotations

from collections.abc import Iterable

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.training.benchmark.rows import TrainingFacts
from cxr_desktop.training.events import Epoch, Event, Finished, Started
from cxr_desktop.training.recipe import TIME_IS_OVER
from cxr_desktop.training.request import TrainingRequest


def facts_of(
    events: Iterable[Event], request: TrainingRequest, card: ModelCard, recipe_epochs: int
) -> TrainingFacts:
    """Put together from a finished run.

    Args:
        events: of the run, from its beginning; where it was interrupted and went on, of all its parts.
    """
    seconds: dict[int, float] = {}  # an epoch that was repeated after an interruption counts once
    most, best, device = request.tuning.epochs or recipe_epochs, 0, ""
    for event in events:
        match event:
            case Started():
                most, device = event.epochs, event.device
            case Epoch():
                seconds[event.epoch] = event.seconds
            case Finished():
                best = event.best_epoch
    return TrainingFacts(
        most_epochs=most,
        recipe_epochs=recipe_epochs,
        epochs=len(seconds),
        best_epoch=best,
        seconds_per_epoch=sum(seconds.values()) / len(seconds) if seconds else 0.0,
        seconds=sum(seconds.values()),
        minutes=request.minutes,
        seed=request.seed,
        ended=card.provenance.recipe["ended"],  # English, whatever the trainer speaks
        device=device,
        counts=card.provenance.counts,
        data_sha256=card.provenance.data_sha256,
    )


def cut_words(facts: TrainingFacts) -> str:
    """How a training that was given less than its recipe asks for was cut; "" where it was not.

    Ending early because nothing improved is part of a recipe, not a cut.
    """
    if facts.minutes is not None and TIME_IS_OVER in facts.ended:
        return f"cut after {facts.minutes:g} min, epoch {facts.epochs} of at most {facts.most_epochs}"
    if facts.epochs == facts.most_epochs < facts.recipe_epochs:
        return f"cut after epoch {facts.epochs} of the recipe’s {facts.recipe_epochs}"
    return ""
