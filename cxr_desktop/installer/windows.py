"""Windows: what the executables say of themselves, and the NSIS script that makes a setup program."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from cxr_desktop.installer.product import (
    COMMAND,
    FILE_TYPES,
    IDENTIFIER,
    LICENCE,
    NAME,
    SUMMARY,
    VERSION,
    Edition,
    folder_name,
)

WINDOW = f"{NAME}.exe"
# Under which Windows keeps how a film is opened, and how the program is removed.
_FILM_CLASS = f"{IDENTIFIER}.Film"
_CLASSES = r"Software\Classes"
_UNINSTALL = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{IDENTIFIER}"


def four_numbers() -> tuple[int, int, int, int]:
    """The version as Windows writes it."""
    numbers = [int(number) for number in VERSION.split(".")]
    first, second, third, fourth = [*numbers, 0, 0, 0, 0][:4]
    return first, second, third, fourth


def version_words(executable: str) -> dict[str, str]:
    """What Windows shows among an executable's properties."""
    return {
        "ProductName": NAME,
        "ProductVersion": VERSION,
        "FileDescription": SUMMARY,
        "FileVersion": VERSION,
        "InternalName": Path(executable).stem,
        "OriginalFilename": executable,
        "LegalCopyright": f"{LICENCE} licence",
        "CompanyName": NAME,
    }


def version_resource(executable: str) -> str:
    """The same as PyInstaller wants it: an expression in words of its own."""
    numbers = four_numbers()
    words = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in version_words(executable).items())
    language, code_page = 0x0409, 0x04B0  # American English, UTF-16
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('{language:04X}{code_page:04X}', [{words}])]), "
        f"VarFileInfo([VarStruct('Translation', [{language}, {code_page}])])])\n"
    )


def setup_name(edition: Edition) -> str:
    """Of the setup program."""
    return f"{folder_name(edition)}-{VERSION}-setup.exe"


def nsis_script(program: PureWindowsPath, icon: PureWindowsPath, edition: Edition, installed_kib: int) -> str:
    """The script for makensis 3.

    It installs for one user, who needs no administrator, and only offers the program for its kinds of files:
    what opened them before still does.

    Args:
        program: the built folder.
        icon: an .ico file.
        installed_kib: the folder's size.
    """
    version = ".".join(map(str, four_numbers()))
    words = version_words(setup_name(edition))
    keys = "\n".join(f'VIAddVersionKey "{key}" "{value}"' for key, value in words.items())
    suffixes = [suffix for each in FILE_TYPES for suffix in each.suffixes]
    offered = "\n".join(
        rf'  WriteRegStr HKCU "{_CLASSES}\{suffix}\OpenWithProgids" "{_FILM_CLASS}" ""' for suffix in suffixes
    )
    withdrawn = "\n".join(
        rf'  DeleteRegValue HKCU "{_CLASSES}\{suffix}\OpenWithProgids" "{_FILM_CLASS}"' for suffix in suffixes
    )
    return rf"""; Made by build_installer.spec. makensis makes {setup_name(edition)} of it.
Unicode true
!include "MUI2.nsh"

Name "{NAME}"
OutFile "{setup_name(edition)}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\{NAME}"
InstallDirRegKey HKCU "{_UNINSTALL}" "InstallLocation"
SetCompressor /SOLID lzma
VIProductVersion "{version}"
{keys}

!define MUI_ICON "{icon}"
!define MUI_UNICON "{icon}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\{WINDOW}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Section
  ; Nothing of an earlier version stays among the new one's parts. Films and settings lie elsewhere.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "{program}\*"
  CreateShortcut "$SMPROGRAMS\{NAME}.lnk" "$INSTDIR\{WINDOW}"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  WriteRegStr HKCU "{_CLASSES}\{_FILM_CLASS}" "" "{FILE_TYPES[0].title}"
  WriteRegStr HKCU "{_CLASSES}\{_FILM_CLASS}\DefaultIcon" "" "$INSTDIR\{WINDOW},0"
  WriteRegStr HKCU "{_CLASSES}\{_FILM_CLASS}\shell\open\command" "" '"$INSTDIR\{WINDOW}" "%1"'
{offered}
  WriteRegStr HKCU "{_UNINSTALL}" "DisplayName" "{NAME}"
  WriteRegStr HKCU "{_UNINSTALL}" "DisplayVersion" "{VERSION}"
  WriteRegStr HKCU "{_UNINSTALL}" "DisplayIcon" "$INSTDIR\{WINDOW}"
  WriteRegStr HKCU "{_UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "{_UNINSTALL}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegDWORD HKCU "{_UNINSTALL}" "EstimatedSize" {installed_kib}
  WriteRegDWORD HKCU "{_UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "{_UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\{WINDOW}"
  Delete "$INSTDIR\{COMMAND}.exe"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\{NAME}.lnk"
{withdrawn}
  DeleteRegKey HKCU "{_CLASSES}\{_FILM_CLASS}"
  DeleteRegKey HKCU "{_UNINSTALL}"
SectionEnd
"""
