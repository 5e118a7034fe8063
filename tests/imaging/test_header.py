"""Who and what a DICOM film shows; and that no damaged tag keeps it from being read."""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.data import get_charset_files
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ImplicitVRLittleEndian

from cxr_desktop.domain.header import PersonName
from cxr_desktop.imaging.dicom_header import film_header
from cxr_desktop.imaging.read import decode_film
from tests.imaging.films import as_bytes_in, file_bytes, item, read, sequence, stored_pixels, with_values


def test_a_real_header_is_kept(chest: Dataset) -> None:
    header = read(chest).header
    assert str(header.patient_name) == "CompressedSamples, RG1"
    assert header.patient_id == "9RG1"
    assert header.birth_date == date(1940, 3, 5)
    assert header.sex == "F"
    assert header.study_datetime == datetime(2004, 8, 26, 18, 50, 59)
    assert header.study_description == "THORAX"
    assert header.view_position == "PA"
    assert (header.modality, header.body_part) == ("CR", "CHEST")
    assert header.institution == "Philips Medical Systems Hamburg"
    assert header.sop_instance_uid == "1.3.6.1.4.1.5962.1.1.9.1.1.20040826185059.5457"
    assert header.age_years == pytest.approx(64.48, abs=0.01)


NAMES = {
    "chrArab": PersonName("قباني^لنزار"),
    "chrFren": PersonName("Buc^Jérôme"),
    "chrFrenMulti": PersonName("Buc^Jérôme"),
    "chrGerm": PersonName("Äneas^Rüdiger"),
    "chrGreek": PersonName("Διονυσιος"),
    "chrH31": PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう"),
    "chrH32": PersonName("ﾔﾏﾀﾞ^ﾀﾛｳ", "山田^太郎", "やまだ^たろう"),
    "chrHbrw": PersonName("שרון^דבורה"),
    "chrI2": PersonName("Hong^Gildong", "洪^吉洞", "홍^길동"),
    "chrRuss": PersonName("Люкceмбypг"),
    "chrX1": PersonName("Wang^XiaoDong", "王^小東"),
    "chrX2": PersonName("Wang^XiaoDong", "王^小东"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_in_its_own_script(name: str) -> None:
    (path,) = get_charset_files(f"{name}.dcm")
    assert film_header(dcmread(path)).patient_name == NAMES[name]


@pytest.mark.parametrize("charset", ["ISO_IR 999", "nonsense", "utf8", "\\ISO 2022 ", "\\\\\\", "\0\xff\0"])
def test_an_unknown_character_set_costs_at_most_the_accents(chest: Dataset, charset: str) -> None:
    data = file_bytes(chest).replace(b"ISO_IR 100", charset.encode("latin-1").ljust(10))
    film = decode_film(data)
    assert film.header.patient_name.alphabetic.startswith("CompressedSamples")


@pytest.mark.parametrize(
    ("age", "years"),
    [
        ("034Y", 34),
        ("007M", 7 / 12),
        ("003W", 21 / 365.25),
        ("012D", 12 / 365.25),
        ("000D", 0),
        (" 34Y", 34),
        ("000Y", 64.476),  # stands for "not given": from the birth date
        ("34", 64.476),
        ("", 64.476),
        ("999Y", None),
    ],
)
def test_an_age_is_in_years_whatever_its_unit(chest: Dataset, age: str, years: float | None) -> None:
    header = film_header(with_values(chest, PatientAge=age))
    assert header.age_years == (None if years is None else pytest.approx(years, abs=0.001))


def test_an_age_is_unknown_before_birth_and_without_a_birth_date(chest: Dataset) -> None:
    assert film_header(with_values(chest, PatientBirthDate="20990101")).age_years is None
    assert film_header(with_values(chest, PatientBirthDate="")).age_years is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"StudyTime": ""}, datetime(2004, 8, 26)),
        ({"StudyTime": "1850"}, datetime(2004, 8, 26, 18, 50)),
        ({"StudyDate": "2004.08.26"}, datetime(2004, 8, 26, 18, 50, 59)),
        ({"StudyDate": ""}, datetime(1995, 9, 26, 12, 51, 30)),
        ({"StudyDate": "20041399"}, datetime(1995, 9, 26, 12, 51, 30)),
        (
            {"StudyDate": "", "AcquisitionDate": "20010203", "AcquisitionTime": "040506"},
            datetime(2001, 2, 3, 4, 5, 6),
        ),
        (
            {"StudyDate": "", "SeriesDate": "", "ContentDate": "", "AcquisitionDateTime": "20010203040506.1"},
            datetime(2001, 2, 3, 4, 5, 6),
        ),
        ({"StudyDate": "", "SeriesDate": "", "ContentDate": ""}, None),
    ],
)  # fmt: skip
def test_the_study_time_falls_back_on_other_dates(
    chest: Dataset, tags: dict[str, object], expected: datetime | None
) -> None:
    assert film_header(with_values(chest, **tags)).study_datetime == expected


