"""macOS: what the application's Info.plist says beyond its name."""

from __future__ import annotations

from typing import TypedDict

from cxr_desktop.installer.product import DICOM, FILE_TYPES, MODEL, NAME, SUMMARY, VERSION

Plist = dict[str, object]


class DocumentType(TypedDict):
    """A kind of file in Info.plist."""

    CFBundleTypeName: str
    CFBundleTypeRole: str
    LSHandlerRank: str
    LSItemContentTypes: list[str]


def document_types() -> list[DocumentType]:
    """The files that the program opens; the viewer that a hospital has stays the first choice."""
    return [
        DocumentType(
            CFBundleTypeName=each.title,
            CFBundleTypeRole="Viewer",
            LSHandlerRank="Alternate",
            LSItemContentTypes=[each.uti],
        )
        for each in FILE_TYPES
    ]


def info_plist() -> Plist:
    """The entries of Info.plist that PyInstaller does not write by itself."""
    suffixes = [suffix.removeprefix(".") for suffix in DICOM.suffixes]
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": VERSION,
        "CFBundleVersion": VERSION,
        "CFBundleGetInfoString": SUMMARY,
        "LSApplicationCategoryType": "public.app-category.medical",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": document_types(),
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": MODEL.uti,
                "UTTypeDescription": MODEL.title,
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [suffix.removeprefix(".") for suffix in MODEL.suffixes],
                    "public.mime-type": [MODEL.mime],
                },
            }
        ],
        # macOS knows the type, but not each of its suffixes.
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": DICOM.uti,
                "UTTypeDescription": DICOM.title,
                "UTTypeConformsTo": ["public.data", "public.image"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": suffixes,
                    "public.mime-type": [DICOM.mime],
                },
            }
        ],
    }
