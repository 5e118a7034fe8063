"""A language is added as the README tells, and the window then speaks it."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cxr_desktop import LANGUAGE_VARIABLE
from cxr_desktop.domain.help_text import help_chapters
from cxr_desktop.training.architectures import ARCHITECTURES
from tests.conftest import PROJECT
from tests.test_readme import block

LANGUAGES = PROJECT / "resources" / "languages"
BEGIN, END = "⟦", "⟧"
# What is nobody's words: names of models, files, layers, colour maps and keys, and codes.
NOT_WORDS = re.compile(
    r"ResNet\d+|Brightness|SHA-256 \w+|"
    r"CXR Desktop|Xception|CNN|cnn|xception|NORMAL|PNEUMONIA|DICOM|AUC|ROC|LIME|Grad-CAM|"
    r"\b(JPEG|PNG|CSV|CPU|ID)\b|\w*_\w*|\bevidence\b|/[\w/. ]+|[\w ]+\.(jpe?g|dcm|png)|\bdamaged\b|"
    r"Inferno|Cividis|Viridis|Magma|Plasma|Turbo|Jet|"
    r"English|Українська|Ctrl|Shift|Alt|PgUp|PgDown|Del|Backspace|Home|End|Esc|Space"
)
# Qt's setters of what a reader sees, and its widgets that take words when they are made.
TAKES_WORDS = frozenset(
    (
        *(
            "QLabel",
            "QPushButton",
            "QToolButton",
            "QCheckBox",
            "QRadioButton",
            "QGroupBox",
            "QAction",
            "QMenu",
        ),
        *("setText", "setToolTip", "setStatusTip", "setWindowTitle", "setPlaceholderText", "setTitle"),
        *("setAccessibleName", "setAccessibleDescription", "setInformativeText", "setLabelText"),
        *("setSpecialValueText", "addAction", "addMenu", "addRow"),
    )
)
# A sentence that its translator has spoiled.
SLIP = "{rows} saved"
# What a training writes of shortcuts into a card, and a comparison into its reasons.
SHORTCUTS = """
import numpy as np
from cxr_desktop.domain.comparison import judge
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.domain.shortcut_words import condition_in_words, shortcut_in_words
from cxr_desktop.training.shortcuts import _CHANGES, _figure, _heat_figures
truth, before = np.array([True, False] * 2), np.full(4, 0.5)
some, none = np.array([0.5, 0.5, 0.5, np.nan]), np.full(4, np.nan)
changes = [_figure(name, truth, before, after, 1) for name in _CHANGES for after in (some, none)]
for each in (*changes, *_heat_figures([(0.5, 0.6)])):
    print(each.name, "=", shortcut_in_words(each.name))
    print(each.condition, "=", condition_in_words(each.condition))
    print("reason", "=", judge(100, 100, Estimate(0, 0, 0), broken=[each.name])[1][0])
"""
LINK = re.compile(r"\]\(([^)]+)\)")
WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def ukrainian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with one language more, made by the README's recipe; its words stand in ⟦brackets⟧."""
    place = tmp_path_factory.mktemp("program")
    shutil.copytree(
        PROJECT / "cxr_desktop", place / "cxr_desktop", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(PROJECT / "README.md", place)
    (place / "tests").symlink_to(PROJECT / "tests")
    (place / "resources").mkdir()
    for each in (PROJECT / "resources").iterdir():
        if each != LANGUAGES:
            (place / "resources" / each.name).symlink_to(each)
    follow(block("add-a-language").replace("-l fr", "-l uk"), place)
    (table,) = place.glob("resources/languages/uk/LC_MESSAGES/*.po")
    with table.open("rb") as file:
        words = read_po(file, "uk")
    for message in words:
        if message.id:
            if isinstance(message.id, tuple):
                one, many = map(bracketed, message.id)
                message.string = (one, *[many] * (words.num_plurals - 1))
            else:
                message.string = bracketed(message.id)
    words.get(SLIP).string = "{nothing of the kind}"
    with table.open("wb") as file:
        write_po(file, words)
    # A "% of" would look like a format of its own to the tool, which then warns of each translation.
    assert not [message.id for message in words if message.python_format]
    follow(block("compile-languages"), place)
    return place


def bracketed(text: str) -> str:
    """A text in brackets, but for what is put into it, which has to bring its own."""
    return BEGIN + re.sub(r"(?<!\{)(\{[^{}]+\})", rf"{END}\1{BEGIN}", text) + END


def follow(recipe: str, place: Path) -> None:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "-ec", recipe], cwd=place, check=True, env={**os.environ, "PATH": beside})


