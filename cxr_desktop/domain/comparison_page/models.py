"""The parts of a comparison's page that tell each model's own figures, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.comparison import AtPoint, ModelComparison, ModelFigures
from cxr_desktop.domain.comparison_page.words import short_names
from cxr_desktop.domain.model_page import Block, Paragraph, Subheading, Table
from cxr_desktop.domain.model_page.figures import reliability_table, shortcut_figures
from cxr_desktop.domain.model_page.numbers import estimate_text, percent
from cxr_desktop.domain.wording import counted, others_in_words, suspicion_in_words
from cxr_desktop.language import grouped, tr


def confusion(result: ModelComparison) -> Iterator[Block]:
    """The confusion matrix of each model at the operating point in force."""
    yield Paragraph(
        tr(
            "Each film counts once: by what its label says, and by what the model said of it at "
            "the operating point in force."
        )
    )
    for name, model in _both(result):
        point = model.points[0]
        (quiet, alarms), (missed, found) = point.evaluation.confusion
        suspicious, other = _kinds(point)
        yield Subheading(f"{name}, {_point_words(point)}")
        yield Table(
            (tr("by the label"), tr("suspected"), tr("not suspected"), tr("of all")),
            (
                (
                    suspicious,
                    tr("{found:,} found", found=found),
                    tr("{missed:,} missed", missed=missed),
                    grouped(found + missed),
                ),
                (
                    other,
                    counted(alarms, "false alarm", "false alarms"),
                    tr("{quiet:,} rightly left", quiet=quiet),
                    grouped(alarms + quiet),
                ),
            ),
        )


def reports(result: ModelComparison) -> Iterator[Block]:
    """Each model at each of its operating points."""
    yield Paragraph(
        tr(
            "Precision: of the films that the model called so, how many are. Recall: of the films "
            "that are so, how many it called so. F1: one figure for both, high only where both "
            "are. Support: how many films there are. Operating points were chosen on films held "
            "out from training, not on these."
        )
    )
    for name, model in _both(result):
        for point in model.points:
            yield Subheading(f"{name}, {_point_words(point)}")
            yield Table(
                ("", tr("precision"), tr("recall"), "F1", tr("support")),
                tuple(
                    (
                        kind,
                        f"{each.precision:.3f}",
                        f"{each.recall:.3f}",
                        f"{each.f1:.3f}",
                        grouped(each.support),
                    )
                    for kind, each in zip(_kinds(point), point.classes, strict=True)
                ),
            )
            yield Paragraph(
                tr(
                    "Sensitivity {sensitivity}, specificity {specificity}, accuracy {accuracy}.",
                    sensitivity=estimate_text(point.evaluation.sensitivity),
                    specificity=estimate_text(point.evaluation.specificity),
                    accuracy=estimate_text(point.evaluation.accuracy),
                )
            )


def given_labels(result: ModelComparison) -> Iterator[Block]:
    """Which label films are given, of models with more than two."""
    for name, model in _both(result):
        if model.labels is None:
            continue
        names = [each.label for each in model.labels.classes]
        yield Subheading(
            tr("{name}: accuracy {accuracy}", name=name, accuracy=estimate_text(model.labels.accuracy))
        )
        yield Table(
            (tr("by the label"), *(tr("given {label}", label=label) for label in names)),
            tuple(
                (label, *(grouped(films) for films in row))
                for label, row in zip(names, model.labels.confusion, strict=True)
            ),
        )


def probabilities(result: ModelComparison) -> Iterator[Block]:
    """Films by probability, and what was found of them."""
    yield Paragraph(
        tr(
            "Of the films that got such a probability, how many are suspicious by their label. "
            "Where that share and what was predicted on average agree, a probability can be taken "
            "at its word."
        )
    )
    for name, model in _both(result):
        bins = tuple(each for each in model.reliability if each.films)
        if bins:
            yield Subheading(name)
            yield reliability_table(bins, tr("suspicious"))


def shortcuts(result: ModelComparison) -> Iterator[Block]:
    """How far each judgement hangs on what is not lung."""
    if not (result.now.shortcuts or result.new.shortcuts):
        return
    yield Paragraph(
        tr(
            "On each film something is changed that is no lung: a marker, the border, the size. A "
            "model that looks at lungs says the same as before. A condition that is not met is a "
            "reason for doubt."
        )
    )
    for name, model in _both(result):
        if model.shortcuts:
            yield Subheading(name)
            yield from shortcut_figures(model.shortcuts, "")


def _both(result: ModelComparison) -> Iterator[tuple[str, ModelFigures]]:
    first, second = short_names(result)
    yield tr("{name} (present)", name=first), result.now
    yield tr("{name} (new)", name=second), result.new


def _kinds(point: AtPoint) -> tuple[str, str]:
    """What the reader calls the suspicious films, and the others."""
    word = point.classes[0].label
    return suspicion_in_words(word), others_in_words(word)


def _point_words(point: AtPoint) -> str:
    return tr(
        "“{name}”: suspected from {threshold}",
        name=card_phrase(point.name),
        threshold=percent(point.threshold),
    )
