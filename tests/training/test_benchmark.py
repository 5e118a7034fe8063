"""The benchmark: each model once, figures as the studies measure them, and a reason where there are none."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec, ModelCard
from cxr_desktop.inference.bundle import CARD, open_classifier
from cxr_desktop.training.architectures import ARCHITECTURES, Architecture
from cxr_desktop.training.benchmark.drawings import confusion_svg, roc_svg
from cxr_desktop.training.benchmark.judge import TestFilms, judge
from cxr_desktop.training.benchmark.page import page
from cxr_desktop.training.benchmark.plan import BenchmarkRequest, Shipped, WeightsMissing, start_of
from cxr_desktop.training.benchmark.report import write_report
from cxr_desktop.training.benchmark.rows import BenchmarkRow, RowFile
from cxr_desktop.training.benchmark.runner import Benchmark
from cxr_desktop.training.benchmark.table import lines_of
from cxr_desktop.training.events import Epoch, Event, EventLog, Exporting, Finished, Started
from cxr_desktop.training.pace import Pace
from cxr_desktop.training.recipe import Pretrained, Published
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.trainer import train_in_child
from tests.training.conftest import draw_film
from tests.training.tiny_bundle import SIDE, write_tiny_bundle


def never_built(input: InputSpec, outputs: int) -> object:
    raise AssertionError("only a trainer builds networks")


def record(id: str, **others: object) -> Architecture:
    known: dict[str, object] = {
        "id": id,
        "name": f"Tiny {id}",
        "input": InputSpec(SIDE, SIDE, 3),
        "build": never_built,
        "parameters": 1234,
        "source": "a test",
        "batch": 8,
        "epochs": 100,
        "published": Published(0.8141, 0.99, 0.52),
    }
    return Architecture(**{**known, **others})  # type: ignore[arg-type]


REGISTRY = {each.id: each for each in (record("first"), record("second"), record("own", published=None))}


@dataclass
class Trainer:
    """Tells what a trainer tells and leaves a real bundle; keeps what it was asked for."""

    asked: list[TrainingRequest] = field(default_factory=list)
    fails: Sequence[str] = ()
    ended: str = "The validation loss has not fallen for 10 epochs."
    epochs: int = 3

    def __call__(self, request: TrainingRequest, run: Path, on_event: Callable[[Event], None]) -> None:
        self.asked.append(request)
        if request.architecture in self.fails:
            raise TrainingError("The loss stopped being a number.")
        run.mkdir(parents=True)
        request.save(run)
        events: list[Event] = [Started(request.architecture, {}, request.tuning.epochs or 100, 6, "CPU")]
        events += [Epoch(n + 1, {"val_loss": 0.5}, n == 1, 2.0) for n in range(self.epochs)]
        events += [Exporting(self.ended), Finished(2)]
        for event in events:
            EventLog(run).append(event)
            on_event(event)
        card = write_tiny_bundle(request.output, request.architecture)
        made = replace(card.provenance, recipe={"ended": self.ended})
        (request.output / CARD).write_bytes(msgspec.json.encode(replace(card, provenance=made)))


@dataclass
class Told:
    """What a benchmark said on its way."""

    rows: list[BenchmarkRow] = field(default_factory=list)
    passed: dict[str, str] = field(default_factory=dict)
    begun: list[tuple[str, int, int, float | None]] = field(default_factory=list)

    def begins(self, id: str, number: int, of: int, minutes: float | None) -> None:
        self.begun.append((id, number, of, minutes))

    def trainer_said(self, event: Event) -> None: ...

    def judging(self, done: int, of: int) -> None: ...

    def ended(self, row: BenchmarkRow) -> None:
        self.rows.append(row)

    def passed_over(self, id: str, reason: str) -> None:
        self.passed[id] = reason


@dataclass
class Bench:
    """A benchmark's surroundings; `run` is one call of the command."""

    folder: Path
    films: Path
    trainer: Trainer = field(default_factory=Trainer)
    told: Told = field(default_factory=Told)
    registry: dict[str, Architecture] = field(default_factory=lambda: dict(REGISTRY))
    shipped: tuple[Shipped, ...] = ()

    @property
    def file(self) -> RowFile:
        return RowFile(self.folder / "benchmark.json")

    def run(self, **asked: object) -> tuple[str, ...]:
        """Ids without figures."""
        request = BenchmarkRequest(self.films, self.folder / "work", **asked)  # type: ignore[arg-type]
        seen: list[int] = []
        outcome = Benchmark(
            request,
            self.file,
            self.told,
            self.shipped,
            registry=self.registry,
            train=self.trainer,
            on_rows=lambda rows: seen.append(len(rows)),
        ).run()
        assert outcome.rows == self.file.rows()
        assert seen[-1:] == [len(outcome.rows)]
        return outcome.incomplete

    def row(self, id: str) -> BenchmarkRow:
        (row,) = (row for row in self.file.rows() if row.id == id)
        return row

    def page(self) -> str:
        names = {each.card.id: each.card.name for each in self.shipped}
        write_report(self.file.path, self.registry, self.file.rows(), names)
        return (self.folder / "BENCHMARK.md").read_text(encoding="utf-8")


