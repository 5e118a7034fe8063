"""Does a model read lungs? What its judgement does when only something else on the film changes.

Each film is changed as a whole and judged anew by the very chain that ships, lung finder included, so that
whatever the chain does about a change counts. A film on which it then sees no two lungs any more is judged
within those found before, where they have not moved: else just the films that a change affects most would not
count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.inference.scorer import Scorer, evidence_in_lungs
from cxr_desktop.training.augment import warp
from cxr_desktop.training.surroundings import LUNG_DILATION, dilated

Image = NDArray[np.float32]

# What a model must keep to, to ship.
MOST_CHANGE = 0.05  # of the probability, on average
MOST_AUC_CHANGE = 0.01
LEAST_HEAT_IN_LUNGS = 0.92

_MOST_LOST = 0.02  # of the films: a change may make no more of them impossible to judge
_SQUASH = 0.15
_CORNER = 0.15  # of the width: where markers stand
_BATCH = 8


@dataclass(frozen=True, eq=False)
class JudgedFilm:
    """A film to measure on.

    Attributes:
        suspicious: what its label says.
        drawn_lungs: (rows, columns) float32 in [0, 1], over the whole film, drawn by people; None: the lung
            finder's count.
    """

    radiograph: Radiograph
    suspicious: bool
    drawn_lungs: Image | None = None


def judged_film(
    source: FilmSource,
    suspicious: bool,
    read: Callable[[FilmSource], Radiograph],
    drawn_lungs: Path | None = None,
) -> JudgedFilm:
    """A film with its lungs as people drew them, where they did.

    Args:
        drawn_lungs: a folder of masks, PNG files named like the films.

    Raises:
        UnreadableImage: film or mask cannot be read.
    """
    mask = None if drawn_lungs is None else drawn_lungs / f"{Path(str(source)).stem}.png"
    drawn = read(FilmSource(mask)).pixels if mask is not None and mask.is_file() else None
    return JudgedFilm(read(source), suspicious, drawn)


def measure_shortcuts(films: Iterable[JudgedFilm], scorer: Scorer) -> tuple[ShortcutFigure, ...]:
    """How far the judgement moves, and where the evidence lies.

    Args:
        films: of both kinds, of which few are held in memory at a time. One that is not judged as it is does
            not count; nor does one that is not any more once its lungs have moved.

    Returns:
        A figure for each change, then the shares of positive heat inside the lungs and the dilated lungs on
        suspicious films; none where no film was judged, or films of one kind only.
    """
    truth: list[bool] = []
    before: list[float] = []
    after: dict[str, list[float]] = {name: [] for name in _CHANGES}
    within = dict.fromkeys(_CHANGES, 0)  # films judged within the lungs found before
    shares: list[tuple[float, float]] = []
    remaining = iter(films)
    for batch in iter(lambda: list(islice(remaining, _BATCH)), []):
        judgements = scorer.score([film.radiograph for film in batch])
        kept = [
            (film, judgement, _lungs_of(film, judgement))
            for film, judgement in zip(batch, judgements, strict=True)
            if judgement.prediction.probability is not None
        ]
        truth += [film.suspicious for film, _, _ in kept]
        before += [_probability(judgement) for _, judgement, _ in kept]
        for name, change in _CHANGES.items():
            changed = [_changed(film.radiograph, lungs, change) for film, _, lungs in kept]
            for picture, (_, unchanged, _), judged in zip(changed, kept, scorer.score(changed), strict=True):
                lost = judged.prediction.out_of_scope and change not in _MOVES
                within[name] += lost
                shown = scorer.score_within(picture, unchanged.lungs) if lost else judged
                after[name].append(_probability(shown))
        for film, judgement, lungs in kept:
            if film.suspicious and (share := _heat_shares(judgement, lungs, film.radiograph)):
                shares.append(share)
    if not any(truth) or all(truth):
        return ()
    changes = [
        _figure(name, np.array(truth), np.array(before), np.array(after[name]), within[name])
        for name in _CHANGES
    ]
    return (*changes, *_heat_figures(shares))


def _lungs_of(film: JudgedFilm, judgement: Judgement) -> Image:
    return judgement.lungs.mask if film.drawn_lungs is None else film.drawn_lungs


def _probability(judgement: Judgement) -> float:
    probability = judgement.prediction.probability
    return np.nan if probability is None else probability


def _changed(radiograph: Radiograph, mask: Image, change: Callable[[Image, Image], Image]) -> Radiograph:
    height, width = radiograph.shape
    lungs = cv2.resize(dilated(mask, LUNG_DILATION), (width, height), interpolation=cv2.INTER_NEAREST)
    values = np.clip(change(radiograph.pixels, np.asarray(lungs, np.float32)), 0, 1)
    return Radiograph(values, (picture_window(values),), header=radiograph.header)


def _blanked(pixels: Image, lungs: Image) -> Image:
    outside = pixels[lungs < 0.5]
    return np.where(lungs < 0.5, np.median(outside) if outside.size else 0, pixels).astype(np.float32)


def _squashed(pixels: Image, lungs: Image) -> Image:
    return _scaled(pixels, 1 - _SQUASH)


def _stretched(pixels: Image, lungs: Image) -> Image:
    return _scaled(pixels, 1 + _SQUASH)


def _scaled(pixels: Image, by: float) -> Image:
    """Higher or lower by a factor, in the film's own frame: a film that is only resized would be squeezed
    back by every network that sees it whole.
    """
    middle = (pixels.shape[0] - 1) / 2
    geometry = np.array([[1, 0, 0], [0, 1 / by, middle * (1 - 1 / by)]])
    return warp(pixels, geometry)


def _without_corners(pixels: Image, lungs: Image) -> Image:
    covered = pixels.copy()
    side = max(round(_CORNER * pixels.shape[1]), 1)
    for corner in (np.s_[:side, :side], np.s_[:side, -side:]):
        outside = lungs[corner] < 0.5
        if outside.any():
            covered[corner][outside] = np.median(pixels[corner][outside])
    return covered


_CHANGES: dict[str, Callable[[Image, Image], Image]] = {
    "blanking all but the dilated lungs": _blanked,
    "squashing by 15 %": _squashed,
    "stretching by 15 %": _stretched,
    "covering the upper corners outside the lungs": _without_corners,
}

# After these the lungs are not where they were.
_MOVES = (_squashed, _stretched)


def _figure(
    name: str,
    truth: NDArray[np.bool_],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    within: int,
) -> ShortcutFigure:
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - a second to import

    judged = np.isfinite(after)
    lost = int((~judged).sum())
    few_lost = lost <= _MOST_LOST * len(truth)
    truth, before, after = truth[judged], before[judged], after[judged]
    if not len(truth):
        return ShortcutFigure(
            name, lost, mean_change=1.0, condition="no film was judged any longer", met=False
        )
    change = float(np.abs(after - before).mean())
    auc_change = 0.0
    if truth.any() and not truth.all():
        auc_change = float(roc_auc_score(truth, after) - roc_auc_score(truth, before))
    return ShortcutFigure(
        name,
        len(truth),
        mean_change=change,
        auc_change=auc_change,
        condition=(
            f"probability moves by at most {MOST_CHANGE} on average, AUC by at most {MOST_AUC_CHANGE}"
            + (f"; {lost} more films were not judged any longer" if lost else "")
            + (f"; {within} of them judged within the lungs found before the change" if within else "")
        ),
        met=change <= MOST_CHANGE and abs(auc_change) <= MOST_AUC_CHANGE and few_lost,
    )


def _heat_shares(judgement: Judgement, lungs: Image, radiograph: Radiograph) -> tuple[float, float] | None:
    within = [
        evidence_in_lungs(judgement.heatmap, replace(judgement.lungs, mask=mask), radiograph.shape)
        for mask in (lungs, dilated(lungs, LUNG_DILATION))
    ]
    return None if within[0] is None or within[1] is None else (within[0], within[1])


def _heat_figures(shares: list[tuple[float, float]]) -> tuple[ShortcutFigure, ...]:
    if not shares:
        return ()
    in_lungs, in_dilated = (float(each) for each in np.mean(shares, axis=0))
    return (
        ShortcutFigure("share of positive heat inside the lungs", len(shares), value=in_lungs),
        ShortcutFigure(
            "share of positive heat inside the dilated lungs",
            len(shares),
            value=in_dilated,
            condition=(
                f"at least {LEAST_HEAT_IN_LUNGS * 100:.0f} %; dilated by {LUNG_DILATION * 100:.0f} % of "
                "the width"
            ),
            met=in_dilated >= LEAST_HEAT_IN_LUNGS,
        ),
    )
