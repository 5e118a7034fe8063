"""The audit: one pass over all films, and, slower, what the image checks say of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing

from cxr_desktop.domain.audit.amounts import amount_problems
from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.audit.patients import patient_problems
from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity, gravest_first
from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.domain.labelled_films import PATIENT_IN_NAME, FoundFilms, LabelledFilm
from cxr_desktop.domain.wording import counted
from cxr_desktop.inference.batch import in_batches
from cxr_desktop.training.audit.copies import copy_problems
from cxr_desktop.training.audit.facts import facts_of
from cxr_desktop.training.audit.giveaways import find_giveaways, giveaway_problems

OnProgress = Callable[[int, int], None]


def audit_films(
    found: FoundFilms,
    jobs: int,
    pattern: re.Pattern[str] = PATIENT_IN_NAME,
    on_progress: OnProgress = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> AuditReport:
    """Decodes every film once, keeps a few numbers of each, and tells what is wrong with them.

    Memory grows by about a kilobyte a film, whatever its size.

    Args:
        jobs: threads.
        pattern: finds the patient in a file's name where neither list nor DICOM header tells; see
            `patients.name_pattern`.
        on_progress: is told how many films are done, and of how many.
        cancelled: asked after each film.

    Raises:
        Cancelled: as soon as `cancelled()` is true.
    """
    return judge_films(found, look_at_films(found.films, jobs, on_progress, cancelled), pattern)


def look_at_films(
    films: Sequence[LabelledFilm],
    jobs: int,
    on_progress: OnProgress = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[FilmFacts | Unreadable, ...]:
    """The slow half of an audit: decodes films; see `audit_films`.

    Raises:
        Cancelled: as soon as `cancelled()` is true.
    """
    seen: list[FilmFacts | Unreadable] = []
    with closing(in_batches(films, facts_of, jobs)) as results:
        for done, each in enumerate(results, start=1):
            if cancelled():
                raise Cancelled
            seen.append(each)
            on_progress(done, len(films))
    return tuple(seen)


def judge_films(
    found: FoundFilms, seen: Iterable[FilmFacts | Unreadable], pattern: re.Pattern[str] = PATIENT_IN_NAME
) -> AuditReport:
    """The quick half of an audit: what is wrong with films that were decoded; see `audit_films`.

    Args:
        seen: what each of the found films gave.
    """
    facts: list[FilmFacts] = []
    unreadable: list[Unreadable] = []
    for each in seen:
        if isinstance(each, Unreadable):
            unreadable.append(each)
        else:
            facts.append(each)
    giveaways = find_giveaways(facts)
    problems = [
        *(Problem(ProblemKind.PLACE, Severity.STOP, obstacle) for obstacle in found.obstacles),
        *_unreadable_problems(unreadable),
        *copy_problems(facts),
        *patient_problems(facts, pattern),
        *amount_problems([each.film for each in facts], found.empty),
        *giveaway_problems(giveaways),
    ]
    return AuditReport(tuple(facts), tuple(unreadable), gravest_first(problems), giveaways)


def _unreadable_problems(unreadable: list[Unreadable]) -> list[Problem]:
    if not unreadable:
        return []
    by_class = Counter(each.film.label for each in unreadable)
    where = ", ".join(f"{count:,} of {label}" for label, count in by_class.most_common(10))
    return [
        Problem(
            ProblemKind.UNREADABLE,
            Severity.WARNING,
            f"{counted(len(unreadable), 'file')} cannot be read ({where}).",
            "Export them again, or leave them out; training passes over them.",
            tuple(Case((each.film,), each.reason) for each in unreadable),
            tuple(each.film for each in unreadable),
        )
    ]
