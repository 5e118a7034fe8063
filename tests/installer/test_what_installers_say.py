"""What the installers of the three systems tell them, all of it from one place."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree

import pytest
from PIL import Image

from cxr_desktop.app.check_up.computer import LIBRARIES
from cxr_desktop.domain.bundle_manifest import MODEL_FILE_SUFFIX
from cxr_desktop.imaging.intake import FILM_SUFFIXES
from cxr_desktop.installer import contents, icons, linux, macos, product, windows
from cxr_desktop.installer.parts import parts_of, size_of, table_of
from tests.conftest import PROJECT

_MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def nsis(edition: product.Edition = "reader") -> str:
    return windows.nsis_script(
        PureWindowsPath(r"C:\dist\cxr-desktop"), PureWindowsPath("icon.ico"), edition, 700_000
    )


def test_the_system_is_told_of_each_kind_of_file_that_is_read() -> None:
    told = {suffix for each in product.FILE_TYPES for suffix in each.suffixes}
    assert told == FILM_SUFFIXES | {".zip", MODEL_FILE_SUFFIX}


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == product.VERSION


def test_the_entry_of_the_menu_starts_the_program_with_the_films_named() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read_string(linux.desktop_entry())
    (section,) = entry.sections()
    assert section == "Desktop Entry"
    values = dict(entry[section])
    assert values["Exec"] == f"{linux.PLACE}/{product.COMMAND} %F"
    assert values["MimeType"].rstrip(";").split(";") == [each.mime for each in product.FILE_TYPES]
    assert values["Terminal"] == "false"


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed"
)
def test_the_entry_of_the_menu_keeps_to_its_specification(tmp_path: Path) -> None:
    file = tmp_path / "cxr-desktop.desktop"
    file.write_text(linux.desktop_entry(), encoding="utf-8")
    said = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "")


def test_dicom_is_described_by_its_suffixes_and_its_first_bytes() -> None:
    root = ElementTree.fromstring(linux.mime_package())
    kind, model = root
    assert kind.get("type") == "application/dicom"
    patterns = {glob.get("pattern") for glob in kind.iter(f"{_MIME}glob")}
    assert patterns == {f"*{suffix}" for suffix in product.DICOM.suffixes} | {"DICOMDIR"}
    (magic,) = kind.iter(f"{_MIME}match")
    assert (magic.get("value"), magic.get("offset")) == ("DICM", "128")
    assert model.get("type") == product.MODEL.mime
    assert [glob.get("pattern") for glob in model.iter(f"{_MIME}glob")] == ["*.cxrmodel"]


@pytest.mark.parametrize("edition", product.EDITIONS)
def test_one_edition_takes_the_others_place(edition: product.Edition) -> None:
    control = linux.debian_control(edition, 2_048_000)
    fields = dict(re.findall(r"^([A-Z][A-Za-z-]+): (.*)$", control, re.MULTILINE))
    assert fields["Installed-Size"] == "2000"
    names = {product.folder_name(each) for each in product.EDITIONS}
    assert {fields["Package"], fields["Conflicts"]} == names
    assert control.endswith("\n") and "\n\n" not in control


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="this system has no dpkg-deb")
def test_a_debian_package_holds_program_menu_types_and_icons(tmp_path: Path) -> None:
    folder = tmp_path / "cxr-desktop-reader"
    (folder / "_internal").mkdir(parents=True)
    (folder / product.COMMAND).write_text("#!/bin/sh\n", encoding="utf-8")
    package = linux.build_deb(folder, "reader")
    listed = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True)
    for place in (
        "./opt/cxr-desktop/cxr-desktop",
        "./usr/bin/cxr-desktop -> /opt/cxr-desktop/cxr-desktop",
        "./usr/share/applications/cxr-desktop.desktop",
        "./usr/share/mime/packages/cxr-desktop.xml",
        "./usr/share/icons/hicolor/scalable/apps/cxr-desktop.svg",
        "./usr/share/icons/hicolor/48x48/apps/cxr-desktop.png",
    ):
        assert f" {place}\n" in listed.stdout
    assert " root/root " in listed.stdout.splitlines()[0]
    assert (folder / product.COMMAND).exists()  # given back
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([folder.name, package.name])


def test_what_the_windows_setup_registers_it_takes_away_again() -> None:
    script = nsis()
    written = set(
        re.findall(r'WriteRegStr HKCU "([^"]+)" "CXR|WriteRegStr HKCU "([^"]+OpenWithProgids)"', script)
    )
    offered = {key for pair in written for key in pair if key}
    withdrawn = set(re.findall(r'DeleteRegValue HKCU "([^"]+)"', script))
    assert offered == withdrawn
    assert {key.split("\\")[2] for key in offered} == {
        s for each in product.FILE_TYPES for s in each.suffixes
    }
    assert re.findall(r'DeleteRegKey HKCU "([^"]+)"', script) == [
        r"Software\Classes\org.cxr-desktop.CXRDesktop.Film",
        r"Software\Microsoft\Windows\CurrentVersion\Uninstall\org.cxr-desktop.CXRDesktop",
    ]


def test_the_windows_setup_opens_films_in_the_window_and_not_in_a_terminal() -> None:
    script = nsis("full")
    assert r"""\shell\open\command" "" '"$INSTDIR\CXR Desktop.exe" "%1"'""" in script
    assert 'OutFile "cxr-desktop-0.1.0-setup.exe"' in script
    assert 'VIProductVersion "0.1.0.0"' in script


