"""One scoring pass: films in, judgements out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import EngineError
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import (
    SUM_TOLERANCE,
    Heatmap,
    Judgement,
    LabelScore,
    Lungs,
    Prediction,
)
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.model_input import ModelInput, model_input, over_channels
from cxr_desktop.inference.engine import Engine
from cxr_desktop.inference.first_look import FirstLook, first_looks
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr


class Scorer:
    """A classifier with the lung finder that looks at each film before it.

    Several threads may score at once: nothing is kept between two calls but the device in use.
    """

    def __init__(self, card: ModelCard, engine: Engine, lung_finder: LungFinder) -> None:
        self.card = card
        self.engine = engine
        self._lung_finder = lung_finder

    @property
    def device_name(self) -> str:
        """What the network runs on, for the status bar."""
        return self.engine.device.name

    def score(self, films: Sequence[Radiograph]) -> list[Judgement]:
        """Judges films in one batch. Those that are out of scope are not shown to the network.

        Raises:
            EngineError: the network cannot be run, or gives what is no number.
        """
        if not films:
            return []
        looks = first_looks(films, self._lung_finder, self.card.population)
        judged = iter(self._judged([look for look in looks if look.in_scope]))
        return [
            next(judged) if look.in_scope else Judgement(self._prediction(look), None, look.lungs)
            for look in looks
        ]

    def score_within(self, film: Radiograph, lungs: Lungs) -> Judgement:
        """Judges a film whose lungs are known from elsewhere, without asking whether it may be judged.

        Raises:
            EngineError: as for `score`.
        """
        (judgement,) = self._judged([FirstLook(film, self._lung_finder.view(film), lungs, ())])
        return judgement

    def view(self, film: Radiograph) -> ModelInput:
        """What the network is shown of a film, whether it may be judged or not."""
        (look,) = first_looks([film], self._lung_finder, self.card.population)
        return self._input(look)

    def _judged(self, looks: Sequence[FirstLook]) -> list[Judgement]:
        """What the network says of films that are in scope."""
        if not looks:
            return []
        inputs = [self._input(look) for look in looks]
        outputs = self.engine.run(np.stack([each.image for each in inputs]))
        logits, label_scores = self._figures(outputs, len(looks))
        suspicious = [index for index, label in enumerate(self.card.labels) if label.suspicious]
        scores = np.clip(label_scores[:, suspicious].sum(axis=1), 0, 1)
        judgements: list[Judgement] = []
        for index, look in enumerate(looks):
            heatmap = None
            if self.card.heatmap is not None:
                heatmap = Heatmap(outputs["heatmap"][index], inputs[index].box, self.card.heatmap.method)
            prediction = self._prediction(
                look,
                score=float(scores[index]),
                probability=self.card.calibration.probability(float(logits[index])),
                in_lungs=evidence_in_lungs(heatmap, look.lungs, look.film.shape),
                label_scores=self._of_labels(label_scores[index]),
            )
            judgements.append(Judgement(prediction, heatmap, look.lungs))
        return judgements

    def _prediction(
        self,
        look: FirstLook,
        score: float = 0.0,
        probability: float | None = None,
        in_lungs: float | None = None,
        label_scores: tuple[LabelScore, ...] = (),
    ) -> Prediction:
        """What is told of a film; by default of one that the network was not shown."""
        return Prediction(
            model_id=self.card.id,
            model_version=self.card.version,
            score=score,
            probability=probability,
            operating_point=self.card.operating_point.threshold,
            checks=look.checks,
            evidence_in_lungs=in_lungs,
            label_scores=label_scores,
        )

    def _of_labels(self, scores: NDArray[np.float32]) -> tuple[LabelScore, ...]:
        """The scores (labels,) of one film by name; none with two labels, where they say the same twice."""
        if len(self.card.labels) == 2:
            return ()
        # Rounding may go beyond one by a hair.
        pairs = zip(self.card.labels, np.minimum(scores, 1), strict=True)
        return tuple(LabelScore(label.name, float(score)) for label, score in pairs)

    def _figures(
        self, outputs: dict[str, NDArray[np.float32]], count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The logits (films,) and scores (films, labels) of a batch, as the card promises them.

        Raises:
            EngineError: the network gives something else, or what is no number.
        """
        promised = {"logit": (count,), "scores": (count, len(self.card.labels))}
        shapes = {name: output.shape for name, output in outputs.items() if name in promised}
        if shapes != promised:
            raise EngineError(
                tr(
                    "The model does not give what its card says: {given}, expected {promised}. "
                    "Choose another model, or install this one again.",
                    given=shapes,
                    promised=promised,
                )
            )
        if self.card.heatmap is not None and "heatmap" not in outputs:
            raise EngineError(
                tr(
                    "The model gives no map of its evidence, though its card promises one. Choose "
                    "another model, or install this one again."
                )
            )
        logits, scores = outputs["logit"], outputs["scores"]
        if not all(np.isfinite(outputs[name]).all() for name in (*promised, "heatmap") if name in outputs):
            raise EngineError(tr("The model gave a result that is no number. Install the model again."))
        if len(self.card.labels) > 2:
            _check_shares(scores)
        return logits, scores

    def _input(self, look: FirstLook) -> ModelInput:
        """The network's input; made from the lung finder's view where both see the same."""
        spec = self.card.input
        if replace(spec, channels=1) == self._lung_finder.card.input:
            return ModelInput(over_channels(look.view, spec.channels), Box.whole(look.film.shape))
        return model_input(look.film, spec, look.lungs.box)


def _check_shares(scores: NDArray[np.float32]) -> None:
    """Refuses scores (films, labels) that are no shares of one.

    Raises:
        EngineError: some film's scores do not add up to one, or one of them is negative.
    """
    totals = scores.sum(axis=1, dtype=np.float64)
    if scores.min() < 0 or np.abs(totals - 1).max() > SUM_TOLERANCE:
        raise EngineError(
            tr(
                "The model's label scores must be shares that add up to one for each film; they "
                "add up to {low:.3f} to {high:.3f}, the least is {least:.3f}. Choose another model, or "
                "install this one again.",
                low=totals.min(),
                high=totals.max(),
                least=scores.min(),
            )
        )


def evidence_in_lungs(heatmap: Heatmap | None, lungs: Lungs, shape: tuple[int, int]) -> float | None:
    """Share of a map's positive evidence that lies on lung, in [0, 1]; None without evidence.

    Both are compared on the lung mask's grid.

    Args:
        shape: (height, width) of the film.
    """
    if heatmap is None or not heatmap.has_evidence:
        return None
    rows, columns = lungs.mask.shape
    box, by_rows, by_columns = heatmap.box, rows / shape[0], columns / shape[1]
    top, left = int(box.top * by_rows), int(box.left * by_columns)
    bottom = max(int(np.ceil(box.bottom * by_rows)), top + 1)
    right = max(int(np.ceil(box.right * by_columns)), left + 1)
    heat = cv2.resize(np.maximum(heatmap.evidence, 0), (right - left, bottom - top))
    total = float(heat.sum())
    inside = float(heat[lungs.mask[top:bottom, left:right] > 0.5].sum())
    return min(inside / total, 1.0) if total > 0 else None
