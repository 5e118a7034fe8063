"""Rings of objects are freed, and never on another thread than the window's."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from cxr_desktop.workers.garbage import GarbageCollector


class Ring:
    """Knows on which thread it was freed."""

    freed_on: threading.Thread | None = None

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        Ring.freed_on = threading.current_thread()


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    was_on = gc.isenabled()
    parent = QObject()
    yield GarbageCollector(parent)
    assert not gc.isenabled()
    shiboken6.delete(parent)
    if was_on:
        gc.enable()


def test_a_ring_made_on_another_thread_is_freed_on_the_windows(
    qtbot: QtBot, collector: GarbageCollector
) -> None:
    seen: list[weakref.ref[Ring]] = []
    kept: list[list[int]] = []

    def work() -> None:
        seen.append(weakref.ref(Ring()))
        kept.extend([number] for number in range(5000))  # many times what makes Python look for rings

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen[0]() is not None
    qtbot.waitUntil(lambda: seen[0]() is None, timeout=20_000)
    assert Ring.freed_on is threading.main_thread()
