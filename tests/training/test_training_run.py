"""From a labelled folder to a bundle that the inference engine accepts, in a process of its own."""

from __future__ import annotations

import errno
import gc
import os
import re
import shutil
import tracemalloc
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from pydicom.dataset import Dataset

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import Side
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.datasets import kermany
from cxr_desktop.training.disk import mapped, room_to_learn, room_to_package
from cxr_desktop.training.events import (
    Epoch,
    Event,
    EventFollower,
    Exporting,
    Failed,
    FilmLeftOut,
    Finished,
    Notice,
    Preparing,
    Resumed,
    Samples,
    Started,
    Step,
)
from cxr_desktop.training.film_list import write_list
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.learn import batches
from cxr_desktop.training.prepare import Material, prepare
from cxr_desktop.training.repackage import repackage
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run import run_training
from cxr_desktop.training.run_folder import can_resume
from cxr_desktop.training.run_lock import FolderInUse, check_free
from cxr_desktop.training.store import StoredFilm
from cxr_desktop.training.trainer import death_notice, start_training, train_in_child
from tests.imaging.films import cropped_rg1, file_bytes, with_values
from tests.trainers import the_trainer_in, trainers_in
from tests.training.conftest import draw_film

SPEC = architecture("sharma-cnn-deep-aug").input


@pytest.fixture(scope="module")
def chest(pydicom_films: Path) -> Dataset:
    return cropped_rg1(pydicom_films)


def request_for(
    films: Path, output: Path, architecture: str = "sharma-cnn-deep", epochs: int = 2
) -> TrainingRequest:
    return TrainingRequest(
        films=films, architecture=architecture, output=output, tuning=Tuning(epochs=epochs)
    )


def prepared(films: Path, tmp_path: Path, events: list[Event] | None = None) -> Material:
    tell = (events if events is not None else []).append
    return prepare(request_for(films, tmp_path / "out"), SPEC, tmp_path / "films.u16", read_radiograph, tell)


