"""The questions asked of a film before its score is believed.

Each check is a function that gives one `ImageCheck`: what is seen, and what to do where it is amiss. Out of
scope means: there is no verdict, because the model was made for something else. A warning leaves the verdict
standing beside its reason.

`first_look` asks them in turn; what is out of scope is not asked the rest.

The limits lie beyond what 2,608 training films of children show, so that ordinary films pass; the share of
them that does not stands beside each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.header import FilmHeader, age_text
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import Grade, ImageCheck, Lungs
from cxr_desktop.domain.wording import ages_text
from cxr_desktop.inference.lungs import lie_as_lungs
from cxr_desktop.language import tr

# Body parts (DICOM Body Part Examined) under which chest radiographs are filed.
CHEST_PARTS = (
    "CHEST", "THORAX", "LUNG", "TORAX", "RIB", "CLAVICLE", "BABYGRAM", "PULM", "POUM", "PECHO",
)  # fmt: skip
# Where the field says no more than that, it is the chest that was filmed at the bedside.
BEDSIDE = ("PORT", "PORTABLE")
# Views of the chest (View Position, PS3.3 C.8.1.2) between front and side.
OBLIQUE_VIEWS = ("RAO", "LAO", "RPO", "LPO", "OBL")

# Pixels of the shorter side. Made smaller and scored by the bundled CNN, 261 validation films keep their AUC
# of 0.996 down to 128 pixels; it is 0.992 at 64, 0.986 at 48, 0.965 at 32. Below, anything looks like lungs.
SMALL, TOO_SMALL = 128, 64

# Both lungs cover less of the film than this: none of the films (17 % is the least).
SMALL_LUNGS = 0.12
# The smaller lung's share of the larger one's area: none of the films (55 % is the least).
UNEQUAL_LUNGS = 0.5

# Mean probability of what is taken for lung. On coarse noise in which two lungs are found it is 0.6 to 0.9,
# and there they are mostly cut off or unequal; 0.1 % of the films are refused by it.
UNSURE, RATHER_UNSURE = 0.8, 0.9

# Lungs that reach this close to the film's edge (share of its side) over the given share of their extent are
# cut off: 6 % of the films, whose upper lobes are.
EDGE = 0.01
CUT_SHARE = 0.35

# Shares of the chest at the ends of the grey scale, its median grey, and the part of the scale that it uses:
# none, none, none (0.26 to 0.85 is their range), 0.4 % of the films.
BURNT_OUT, LOST = 0.25, 0.35
DARK, BRIGHT = 0.18, 0.9
LITTLE_CONTRAST = 0.2


def check_frontal(header: FilmHeader) -> ImageCheck:
    """Whether the file calls this a frontal view of the chest.

    What it says of a file that names no view only holds once `check_lungs` has passed.
    """
    view = header.view_position.strip().upper()
    if header.is_lateral:
        return ImageCheck(
            "frontal", Grade.OUT_OF_SCOPE, tr("Side view ({view}); the model reads frontal films", view=view)
        )
    if any(word in view for word in OBLIQUE_VIEWS):
        return ImageCheck(
            "frontal",
            Grade.OUT_OF_SCOPE,
            tr("Oblique view ({view}); the model reads frontal films", view=view),
        )
    part = header.body_part.strip().upper()
    if part and part not in BEDSIDE and not any(word in part for word in CHEST_PARTS):
        return ImageCheck(
            "frontal",
            Grade.OUT_OF_SCOPE,
            tr("The file says “{part}”; the model reads chest films", part=header.body_part),
        )
    if not view:
        return ImageCheck(
            "frontal", Grade.PASSED, tr("The file names no view; told by two lungs side by side")
        )
    return ImageCheck("frontal", Grade.PASSED, tr("Frontal chest, {view}", view=view))


def check_size(shape: tuple[int, int]) -> ImageCheck:
    """Whether the film has the pixels to show anything.

    Args:
        shape: (height, width) of the film.
    """
    pixels = tr("{width:,} × {height:,} pixels", width=shape[1], height=shape[0])
    if min(shape) < TOO_SMALL:
        return ImageCheck(
            "size",
            Grade.OUT_OF_SCOPE,
            tr("Only {pixels}: too small to judge. Open the original", pixels=pixels),
        )
    if min(shape) < SMALL:
        return ImageCheck(
            "size",
            Grade.WARNING,
            tr("Only {pixels}: fine findings are lost. Open the original if there is one", pixels=pixels),
        )
    return ImageCheck("size", Grade.PASSED, tr("Large enough, {pixels}", pixels=pixels))


def are_two_lungs(lungs: Lungs, shape: tuple[int, int]) -> bool:
    """Whether the first two fields lie side by side as a frontal film's lungs do."""
    return len(lungs.regions) >= 2 and lie_as_lungs(lungs.regions[0], lungs.regions[1], shape)


