"""The reader agrees, disagrees, or says something else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.ui.triage_panel.own_reading_row import OwnReadingRow
from tests.ui.worklist_examples import NOON, OF_LABELS, TRUNCATED, film, model_card, prediction

SUSPECTED = film(7, judged=prediction(0.9))


@pytest.fixture
def row(qtbot: QtBot) -> OwnReadingRow:
    row = OwnReadingRow(("A", "D", "E"))
    qtbot.addWidget(row)
    row.show()
    return row


@pytest.fixture
def given(row: OwnReadingRow) -> list[tuple[int, str]]:
    labels: list[tuple[int, str]] = []
    row.label_given.connect(lambda *what: labels.append(what))
    return labels


def pressed(row: OwnReadingRow) -> list[str]:
    buttons = (row.agree_button, row.disagree_button, row.label_button)
    return [button.accessibleName() for button in buttons if button.isChecked()]


def test_agreeing_gives_the_verdicts_label_and_disagreeing_the_other(
    row: OwnReadingRow, given: list[tuple[int, str]]
) -> None:
    row.show_film(SUSPECTED, model_card())
    row.agree_button.click()
    row.disagree_button.click()
    assert given == [(7, "PNEUMONIA"), (7, "NORMAL")]


def test_what_was_said_is_shown_and_taken_back_by_saying_it_once_more(
    row: OwnReadingRow, given: list[tuple[int, str]]
) -> None:
    row.show_film(replace(SUSPECTED, own_reading=OwnReading("NORMAL", NOON)), model_card())
    assert pressed(row) == ["Disagree"]
    assert row.disagree_button.toolTip().startswith("You said NORMAL, ")
    row.disagree()
    assert given == [(7, "")]


def test_another_word_presses_the_third_button_which_stays_true_when_the_reader_gives_up(
    row: OwnReadingRow,
) -> None:
    row.show_film(replace(SUSPECTED, own_reading=OwnReading("Tuberkulose", NOON)), model_card())
    assert pressed(row) == ["Label"]
    assert row.words.text().startswith("You said Tuberkulose, ")
    row.label_button.click()  # nobody answers
    assert pressed(row) == ["Label"]


def test_without_a_verdict_there_is_nothing_to_agree_with_and_a_key_says_so(
    row: OwnReadingRow, given: list[tuple[int, str]]
) -> None:
    for each in (film(1), film(2, judged=prediction(None))):
        row.show_film(each, model_card())
        assert not row.agree_button.isEnabled() and not row.disagree_button.isEnabled()
        assert row.label_button.isEnabled()
        row.agree()
        assert "no verdict" in row.words.text()
    assert given == []


def test_against_a_normal_film_of_a_model_of_three_labels_a_label_must_be_named(row: OwnReadingRow) -> None:
    labels = (Label("VIRUS", True), Label("NORMAL", False), Label("BACTERIA", True))
    judged = replace(prediction(0.1), label_scores=OF_LABELS)
    row.show_film(film(1, judged=judged), replace(model_card(), labels=labels))
    assert row.agree_button.isEnabled() and not row.disagree_button.isEnabled()
    row.disagree()
    assert "which label" in row.words.text()


def test_a_narrow_pane_is_not_made_wider_but_has_the_keys_in_the_tooltips(row: OwnReadingRow) -> None:
    row.show_film(SUSPECTED, model_card())
    buttons = (row.agree_button, row.disagree_button, row.label_button)
    least, wanted = row.minimumSizeHint().width(), row.sizeHint().width()
    assert least < wanted
    row.resize(least, row.height())
    assert [button.text() for button in buttons] == ["Agree", "Disagree", "Label…"]
    assert row.agree_button.toolTip() == "Your reading: PNEUMONIA (A)"
    assert (row.minimumSizeHint().width(), row.sizeHint().width()) == (least, wanted)
    row.resize(2 * wanted, row.height())
    assert [button.text() for button in buttons] == ["Agree   A", "Disagree   D", "Label…   E"]
    assert row.agree_button.toolTip() == "Your reading: PNEUMONIA"


def test_a_file_that_cannot_be_read_gets_no_reading(qtbot: QtBot, row: OwnReadingRow) -> None:
    row.show_film(film(1, problem=TRUNCATED), model_card())
    with qtbot.assertNotEmitted(row.label_wanted):
        row.want_label()
    assert not row.label_button.isEnabled()
