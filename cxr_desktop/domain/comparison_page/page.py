"""All figures of a comparison in words and tables, in the order in which one would ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.comparison import ModelComparison, Subgroup
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
from cxr_desktop.language import grouped, tr

_NONE = "–"
_OF_SEX = {"F": tr("female patients"), "M": tr("male patients"), "O": tr("patients of another sex")}


def comparison_page(result: ModelComparison) -> ModelPage:
    """A comparison as a page with contents, like a model's."""
    sections = (
        _section(tr("In short"), _in_short(result)),
        _section(tr("Found and missed"), confusion(result)),
        _section(tr("Precision and recall"), reports(result)),
        _section(tr("Labels"), given_labels(result)),
        _section(tr("What a probability means"), probabilities(result)),
        _section(tr("Groups of films"), _subgroups(result)),
        _section(tr("Lungs and shortcuts"), shortcuts(result)),
        _section(tr("Not compared"), _not_compared(result)),
        _section(tr("How the verdict is found"), [Paragraph(result.rule)]),
    )
    return ModelPage(
        title=headline(result.verdict),
        subtitle=tr(
            "{new} beside {now} on {films}: {which}",
            new=result.new.title,
            now=result.now.title,
            films=counted(len(result.films), "film", "films"),
            which=result.films_in_words,
        ),
        sections=tuple(section for section in sections if section.blocks),
    )


def _section(title: str, blocks: Iterable[Block]) -> Section:
    return Section(title, tuple(blocks))


def _in_short(result: ModelComparison) -> Iterator[Block]:
    now, new, recall = result.now, result.new, result.recall
    yield Points((*result.reasons, *now.remarks, *new.remarks))
    yield Paragraph(advice(result.verdict))
    rows = (
        (tr("area under the ROC curve (AUC)"), bare_estimate_text(now.auc), bare_estimate_text(new.auc),
         _difference(result.auc_difference)),
        (tr("recall at a specificity of {specificity}", specificity=percent(recall.specificity)),
         percent(recall.now), percent(recall.new), _difference(recall.difference)),
        (tr("expected calibration error"), _error(now.points[0].evaluation.calibration_error),
         _error(new.points[0].evaluation.calibration_error), ""),
        (tr("heat that lies on lung"), _share(now.evidence_in_lungs), _share(new.evidence_in_lungs), ""),
    )  # fmt: skip
    yield Table(("", *short_names(result), tr("difference")), rows)
    yield Paragraph(
        tr("In brackets: 95\u00a0%\u00a0intervals. A difference whose interval holds 0 may be chance.")
    )
    yield Points(
        (
            tr(
                "AUC: of a suspicious and another film drawn by lot, how often the suspicious one "
                "gets the higher probability. 1 is always, 0.5 is tossing a coin."
            ),
            tr(
                "Recall at that specificity: of the suspicious films, how many are found, when "
                "both models leave {specificity} of the other films unsuspected, as the present one "
                "does at its operating point “{name}”.",
                specificity=percent(recall.specificity),
                name=card_phrase(now.points[0].name),
            ),
            tr(
                "Calibration error: by how much a probability and what was found differ, on "
                "average. Less is better."
            ),
            tr(
                "Heat that lies on lung: of what speaks for suspicion in the heatmaps of "
                "suspicious films, the share inside the lungs. A model that looks elsewhere is "
                "right for the wrong reason."
            ),
        )
    )
    first = " " + tr("They stand first among the films.") if result.flips else ""
    yield Paragraph(f"{flips_in_words(result)}, {point_in_words(result)}.{first}")


def _subgroups(result: ModelComparison) -> Iterator[Block]:
    if not result.subgroups:
        yield Paragraph(
            tr(
                "No view, age or sex has enough films of both kinds here to be told apart, or the "
                "files do not say them."
            )
        )
        return
    first, second = short_names(result)
    yield Table(
        (
            tr("group"),
            tr("films"),
            tr("suspicious"),
            f"AUC {first}",
            f"AUC {second}",
            tr("difference"),
            tr("verdict"),
        ),
        tuple(
            (
                _group(each),
                grouped(each.films),
                grouped(each.suspicious),
                f"{each.auc[0].value:.3f}",
                f"{each.auc[1].value:.3f}",
                _difference(each.difference),
                each.verdict.words,
            )
            for each in result.subgroups
        ),
    )
    yield Paragraph(
        tr("Whether one kind of patient fares worse. Of many groups, one in forty does by chance alone.")
    )


def _group(group: Subgroup) -> str:
    match group.kind:
        case "view":
            return tr("view {name}", name=group.name)
        case "age":
            return tr("age {name}", name=group.name)
        case "sex":
            return _OF_SEX.get(group.name) or tr("sex {name}", name=group.name)


def _not_compared(result: ModelComparison) -> Iterator[Block]:
    """By reason, without the films' names."""
    for name, position in zip(short_names(result), (0, 1), strict=True):
        reasons = Counter(each.reasons[position] for each in result.not_compared if each.reasons[position])
        if reasons:
            yield Subheading(
                tr(
                    "{films} that {name} did not judge",
                    films=counted(reasons.total(), "film", "films"),
                    name=name,
                )
            )
            yield Points(tuple(f"{grouped(films)} × {reason}" for reason, films in reasons.most_common()))
    if result.not_compared:
        yield Paragraph(tr("All figures are of the films that both models judged."))


def _difference(estimate: Estimate) -> str:
    return tr(
        "{difference} ({low} to {high})",
        difference=signed(estimate.value),
        low=signed(estimate.low),
        high=signed(estimate.high),
    )


def _error(error: float | None) -> str:
    return _NONE if error is None else f"{error:.3f}"


def _share(share: float | None) -> str:
    return _NONE if share is None else percent(share)
