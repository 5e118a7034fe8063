"""What the reader is told of the film in view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.explanation import Method
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.standpoint import standpoint_of
from cxr_desktop.domain.worklist import Film
from cxr_desktop.ui.triage_panel import TriagePanel
from cxr_desktop.ui.triage_panel.explanations import model_tooltip
from tests.ui.worklist_examples import (
    ADULT,
    NO_LUNGS,
    OF_LABELS,
    PASSED,
    TRUNCATED,
    film,
    model_card,
    prediction,
)


@pytest.fixture
def panel(qtbot: QtBot) -> TriagePanel:
    panel = TriagePanel()
    qtbot.addWidget(panel)
    panel.resize(340, 860)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def visible_words(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels).replace("\u00a0", " ")


def test_a_suspected_film_is_told_in_figures_words_and_what_became_of_others(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.97)), model_card())
    words = visible_words(panel)
    assert "97 %" in words
    assert "Suspected pneumonia" in words
    assert (
        "Of 100 validation films scored like this, 98 were pneumonia (in a set where 64 of 100 were)."
        in words
    )
    assert "Threshold 62 %, balanced: sensitivity 0.95, specificity 0.92 on validation" in words
    assert "346 of the 353 validation films" in panel.prediction_card.explanation.toolTip()
    assert "91 % of the evidence in the lungs" in words
    assert "Example CNN 1.0" in words
    assert panel.prediction_card.bar.isVisible()
    bar = panel.prediction_card.bar.accessibleName().replace("\u00a0", " ")
    assert bar == "Probability 97 %, operating point 62 %"


def test_with_the_hospitals_share_every_figure_says_so(panel: TriagePanel) -> None:
    seen = standpoint_of(model_card(), share=0.1).seen(prediction(0.97))
    panel.show_film(film(1, judged=seen), model_card())
    words = visible_words(panel)
    assert "PNEUMONIA with your hospital’s share of 10 %" in words
    assert words.count("with your hospital’s share of 10 %") == 2
    assert "Probability and threshold are recomputed for your hospital’s share of 10 %." in words
    assert "97 %" not in words
    assert "67 %" in words
    assert panel.prediction_card.bar.accessibleName().replace("\u00a0", " ") == (
        "Probability 67 %, operating point 9 %"
    )
    panel.show_film(film(2, judged=prediction(0.97)), model_card())
    assert "hospital" not in visible_words(panel)


def test_a_film_that_another_model_judged_is_told_as_such(panel: TriagePanel) -> None:
    panel.show_film(replace(film(1), judged_by="older-cnn 0.9"), model_card())
    words = visible_words(panel)
    assert "Not scored yet" in words
    assert "older-cnn 0.9 has judged this film; the model in use now has not yet." in words


def test_below_the_operating_point_no_pneumonia_is_suspected_and_nothing_is_called_normal(
    panel: TriagePanel,
) -> None:
    panel.show_film(film(1, judged=prediction(0.12)), model_card())
    words = visible_words(panel)
    assert "12 %" in words
    assert "No pneumonia suspected" in words
    assert "Of 200 validation films with a probability of 0 to 50 %, 6 were pneumonia" in words
    assert "normal" not in words.lower()


@pytest.mark.parametrize(
    ("unjudged", "headline", "sentence"),
    [
        (film(1, judged=prediction(None)), "Not judged", NO_LUNGS.finding),
        (film(1, problem=TRUNCATED), "Unreadable", TRUNCATED),
        (film(1), "Not scored yet", "Its verdict will appear here by itself."),
    ],
)
def test_without_a_verdict_no_probability_and_no_heatmap_are_offered(
    panel: TriagePanel, unjudged: Film, headline: str, sentence: str
) -> None:
    panel.show_film(film(2, judged=prediction(0.97)), model_card())
    panel.show_film(unjudged, model_card())
    words = visible_words(panel)
    assert headline in words
    assert sentence in words
    assert "%" not in words
    assert not panel.prediction_card.bar.isVisible()
    assert not panel.evidence_card.isVisible()


def test_evidence_beside_the_lungs_is_told_with_the_verdict_itself(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=replace(prediction(0.97), evidence_in_lungs=0.16)), model_card())
    assert "84 % of the evidence lies outside the lungs: look for markers" in visible_words(panel)
    everywhere = Heatmap(np.ones((4, 4), np.float32), Box(0, 0, 90, 100), "Grad-CAM")
    panel.evidence_card.show_own_map(everywhere, (100, 100))
    words = visible_words(panel)
    assert "84 % of the evidence lies outside the lungs" in words
    assert "90 % of the film speak about equally for suspicion: the map points nowhere." in words


def test_a_low_panel_leaves_out_what_stands_elsewhere(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.97)), model_card())
    panel.resize(340, 640)
    words = visible_words(panel)
    assert "Threshold 62 %" not in words
    assert "Threshold 62 %" in panel.prediction_card.headline.toolTip().replace("\u00a0", " ")
    assert "Example CNN 1.0" not in words
    panel.show_film(film(1, judged=replace(prediction(0.97), model_id="another")), model_card())
    assert "Scored by another" in visible_words(panel)


def test_every_check_is_a_sign_and_a_sentence(panel: TriagePanel) -> None:
    checks = (*PASSED[:2], ADULT)
    panel.show_film(film(1, judged=prediction(0.9, checks=checks), marks=("Seen twice.",)), model_card())
    assert panel.checks_card.sentences() == [
        "✓ Frontal chest, both lungs in view",
        "✓ Exposure and contrast",
        f"! {ADULT.finding}",
        "! Seen twice.",
    ]
    panel.show_film(film(1, judged=prediction(None)), model_card())
    assert panel.checks_card.sentences()[0] == f"✕ {NO_LUNGS.finding}"
    panel.show_film(film(1, problem=TRUNCATED), model_card())
    assert panel.checks_card.sentences() == [f"✕ {TRUNCATED}"]


def test_a_verdict_of_another_model_does_not_borrow_this_ones_record(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.97)), replace(model_card(), version="2.0"))
    words = visible_words(panel)
    assert "Suspected pneumonia" in words
    assert "Of 100" not in words
    assert "Scored by example-cnn 1.0" in words


def test_a_probability_that_no_validation_film_had_is_told_as_such(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.7)), model_card())
    assert "No validation film was scored like this." in visible_words(panel)


def test_the_models_tooltip_names_its_population_and_what_it_reached(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.97)), model_card())
    tooltip = panel.prediction_card.model_line.toolTip()
    assert tooltip == model_tooltip(model_card())
    for part in (
        "children of 1 to 5 years, one centre",
        "624 films",
        "sensitivity 93.0% (91.0–95.0)",
        "62.0%",
    ):
        assert part in tooltip


def test_no_card_is_wider_than_the_panel_gives_it(panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.87)), model_card())
    card = panel.evidence_card
    card.show_progress(Method.LIME, Progress(3, 10, 2.0))
    assert card.options.isVisibleTo(card)
    for each in (panel.prediction_card, card, panel.checks_card):
        (scroll,) = panel.findChildren(QScrollArea)
        room = scroll.viewport().width() - scroll.verticalScrollBar().sizeHint().width()
        assert each.minimumSizeHint().width() <= room


def test_the_heatmap_switch_tells_what_the_reader_wants(qtbot: QtBot, panel: TriagePanel) -> None:
    panel.show_film(film(1, judged=prediction(0.97)), model_card())
    told: list[bool] = []
    panel.heatmap_toggled.connect(told.append)
    panel.set_heatmap(True)
    assert told == []
    panel.evidence_card.switch.setFocus()
    qtbot.keyClick(panel.evidence_card.switch, Qt.Key.Key_Space)
    assert told == [False]


def test_mark_as_read_asks_for_the_study_and_back(qtbot: QtBot, panel: TriagePanel) -> None:
    told: list[tuple[int, bool]] = []
    panel.mark_read_requested.connect(lambda study_id, read: told.append((study_id, read)))
    assert not panel.read_button.isEnabled()
    panel.show_film(film(7, study_id=3), None)
    assert panel.read_button.text() == "Mark as read   M"
    qtbot.mouseClick(panel.read_button, Qt.MouseButton.LeftButton)
    panel.show_film(film(7, study_id=3), None, is_read=True)
    assert panel.read_button.text() == "Mark as unread   Shift+M"
    assert panel.read_button.accessibleName() == "Mark as unread"
    qtbot.mouseClick(panel.read_button, Qt.MouseButton.LeftButton)
    assert told == [(3, True), (3, False)]


def test_the_queue_does_not_move_from_film_to_film(panel: TriagePanel) -> None:
    tops = set()
    for shown in (film(1, judged=prediction(0.97)), film(2, problem=TRUNCATED), film(3), None):
        panel.show_film(shown, model_card())
        panel.layout().activate()
        tops.add(panel.queue.mapToGlobal(panel.queue.rect().topLeft()).y())
    assert len(tops) == 1


def test_a_findings_angle_brackets_stay_text(panel: TriagePanel) -> None:
    panel.show_film(film(1, problem="Expected <b>CR</b> or DX."), None)
    assert panel.prediction_card.explanation.textFormat() is Qt.TextFormat.PlainText
    assert panel.checks_card.sentences() == ["✕ Expected <b>CR</b> or DX."]


def test_verdict_and_heading_name_what_the_model_looks_for(panel: TriagePanel) -> None:
    other = replace(model_card(), labels=(Label("NORMAL", False), Label("COVID", True)))
    panel.show_film(film(1, judged=prediction(0.97)), other)
    assert panel.prediction_card.heading.text() == "COVID"
    assert panel.prediction_card.headline.text() == "Suspected covid"
    assert "pneumonia" not in visible_words(panel.prediction_card).lower()


def test_the_labels_of_a_model_of_more_than_two_stand_beneath_the_verdict(panel: TriagePanel) -> None:
    card = panel.prediction_card
    panel.show_film(film(1, judged=replace(prediction(0.97), label_scores=OF_LABELS)), model_card())
    assert "Uncalibrated shares: bacteria 62 % · virus 31 % · normal 7 %" in visible_words(card)
    assert "not calibrated" in card.label_scores.toolTip()
    assert card.label_scores.y() > card.figure.y()
    for other in (film(2, judged=prediction(0.97)), film(3, judged=prediction(None)), film(4), None):
        panel.show_film(other, model_card())
        assert "Uncalibrated" not in visible_words(card)
        assert not card.label_scores.isVisible()