@pytest.mark.timeout(300)
def test_a_language_added_by_the_recipe_is_spoken_by_the_window(ukrainian: Path, tmp_path: Path) -> None:
    shown = texts_of_window(ukrainian, tmp_path, language="uk")
    assert shown.pop("layout") == "LeftToRight"
    translated = [text for text in shown if BEGIN in text]
    assert len(translated) > 500
    foreign = {text: place for text, place in shown.items() if untranslated(text)}
    assert not foreign, "\n".join(f"{place}: {text!r}" for text, place in foreign.items())


def untranslated(text: str) -> str:
    """The words of a text that stand in no brackets."""
    bare = unescape(re.sub(r"<[^>]*>", " ", text))
    bare = re.sub(f"{BEGIN}[^{BEGIN}{END}]*{END}", " ", bare)
    for words in of_models():
        bare = bare.replace(words, " ")
    return " ".join(WORD.findall(NOT_WORDS.sub(" ", bare)))


@cache
def of_models() -> list[str]:
    """Names of networks, and what the bundled models tell of themselves; the longest first.

    Names of operating points and what is measured of shortcuts have words in each language.
    """
    cards = [read_json(each) for each in sorted((PROJECT / "resources" / "models").glob("*/card.json"))]
    told = [card[part] for card in cards for part in card.keys() - {"operating_points", "shortcuts"}]
    names = {name for record in ARCHITECTURES.values() for name in (record.id, record.name)}
    # Without the empty ones: these are everywhere, and to take them out would leave no two letters together.
    return sorted({*strings_in(told), *names} - {""}, key=len, reverse=True)


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def strings_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict() | list():
            for each in value.values() if isinstance(value, dict) else value:
                yield from strings_in(each)


