"""What the model says of the film in view, and how far that has held."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.meaning import counts_text, point_text, share_remark
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.triage import Band, band_of
from cxr_desktop.domain.wording import (
    headline,
    label_scores_text,
    probability_text,
    suspicion_in_words,
)
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.triage_panel.explanations import explanation, model_tooltip
from cxr_desktop.ui.triage_panel.probability_bar import ProbabilityBar

_FIGURE_ROLES = {Band.SUSPECTED: "figure-suspected", Band.NOT_SUSPECTED: "figure-not-suspected"}

# Of a verdict whose model's card is not at hand: what this program is for.
_USUAL_WORD = tr("pneumonia")

_SCORES_TOOLTIP = tr(
    "<qt>How the network divides its belief among its labels. These shares are not calibrated and decide "
    "nothing; they need not agree with the probability above, which is calibrated.</qt>"  # in lines
)


class PredictionCard(QFrame):
    """The verdict in figures, as a bar and in words; the model's name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Prediction"))
        set_role(self, "card")
        self._brief = False
        self._by_model_in_use = True  # or by nobody
        self.heading = plain_label("heading", self)
        self.figure = plain_label("figure", self)
        self.bar = ProbabilityBar(self)
        self.headline = plain_label("verdict", self)
        self.label_scores = plain_label("muted", self)
        self.label_scores.setToolTip(_SCORES_TOOLTIP)
        self.explanation = plain_label("muted", self)
        self.point_line = plain_label("muted", self)
        self.model_line = plain_label("muted", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(4)
        for part in (
            self.heading, self.figure, self.bar, self.headline, self.label_scores, self.explanation,
            self.point_line, self.model_line,
        ):  # fmt: skip
            layout.addWidget(part)
        self.show_film(None, None)

    def set_brief(self, brief: bool) -> None:
        """Leave out what stands elsewhere: the threshold's record (the headline's tool tip has it), and the
        model in use.
        """
        self._brief = brief
        self._leave_out()

    def _leave_out(self) -> None:
        self.point_line.setVisible(bool(self.point_line.text()) and not self._brief)
        told_elsewhere = self._brief and self._by_model_in_use
        self.model_line.setVisible(bool(self.model_line.text()) and not told_elsewhere)

    def show_film(self, film: Film | None, card: ModelCard | None) -> None:
        """Show a film's prediction.

        Args:
            card: of the model in use; what it says of past films is shown only if that model judged this one.
        """
        prediction = film.prediction if film else None
        band = band_of(film) if film else None
        shown = prediction.shown_probability if prediction else None
        judged = shown is not None
        self.figure.setVisible(judged)
        self.bar.setVisible(judged)
        self.bar.show_prediction(prediction)
        if prediction is not None and shown is not None:
            self.figure.setText(probability_text(shown, prediction.shown_operating_point))
            set_role(self.figure, _FIGURE_ROLES.get(band, "figure") if band else "figure")
        word = card.suspicion_word if card else _USUAL_WORD
        self.headline.setText(headline(band, word) if band else tr("No film in view"))
        set_role(self.headline, "verdict")
        _write(self.label_scores, label_scores_text(prediction.label_scores) if prediction else "")
        own_card = card if card and prediction and prediction.model == card.key else None
        self.explanation.setText(explanation(film, own_card))
        shift = prediction.shift if prediction and judged else None
        title = suspicion_in_words(word).upper()
        self.heading.setText(f"{title} {share_remark(shift)}" if shift else title)
        self._show_record(prediction if judged else None, own_card)
        self._by_model_in_use = prediction is None or own_card is not None
        if prediction is not None and own_card is None:
            self.model_line.setText(
                tr(
                    "Scored by {model} {version}",
                    model=prediction.model_id,
                    version=prediction.model_version,
                )
            )
        else:
            self.model_line.setText(f"{card.name} {card.version}" if card else "")
        self.model_line.setToolTip(model_tooltip(card) if card and (own_card or not prediction) else "")
        self._leave_out()

    def _show_record(self, prediction: Prediction | None, card: ModelCard | None) -> None:
        """How a verdict and its threshold have held; nothing without either."""
        point = card.point_at(prediction.operating_point) if card and prediction else None
        self.explanation.setToolTip(counts_text(card, prediction) if card and prediction else "")
        self.point_line.setText(point_text(point, prediction) if point and prediction else "")
        self.headline.setToolTip(self.point_line.text())
        self.point_line.setToolTip(card_phrase(point.rule) if point else "")


def _write(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