@pytest.fixture
def bench(tmp_path: Path, drawn_folder: Path) -> Bench:
    return Bench(tmp_path, drawn_folder)


def shipped(folder: Path, id: str = "own", slope: float = 60.0) -> Shipped:
    return Shipped(folder, write_tiny_bundle(folder, id, slope))


def test_each_reference_system_is_trained_once_and_gets_a_row(bench: Bench) -> None:
    assert bench.run() == ()
    assert [request.architecture for request in bench.trainer.asked] == ["first", "second"]
    row = bench.row("first")
    assert (row.state, row.kind, row.parameters, row.note) == ("complete", "reference", 1234, "")
    assert row.training is not None
    assert (row.training.epochs, row.training.best_epoch, row.training.most_epochs) == (3, 2, 100)
    assert row.training.seconds_per_epoch == pytest.approx(2.0)
    assert bench.run() == ()
    assert len(bench.trainer.asked) == 2
    assert bench.told.passed == {"first": "its row stands", "second": "its row stands"}


def test_no_reference_system_learns_from_the_locked_test_set(bench: Bench, tmp_path: Path) -> None:
    bench.run(locked_test=tmp_path / "locked-test.json")
    assert {request.locked_test for request in bench.trainer.asked} == {tmp_path / "locked-test.json"}


def test_only_the_named_model_is_trained_and_again_trains_it_anew(bench: Bench) -> None:
    bench.run(only=("second",))
    assert [row.id for row in bench.file.rows()] == ["second"]
    bench.run(only=("second",), again=True)
    assert [request.architecture for request in bench.trainer.asked] == ["second", "second"]
    assert [row.id for row in bench.file.rows()] == ["second"]


@pytest.mark.parametrize(("id", "words"), [("third", "“third” is unknown"), ("own", "not trained here")])
def test_an_id_that_cannot_be_taken_is_answered_with_those_that_can(
    bench: Bench, id: str, words: str
) -> None:
    with pytest.raises(TrainingError, match=rf"{words}.*first, second"):
        bench.run(only=(id,))


def test_a_training_cut_by_the_clock_says_so_in_row_and_page(bench: Bench) -> None:
    bench.trainer = Trainer(ended="The 10 minutes allowed are over.", epochs=7)
    bench.run(only=("first",), minutes=10.0)
    row = bench.row("first")
    assert (row.state, row.note) == ("cut", "cut after 10 min, epoch 7 of at most 100")
    assert "cut after 10 min, epoch 7 of at most 100" in bench.page()


def test_fewer_epochs_than_the_recipes_are_a_cut_but_stopping_early_is_not(bench: Bench) -> None:
    bench.trainer = Trainer(ended="All epochs are done.", epochs=3)
    bench.run(only=("first",), epochs=3)
    assert bench.row("first").note == "cut after epoch 3 of the recipe’s 100"
    bench.trainer = Trainer(epochs=12)
    bench.run(only=("second",), minutes=10.0)
    assert bench.row("second").state == "complete"


