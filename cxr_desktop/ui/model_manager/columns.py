"""What the tables of models say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.library_entry import ModelInLibrary
from cxr_desktop.domain.model_page.numbers import percent
from cxr_desktop.domain.wording import date_time_text
from cxr_desktop.language import grouped, tr


@dataclass(frozen=True)
class ModelRow:
    """One model.

    Attributes:
        in_use: whether it judges now.
    """

    model: ModelInLibrary
    in_use: bool


@dataclass(frozen=True)
class UseRow:
    """One stretch of time in which one model judged.

    Attributes:
        until: when the next one took its place; None for the present one.
        model: None where it is there no longer.
    """

    title: str
    since: datetime
    until: datetime | None
    model: ModelInLibrary | None


def _figures(row: ModelRow) -> str:
    if row.model.card is None:
        return row.model.problem
    figures = row.model.card.main_evaluation
    if figures is None:
        return tr("not measured")
    return tr(
        "AUC {auc:.3f}   sensitivity {sensitivity}   specificity {specificity}",
        auc=figures.auc.value,
        sensitivity=percent(figures.sensitivity.value),
        specificity=percent(figures.specificity.value),
    )


def _measured_on(row: ModelRow) -> str:
    figures = row.model.card.main_evaluation if row.model.card else None
    return f"{grouped(figures.count)}: {card_phrase(figures.films)}" if figures else ""


def _origin(row: ModelRow) -> str:
    return tr("came with the program") if row.model.bundled else tr("your own")


def _learned_from(row: ModelRow) -> str:
    counts = row.model.card.provenance.counts.get("train", {}) if row.model.card else {}
    return grouped(sum(counts.values())) if counts else ""


def _made(row: ModelRow) -> str:
    made = row.model.card.provenance if row.model.card else None
    if made is None:
        return ""
    if not made.created_by:
        return made.created
    return tr("{date} by {name}", date=made.created, name=made.created_by)


MODEL_COLUMNS = (
    ("", lambda row: tr("● in use") if row.in_use else ""),
    (tr("Model"), lambda row: row.model.title),
    (tr("Figures"), _figures),
    (tr("Origin"), _origin),
    (tr("Learned from films"), _learned_from),
    (tr("Made"), _made),
    (tr("Measured on films"), _measured_on),
)

USE_COLUMNS = (
    (tr("In use from"), lambda row: date_time_text(row.since)),
    (tr("Until"), lambda row: tr("now") if row.until is None else date_time_text(row.until)),
    (tr("Model"), lambda row: row.title if row.model else tr("{title} (not here any more)", title=row.title)),
)
