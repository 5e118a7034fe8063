"""The audit: one pass over all films, and, slower, what the image checks say of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import closing

from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.domain.wording import counted
from cxr_desktop.inference.batch import in_batches
from cxr_desktop.training.audit.amounts import amount_problems
from cxr_desktop.training.audit.copies import copy_problems
from cxr_desktop.training.audit.facts import FilmFacts, Unreadable, facts_of
from cxr_desktop.training.audit.giveaways import find_giveaways, giveaway_problems
from cxr_desktop.training.audit.patients import patient_problems
from cxr_desktop.training.audit.problems import Case, Problem, ProblemKind, Severity, gravest_first
from cxr_desktop.training.audit.report import AuditReport
from cxr_desktop.training.films import PATIENT_IN_NAME, FoundFilms

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
    facts: list[FilmFacts] = []
    unreadable: list[Unreadable] = []
    with closing(in_batches(found.films, facts_of, jobs)) as results:
        for done, each in enumerate(results, start=1):
            if cancelled():
                raise Cancelled
            if isinstance(each, Unreadable):
                unreadable.append(each)
            else:
                facts.append(each)
            on_progress(done, len(found.films))
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
