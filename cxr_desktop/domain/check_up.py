"""What a look at this computer found, as a text to be sent to whoever helps with the program."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr

# Of a mail; and how long what was looked at may be to have its words beside it.
_COLUMNS = 96
_ABOUT = 16

_PREFACE = tr("No film, no file's name and nothing about a patient is in it; the user's name is replaced.")


class Outcome(StrEnum):
    """What a finding means; its value stands before it."""

    FINE = " "
    REMARK = "-"
    AMISS = "!"


@dataclass(frozen=True)
class Finding:
    """One line.

    Attributes:
        about: what was looked at, in a word or two.
        words: what was found, with the remedy where something is amiss.
    """

    about: str
    words: str
    outcome: Outcome = Outcome.FINE


@dataclass(frozen=True)
class Part:
    """Findings that belong together."""

    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class CheckUp:
    """All that was found.

    Attributes:
        made_at: with a time zone.
    """

    made_at: datetime
    parts: tuple[Part, ...]

    @property
    def amiss(self) -> tuple[Finding, ...]:
        """What hinders the program, or soon will."""
        return tuple(each for part in self.parts for each in part.findings if each.outcome is Outcome.AMISS)

    def text(self, home: str, user: str) -> str:
        """The whole as plain text; with “!” before what is amiss.

        Args:
            home: the user's home folder, which becomes “~” wherever it stands.
            user: the user's name, which is replaced in paths elsewhere.
        """
        moment = f"{self.made_at:%Y-%m-%d %H:%M %Z}"
        lines = [
            tr("CXR Desktop: check of this computer, {moment}", moment=moment.rstrip()),
            _PREFACE,
            "",
            tr("{things} amiss, marked with “!”.", things=counted(len(self.amiss), "thing", "things"))
            if self.amiss
            else tr("All is well."),
        ]
        for part in self.parts:
            lines += ["", part.title]
            width = max((len(each.about) for each in part.findings if len(each.about) <= _ABOUT), default=0)
            for each in part.findings:
                # The name first: broken into lines, a path would no longer be known as one.
                lines += _told(replace(each, words=without_user(each.words, home, user)), width)
        return "\n".join(lines) + "\n"


def _told(finding: Finding, width: int) -> list[str]:
    """A finding's lines: its words beside what was looked at, or beneath if that is longer than `width`."""
    head = f"{finding.outcome} {finding.about}"
    beside = len(finding.about) <= width
    indent = " " * (width + 4) if beside else " " * 6
    first = f"{head:{width + 4}}" if beside else indent
    words = textwrap.fill(
        finding.words, _COLUMNS, initial_indent=first, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    ).splitlines()  # fmt: skip
    return words if beside else [head, *words]


def without_user(text: str, home: str, user: str) -> str:
    """A text without the user's name in the paths that it quotes.

    Args:
        home: the user's home folder.
        user: the name under which the user is logged in.
    """
    end = r"(?=[/\\\s\"'“”:,;)]|\.\s|$)"  # of a part of a path, within a sentence
    if len(home) > 1:
        text = re.sub(re.escape(home) + end, "~", text, flags=re.IGNORECASE)
    if user:
        # As a part of a path only: somebody may be called “model”. In any case, as Windows' paths are.
        text = re.sub(r"(?<=[/\\])" + re.escape(user) + end, "<user>", text, flags=re.IGNORECASE)
    return text
