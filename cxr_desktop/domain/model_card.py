"""A model's card: all that must be known to use it rightly, in one JSON file inside its bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from cxr_desktop.domain.calibration import Calibration, Interval
from cxr_desktop.domain.card_bounds import check_interval, check_share, check_within
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.shortcuts import ShortcutFigure

CARD_SCHEMA = 1

# What a card is called in every bundle's folder, and the logit's gradient, where there is one.
CARD_FILE = "card.json"
GRADIENT_FILE = "gradient.onnx"


@dataclass(frozen=True)
class Label:
    """One class. Its position in the card is its position in the network's `scores` output."""

    name: str
    suspicious: bool


@dataclass(frozen=True)
class InputSpec:
    """What the network wants to see.

    Attributes:
        height, width, channels: of one image; a grey film is repeated over the channels.
        low, high: the network's values for black and white: 0 and 1, or -1 and 1.
        crop: "film" squeezes the whole film into the input, "lungs" the rectangle around the lungs.
        margin: for "lungs", what is added on each side, as a share of the rectangle.
    """

    height: int
    width: int
    channels: int = 1
    low: float = 0.0
    high: float = 1.0
    crop: Literal["film", "lungs"] = "film"
    margin: float = 0.0

    def __post_init__(self) -> None:
        if min(self.height, self.width, self.channels) < 1 or self.high <= self.low or self.margin < 0:
            raise ValueError(f"not a usable network input: {self}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return self.height, self.width, self.channels


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold on the calibrated probability, chosen on validation films, never on test films.

    Attributes:
        sensitivity, specificity: what it reached on the films that it was chosen on.
        rule: how it was chosen, in words.
        sensitivity_interval, specificity_interval: Wilson's; None in a card that has none.
    """

    name: str
    threshold: float
    sensitivity: float
    specificity: float
    rule: str = ""
    sensitivity_interval: Interval | None = None
    specificity_interval: Interval | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"an operating point's threshold must lie in [0, 1], got {self.threshold}")
        check_share(sensitivity=self.sensitivity, specificity=self.specificity)
        for name in ("sensitivity", "specificity"):
            value, interval = getattr(self, name), getattr(self, f"{name}_interval")
            if interval is not None:
                check_within(name, value, interval.low, interval.high)


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        check_interval(self.low, self.high, self.value)


@dataclass(frozen=True)
class Evaluation:
    """What the model reached on one set of films, at its operating point.

    Attributes:
        films: which films, in words, with their population.
        confusion: ((true negative, false positive), (false negative, true positive)).
        calibration_error: expected calibration error on these films, in [0, 1]; None where not measured.
        role: "validation" films chose epoch, calibration or threshold; "test" films chose nothing and are
            like those learned from; "other" films chose nothing and show other people, or have other labels.
    """

    films: str
    count: int
    accuracy: Estimate
    sensitivity: Estimate
    specificity: Estimate
    auc: Estimate
    confusion: tuple[tuple[int, int], tuple[int, int]]
    calibration_error: float | None = None
    role: Literal["validation", "test", "other"] = "test"

    def __post_init__(self) -> None:
        check_share(calibration_error=self.calibration_error)
        for name in ("accuracy", "sensitivity", "specificity", "auc"):
            figure: Estimate = getattr(self, name)
            check_share(**{f"{name}.low": figure.low, f"{name}.high": figure.high})
        cells = [cell for row in self.confusion for cell in row]
        if min(cells) < 0 or sum(cells) != self.count:
            raise ValueError(
                f"confusion must add up to count, got {self.confusion} for a count of {self.count}"
            )


@dataclass(frozen=True)
class HeatmapSpec:
    """How the graph's `heatmap` output came about."""

    method: str
    layer: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from.

    Attributes:
        recipe: everything that set the training: optimiser, batch, epochs run, seed, augmentation, …
        counts: films by split and label, e.g. {"train": {"NORMAL": 1214}}.
        data_sha256: digest over the sorted digests of the training films.
        created_by: who trained it; "" where that was not to be told.
    """

    architecture: str
    trained_on: str
    created: str
    recipe: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    data_sha256: str = ""
    created_by: str = ""


@dataclass(frozen=True)
class ModelCard:
    """The card of a classifier bundle.

    The graph takes `image`: (batch, height, width, channels) float32, and gives `logit`: (batch,) float32,
    the log-odds of the suspicious labels; `scores`: (batch, labels) float32, summing to one; `heatmap`:
    (batch, rows, columns) float32, evidence for suspicion over the input.

    Attributes:
        files: SHA-256 by file name, of every other file of the bundle.
        limits: what it must not be trusted with, a sentence each.
        shortcuts: how far the judgement hangs on what is not lung.
        test_openings: each time that the test films were opened: date and reason.
        attributions: whom films, drawings and weights are owed to, with source and licence.
    """

    id: str
    version: str
    name: str
    labels: tuple[Label, ...]
    input: InputSpec
    heatmap: HeatmapSpec | None
    calibration: Calibration
    operating_points: tuple[OperatingPoint, ...]
    population: Population
    provenance: Provenance
    licence: str
    files: dict[str, str]
    evaluations: tuple[Evaluation, ...] = ()
    limits: tuple[str, ...] = ()
    shortcuts: tuple[ShortcutFigure, ...] = ()
    test_openings: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    schema: int = CARD_SCHEMA
    kind: Literal["classifier"] = "classifier"

    def __post_init__(self) -> None:
        suspicious = sum(label.suspicious for label in self.labels)
        if not 0 < suspicious < len(self.labels):
            raise ValueError("a card needs at least one suspicious and one other label")
        if len({label.name for label in self.labels}) < len(self.labels):
            raise ValueError("a card's labels must have different names")
        if not self.operating_points:
            raise ValueError("a card needs at least one operating point")
        names = [point.name.strip().lower() for point in self.operating_points]
        if not all(names) or len(set(names)) < len(names):
            raise ValueError("operating_points must have different names, in any case")

    @property
    def key(self) -> tuple[str, str]:
        """Id and version: what tells its judgements from other models'."""
        return self.id, self.version

    @property
    def operating_point(self) -> OperatingPoint:
        """The one in force unless the reader chose another: the first."""
        return self.operating_points[0]

    @property
    def main_evaluation(self) -> Evaluation | None:
        """The one to name a model by: on test films, else on others, else on validation films."""
        for role in ("test", "other", "validation"):
            for each in self.evaluations:
                if each.role == role:
                    return each
        return None

    def point_named(self, name: str) -> OperatingPoint | None:
        """The operating point of this name, in any case; None where the card has none."""
        wanted = name.strip().lower()
        return next((each for each in self.operating_points if each.name.lower() == wanted), None)

    def point_at(self, threshold: float) -> OperatingPoint | None:
        """The operating point with this threshold; None where the card has none."""
        return next((each for each in self.operating_points if each.threshold == threshold), None)

    @property
    def suspicion_word(self) -> str:
        """What suspicious films show: the label in lower case where there is one, else "suspicious"."""
        suspicious = [label.name.lower() for label in self.labels if label.suspicious]
        return suspicious[0] if len(suspicious) == 1 else "suspicious"


@dataclass(frozen=True)
class LungFinderCard:
    """The card of a lung finder bundle.

    The graph takes `image`: (batch, height, width, 1) float32, and gives `mask`: (batch, height, width)
    float32 in [0, 1].

    Attributes:
        dice: on patients held out from its training.
    """

    id: str
    version: str
    name: str
    input: InputSpec
    dice: Estimate
    provenance: Provenance
    licence: str
    files: dict[str, str]
    schema: int = CARD_SCHEMA
    kind: Literal["lungs"] = "lungs"

    def __post_init__(self) -> None:
        # What it is shown also serves the image checks and, inverted, tells exchanged black and white.
        if self.input != InputSpec(self.input.height, self.input.width):
            raise ValueError(f"a lung finder sees the whole film, grey, from 0 to 1; got {self.input}")


Card = ModelCard | LungFinderCard
