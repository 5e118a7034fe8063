"""What two models' judgements have in common, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.triage import Band
from cxr_desktop.domain.two_opinions import TwoOpinions
from cxr_desktop.domain.wording import counted, date_time_text, headline, percent_text, probability_text
from cxr_desktop.language import tr
from cxr_desktop.ui.model_choice import ModelChoice


def verdicts_text(one: Prediction, other: Prediction) -> str:
    """Whether two models agree about a film, and how far their probabilities lie apart.

    Args:
        one, other: of films that were judged.
    """
    points = round(100 * abs((one.shown_probability or 0.0) - (other.shown_probability or 0.0)))
    apart = (
        counted(points, "percentage point", "percentage points")
        if points
        else tr("less than one percentage point")
    )
    if one.suspected == other.suspected:
        return tr("Both models give the same verdict; their probabilities lie {apart} apart.", apart=apart)
    return tr("The models disagree about the verdict; their probabilities lie {apart} apart.", apart=apart)


def judged_text(prediction: Prediction, choice: ModelChoice) -> str:
    """One model's judgement: "97 % · Suspected pneumonia"."""
    band = Band.SUSPECTED if prediction.suspected else Band.NOT_SUSPECTED
    word = choice.card.suspicion_word if choice.card else "suspicious"
    probability = probability_text(prediction.shown_probability or 0.0, prediction.shown_operating_point)
    return f"{probability} · {headline(band, word)}"


def opinions_text(opinions: TwoOpinions, one: ModelChoice, other: ModelChoice) -> str:
    """Whose film it is and what both models say of it, in lines."""
    study = opinions.study
    return "\n".join(
        (
            f"{study.name}, {date_time_text(study.when)}",
            f"{one.title}: {judged_text(opinions.one, one)}",
            f"{other.title}: {judged_text(opinions.other, other)}",
        )
    )


def summary_text(opinions: Sequence[TwoOpinions], films: int) -> str:
    """How many films both have judged, and about how many they disagree.

    Args:
        films: how many there are in the worklist.
    """
    if not opinions:
        return tr("No film has been judged by both models yet.")
    judged = tr(
        "{judged} of {films:,} judged by both models.",
        judged=counted(len(opinions), "film", "films"),
        films=films,
    )
    apart = sum(not each.agree for each in opinions)
    disagree = (
        tr(
            "They disagree about the verdict on {apart:,} of them ({percent}).",
            apart=apart,
            percent=percent_text(apart / len(opinions)),
        )
        if apart
        else tr("They disagree about the verdict on none of them.")
    )
    return f"{judged} {disagree}"
