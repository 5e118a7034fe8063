"""What an installer holds may be given away together with this program, and its licences come along."""

from __future__ import annotations

import importlib.util

import pytest

from cxr_desktop.installer.licences import Licence, collect, licences_text, parts

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("piplicenses") is None, reason="pip-licenses is not installed: '.[dev]'"
)


@pytest.fixture(scope="module")
def collected() -> tuple[Licence, ...]:
    return collect(parts())


def test_all_that_the_program_needs_is_among_them_and_what_tests_need_is_not() -> None:
    found = parts()
    assert {"pyside6-essentials", "shiboken6", "tensorflow", "numpy", "mako", "pyinstaller"} <= found
    assert not {"pytest", "python-gdcm", "hypothesis", "pip-licenses", "cxr-desktop"} & found


def test_every_part_may_stand_beside_this_program(collected: tuple[Licence, ...]) -> None:
    assert {(each.name, each.terms) for each in collected if not each.is_allowed} == set()
    assert len(collected) == len(parts())


@pytest.mark.parametrize(
    ("terms", "allowed"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("Apache Software License; GNU General Public License v2 (GPLv2)", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_a_part_is_allowed_by_one_licence_that_can_be_chosen(terms: str, allowed: bool) -> None:
    assert Licence("part", "1", terms, ()).is_allowed is allowed


def test_the_text_names_each_part_and_says_how_qts_terms_are_met(collected: tuple[Licence, ...]) -> None:
    text = licences_text(collected)
    for each in collected:
        assert f"{each.name} {each.version}: {each.terms}" in text
        assert all(words in text for _, words in each.texts)
    assert "may put other builds of them" in " ".join(text.split())
    for heading in ("GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE", "PYTHON SOFTWARE"):
        assert heading in text
