"""A run's events can be followed while they are written, and after a kill."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.training.events import (
    EVENTS_FILE,
    Epoch,
    EventFollower,
    EventLog,
    Exporting,
    Failed,
    FilmLeftOut,
    Finished,
    Notice,
    Preparing,
    Resumed,
    Resuming,
    Started,
    Step,
)

ALL = [
    Preparing(3, 60),
    FilmLeftOut("NORMAL/a.png", "The file is empty."),
    Started("sharma-cnn-deep", {"train": {"NORMAL": 3}}, 2, 5, "CPU"),
    Resuming(),
    Resumed(1, ({"loss": 0.7, "val_loss": 0.7},), 61.5),
    Step(1, 2, 5, 0.61),
    Epoch(1, {"loss": 0.6, "val_loss": 0.7}, True, 1.5, 1e-3),
    Notice("The weights file is not used."),
    Exporting("All epochs are done."),
    Finished(1),
    Failed("There is no room."),
]


def test_a_follower_sees_each_event_once_and_as_it_was(tmp_path: Path) -> None:
    log, follower = EventLog(tmp_path), EventFollower(tmp_path)
    assert list(follower.new_events()) == []
    seen = []
    for event in ALL:
        log.append(event)
        seen += follower.new_events()
    assert seen == ALL
    assert list(follower.new_events()) == []
    assert list(EventFollower(tmp_path).new_events()) == ALL  # for whoever comes later


@given(st.data())
def test_half_a_line_waits_for_its_other_half(tmp_path_factory, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("run")
    log = EventLog(folder)
    for event in ALL:
        log.append(event)
    whole = (folder / EVENTS_FILE).read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    (folder / EVENTS_FILE).write_bytes(whole[:cut])
    follower = EventFollower(folder)
    before = list(follower.new_events())
    assert before == ALL[: whole[:cut].count(b"\n")]
    (folder / EVENTS_FILE).write_bytes(whole)
    assert before + list(follower.new_events()) == ALL
