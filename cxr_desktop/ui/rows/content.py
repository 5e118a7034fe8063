"""What a row says, in words and figures. How it looks is the delegate's business."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from cxr_desktop.domain.triage import Band, band_of, is_covered_side_view
from cxr_desktop.domain.wording import (
    age_sex_text,
    counted,
    date_time_text,
    duration_text,
    probability_text,
    views_text,
)
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.language import tr

# ".jpeg", ".dcm", but not the last part of a UID that serves as a file's name.
FILE_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)

# Beside the probability bar there is room for a word or two, not for the whole headline.
BAND_WORDS = {
    Band.SUSPECTED: tr("suspected"),
    Band.NOT_SUSPECTED: tr("not suspected"),
    Band.NOT_JUDGED: tr("not judged"),
    Band.UNREADABLE: tr("unreadable"),
    Band.WAITING: tr("to be scored"),
}


@dataclass(frozen=True)
class RowContent:
    """One row.

    Attributes:
        picture_id: the film that the thumbnail shows.
        thumbnail: as JPEG, or b"".
        title: the patient, or what else names the study; a file without its folders and its ending.
        details: age and sex, views, time.
        flag: "! check", "! waiting 26 h": that there is something to know before opening it; "" for nothing.
        reason: what there is to know, as a sentence with a sign in front; "" for nothing.
        band: decides the colour; `word` says the same.
        figure: the probability in percent; "" where there is none.
        probability, operating_point: in [0, 1], for the bar; None where there is no verdict.
        unread: whether the title is bold.
        spoken: the row as a sentence, for screen readers.
        judged_before: whether another model has judged the film that waits for the one in use.
    """

    picture_id: int
    thumbnail: bytes
    title: str
    details: str
    flag: str
    reason: str
    band: Band
    figure: str
    probability: float | None
    operating_point: float | None
    unread: bool
    spoken: str
    judged_before: bool = False

    @property
    def word(self) -> str:
        """The band in a word or two."""
        if self.judged_before and self.band is Band.WAITING:
            return tr("to be scored anew")
        return BAND_WORDS[self.band]


def study_row(study: Study) -> RowContent:
    """The row of a study: its patient, and the verdict on its leading film."""
    lead = study.lead
    prediction = lead.prediction
    band = band_of(lead)
    figure = ""
    if prediction is not None and prediction.shown_probability is not None:
        figure = probability_text(prediction.shown_probability, prediction.shown_operating_point)
    views = views_text(film.header for film in study.films)
    if len(study.films) > 1:
        views = " · ".join(part for part in (views, counted(len(study.films), "film", "films")) if part)
    when = date_time_text(study.when)
    person = age_sex_text(study.header)
    reason = _reason(study)
    unread = study.read_at is None
    verdict = f"{figure}, {BAND_WORDS[band]}" if figure else BAND_WORDS[band]
    if lead.judged_by and band is Band.WAITING:
        verdict = tr("to be scored by this model")
    state = tr("unread") if unread else tr("read")
    said = (study.name, person, views, when, verdict, reason.lstrip("!✕ "), state)
    return RowContent(
        picture_id=lead.id,
        thumbnail=lead.thumbnail,
        title=title_of(study),
        details=" · ".join(part for part in (person, views, when) if part),
        flag=tr("! check") if reason else "",
        reason=reason,
        band=band,
        figure=figure,
        probability=prediction.shown_probability if prediction else None,
        operating_point=prediction.shown_operating_point if figure and prediction else None,
        unread=unread,
        spoken=", ".join(part for part in said if part),
        judged_before=bool(lead.judged_by),
    )


def title_of(study: Study) -> str:
    """Who it is; of a picture's file what tells it from others, without its archive, folders and ending."""
    if study.name != study.films[0].source.name:
        return study.name
    name = study.name.rpartition("/")[2]
    return FILE_ENDING.sub("", name) or name


def film_row(film: Film, overdue_for: timedelta | None = None) -> RowContent:
    """The row of a film in the queue.

    Args:
        overdue_for: how long it has been waiting, where that is longer than the cap.
    """
    # All films of the queue are unread: bold would distinguish none.
    row = replace(study_row(Study(film.study_id, (film,))), unread=False)
    if overdue_for is None:
        return row
    waiting = tr("waiting {time}", time=duration_text(overdue_for))
    flag = f"{row.flag} · {waiting}" if row.flag else f"! {waiting}"
    return replace(row, flag=flag, spoken=f"{row.spoken}, {waiting}")


def _reason(study: Study) -> str:
    """What is wrong, of the leading film if possible: its gravest remark, or why it could not be read."""
    others = [film for film in study.films if film.id != study.lead.id]
    for film in (study.lead, *others):
        if is_covered_side_view(film, study):
            continue
        reason = _film_reason(film)
        if reason:
            if film.id == study.lead.id:
                return reason
            sign, _, remark = reason.partition(" ")
            return tr("{sign} another film: {remark}", sign=sign, remark=remark)
    return ""


def _film_reason(film: Film) -> str:
    if film.problem:
        return f"✕ {film.problem}"
    sign = "✕" if band_of(film) is Band.NOT_JUDGED else "!"
    remarks = (*(film.prediction.remarks if film.prediction else ()), *film.marks)
    return f"{sign} {remarks[0]}" if remarks else ""
