"""Questioning one film's score, by whatever method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.allowed_methods import refusal
from cxr_desktop.domain.errors import BundleError, NotJudged
from cxr_desktop.domain.explanation import Explanation, FeatureMap, LimeOptions, Method, Superpixels
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Heatmap, Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.inference.bundle import Bundle
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.explain.feature_maps import FeatureMaps
from cxr_desktop.inference.explain.grad_cam import GradCamPlusPlus
from cxr_desktop.inference.explain.lime_map import AGREEMENT_SEEDS, agreement, lime
from cxr_desktop.inference.explain.occlusion import occlusion
from cxr_desktop.inference.scorer import Scorer, evidence_in_lungs
from cxr_desktop.language import tr

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class QuestionedFilm:
    """A film that was judged, with what the network was shown of it.

    Attributes:
        shape: (height, width) of the film.
        image: (height, width, channels) float32, the network's view.
        box: the rectangle of the film that `image` covers.
    """

    judgement: Judgement
    shape: tuple[int, int]
    image: NDArray[np.float32]
    box: Box


class Explainer:
    """One model's explanations. What a method needs is opened when it is first asked for, and kept."""

    def __init__(self, bundle: Bundle[ModelCard], scorer: Scorer, devices: Sequence[Device]) -> None:
        """
        Args:
            scorer: the bundle's.
        """
        self.card = bundle.card
        self._bundle = bundle
        self._scorer = scorer
        self._devices = devices

    def question(self, film: Radiograph) -> QuestionedFilm:
        """Judges a film once more, and keeps what the network saw.

        Raises:
            NotJudged: it is out of the model's scope; says why.
        """
        (judgement,) = self._scorer.score([film])
        if judgement.prediction.out_of_scope:
            raise NotJudged(tr("No map can be made: {reason}", reason=judgement.prediction.remarks[0]))
        shown = self._scorer.view(film)
        return QuestionedFilm(judgement, film.shape, shown.image, shown.box)

    def explain(
        self,
        asked: QuestionedFilm,
        method: Method,
        on_progress: OnProgress,
        options: LimeOptions | None = None,
        seeds: int = AGREEMENT_SEEDS,
    ) -> Explanation:
        """The evidence on a film.

        Args:
            on_progress: told how many of how many passes are done; what it raises ends the work.
            options: for LIME; None: the defaults.
            seeds: with how many seeds LIME asks, to see how far its answers agree.

        Raises:
            BundleError: the model does not allow this method; says what would.
            EngineError: the network cannot be run.
        """
        refused = refusal(self.card, method)
        if refused:
            raise BundleError(refused)
        match method:
            case Method.CAM:
                assert asked.judgement.heatmap is not None  # else it was refused above, or not judged
                return self._told(asked, asked.judgement.heatmap)
            case Method.GRAD_CAM_PLUS_PLUS:
                evidence = self._grad_cam.evidence(asked.image)
                return self._told(asked, Heatmap(evidence, asked.box, "Grad-CAM++"))
            case Method.OCCLUSION:
                evidence = occlusion(self._scorer.engine, asked.image, on_progress)
                return self._told(asked, Heatmap(evidence, asked.box, "occlusion", signed=True))
        return self._lime(asked, options or LimeOptions(), max(seeds, 1), on_progress)

    def feature_maps(self, asked: QuestionedFilm) -> tuple[FeatureMap, ...]:
        """What each convolution and pooling layer makes of a film; empty for a network without them."""
        return self._feature_maps.of(asked.image)

    def _lime(
        self, asked: QuestionedFilm, options: LimeOptions, seeds: int, on_progress: OnProgress
    ) -> Explanation:
        runs: list[Superpixels] = []
        for number in range(seeds):

            def on_samples(samples: int, of: int, before: int = number * options.samples) -> None:
                on_progress(before + samples, seeds * of)

            runs.append(
                lime(
                    self._scorer.engine,
                    asked.image,
                    asked.box,
                    options.with_seed(options.seed + number),
                    on_samples,
                    runs[0].segments if runs else None,
                )
            )
        shown = runs[0]
        told = self._told(asked, Heatmap(shown.evidence, asked.box, "LIME", signed=True))
        return Explanation(
            told.heatmap,
            told.in_lungs,
            shown,
            agreement(runs) if len(runs) > 1 else None,
            seeds,
        )

    def _told(self, asked: QuestionedFilm, heatmap: Heatmap) -> Explanation:
        return Explanation(heatmap, evidence_in_lungs(heatmap, asked.judgement.lungs, asked.shape))

    @cached_property
    def _grad_cam(self) -> GradCamPlusPlus:
        return GradCamPlusPlus(self._bundle, self._devices)

    @cached_property
    def _feature_maps(self) -> FeatureMaps:
        return FeatureMaps(self._bundle.graph, self._devices)
