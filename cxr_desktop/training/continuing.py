"""Going on from a model that there is: its architecture and input, its weights, and what its card says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.domain.errors import BundleError, TrainingError
from cxr_desktop.domain.model_card import Label, ModelCard
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.inference.bundle import WEIGHTS_FILE, open_classifier
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import Architecture, architecture
from cxr_desktop.training.tuned import of_size, tuned

if TYPE_CHECKING:
    import keras

# A network that knows films already is moved by smaller steps, or it forgets them first.
RATE_SHARE = 0.1


@dataclass(frozen=True)
class EarlierModel:
    """A model that training goes on from.

    Attributes:
        folder: its bundle's, whose files are what the card says.
        card: the model's.
    """

    folder: Path
    card: ModelCard

    @classmethod
    def open(cls, folder: Path) -> EarlierModel:
        """The model in a bundle's folder.

        Raises:
            BundleError: it is damaged, or has no weights to go on from.
        """
        card = open_classifier(folder).card
        if WEIGHTS_FILE not in card.files:
            raise BundleError(
                tr(
                    "The model {model} came without the weights to go on from ({file}). "
                    "Choose another model, or train from the start.",
                    model=card.id,
                    file=WEIGHTS_FILE,
                )
            )
        return cls(folder, card)

    @property
    def words(self) -> dict[str, str]:
        """What it is known by: id, version and the SHA-256 of its weights."""
        card = self.card
        return {"id": card.id, "version": card.version, "weights_sha256": card.files[WEIGHTS_FILE]}

    @property
    def name(self) -> str:
        """Id and version, for a sentence."""
        return f"{self.card.id} {self.card.version}"

    def suspicious_among(self, classes: Collection[str]) -> tuple[str, ...]:
        """Which of these classes speak for suspicion; nothing where the model knows other classes."""
        if set(classes) != {label.name for label in self.card.labels}:
            return ()
        return tuple(label.name for label in self.card.labels if label.suspicious)

    def knows(self, labels: tuple[Label, ...]) -> bool:
        """Whether the model's last layer means these classes: two of them always one and the suspicious."""
        return self.card.labels == labels or len(self.card.labels) == len(labels) == 2

    def network(self, record: Architecture, labels: tuple[Label, ...]) -> keras.Model:
        """The network with the model's weights, and with a new last layer where the classes are others.

        Args:
            record: of the model, as `record_of_model` gives it.

        Raises:
            BundleError: the weights are of another network.
        """
        known = record.build(record.input, record.outputs(len(self.card.labels)))
        try:
            known.load_weights(self.folder / WEIGHTS_FILE)
        except (OSError, ValueError) as error:
            raise BundleError(
                tr(
                    "The weights of the model {model} are not those of {network}, as its card says. "
                    "Install the model again, or choose another one.",
                    model=self.card.id,
                    network=record.name,
                )
            ) from error
        network = known
        if not self.knows(labels):
            network = record.build(record.input, record.outputs(len(labels)))
            _give_body(known, network)
        if self.card.provenance.recipe.get("from_scratch"):
            for layer in network.layers:  # nothing of it was ever frozen
                layer.trainable = True
        return network


def record_of_model(card: ModelCard) -> Architecture:
    """The record of a model's architecture, for the input that the model was trained with.

    Raises:
        BundleError: this program builds the architecture for another view of a film.
        TrainingError: this program does not know it.
    """
    record = architecture(card.provenance.architecture)
    # What ships has one channel where the network learned from a grey film repeated over three.
    own, shipped = replace(record.input, channels=1), replace(card.input, channels=1)
    if replace(own, height=shipped.height, width=shipped.width) != shipped:
        raise BundleError(
            tr(
                "The model {model} sees films otherwise than this program's {network} does, so "
                "training cannot go on from it. Choose another model, or train from the start.",
                model=card.id,
                network=record.name,
            )
        )
    if (own.height, own.width) == (shipped.height, shipped.width):
        return record
    return of_size(record, shipped.height, shipped.width)


def record_to_train(id: str, tuning: Tuning, earlier: EarlierModel | None) -> Architecture:
    """The record that a run trains by: the architecture's, or an earlier model's, with what was changed.

    Raises:
        CxrError: there is no such record, or it cannot be changed so.
    """
    if earlier is None:
        return tuned(architecture(id), tuning)
    made_by = earlier.card.provenance.architecture
    if id != made_by:
        raise TrainingError(
            tr(
                "The model {model} is of the architecture “{own}”, and “{wanted}” is asked for. A "
                "training that continues from a model has the model's architecture.",
                model=earlier.card.id,
                own=made_by,
                wanted=id,
            )
        )
    record = record_of_model(earlier.card)
    size = tuning.image_size
    if size is not None and (size, size) != record.input.shape[:2]:
        raise TrainingError(
            tr(
                "The model {model} sees {height}×{width} pixels, and a training that continues from "
                "it does, too; {size}×{size} were chosen. Leave out the image size, or train from "
                "the start.",
                model=earlier.card.id,
                height=record.input.height,
                width=record.input.width,
                size=size,
            )
        )
    if tuning.learning_rate is None:
        tuning = replace(tuning, learning_rate=record.optimiser.learning_rate * RATE_SHARE)
    return tuned(record, replace(tuning, image_size=None))


def _give_body(known: keras.Model, network: keras.Model) -> None:
    """Copies the weights of one network to another, from the first layer to the last but one.

    It ends where two layers differ in shape: what lies behind is of the old classes.
    """
    pairs = [
        (before, after)
        for before, after in zip(known.layers, network.layers, strict=False)
        if before.weights or after.weights
    ]
    for before, after in pairs[:-1]:
        if [weight.shape for weight in before.weights] != [weight.shape for weight in after.weights]:
            return
        after.set_weights(before.get_weights())
