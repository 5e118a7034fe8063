"""The first look at a film: where its lungs are, and whether its score may be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import Grade, ImageCheck, Lungs
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.inference.image_checks import (
    INVERTED,
    LYING,
    UPSIDE_DOWN,
    are_two_lungs,
    check_age,
    check_coverage,
    check_exposure,
    check_frontal,
    check_lungs,
    check_size,
)
from cxr_desktop.inference.lungs import LungFinder


@dataclass(frozen=True, eq=False)
class FirstLook:
    """A film with what was seen on it before the classifier.

    Attributes:
        film: what is to be judged: the film itself, or its inverse where the file has exchanged black and
            white.
        view: (rows, columns, 1) float32 in [0, 1], as the lung finder saw it.
        checks: in the order they were made; what nearly every film passes (its size, its black and white)
            is told only where it does not.
    """

    film: Radiograph
    view: NDArray[np.float32]
    lungs: Lungs
    checks: tuple[ImageCheck, ...]

    @property
    def in_scope(self) -> bool:
        """Whether the film may be judged."""
        return all(check.grade is not Grade.OUT_OF_SCOPE for check in self.checks)


def first_looks(
    films: Sequence[Radiograph], lung_finder: LungFinder, population: Population
) -> list[FirstLook]:
    """Finds the lungs of all films in one batch and asks the image checks.

    Args:
        population: whom the classifier knows.

    Raises:
        EngineError: the lung finder cannot be run.
    """
    views = [lung_finder.view(film) for film in films]
    found = lung_finder.find(views, [film.shape for film in films])
    return [_first_look(*each, lung_finder, population) for each in zip(films, views, found, strict=True)]


def _first_look(
    film: Radiograph,
    view: NDArray[np.float32],
    lungs: Lungs,
    lung_finder: LungFinder,
    population: Population,
) -> FirstLook:
    size = check_size(film.shape)
    frontal = check_frontal(film.header)
    checks = [] if size.grade is Grade.PASSED else [size]
    if frontal.grade is Grade.OUT_OF_SCOPE or film.header.view_position.strip():
        checks.insert(0, frontal)  # else the lungs are what tells the view, so they are looked for first
    remarks: list[ImageCheck] = []
    refused = any(check.grade is Grade.OUT_OF_SCOPE for check in checks)
    if not refused and not are_two_lungs(lungs, film.shape):
        otherwise = _lungs_otherwise(view, lung_finder, film.shape)
        if otherwise is INVERTED:
            film = replace(film, low_is_white=not film.low_is_white)
            view = lung_finder.view(film)
            (lungs,) = lung_finder.find([view], [film.shape])
            remarks = [INVERTED]
        elif otherwise is not None:
            return FirstLook(film, view, lungs, (*checks, otherwise))
    checks.append(check_lungs(lungs, film.shape))
    if all(check.grade is not Grade.OUT_OF_SCOPE for check in checks):
        if frontal not in checks:
            checks.insert(0, frontal)
        checks += [
            check_coverage(lungs),
            check_exposure(view[..., 0], lungs),  # (H, W, 1) -> (H, W)
            check_age(film.header, population),
            *remarks,
        ]
    return FirstLook(film, view, lungs, tuple(checks))


def _lungs_otherwise(
    view: NDArray[np.float32], lung_finder: LungFinder, shape: tuple[int, int]
) -> ImageCheck | None:
    """What would have to be done for two lungs to be found; None where nothing helps."""
    height, width = shape
    tried = [(INVERTED, 1 - view, shape), (UPSIDE_DOWN, view[::-1, ::-1], shape)]
    if view.shape[0] == view.shape[1]:
        tried += [(LYING, np.rot90(view, turns), (width, height)) for turns in (1, 3)]
    found = lung_finder.find([np.ascontiguousarray(v) for _, v, _ in tried], [s for _, _, s in tried])
    for (check, _, turned), lungs in zip(tried, found, strict=True):
        if are_two_lungs(lungs, turned):
            return check
    return None
