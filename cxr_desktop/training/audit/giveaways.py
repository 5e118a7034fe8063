"""Shortcuts: what tells a film's class without a look at its lungs, each measured alone.

Where width alone, or a letter in a corner, separates the classes, a network may learn that instead of the
disease, and will be right on these films for the wrong reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.giveaway import GRAVE, NOTICED, Giveaway
from cxr_desktop.domain.audit.problems import Problem, ProblemKind, Severity
from cxr_desktop.domain.labelled_films import MIN_FILMS_PER_CLASS, may_be_learned_from
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.language import tr
from cxr_desktop.training.metrics import auc

_FOLDS = 5

_NOT_SEEN = tr(
    "No network sees this itself, but the films of one class seem to come from another "
    "machine, ward or export, and that shows in the picture. Add films of each class from each "
    "source, exported alike."
)
_SHARPNESS = tr(
    "Films of one class are sharper, noisier or saved more coarsely. The disease may play a "
    "part; mostly it is another machine, ward or export. Add films of each class from each "
    "source, exported alike."
)
_SEEN = tr(
    "A network that sees the whole film can learn this. Choose one that is shown the lungs "
    "alone, and add films of each class from each source."
)


@dataclass(frozen=True)
class Sign:
    """Something about a film that has nothing to do with its lungs.

    Attributes:
        name: in the middle of a sentence.
        values: (films, numbers) float64. One number is taken as it is; several are weighed together.
        remedy: what to do where it tells the class.
    """

    name: str
    values: NDArray[np.float64]
    remedy: str


def find_giveaways(facts: Sequence[FilmFacts]) -> tuple[Giveaway, ...]:
    """Each sign's AUC on the films that may be learned from, or on all where there are none.

    For more than two classes, that of the class which it tells best from all others. Classes with fewer than
    `MIN_FILMS_PER_CLASS` films are left out; where fewer than two remain, nothing can be measured.
    """
    films = [each for each in facts if may_be_learned_from(each.film)] or list(facts)
    counts = Counter(each.film.label for each in films)
    films = [each for each in films if counts[each.film.label] >= MIN_FILMS_PER_CLASS]
    labels = np.array([each.film.label for each in films])
    if len(np.unique(labels)) < 2:
        return ()
    return tuple(_giveaway(sign, labels) for sign in _signs(films))


def giveaway_problems(giveaways: Sequence[Giveaway]) -> list[Problem]:
    """Those that tell the classes better than they should."""
    return [
        Problem(
            ProblemKind.SHORTCUT,
            Severity.GRAVE if each.auc.low > GRAVE else Severity.WARNING,
            each.sentence,
            each.remedy,
        )
        for each in giveaways
        if each.auc is not None and each.auc.low > NOTICED
    ]


def _signs(films: Sequence[FilmFacts]) -> list[Sign]:
    height, width = np.array([each.shape for each in films], np.float64).T
    sizes = np.array([each.bytes for each in films], np.float64)
    kinds = sorted({each.kind for each in films})
    even_squeezed = tr("Squeezing films to a square still shows it.")
    one_hot = np.array([[each.kind == kind for kind in kinds] for each in films], np.float64)
    return [
        Sign(tr("the width"), width[:, None], _NOT_SEEN),
        Sign(tr("the height"), height[:, None], _NOT_SEEN),
        Sign(tr("the aspect ratio"), (width / height)[:, None], f"{even_squeezed} {_SEEN}"),
        Sign(tr("the kind of file"), one_hot, _NOT_SEEN),
        Sign(tr("the file’s bytes per pixel"), (sizes / (height * width))[:, None], _SHARPNESS),
        Sign(tr("the border"), np.array([each.border for each in films]), _SEEN),
        Sign(tr("the marks in the corners"), np.array([each.corners for each in films]), _SEEN),
    ]


def _giveaway(sign: Sign, labels: NDArray[np.str_]) -> Giveaway:
    classes = np.unique(labels)
    if (sign.values == sign.values[0]).all():
        return Giveaway(sign.name, "", None, sign.remedy)
    if sign.values.shape[1] == 1:
        areas = [_either_way(labels == label, sign.values[:, 0]) for label in classes]
    else:
        shares = _foretold(sign.values, labels)
        areas = [auc(labels == label, shares[:, index]) for index, label in enumerate(classes)]
    best = int(np.argmax([area.value for area in areas]))
    return Giveaway(sign.name, str(classes[best]), areas[best], sign.remedy)


def _either_way(of_class: NDArray[np.bool_], values: NDArray[np.float64]) -> Estimate:
    """The AUC of a number that speaks for the class where it is great, or else where it is small."""
    area = auc(of_class, values)
    return area if area.value >= 0.5 else auc(of_class, -values)


def _foretold(values: NDArray[np.float64], labels: NDArray[np.str_]) -> NDArray[np.float64]:
    """(films, classes) the share that several numbers together give each class, on films that they were not
    fitted on.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second to import
    from sklearn.model_selection import StratifiedKFold, cross_val_predict  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    shares: NDArray[np.float64] = cross_val_predict(model, values, labels, cv=folds, method="predict_proba")
    return shares
