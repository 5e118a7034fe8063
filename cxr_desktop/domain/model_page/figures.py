"""The parts of a model's page that hold what it reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cxr_desktop.domain.calibration import Calibration, ReliabilityBin
from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.model_card import Evaluation, ModelCard
from cxr_desktop.domain.model_page.content import (
    Block,
    Paragraph,
    Points,
    ReliabilityDiagram,
    Subheading,
    Table,
)
from cxr_desktop.domain.model_page.numbers import (
    bare_estimate_text,
    estimate_text,
    percent,
    with_interval,
)
from cxr_desktop.domain.shortcut_words import condition_in_words, shortcut_in_words
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.domain.wilson import wilson
from cxr_desktop.domain.wording import counted, others_in_words, signed, suspicion_in_words
from cxr_desktop.language import grouped, tr

IN_BRACKETS = tr("In brackets: 95\u00a0%\u00a0intervals.")


def operating_points(card: ModelCard) -> Iterator[Block]:
    yield Table(
        (tr("point"), tr("suspected from"), tr("sensitivity"), tr("specificity")),
        tuple(
            (
                tr("{name} (default)", name=card_phrase(point.name))
                if point is card.operating_point
                else card_phrase(point.name),
                percent(point.threshold),
                with_interval(point.sensitivity, point.sensitivity_interval),
                with_interval(point.specificity, point.specificity_interval),
            )
            for point in card.operating_points
        ),
    )
    held = tr("On the films held out from training, on which they were chosen.")
    with_intervals = any(point.sensitivity_interval for point in card.operating_points)
    yield Paragraph(f"{held} {IN_BRACKETS}" if with_intervals else held)
    rules = tuple(
        f"{card_phrase(point.name)}: {card_phrase(point.rule)}"
        for point in card.operating_points
        if point.rule
    )
    if rules:
        yield Points(rules)


def figures_by_population(card: ModelCard) -> Iterator[Block]:
    for each in card.evaluations:
        yield Subheading(each.films)
        yield _evaluation_table(each)
        yield _confusion_table(each, card.suspicion_word)
    if card.evaluations:
        name = card_phrase(card.operating_point.name)
        yield Paragraph(
            tr("All at the operating point “{name}”. {in_brackets}", name=name, in_brackets=IN_BRACKETS)
        )


def _evaluation_table(each: Evaluation) -> Table:
    rows = [
        (tr("films"), grouped(each.count)),
        (tr("area under the ROC curve"), bare_estimate_text(each.auc)),
        (tr("accuracy"), estimate_text(each.accuracy)),
        (tr("sensitivity"), estimate_text(each.sensitivity)),
        (tr("specificity"), estimate_text(each.specificity)),
    ]
    if each.calibration_error is not None:
        rows.append((tr("expected calibration error"), f"{each.calibration_error:.3f}"))
    return Table((), tuple(rows))


def _confusion_table(each: Evaluation, word: str) -> Table:
    (true_negative, false_positive), (false_negative, true_positive) = each.confusion
    return Table(
        (tr("by the label"), tr("not suspected"), tr("suspected")),
        (
            (others_in_words(word), grouped(true_negative), grouped(false_positive)),
            (suspicion_in_words(word), grouped(false_negative), grouped(true_positive)),
        ),
    )


def reliability(calibration: Calibration, word: str) -> Iterator[Block]:
    bins = tuple(each for each in calibration.bins if each.films)
    if not bins:
        return
    films, suspicious = sum(each.films for each in bins), sum(each.suspicious for each in bins)
    yield Paragraph(
        tr(
            "Of the films that got a probability, so many were {word} by their label. Each film "
            "was judged by a calibration that had not seen its patient. In the whole set "
            "{suspicious:,} of {films:,} were.",
            word=word,
            suspicious=suspicious,
            films=films,
        )
    )
    yield ReliabilityDiagram(bins, _diagram_words(bins, word))
    yield reliability_table(bins, word)
    if calibration.expected_error is not None:
        yield Paragraph(
            tr(
                "Expected calibration error {expected_error:.3f}: by so much probability and share "
                "found differ, on average over these films.",
                expected_error=calibration.expected_error,
            )
        )
    yield Paragraph(
        tr(
            "From the network’s log-odds x the probability is 1 / (1 + exp(−({slope:.3f} x {sign} "
            "{intercept:.3f}))).",
            slope=calibration.slope,
            sign="+" if calibration.intercept >= 0 else "−",
            intercept=abs(calibration.intercept),
        )
        + (" " + tr("Fitted on {films}.", films=calibration.fitted_on) if calibration.fitted_on else "")
    )


def reliability_table(bins: Sequence[ReliabilityBin], word: str) -> Table:
    """What was predicted and what was found, of bins with films; means only where they are told.

    Args:
        word: what suspicious films are called.
    """
    columns = [
        (tr("probability"), [_range_text(each) for each in bins]),
        (tr("films"), [grouped(each.films) for each in bins]),
        (tr("predicted, on average"), [percent(each.mean) for each in bins if each.mean is not None]),
        (tr("of these {word}", word=word), [grouped(each.suspicious) for each in bins]),
        (
            tr("share found"),
            [with_interval(each.share, wilson(each.suspicious, each.films)) for each in bins],
        ),
    ]
    told = [(heading, cells) for heading, cells in columns if len(cells) == len(bins)]
    return Table(
        tuple(heading for heading, _ in told), tuple(zip(*(cells for _, cells in told), strict=True))
    )


def _diagram_words(bins: Sequence[ReliabilityBin], word: str) -> str:
    parts = (
        tr(
            "{range}: {suspicious:,} of {films} {word}",
            range=_range_text(each),
            suspicious=each.suspicious,
            films=counted(each.films, "film", "films"),
            word=word,
        )
        for each in bins
    )
    return tr(
        "Reliability diagram. Predicted probability, and what was found. {parts}.", parts="; ".join(parts)
    )


def _range_text(each: ReliabilityBin) -> str:
    return tr("{low} to {high}", low=percent(each.low), high=percent(each.high))


_HELD_OUT = tr("How far the judgement hangs on what is not lung, on films held out from training.")


def shortcut_figures(figures: Sequence[ShortcutFigure], words: str = _HELD_OUT) -> Iterator[Block]:
    """
    Args:
        words: what is said of them first; "" where that was said already.
    """
    changes = [each for each in figures if each.value is None]
    shares = [each for each in figures if each.value is not None]
    if figures and words:
        yield Paragraph(words)
    if changes:
        yield Table(
            (
                tr("what is changed on the film"),
                tr("films"),
                tr("probability moves by"),
                tr("AUC changes by"),
                tr("condition"),
            ),
            tuple(
                (
                    shortcut_in_words(each.name),
                    grouped(each.films),
                    "–" if each.mean_change is None else f"{each.mean_change:.3f}",
                    "–" if each.auc_change is None else signed(each.auc_change),
                    _condition(each),
                )
                for each in changes
            ),
        )
    if shares:
        yield Table(
            (tr("where the evidence lies"), tr("films"), tr("share"), tr("condition")),
            tuple(
                (
                    shortcut_in_words(each.name),
                    grouped(each.films),
                    percent(each.value or 0.0),
                    _condition(each),
                )
                for each in shares
            ),
        )


def _condition(figure: ShortcutFigure) -> str:
    if not figure.condition:
        return "–"
    condition = condition_in_words(figure.condition)
    if figure.met:
        return tr("{condition}: met", condition=condition)
    return tr("{condition}: not met", condition=condition)
