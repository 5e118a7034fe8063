"""What the program tells of itself: README.md, and the chapters of it that are for who reads films."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What only who installs, builds or changes the program wants to know. All else is its help.
NOT_FOR_READERS = ("Try it", "For developers")

_HEADING = re.compile(r"#{1,2} +(.+?)\s*$")
_FENCE = re.compile(r"\s*```")


@dataclass(frozen=True)
class Chapter:
    """A part of a Markdown text.

    Attributes:
        title: of its heading; "" for what stands before the first one.
        text: Markdown, the heading's line first.
    """

    title: str
    text: str

    @property
    def anchor(self) -> str:
        """What a link within the text calls it: `[see](#how-to-read-the-score)`."""
        return re.sub(r"[^\w-]", "", self.title.lower().replace(" ", "-"))


def chapters_of(markdown: str) -> tuple[Chapter, ...]:
    """A text cut before each heading of the first two levels; together the chapters are the whole text."""
    return tuple(_cut(markdown))


def help_chapters(readme: str) -> tuple[Chapter, ...]:
    """Those of the README's chapters that the window shows."""
    return tuple(chapter for chapter in chapters_of(readme) if chapter.title not in NOT_FOR_READERS)


def _cut(markdown: str) -> Iterator[Chapter]:
    title, lines, in_code = "", list[str](), False
    for line in markdown.splitlines(keepends=True):
        if _FENCE.match(line):
            in_code = not in_code
        heading = None if in_code else _HEADING.match(line)
        if heading:
            if lines:
                yield Chapter(title, "".join(lines))
            title, lines = heading[1], []
        lines.append(line)
    if lines:
        yield Chapter(title, "".join(lines))