def test_windows_shows_version_and_name_among_an_executables_properties() -> None:
    # PyInstaller evaluates it with classes of these names; here each gives back what it was given.
    classes = (
        "VSVersionInfo",
        "FixedFileInfo",
        "StringFileInfo",
        "StringTable",
        "StringStruct",
        "VarFileInfo",
    )
    names = {name: lambda *given, **named: (*given, *named.values()) for name in (*classes, "VarStruct")}
    (fixed, kids) = eval(windows.version_resource("cxr-desktop.exe"), names)
    assert fixed == ((0, 1, 0, 0), (0, 1, 0, 0))
    (((language, words),),), (((_, translation),),) = kids
    assert int(language, 16) == translation[0] << 16 | translation[1]
    assert dict(words)["OriginalFilename"] == "cxr-desktop.exe"
    assert dict(words)["ProductVersion"] == product.VERSION


@pytest.mark.skipif(shutil.which("makensis") is None, reason="nsis is not installed")
def test_makensis_understands_the_script(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / windows.WINDOW).write_bytes(b"MZ")
    icon = icons.write_icon(product.ICON, tmp_path / "icon.ico", icons.WINDOWS_SIZES)
    script = tmp_path / "setup.nsi"
    text = windows.nsis_script(PureWindowsPath(program), PureWindowsPath(icon), "reader", 700_000)
    # The script's paths are those of Windows, but this makensis runs here.
    script.write_text(text.replace(str(PureWindowsPath(tmp_path)), str(tmp_path)), encoding="utf-8-sig")
    said = subprocess.run(["makensis", "-V2", "-WX", script], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert (tmp_path / windows.setup_name("reader")).stat().st_size > 10_000


def test_macos_is_told_of_each_kind_of_file_and_leaves_the_first_place_to_others() -> None:
    plist = plistlib.loads(plistlib.dumps(macos.info_plist()))
    kinds = [kind for each in plist["CFBundleDocumentTypes"] for kind in each["LSItemContentTypes"]]
    assert kinds == [each.uti for each in product.FILE_TYPES]
    assert {each["LSHandlerRank"] for each in plist["CFBundleDocumentTypes"]} == {"Alternate"}
    (dicom,) = plist["UTImportedTypeDeclarations"]
    assert dicom["UTTypeTagSpecification"]["public.filename-extension"] == ["dcm", "dicom", "dic", "ima"]
    (model,) = plist["UTExportedTypeDeclarations"]
    assert model["UTTypeTagSpecification"]["public.filename-extension"] == ["cxrmodel"]


@pytest.mark.parametrize(
    ("suffix", "sizes"),
    [(".ico", icons.WINDOWS_SIZES), (".icns", icons.MAC_SIZES), (".png", icons.LINUX_SIZES[:1])],
)
def test_icons_are_drawn_in_each_size(suffix: str, sizes: tuple[int, ...], tmp_path: Path) -> None:
    with Image.open(icons.write_icon(product.ICON, tmp_path / f"icon{suffix}", sizes)) as icon:
        held = {size[0] * (size[2] if len(size) > 2 else 1) for size in icon.info.get("sizes", [icon.size])}
        assert held == set(sizes)
        picture = icon.convert("RGBA")
    assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
    assert picture.getpixel((picture.width // 2, picture.height // 2))[3] == 255  # type: ignore[index]


def test_what_is_left_out_exists_but_for_what_others_look_for() -> None:
    for edition in product.EDITIONS:
        modules = [module for each in contents.LEFT_OUT[edition] for module in each.modules]
        assert len(modules) == len(set(modules))
        assert all(each.why for each in contents.LEFT_OUT[edition])
    assert not any(module == "onnx" for each in contents.LEFT_OUT["reader"] for module in each.modules)


@pytest.mark.parametrize(
    ("place", "out"),
    [
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        (r"PySide6\translations\qtbase_de.qm", False),
        ("PySide6/Qt/translations/qtdeclarative_de.qm", True),
        (r"PySide6\translations\linguist_de.qm", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("skimage/data/__init__.pyi", False),
    ],
)
def test_files_that_nothing_opens_stay_out(place: str, out: bool) -> None:
    assert contents.is_left_out(place) == out


def test_the_largest_parts_come_first(tmp_path: Path) -> None:
    for place, size in (("_internal/numpy/core.so", 3_000_000), ("_internal/numpy.libs/blas.so", 2_000_000)):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(bytes(size))
    (tmp_path / "_internal" / "link.so").symlink_to("numpy/core.so")
    (tmp_path / "program").write_bytes(bytes(1_000_000))
    lines = table_of(parts_of(tmp_path)).splitlines()
    assert [line.split() for line in lines] == [
        ["5.0", "MB", "numpy"], ["1.0", "MB", "program"], ["6.0", "MB", "all", "together"],
    ]  # fmt: skip
    assert 6_000_000 <= size_of(tmp_path) < 6_001_000


def test_nothing_of_the_program_needs_what_makes_its_installers() -> None:
    program = (
        "import sys, cxr_desktop.cli.main, cxr_desktop.cli.commands, cxr_desktop.app.window;"
        "print([name for name in sys.modules if name.startswith('cxr_desktop.installer')])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_look_at_a_computer_can_name_the_libraries_of_an_installed_program() -> None:
    assert set(LIBRARIES) - {"onnxruntime"} <= set(contents.METADATA["full"])
    assert any(name.startswith("onnxruntime") for name in contents.METADATA["reader"])
