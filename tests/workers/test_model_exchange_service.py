"""Models' files on a thread: real bundles go out, come in, and are given up in the middle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.progress import Progress
from cxr_desktop.storage.model_exchange import export_bundle, import_bundle
from cxr_desktop.workers.model_exchange_service import ModelExchangeService
from tests.training.tiny_bundle import write_tiny_bundle

Tell = Callable[[int, int], None]


@pytest.fixture
def service() -> Iterator[ModelExchangeService]:
    service = ModelExchangeService()
    yield service
    service.close()


def test_a_model_goes_out_and_comes_in_with_progress(
    qtbot: QtBot, service: ModelExchangeService, tmp_path: Path
) -> None:
    card = write_tiny_bundle(tmp_path / "made", "tiny")
    file, models = tmp_path / "tiny.cxrmodel", tmp_path / "models"
    told: list[Progress] = []
    service.progress_changed.connect(told.append)

    def put(tell: Tell) -> str:
        export_bundle(tmp_path / "made", card, file, on_bytes=tell)
        return "out"

    def take(tell: Tell) -> str:
        import_bundle(file, models, (), lambda folder: None, tell)
        return "in"

    said: list[str] = []
    service.finished.connect(said.append)
    service.do("Exporting", put)
    service.do("Importing", take)
    qtbot.waitUntil(lambda: said == ["out", "in"])
    assert [path.name for path in models.iterdir()] == [f"tiny-{card.version}"]
    graph = (tmp_path / "made" / "model.onnx").stat().st_size
    assert told[0].total is not None and graph <= told[0].done < told[0].total
    assert told[-1].done == told[-1].total


def test_what_is_stopped_leaves_nothing_behind(
    qtbot: QtBot, service: ModelExchangeService, tmp_path: Path
) -> None:
    card = write_tiny_bundle(tmp_path / "made", "tiny")
    out = tmp_path / "out"
    out.mkdir()
    at_work, go_on = threading.Event(), threading.Event()

    def put(tell: Tell) -> str:
        def slowly(done: int, of: int) -> None:
            at_work.set()
            go_on.wait(5)
            tell(done, of)

        export_bundle(tmp_path / "made", card, out / "tiny.cxrmodel", on_bytes=slowly)
        return "out"

    service.do("Exporting", put)
    assert at_work.wait(5)
    with qtbot.waitSignal(service.stopped):
        service.cancel()
        go_on.set()
    assert list(out.iterdir()) == []


def test_a_reason_is_told_and_the_next_piece_of_work_is_done(
    qtbot: QtBot, service: ModelExchangeService
) -> None:
    def refuse(_: Tell) -> str:
        raise BundleError("This archive is no model.")

    with qtbot.waitSignal(service.failed) as failed:
        service.do("Importing", refuse)
    assert failed.args == ["This archive is no model."]
    with qtbot.waitSignal(service.finished) as finished:
        service.do("Importing", lambda _: "done")
    assert finished.args == ["done"]
