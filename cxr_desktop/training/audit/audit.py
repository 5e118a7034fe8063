"""The audit: one pass over all films, and, slower, what the image checks say of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing

from cxr_desktop.domain.audit.amounts import amount_problems
from cxr_desktop.domain.audit.facts import Checked, FilmFacts, Unreadable
from cxr_desktop.domain.audit.patients import patient_problems
from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity, gravest_first
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.labelled_films import PATIENT_IN_NAME, FoundFilms, LabelledFilm
from cxr_desktop.domain.wording import counted
from cxr_desktop.inference.batch import in_batches
from cxr_desktop.language import tr
from cxr_desktop.training.audit.copies import copy_problems
from cxr_desktop.training.audit.facts import facts_of
from cxr_desktop.training.audit.giveaways import find_giveaways, giveaway_problems
from cxr_desktop.training.audit.scope import scope_problems

OnProgress = Callable[[int, int], None]


def audit_films(
    found: FoundFilms,
    jobs: int,
    pattern: re.Pattern[str] = PATIENT_IN_NAME,
    on_progress: OnProgress = lambda done, of: None,
) -> AuditReport:
    """Decodes every film once, keeps a few numbers of each, and tells what is wrong with them.

    Memory grows by about a kilobyte a film, whatever its size.

    Args:
        jobs: threads.
        pattern: finds the patient in a file's name where neither list nor DICOM header tells; see
            `patients.name_pattern`.
        on_progress: is told how many films are done, and of how many.
    """
    seen: list[FilmFacts | Unreadable] = []
    with closing(look_at_films(found.films, jobs)) as results:
        for each in results:
            seen.append(each)
            on_progress(len(seen), len(found.films))
    return judge_films(found, seen, (), AuditChoice(pattern))


def look_at_films(films: Sequence[LabelledFilm], jobs: int) -> Generator[FilmFacts | Unreadable, None, None]:
    """The slow half of an audit: decodes films.

    Args:
        jobs: threads.

    Returns:
        What each film gave, in their order, as it comes. Closing it gives up the rest.
    """
    return in_batches(films, facts_of, jobs)


def judge_films(
    found: FoundFilms,
    seen: Iterable[FilmFacts | Unreadable],
    checked: Sequence[Checked],
    choice: AuditChoice,
) -> AuditReport:
    """The quick half of an audit: what is wrong with films that were decoded, without those left out.

    No film is looked at for it. 5,856 films take about two seconds of a core: half of it for copies, half for
    shortcuts.

    Args:
        seen: what each of the found films gave.
        checked: what the image checks said, as far as they were asked.
    """
    facts: list[FilmFacts] = []
    unreadable: list[Unreadable] = []
    for each in seen:
        if isinstance(each, Unreadable):
            unreadable.append(each)
        else:
            facts.append(each)
    kept = [each for each in facts if each.film.path not in choice.left_out]
    giveaways = find_giveaways(kept)
    of_all = _film_problems(found, facts, unreadable, checked, choice.pattern)
    of_kept = of_all
    if choice.left_out:
        of_kept = _film_problems(
            found,
            kept,
            [each for each in unreadable if each.film.path not in choice.left_out],
            [each for each in checked if each.film.path not in choice.left_out],
            choice.pattern,
            sorted({each.film.label for each in facts} - {each.film.label for each in kept}),
        )
    return AuditReport(
        tuple(facts),
        tuple(unreadable),
        gravest_first([*of_kept, *giveaway_problems(giveaways)]),
        giveaways,
        gravest_first(of_all),
    )


def _film_problems(
    found: FoundFilms,
    facts: Sequence[FilmFacts],
    unreadable: Sequence[Unreadable],
    checked: Sequence[Checked],
    pattern: re.Pattern[str],
    gone: Sequence[str] = (),
) -> list[Problem]:
    """All problems but shortcuts, which no single film is to blame for.

    Args:
        gone: classes all of whose films are left out.
    """
    return [
        *(Problem(ProblemKind.PLACE, Severity.STOP, obstacle) for obstacle in found.obstacles),
        *_unreadable_problems(unreadable),
        *copy_problems(facts),
        *patient_problems(facts, pattern),
        *amount_problems([each.film for each in facts], found.empty, gone),
        *scope_problems(checked),
    ]


def _unreadable_problems(unreadable: Sequence[Unreadable]) -> list[Problem]:
    if not unreadable:
        return []
    by_class = Counter(each.film.label for each in unreadable)
    where = ", ".join(
        tr("{films:,} of {label}", films=count, label=label) for label, count in by_class.most_common(10)
    )
    what = counted(len(unreadable), "file cannot be read", "files cannot be read")
    return [
        Problem(
            ProblemKind.UNREADABLE,
            Severity.WARNING,
            f"{what} ({where}).",
            tr("Export them again, or leave them out; training passes over them."),
            tuple(Case((each.film,), each.reason) for each in unreadable),
            tuple(each.film for each in unreadable),
        )
    ]