def texts_of_window(program: Path, scratch: Path, language: str) -> dict[str, str]:
    """Each text of all windows, with where it stands."""
    environment = {**os.environ, LANGUAGE_VARIABLE: language, "PYTHONPATH": str(program)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.app.foreign_window", str(scratch)],
        cwd=program, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    texts: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return texts


def test_the_language_is_the_settings_else_the_desktops_else_english(ukrainian: Path, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    assert spoken(ukrainian, home) == "en"
    assert spoken(ukrainian, {**home, "LANG": "uk_UA.UTF-8"}) == "uk"
    assert spoken(ukrainian, {**home, "LANG": "uk_UA.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}) == "en"
    assert spoken(ukrainian, {**home, "LANG": "en_GB.UTF-8", "LANGUAGE": "tlh:uk"}) == "uk"
    assert spoken(ukrainian, {**home, "LANG": "tok", "LC_ALL": "no locale"}) == "en"
    settings = tmp_path / "cxr-desktop" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"language": "uk"}', encoding="utf-8")
    assert spoken(ukrainian, home) == "uk"
    assert spoken(ukrainian, {**home, LANGUAGE_VARIABLE: "en"}) == "en"
    settings.write_text('{"language": "tlh"}', encoding="utf-8")  # was removed since
    assert spoken(ukrainian, home) == "en"
    settings.write_text("damaged", encoding="utf-8")
    assert spoken(ukrainian, home) == "en"


def test_commands_speak_english_and_a_trainer_as_the_window_that_started_it(
    ukrainian: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "cxr-desktop" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"language": "uk"}', encoding="utf-8")
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    refused = ("explain", str(settings), "--output", str(tmp_path / "out"))
    assert BEGIN not in said(ukrainian, home, "-m", "cxr_desktop", *refused)
    assert BEGIN in said(ukrainian, {**home, LANGUAGE_VARIABLE: "uk"}, "-m", "cxr_desktop", *refused)


def test_thousands_are_apart_by_what_nobody_takes_for_a_decimal_point(ukrainian: Path) -> None:
    program = "from cxr_desktop.language import tr; print(ascii(tr('{films:,} films', films=12345)))"
    assert "'12,345 films'" in said(ukrainian, {LANGUAGE_VARIABLE: "en"}, "-c", program)
    assert "12\\u202f345 films" in said(ukrainian, {LANGUAGE_VARIABLE: "uk"}, "-c", program)


def test_a_translators_slip_shows_the_english_sentence(ukrainian: Path) -> None:
    program = "from cxr_desktop.language import tr; print(tr('{rows} saved', rows='3 rows'))"
    assert said(ukrainian, {LANGUAGE_VARIABLE: "uk"}, "-c", program).strip() == "3 rows saved"


def test_damaged_words_leave_the_english_ones(ukrainian: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    shutil.copytree(ukrainian, program, symlinks=True)
    (words,) = program.glob("resources/languages/uk/LC_MESSAGES/*.mo")
    words.write_bytes(words.read_bytes()[:3000])
    one = "from cxr_desktop.language import tr; print(tr('Quit'))"
    assert "Quit" in said(program, {LANGUAGE_VARIABLE: "uk"}, "-c", one).splitlines()


def test_what_a_card_says_of_shortcuts_in_english_is_shown_in_the_readers_language(ukrainian: Path) -> None:
    lines = said(ukrainian, {LANGUAGE_VARIABLE: "uk", "PYTHONUTF8": "1"}, "-c", SHORTCUTS).splitlines()
    shown = dict(line.split(" = ") for line in lines)
    assert "blanking all but the dilated lungs" in shown and "no film was judged any longer" in shown
    assert not [words for words in shown.values() if untranslated(words)]


def spoken(program: Path, environment: dict[str, str]) -> str:
    return said(
        program, environment, "-c", "from cxr_desktop.language import LANGUAGE; print(LANGUAGE)"
    ).strip()


def said(program: Path, environment: dict[str, str], *arguments: str) -> str:
    """What the program prints in an environment of its own."""
    without = {
        k: v for k, v in os.environ.items() if not k.startswith(("LANG", "LC_")) and k != LANGUAGE_VARIABLE
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=program, env={**without, "PYTHONPATH": str(program), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "table", sorted(LANGUAGES.glob("*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-3]
)
def test_translations_keep_their_values_and_what_is_compiled_is_the_table(table: Path) -> None:
    with table.open("rb") as file:
        words = read_po(file, table.parts[-3])
    for message in words:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        meant = message.id if isinstance(message.id, tuple | list) else (message.id,)
        for form in forms:
            assert not message.id or not form or values_in(form) == values_in(meant[0]), message.id
    compiled = io.BytesIO()
    write_mo(compiled, words)
    assert compiled.getvalue() == table.with_suffix(".mo").read_bytes(), "compile it, as the README tells"


@pytest.mark.parametrize("help_text", sorted(LANGUAGES.glob("*/help.md")), ids=lambda path: path.parts[-2])
def test_a_translated_help_has_the_chapters_and_pictures_of_the_readme(help_text: Path) -> None:
    text = help_text.read_text(encoding="utf-8")
    english = help_chapters((PROJECT / "README.md").read_text(encoding="utf-8"))
    assert len(help_chapters(text)) == len(english)
    links = [set(LINK.findall(each)) for each in (text, "".join(chapter.text for chapter in english))]
    assert links[0] == links[1]


def values_in(text: str) -> set[str]:
    """The {names} of a template, with how they are formatted."""
    return {f"{name}!{how}:{spec}" for _, name, spec, how in Formatter().parse(text) if name}


def test_words_given_to_a_widget_are_translated() -> None:
    plain = [
        f"{file.relative_to(PROJECT)}:{word.lineno}"
        for folder in ("ui", "app")
        for file in sorted((PROJECT / "cxr_desktop" / folder).rglob("*.py"))
        for word in plain_words(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not plain


def test_what_is_translated_is_a_literal_that_the_tool_finds() -> None:
    collecting = {"tr": slice(0, 1), "counted": slice(1, 3), "plural": slice(0, 2)}
    speaks_english = {PROJECT / "cxr_desktop" / "cli", PROJECT / "cxr_desktop" / "training" / "benchmark"}
    makes_them = {"language.py", "wording.py"}
    for file in sorted((PROJECT / "cxr_desktop").rglob("*.py")):
        if file.name in makes_them or speaks_english & set(file.parents):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for call in calls_in(tree):
            words = call.args[collecting.get(name_of(call), slice(0))]
            assert all(isinstance(word, ast.Constant) for word in words), f"{file}:{call.lineno}"
        for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            hidden = [call for call in calls_in(text) if name_of(call) in collecting]
            assert not hidden, f"{file}:{text.lineno}: the tool does not look into an f-string"


def plain_words(tree: ast.Module) -> Iterator[ast.expr]:
    """Words that stand in a widget's setter as they are."""
    for call in calls_in(tree):
        if name_of(call) in TAKES_WORDS:
            for word in call.args:
                if isinstance(word, ast.JoinedStr):
                    text = "".join(part.value for part in word.values if isinstance(part, ast.Constant))
                else:
                    text = (
                        word.value if isinstance(word, ast.Constant) and isinstance(word.value, str) else ""
                    )
                if WORD.search(NOT_WORDS.sub(" ", re.sub(r"<[^>]*>|&\w+;", " ", text))):
                    yield word


def calls_in(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
