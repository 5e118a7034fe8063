"""What a row says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.triage import Band
from cxr_desktop.domain.worklist import FilmSource, Study
from cxr_desktop.ui.rows import film_row, study_row
from cxr_desktop.ui.rows.tooltip import film_tooltip, study_tooltip
from tests.ui.worklist_examples import ADULT, NO_LUNGS, OF_LABELS, PASSED, TRUNCATED, film, prediction, study


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_judged_study_says_who_when_and_how_suspicious() -> None:
    row = study_row(study(7, name="Buc^Jérôme", judged=prediction(0.97)))
    assert (row.title, plain(row.details)) == ("Buc, Jérôme", "3 y M · PA · 21 Nov 2026 07:17")
    assert (plain(row.figure), row.word, row.flag) == ("97 %", "suspected", "")
    assert plain(row.spoken) == ("Buc, Jérôme, 3 y M, PA, 21 Nov 2026 07:17, 97 %, suspected, unread")


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (FilmSource(Path("day/person1946_bacteria_4874.jpeg")), "person1946_bacteria_4874"),
        (FilmSource(Path("night.zip"), "ward 3/IM-0145-0001.jpeg"), "IM-0145-0001"),
        (FilmSource(Path("1.2.840.10008.5")), "1.2.840.10008.5"),
        (FilmSource(Path(".jpeg")), ".jpeg"),
    ],
)
def test_a_picture_is_titled_by_what_its_file_has_of_its_own(source: FilmSource, title: str) -> None:
    shown = replace(film(1, header=FilmHeader()), source=source)
    assert film_row(shown).title == title


def test_unread_is_bold_in_the_browser_and_nothing_is_in_the_queue() -> None:
    assert study_row(study(1)).unread
    assert not study_row(study(1, read=True)).unread
    assert not film_row(film(1)).unread


@pytest.mark.parametrize(
    ("unjudged", "word", "reason"),
    [
        (film(1, judged=prediction(None)), "not judged", f"✕ {NO_LUNGS.finding}"),
        (film(1, problem=TRUNCATED), "unreadable", f"✕ {TRUNCATED}"),
        (film(1), "to be scored", ""),
    ],
)
def test_a_film_without_a_verdict_shows_no_probability(unjudged: object, word: str, reason: str) -> None:
    row = film_row(unjudged)  # type: ignore[arg-type]
    assert (row.figure, row.probability, row.operating_point) == ("", None, None)
    assert (row.word, row.reason) == (word, reason)
    assert "%" not in row.spoken


def test_a_warning_leaves_the_verdict_and_flags_it() -> None:
    row = study_row(study(1, judged=prediction(0.2, checks=(*PASSED[:2], ADULT))))
    assert (row.band, row.flag, row.reason) == (Band.NOT_SUSPECTED, "! check", f"! {ADULT.finding}")
    assert ADULT.finding in row.spoken


def test_a_remark_of_the_intake_is_flagged_too() -> None:
    row = study_row(study(1, judged=prediction(0.2), marks=("Another film has this SOP Instance UID.",)))
    assert row.reason == "! Another film has this SOP Instance UID."


def test_an_overdue_film_says_how_long_it_waits() -> None:
    warned = film(1, judged=prediction(0.2, checks=(ADULT,)))
    assert plain(film_row(film(1, judged=prediction(0.2)), timedelta(hours=26)).flag) == "! waiting 26 h"
    assert plain(film_row(warned, timedelta(hours=26)).flag) == "! check · waiting 26 h"
    assert "waiting 26" in film_row(warned, timedelta(hours=26)).spoken


def test_a_side_view_that_is_not_judged_is_no_news_beside_a_judged_frontal_film() -> None:
    frontal = film(1, judged=prediction(0.9))
    side = film(2, study_id=1, judged=prediction(None), view="LL")
    row = study_row(Study(1, (frontal, side)))
    assert (row.flag, plain(row.details)) == ("", "2 y M · PA, LL · 2 films · 21 Nov 2026 06:11")


def test_trouble_with_another_film_of_the_study_is_told() -> None:
    row = study_row(Study(1, (film(1, judged=prediction(0.9)), film(2, study_id=1, problem=TRUNCATED))))
    assert (plain(row.figure), row.reason) == ("90 %", f"✕ another film: {TRUNCATED}")


def test_a_tooltip_holds_everything_with_the_path_and_cannot_be_broken_by_a_name() -> None:
    header = FilmHeader(
        patient_name=PersonName("<b>Okafor^Ada", "", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
        patient_id="P-1",
        accession_number="A-9",
        institution="District Hospital",
        study_datetime=datetime(2026, 11, 21, 8),
    )
    shown = film(1, header=header, judged=prediction(0.97, checks=(ADULT,)), marks=("Seen twice.",))
    for tooltip in (study_tooltip(Study(1, (shown,))), film_tooltip(shown)):
        assert "<b>" not in tooltip
        expected = (
            "&lt;b&gt;Okafor, Ada",
            "P-1",
            str(shown.source),
            "896 × 1,024 pixels",
            "97",
            "Seen twice.",
        )
        for part in (*expected, f"! {ADULT.finding}"):
            assert part in tooltip
    assert all(part in study_tooltip(Study(1, (shown,))) for part in ("A-9", "District Hospital", "ﾔﾏﾀﾞ"))
    unreadable = replace(shown, problem=TRUNCATED, prediction=None, shape=(0, 0))
    assert TRUNCATED in film_tooltip(unreadable)
    assert "pixels" not in film_tooltip(unreadable)


def test_a_tooltip_lists_the_labels_of_a_model_of_more_than_two() -> None:
    judged = prediction(0.97)
    assert "Labels" not in film_tooltip(film(1, judged=judged))
    of_three = film_tooltip(film(1, judged=replace(judged, label_scores=OF_LABELS))).replace("\u00a0", " ")
    assert "Uncalibrated shares: bacteria 62 % · virus 31 % · normal 7 %" in of_three
