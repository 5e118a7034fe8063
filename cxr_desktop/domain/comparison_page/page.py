"""All figures of a comparison in words and tables, in the order in which one would ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cxr_desktop.domain.comparison import ModelComparison
from cxr_desktop.domain.comparison_page.models import (
    confusion,
    given_labels,
    probabilities,
    reports,
    shortcuts,
)
from cxr_desktop.domain.comparison_page.words import (
    advice,
    flips_in_words,
    headline,
    point_in_words,
    short_names,
)
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.domain.model_page import Block, ModelPage, Paragraph, Points, Section, Subheading, Table
from cxr_desktop.domain.model_page.numbers import bare_estimate_text, percent
from cxr_desktop.domain.wording import counted, signed

_NONE = "–"


def comparison_page(result: ModelComparison) -> ModelPage:
    """A comparison as a page with contents, like a model's."""
    sections = (
        _section("In short", _in_short(result)),
        _section("Found and missed", confusion(result)),
        _section("Precision and recall", reports(result)),
        _section("Labels", given_labels(result)),
        _section("What a probability means", probabilities(result)),
        _section("Groups of films", _subgroups(result)),
        _section("Lungs and shortcuts", shortcuts(result)),
        _section("Not compared", _not_compared(result)),
        _section("How the verdict is found", [Paragraph(result.rule)]),
    )
    return ModelPage(
        title=headline(result.verdict),
        subtitle=f"{result.new.title} beside {result.now.title} on {counted(len(result.films), 'film')}: "
        f"{result.films_in_words}",
        sections=tuple(section for section in sections if section.blocks),
    )


def _section(title: str, blocks: Iterable[Block]) -> Section:
    return Section(title, tuple(blocks))


def _in_short(result: ModelComparison) -> Iterator[Block]:
    now, new, recall = result.now, result.new, result.recall
    yield Points((*result.reasons, *now.remarks, *new.remarks))
    yield Paragraph(advice(result.verdict))
    rows = (
        ("area under the ROC curve (AUC)", bare_estimate_text(now.auc), bare_estimate_text(new.auc),
         _difference(result.auc_difference)),
        (f"recall at a specificity of {percent(recall.specificity)}", percent(recall.now),
         percent(recall.new), _difference(recall.difference)),
        ("expected calibration error", _error(now.points[0].evaluation.calibration_error),
         _error(new.points[0].evaluation.calibration_error), ""),
        ("heat that lies on lung", _share(now.evidence_in_lungs), _share(new.evidence_in_lungs), ""),
    )  # fmt: skip
    yield Table(("", *short_names(result), "difference"), rows)
    yield Paragraph("In brackets: 95\u00a0% intervals. A difference whose interval holds 0 may be chance.")
    yield Points(
        (
            "AUC: of a suspicious and another film drawn by lot, how often the suspicious one gets the "
            "higher probability. 1 is always, 0.5 is tossing a coin.",
            f"Recall at that specificity: of the suspicious films, how many are found, when both models "
            f"leave {percent(recall.specificity)} of the other films unsuspected, as the present one does at "
            f"its operating point “{now.points[0].name}”.",
            "Calibration error: by how much a probability and what was found differ, on average. Less is "
            "better.",
            "Heat that lies on lung: of what speaks for suspicion in the heatmaps of suspicious films, the "
            "share inside the lungs. A model that looks elsewhere is right for the wrong reason.",
        )
    )
    first = " They stand first among the films." if result.flips else ""
    yield Paragraph(f"{flips_in_words(result)}, {point_in_words(result)}.{first}")


def _subgroups(result: ModelComparison) -> Iterator[Block]:
    if not result.subgroups:
        yield Paragraph(
            "No view, age or sex has enough films of both kinds here to be told apart, or the files do not "
            "say them."
        )
        return
    first, second = short_names(result)
    yield Table(
        ("group", "films", "suspicious", f"AUC {first}", f"AUC {second}", "difference", "verdict"),
        tuple(
            (
                f"{each.kind} {each.name}",
                f"{each.films:,}",
                f"{each.suspicious:,}",
                f"{each.auc[0].value:.3f}",
                f"{each.auc[1].value:.3f}",
                _difference(each.difference),
                str(each.verdict),
            )
            for each in result.subgroups
        ),
    )
    yield Paragraph(
        "Whether one kind of patient fares worse. Of many groups, one in forty does by chance alone."
    )


def _not_compared(result: ModelComparison) -> Iterator[Block]:
    """By reason, without the films' names."""
    for name, position in zip(short_names(result), (0, 1), strict=True):
        reasons = Counter(each.reasons[position] for each in result.not_compared if each.reasons[position])
        if reasons:
            yield Subheading(f"{counted(reasons.total(), 'film')} that {name} did not judge")
            yield Points(tuple(f"{films:,} × {reason}" for reason, films in reasons.most_common()))
    if result.not_compared:
        yield Paragraph("All figures are of the films that both models judged.")


def _difference(estimate: Estimate) -> str:
    return f"{signed(estimate.value)} ({signed(estimate.low)} to {signed(estimate.high)})"


def _error(error: float | None) -> str:
    return _NONE if error is None else f"{error:.3f}"


def _share(share: float | None) -> str:
    return _NONE if share is None else percent(share)
