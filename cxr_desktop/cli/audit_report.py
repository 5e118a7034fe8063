"""What an audit found, for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cxr_desktop.cli.queue_table import plain
from cxr_desktop.domain.audit.giveaway import NOTICED, Giveaway
from cxr_desktop.domain.audit.problems import Case, Problem, Severity
from cxr_desktop.domain.audit.report import AuditReport, ClassSummary, Spread
from cxr_desktop.domain.wording import counted, utf8_text

_LONGEST_SENTENCE = 2000  # characters
_SHOWN_CASES = 3  # of a problem
_SHOWN_KINDS = 4  # of views and files
_STYLES = {Severity.STOP: "bold red", Severity.GRAVE: "red", Severity.WARNING: "yellow", Severity.NOTE: ""}


def print_report(report: AuditReport, checked: bool) -> None:
    """The report on standard output.

    Args:
        checked: whether the image checks were asked.
    """
    out = Console(highlight=False, markup=False)
    out.print(_counts(report))
    if report.facts:
        out.print(_classes(report.summaries()))
    if report.giveaways:
        out.print(_giveaways(report.giveaways))
    out.print(f"\n{counted(len(report.problems), 'problem', 'problems')} found.")
    for problem in report.problems:
        severity = (problem.severity.name.lower(), _STYLES[problem.severity])
        out.print(Text.assemble(severity, f" {problem.kind}"))
        out.print(Padding(_lines(problem), (0, 0, 0, 2)))
    if not checked:
        out.print("The image checks were not asked.")
    out.print(
        "These films can be trained on."
        if report.can_be_trained_on
        else "Before a model can be trained on these films, what is marked “stop” has to be put right."
    )


def _lines(problem: Problem) -> str:
    """A problem's sentence, what to do, and the first of its films."""
    lines = [plain(problem.sentence, _LONGEST_SENTENCE)]
    lines += [problem.remedy] if problem.remedy else []
    lines += [f"· {_named(case)}" for case in problem.cases[:_SHOWN_CASES]]
    more = len(problem.cases) - _SHOWN_CASES
    return "\n".join([*lines, *([f"· and {more:,} more"] if more > 0 else [])])


def report_json(report: AuditReport) -> str:
    """All findings as JSON, with every film concerned; what is known of single films is not in it."""
    figures = {
        "counts": report.counts(),
        "classes": report.summaries(),
        "can_be_trained_on": report.can_be_trained_on,
        "unreadable": {str(each.film.path): each.reason for each in report.unreadable},
        "shortcuts": report.giveaways,
        "problems": [_problem(each) for each in report.problems],
    }
    readable = _printable(msgspec.to_builtins(figures))
    return msgspec.json.format(msgspec.json.encode(readable), indent=2).decode() + "\n"


def _printable(value: object) -> object:
    """Lists and dictionaries of texts and numbers, with every text as JSON can hold it."""
    match value:
        case str():
            return utf8_text(value)
        case dict():
            return {_printable(key): _printable(each) for key, each in value.items()}
        case list() | tuple():
            return [_printable(each) for each in value]
    return value


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "kind": problem.kind,
        "severity": problem.severity.name.lower(),
        "sentence": problem.sentence,
        "remedy": problem.remedy,
        "cases": [
            {"films": _paths(film.path for film in case.films), "remark": case.remark}
            for case in problem.cases
        ],
        "leave_out": _paths(film.path for film in problem.leave_out),
    }


def _paths(paths: Iterable[Path]) -> list[str]:
    return [str(path) for path in paths]


def _counts(report: AuditReport) -> Table:
    counts = report.counts()
    classes = sorted({label for of_class in counts.values() for label in of_class})
    table = _table("films", (*map(plain, classes), "all"))
    for side, of_class in counts.items():
        table.add_row(
            side, *(f"{of_class.get(label, 0):,}" for label in classes), f"{sum(of_class.values()):,}"
        )
    return table


def _classes(summaries: Mapping[str, ClassSummary]) -> Table:
    table = _table("median (least–greatest)", ("width", "height", "grey values", "age", "views", "files"))
    for label, each in summaries.items():
        table.add_row(
            plain(label),
            _spread(each.width),
            _spread(each.height),
            f"{each.least_value.least:g}–{each.greatest_value.greatest:g}",
            _spread(each.age) if each.age else "–",
            _kinds(each.views),
            _kinds(each.kinds),
        )
    return table


def _giveaways(giveaways: Iterable[Giveaway]) -> Table:
    table = _table(f"one sign alone (noted above {NOTICED})", ("class", "AUC", "95 % interval"))
    for each in giveaways:
        if each.auc is None:
            table.add_row(each.name, "", "", "the same on all films")
        else:
            interval = f"{each.auc.low:.2f} to {each.auc.high:.2f}"
            table.add_row(each.name, plain(each.label), f"{each.auc.value:.2f}", interval)
    return table


def _table(first: str, others: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def _spread(spread: Spread) -> str:
    if spread.least == spread.greatest:
        return f"{spread.median:g}"
    return f"{spread.median:,.0f} ({spread.least:,.0f}–{spread.greatest:,.0f})"


def _kinds(counts: Mapping[str, int]) -> str:
    named = [f"{plain(kind)} {count:,}" for kind, count in counts.items()]
    more = len(named) - _SHOWN_KINDS
    return ", ".join([*named[:_SHOWN_KINDS], *([f"{more} more"] if more > 0 else [])]) or "–"


def _named(case: Case) -> str:
    """A case's films, each with its class and side, and what is to be said of them."""
    films = [
        plain("/".join(part for part in (film.side, film.label, film.path.name) if part))
        for film in case.films[:_SHOWN_CASES]
    ]
    more = len(case.films) - len(films)
    named = ", ".join(films) + (f" and {more:,} more" if more else "")
    return f"{named}: {plain(case.remark)}" if case.remark else named
