"""Films per second: `triage` beside the reference studies' way with the same network.

The studies load a film with Keras' `load_img` and call `model.predict`. Ours reads the files, finds the
lungs, checks the image, scores and makes the heatmap.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.inference.batch import score_files
from cxr_desktop.inference.devices import find_devices, usable_cores
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from tests.conftest import BUNDLED

ROUNDS = 3
FILM_BY_FILM = 150  # films of the slowest way in each round; its rate does not depend on how many there are


def report(data: Path) -> None:
    """Measures all ways in turn, several rounds, and prints medians and ratios."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    films = sorted((data / "kermany224" / "test").rglob("*.jpeg"))
    models = resources_folder() / "models"
    scorer = load_scorer(models / BUNDLED, models / "lung-finder", find_devices(threads=1))
    network, size = _keras_network(models / BUNDLED, scorer)
    ways: dict[str, tuple[Callable[[Sequence[Path]], object], Sequence[Path]]] = {
        "Keras load_img + predict, film by film": (
            lambda f: _one_by_one(network, f, size),
            films[:FILM_BY_FILM],
        ),
        "Keras load_img + predict, batches of 32": (lambda f: _in_batches(network, f, size), films),
        "triage, with lungs, checks and heatmaps": (lambda f: _triage(scorer, f), films),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for way, some in ways.values():
        way(some[:40])  # warm
    for _ in range(ROUNDS):
        for name, (way, some) in ways.items():
            started = time.perf_counter()
            way(some)
            rates[name].append(len(some) / (time.perf_counter() - started))
    medians = {name: statistics.median(each) for name, each in rates.items()}
    ours = medians["triage, with lungs, checks and heatmaps"]
    print(f"Films per second over {len(films)} test films (median of {ROUNDS} rounds)")
    for name, rate in medians.items():
        print(f"  {name:<42}{rate:8.0f}   triage is {ours / rate:.1f} × as fast")
    print()


def _keras_network(bundle: Path, scorer: Scorer) -> tuple[object, tuple[int, int]]:
    from cxr_desktop.training.architectures import architecture  # noqa: PLC0415 - Keras

    record = architecture("sharma-cnn-deep-aug")
    network = record.build(record.input, 1)
    network.load_weights(next(bundle.glob("*.weights.h5")))
    return network, (scorer.card.input.height, scorer.card.input.width)


def _loaded(film: Path, size: tuple[int, int]) -> np.ndarray:
    import keras  # noqa: PLC0415

    picture = keras.utils.load_img(film, color_mode="rgb", target_size=size)
    return keras.utils.img_to_array(picture) / 255


def _one_by_one(network: object, films: Sequence[Path], size: tuple[int, int]) -> None:
    for film in films:
        network.predict(_loaded(film, size)[None], verbose=0)  # type: ignore[attr-defined]


def _in_batches(network: object, films: Sequence[Path], size: tuple[int, int]) -> None:
    for start in range(0, len(films), 32):
        batch = np.stack([_loaded(film, size) for film in films[start : start + 32]])
        network.predict(batch, verbose=0)  # type: ignore[attr-defined]


def _triage(scorer: Scorer, films: Sequence[Path]) -> None:
    for scored in score_files((FilmSource(film) for film in films), scorer, usable_cores()):
        assert scored.judgement is not None
