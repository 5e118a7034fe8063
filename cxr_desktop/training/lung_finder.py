"""Trains the lung finder and writes its bundle.

    python -m cxr_desktop.training.lung_finder --data DIR --output DIR

`--data` holds `kermany224/train` with the films and `lung_masks224` with a mask of the same name for some.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import LungFinderCard, Provenance
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import GRAPH
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.training.datasets import kermany
from cxr_desktop.training.digests import file_sha256, joint_sha256
from cxr_desktop.training.export import write_bundle, write_graph
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.lung_films import Image, LungBatches, read_mask
from cxr_desktop.training.lung_network import LUNG_INPUT, lung_network, overlap_loss
from cxr_desktop.training.metrics import mean
from cxr_desktop.training.store import ReadFilm

ID = "lung-finder"
EPOCHS = 80
BATCH = 32
SEED = 7
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-4


@dataclass(frozen=True, eq=False)
class DrawnLungs:
    """Films with masks drawn by people.

    Attributes:
        images: each (128, 128) float32 in [0, 1], as the lung finder will see it.
        masks: each (128, 128) float32 in [0, 1], the share of a pixel that is lung.
        sha256: digest over the sorted digests of film and mask files.
    """

    images: tuple[Image, ...]
    masks: tuple[Image, ...]
    sha256: str


def read_drawn_lungs(data: Path, held_out: bool, read: ReadFilm = read_radiograph) -> DrawnLungs:
    """The films with masks that are learned from, or those held out: the same ones as for every classifier.

    Raises:
        TrainingError: there are none.
    """
    validation = kermany().validation or frozenset()
    images, masks, digests = [], [], []
    for film in find_films(data / "kermany224" / "train"):
        mask_file = data / "lung_masks224" / f"{film.path.stem}.png"
        if (film.path.name in validation) != held_out or not mask_file.is_file():
            continue
        images.append(
            model_input(read(FilmSource(film.path)), LUNG_INPUT).image[..., 0]
        )  # (H, W, 1) -> (H, W)
        masks.append(read_mask(mask_file))
        digests += [file_sha256(file) for file in (film.path, mask_file)]
    if not images:
        raise TrainingError(
            "No film with a drawn mask was found. The folder must hold kermany224/train and lung_masks224."
        )
    return DrawnLungs(tuple(images), tuple(masks), joint_sha256(digests))


def fit_lung_finder(drawn: DrawnLungs, epochs: int = EPOCHS, seed: int = SEED) -> keras.Model:
    """A network that gives logits, trained for a fixed number of epochs: nothing is chosen on the way."""
    keras.utils.set_random_seed(seed)
    batches = LungBatches(drawn.images, drawn.masks, min(BATCH, len(drawn.images)), seed)
    model = lung_network()
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, epochs * len(batches), warmup_target=LEARNING_RATE, warmup_steps=len(batches)
    )
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY), overlap_loss)
    model.fit(batches, epochs=epochs, shuffle=False, verbose=2)
    return model


def write_lung_finder(
    model: keras.Model, drawn: DrawnLungs, held_out: DrawnLungs, output: Path, recipe: dict[str, Any]
) -> LungFinderCard:
    """Exports a fitted network and measures the exported graph on the held-out patients' films.

    Args:
        model: gives logits.
        drawn: what it was trained on.
    """
    output.mkdir(parents=True, exist_ok=True)
    mask = keras.ops.squeeze(keras.ops.sigmoid(model.output), axis=3)  # (B, H, W, 1) -> (B, H, W)
    write_graph(keras.Model(model.input, mask), LUNG_INPUT.shape, ["mask"], output / GRAPH)
    engine = OnnxEngine(output / GRAPH, [cpu(2)])
    found = [engine.run(image[None, ..., None])["mask"][0] for image in held_out.images]
    overlaps = dice(np.stack(found) > 0.5, np.stack(held_out.masks) > 0.5)
    cards: list[LungFinderCard] = []

    def card(files: dict[str, str]) -> LungFinderCard:
        cards.append(
            LungFinderCard(
                id=ID,
                version=f"{date.today():%Y.%m.%d}",
                name="Lung finder",
                input=LUNG_INPUT,
                dice=mean(overlaps),
                provenance=Provenance(
                    architecture="small U-Net with added skips",
                    trained_on=f"{kermany().trained_on}; lung masks drawn by people, V7 Labs, CC BY 4.0",
                    created=date.today().isoformat(),
                    recipe=recipe,
                    counts={
                        "train": {"films with masks": len(drawn.images)},
                        "validation": {"films with masks": len(held_out.images)},
                    },
                    data_sha256=drawn.sha256,
                ),
                licence="CC BY 4.0 (attribution: D. Kermany, K. Zhang, M. Goldbaum; V7 Labs)",
                files=files,
            )
        )
        return cards[0]

    write_bundle(output, [GRAPH], card)
    return cards[0]


def dice(found: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(films,) twice the overlap over the sum of both areas, of two (films, rows, columns)."""
    both = (found & drawn).sum(axis=(1, 2))
    sizes = found.sum(axis=(1, 2)) + drawn.sum(axis=(1, 2))
    overlap: NDArray[np.float64] = 2 * both / np.maximum(sizes, 1)
    return overlap


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the lung finder and write its bundle.")
    parser.add_argument("--data", type=Path, required=True, help="holds kermany224/ and lung_masks224/")
    parser.add_argument("--output", type=Path, required=True, help="where the bundle goes")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args(arguments)
    drawn = read_drawn_lungs(chosen.data, held_out=False)
    held_out = read_drawn_lungs(chosen.data, held_out=True)
    model = fit_lung_finder(drawn, chosen.epochs, chosen.seed)
    recipe = {
        "optimiser": "AdamW, one epoch of warm-up, cosine to 0",
        "learning_rate": LEARNING_RATE,
        "weight_decay": WEIGHT_DECAY,
        "loss": "cross-entropy + 0.5 · (1 − Dice)",
        "batch": BATCH,
        "epochs_run": chosen.epochs,
        "seed": chosen.seed,
        "augmentation": "geometry, grey scale, sharpness, markers; 25 % pictures without lungs",
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "python": platform.python_version(),
    }
    card = write_lung_finder(model, drawn, held_out, chosen.output, recipe)
    print(f"Dice on held-out patients {card.dice.value:.3f} ({card.dice.low:.3f} to {card.dice.high:.3f})")


if __name__ == "__main__":
    main()
