"""Whether to switch, large, with its reasons and the three figures behind it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cxr_desktop.domain.comparison import ModelComparison, Verdict
from cxr_desktop.domain.comparison_page import (
    advice,
    flips_in_words,
    headline,
    point_in_words,
    short_names,
)
from cxr_desktop.domain.model_page.numbers import percent
from cxr_desktop.domain.wording import counted, signed
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_ROLES = {
    Verdict.BETTER: "headline",
    Verdict.NO_EVIDENCE: "headline-neutral",
    Verdict.WORSE: "headline-check",
}


class VerdictCard(QFrame):
    """What is read first of a comparison."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Verdict"))
        set_role(self, "card")
        self.verdict = plain_label("headline", self)
        self.reasons = plain_label("", self)
        self.advice = plain_label("muted", self)
        self.auc = _Figure("AUC", self)
        self.recall = _Figure(tr("FOUND, AT THE SAME SPECIFICITY"), self)
        self.flips = _Figure(tr("VERDICTS THAT CHANGE"), self)
        figures = QHBoxLayout()
        figures.setSpacing(28)
        for each in (self.auc, self.recall, self.flips):
            figures.addWidget(each, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(6)
        for part in (self.verdict, self.reasons, self.advice):
            layout.addWidget(part)
        layout.addSpacing(6)
        layout.addLayout(figures)

    def show_result(self, result: ModelComparison) -> None:
        """The verdict on two models."""
        now, new, recall = result.now, result.new, result.recall
        set_role(self.verdict, _ROLES[result.verdict])
        self.verdict.setText(headline(result.verdict))
        self.reasons.setText(" ".join((*result.reasons, *now.remarks, *new.remarks)))
        self.advice.setText(advice(result.verdict))
        first, second = short_names(result)
        difference = result.auc_difference
        self.auc.show_figure(
            f"{now.auc.value:.3f} → {new.auc.value:.3f}",
            tr(
                "{first} → {second}: {difference}, 95\u00a0%\u00a0interval {low} to {high}. 1 is perfect, "
                "0.5 is chance.",
                first=first,
                second=second,
                difference=signed(difference.value),
                low=signed(difference.low),
                high=signed(difference.high),
            ),
        )
        self.recall.show_figure(
            f"{percent(recall.now)} → {percent(recall.new)}",
            tr(
                "of the suspicious films, where both leave {percent} of the others unsuspected",
                percent=percent(recall.specificity),
            ),
        )
        self.flips.show_figure(
            grouped(len(result.flips)),
            tr(
                "of {films}. {changes}, {point}.",
                films=counted(len(result.films), "film", "films"),
                changes=flips_in_words(result),
                point=point_in_words(result),
            ),
        )


class _Figure(QWidget):
    """One figure under its name, with a line on what it means."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        heading = plain_label("heading", self)
        heading.setText(name)
        self.figure = plain_label("verdict", self)
        self.words = plain_label("muted", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for part in (heading, self.figure, self.words):
            layout.addWidget(part)
        layout.addStretch(1)

    def show_figure(self, figure: str, words: str) -> None:
        self.figure.setText(figure)
        self.words.setText(words)