def test_a_failed_model_gets_its_reason_and_the_others_go_on(bench: Bench) -> None:
    bench.trainer.fails = ("first",)
    assert bench.run() == ("first",)
    assert (bench.row("first").state, bench.row("first").figures) == ("failed", None)
    assert bench.row("second").stands
    assert "failed: The loss stopped being a number." in bench.page()
    bench.trainer.fails = ()
    assert bench.run() == ()  # a failure is no row that stands
    assert bench.row("first").stands


def test_a_failure_never_takes_the_place_of_figures(bench: Bench) -> None:
    bench.run(only=("first",))
    bench.trainer.fails = ("first",)
    bench.run(only=("first",), again=True)
    assert bench.row("first").stands


def test_a_benchmark_that_was_ended_before_judging_goes_on_with_the_trained_bundle(bench: Bench) -> None:
    bench.run(only=("first",))
    bench.file.path.unlink()
    bench.run(only=("first",))
    assert len(bench.trainer.asked) == 1
    assert bench.row("first").training is not None
    bench.file.path.unlink()
    bench.run(only=("first",), seed=5)  # another training: its bundle is no answer
    assert [request.seed for request in bench.trainer.asked] == [1337, 5]


def test_a_bundle_that_ships_is_judged_and_judged_again_when_it_changed(bench: Bench) -> None:
    bench.shipped = (shipped(bench.folder / "own"),)
    bench.run(only=("own",))
    bench.run(only=("own",))
    assert not bench.trainer.asked
    row = bench.row("own")
    assert (row.kind, row.training, len(bench.told.rows)) == ("ours", None, 1)
    bench.shipped = (shipped(bench.folder / "own", slope=10.0),)
    bench.run(only=("own",))
    assert bench.row("own").model_sha256 != row.model_sha256
    assert "### Bundles that ship" in bench.page()


def test_rows_of_other_test_films_are_not_mixed_in(bench: Bench, tmp_path: Path) -> None:
    bench.run(only=("first",))
    bench.films = tmp_path / "others"
    for index in range(10):
        for side in ("train", "test"):
            draw_film(bench.films / side / "NORMAL" / f"{side}{index}.png", False, index)
            draw_film(bench.films / side / "PNEUMONIA" / f"{side}{index}.png", True, index)
    with pytest.raises(TrainingError, match="figures of other test films"):
        bench.run(only=("second",))


def test_a_folder_without_test_films_is_refused(bench: Bench, drawn_folder: Path) -> None:
    bench.films = drawn_folder / "train"
    with pytest.raises(TrainingError, match="no test films of its own"):
        bench.run()


def test_a_file_that_is_no_benchmarks_is_refused_before_anything_is_trained(bench: Bench) -> None:
    bench.file.path.write_text('{"schema": 1, "rows": [{"id": 3}]}')
    with pytest.raises(TrainingError, match=r"cannot be read.*rows\[0\]"):
        bench.run()
    assert not bench.trainer.asked


def pretrained(sha256: str) -> dict[str, object]:
    start = Pretrained("xception.h5", sha256, "ImageNet weights", "Xception")
    return {"pretrained": start, "adopt": lambda network, file: None}


def test_a_network_that_needs_a_weights_file_waits_for_it(bench: Bench) -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    bench.registry["first"] = record("first", **pretrained(digest))
    assert bench.run(only=("first",)) == ("first",)
    assert "needs the ImageNet weights file xception.h5" in bench.told.passed["first"]
    assert not bench.file.rows()
    (line, *_) = lines_of(bench.registry, (), {})
    assert line.notes == ("not trained yet: needs the ImageNet weights file xception.h5",)
    weights = bench.folder / "any name.h5"
    weights.write_bytes(b"test")
    assert bench.run(only=("first",), weights=(weights,)) == ()
    assert bench.trainer.asked[0].weights == weights


def test_another_weights_file_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "xception.h5").write_bytes(b"something else")
    with pytest.raises(WeightsMissing):
        start_of(record("first", **pretrained("00" * 32)), [tmp_path / "xception.h5"])
    with pytest.raises(TrainingError, match="cannot be read"):
        start_of(record("first", **pretrained("00" * 32)), [tmp_path / "gone.h5"])


