"""What is in force for a model's judgements, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.calibration import Calibration, Interval, ReliabilityBin
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.meaning import counts_text, meaning_text, point_text
from cxr_desktop.domain.model_card import Label, ModelCard, OperatingPoint
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.standpoint import Standpoint, standpoint_of
from tests.ui.worklist_examples import film, model_card, prediction, study

SENSITIVE = OperatingPoint(
    "high sensitivity", 0.2, 0.99, 0.8, "", Interval(0.97, 0.995), Interval(0.74, 0.85)
)
CARD = replace(
    model_card(),
    operating_points=(*model_card().operating_points, SENSITIVE),
    calibration=Calibration(
        bins=(
            ReliabilityBin(0, 0.5, 100, 5),
            ReliabilityBin(0.5, 0.7, 20, 9),
            ReliabilityBin(0.7, 0.9, 0, 0),
            ReliabilityBin(0.9, 1, 280, 276),
        )
    ),
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@given(st.floats(0, 1), st.floats(0.001, 0.999), st.sampled_from(["balanced", "High Sensitivity"]))
def test_a_share_changes_what_is_shown_and_neither_verdict_nor_stored_value(
    probability: float, share: float, point: str
) -> None:
    stored = prediction(probability)
    without = standpoint_of(CARD, point).seen(stored)
    seen = standpoint_of(CARD, point, share).seen(stored)
    assert seen.probability == stored.probability
    assert seen.suspected == without.suspected
    assert seen.shown_probability is not None
    if seen.suspected:
        assert seen.shown_probability >= seen.shown_operating_point
    else:
        assert seen.shown_probability <= seen.shown_operating_point


def test_another_operating_point_turns_verdicts_without_a_new_score() -> None:
    stored = prediction(0.4)
    assert stored.suspected is False
    seen = standpoint_of(CARD, "high sensitivity").seen(stored)
    assert seen.suspected is True
    assert seen == replace(stored, operating_point=0.2)


def test_nothing_is_copied_where_nothing_changes() -> None:
    here = standpoint_of(CARD)
    shown = study(1, judged=prediction(0.4))
    assert here.seen_study(shown) is shown
    assert here.seen_study(study(2)).films[0].prediction is None
    changed = standpoint_of(CARD, share=0.1).seen_study(shown)
    assert changed.lead.prediction is not None
    assert changed.lead.prediction.shift is not None


def test_another_models_judgement_stays_as_it_is() -> None:
    elsewhere = Standpoint(("other", "1"), SENSITIVE)
    assert elsewhere.seen(prediction(0.4)) == prediction(0.4)


def test_an_operating_point_or_share_that_the_card_cannot_give_is_refused_in_words() -> None:
    with pytest.raises(BundleError, match=r"“youden”.*“balanced”, “high sensitivity”"):
        standpoint_of(CARD, "youden")
    with pytest.raises(BundleError, match="does not say which share"):
        standpoint_of(replace(CARD, calibration=Calibration()), share=0.1)


def test_the_meaning_is_told_with_real_counts_and_the_sets_share() -> None:
    assert meaning_text(CARD, prediction(0.95)) == (
        "Of 100 validation films scored like this, 99 were pneumonia (in a set where 72 of 100 were)."
    )
    assert plain(counts_text(CARD, prediction(0.95))) == (
        "276 of the 280 validation films with a probability of 90 to 100 % were pneumonia. In the whole set "
        "290 of 400 were."
    )


def test_few_films_and_none_are_told_as_such() -> None:
    assert meaning_text(CARD, prediction(0.6)).endswith(
        "72 of 100 were). Only 20 films were scored like this."
    )
    one = replace(
        CARD, calibration=Calibration(bins=(ReliabilityBin(0, 0.5, 9, 1), ReliabilityBin(0.5, 1, 0, 0)))
    )
    assert meaning_text(one, prediction(0.6)) == "No validation film was scored like this."
    assert meaning_text(replace(CARD, calibration=Calibration()), prediction(0.6)) == ""


WIDE = replace(
    CARD,
    calibration=Calibration(
        bins=(
            ReliabilityBin(0, 0.1, 118, 0),
            ReliabilityBin(0.1, 0.9, 33, 18),
            ReliabilityBin(0.9, 1, 371, 370),
        )
    ),
)


def test_a_wide_bin_is_told_with_its_range_and_counts() -> None:
    set_share = "(in a set where 74 of 100 were)."
    assert plain(meaning_text(WIDE, prediction(0.84))) == (
        f"Of 33 validation films with a probability of 10 to 90 %, 18 were pneumonia {set_share}"
    )
    seen = standpoint_of(WIDE, share=0.1).seen(prediction(0.84))
    assert plain(meaning_text(WIDE, seen)).startswith(
        f"Of 33 validation films to which the model itself gave 10 to 90 %, 18 were pneumonia {set_share}"
    )


def test_a_bin_without_pneumonia_is_told_as_it_is_at_any_share() -> None:
    seen = standpoint_of(WIDE, share=0.1).seen(prediction(0.05))
    assert plain(meaning_text(WIDE, seen)) == (
        "Of 100 validation films scored like this, 0 were pneumonia (in a set where 74 of 100 were). "
        "Probability and threshold are recomputed for your hospital’s share of 10 %."
    )


def test_the_share_is_named_wherever_a_figure_changed_for_it() -> None:
    seen = standpoint_of(CARD, "high sensitivity", 0.1).seen(prediction(0.95))
    assert plain(meaning_text(CARD, seen)) == (
        "Of 100 validation films scored like this, 99 were pneumonia (in a set where 72 of 100 were). "
        "Probability and threshold are recomputed for your hospital’s share of 10 %."
    )
    assert plain(point_text(SENSITIVE, seen)) == (
        "Threshold 1 % with your hospital’s share of 10 %, high sensitivity: sensitivity 0.99 (0.97–0.99), "
        "specificity 0.80 (0.74–0.85) on validation"
    )
    assert plain(counts_text(CARD, seen)).startswith(
        "By the model’s own probability (95.0 %), 276 of the 280 validation films"
    )


@pytest.mark.parametrize(
    ("labels", "word"),
    [
        ((Label("NORMAL", False), Label("Tuberculosis", True)), "tuberculosis"),
        ((Label("VIRUS", True), Label("NORMAL", False), Label("BACTERIA", True)), "suspicious"),
    ],
)
def test_films_are_called_what_the_only_suspicious_label_is_called(
    labels: tuple[Label, ...], word: str
) -> None:
    card: ModelCard = replace(CARD, labels=labels)
    assert f"99 were {word} (" in meaning_text(card, prediction(0.95))


def test_an_operating_point_without_intervals_is_told_without_them() -> None:
    said = point_text(CARD.operating_point, prediction(0.95))
    assert plain(said) == "Threshold 62 %, balanced: sensitivity 0.95, specificity 0.92 on validation"


def test_a_film_that_is_out_of_scope_has_no_probability_at_any_share() -> None:
    unjudged: Prediction = standpoint_of(CARD, "", 0.1).seen(prediction(None))
    assert unjudged.shown_probability is None
    assert unjudged.suspected is None
    assert film(1, judged=unjudged).probability is None
