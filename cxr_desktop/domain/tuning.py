"""What may be chosen of a training, each one field with bounds, title and explanation.

Every field may be None: as the architecture's own recipe has it. Options and pages follow from the fields.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr

Balance = Literal["none", "class weights", "oversampling"]
Variation = Literal["none", "gentle", "strong"]


def _choice(title: str, help: str, **limits: Any) -> Any:
    return field(default=None, metadata={"title": title, "help": help, **limits})


@dataclass(frozen=True)
class Tuning:
    """Changes to an architecture's recipe.

    Attributes:
        patience: epochs without a better one before training ends; 0 never ends it early.
        image_size: height and width of the network's input, in pixels.
        variation: how far training films are varied; None as the recipe has it.
        mirror: whether half of the training films are shown mirrored.

    Raises:
        TrainingError: a value lies outside its bounds; says which.
    """

    epochs: int | None = _choice(
        tr("Epochs"),
        tr("At most so many passes over the training films."),
        low=1,
        high=1000,
    )
    learning_rate: float | None = _choice(
        tr("Learning rate"),
        tr("How far each step changes the network. A lower one is slower and steadier."),
        low=1e-7,
        high=1.0,
    )
    batch: int | None = _choice(
        tr("Films a step"),
        tr("More of them make steadier steps and need more memory."),
        low=1,
        high=512,
    )
    patience: int | None = _choice(
        tr("Patience"),
        tr("Training ends after so many epochs that brought nothing better. 0: never."),
        low=0,
        high=1000,
        unit=tr("epochs"),
    )
    image_size: int | None = _choice(
        tr("Image size"),
        tr("Height and width of what the network sees. Time and memory grow with its square."),
        low=32,
        high=1024,
        unit=tr("pixels"),
    )
    variation: Variation | None = _choice(  # noqa: RUF009 - a field, like every other
        tr("Variation"),
        tr(
            "How far training films are turned, moved, cropped and changed in grey levels, anew in "
            "each epoch."
        ),
    )
    mirror: bool | None = _choice(
        tr("Mirrored films"),
        tr(
            "Shows half of the training films mirrored left to right. Not where the side itself is "
            "the finding."
        ),
    )
    balance: Balance | None = _choice(  # noqa: RUF009 - a field, like every other
        tr("Classes of unequal size"),
        tr("Films of the smaller classes weigh more (class weights) or come more often (oversampling)."),
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            value, low = getattr(self, each.name), each.metadata.get("low")
            if value is None or low is None:
                continue
            high = each.metadata["high"]
            if not low <= value <= high:
                raise TrainingError(
                    tr(
                        "{title}: {value:g} is outside {low:g} to {high:g}. Choose a value between "
                        "them, or leave it as the network's recipe has it.",
                        title=each.metadata["title"],
                        value=value,
                        low=low,
                        high=high,
                    )
                )

    @property
    def changed(self) -> dict[str, Any]:
        """The fields that are not as the recipe has them."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not None}


def tuning_field(name: str) -> Field[Any]:
    """The field of this name, with its bounds, title and explanation."""
    return next(each for each in fields(Tuning) if each.name == name)
