"""Opening a model bundle: the card is read and every file checked before anything is run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from cxr_desktop.domain.card_file import card_from_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import CARD_FILE, GRADIENT_FILE, Card, LungFinderCard, ModelCard
from cxr_desktop.language import tr

GRAPH = "model.onnx"
# To continue training from; the engine never reads them.
WEIGHTS_FILE = "model.weights.h5"
# The logit's gradient by the last feature map, as a graph of its own: from FEATURES to "gradient".
GRADIENT = GRADIENT_FILE

# The value in a classifier's graph that is its last feature map, (batch, rows, columns, channels); with the
# ending, (batch, channels, rows, columns). Networks without convolutions have none.
FEATURES = "features"
CHANNELS_FIRST = "-channels-first"
CARD = CARD_FILE

C = TypeVar("C", ModelCard, LungFinderCard)


@dataclass(frozen=True)
class Bundle(Generic[C]):
    """A bundle whose files are what its card says."""

    folder: Path
    card: C

    @property
    def graph(self) -> Path:
        """The network's file."""
        return self.folder / GRAPH

    @property
    def gradient(self) -> Path | None:
        """The file of the logit's gradient; None where the bundle has none."""
        return self.folder / GRADIENT if GRADIENT in self.card.files else None


def open_classifier(folder: Path) -> Bundle[ModelCard]:
    """A classifier's bundle.

    Raises:
        BundleError: it is missing, damaged, or no classifier.
    """
    card = _verified_card(folder)
    if not isinstance(card, ModelCard):
        raise BundleError(tr("This bundle is a {kind} model; a classifier is needed here.", kind=card.kind))
    return Bundle(folder, card)


def open_lung_finder(folder: Path) -> Bundle[LungFinderCard]:
    """A lung finder's bundle.

    Raises:
        BundleError: it is missing, damaged, or no lung finder.
    """
    card = _verified_card(folder)
    if not isinstance(card, LungFinderCard):
        raise BundleError(tr("This bundle is a {kind} model; a lung finder is needed here.", kind=card.kind))
    return Bundle(folder, card)


def _verified_card(folder: Path) -> Card:
    try:
        card = card_from_json((folder / CARD).read_bytes())
        verify_files(folder, card.files)
    except OSError as error:
        raise BundleError(
            tr(
                "The model's files cannot be read: {reason}. Install the model again.",
                reason=error.strerror,
            )
        ) from error
    return card


def verify_files(folder: Path, files: dict[str, str]) -> None:
    """Compares each file with the SHA-256 in the card.

    Raises:
        BundleError: a file differs, is missing, or the network itself is not listed.
        OSError: a file cannot be read.
    """
    if GRAPH not in files:
        raise BundleError(tr("The model's card lists no {file}. Install the model again.", file=GRAPH))
    for name, expected in files.items():
        if Path(name).name != name:
            raise BundleError(
                tr(
                    "The model's card names a file outside its folder ({file}). Do not use this model.",
                    file=name,
                )
            )
        with (folder / name).open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
        if actual != expected.lower():
            raise BundleError(
                tr(
                    "The model's file {file} is not the one that its card was made for (SHA-256 "
                    "{actual}…, expected {expected}…): it is damaged or was changed. Install the "
                    "model again.",
                    file=name,
                    actual=actual[:12],
                    expected=expected[:12],
                )
            )
