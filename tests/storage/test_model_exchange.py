"""A model as one file: out, in, and everything that may be wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.bundle_manifest import MANIFEST_FILE, manifest_from_json
from cxr_desktop.domain.card_file import card_from_json, card_to_json
from cxr_desktop.domain.errors import BundleError, CatalogueError
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.storage.model_exchange import export_bundle, import_bundle, remove_bundle
from cxr_desktop.storage.model_library import ModelLibrary
from tests.training.tiny_bundle import write_tiny_bundle

ID = "tiny"
Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "made" / ID
    card = write_tiny_bundle(folder, ID)
    named = replace(card, provenance=replace(card.provenance, created_by="Dr Example"))
    (folder / "card.json").write_bytes(card_to_json(named))
    return folder


@pytest.fixture
def exported(bundle: Path, tmp_path: Path) -> Path:
    file = tmp_path / "tiny.cxrmodel"
    export_bundle(bundle, card_of(bundle), file)
    return file


def card_of(bundle: Path) -> ModelCard:
    card = card_from_json((bundle / "card.json").read_bytes())
    assert isinstance(card, ModelCard)
    return card


def taken_in(file: Path, models: Path) -> Path:
    return import_bundle(file, models, (), lambda folder: None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rewritten(file: Path, to: Path, change: Change, pack: int = zipfile.ZIP_STORED) -> Path:
    """The archive with its entries changed; its manifest only where `change` does so."""
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(to, "w", pack) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return to


def manifest_with(entries: dict[str, bytes], **changes: object) -> None:
    entries[MANIFEST_FILE] = msgspec.json.encode(msgspec.json.decode(entries[MANIFEST_FILE]) | changes)


def test_a_model_comes_out_of_its_file_as_it_went_in(bundle: Path, exported: Path, tmp_path: Path) -> None:
    models = tmp_path / "data" / "models"
    checked: list[dict[str, bytes]] = []
    folder = import_bundle(exported, models, (), lambda draft: checked.append(contents(draft)))
    assert contents(folder) == contents(bundle)
    assert checked == [contents(bundle)]  # whole, before it is among the models
    assert [path.name for path in models.iterdir()] == [folder.name]
    assert ModelLibrary(tmp_path / "none", models).find(ID).folder == folder
    if sys.platform != "win32":
        assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))


def test_the_maker_may_be_left_out(bundle: Path, tmp_path: Path) -> None:
    export_bundle(bundle, card_of(bundle), tmp_path / "x", with_maker=False)
    assert b"Dr Example" not in (tmp_path / "x").read_bytes()
    folder = taken_in(tmp_path / "x", tmp_path / "models")
    assert card_of(folder) == replace(
        card_of(bundle), provenance=replace(card_of(bundle).provenance, created_by="")
    )


def test_a_model_that_is_there_is_not_taken_in_twice(exported: Path, tmp_path: Path) -> None:
    folder = taken_in(exported, tmp_path / "models")
    before = contents(folder)
    with pytest.raises(BundleError, match="there already"):
        taken_in(exported, tmp_path / "models")
    assert contents(folder) == before
    with pytest.raises(BundleError, match="there already"):
        import_bundle(exported, tmp_path / "others", {(ID, "2026.11.21")}, lambda folder: None)


def test_a_model_that_fails_its_check_leaves_nothing(exported: Path, tmp_path: Path) -> None:
    def check(folder: Path) -> None:
        raise BundleError("The network cannot be run.")

    with pytest.raises(BundleError, match="cannot be run"):
        import_bundle(exported, tmp_path / "models", (), check)
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda entries: entries.update({"model.onnx": entries["model.onnx"][:-1]}), "SHA-256 differs"),
        (lambda entries: entries.update({"model.onnx": entries["model.onnx"] + b"x"}), "SHA-256 differs"),
        (lambda entries: entries.update({"card.json": b"{}"}), "SHA-256 differs"),
        (lambda entries: entries.pop("model.onnx"), "does not hold what it lists"),
        (lambda entries: entries.update({"more.txt": b""}), "does not hold what it lists"),
        (lambda entries: entries.update({"../evil.txt": b""}), "does not hold what it lists"),
        (lambda entries: entries.pop(MANIFEST_FILE), "no model"),
        (lambda entries: entries.update({MANIFEST_FILE: b"{"}), "cannot be read"),
        (lambda entries: manifest_with(entries, format="another"), "no model of this program"),
        (lambda entries: manifest_with(entries, schema=2), "Update the program"),
        (lambda entries: manifest_with(entries, files={}), "no card.json"),
        (lambda entries: manifest_with(entries, id="another"), "do not agree"),
    ],
)
def test_what_is_not_as_it_was_exported_is_refused_and_leaves_nothing(
    exported: Path, tmp_path: Path, change: Change, said: str
) -> None:
    file = rewritten(exported, tmp_path / "changed", change)
    with pytest.raises(BundleError, match=said):
        taken_in(file, tmp_path / "models")
    assert not (tmp_path / "models").exists() or list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "a/b.txt", "a\\b.txt", "/etc/evil", "C:evil", "C:\\evil", "..", ".hidden", "x:y", "a\n"],
)
def test_a_name_that_leads_elsewhere_is_refused(exported: Path, tmp_path: Path, name: str) -> None:
    def change(entries: dict[str, bytes]) -> None:
        files = msgspec.json.decode(entries[MANIFEST_FILE])["files"]
        manifest_with(entries, files=files | {name: {"size": 1, "sha256": "00"}})
        entries[name] = b"x"

    file = rewritten(exported, tmp_path / "changed", change)
    with pytest.raises(BundleError, match="places outside"):
        taken_in(file, tmp_path / "models")
    assert not (tmp_path / "evil.txt").exists()


def test_a_card_of_another_schema_is_refused_with_its_words(bundle: Path, tmp_path: Path) -> None:
    card = replace(card_of(bundle), schema=99)
    export_bundle(bundle, card, tmp_path / "x")
    with pytest.raises(BundleError, match=r"schema 99.*Update the program"):
        taken_in(tmp_path / "x", tmp_path / "models")


def test_a_file_that_unpacks_without_end_is_refused_unopened(exported: Path, tmp_path: Path) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["model.onnx"] = bytes(30_000_000)
        files = msgspec.json.decode(entries[MANIFEST_FILE])["files"]
        files["model.onnx"]["size"] = 30_000_000
        manifest_with(entries, files=files)

    bomb = rewritten(exported, tmp_path / "bomb", change, zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 100_000
    with pytest.raises(BundleError, match="would unpack to 30 MB"):
        taken_in(bomb, tmp_path / "models")


def test_an_entry_that_is_larger_than_it_says_is_not_unpacked_further(exported: Path, tmp_path: Path) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["model.onnx"] = bytes(50_000_000)

    bomb = rewritten(exported, tmp_path / "bomb", change, zipfile.ZIP_DEFLATED)
    seen: list[int] = []
    with pytest.raises(BundleError, match="SHA-256 differs"):
        import_bundle(bomb, tmp_path / "models", (), lambda folder: seen.append(1))
    assert not seen and list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.97, 0.999])
def test_a_truncated_file_is_refused(exported: Path, tmp_path: Path, share: float) -> None:
    whole = exported.read_bytes()
    (tmp_path / "half").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(BundleError, match=r"damaged|no model"):
        taken_in(tmp_path / "half", tmp_path / "models")


@given(st.data())
def test_a_file_with_any_byte_changed_is_refused_or_gives_the_same_model(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("byte")
    card = write_tiny_bundle(folder / ID, ID)
    export_bundle(folder / ID, card, folder / "x")
    content = bytearray((folder / "x").read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    (folder / "x").write_bytes(content)
    try:
        taken = taken_in(folder / "x", folder / "models")
    except BundleError:
        assert not (folder / "models").exists() or list((folder / "models").iterdir()) == []
    else:
        assert card_of(taken) == card
        assert (taken / "model.onnx").read_bytes() == (folder / ID / "model.onnx").read_bytes()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_another_kind_of_file_is_no_model(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BundleError, match="no model"):
        taken_in(tmp_path / "x", tmp_path / "models")
    with pytest.raises(BundleError, match="cannot be read"):
        taken_in(tmp_path / "missing", tmp_path / "models")


def test_a_program_killed_in_the_middle_leaves_no_model(exported: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    program = (
        "import os, sys; from pathlib import Path\n"
        "from cxr_desktop.storage.model_exchange import import_bundle\n"
        "import_bundle(Path(sys.argv[1]), Path(sys.argv[2]), (), lambda folder: os._exit(9))"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(exported), str(models)], check=False)
    assert ended.returncode == 9
    (half,) = models.iterdir()
    assert half.name.startswith(".")
    library = ModelLibrary(tmp_path / "none", models)
    assert library.models() == []
    long_ago = time.time() - 3 * 86_400
    os.utime(half, (long_ago, long_ago))
    folder = taken_in(exported, models)
    assert list(models.iterdir()) == [folder]  # what was left is gone by then


def test_a_full_disk_leaves_neither_half_a_model_nor_half_a_file(
    bundle: Path, exported: Path, tiny_disk: Path
) -> None:
    fill(tiny_disk)
    with pytest.raises((BundleError, CatalogueError), match=r"free|full"):
        taken_in(exported, tiny_disk / "models")
    assert not (tiny_disk / "models").exists() or list((tiny_disk / "models").iterdir()) == []
    with pytest.raises(BundleError, match="could not be written"):
        export_bundle(bundle, card_of(bundle), tiny_disk / "x")
    assert not (tiny_disk / "x").exists()


def fill(disk: Path) -> None:
    with pytest.raises(OSError, match="space"), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_removed_model_is_gone(bundle: Path) -> None:
    remove_bundle(bundle)
    assert list(bundle.parent.iterdir()) == []


@given(st.binary(max_size=60))
def test_no_manifest_but_a_true_one_is_read(data: bytes) -> None:
    with pytest.raises(BundleError):
        manifest_from_json(data)
