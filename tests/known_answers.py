"""Writes what the bundled models say of a drawn chest, whenever one of them changed.

Run `python -m tests.known_answers`; what it writes comes with the program.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from cxr_desktop.inference.bundle import open_classifier, open_lung_finder
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.known_answers import ANSWERS_FILE, answer_key, answer_of
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.model_library import ModelLibrary


def bundled_models() -> list[Path]:
    """The folders of the classifiers that come with the program."""
    library = ModelLibrary(resources_folder() / "models", Path("no such folder"))
    return [entry.folder for entry in library.models()]


def write_known_answers(models: Path) -> None:
    """Asks each bundled model on the processor and replaces the file."""
    lung_finder = ModelLibrary(models, Path("no such folder")).lung_finder()
    lungs = open_lung_finder(lung_finder).card
    answers = {
        answer_key(open_classifier(folder).card, lungs): answer_of(load_scorer(folder, lung_finder, [cpu(1)]))
        for folder in bundled_models()
    }
    (models / ANSWERS_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(answers), indent=2) + b"\n")


if __name__ == "__main__":
    write_known_answers(resources_folder() / "models")
