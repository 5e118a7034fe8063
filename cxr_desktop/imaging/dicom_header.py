"""From a DICOM data set to the header that a reader wants."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName as DicomName

from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.imaging.dicom_values import clean, items, raw_value, text

_DAYS = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}
_OLDEST_YEARS = 150

# CID 4010 "DX View" in SNOMED CT and in the older SNOMED-RT codes.
_VIEW_OF_CODE = {
    "399348003": "AP",
    "R-10206": "AP",
    "272479007": "PA",
    "R-40888": "PA",
    "R-10214": "PA",
    "399173006": "LL",
    "R-10236": "LL",
    "399198007": "RL",
    "R-10232": "RL",
    "399067008": "LATERAL",
    "R-102CD": "LATERAL",
}
_VIEW_OF_MEANING = (
    ("oblique", ""),
    ("postero.?anterior", "PA"),
    ("antero.?posterior", "AP"),
    ("left.*lateral", "LL"),
    ("right.*lateral", "RL"),
    ("^lateral$", "LATERAL"),
)


def film_header(dataset: Dataset) -> FilmHeader:
    """What the data set says; damaged or missing values leave their field empty."""
    birth_date = _date(text(dataset, "PatientBirthDate"))
    study_datetime = _study_datetime(dataset)
    return FilmHeader(
        patient_name=_person_name(dataset),
        patient_id=text(dataset, "PatientID"),
        birth_date=birth_date,
        age_years=_age_years(text(dataset, "PatientAge"), birth_date, study_datetime),
        sex=_one_of(text(dataset, "PatientSex").upper(), "F", "M", "O"),
        study_datetime=study_datetime,
        study_description=text(dataset, "StudyDescription"),
        accession_number=text(dataset, "AccessionNumber"),
        view_position=text(dataset, "ViewPosition").upper() or _view_of_code(dataset),
        laterality=_laterality(dataset),
        modality=text(dataset, "Modality").upper(),
        body_part=text(dataset, "BodyPartExamined").upper() or _anatomic_region(dataset),
        institution=text(dataset, "InstitutionName"),
        study_instance_uid=_uid(dataset, "StudyInstanceUID"),
        series_instance_uid=_uid(dataset, "SeriesInstanceUID"),
        sop_instance_uid=_uid(dataset, "SOPInstanceUID"),
    )


def _person_name(dataset: Dataset) -> PersonName:
    value = raw_value(dataset, "PatientName")
    if not isinstance(value, DicomName):
        return PersonName(clean(value)) if value is not None else PersonName()
    try:
        groups = (value.alphabetic, value.ideographic, value.phonetic)
    except Exception:  # the groups are decoded only here
        return PersonName()
    return PersonName(*(clean(group) for group in groups))


def _age_years(age: str, birth_date: date | None, study: datetime | None) -> float | None:
    """Patient's Age (AS: "034Y", "007M"), else the time from birth to the study."""
    match = re.fullmatch(r"(\d{1,3})([DWMY])", age.upper().replace(" ", ""))
    # Anonymisers write 000Y for "not given"; a newborn's age is given in days.
    if match and match.group(0) not in {"000Y", "00Y", "0Y"}:
        years = int(match[1]) * _DAYS[match[2]] / 365.25
        return years if years <= _OLDEST_YEARS else None
    if birth_date is not None and study is not None:
        years = (study.date() - birth_date).days / 365.25
        return years if 0 <= years <= _OLDEST_YEARS else None
    return None


def _study_datetime(dataset: Dataset) -> datetime | None:
    """Study date and time, or else those of the acquisition, the series or the content."""
    for event in ("Study", "Acquisition", "Series", "Content"):
        day = _date(text(dataset, f"{event}Date"))
        if day is not None:
            return datetime.combine(day, _time(text(dataset, f"{event}Time")))
    stamp = text(dataset, "AcquisitionDateTime")
    day = _date(stamp[:8])
    return datetime.combine(day, _time(stamp[8:21])) if day is not None else None


def _date(value: str) -> date | None:
    """A DA value, "20040826", or its predecessor with dots, "2004.08.26"."""
    match = re.match(r"(\d{4})([.\-/]?)(\d{2})\2(\d{2})(?!\d)", value)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def _time(value: str) -> time:
    """A TM value, "185059.123456", its parts from the right optional; midnight where it is none."""
    match = re.match(r"(\d{2}):?(\d{2})?:?(\d{2})?", value)
    if match is None:
        return time()
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return time(hour, minute, min(second, 59))  # 60 is a leap second
    except ValueError:
        return time()


def _view_of_code(dataset: Dataset) -> str:
    for item in items(dataset, "ViewCodeSequence"):
        if view := _VIEW_OF_CODE.get(text(item, "CodeValue")):
            return view
        meaning = text(item, "CodeMeaning").lower()
        for pattern, view in _VIEW_OF_MEANING:
            if re.search(pattern, meaning):
                return view
    return ""


def _anatomic_region(dataset: Dataset) -> str:
    for item in items(dataset, "AnatomicRegionSequence"):
        if meaning := text(item, "CodeMeaning"):
            return meaning.upper()
    return ""


def _laterality(dataset: Dataset) -> str:
    given = text(dataset, "ImageLaterality") or text(dataset, "Laterality")
    return _one_of(given.upper(), "R", "L", "U", "B")


def _one_of(value: str, *allowed: str) -> str:
    return value if value in allowed else ""


def _uid(dataset: Dataset, keyword: str) -> str:
    value = text(dataset, keyword)
    return value if re.fullmatch(r"[0-9.]{1,64}", value) else ""
