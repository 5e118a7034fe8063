"""What explanations cost and what they are worth.

Time: on one large film, each beside the forward passes that it cannot do without, and LIME beside `lime`
called the studies' way on the same network in Keras. Worth: on held-out films whose lungs were drawn by
people, how much of the evidence lies in the lungs, and what becomes of the probability when the pixels that
speak most are taken away first (deletion: less is better) or given first (insertion: more is better).
"""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from cxr_desktop.domain.allowed_methods import refusal
from cxr_desktop.domain.errors import BundleError, NotJudged
from cxr_desktop.domain.explanation import LimeOptions, Method
from cxr_desktop.domain.prediction import Heatmap, Lungs
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import find_devices, usable_cores
from cxr_desktop.inference.engine import Engine, OnnxEngine
from cxr_desktop.inference.explain.explainer import Explainer, QuestionedFilm
from cxr_desktop.inference.explain.graph import graph_giving
from cxr_desktop.inference.loading import load_explainer
from cxr_desktop.inference.scorer import evidence_in_lungs
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.model_library import DEFAULT_MODELS
from cxr_desktop.training.datasets import kermany
from tests.benchmark.triage import UsualWay, enlarged

SAMPLES = 1000
FILMS = 20
STEPS = 20  # of deletion and insertion
_SINGLE_PASSES = 60
_ROUNDS = 3
_BATCH = 32

# The log-odds of some of the network's views, (views, height, width, channels).
LogOdds = Callable[[np.ndarray], np.ndarray]


