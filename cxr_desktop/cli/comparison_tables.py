"""Two models on the same films, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from cxr_desktop.cli.evaluate import shortcut_table
from cxr_desktop.cli.label_tables import label_tables
from cxr_desktop.cli.queue_table import plain, print_by_reason
from cxr_desktop.domain.comparison import AtPoint, ModelComparison, ModelFigures, Subgroup
from cxr_desktop.domain.comparison_page import flips_in_words, point_in_words, short_names
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.domain.wording import counted, percent_text
from cxr_desktop.training.benchmark.table import estimate_text

_NONE = "–"


def print_comparison(result: ModelComparison) -> None:
    """All of it on standard output, the verdict first."""
    out = Console(highlight=False, markup=False)
    now, new = result.now, result.new
    names = short_names(result)
    films = f"{counted(len(result.films), 'film', 'films')}: {result.films_in_words}"
    out.print(f"{new.title} beside {now.title} on {films}")
    out.print(f"\nVerdict: {result.verdict}", style="bold")
    for sentence in (*result.reasons, *now.remarks, *new.remarks):
        out.print(sentence)
    out.print(_figures_table(result), "")
    for name, model in zip(names, (now, new), strict=True):
        for point in model.points:
            out.print(_point_table(name, point), "")
        if model.labels is not None:
            for table in label_tables(model.labels):
                out.print(table)
        out.print(_reliability_table(name, model), "")
        if model.shortcuts:
            table = shortcut_table(model.shortcuts)
            table.title = f"{name}: shortcuts"
            out.print(table, "")
    if result.subgroups:
        out.print(_subgroup_table(result.subgroups))
        out.print("Of many subgroups, one in forty looks worse by chance alone.\n")
    _print_flips(result, names)
    for position, name in enumerate(names):
        reasons = [(each.reasons[position], each.film) for each in result.not_compared]
        reasons = [(reason, film) for reason, film in reasons if reason]
        if reasons:
            out.print(f"\n{counted(len(reasons), 'film', 'films')} that {name} did not judge, not compared:")
            print_by_reason(reasons)
    out.print("\n" + textwrap.fill(f"How the verdict is found: {result.rule}", out.width))
    out.print("Decision support for research use. Not a diagnosis.")


def _figures_table(result: ModelComparison) -> Table:
    table = _table("", *short_names(result), "difference")
    for name, first, second, difference in _rows(result):
        table.add_row(name, first, second, difference)
    return table


def _rows(result: ModelComparison) -> Iterator[tuple[str, str, str, str]]:
    now, new, recall = result.now, result.new, result.recall
    yield "AUC", estimate_text(now.auc), estimate_text(new.auc), _signed(result.auc_difference)
    yield (
        f"recall at specificity {recall.specificity:.3f}",
        f"{recall.now:.3f}",
        f"{recall.new:.3f}",
        _signed(recall.difference),
    )
    yield "expected calibration error", _calibration_error(now), _calibration_error(new), ""
    yield "heat inside the lungs", _heat(now), _heat(new), ""


def _calibration_error(model: ModelFigures) -> str:
    error = model.points[0].evaluation.calibration_error
    return _NONE if error is None else f"{error:.3f}"


def _heat(model: ModelFigures) -> str:
    return _NONE if model.evidence_in_lungs is None else percent_text(model.evidence_in_lungs, 1)


def _point_table(name: str, point: AtPoint) -> Table:
    """One model at one operating point: precision, recall, F1, support and the confusion matrix."""
    table = _table("labelled as ↓", "precision", "recall", "F1", "support", "suspected", "not suspected")
    table.title = f"{name}, {point.name} ({point.threshold:.3f})"
    table.title_justify = "left"
    (true_negative, false_positive), (false_negative, true_positive) = point.evaluation.confusion
    counts = (true_positive, false_negative), (false_positive, true_negative)
    for each, of_kind in zip(point.classes, counts, strict=True):
        figures = (f"{figure:.3f}" for figure in (each.precision, each.recall, each.f1))
        table.add_row(plain(each.label), *figures, str(each.support), *map(str, of_kind))
    return table


def _reliability_table(name: str, model: ModelFigures) -> Table:
    table = _table("probability", "films", "predicted", "suspicious", "share")
    table.title = f"{name}: what its probabilities mean"
    table.title_justify = "left"
    for each in model.reliability:
        share = percent_text(each.share) if each.films else _NONE
        mean = _NONE if each.mean is None else percent_text(each.mean)
        table.add_row(
            f"{each.low:.2f} to {each.high:.2f}", str(each.films), mean, str(each.suspicious), share
        )
    return table


def _subgroup_table(subgroups: tuple[Subgroup, ...]) -> Table:
    table = _table("subgroup", "films", "suspicious", "AUC now", "AUC new", "difference", "verdict")
    for each in subgroups:
        table.add_row(
            plain(f"{each.kind} {each.name}"),
            str(each.films),
            str(each.suspicious),
            *(f"{area.value:.3f}" for area in each.auc),
            _signed(each.difference),
            each.verdict,
        )
    return table


def _print_flips(result: ModelComparison, names: tuple[str, str]) -> None:
    """A line for each film whose verdict changes."""
    if not result.flips:
        print("No verdict changes.")
        return
    print(f"{flips_in_words(result)} (from {names[0]} to {names[1]}), {point_in_words(result)}:")
    for film in result.flips:
        now, new = (percent_text(each, 1) for each in film.probabilities)
        word = "right" if film.right[1] else "wrong"
        print(f"{now:>7} → {new:>7}  {word}  {plain(film.label)}  {plain(film.film)}")


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for position, heading in enumerate(headings):
        table.add_column(heading, justify="right" if position else "left", overflow="fold")
    return table


def _signed(difference: Estimate) -> str:
    return f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"
