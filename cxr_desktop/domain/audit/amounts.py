"""Whether there are enough films of each class, and not too unequal numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity
from cxr_desktop.domain.labelled_films import MIN_FILMS_PER_CLASS, LabelledFilm, listed, may_be_learned_from
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr

# With fewer films of a class its figures have so wide an interval (a recall of 0.7 ± 0.13, of 50 films) that
# little can be said of a model.
FEW_PER_CLASS = 50
# So many times as many films in the largest class as in the smallest.
UNEQUAL, VERY_UNEQUAL = 2, 10


def amount_problems(
    films: Sequence[LabelledFilm], empty: Sequence[str], gone: Sequence[str] = ()
) -> list[Problem]:
    """What is wrong with the numbers of films to learn from.

    Args:
        films: those that can be read.
        empty: further classes, which have no films.
        gone: classes all of whose films are left out.
    """
    of_class: dict[str, list[LabelledFilm]] = {label: [] for label in empty}
    elsewhere: dict[str, list[LabelledFilm]] = defaultdict(list)
    for film in films:
        if may_be_learned_from(film):
            of_class.setdefault(film.label, []).append(film)
        else:
            elsewhere[film.label].append(film)
    for label in elsewhere:
        of_class.setdefault(label, [])
    filled = {label: group for label, group in of_class.items() if group}
    problems = []
    if gone:
        problems.append(
            Problem(
                ProblemKind.TOO_FEW,
                Severity.WARNING,
                tr(
                    "All films of {classes} are left out: the new model will not know of it.",
                    classes=listed(gone),
                ),
                tr("Put films back, or go on without it."),
            )
        )
    if len(filled) < 2:
        problems.append(
            Problem(
                ProblemKind.TOO_FEW,
                Severity.STOP,
                tr(
                    "There is one class only, {label}; telling classes apart needs at least two.",
                    label=next(iter(filled)),
                )
                if filled
                else tr("There is no film that can be read; telling classes apart needs at least two."),
                tr("Add films of another class."),
            )
        )
    too_few = sorted(label for label, group in of_class.items() if len(group) < MIN_FILMS_PER_CLASS)
    if too_few:
        problems.append(_few(Severity.STOP, too_few, of_class, elsewhere))
    few = sorted(
        label for label, group in of_class.items() if MIN_FILMS_PER_CLASS <= len(group) < FEW_PER_CLASS
    )
    if few:
        problems.append(_few(Severity.WARNING, few, of_class, {}))
    most = max(filled, key=lambda label: len(filled[label]), default="")
    least = min(filled, key=lambda label: len(filled[label]), default="")
    if filled and len(filled[most]) >= UNEQUAL * len(filled[least]):
        times = len(filled[most]) / len(filled[least])
        problems.append(
            Problem(
                ProblemKind.IMBALANCE,
                Severity.WARNING if times >= VERY_UNEQUAL else Severity.NOTE,
                tr(
                    "There are {times:.1f} times as many films of {most} ({most_films:,}) as of "
                    "{least} ({least_films:,}).",
                    times=times,
                    most=most,
                    most_films=len(filled[most]),
                    least=least,
                    least_films=len(filled[least]),
                ),
                tr("Weigh the classes in training; more films of {least} help more.", least=least),
            )
        )
    return problems


def _few(
    severity: Severity,
    classes: Sequence[str],
    of_class: dict[str, list[LabelledFilm]],
    elsewhere: dict[str, list[LabelledFilm]],
) -> Problem:
    """Classes with too few films; those beside the training side go with them where the class is left out."""
    named = listed([f"{label} ({len(of_class[label])})" for label in classes], 10)
    concerned = [film for label in classes for film in (*of_class[label], *elsewhere.get(label, ()))]
    have = counted(len(classes), "class has", "classes have")
    return Problem(
        ProblemKind.TOO_FEW,
        severity,
        tr(
            "{classes_have} few films to learn from: {named}; at least {least} are needed.",
            classes_have=have,
            named=named,
            least=MIN_FILMS_PER_CLASS,
        )
        if severity is Severity.STOP
        else tr(
            "{classes_have} few films to learn from: {named}; with fewer than {least} figures say little.",
            classes_have=have,
            named=named,
            least=FEW_PER_CLASS,
        ),
        tr("Add films, merge the class with another, or leave it out."),
        (Case(tuple(concerned)),) if concerned else (),
        tuple(concerned) if severity is Severity.STOP else (),
    )