@pytest.fixture(scope="module")
def finished(drawn_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A bundle trained for two epochs in a child process, and what it told."""
    films = tmp_path_factory.mktemp("films")
    shutil.copytree(drawn_folder, films, dirs_exist_ok=True)
    (films / "train" / "NORMAL" / "empty.png").write_bytes(b"")
    output = tmp_path_factory.mktemp("bundle")
    events: list[Event] = []
    train_in_child(request_for(films, output), output / "run", events.append)
    return output, events


def test_a_trained_folder_becomes_a_bundle_that_scores_films(
    finished: tuple[Path, list[Event]], drawn_folder: Path
) -> None:
    output, _ = finished
    bundle = open_classifier(output)  # verifies every checksum
    card = bundle.card
    assert [(label.name, label.suspicious) for label in card.labels] == [
        ("NORMAL", False),
        ("PNEUMONIA", True),
    ]
    assert card.provenance.counts["test"] == {"NORMAL": 6, "PNEUMONIA": 6}
    assert card.provenance.recipe["epochs_run"] == 2
    assert card.evaluations[-1].count == 12
    engine = OnnxEngine(bundle.graph, [cpu(1)])
    film = next((drawn_folder / "test" / "PNEUMONIA").iterdir())
    image = model_input(read_radiograph(FilmSource(film)), card.input).image
    outputs = engine.run(image[None])
    assert outputs["heatmap"].shape == (1, 28, 28)
    assert 0 <= card.calibration.probability(float(outputs["logit"][0])) <= 1


def test_a_run_tells_all_that_happens_in_order(finished: tuple[Path, list[Event]]) -> None:
    _, events = finished
    kinds = [type(event) for event in events]
    order = [Preparing, FilmLeftOut, Started, Step, Epoch, Samples, Exporting, Finished]
    assert [kind for index, kind in enumerate(kinds) if kind not in kinds[:index]] == order
    assert Counter(kinds)[Epoch] == 2
    (left_out,) = (event for event in events if isinstance(event, FilmLeftOut))
    assert left_out.name == "train/NORMAL/empty.png" and "empty" in left_out.reason
    read = [event.done for event in events if isinstance(event, Preparing)]
    assert read == list(range(1, 50))
    for epoch in (event for event in events if isinstance(event, Epoch)):
        names = {"loss", "accuracy", "f1", "auc", "recall of PNEUMONIA"}
        assert set(epoch.figures) == names | {f"val_{name}" for name in names}
        assert epoch.learning_rate == pytest.approx(1e-3)
    one, other = (event.films for event in events if isinstance(event, Samples))
    assert [film.path for film in one] == [film.path for film in other]
    assert {film.label for film in one} == {"NORMAL", "PNEUMONIA"}


def test_what_only_training_needs_is_gone_afterwards(finished: tuple[Path, list[Event]]) -> None:
    output, _ = finished
    bundle = {"card.json", "model.onnx", "gradient.onnx", "model.weights.h5"}
    assert {path.name for path in output.iterdir()} == {*bundle, "run"}
    kept = {path.name for path in (output / "run").iterdir()}
    assert "events.jsonl" in kept
    assert not {"films.u16", "checkpoint.npz", "kept_weights.npz"} & kept


def test_a_model_in_the_output_folder_is_never_overwritten(
    finished: tuple[Path, list[Event]], drawn_folder: Path, tmp_path: Path
) -> None:
    output, _ = finished
    before = (output / "card.json").read_bytes()
    events: list[Event] = []
    with pytest.raises(TrainingError, match="a model in the output folder already"):
        train_in_child(request_for(drawn_folder, output), tmp_path / "run", events.append)
    assert isinstance(events[-1], Failed)
    assert (output / "card.json").read_bytes() == before


# NumPy 2 warns of how Keras 3 reads its variables when it saves weights.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_bundle_packaged_once_more_keeps_its_past_and_opens_no_test_film_unasked(
    finished: tuple[Path, list[Event]], drawn_folder: Path, tmp_path: Path
) -> None:
    output, _ = finished
    old = open_classifier(output).card
    repackage(output, drawn_folder, tmp_path / "again", reason="")
    made = open_classifier(tmp_path / "again").card
    assert made.provenance == old.provenance
    assert made.id == "again"
    image = np.random.default_rng(1).random((1, *made.input.shape), dtype=np.float32)
    was, now = (
        OnnxEngine(folder / "model.onnx", [cpu(1)]).run(image) for folder in (output, tmp_path / "again")
    )
    np.testing.assert_allclose(now["logit"], was["logit"], atol=1e-5)
    assert old.test_openings and made.test_openings == old.test_openings
    assert [each.role for each in made.evaluations] == ["validation"]


def test_a_bundle_is_packaged_once_more_with_the_films_of_its_training_only(
    finished: tuple[Path, list[Event]], drawn_folder: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    draw_film(films / "train" / "NORMAL" / "IM-0900-0001.png", False, 9)
    with pytest.raises(TrainingError, match="not the films that"):
        repackage(finished[0], films, tmp_path / "again", reason="")
    assert not (tmp_path / "again").exists()


def test_a_killed_trainer_is_reported_in_words_and_can_be_resumed(drawn_folder: Path, tmp_path: Path) -> None:
    events: list[Event] = []

    def kill_after_an_epoch(event: Event) -> None:
        events.append(event)
        if isinstance(event, Epoch) and event.epoch == 1:
            the_trainer_in(tmp_path / "run").kill()

    with pytest.raises(TrainingError, match=r"ended the trainer.*best epoch so far are kept"):
        train_in_child(
            request_for(drawn_folder, tmp_path / "out", epochs=500), tmp_path / "run", kill_after_an_epoch
        )
    *_, last = EventFollower(tmp_path / "run").new_events()
    assert isinstance(last, Failed) and last == events[-1]
    assert (tmp_path / "run" / "kept_weights.npz").stat().st_size > 1_000_000
    assert not (tmp_path / "out" / "card.json").exists()
    assert can_resume(tmp_path / "run")

    # The minutes are over before the resumed part begins, so it writes the model of the epochs that are done.
    again = TrainingRequest(
        drawn_folder,
        "sharma-cnn-deep",
        tmp_path / "out",
        minutes=1e-6,
        resume=True,
        tuning=Tuning(epochs=500),
    )
    told: list[Event] = []
    train_in_child(again, tmp_path / "run", told.append)
    (resumed,) = (event for event in told if isinstance(event, Resumed))
    assert 1 <= resumed.epochs < 500 and isinstance(told[-1], Finished)
    assert not [event for event in told if isinstance(event, Epoch)]
    assert (tmp_path / "out" / "card.json").exists()
    everything = list(EventFollower(tmp_path / "run").new_events())
    assert everything[-len(told) :] == told and events == everything[: len(events)]
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "events.jsonl",
        "keras.json",
        "request.json",
        "trainer.lock",
        "trainer.log",
    }


def test_an_interrupted_starter_ends_its_trainer(drawn_folder: Path, tmp_path: Path) -> None:
    def interrupt(event: Event) -> None:
        with pytest.raises(FolderInUse):
            check_free(tmp_path / "run")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_in_child(request_for(drawn_folder, tmp_path / "out", epochs=500), tmp_path / "run", interrupt)
    check_free(tmp_path / "run")
    assert not trainers_in(tmp_path / "run")


def test_a_trainer_starts_without_a_word_and_answers_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    child = start_training(request_for(tmp_path / "films", tmp_path / "out"), tmp_path / "run")
    assert child.wait(60) == 1
    (failed,) = EventFollower(tmp_path / "run").new_events()
    assert isinstance(failed, Failed) and "no class folders" in failed.reason


@pytest.mark.parametrize(("returncode", "words"), [(-9, "memory"), (-15, "SIGTERM"), (3, "exit code 3")])
def test_a_death_without_a_word_is_explained_by_its_exit(returncode: int, words: str) -> None:
    assert words in death_notice(returncode, True)
    assert "can go on after its last whole epoch" in death_notice(returncode, True)
    assert "nothing was kept" in death_notice(returncode, False)


def test_the_sides_share_no_patient_and_every_film_is_counted(drawn_folder: Path, tmp_path: Path) -> None:
    material = prepared(drawn_folder, tmp_path)
    sides = [{film.patient for film in films} for films in (material.train, material.validation)]
    assert not sides[0] & sides[1]
    assert len(material.train) + len(material.validation) == 48
    assert material.counts["test"] == {"NORMAL": 6, "PNEUMONIA": 6}


def test_a_test_film_among_the_training_films_is_left_out(drawn_folder: Path, tmp_path: Path) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    shutil.copy(films / "test" / "NORMAL" / "IM-500-0001.png", films / "train" / "NORMAL" / "IM-900-0001.png")
    events: list[Event] = []
    material = prepared(films, tmp_path, events)
    reasons = {event.name: event.reason for event in events if isinstance(event, FilmLeftOut)}
    assert set(reasons) == {"IM-900-0001.png"}
    assert "test films" in reasons["IM-900-0001.png"]
    assert not {film.name for film in (*material.train, *material.validation)} & set(reasons)


def test_another_film_of_a_dicom_test_patient_is_left_out(
    drawn_folder: Path, chest: Dataset, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    # Names alone take nobody out: the numbers of Kermany's test films are other children's.
    shutil.copy(films / "test" / "NORMAL" / "IM-500-0001.png", films / "test" / "NORMAL" / "IM-0001-0001.png")
    places = {"train/NORMAL/a.dcm": "1", "train/NORMAL/b.dcm": "2", "test/NORMAL/c.dcm": "1"}
    for number, (place, patient) in enumerate(places.items()):
        film = with_values(chest, PatientID=patient, SOPInstanceUID=f"1.2.{number}")
        (films / place).write_bytes(file_bytes(film))
    events: list[Event] = []
    material = prepared(films, tmp_path, events)
    reasons = {event.name: event.reason for event in events if isinstance(event, FilmLeftOut)}
    assert set(reasons) == {"a.dcm"} and "Patient ID" in reasons["a.dcm"]
    kept = {film.name for film in (*material.train, *material.validation)}
    assert {"b.dcm", "IM-0001-0001.png"} <= kept and "a.dcm" not in kept


def test_a_list_of_films_is_learned_from_like_the_folder_that_it_lists(
    drawn_folder: Path, tmp_path: Path
) -> None:
    films = list(find_films(drawn_folder))
    tested = next(number for number, film in enumerate(films) if film.side is Side.TEST)
    learned_from = next(number for number, film in enumerate(films) if film.side is Side.TRAIN)
    gone = films[learned_from].path
    films[learned_from] = replace(films[learned_from], patient="p1")
    films[tested] = replace(films[tested], patient="p1")
    write_list(films, tmp_path / "films.csv")
    events: list[Event] = []
    of_list = prepared(tmp_path / "films.csv", tmp_path, events)
    reasons = {event.name: event.reason for event in events if isinstance(event, FilmLeftOut)}
    assert set(reasons) == {gone.name} and "list" in reasons[gone.name]
    of_folder = prepared(drawn_folder, tmp_path)
    assert of_list.labels == of_folder.labels
    assert {film.path for film in of_list.test} == {film.path for film in of_folder.test}
    learned = {film.path for film in (*of_list.train, *of_list.validation)}
    assert learned == {film.path for film in (*of_folder.train, *of_folder.validation)} - {gone}


def test_copies_and_patients_of_a_given_validation_side_are_left_out(tmp_path: Path) -> None:
    films = tmp_path / "films"
    for index in range(22):
        for label, bright in (("NORMAL", False), ("PNEUMONIA", True)):
            draw_film(films / "train" / label / f"{label}{index}.png", bright, index + 100 * bright)
            draw_film(films / "val" / label / f"{label}v{index}.png", bright, 1000 + index + 100 * bright)
    shutil.copy(films / "val" / "NORMAL" / "NORMALv3.png", films / "train" / "NORMAL" / "renamed.png")
    for side, number in (("train", 1), ("val", 2)):
        draw_film(films / side / "PNEUMONIA" / f"person7_virus_{number}.png", True, 2000 + number)
    events: list[Event] = []
    material = prepared(films, tmp_path, events)
    reasons = {event.name: event.reason for event in events if isinstance(event, FilmLeftOut)}
    assert set(reasons) == {"renamed.png", "person7_virus_1.png"}
    assert "same film" in reasons["renamed.png"] and "this patient" in reasons["person7_virus_1.png"]
    assert (len(material.train), len(material.validation)) == (44, 45)


def test_sides_that_are_settled_are_kept_however_few_films_are_held_out(tmp_path: Path) -> None:
    films = tmp_path / "films"
    for index in range(12):
        side = "val" if index < 2 else "train"
        for label, bright in (("NORMAL", False), ("PNEUMONIA", True)):
            draw_film(films / side / label / f"{label}{index}.png", bright, index + 100 * bright)
    request = msgspec.structs.replace(request_for(films, tmp_path / "out"), sides_settled=True)
    material = prepare(request, SPEC, tmp_path / "films.u16", read_radiograph, lambda _: None)
    assert {film.path.parent.parent.name for film in material.validation} == {"val"}
    assert (len(material.train), len(material.validation)) == (20, 4)


def test_films_of_the_programs_own_list_that_are_gone_are_left_out_unless_they_are_many(
    tmp_path: Path, drawn_folder: Path
) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    listed = tmp_path / "list.csv"
    write_list(find_films(films), listed)
    request = msgspec.structs.replace(request_for(listed, tmp_path / "out"), sides_settled=True)
    paths = sorted(path for path in films.rglob("*.png") if path.parent.parent.name != "test")
    paths[0].unlink()
    events: list[Event] = []
    prepare(request, SPEC, tmp_path / "films.u16", read_radiograph, events.append)
    assert [event.name for event in events if isinstance(event, FilmLeftOut)] == [
        str(paths[0].relative_to(tmp_path))
    ]
    films.rename(tmp_path / "moved")
    with pytest.raises(TrainingError, match=r"not where they were.*Connect the drive"):
        prepare(request, SPEC, tmp_path / "films.u16", read_radiograph, events.append)


def test_the_known_set_is_known_where_a_held_out_film_cannot_be_read(
    drawn_folder: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    drawn = {
        label: next((drawn_folder / "train" / label).iterdir()).read_bytes()
        for label in ("NORMAL", "PNEUMONIA")
    }
    names = sorted(kermany().validation or ())
    learned = [f"NORMAL2-IM-9{i}-0001.jpeg" for i in range(10)] + [
        f"person9{i}9_virus_1.jpeg" for i in range(10)
    ]
    for number, name in enumerate([*names[1:], *learned]):
        label = "PNEUMONIA" if name.startswith("person") else "NORMAL"
        place = films / "train" / label / name
        place.parent.mkdir(parents=True, exist_ok=True)
        # A byte behind the picture's end makes it another file.
        place.write_bytes(drawn[label] + number.to_bytes(2) if name != names[1] else b"")
    events: list[Event] = []
    material = prepared(films, tmp_path, events)
    assert material.dataset is kermany()
    assert {film.name for film in material.validation} == set(names[2:])
    assert {film.name for film in material.train} == set(learned)
    (notice,) = (event.text for event in events if isinstance(event, Notice))
    assert notice.startswith("2 of the 522 films")


@pytest.mark.parametrize("side", ["train", "test"])
def test_the_same_film_in_two_classes_is_named_before_anything_is_learned(
    drawn_folder: Path, tmp_path: Path, side: str
) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    for number in range(5):
        source = films / "train" / "NORMAL" / f"IM-{number:04}-0001.png"
        shutil.copy(source, films / side / "PNEUMONIA" / f"twice{number}.png")
    with pytest.raises(
        TrainingError,
        match=r"same film lies in two classes, 5 times: NORMAL/IM-0000-0001\.png = PNEUMONIA/twice0\.png; "
        r".*and 2 more",
    ):
        prepared(films, tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"architecture": "sharma-xception"}, "xception_imagenet_notop.h5.*--weights.*--from-scratch"),
        ({"architecture": "sharma-xception", "weights": Path("gone.h5")}, "no such weights file"),
        ({"weights": Path("gone.h5")}, "no such weights file"),
        ({"weights": Path("a.h5"), "from_scratch": True}, "not both"),
    ],
)
def test_a_start_that_is_impossible_is_refused_before_films_are_read(
    drawn_folder: Path, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    fields = {"films": drawn_folder, "architecture": "sharma-cnn-deep", "output": tmp_path / "out", **changes}
    assert not run_training(TrainingRequest(**fields), tmp_path)  # type: ignore[arg-type]
    (failed,) = EventFollower(tmp_path).new_events()
    assert isinstance(failed, Failed) and re.search(words, failed.reason)


def test_a_class_of_which_nothing_can_be_read_is_named(drawn_folder: Path, tmp_path: Path) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    for path in (films / "train" / "NORMAL").iterdir():
        path.write_bytes(b"not a picture")
    with pytest.raises(TrainingError, match=r"Too few readable films.*NORMAL \(0\)"):
        prepared(films, tmp_path)


def test_the_recipe_decides_how_films_are_shown(drawn_folder: Path, tmp_path: Path) -> None:
    material = prepared(drawn_folder, tmp_path)
    few = [film for film in material.train if film.label == "PNEUMONIA"][:10]
    normal = [film for film in material.train if film.label == "NORMAL"]
    material = replace(material, train=(*normal, *few))
    plain = architecture("sharma-cnn-deep")
    weighted, validation = batches(replace(plain, balance="class weights"), material, 1, None)
    _, targets, weights = weighted[0]
    by_class = {int(target): float(weight) for target, weight in zip(targets, weights, strict=True)}
    assert by_class[1] / by_class[0] == pytest.approx(len(normal) / 10)
    assert len(validation[0]) == 2
    more, _ = batches(replace(plain, balance="oversampling"), material, 1, None)
    shown = np.concatenate([more[step][1] for step in range(len(more))])
    assert Counter(shown.tolist()) == {0: len(normal), 1: len(normal)}
    _, still = batches(plain, material, 1, None)
    _, moved = batches(
        replace(architecture("sharma-cnn-deep-aug"), augment_validation=True), material, 1, None
    )
    assert not any(
        np.array_equal(image, other) for image, other in zip(still[0][0], moved[0][0], strict=False)
    )


def test_too_few_readable_films_are_refused_before_anything_is_learned(
    drawn_folder: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder, films)
    for path in sorted((films / "train" / "NORMAL").iterdir())[5:]:
        path.write_bytes(b"not a picture")
    with pytest.raises(TrainingError, match=r"Too few readable films.*NORMAL \(5\)"):
        prepared(films, tmp_path)


def test_a_full_disk_is_noticed_before_films_are_read(
    drawn_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000_000))
    request = request_for(drawn_folder, tmp_path / "not" / "there" / "yet")
    # Four arrays twice, the kept weights twice, graph and weights twice: 56 bytes a parameter.
    with pytest.raises(TrainingError, match=r"needs about 1\.2 GB on the disk and 1\.0 GB are free"):
        prepare(
            request,
            SPEC,
            tmp_path / "films.u16",
            read_radiograph,
            lambda event: None,
            room=(room_to_learn(20_000_000, tmp_path), room_to_package(20_000_000, request.output)),
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="room is reserved on POSIX systems")
def test_a_disk_too_full_for_the_films_is_told_before_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(TrainingError, match=r"no room for the films \(205 MB\)"):
        mapped(tmp_path / "films.u16", np.uint16, (1000, 320, 320))


def test_memory_does_not_grow_with_the_number_of_films(drawn_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    prepared(drawn_folder, tmp_path / "before")  # what is imported on the way is no film
    gc.collect()
    tracemalloc.start()
    try:
        material = prepared(drawn_folder, tmp_path)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()

        def peak(films: tuple[StoredFilm, ...]) -> int:
            shown = FilmBatches(material.store, films, material.labels, SPEC, batch=2)
            tracemalloc.reset_peak()
            for step in range(len(shown)):
                shown[step]
            return tracemalloc.get_traced_memory()[1] - held

        peak(material.train[:2])
        few, all_films = peak(material.train[:4]), peak(material.train[:40])
    finally:
        tracemalloc.stop()
    on_disk = (tmp_path / "films.u16").stat().st_size
    assert on_disk == 2 * 48 * SPEC.height * SPEC.width
    assert held < on_disk / 2
    assert all_films < few + on_disk / 4


def test_training_sees_films_exactly_as_scoring_does(drawn_folder: Path, tmp_path: Path) -> None:
    material = prepared(drawn_folder, tmp_path)
    batches = FilmBatches(material.store, material.validation, material.labels, SPEC, batch=4)
    images = np.concatenate([batches[step][0] for step in range(len(batches))])
    targets = np.concatenate([batches[step][1] for step in range(len(batches))])
    for film, image, target in zip(material.validation, images, targets, strict=True):
        path = drawn_folder / "train" / film.label / film.name
        expected = model_input(read_radiograph(FilmSource(path)), SPEC).image
        np.testing.assert_allclose(image, expected, atol=1e-5)
        assert target == (film.label == "PNEUMONIA")


def test_each_epoch_shows_every_film_once_and_differently(drawn_folder: Path, tmp_path: Path) -> None:
    material = prepared(drawn_folder, tmp_path)

    def epochs(seed: int) -> list[np.ndarray]:
        batches = FilmBatches(
            material.store, material.train, material.labels, SPEC, 8, Augmentation(rotation_deg=20), seed
        )
        shown = []
        for _ in range(2):
            batches.on_epoch_begin()
            shown.append([batches[step] for step in range(len(batches))])
        counts = [Counter(np.concatenate([targets for _, targets in epoch]).tolist()) for epoch in shown]
        assert counts[0] == counts[1] == Counter(material.labels.index(f.label) for f in material.train)
        return [np.concatenate([images for images, _ in epoch]) for epoch in shown]

    first, again, other = epochs(1), epochs(1), epochs(2)
    for one, same in pairwise((first, again)):
        assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(first[0], first[1])
    assert not np.array_equal(first[0], other[0])


def test_a_request_survives_its_way_through_the_runs_folder(tmp_path: Path) -> None:
    request = TrainingRequest(
        tmp_path / "films",
        "sharma-cnn",
        tmp_path / "out",
        5,
        2.5,
        ("virus",),
        tmp_path / "w.h5",
        True,
        True,
        tuning=Tuning(epochs=3, learning_rate=1e-4, balance="oversampling", mirror=False),
        continue_from=tmp_path / "model",
        cores=1,
    )
    request.save(tmp_path)
    assert TrainingRequest.load(tmp_path) == request


@pytest.mark.parametrize("wrong", [{"cores": 0}, {"minutes": 0.0}])
def test_an_impossible_request_is_refused(tmp_path: Path, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        TrainingRequest(tmp_path, "sharma-cnn", tmp_path, **wrong)  # type: ignore[arg-type]