def check_lungs(lungs: Lungs, shape: tuple[int, int]) -> ImageCheck:
    """Whether two lungs were found, large enough and about equal.

    Args:
        shape: (height, width) of the film.
    """
    if not are_two_lungs(lungs, shape):
        seen = {
            0: tr("No lungs found"),
            1: tr("Only one lung found, as on a side view or with one lung white"),
            2: tr("No two lungs side by side found"),
        }[min(len(lungs.regions), 2)]
        return ImageCheck(
            "lungs", Grade.OUT_OF_SCOPE, tr("{seen}; the model reads frontal chest films", seen=seen)
        )
    if not _surely_lungs(lungs, shape):
        return ImageCheck(
            "lungs",
            Grade.OUT_OF_SCOPE,
            tr(
                "What looks like lungs may be none: too uncertain to judge. Check the exposure, "
                "and that it is a chest film"
            ),
        )
    smaller, larger = sorted(_area(lungs.mask, field, shape) for field in lungs.regions[:2])
    if smaller + larger < SMALL_LUNGS:
        return ImageCheck(
            "lungs",
            Grade.WARNING,
            tr(
                "The lungs cover only {share:.0%} of the film. Export it cropped to the chest",
                share=smaller + larger,
            ),
        )
    if smaller < UNEQUAL_LUNGS * larger:
        return ImageCheck(
            "lungs",
            Grade.WARNING,
            tr(
                "One lung shows only {share:.0%} of the other’s area: look whether it is white, "
                "collapsed or cut off",
                share=smaller / larger,
            ),
        )
    return ImageCheck("lungs", Grade.PASSED, tr("Both lungs found"))


def _surely_lungs(lungs: Lungs, shape: tuple[int, int]) -> bool:
    """Whether the lung finder is sure enough of two lungs; surer where they look odd."""
    sure = float(lungs.mask[lungs.mask > 0.5].mean())
    smaller, larger = sorted(_area(lungs.mask, field, shape) for field in lungs.regions[:2])
    odd = smaller < UNEQUAL_LUNGS * larger or bool(_cut_edges(lungs))
    return sure >= (RATHER_UNSURE if odd else UNSURE)


def _area(mask: NDArray[np.float32], field: Box, shape: tuple[int, int]) -> float:
    """Share of the film, in [0, 1], that is lung within a field's rectangle."""
    rows, columns = mask.shape[0] / shape[0], mask.shape[1] / shape[1]
    inside = mask[
        round(field.top * rows) : round(field.bottom * rows),
        round(field.left * columns) : round(field.right * columns),
    ]
    return float((inside > 0.5).sum() / mask.size)


def _cut_edges(lungs: Lungs) -> list[str]:
    """The edges of the film at which lungs are cut off."""
    lung = lungs.mask > 0.5
    rows, columns = lung.shape
    depth_rows, depth_columns = max(1, round(EDGE * rows)), max(1, round(EDGE * columns))
    edges = (
        (tr("upper"), lung[:depth_rows].any(axis=0).sum(), lung.any(axis=0).sum()),
        (tr("lower"), lung[-depth_rows:].any(axis=0).sum(), lung.any(axis=0).sum()),
        (tr("left"), lung[:, :depth_columns].any(axis=1).sum(), lung.any(axis=1).sum()),
        (tr("right"), lung[:, -depth_columns:].any(axis=1).sum(), lung.any(axis=1).sum()),
    )
    return [name for name, touching, extent in edges if extent and touching / extent > CUT_SHARE]


