"""Films per second: `triage` beside the reference studies' way with the same network.

The studies load a film with Keras' `load_img` and call `model.predict`. Ours reads the files, finds the
lungs, checks the image, scores and makes the heatmap.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.batch import score_files
from cxr_desktop.inference.devices import find_devices, usable_cores
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.model_library import DEFAULT_MODELS

ROUNDS = 3
LARGE_FILM = (1200, 1500)  # width, height
SINGLE_FILMS = 30
FILM_BY_FILM = 150  # films of the slowest way in each round; its rate does not depend on how many there are


def report(data: Path) -> None:
    """Measures all ways in turn, several rounds, and prints medians and ratios, for each bundled model."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    films = sorted((data / "kermany224" / "test").rglob("*.jpeg"))
    models = resources_folder() / "models"
    for id in (id for id in DEFAULT_MODELS if (models / id).is_dir()):
        _report_on_many(models / id, models / "lung-finder", films)
        _report_on_one(models / id, models / "lung-finder", films[0])


def _report_on_many(bundle: Path, lung_finder: Path, films: Sequence[Path]) -> None:
    scorer = load_scorer(bundle, lung_finder, find_devices(threads=1))
    usual = UsualWay(bundle, scorer.card)
    ways: dict[str, tuple[Callable[[Sequence[Path]], object], Sequence[Path]]] = {
        "Keras load_img + predict, film by film": (usual.one_by_one, films[:FILM_BY_FILM]),
        "Keras load_img + predict, batches of 32": (usual.in_batches, films),
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
    print(f"{scorer.card.name}: films per second over {len(films)} test films (median of {ROUNDS} rounds)")
    for name, rate in medians.items():
        print(f"  {name:<42}{rate:8.0f}   triage is {ours / rate:.1f} × as fast")
    print()


def _report_on_one(bundle: Path, lung_finder: Path, film: Path) -> None:
    """From file to probability, heatmap and checks, one film at a time, on all cores."""
    scorer = load_scorer(bundle, lung_finder, find_devices(threads=usable_cores()))
    with tempfile.TemporaryDirectory() as folder:
        large = enlarged(film, Path(folder))
        times = []
        for _ in range(3 + SINGLE_FILMS):
            started = time.perf_counter()
            (judgement,) = scorer.score([read_radiograph(FilmSource(large))])
            times.append(time.perf_counter() - started)
            assert judgement.prediction.probability is not None
    milliseconds = statistics.median(times[3:]) * 1000  # the first ones warm up
    width, height = LARGE_FILM
    print(
        f"{scorer.card.name}: one JPEG of {height}×{width}, file to probability, heatmap and checks: "
        f"{milliseconds:.0f} ms (median of {SINGLE_FILMS})\n"
    )


def enlarged(film: Path, folder: Path) -> Path:
    """A film at the size that hospitals file them in, as a JPEG in a folder."""
    large = folder / "film.jpeg"
    with Image.open(film) as opened:
        opened.resize(LARGE_FILM, Image.Resampling.BICUBIC).save(large, quality=92)
    return large


class UsualWay:
    """The same network in Keras, its films read as the studies read them."""

    def __init__(self, bundle: Path, card: ModelCard) -> None:
        from cxr_desktop.training.architectures import architecture  # noqa: PLC0415 - Keras

        record = architecture(card.provenance.architecture)
        self.network = record.build(record.input, record.outputs(len(card.labels)))
        self.network.load_weights(next(bundle.glob("*.weights.h5")))
        self._size = (record.input.height, record.input.width)
        self._colours = "rgb" if record.input.channels == 3 else "grayscale"

    def one_by_one(self, films: Sequence[Path]) -> None:
        for film in films:
            self.network.predict(self._loaded(film)[None], verbose=0)

    def in_batches(self, films: Sequence[Path]) -> None:
        for start in range(0, len(films), 32):
            batch = np.stack([self._loaded(film) for film in films[start : start + 32]])
            self.network.predict(batch, verbose=0)

    def _loaded(self, film: Path) -> np.ndarray:
        import keras  # noqa: PLC0415

        picture = keras.utils.load_img(film, color_mode=self._colours, target_size=self._size)
        loaded: np.ndarray = keras.utils.img_to_array(picture) / 255
        return loaded


def _triage(scorer: Scorer, films: Sequence[Path]) -> None:
    for scored in score_files((FilmSource(film) for film in films), scorer, usable_cores()):
        assert scored.judgement is not None