@pytest.mark.parametrize(
    ("value", "meaning", "view"),
    [
        ("272479007", "postero-anterior", "PA"),
        ("R-10206", "antero-posterior", "AP"),
        ("399173006", "left lateral", "LL"),
        ("private", "Right lateral projection", "RL"),
        ("private", "Postero-Anterior", "PA"),
        ("399135007", "left anterior oblique", ""),
        ("private", "", ""),
    ],
)
def test_the_view_is_taken_from_its_code_where_view_position_is_empty(
    chest: Dataset, value: str, meaning: str, view: str
) -> None:
    code = item(CodeValue=value, CodingSchemeDesignator="SCT", CodeMeaning=meaning)
    sent = with_values(chest, ViewPosition="", ViewCodeSequence=sequence(code))
    assert read(sent).header.view_position == view


def test_body_part_and_laterality_are_found_where_newer_systems_put_them(chest: Dataset) -> None:
    region = item(CodeValue="51185008", CodingSchemeDesignator="SCT", CodeMeaning="Chest")
    sent = with_values(
        chest, BodyPartExamined=None, AnatomicRegionSequence=sequence(region), ImageLaterality="L"
    )
    header = read(sent).header
    assert (header.body_part, header.laterality) == ("CHEST", "L")


def test_a_film_that_is_not_of_the_chest_is_read_and_says_so(pydicom_films: Path) -> None:
    header = decode_film((pydicom_films / "RG3_UNCR.dcm").read_bytes()).header
    assert (header.body_part, header.laterality) == ("EXTREMITY", "R")


HEADER_TAGS = [
    "SpecificCharacterSet",
    "StudyDate", "StudyTime", "AccessionNumber", "Modality", "InstitutionName",
    "StudyDescription", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "PatientAge",
    "BodyPartExamined", "ViewPosition", "PixelSpacing", "ImagerPixelSpacing", "PixelAspectRatio",
    "WindowCenter", "WindowWidth", "RescaleIntercept", "RescaleSlope", "PixelPaddingValue", "ShutterShape",
    "CenterOfCircularShutter", "StudyInstanceUID", "SOPInstanceUID", "PresentationLUTShape", "VOILUTFunction",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keyword=st.sampled_from(HEADER_TAGS), damage=st.binary(max_size=40))
def test_no_damaged_header_value_keeps_a_film_from_being_read(
    chest: Dataset, keyword: str, damage: bytes
) -> None:
    if keyword == "Modality" or (keyword.startswith("Rescale") and b"e" in damage.lower()):
        return  # another modality is rightly refused, and so is a rescale that overflows
    data = with_raw_value(as_bytes_in(chest, ImplicitVRLittleEndian), keyword, damage)
    film = decode_film(data)
    assert film.shape == stored_pixels(chest).shape or keyword in {"PixelSpacing", "ImagerPixelSpacing",
                                                                   "PixelAspectRatio"}  # fmt: skip
    assert np.isfinite(film.pixels).all()


def with_raw_value(data: bytes, keyword: str, value: bytes) -> bytes:
    """A file in implicit VR little endian with one element replaced or added, its value as raw bytes."""
    wanted = Tag(keyword)
    at = 144 + int.from_bytes(data[140:144], "little")
    while True:
        group, element_number, length = struct.unpack_from("<HHI", data, at)
        tag, end = Tag(group, element_number), at + 8 + length
        if tag >= wanted:
            break
        at = end
    element = struct.pack("<HHI", wanted.group, wanted.element, len(value)) + value
    return data[:at] + element + data[end if tag == wanted else at :]
