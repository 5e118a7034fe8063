"""The text for support: what is amiss is marked, and whose computer it is stays unsaid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.check_up import CheckUp, Finding, Outcome, Part, without_user

DATA = Finding("Data", "/home/mara/.local/share: 3.0 GB free")
FOLDERS = Part("Folders", (DATA, Finding("Log", "/home/mara/x")))
AMISS = Part("Models", (Finding("Xception", "its file is damaged", Outcome.AMISS),))
AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def test_all_is_well_where_nothing_is_amiss() -> None:
    lines = CheckUp(AT, (FOLDERS,)).text("/home/mara", "mara").splitlines()
    assert lines[0] == "CXR Desktop: check of this computer, 2026-11-21 22:00 UTC"
    assert "All is well." in lines
    assert lines[-3:] == ["Folders", "  Data  ~/.local/share: 3.0 GB free", "  Log   ~/x"]


def test_what_is_amiss_is_counted_and_marked() -> None:
    found = CheckUp(AT, (FOLDERS, AMISS))
    assert found.amiss == AMISS.findings
    text = found.text("/home/mara", "mara")
    assert "1 thing amiss" in text
    assert "\n! Xception  its file is damaged\n" in text


def test_no_line_is_longer_than_a_mails_and_long_names_stand_above_their_words() -> None:
    long = Finding("Three convolutions, kept to the lungs", "files as in its card, " * 8 + "as it should")
    lines = CheckUp(AT, (Part("Models", (DATA, long)),)).text("", "").splitlines()
    assert max(map(len, lines)) <= 96
    position = lines.index("  Three convolutions, kept to the lungs")
    assert lines[position + 1].startswith("      files as in its card")
    assert " ".join(line.strip() for line in lines[position + 1 :]) == long.words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/mara/models", "~/models"),
        ("/home/marathon/models", "/home/marathon/models"),
        ("/HOME/Mara: full", "~: full"),
        ("/srv/mara/data", "/srv/<user>/data"),
        ("/media/mara", "/media/<user>"),
        ("Load from “/mnt/mara” failed", "Load from “/mnt/<user>” failed"),
        (r"D:\Users\mara\cxr: full", r"D:\Users\<user>\cxr: full"),
        ("mara-1.0 by mara", "mara-1.0 by mara"),
        ("/srv/maranta/data", "/srv/maranta/data"),
    ],
)
def test_the_users_name_is_replaced_where_a_path_has_it(text: str, shown: str) -> None:
    assert without_user(text, "/home/mara", "mara") == shown


@given(st.lists(st.sampled_from(["mara", "data", "x"]), min_size=1, max_size=5), st.sampled_from(["/", "\\"]))
def test_no_path_keeps_the_name(parts: list[str], separator: str) -> None:
    shown = without_user(separator + separator.join(parts) + ": gone", "/home/mara", "mara")
    assert "mara" not in shown


def test_an_empty_name_or_a_home_at_the_root_replaces_nothing() -> None:
    assert without_user("/data/x", "/", "") == "/data/x"