def check_coverage(lungs: Lungs) -> ImageCheck:
    """Whether a lung is cut off at the film's edge."""
    cut = _cut_edges(lungs)
    if cut:
        return ImageCheck(
            "coverage",
            Grade.WARNING,
            tr(
                "Lungs seem cut off at the {edges} edge of the film. What is beyond was not judged",
                edges=tr(" and ").join(cut),
            ),
        )
    return ImageCheck("coverage", Grade.PASSED, tr("Both lungs in view"))


def check_exposure(view: NDArray[np.float32], lungs: Lungs) -> ImageCheck:
    """Whether grey levels in the chest tell anything: neither burnt out nor without contrast.

    Args:
        view: (rows, columns) float32 in [0, 1], the whole film, on the grid of the lung mask.
    """
    lung = lungs.mask > 0.5
    rows, columns = np.flatnonzero(lung.any(axis=1)), np.flatnonzero(lung.any(axis=0))
    chest = view[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else view
    levels = np.sort(chest[::2, ::2], axis=None)  # a quarter of the pixels tells as much as all
    low, middle, high = (levels[int(share * (levels.size - 1))] for share in (0.02, 0.5, 0.98))
    black = np.searchsorted(levels, 0.01, "right") / levels.size
    white = 1 - np.searchsorted(levels, 0.99, "left") / levels.size
    seen = ""
    if white > BURNT_OUT:
        seen = tr("{share:.0%} of the chest is burnt out to white", share=white)
    elif black > LOST:
        seen = tr("{share:.0%} of the chest is lost in black", share=black)
    elif high - low < LITTLE_CONTRAST:
        seen = tr("Little contrast: the chest uses {range:.0%} of the grey scale", range=high - low)
    elif middle < DARK:
        seen = tr(
            "Very dark: half of the chest lies in the darkest {share:.0%} of the grey scale", share=middle
        )
    elif middle > BRIGHT:
        seen = tr(
            "Very bright: half of the chest lies in the brightest {share:.0%} of the grey scale",
            share=1 - middle,
        )
    if seen:
        return ImageCheck(
            "exposure", Grade.WARNING, tr("{seen}. Check the exposure, or export another window", seen=seen)
        )
    return ImageCheck("exposure", Grade.PASSED, tr("Exposure and contrast"))


def check_age(header: FilmHeader, population: Population) -> ImageCheck:
    """Whether the patient's age lies within the films that the model learned from."""
    known = ages_text(population)
    if not known:
        return ImageCheck("age", Grade.PASSED, tr("The model knows {films}", films=population.description))
    if header.age_years is None:
        return ImageCheck(
            "age", Grade.PASSED, tr("Age not in the file; the model knows {known}", known=known)
        )
    if population.includes(header.age_years):
        return ImageCheck("age", Grade.PASSED, tr("Age within the model’s population ({known})", known=known))
    return ImageCheck(
        "age",
        Grade.WARNING,
        tr(
            "Age {age}; the model knows {known}. Trust its figure less",
            age=age_text(header.age_years),
            known=known,
        ),
    )


# Asked only where no two lungs were found on the film as it is.
INVERTED = ImageCheck(
    "polarity",
    Grade.WARNING,
    tr(
        "Black and white seem to be exchanged: lungs were found on the inverted film only, which "
        "was judged instead. Check the export"
    ),
)
LYING = ImageCheck(
    "orientation",
    Grade.OUT_OF_SCOPE,
    tr("The film seems to lie on its side: lungs were found once it was turned. Export it upright"),
)
UPSIDE_DOWN = ImageCheck(
    "orientation",
    Grade.OUT_OF_SCOPE,
    tr("The film seems to stand upside down: lungs were found once it was turned. Export it upright"),
)