def test_without_a_known_weights_file_a_network_is_trained_from_scratch_for_half_an_hour(
    bench: Bench,
) -> None:
    bench.registry["first"] = record("first", **pretrained(""))
    bench.run(only=("first",), minutes=60.0)
    (request,) = bench.trainer.asked
    assert (request.from_scratch, request.minutes) == (True, 30.0)
    assert bench.told.begun == [("first", 1, 1, 30.0)]
    assert "from scratch" in bench.row("first").remarks[0]
    assert "from scratch" in bench.page()


def test_figures_are_the_raw_scores_and_intervals_bracket_them(bench: Bench, tmp_path: Path) -> None:
    # Between the brightest and the darkest film with a spot, so that some are missed and others found.
    bench.shipped = (Shipped(tmp_path / "own", write_tiny_bundle(tmp_path / "own", "own", middle=0.5035)),)
    bench.run(only=("own",))
    figures = bench.row("own").figures
    assert figures is not None
    for each in (figures.at_half, figures.calibrated):
        for estimate in (each.accuracy, each.sensitivity, each.specificity, each.auc):
            assert estimate.low <= estimate.value <= estimate.high
    (tn, fp), (fn, tp) = figures.at_half.confusion
    assert tn + fp == 6 and fn + tp == 6 and 0 < tp < 6
    assert figures.at_half.accuracy.value == pytest.approx((tn + tp) / 12)
    by_label = {each.label: each for each in figures.classes}
    assert by_label["PNEUMONIA"].recall == pytest.approx(figures.at_half.sensitivity.value)
    assert by_label["NORMAL"].recall == pytest.approx(figures.at_half.specificity.value)
    assert (by_label["NORMAL"].support, by_label["PNEUMONIA"].support) == (6, 6)
    assert figures.roc[0] == (0, 0) and figures.roc[-1] == (1, 1)
    # The calibration draws every logit up, and its threshold is lower: more is suspected.
    assert figures.calibrated.confusion[0][1] + figures.calibrated.confusion[1][1] > fp + tp


def test_the_shipping_engines_scores_are_those_that_are_judged(drawn_folder: Path, tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path, "own", slope=0.0, middle=0.0)
    films = TestFilms.of(drawn_folder).films
    figures = judge(open_classifier(tmp_path), films, None, 1)
    # A score of exactly one half for every film: all are suspected, and the AUC says nothing.
    assert figures.at_half.confusion == ((0, 6), (0, 6))
    assert figures.loss == pytest.approx(np.log(2), abs=1e-6)
    assert (figures.at_half.auc.value, figures.alike) == (0.5, True)


def test_a_film_that_cannot_be_read_is_counted_and_not_judged(tmp_path: Path) -> None:
    films = tmp_path / "films"
    for index in range(10):
        for side in ("train", "test"):
            draw_film(films / side / "NORMAL" / f"{side}{index}.png", False, index)
            draw_film(films / side / "PNEUMONIA" / f"{side}{index}.png", True, index)
    (films / "test" / "NORMAL" / "broken.png").write_bytes(b"")
    write_tiny_bundle(tmp_path / "own", "own")
    figures = judge(open_classifier(tmp_path / "own"), TestFilms.of(films).films, None, 1)
    assert (figures.at_half.count, figures.left_out) == (20, 1)


def test_a_class_that_the_model_does_not_know_is_named(drawn_folder: Path, tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path, "own", labels=("NORMAL", "COVID"))
    with pytest.raises(TrainingError, match="knows NORMAL, COVID; the test films have PNEUMONIA"):
        judge(open_classifier(tmp_path), TestFilms.of(drawn_folder).films, None, 1)


