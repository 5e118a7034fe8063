"""How far a map may be believed: where its evidence lies, and whether another method finds it there, too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.map_doubts import doubts_of_map
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.wording import percent_text
from cxr_desktop.imaging.overlay import evidence_on_film
from cxr_desktop.language import tr

# The grid on which maps are compared, rows and columns over the whole film: finer than any network's map.
_GRID = 64
# Two maps with less in common than this point to different places.
LITTLE_IN_COMMON = 0.25


def overlap(one: Heatmap, other: Heatmap, shape: tuple[int, int]) -> float | None:
    """The share of positive evidence that two maps have in common, in [0, 1]; None where one has none.

    Both are laid over the whole film and divided by their sums; what is common is the sum of the lesser of
    both at each point. 1: the same map, 0: nowhere both.

    Args:
        shape: (height, width) of the film.
    """
    if not (one.has_evidence and other.has_evidence):
        return None
    shares = [_share(each, shape) for each in (one, other)]
    return float(np.minimum(*shares).sum())


def doubts(
    maps: Sequence[Heatmap], shares_in_lungs: Sequence[float | None], shape: tuple[int, int]
) -> tuple[str, ...]:
    """What speaks against believing the maps, in sentences; empty where nothing does.

    Args:
        maps: of one film and one model, by different methods.
        shares_in_lungs: of each map's positive evidence; None where it has none.
        shape: (height, width) of the film.
    """
    sentences = []
    for heatmap, share in zip(maps, shares_in_lungs, strict=True):
        about_it = doubts_of_map(heatmap, share, shape)
        sentences += [f"{_capital(heatmap.made_by)}: {sentence}" for sentence in about_it]
    for one, other in combinations(maps, 2):
        common = overlap(one, other, shape)
        if common is not None and common < LITTLE_IN_COMMON:
            sentences.append(
                tr(
                    "{one} and {other} point to different places ({share} in common): believe neither alone.",
                    one=_capital(one.made_by),
                    other=other.made_by,
                    share=percent_text(common),
                )
            )
        elif common is None and one.has_evidence != other.has_evidence:
            finding, not_finding = (one, other) if one.has_evidence else (other, one)
            sentences.append(
                tr(
                    "{finding} finds evidence, {other} none.",
                    finding=_capital(finding.made_by),
                    other=not_finding.made_by,
                )
            )
    return tuple(sentences)


def between_models(one: Heatmap, other: Heatmap, shape: tuple[int, int]) -> str:
    """How far the maps of two models agree on one film, as a sentence.

    Args:
        shape: (height, width) of the film.
    """
    common = overlap(one, other, shape)
    if common is None:
        if one.has_evidence or other.has_evidence:
            return tr("Only one of the two maps shows evidence for suspicion.")
        return tr("Neither of the two maps shows evidence for suspicion.")
    share = percent_text(common)
    if common < LITTLE_IN_COMMON:
        return tr(
            "The two maps have {share} of their evidence in common: the models look at different places.",
            share=share,
        )
    return tr("The two maps have {share} of their evidence in common.", share=share)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _share(heatmap: Heatmap, shape: tuple[int, int]) -> NDArray[np.float64]:
    """(64, 64) each point's share of the positive evidence."""
    positive = np.maximum(evidence_on_film(heatmap, shape, (_GRID, _GRID)), 0).astype(np.float64)
    total = positive.sum()
    return positive / total if total > 0 else positive
