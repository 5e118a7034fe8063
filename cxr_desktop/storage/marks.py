"""Remarks that the catalogue puts on films whose files contradict one another."""

from __future__ import annotations

from enum import StrEnum

from cxr_desktop.language import tr


class Mark(StrEnum):
    """Why a film was marked; the value is what the catalogue keeps."""

    SAME_PIXELS_OTHER_PATIENT = "same pixels, other patient"
    SAME_UID_OTHER_PIXELS = "same SOP Instance UID, other pixels"
    SAME_STUDY_OTHER_PATIENT = "same Study Instance UID, other patient"
    FILE_REPLACED = "file replaced"

    @property
    def sentence(self) -> str:
        """What the reader sees."""
        return _SENTENCES[self]


_SENTENCES = {
    Mark.SAME_PIXELS_OTHER_PATIENT: tr(
        "The very same picture is also listed for another patient. Make sure whose film it is "
        "before you report it."
    ),
    Mark.SAME_UID_OTHER_PIXELS: tr(
        "Another film has the same SOP Instance UID but other pixels. One of the two may be "
        "altered or mislabelled: compare them."
    ),
    Mark.SAME_STUDY_OTHER_PATIENT: tr(
        "Another film has the same Study Instance UID but another patient, so the two are kept "
        "apart. Make sure whose film it is before you report it."
    ),
    Mark.FILE_REPLACED: tr(
        "Its file has since been overwritten by another one. Open the original again to see this film."
    ),
}
