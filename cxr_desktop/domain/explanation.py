"""Why a film was scored as it was: the ways to ask, what they give, and what was agreed between them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prediction import Heatmap, Judgement
from cxr_desktop.language import tr


class Method(StrEnum):
    """A way to ask a network for its evidence; the value is its name on the command line."""

    CAM = "cam"
    GRAD_CAM_PLUS_PLUS = "gradcam++"
    OCCLUSION = "occlusion"
    LIME = "lime"


METHOD_TITLES = {
    Method.CAM: tr("With the score"),
    Method.GRAD_CAM_PLUS_PLUS: "Grad-CAM++",
    Method.OCCLUSION: tr("Occlusion"),
    Method.LIME: "LIME",
}

METHOD_HELP = {
    Method.CAM: tr("The map that comes with the score, from the same pass through the network."),
    Method.GRAD_CAM_PLUS_PLUS: tr(
        "Weighs the last convolution's channels by where their gradient is positive. It looks "
        "at the same layer as the map with the score: that both are alike confirms neither."
    ),
    Method.OCCLUSION: tr(
        "Hides one place after the other, and sees what the score loses. Takes some seconds."
    ),
    Method.LIME: tr(
        "Hides superpixels at random, and fits the score by what is still seen: what speaks for "
        "suspicion, and what against it. Takes a minute or more; other seeds tell how far it can "
        "be relied on."
    ),
}


def _option(default: int, low: int, high: int, help: str) -> int:
    option: int = field(default=default, metadata={"low": low, "high": high, "help": help})
    return option


@dataclass(frozen=True)
class LimeOptions:
    """How LIME asks (Ribeiro et al., 1602.04938).

    Attributes:
        samples: how many variants of the film, with some superpixels hidden, the network is shown.
        superpixels: about how many there are.
        seed: of what is hidden in each variant; the same seed gives the same picture.
    """

    samples: int = _option(1000, 50, 20_000, tr("Variants of the film; more agree better, and take longer."))
    superpixels: int = _option(60, 4, 400, tr("About so many pieces; many small ones need more samples."))
    seed: int = _option(
        1, 0, 2**31 - 1, tr("Another seed hides other superpixels; the same gives the same map.")
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            value, low, high = getattr(self, each.name), each.metadata["low"], each.metadata["high"]
            if not low <= value <= high:
                raise ValueError(f"{each.name} must lie in {low} to {high}, got {value}")

    def with_seed(self, seed: int) -> LimeOptions:
        """The same with another seed; after the greatest one comes the first."""
        return replace(self, seed=seed % 2**31)


@dataclass(frozen=True, eq=False)
class Superpixels:
    """What LIME weighed.

    Attributes:
        segments: (rows, columns) int32, the number of each pixel's superpixel, from 0 on.
        weights: (superpixels,) float32, finite: how much each adds to the logit while it is seen.
        box: the rectangle of the film that `segments` covers.
        fit: how well the weights describe the network near this film: R² of the regression; 1 is perfect.
    """

    segments: NDArray[np.int32]
    weights: NDArray[np.float32]
    box: Box
    fit: float

    def __post_init__(self) -> None:
        if self.segments.ndim != 2 or self.segments.dtype != np.int32:
            raise ValueError(
                f"segments must be (rows, columns) int32, got {self.segments.shape} {self.segments.dtype}"
            )
        count = int(self.segments.max()) + 1
        if self.segments.min() < 0 or self.weights.shape != (count,) or self.weights.dtype != np.float32:
            raise ValueError(
                f"weights must be ({count},) float32 for segments from 0 to {count - 1}, got "
                f"{self.weights.shape} {self.weights.dtype} for {self.segments.min()} to {count - 1}"
            )
        if not np.isfinite(self.weights).all():
            raise ValueError("weights must be finite")

    @property
    def evidence(self) -> NDArray[np.float32]:
        """(rows, columns) float32: each pixel with its superpixel's weight."""
        return self.weights[self.segments]


@dataclass(frozen=True, eq=False)
class FeatureMap:
    """What one layer makes of a film.

    Attributes:
        layer: its name in the network.
        kind: "convolution" or "pooling".
        channels: (channels, rows, columns) float32.
    """

    layer: str
    kind: str
    channels: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.channels.ndim != 3 or self.channels.dtype != np.float32:
            raise ValueError(
                "channels must be (channels, rows, columns) float32, got "
                f"{self.channels.shape} {self.channels.dtype}"
            )


# Where there are no feature maps.
NO_LAYERS = tr(
    "This model's network has neither convolution nor pooling, so there are no feature maps. "
    "Choose another model, or occlusion, which asks any network."
)


@dataclass(frozen=True, eq=False)
class FilmLayers:
    """What a network's layers make of a film, and the film as they are given it.

    Attributes:
        maps: in the network's order; empty for one without convolution and pooling.
        view: (rows, columns) uint8 grey levels of the film's part that the network is shown, as its file asks
            to be shown, in its own aspect.
    """

    maps: tuple[FeatureMap, ...]
    view: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Explanation:
    """What one method says of one film.

    Attributes:
        heatmap: its evidence.
        in_lungs: the share of positive evidence that lies on lung, in [0, 1]; None without evidence.
        superpixels: what LIME weighed; None for other methods.
        agreement: how far LIME's runs with several seeds agree: the mean correlation of their weights, from
            -1 to 1; None for one run, and for other methods.
        seeds: how many runs there were.
    """

    heatmap: Heatmap
    in_lungs: float | None
    superpixels: Superpixels | None = None
    agreement: float | None = None
    seeds: int = 1


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of one film's score. Asked twice, it is two questions.

    Attributes:
        film_id: of the worklist.
        model: what the library knows the model by; "" for the one in use.
        options: for LIME.
    """

    film_id: int
    method: Method
    model: str = ""
    options: LimeOptions = LimeOptions()


@dataclass(frozen=True, eq=False)
class LayersQuestion:
    """What do a network's layers make of a film? Asked twice, it is two questions.

    Attributes:
        film_id, model: as in `Question`.
    """

    film_id: int
    model: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """What is told in reply to a question.

    Attributes:
        judgement: what was questioned, as the model that was asked judges the film.
        in_common: the share of positive evidence that the map has in common with the one that comes with the
            score, in [0, 1]; None for that one itself, and where one of them has none.
        doubts: what speaks against believing the map, in sentences.
        seconds: how long it took.
    """

    judgement: Judgement
    explanation: Explanation
    in_common: float | None
    doubts: tuple[str, ...]
    seconds: float
