"""From where a model's judgements are looked at: the operating point in force and the hospital's share.

The catalogue keeps what the model said. What is in force now is laid over it whenever it is shown, so that a
change of mind needs no new scoring.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import ModelCard, OperatingPoint
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.prevalence import PriorShift
from cxr_desktop.domain.worklist import Study
from cxr_desktop.language import tr


@dataclass(frozen=True)
class Standpoint:
    """One model with what is in force for its judgements.

    Attributes:
        model: id and version.
        point: the operating point in force.
        shift: to the hospital's own share of pneumonia; None where its films are taken to be like those that
            the model was calibrated with.
    """

    model: tuple[str, str]
    point: OperatingPoint
    shift: PriorShift | None = None

    def seen(self, prediction: Prediction) -> Prediction:
        """A prediction with what is in force now; another model's stays as it is."""
        if prediction.model != self.model:
            return prediction
        if prediction.operating_point == self.point.threshold and prediction.shift == self.shift:
            return prediction
        return replace(prediction, operating_point=self.point.threshold, shift=self.shift)

    def seen_study(self, study: Study) -> Study:
        """A study with all its predictions as they are seen from here."""
        films = tuple(
            film
            if film.prediction is None or self.seen(film.prediction) is film.prediction
            else replace(film, prediction=self.seen(film.prediction))
            for film in study.films
        )
        unchanged = all(new is old for new, old in zip(films, study.films, strict=True))
        return study if unchanged else replace(study, films=films)


def standpoint_of(card: ModelCard, point: str = "", share: float | None = None) -> Standpoint:
    """Where a reader stands who chose an operating point by name and told the hospital's share.

    Args:
        point: its name, in any case; "" for the card's default.
        share: of pneumonia among the hospital's films, in (0, 1); None for the training set's.

    Raises:
        BundleError: the card has no such point, or does not say with which share it was calibrated.
    """
    chosen = card.point_named(point) if point else card.operating_point
    if chosen is None:
        names = ", ".join(f"“{each.name}”" for each in card.operating_points)
        raise BundleError(
            tr(
                "The model {model} has no operating point “{point}”. Choose one of these: {names}.",
                model=card.id,
                point=point,
                names=names,
            )
        )
    shift = None
    if share is not None:
        made_with = card.calibration.share
        if made_with is None:
            raise BundleError(
                tr(
                    "The card of the model {model} does not say which share of pneumonia its "
                    "probabilities were made with, so they cannot be recomputed for another. Leave "
                    "the share out, or choose another model.",
                    model=card.id,
                )
            )
        shift = PriorShift(made_with, share)
    return Standpoint(card.key, chosen, shift)
