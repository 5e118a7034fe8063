"""The films of a comparison, sorted into those that one would look at together."""

from __future__ import annotations

from enum import StrEnum

from cxr_desktop.domain.comparison import ComparedFilm, ModelComparison
from cxr_desktop.language import tr


class FilmKind(StrEnum):
    """Which films."""

    FLIPS = "flips"
    MISSED = "missed"
    FALSE_ALARMS = "false alarms"
    WRONG_NOW = "wrong now"
    RIGHT = "right"
    ALL = "all"

    @property
    def words(self) -> str:
        """What the reader chooses them by."""
        return _TITLES[self]


_TITLES = {
    FilmKind.FLIPS: tr("Verdict changes"),
    FilmKind.MISSED: tr("Missed by the new model"),
    FilmKind.FALSE_ALARMS: tr("False alarms of the new model"),
    FilmKind.WRONG_NOW: tr("Wrong with the present model"),
    FilmKind.RIGHT: tr("Right with the new model"),
    FilmKind.ALL: tr("All films"),
}


def films_of_kind(result: ModelComparison, kind: FilmKind) -> tuple[ComparedFilm, ...]:
    """Those films: flips as they are sorted, the others with what is furthest from its label first."""
    if kind is FilmKind.FLIPS:
        return result.flips
    return tuple(sorted((film for film in result.films if _is(film, kind)), key=_fit))


def _is(film: ComparedFilm, kind: FilmKind) -> bool:
    now_right, new_right = film.right
    match kind:
        case FilmKind.MISSED:
            return film.suspicious and not new_right
        case FilmKind.FALSE_ALARMS:
            return not film.suspicious and not new_right
        case FilmKind.WRONG_NOW:
            return not now_right
        case FilmKind.RIGHT:
            return new_right
        case _:
            return True


def _fit(film: ComparedFilm) -> float:
    """How well the new model's probability fits the label, in [0, 1]."""
    return film.probabilities[1] if film.suspicious else 1 - film.probabilities[1]


def change_in_words(film: ComparedFilm) -> str:
    """What the switch would mean for a film: "right in both", "becomes right", …"""
    match film.right:
        case True, True:
            return tr("right in both")
        case False, False:
            return tr("wrong in both")
        case False, True:
            return tr("becomes right")
        case _:
            return tr("becomes wrong")
