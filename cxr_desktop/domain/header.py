"""Who and what a film shows, as far as its file says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cxr_desktop.language import tr


@dataclass(frozen=True)
class PersonName:
    """The three groups of a DICOM person name (PS3.5 6.2.1), decoded, with ^ between the components."""

    alphabetic: str = ""
    ideographic: str = ""
    phonetic: str = ""

    def __str__(self) -> str:
        """For display: "Buc, Jérôme"; an ideographic name stands behind: "Yamada, Tarou (山田 太郎)"."""
        family, _, given = self.alphabetic.partition("^")
        given = " ".join(part for part in given.split("^") if part)
        readable = ", ".join(part for part in (family.strip(), given.strip()) if part)
        native = " ".join(part for part in self.ideographic.split("^") if part)
        if readable and native:
            return f"{readable} ({native})"
        return readable or native or " ".join(part for part in self.phonetic.split("^") if part)


@dataclass(frozen=True)
class FilmHeader:
    """What a reader wants to know of a film. Empty strings and None where the file does not say.

    Attributes:
        age_years: age at the study, in years (fractions for infants), from Patient's Age (D/W/M/Y) or
            else from birth date and study date.
        sex: "F", "M", "O" or "".
        study_datetime: local time as the file gives it, without a time zone.
        view_position: "PA", "AP", "LL", "RL", "LATERAL", … as in View Position, or derived from its code.
        modality: "CR", "DX", "RG", "OT", … or "" for a picture file.
    """

    patient_name: PersonName = field(default_factory=PersonName)
    patient_id: str = ""
    birth_date: date | None = None
    age_years: float | None = None
    sex: str = ""
    study_datetime: datetime | None = None
    study_description: str = ""
    accession_number: str = ""
    view_position: str = ""
    laterality: str = ""
    modality: str = ""
    body_part: str = ""
    institution: str = ""
    study_instance_uid: str = ""
    series_instance_uid: str = ""
    sop_instance_uid: str = ""

    def completed(self, view: str, age_years: float | None, sex: str) -> FilmHeader:
        """This header, with what a table says of the film where the file itself does not."""
        return replace(
            self,
            view_position=self.view_position.strip() or view,
            age_years=age_years if self.age_years is None else self.age_years,
            sex=self.sex or sex,
        )

    @property
    def is_lateral(self) -> bool:
        """Whether the file calls this a view from the side."""
        view = self.view_position.strip().upper()
        return view in {"LL", "RL", "LLD", "RLD", "LLO", "RLO", "LAT", "LATERAL"}


def age_text(age_years: float | None) -> str:
    """An age as radiologists write it: "4 y", "7 mo", "12 d"; "" when unknown."""
    if age_years is None:
        return ""
    days = age_years * 365.25
    if days < 31:
        return tr("{days} d", days=round(days))
    if age_years < 2:
        return tr("{months} mo", months=int(age_years * 12 + 1e-6))
    return tr("{years} y", years=int(age_years + 1e-6))
