"""Packages a trained network once more: exported, calibrated and measured anew, its weights as they are.

    python -m cxr_desktop.training.repackage --bundle DIR --films DIR --output DIR

For a bundle of an older program, whose card lacks what the program has since learned to tell. The films are
the labelled folder that it was trained on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from cxr_desktop.domain.errors import CxrError, TrainingError
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import WEIGHTS_FILE, open_classifier
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.continuing import record_of_model
from cxr_desktop.training.disk import room_to_package
from cxr_desktop.training.export import write_bundle
from cxr_desktop.training.package import package
from cxr_desktop.training.prepare import prepare
from cxr_desktop.training.request import SEED, TrainingRequest
from cxr_desktop.training.run import needs_lungs
from cxr_desktop.training.run_folder import STORE_FILE
from cxr_desktop.training.store import data_sha256
from cxr_desktop.training.tuned import tuned


def repackage(
    bundle: Path,
    films: Path,
    output: Path,
    reason: str,
    adults: Path | None = None,
    drawn_lungs: Path | None = None,
    locked_test: Path | None = None,
) -> None:
    """Writes into `output` what `bundle` holds, packaged as this program does it.

    Recipe, dates and the notes of earlier test openings stay those of the bundle.

    Args:
        films: the labelled folder that the bundle was trained on.
        reason: why the test films are opened, for the card; "" leaves them closed.
        adults: the table of NIH films that it was trained on as well.
        drawn_lungs: a folder of lung masks drawn by people, to measure with.
        locked_test: the file of the locked test set that its training kept to.

    Raises:
        TrainingError: the films are others than those that the bundle was trained on.
    """
    old = open_classifier(bundle).card
    recipe = old.provenance.recipe
    # The operating point is chosen on films varied as in training.
    chosen = {name: value for name, value in recipe.get("chosen", {}).items() if name != "image_size"}
    record = tuned(record_of_model(old), Tuning(**chosen))
    request = TrainingRequest(
        films,
        record.id,
        output,
        seed=int(recipe.get("seed", SEED)),
        suspicious=tuple(recipe.get("suspicious", ())),
        from_scratch=bool(recipe.get("from_scratch", False)),
        drawn_lungs=drawn_lungs,
        adults=adults,
        locked_test=locked_test,
        open_test=bool(reason),
    )
    lung_finder = load_lung_finder(resources_folder() / "models" / "lung-finder", [cpu(2)])
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / STORE_FILE
        needed = lung_finder if needs_lungs(record) else None
        room = (room_to_package(record.parameters, output),)
        material = prepare(request, record.input, store, read_radiograph, lambda event: None, needed, room)
        if data_sha256(material.train) != old.provenance.data_sha256:
            raise TrainingError(
                f"These are not the films that {old.id} was trained on. Choose the labelled folder of its "
                "training, and the table of adult films if there was one."
            )
        network = record.build(record.input, record.outputs(len(material.labels)))
        network.load_weights(bundle / WEIGHTS_FILE)
        package(request, record, material, network, recipe, read_radiograph, lambda event: None, lung_finder)
    _keep_history(old, output, reason)


def _keep_history(old: ModelCard, output: Path, reason: str) -> None:
    made = open_classifier(output).card
    provenance = replace(
        made.provenance, created=old.provenance.created, created_by=old.provenance.created_by
    )
    opened = (f"{date.today():%Y-%m-%d}: {reason}",) if made.test_openings else ()
    card = replace(made, provenance=provenance, test_openings=(*old.test_openings, *opened))
    if old.provenance.recipe.get("continued_from"):
        # What it owes to the model that it continued from, which need not be at hand any longer.
        limits = (*old.limits, *(limit for limit in made.limits if limit not in old.limits))
        card = replace(card, licence=old.licence, attributions=old.attributions, limits=limits)
    write_bundle(output, tuple(made.files), lambda files: replace(card, files=files))


def main(arguments: Sequence[str]) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m cxr_desktop.training.repackage", description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True, help="the bundle to package once more")
    parser.add_argument("--films", type=Path, required=True, help="the labelled folder of its training")
    parser.add_argument("--output", type=Path, required=True, help="the new bundle's folder")
    parser.add_argument("--reason", default="", help="why the test films are opened; else they stay closed")
    parser.add_argument("--adults", type=Path, help="the table of NIH films that it was trained on as well")
    parser.add_argument("--drawn-lungs", type=Path, help="lung masks drawn by people, named like the films")
    parser.add_argument("--locked-test", type=Path, help="the locked test set that its training kept to")
    chosen = parser.parse_args(arguments)
    try:
        repackage(
            chosen.bundle,
            chosen.films,
            chosen.output,
            chosen.reason,
            chosen.adults,
            chosen.drawn_lungs,
            chosen.locked_test,
        )
    except CxrError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
