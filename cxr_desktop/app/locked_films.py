"""The films of the locked test set: where they were, else found again by what is in them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.domain.comparison import ModelsToCompare
from cxr_desktop.domain.errors import CatalogueError, FilmsNotFound, TrainingError
from cxr_desktop.domain.wording import counted, utf8_text
from cxr_desktop.language import tr
from cxr_desktop.storage.locked_test_file import load_locked_test, save_locked_test
from cxr_desktop.workers.comparison_service import OnStep

if TYPE_CHECKING:
    from cxr_desktop.domain.locked_test import LockedTestSet
    from cxr_desktop.training.films_to_compare import LockedFound
    from cxr_desktop.training.locked_test import Missing

log = logging.getLogger(__name__)


def locked_films(file: Path, locked: LockedTestSet, models: ModelsToCompare, on_step: OnStep) -> LockedFound:
    """The films of the set, and those that are not to be had and may be done without.

    Those that were moved are looked for in `models.look_in`, and beside the films of the training; where they
    are now is kept in the set.

    Args:
        file: the set's.

    Raises:
        FilmsNotFound: some are missing and the reader did not say to do without them, or none is there.
    """
    from cxr_desktop.imaging.read import read_radiograph  # noqa: PLC0415 - on the service's thread
    from cxr_desktop.training.locked_test import found_again, locked_where_they_were  # noqa: PLC0415

    found, missing = locked_where_they_were(
        locked, read_radiograph, partial(on_step, tr("Finding the films"))
    )
    if missing and not models.without_missing:
        searching = partial(on_step, tr("Looking for films that were moved"))
        places = found_again(missing, _files(models), read_radiograph, searching)
        _keep(file, places)
        found += [replace(e.film, path=places[e.fingerprint]) for e in missing if e.fingerprint in places]
        missing = [each for each in missing if each.fingerprint not in places]
    if missing and not (found and models.without_missing):
        raise FilmsNotFound(_not_found(missing, len(found)), len(found))
    return found, missing


def _files(models: ModelsToCompare) -> list[Path]:
    """Where films that were moved may be."""
    from cxr_desktop.imaging.intake import Candidate, find_films  # noqa: PLC0415 - on the service's thread
    from cxr_desktop.training.film_sources import gather_films  # noqa: PLC0415

    of_training: list[Path] = []
    with suppress(TrainingError):  # they may be gone, too
        of_training = [film.path for film in gather_films([models.trained_on]).films]
    sources = [
        each.source for each in find_films([*models.look_in, *of_training]) if isinstance(each, Candidate)
    ]
    return [source.path for source in sources if not source.member]


def _keep(file: Path, places: Mapping[str, Path]) -> None:
    """Notes where films are now; of the set as it is by now: others may have been locked meanwhile."""
    try:
        locked = load_locked_test(file)
        if locked is not None and places:
            now = {film: utf8_text(str(place.resolve())) for film, place in places.items()}
            save_locked_test(file, locked.with_places(now))
    except CatalogueError as problem:  # they are looked for again next time
        log.warning("the places of locked films could not be kept: %s", problem)


def _not_found(missing: Sequence[Missing], others: int) -> str:
    folders = Counter(each.film.path.parent for each in missing)
    (folder, _), *more = folders.most_common()
    lost = tr(
        "{missing:,} of the {films} of the locked test set cannot be found.",
        missing=len(missing),
        films=counted(len(missing) + others, "film", "films"),
    )
    were = tr("They were in {folder}.", folder=folder)
    if more:
        elsewhere = counted(len(more), "other folder", "other folders")
        were = tr("They were in {folder} and {elsewhere}.", folder=folder, elsewhere=elsewhere)
    remedy = tr("Choose the folder that holds them now.")
    if others:
        rest = counted(others, "other", "others")
        remedy = tr("Choose the folder that holds them now, or compare on the {rest}.", rest=rest)
    return f"{lost} {were} {remedy}"
