"""A Markdown text is cut into its chapters, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.help_text import Chapter, chapters_of, help_chapters

TEXT = """# Program
What it is.

## Use it
```sh
# no heading
## nor this
```
### Keys
N and B.
## How to read a score, 2 ways
Big.
## For developers
Tests.
"""


def test_chapters_begin_at_headings_of_two_levels_but_not_within_code() -> None:
    assert [chapter.title for chapter in chapters_of(TEXT)] == [
        "Program",
        "Use it",
        "How to read a score, 2 ways",
        "For developers",
    ]
    assert "### Keys" in chapters_of(TEXT)[1].text


def test_the_help_is_without_what_only_developers_want_to_know() -> None:
    assert [chapter.title for chapter in help_chapters(TEXT)][-1] == "How to read a score, 2 ways"


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("How to read a score, 2 ways", "how-to-read-a-score-2-ways"), ("Formats", "formats")],
)
def test_a_chapter_is_linked_to_as_on_the_web(title: str, anchor: str) -> None:
    assert Chapter(title, "").anchor == anchor


@given(st.lists(st.sampled_from(["# A", "## B", "### C", "```", "text", "", "#no", "    ```sh"])))
def test_together_the_chapters_are_the_whole_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert "".join(chapter.text for chapter in chapters_of(text)) == text