def report(data: Path, samples: int = SAMPLES, films: int = FILMS) -> None:
    """Measures both bundled models.

    Args:
        samples: of LIME.
        films: held-out films with drawn lungs.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    models = resources_folder() / "models"
    for id in (id for id in DEFAULT_MODELS if (models / id).is_dir()):
        explainer = load_explainer(models / id, models / "lung-finder", find_devices(usable_cores()))
        _report_times(explainer, models / id, _large_film(data, explainer), samples)
        engine = OnnxEngine(models / id / "model.onnx", find_devices(usable_cores()))
        _report_worth(explainer, engine, data, LimeOptions(samples=samples), films)


def _report_times(explainer: Explainer, bundle: Path, asked: QuestionedFilm, samples: int) -> None:
    print(f"{explainer.card.name}: explaining one film of 1500×1200 on {usable_cores()} cores")
    devices = find_devices(usable_cores())
    with_map = OnnxEngine(bundle / "model.onnx", devices)
    alone = OnnxEngine(graph_giving(bundle / "model.onnx", ["logit", "scores"]), devices)
    one = asked.image[None]  # (1, height, width, channels)
    score, both = _medians(lambda: alone.run(one), lambda: with_map.run(one), _SINGLE_PASSES)
    print(f"  score alone {score * 1000:.1f} ms, with its map {both * 1000:.1f} ms: {both / score:.2f} ×")
    for method in (Method.GRAD_CAM_PLUS_PLUS, Method.OCCLUSION):
        print(f"  {method}: {_time_of(explainer, asked, method)}")
    _lime(explainer, asked, 50)  # warm: its libraries are imported
    lime_s, passes_s = _medians(
        lambda: _lime(explainer, asked, samples), lambda: _passes(with_map, asked.image, samples), _ROUNDS
    )
    print(
        f"  LIME, {samples} samples: {lime_s:.1f} s; as many passes in batches of {_BATCH}: {passes_s:.1f} s:"
    )
    print(f"    LIME takes {lime_s / passes_s:.2f} × their time")
    usual_s, segments = _usual_lime(UsualWay(bundle, explainer.card), asked.image, samples)
    print(
        f"  lime's own explainer on Keras' predict, {segments} superpixels: {usual_s:.1f} s; "
        f"ours is {usual_s / lime_s:.1f} × as fast\n"
    )


def _large_film(data: Path, explainer: Explainer) -> QuestionedFilm:
    """A held-out film of 1500×1200 that was judged."""
    film = _held_out(data)[0]
    with tempfile.TemporaryDirectory() as folder:
        return explainer.question(read_radiograph(FilmSource(enlarged(film, Path(folder)))))


def _medians(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Seconds of each, taken in turn, so that what disturbs one disturbs both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for way, taken in zip((one, other), times, strict=True):
            taken.append(_seconds(way))
    return statistics.median(times[0]), statistics.median(times[1])


def _time_of(explainer: Explainer, asked: QuestionedFilm, method: Method) -> str:
    try:
        explainer.explain(asked, method, _unheard)  # warm, and opened
    except BundleError as reason:
        return str(reason)
    seconds = statistics.median(
        _seconds(lambda: explainer.explain(asked, method, _unheard)) for _ in range(5)
    )
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _lime(explainer: Explainer, asked: QuestionedFilm, samples: int) -> object:
    return explainer.explain(asked, Method.LIME, _unheard, LimeOptions(samples=samples), seeds=1)


def _passes(engine: Engine, image: np.ndarray, count: int) -> None:
    for start in range(0, count, _BATCH):
        engine.run(np.repeat(image[None], min(_BATCH, count - start), axis=0))


def _usual_lime(usual: UsualWay, image: np.ndarray, samples: int) -> tuple[float, int]:
    """Seconds of `lime` as the studies call it, by its defaults, and how many superpixels it had."""
    from lime.lime_image import LimeImageExplainer  # noqa: PLC0415

    rows, columns, channels = usual.network.input_shape[1:]

    def classify(images: np.ndarray) -> np.ndarray:
        outputs = usual.network.predict(images[..., :channels], verbose=0)
        return np.asarray(outputs["logits"] if isinstance(outputs, dict) else outputs)

    seen = cv2.resize(image[..., 0], (columns, rows)).astype(np.float64)
    colours = np.repeat(seen[..., None], 3, axis=2)  # its superpixels want colours
    classify(colours[None])  # warm
    found = []

    def explain() -> None:
        explainer = LimeImageExplainer(random_state=1)
        found.append(explainer.explain_instance(colours, classify, top_labels=1, num_samples=samples))

    with contextlib.redirect_stderr(io.StringIO()):  # its progress bar
        seconds = _seconds(explain)
    return seconds, int(found[0].segments.max()) + 1


class Worth(NamedTuple):
    """What one map is worth.

    Attributes:
        in_lungs: its share in the drawn lungs; None without evidence.
        deletion, insertion: the mean probability along each curve.
        deleted, inserted: the mean log-odds, which go on telling where the probability is nearly 0 or 1.
    """

    in_lungs: float | None
    deletion: float
    insertion: float
    deleted: float
    inserted: float
    seconds: float


def _report_worth(explainer: Explainer, engine: Engine, data: Path, options: LimeOptions, count: int) -> None:
    calibration = explainer.card.calibration

    def log_odds(images: np.ndarray) -> np.ndarray:
        return calibration.slope * engine.run(images)["logit"].astype(np.float64) + calibration.intercept

    found: dict[str, list[Worth]] = defaultdict(list)
    for film in _held_out(data):
        try:
            asked = explainer.question(read_radiograph(FilmSource(film)))
        except NotJudged:
            continue
        lungs = Lungs(_drawn_lungs(data, film), ())
        for method in (each for each in Method if not refusal(explainer.card, each)):
            started = time.perf_counter()
            heatmap = explainer.explain(asked, method, _unheard, options, seeds=1).heatmap
            seconds = time.perf_counter() - started
            found[method].append(_worth(asked, heatmap, lungs, log_odds, seconds))
        at_random = Heatmap(np.random.default_rng(1).random((14, 14), dtype=np.float32), asked.box, "random")
        found["at random"].append(_worth(asked, at_random, lungs, log_odds, 0))
        if len(found["at random"]) == count:
            break
    films = len(found["at random"])
    print(f"{explainer.card.name}: {films} held-out films with pneumonia, lungs drawn by people (means)")
    print(f"  {'':<12}{'in lungs':>10}{'deletion':>10}{'insertion':>11}{'in log-odds':>16}{'time':>12}")
    for name, worths in found.items():
        shares = [worth.in_lungs for worth in worths if worth.in_lungs is not None]
        share = f"{statistics.mean(shares):.2f}" if shares else "–"
        deletion, insertion, deleted, inserted, seconds = (
            statistics.mean(getattr(worth, figure) for worth in worths) for figure in Worth._fields[1:]
        )
        print(
            f"  {name:<12}{share:>10}{deletion:>10.3f}{insertion:>11.3f}{deleted:>8.2f}{inserted:>8.2f}"
            f"{seconds * 1000:>9.0f} ms"
        )
    print()


def _worth(asked: QuestionedFilm, heatmap: Heatmap, lungs: Lungs, log_odds: LogOdds, seconds: float) -> Worth:
    in_lungs = evidence_in_lungs(heatmap, lungs, asked.shape)
    return Worth(in_lungs, *_areas(asked.image, heatmap.evidence, log_odds), seconds)


def _areas(image: np.ndarray, evidence: np.ndarray, log_odds: LogOdds) -> tuple[float, float, float, float]:
    """The mean probabilities while what speaks most is blurred first, and while it is shown first.

    Behind them stand the mean log-odds of both.

    Args:
        image: (height, width, channels) as the network sees it.
        evidence: (rows, columns) over the whole of it.
    """
    height, width, channels = image.shape
    blurred = cv2.GaussianBlur(image, (0, 0), sigmaX=height / 12).reshape(image.shape)
    strength = cv2.resize(evidence, (width, height), interpolation=cv2.INTER_LINEAR).reshape(-1)
    order = np.argsort(-strength, kind="stable")
    deleted, inserted = (np.repeat(each[None], STEPS + 1, axis=0) for each in (image, blurred))
    for step in range(1, STEPS + 1):
        first = order[: round(len(order) * step / STEPS)]
        deleted[step].reshape(-1, channels)[first] = blurred.reshape(-1, channels)[first]
        inserted[step].reshape(-1, channels)[first] = image.reshape(-1, channels)[first]
    both = [log_odds(views) for views in (deleted, inserted)]
    deletion, insertion = (float((1 / (1 + np.exp(-each))).mean()) for each in both)
    return deletion, insertion, float(both[0].mean()), float(both[1].mean())


def _held_out(data: Path) -> Sequence[Path]:
    """The films with pneumonia that no model learned from and whose lungs were drawn, in order."""
    names = kermany().validation or frozenset()
    films = sorted((data / "kermany224" / "train" / "PNEUMONIA").iterdir())
    return [film for film in films if film.name in names and _mask_file(data, film).is_file()]


def _mask_file(data: Path, film: Path) -> Path:
    return data / "lung_masks224" / f"{film.stem}.png"


def _drawn_lungs(data: Path, film: Path) -> np.ndarray:
    """(rows, columns) float32: 1 on lung."""
    drawn = cv2.imread(str(_mask_file(data, film)), cv2.IMREAD_GRAYSCALE)
    return (drawn > 127).astype(np.float32)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _unheard(done: int, of: int) -> None:
    """For whom progress does not matter."""
