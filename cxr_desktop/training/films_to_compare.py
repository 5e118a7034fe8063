"""The films on which two models are compared: of a labelled folder, a list, or the locked test set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_desktop.domain.comparison import ModelFigures
from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.model_card import Label, ModelCard
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.wording import counted
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.intake import Candidate, Rejected, find_films
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.language import tr
from cxr_desktop.training.class_films import class_films, left_out
from cxr_desktop.training.compare import FilmToCompare
from cxr_desktop.training.film_list import films_listed
from cxr_desktop.training.film_sources import gather_films
from cxr_desktop.training.locked_test import Missing

_TEST_FILMS = tr("the test films of the new model’s training")
_LOCKED_FILMS = tr("the hospital’s own films of the locked test set")

# Films of the locked test set that were found, and those that were not.
LockedFound = tuple[Sequence[LabelledFilm], Sequence[Missing]]


@dataclass(frozen=True)
class FilmsToCompare:
    """Labelled films with what is amiss with them.

    Attributes:
        words: which films.
        unreadable: those that are known to be no films, or gone, with the reason.
        left_out: what in the folder or list is not compared, and why; "" if nothing.
    """

    films: tuple[FilmToCompare, ...]
    words: str
    unreadable: Mapping[FilmSource, str]
    left_out: str = ""

    def read(self, source: FilmSource) -> Radiograph:
        """Decodes one of them.

        Raises:
            UnreadableImage: it gives no chest radiograph.
        """
        if source in self.unreadable:
            raise UnreadableImage(self.unreadable[source])
        return read_radiograph(source)


def films_of(place: Path, labels: Sequence[Label]) -> FilmsToCompare:
    """The films of a folder's classes, or of a list.

    Raises:
        TrainingError: the place cannot be read, or holds no films of both kinds.
    """
    described = {each.path: each for each in films_listed(place)} if place.is_file() else {}
    films: list[FilmToCompare] = []
    unreadable: dict[FilmSource, str] = {}
    for label, paths in class_films(place, labels).items():
        for found in find_films(paths):
            if isinstance(found, Rejected):
                unreadable[found.source] = found.reason
            if isinstance(found, Candidate | Rejected):
                film = described.get(found.source.path) or LabelledFilm(found.source.path, label.name)
                films.append(_to_judge(found.source, replace(film, label=label.name), label.suspicious))
    return FilmsToCompare(tuple(films), place.name, unreadable, left_out(place, labels))


def films_kept_from_training(trained_on: Path, labels: Sequence[Label]) -> FilmsToCompare:
    """The test films among those that a training was given: the model may have learned from all others.

    Args:
        trained_on: a labelled folder or a list.

    Raises:
        TrainingError: there are none, they are gone, or of a class that neither model knows.
    """
    try:
        films = gather_films([trained_on]).films
    except TrainingError as problem:
        raise TrainingError(
            tr(
                "The films of this training are not all where they were, and there is no locked "
                "test set to compare on instead. Put them back, or connect the drive that they are "
                "on, and compare again."
            )
        ) from problem
    test = [film for film in films if film.side is Side.TEST]
    if not test:
        raise TrainingError(
            tr(
                "There is no locked test set yet, and this training was given no test films, so "
                "there are no films that the new model surely did not learn from. Put some away on "
                "the page Split, then train again."
            )
        )
    return FilmsToCompare(_to_compare(test, labels, tr("The test side")), _TEST_FILMS, {})


def films_of_locked_test(locked: LockedFound, labels: Sequence[Label]) -> FilmsToCompare:
    """The films of the locked test set; those that are not to be had count as unreadable.

    Args:
        locked: as `locked_where_they_were` or `locked_in_folder` found them.

    Raises:
        TrainingError: the set has films of a class that neither model knows.
    """
    found, missing = locked
    return FilmsToCompare(
        _to_compare([*found, *(each.film for each in missing)], labels, tr("The locked test set")),
        _LOCKED_FILMS,
        {FilmSource(each.film.path): each.reason for each in missing},
    )


def _to_compare(
    films: Sequence[LabelledFilm], labels: Sequence[Label], whose: str
) -> tuple[FilmToCompare, ...]:
    speaks = {label.name.lower(): label.suspicious for label in labels}
    unknown = sorted({film.label for film in films if film.label.lower() not in speaks})
    if unknown:
        raise TrainingError(
            tr(
                "{whose} has films labelled {labels}, which neither model knows. Compare models "
                "that were trained for its classes.",
                whose=whose,
                labels=", ".join(unknown),
            )
        )
    return tuple(_to_judge(FilmSource(film.path), film, speaks[film.label.lower()]) for film in films)


def _to_judge(source: FilmSource, film: LabelledFilm, suspicious: bool) -> FilmToCompare:
    return FilmToCompare(source, film.label, suspicious, film.view, film.age_years, film.sex)


def with_own_training(figures: ModelFigures, bundled: bool) -> ModelFigures:
    """A model's figures, with a word on another one's test films, from which it may have learned."""
    if bundled:
        return figures
    remark = tr(
        "{model} was trained here, too, and may have learned from these films. If so, its figures "
        "are better than it is. A locked test set keeps films from all trainings.",
        model=figures.id,
    )
    return replace(figures, remarks=(*figures.remarks, remark))


def with_later_locked(
    figures: ModelFigures, card: ModelCard, locked: LockedTestSet, bundled: bool
) -> ModelFigures:
    """A model's figures, with a word on films of the locked test set that it may have learned from.

    A bundled model never saw this hospital's films. The set only grows at its end, so that what was locked
    when a model was trained are its first films.
    """
    known = int(card.provenance.recipe.get("locked_test_films", 0))
    later = len(locked.films) - known
    if later <= 0 or bundled:
        return figures
    remark = tr(
        "{films} of {locked:,} were locked after {model} was trained, which may have learned from "
        "them. If so, its figures are better than it is.",
        films=counted(later, "film", "films"),
        locked=len(locked.films),
        model=card.id,
    )
    return replace(figures, remarks=(*figures.remarks, remark))
