"""A training that is over, without any having been: what it leaves behind, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.model_card import CARD_FILE
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.training.datasets import own_films
from cxr_desktop.training.events import Epoch, EventLog, Finished, Started
from cxr_desktop.training.film_list import write_list
from cxr_desktop.training.request import TrainingRequest
from tests.training.tiny_bundle import write_tiny_bundle


def a_finished_run(folders: UserFolders, name: str, films: Sequence[LabelledFilm]) -> None:
    """A training that came to a model: a list of what it was given, and a network that goes by brightness."""
    given = folders.film_lists / f"{name}.csv"
    given.parent.mkdir(parents=True, exist_ok=True)
    write_list(films, given)
    model = folders.models / name
    card = write_tiny_bundle(model, name, slope=20.0, middle=0.48)
    own = replace(card, population=own_films().population)
    (model / CARD_FILE).write_bytes(msgspec.json.encode(own))
    run = folders.trainings / name
    run.mkdir(parents=True)
    TrainingRequest(given, "sharma-cnn", model).save(run)
    told = EventLog(run)
    told.append(Started("sharma-cnn", {"train": {"NORMAL": 1}, "validation": {"NORMAL": 1}}, 1, 1, "CPU"))
    figures = {"loss": 0.6, "accuracy": 0.7, "f1": 0.6, "auc": 0.8, "recall of PNEUMONIA": 0.7}
    held_out = {f"val_{name}": value for name, value in figures.items()}
    told.append(Epoch(1, figures | held_out, best=True, seconds=1.5, learning_rate=1e-3))
    told.append(Finished(1))
