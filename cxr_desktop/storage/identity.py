"""Whether two headers can be of the same patient.

Films are merged by their pixels and gathered by their Study Instance UID. Both go wrong where a film was
sent under a wrong patient, which must be shown and not smoothed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from cxr_desktop.domain.header import FilmHeader, PersonName

T = TypeVar("T")


def is_anonymous(header: FilmHeader) -> bool:
    """Whether a header says nothing of whose film it is, as that of a JPEG."""
    return not (
        header.patient_id
        or header.study_instance_uid
        or header.sop_instance_uid
        or any(_groups(header.patient_name))
    )


def other_patient(one: FilmHeader, other: FilmHeader) -> bool:
    """Whether two headers name different patients: by ID, or by name where one of them has no ID."""
    if one.patient_id and other.patient_id:
        return one.patient_id != other.patient_id
    return other_name(one.patient_name, other.patient_name)


def contradicts(one: FilmHeader, other: FilmHeader) -> bool:
    """Whether two headers cannot belong to one film, though the pixels are the same.

    A name that differs within one SOP instance is a corrected spelling. In different instances it is taken
    for another patient even under the same ID, because IDs of two hospitals may coincide.
    """
    if one.patient_id and other.patient_id and one.patient_id != other.patient_id:
        return True
    same_instance = bool(one.sop_instance_uid) and one.sop_instance_uid == other.sop_instance_uid
    return not same_instance and other_name(one.patient_name, other.patient_name)


def other_name(one: PersonName, other: PersonName) -> bool:
    """Whether two names differ in every group that both have; without such a group nothing is known."""
    shared = [(a, b) for a, b in zip(_groups(one), _groups(other), strict=True) if a and b]
    return bool(shared) and all(a != b for a, b in shared)


def best_match(header: FilmHeader, candidates: Iterable[tuple[T, FilmHeader]]) -> T | None:
    """Of films with the same pixels, the one that a header belongs to: never one that it contradicts."""
    fitting = [(key, other) for key, other in candidates if not contradicts(header, other)]

    def distance(candidate: tuple[T, FilmHeader]) -> int:
        other = candidate[1]
        if header.sop_instance_uid and header.sop_instance_uid == other.sop_instance_uid:
            return 0
        if header.patient_id and header.patient_id == other.patient_id:
            return 1
        return 3 if is_anonymous(other) else 2

    best = min(fitting, key=distance, default=None)
    return best[0] if best else None


def _groups(name: PersonName) -> tuple[str, str, str]:
    """The name's groups for comparing: carets, spaces and case do not count (PS3.5 6.2.1.1)."""
    return tuple(  # type: ignore[return-value]  # three in, three out
        " ".join(group.replace("^", " ").casefold().split())
        for group in (name.alphabetic, name.ideographic, name.phonetic)
    )
