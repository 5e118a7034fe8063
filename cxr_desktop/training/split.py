"""Which films are learned from and which are held out to choose by: never both of one patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr


def hold_out(
    labels: Sequence[str], patients: Sequence[str], digests: Sequence[str], share: float, seed: int
) -> frozenset[int]:
    """Positions of about `share` of the films, held out by patient, with the classes in proportion.

    Films with equal digests go the same way even under two patients' names.

    Args:
        labels, patients, digests: of each film; a digest stands for what films must share to belong together:
            their content, or their look.
        share: in (0, 0.5].
        seed: the same films and seed give the same choice, whatever the order the films come in.

    Raises:
        TrainingError: all films belong together.
    """
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415 - a second to import

    if not 0 < share <= 0.5:
        raise ValueError(f"share must lie in (0, 0.5], got {share}")
    order = sorted(range(len(labels)), key=lambda i: (labels[i], patients[i], digests[i]))
    groups = _joined(patients, digests)
    # No more parts than the smallest class has films: scikit-learn would not divide that in proportion.
    fewest = max(min(Counter(labels).values(), default=0), 2)
    parts = min(round(1 / share), len(set(groups)), fewest)
    if parts < 2:
        raise TrainingError(
            tr(
                "All films seem to be of one patient, so none can be held out. Films of more "
                "patients are needed."
            )
        )
    folds = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
    _, held_out = next(
        folds.split(np.zeros(len(order)), [labels[i] for i in order], [groups[i] for i in order])
    )
    return frozenset(order[i] for i in held_out)


def _joined(patients: Iterable[str], digests: Iterable[str]) -> list[str]:
    """A group a film: its patient, or the first patient that shares a film with them."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    # A digest joins all patients that it occurs under; the prefix keeps the two kinds of names apart.
    pairs = [
        (f"patient {patient}", f"film {digest}") for patient, digest in zip(patients, digests, strict=True)
    ]
    for patient, film in pairs:
        first, second = sorted((find(patient), find(film)))
        leader[second] = first
    return [find(patient) for patient, _ in pairs]