def test_rows_written_at_the_same_time_all_arrive(tmp_path: Path) -> None:
    row = BenchmarkRow("", "", "reference", "failed", "2026-11-21", "00")
    file = tmp_path / "benchmark.json"

    def put(number: int) -> None:
        for each in range(5):
            RowFile(file).put(BenchmarkRow(f"{number}-{each}", "", row.kind, row.state, row.made, "00"))

    writers = [threading.Thread(target=put, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(RowFile(file).rows()) == 30
    assert [path.name for path in tmp_path.iterdir()] == ["benchmark.json"]


def test_the_page_holds_the_published_figures_beside_ours(bench: Bench) -> None:
    bench.registry["first"] = record(
        "first", published=Published(0.9071, 0.99, 0.76, "the study's best", 0.25)
    )
    bench.run(only=("first",))
    text = bench.page()
    (cells,) = (line for line in text.splitlines() if line.startswith("| `first`") and "0.9071" in line)
    figures = bench.row("first").figures
    assert figures is not None
    for cell in ("0.9071", "0.99 / 0.76", "0.2500", f"{figures.at_half.accuracy.value:.3f} ("):
        assert cell in cells
    assert "study: the study's best" in text
    assert "What differs from the studies" in text
    for name in ("benchmark-roc.svg", "benchmark-confusion.svg"):
        assert f"({name})" in text
        assert (bench.folder / name).read_text(encoding="utf-8").startswith("<?xml")


def test_every_architecture_has_its_line_with_the_published_accuracy_or_a_reason() -> None:
    lines = lines_of(ARCHITECTURES, (), {"own": "Ours"})
    assert {line.id for line in lines} == {*ARCHITECTURES, "own"}
    assert all(line.notes for line in lines)
    text = page(lines)
    for each in ARCHITECTURES.values():
        if each.published is not None and each.published.accuracy is not None:
            assert f"| `{each.id}` | {each.published.accuracy:.4f} |" in text


def test_drawings_are_the_same_for_the_same_rows_and_name_every_model(bench: Bench) -> None:
    bench.run()
    rows = bench.file.rows()
    for draw in (roc_svg, confusion_svg):
        drawn = draw(rows)
        assert drawn == draw(rows)
        assert b"first" in drawn and b"second" in drawn


def test_rows_can_be_read_by_other_programs(bench: Bench) -> None:
    bench.run(only=("first",))
    (row,) = json.loads(bench.file.path.read_text())["rows"]
    assert row["figures"]["at_half"]["auc"].keys() == {"value", "low", "high"}
    assert row["versions"]["python"]


def test_the_time_left_is_bounded_by_epochs_limit_and_what_models_took_so_far() -> None:
    pace = Pace()
    pace.begin_model(1, 3, None, now=0)
    assert pace.model_words(1) == pace.whole_words(1) == ""
    pace.begin_epochs(100, 10, now=10)
    pace.step(2, 10)  # two epochs in twenty seconds: 98 more at ten seconds each
    assert pace.model_left(30) == pytest.approx(980)
    assert pace.whole_words(30) == ""  # how long the next models take cannot be known
    pace.end_model(110)
    pace.begin_model(2, 3, 5.0, now=110)
    pace.begin_epochs(100, 10, now=110)
    assert pace.model_left(120) == pytest.approx(290)
    assert pace.whole_left(120) == pytest.approx(290 + 110)
    assert pace.model_words(120) == "at most 5 min left"
    pace.resume(10, 200.0)
    pace.step(11, 10)  # one epoch in ten seconds since then, and a hundred seconds of the limit left
    assert pace.model_left(120) == pytest.approx(90)
    pace.step(20, 10)
    assert pace.model_left(120) == pytest.approx(80)


@pytest.mark.skipif("sharma-ann" not in ARCHITECTURES, reason="its record is not there")
def test_a_real_trainer_cut_by_the_clock_becomes_a_labelled_row(bench: Bench) -> None:
    """Everything real: the child process, the network of study 002, its export, the engine."""
    bench.registry = {"sharma-ann": replace(ARCHITECTURES["sharma-ann"])}
    bench.trainer = train_in_child  # type: ignore[assignment]
    assert bench.run(minutes=0.001) == ()
    row = bench.row("sharma-ann")
    assert (row.state, row.note) == ("cut", "cut after 0.001 min, epoch 1 of at most 100")
    assert row.training is not None and row.training.counts["train"]
    assert row.figures is not None and row.figures.at_half.count == 12
    card: ModelCard = open_classifier(bench.folder / "work" / "sharma-ann" / "model").card
    assert card.files["model.onnx"] == row.model_sha256
    assert card.operating_point.threshold == row.figures.threshold
