"""The words that a reader sees, in the reader's language.

    tr("{count} films are left out.", count=3)

English stands in the code. `resources/languages/<code>/LC_MESSAGES/cxr_desktop.mo` holds another language's
words, as gettext keeps them; README.md tells how one is added. The language is settled when this module is
imported, which is before any text is made, so that constants may be translated, too; another one takes a new
start.

What a window shows is translated. Logs, what commands print of their own, and mistakes in the code are not.
"""

from __future__ import annotations

import gettext
import json
import locale
import logging
import os
import re
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from string import Formatter

from cxr_desktop import LANGUAGE_VARIABLE
from cxr_desktop.places import SETTINGS_FILE, data_folder
from cxr_desktop.resources import readme_file, resources_folder

log = logging.getLogger(__name__)

ENGLISH = "en"
DOMAIN = "cxr_desktop"


def languages_folder() -> Path:
    """Where other languages' words lie."""
    return resources_folder() / "languages"


def help_file() -> Path:
    """The help in the reader's language, where there is one; else in English, which is the README.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    translated = languages_folder() / LANGUAGE / "help.md"
    return translated if translated.is_file() else readme_file()


def languages() -> tuple[str, ...]:
    """The codes of all languages that there are, English first: ("en", "de", "pt_BR")."""
    others = (found.parts[-3] for found in languages_folder().glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *sorted(others))


def settled_language() -> str:
    """The first of these that there is: the variable's, the settings', the system's; else English."""
    there = languages()
    for wanted in (os.environ.get(LANGUAGE_VARIABLE, ""), _in_settings(), *_of_system()):
        for code in (wanted, wanted.partition("_")[0]):
            if code in there:
                return code
    return ENGLISH


def _in_settings() -> str:
    # Read here, too, because whatever reads settings as a whole has words of its own.
    try:
        values = json.loads((data_folder() / SETTINGS_FILE).read_bytes())
    except (OSError, ValueError):
        return ""  # said by whoever reads them as a whole
    chosen = values.get("language") if isinstance(values, dict) else None
    return chosen if isinstance(chosen, str) else ""


def _of_system() -> Iterator[str]:
    """The languages of the desktop, like "de_DE", the one that is wanted most first."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        yield locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    elif sys.platform == "darwin":
        yield from _of_mac()
    # gettext's own order; the first that is set counts alone.
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            yield from (each.partition(".")[0] for each in os.environ[name].split(":"))
            return


def _of_mac() -> Iterator[str]:
    """A program that Finder starts has no variables; it is asked for a list like `("de-DE", "en-GB")`."""
    import subprocess  # noqa: PLC0415

    asked = ["/usr/bin/defaults", "read", "-g", "AppleLanguages"]
    with suppress(OSError):
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        yield from (each.replace("-", "_") for each in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", said))


def _open_words() -> gettext.NullTranslations:
    try:
        return gettext.translation(DOMAIN, languages_folder(), [LANGUAGE], fallback=True)
    except (OSError, ValueError, SyntaxError, struct.error) as damage:
        log.warning("the words of the language %s cannot be read (%s)", LANGUAGE, type(damage).__name__)
        return gettext.NullTranslations()


LANGUAGE = settled_language()


def grouped(number: int) -> str:
    """A whole number with its thousands apart: "1,000".

    Other languages get a thin space, which nobody takes for a decimal point, as a German would the comma.
    """
    return _regrouped(f"{number:,}")


def _regrouped(figure: str) -> str:
    return figure if LANGUAGE == ENGLISH else figure.replace(",", "\u202f")


class _Formatter(Formatter):
    """As `str.format`, with thousands apart in the reader's way."""

    def format_field(self, value: object, format_spec: str) -> str:
        text = format(value, format_spec)
        return _regrouped(text) if "," in format_spec else text


_FORMATTER = _Formatter()
_words = _open_words()


def tr(text: str, **values: object) -> str:
    """A text in the reader's language, with values put in at its {names}.

    Args:
        text: English, as a literal: the tool that collects words reads the code.
        values: formatted as by `str.format`; a translation may place them in another order.
    """
    translated = _words.gettext(text)
    if not values:
        return translated
    try:
        return _FORMATTER.vformat(translated, (), values)
    except (LookupError, ValueError, AttributeError, TypeError):  # a translator's slip ends nothing
        return _FORMATTER.vformat(text, (), values)


def plural(one: str, many: str, number: int) -> str:
    """The form of a word that goes with a number: English has two, other languages one to six."""
    return _words.ngettext(one, many, number)
