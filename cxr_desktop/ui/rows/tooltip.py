"""All that is known of a study, for the pointer that rests on its row."""

from __future__ import annotations

from html import escape

from cxr_desktop.domain.meaning import share_remark
from cxr_desktop.domain.prediction import Grade
from cxr_desktop.domain.triage import band_of
from cxr_desktop.domain.wording import (
    age_sex_text,
    date_text,
    date_time_text,
    label_scores_text,
    probability_text,
    views_text,
)
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.language import tr
from cxr_desktop.ui.rows.content import BAND_WORDS

CHECK_SIGNS = {Grade.PASSED: "✓", Grade.WARNING: "!", Grade.OUT_OF_SCOPE: "✕"}


def study_tooltip(study: Study) -> str:
    """All that is known of a study and its films, with their paths, as rich text."""
    header = study.header
    name = header.patient_name
    described = (header.study_description, views_text(film.header for film in study.films), header.modality)
    lines = [
        (tr("Patient"), str(name)),
        (tr("Phonetic"), " ".join(name.phonetic.replace("^", " ").split())),
        (tr("ID"), header.patient_id),
        (tr("Age, sex"), age_sex_text(header)),
        (tr("Born"), date_text(header.birth_date) if header.birth_date else ""),
        (tr("Study"), " · ".join(part for part in (date_time_text(study.when), *described) if part)),
        (tr("Accession"), header.accession_number),
        (tr("Institution"), header.institution),
        (tr("Read"), date_time_text(study.read_at) if study.read_at else tr("not yet")),
    ]
    blocks = [_rich(lines), *(_rich(_film_lines(film)) for film in study.films)]
    return "<qt>" + "<hr>".join(blocks) + "</qt>"


def film_tooltip(film: Film) -> str:
    """All that is known of a film, with its path, as rich text."""
    name = str(film.header.patient_name)
    lines = [
        (tr("Patient"), name),
        (tr("ID"), film.header.patient_id),
        (tr("Age, sex"), age_sex_text(film.header)),
        (tr("Study"), date_time_text(film.header.study_datetime) if film.header.study_datetime else ""),
    ]
    return f"<qt>{_rich([*lines, *_film_lines(film)])}</qt>"


def _film_lines(film: Film) -> list[tuple[str, str]]:
    prediction = film.prediction
    verdict = BAND_WORDS[band_of(film)]
    lines = [(tr("File"), str(film.source))]
    if min(film.shape) > 0:
        height, width = film.shape
        lines.append((tr("Size"), tr("{width:,} × {height:,} pixels", width=width, height=height)))
    lines.append((tr("Came in"), date_time_text(film.added_at)))
    if prediction is not None and prediction.shown_probability is not None:
        verdict += f", {probability_text(prediction.shown_probability, prediction.shown_operating_point)}"
        if prediction.shift is not None:
            verdict += f" {share_remark(prediction.shift)}"
    lines.append((tr("Verdict"), verdict))
    if prediction is not None:
        lines.append((tr("Labels"), label_scores_text(prediction.label_scores)))
    if film.own_reading is not None:
        lines.append((tr("You said"), f"{film.own_reading.label}, {date_time_text(film.own_reading.at)}"))
    if film.judged_by:
        lines.append(("", tr("Judged by {model} before; another model is in use now", model=film.judged_by)))
    lines += [
        ("", f"{CHECK_SIGNS[check.grade]} {check.finding}") for check in getattr(prediction, "checks", ())
    ]
    lines += [("", f"! {mark}") for mark in film.marks]
    if film.problem:
        lines.append(("", f"✕ {film.problem}"))
    return lines


def _rich(lines: list[tuple[str, str]]) -> str:
    # Escaped: names and paths are other people's text, and a "<" in one is not a tag.
    rows = (
        f"<tr><td>{escape(title)}&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>"
        for title, text in lines
        if text
    )
    return f"<table>{''.join(rows)}</table>"
