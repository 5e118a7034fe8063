"""The questions asked of a film before its score is believed.

Each check is a function that gives one `ImageCheck`. Out of scope means: there is no verdict, because the
model was made for something else. A warning leaves the verdict standing beside its reason.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.header import FilmHeader, age_text
from cxr_desktop.domain.model_card import Population
from cxr_desktop.domain.prediction import Grade, ImageCheck, Lungs

# Body parts (DICOM Body Part Examined) under which chest radiographs are filed.
CHEST_PARTS = ("CHEST", "THORAX", "LUNG", "TORAX", "RIB", "CLAVICLE", "PORT", "BABYGRAM")

# Lungs that reach this close to the film's edge (share of its side) over the given share of their extent are
# cut off.
EDGE = 0.01
CUT_SHARE = 0.35


def check_frontal(header: FilmHeader) -> ImageCheck:
    """Whether the file calls this a frontal view of the chest."""
    if header.is_lateral:
        return ImageCheck(
            "frontal",
            Grade.OUT_OF_SCOPE,
            f"Side view ({header.view_position}); the model reads frontal films",
        )
    part = header.body_part.upper()
    if part and not any(word in part for word in CHEST_PARTS):
        return ImageCheck(
            "frontal", Grade.OUT_OF_SCOPE, f"The file says “{header.body_part}”; the model reads chest films"
        )
    view = header.view_position.upper()
    if view in {"PA", "AP"}:
        return ImageCheck("frontal", Grade.PASSED, f"Frontal chest, {view}")
    return ImageCheck("frontal", Grade.PASSED, "Frontal chest; the file names no view")


def are_two_lungs(lungs: Lungs, shape: tuple[int, int]) -> bool:
    """Whether the two largest fields lie side by side as a frontal film's lungs do."""
    if len(lungs.regions) < 2:
        return False
    left, right = sorted(lungs.regions[:2], key=lambda box: box.left + box.right)
    apart = (right.left + right.right - left.left - left.right) / 2
    beside = apart > 0.5 * min(left.width, right.width)
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    level = overlap > 0.4 * min(left.height, right.height)
    large = min(left.height, right.height) > 0.12 * shape[0]
    return beside and level and large


def check_lungs(lungs: Lungs, shape: tuple[int, int]) -> ImageCheck:
    """Whether two lungs were found."""
    if are_two_lungs(lungs, shape):
        return ImageCheck("lungs", Grade.PASSED, "Both lungs found")
    found = min(len(lungs.regions), 2)
    words = {0: "No lungs", 1: "Only one lung", 2: "No two lungs side by side"}[found]
    return ImageCheck("lungs", Grade.OUT_OF_SCOPE, f"{words} found; the model reads frontal chest films")


def check_coverage(lungs: Lungs) -> ImageCheck:
    """Whether a lung is cut off at the film's edge."""
    lung = lungs.mask > 0.5
    rows, columns = lung.shape
    depth_rows, depth_columns = max(1, round(EDGE * rows)), max(1, round(EDGE * columns))
    edges = {
        "upper": (lung[:depth_rows].any(axis=0).sum(), lung.any(axis=0).sum()),
        "lower": (lung[-depth_rows:].any(axis=0).sum(), lung.any(axis=0).sum()),
        "left": (lung[:, :depth_columns].any(axis=1).sum(), lung.any(axis=1).sum()),
        "right": (lung[:, -depth_columns:].any(axis=1).sum(), lung.any(axis=1).sum()),
    }
    cut = [name for name, (touching, extent) in edges.items() if extent and touching / extent > CUT_SHARE]
    if cut:
        return ImageCheck(
            "coverage", Grade.WARNING, f"Lungs seem cut off at the {' and '.join(cut)} edge of the film"
        )
    return ImageCheck("coverage", Grade.PASSED, "Both lungs in view")


def check_exposure(view: NDArray[np.float32], lungs: Lungs) -> ImageCheck:
    """Whether grey levels in the chest tell anything: neither burnt out nor without contrast.

    Args:
        view: (rows, columns) float32 in [0, 1], the whole film, on the grid of the lung mask.
    """
    lung = lungs.mask > 0.5
    rows, columns = np.flatnonzero(lung.any(axis=1)), np.flatnonzero(lung.any(axis=0))
    chest = view[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else view
    levels = np.sort(chest[::2, ::2], axis=None)  # a quarter of the pixels tells as much as all
    low, high = levels[int(0.02 * (levels.size - 1))], levels[int(0.98 * (levels.size - 1))]
    black = np.searchsorted(levels, 0.01, "right") / levels.size
    white = 1 - np.searchsorted(levels, 0.99, "left") / levels.size
    if white > 0.25:
        return ImageCheck("exposure", Grade.WARNING, f"{white:.0%} of the chest is burnt out to white")
    if black > 0.35:
        return ImageCheck("exposure", Grade.WARNING, f"{black:.0%} of the chest is lost in black")
    if high - low < 0.2:
        return ImageCheck(
            "exposure", Grade.WARNING, f"Little contrast: the chest uses {high - low:.0%} of the grey scale"
        )
    return ImageCheck("exposure", Grade.PASSED, "Exposure and contrast")


def check_age(header: FilmHeader, population: Population) -> ImageCheck:
    """Whether the patient's age lies within the films that the model learned from."""
    low, high = population.min_age_years, population.max_age_years
    if low is None and high is None:
        return ImageCheck("age", Grade.PASSED, f"The model knows {population.description}")
    known = f"{low or 0:g} to {high:g} y" if high is not None else f"{low:g} y and older"
    if header.age_years is None:
        return ImageCheck("age", Grade.PASSED, f"Age not in the file; the model knows {known}")
    # "1 to 5 years" includes a child of 5 years and 11 months.
    if (low is None or low <= header.age_years) and (high is None or header.age_years < high + 1):
        return ImageCheck("age", Grade.PASSED, f"Age within the model’s population ({known})")
    return ImageCheck("age", Grade.WARNING, f"Age {age_text(header.age_years)}; the model knows {known}")


INVERTED = ImageCheck(
    "polarity",
    Grade.WARNING,
    "Black and white seem to be exchanged: lungs were found on the inverted film only",
)
