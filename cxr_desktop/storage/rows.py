"""Rows of the catalogue's tables <-> what the domain calls them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import Row

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.domain.prediction import Heatmap, ImageCheck, Judgement, LabelScore, Prediction
from cxr_desktop.domain.worklist import Film, FilmSource, NewFilm
from cxr_desktop.storage.marks import Mark

Values = dict[str, Any]

_checks = msgspec.json.Decoder(tuple[ImageCheck, ...])
_boxes = msgspec.json.Decoder(tuple[Box, ...])
_label_scores = msgspec.json.Decoder(tuple[LabelScore, ...])


def header_values(header: FilmHeader) -> Values:
    """A header's columns in the table `film`."""
    values = {name: getattr(header, name) for name in FilmHeader.__dataclass_fields__}
    name = header.patient_name
    return values | {
        "patient_name": name.alphabetic,
        "patient_name_ideographic": name.ideographic,
        "patient_name_phonetic": name.phonetic,
    }


def header_of(row: Row[Any]) -> FilmHeader:
    """The header in a row with the columns of `film`."""
    return FilmHeader(
        patient_name=PersonName(row.patient_name, row.patient_name_ideographic, row.patient_name_phonetic),
        patient_id=row.patient_id,
        birth_date=row.birth_date,
        age_years=row.age_years,
        sex=row.sex,
        study_datetime=row.study_datetime,
        study_description=row.study_description,
        accession_number=row.accession_number,
        view_position=row.view_position,
        laterality=row.laterality,
        modality=row.modality,
        body_part=row.body_part,
        institution=row.institution,
        study_instance_uid=row.study_instance_uid,
        series_instance_uid=row.series_instance_uid,
        sop_instance_uid=row.sop_instance_uid,
    )


def place_values(source: FilmSource) -> Values:
    """The columns `path` and `member`."""
    return {"path": str(source.path.absolute()), "member": source.member}


def place_of(row: Row[Any]) -> FilmSource:
    return FilmSource(Path(row.path), row.member)


def film_values(new: NewFilm) -> Values:
    """The columns of `film` that the intake knows."""
    height, width = new.shape
    return {
        **place_values(new.source),
        "copy": str(new.copy) if new.copy else None,
        "fingerprint": new.fingerprint,
        "problem": new.problem,
        "height": height,
        "width": width,
        **header_values(new.header),
    }


def film_of(row: Row[Any], marks: Sequence[Mark], prediction: Prediction | None, judged_by: str = "") -> Film:
    """A film from a row of `film`, `thumbnail` and `own_reading`, whose label is called `own_label`."""
    return Film(
        id=row.id,
        study_id=row.study_id,
        source=place_of(row),
        header=header_of(row),
        shape=(row.height, row.width),
        added_at=row.added_at,
        thumbnail=row.jpeg or b"",
        problem=row.problem,
        marks=tuple(mark.sentence for mark in marks),
        prediction=prediction,
        fingerprint=row.fingerprint,
        copy=Path(row.copy) if row.copy else None,
        judged_by=judged_by,
        own_reading=OwnReading(row.own_label, row.given_at) if row.own_label else None,
    )


def prediction_values(judgement: Judgement, now: datetime) -> Values:
    """The columns of `prediction` without the film's id."""
    prediction = judgement.prediction
    return {
        "model_id": prediction.model_id,
        "model_version": prediction.model_version,
        "score": prediction.score,
        "probability": prediction.probability,
        "operating_point": prediction.operating_point,
        "evidence_in_lungs": prediction.evidence_in_lungs,
        "checks": msgspec.json.encode(prediction.checks),
        "lung_regions": msgspec.json.encode(judgement.lungs.regions),
        "scored_at": now,
        "label_scores": msgspec.json.encode(prediction.label_scores) if prediction.label_scores else None,
    }


def prediction_of(row: Row[Any]) -> Prediction:
    return Prediction(
        model_id=row.model_id,
        model_version=row.model_version,
        score=row.score,
        probability=row.probability,
        operating_point=row.operating_point,
        checks=_checks_of(row.checks),
        evidence_in_lungs=row.evidence_in_lungs,
        label_scores=() if row.label_scores is None else _label_scores.decode(row.label_scores),
    )


@lru_cache(maxsize=1024)
def _checks_of(encoded: bytes) -> tuple[ImageCheck, ...]:
    # Most films pass all checks with the same findings; 10,000 films then share a few objects.
    return _checks.decode(encoded)


def lung_regions_of(row: Row[Any]) -> tuple[Box, ...]:
    return _boxes.decode(row.lung_regions)


def heatmap_values(heatmap: Heatmap) -> Values:
    """The columns of `heatmap` without its key.

    Half precision relative to the peak, because only ratios within one map mean something: a tenth of a
    per cent is far below what a colour shows.
    """
    evidence = heatmap.evidence
    rows, columns = evidence.shape
    peak = float(np.abs(evidence).max(initial=0)) or 1.0
    return {
        "method": heatmap.method,
        "top": heatmap.box.top,
        "left": heatmap.box.left,
        "bottom": heatmap.box.bottom,
        "right": heatmap.box.right,
        "rows": rows,
        "columns": columns,
        "peak": peak,
        "evidence": zlib.compress((evidence / np.float32(peak)).astype("<f2").tobytes()),
    }


def heatmap_of(row: Row[Any]) -> Heatmap:
    shares = np.frombuffer(zlib.decompress(row.evidence), dtype="<f2").astype(np.float32)
    return Heatmap(
        evidence=(shares * np.float32(row.peak)).reshape(row.rows, row.columns),
        box=Box(row.top, row.left, row.bottom, row.right),
        method=row.method,
    )
