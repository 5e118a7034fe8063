"""Which DICOM objects are radiographs of the kind that is read here."""

from __future__ import annotations

import re

from pydicom.dataset import Dataset
from pydicom.uid import UID

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.imaging.dicom_values import integer, text
from cxr_desktop.language import tr

# "RG" is digitised film; "DR", "SC" and "HC" are no current terms of PS3.3 C.7.3.1.1.1 but occur.
RADIOGRAPHS = frozenset({"CR", "DX", "RG", "DR", "OT", "SC", "HC", ""})

_IMAGES = {
    "CT": tr("a CT slice"),
    "MR": tr("an MR slice"),
    "US": tr("an ultrasound image"),
    "IVUS": tr("an intravascular ultrasound image"),
    "NM": tr("a nuclear medicine image"),
    "PT": tr("a PET slice"),
    "MG": tr("a mammogram"),
    "XA": tr("an angiogram"),
    "RF": tr("a fluoroscopy image"),
    "IO": tr("a dental radiograph"),
    "PX": tr("a panoramic dental radiograph"),
    "BMD": tr("a bone densitometry image"),
    "ES": tr("an endoscopic image"),
    "XC": tr("a photograph"),
    "GM": tr("a microscopic image"),
    "SM": tr("a slide microscopy image"),
    "OP": tr("a photograph of the eye"),
    "OPT": tr("a tomogram of the eye"),
    "RTIMAGE": tr("a radiotherapy image"),
    "RTDOSE": tr("a radiotherapy dose"),
    "SEG": tr("a segmentation"),
}
_WITHOUT_IMAGE = {
    "SR": tr("structured report"),
    "PR": tr("presentation state"),
    "KO": tr("list of key images"),
    "DOC": tr("document"),
    "RTPLAN": tr("radiotherapy plan"),
    "RTSTRUCT": tr("set of radiotherapy structures"),
    "ECG": tr("waveform"),
    "HD": tr("waveform"),
    "AU": tr("sound recording"),
    "REG": tr("registration"),
}
# By SOP Class (PS3.6 A), for objects whose Modality is missing or wrong. The first match counts.
_BY_SOP_CLASS: tuple[tuple[str, str], ...] = (
    ("Mammography|Breast", "MG"),
    ("IntraOral", "IO"),
    ("Angiographic|EnhancedXA|3DCraniofacial", "XA"),
    ("Radiofluoroscopic|EnhancedXRF", "RF"),
    ("Ultrasound", "US"),
    ("^(Legacy|Enhanced|Converted)*(CT)Image", "CT"),
    ("^(Legacy|Enhanced|Converted)*(MR)(Color)?Image|^MRSpectroscopy", "MR"),
    ("^(Legacy|Enhanced|Converted)*(PET)Image|PositronEmission", "PT"),
    ("NuclearMedicine", "NM"),
    ("^RTImage", "RTIMAGE"),
    ("^RTDose", "RTDOSE"),
    ("Segmentation", "SEG"),
    ("Ophthalmic", "OP"),
    ("VLEndoscopic|VideoEndoscopic", "ES"),
    ("VLMicroscopic|VideoMicroscopic|VLSlide|VLWholeSlide", "SM"),
    ("VLPhotographic|VideoPhotographic", "XC"),
    ("PresentationState", "PR"),
    ("KeyObject", "KO"),
    ("SRStorage|TextSR|CADSR|DoseSR|Comprehensive|ProcedureLog", "SR"),
    ("Encapsulated", "DOC"),
    ("Waveform|ECG", "ECG"),
    ("^RT.*Plan", "RTPLAN"),
    ("^RTStructure", "RTSTRUCT"),
    ("Registration", "REG"),
)
_REMEDY = tr("this program reads chest radiographs (CR, DX). Send the chest X-ray instead.")


def check_scope(dataset: Dataset) -> None:
    """Refuses what is no single radiograph, by the header alone.

    Which part of the body it shows is not asked here: the image checks do that, with the film in view.

    Raises:
        UnreadableImage: another modality, an object without an image, or several frames.
    """
    modality = text(dataset, "Modality").upper()
    meta = getattr(dataset, "file_meta", Dataset())
    sop_class_uid = text(dataset, "SOPClassUID") or text(meta, "MediaStorageSOPClassUID")
    by_class = _modality_of_class(sop_class_uid)
    for each in (by_class, modality):
        if each in _WITHOUT_IMAGE:
            raise UnreadableImage(
                tr(
                    "This is a DICOM {object} without an image; {remedy}",
                    object=_WITHOUT_IMAGE[each],
                    remedy=_REMEDY,
                )
            )
        if each in _IMAGES:
            raise UnreadableImage(tr("This is {image}; {remedy}", image=_IMAGES[each], remedy=_REMEDY))
    if modality not in RADIOGRAPHS:
        raise UnreadableImage(
            tr('This is a DICOM object of modality "{modality}"; {remedy}', modality=modality, remedy=_REMEDY)
            if re.fullmatch("[A-Z]{2,8}", modality)
            else tr("This is a DICOM object of an unknown modality; {remedy}", remedy=_REMEDY)
        )
    frames = integer(dataset, "NumberOfFrames")
    if frames is not None and frames > 1:
        raise UnreadableImage(
            tr(
                "The file holds {frames} frames; a film has one. Send the chest X-ray as a single image.",
                frames=frames,
            )
        )


def _modality_of_class(sop_class_uid: str) -> str:
    """The modality that a SOP Class implies, where it implies one that is not read here; else ""."""
    keyword = UID(sop_class_uid).keyword
    return next((code for pattern, code in _BY_SOP_CLASS if re.search(pattern, keyword)), "")
