"""Two models on parts of the films: by view, age and sex, where there are enough of both kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.comparison import LEAST_OF_A_KIND, Subgroup, judge
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.natural_order import natural_key
from cxr_desktop.language import tr
from cxr_desktop.training.metrics import Floats, auc
from cxr_desktop.training.paired import auc_difference

# From this age on; films of the last one are older.
_AGE_BANDS = (
    (0, tr("0 y")),
    (1, tr("1 to 5 y")),
    (6, tr("6 to 17 y")),
    (18, tr("18 to 39 y")),
    (40, tr("40 to 64 y")),
    (65, tr("65 y and older")),
)

Kind = Literal["view", "age", "sex"]


def age_band(age_years: float) -> str:
    """The band that an age falls into: "1 to 5 y" holds a child of 5 years and 11 months."""
    return next(name for first, name in reversed(_AGE_BANDS) if age_years >= first)


def subgroup_figures(
    headers: Sequence[FilmHeader], suspicious: NDArray[np.bool_], now: Floats, new: Floats
) -> tuple[Subgroup, ...]:
    """One for each part of the films with at least `LEAST_OF_A_KIND` films of both kinds.

    A part that holds all films is no part. Of many parts one in forty looks worse by chance alone.

    Args:
        headers: of each film.
        suspicious: (films,) what the labels say.
        now, new: (films,) probabilities of the present and the new model.
    """
    parts: dict[tuple[Kind, str], list[int]] = {}
    for index, header in enumerate(headers):
        for part in _parts_of(header):
            parts.setdefault(part, []).append(index)
    found = []
    for (kind, name), films in sorted(parts.items(), key=lambda part: _place(*part[0])):
        truth = suspicious[films]
        of_each = int(truth.sum()), int((~truth).sum())
        if min(of_each) < LEAST_OF_A_KIND or len(films) == len(headers):
            continue
        difference = auc_difference(truth, now[films], new[films])
        areas = auc(truth, now[films]), auc(truth, new[films])
        verdict, _ = judge(*of_each, difference)
        found.append(Subgroup(kind, name, len(films), of_each[0], areas, difference, verdict))
    return tuple(found)


def _place(kind: Kind, name: str) -> tuple[object, ...]:
    """Where a part stands: ages from the youngest on, whatever they are called in the reader's language."""
    first = {band: first for first, band in _AGE_BANDS}
    return kind, first[name] if kind == "age" else 0, natural_key(name)


def _parts_of(header: FilmHeader) -> Iterator[tuple[Kind, str]]:
    view = header.view_position.strip().upper()
    if view:
        yield "view", view
    if header.age_years is not None and header.age_years >= 0:
        yield "age", age_band(header.age_years)
    if header.sex:
        yield "sex", header.sex
