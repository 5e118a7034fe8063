"""From prepared films to a bundle: the part of a run that needs Keras."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import keras

from cxr_desktop.domain.model_card import Label
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import Architecture, network_for
from cxr_desktop.training.balance import class_weights, oversampled
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.compiling import precision
from cxr_desktop.training.continuing import EarlierModel
from cxr_desktop.training.events import Event, Exporting, Finished, Notice, Started
from cxr_desktop.training.fit import fit
from cxr_desktop.training.package import package
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.provenance import recipe_of
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.samples import SampleFilms, chosen_samples
from cxr_desktop.training.store import ReadFilm, StoredFilm


def learn(
    request: TrainingRequest,
    record: Architecture,
    material: Material,
    folder: Path,
    read: ReadFilm,
    on_event: Callable[[Event], None],
    lung_finder: LungFinder | None = None,
    earlier: EarlierModel | None = None,
) -> None:
    """Trains the network and writes its bundle into `request.output`.

    Args:
        folder: the run's.
        read: decodes the test films.
        lung_finder: looks at each film before the finished network does.
        earlier: the model to go on from.

    Raises:
        Cancelled: somebody asked for it in the run's folder.
        TrainingError: nothing was learned; says why.
    """
    keras.utils.set_random_seed(request.seed)
    network = network_of(request, record, material.classes, earlier)
    train, validation = batches(record, material, request.seed, map_shape(network))
    on_event(Started(record.id, material.counts, record.epochs, len(train), device()))
    if earlier is not None:
        on_event(Notice(_continuing(earlier, material)))
    fitted = fit(
        record,
        train,
        validation,
        material.classes,
        folder,
        record.epochs,
        request.seed,
        request.minutes or math.inf,
        on_event,
        network,
        request.resume,
        what_run(request, record, material, earlier),
        SampleFilms(
            material.store, chosen_samples(material.validation, request.seed), record, material.classes
        ),
    )
    on_event(Exporting(fitted.why.words))
    recipe = recipe_of(request, record, fitted, material, lung_finder.card if lung_finder else None, earlier)
    package(request, record, material, fitted.model, recipe, read, on_event, lung_finder, earlier)
    on_event(Finished(fitted.best_epoch))


def network_of(
    request: TrainingRequest, record: Architecture, classes: tuple[Label, ...], earlier: EarlierModel | None
) -> keras.Model:
    """The network that a run begins with: an earlier model's, or the architecture's own."""
    with precision(record):
        if earlier is not None:
            return earlier.network(record, classes)
        return network_for(record, record.outputs(len(classes)), request.weights, request.from_scratch)


def batches(
    record: Architecture, material: Material, seed: int, map_shape: tuple[int, int] | None
) -> tuple[FilmBatches, FilmBatches]:
    """The films to learn from and those to choose by, as the recipe wants them shown.

    Args:
        map_shape: (rows, columns) of the network's map, or None where it gives none.
    """
    films = material.train if record.balance != "oversampling" else oversampled(material.train, seed)
    train = FilmBatches(
        material.store,
        films,
        material.labels,
        record.input,
        record.batch,
        record.augmentation,
        seed,
        class_weights(films) if record.balance == "class weights" else None,
        map_shape,
        material.suspicious,
    )
    validation = FilmBatches(
        material.store,
        material.validation,
        material.labels,
        record.input,
        record.batch,
        record.augmentation if record.augment_validation else None,
        seed,
        map_shape=map_shape,
        suspicious=material.suspicious,
    )
    return train, validation


def map_shape(network: keras.Model) -> tuple[int, int] | None:
    """(rows, columns) of the map that a network gives beside its logits, or None."""
    # A Sequential has one output, and Keras gives it no `output` until it is called on a symbolic tensor.
    if isinstance(network, keras.Sequential) or not isinstance(network.output, dict):
        return None
    rows, columns = network.output["map"].shape[1:3]
    return int(rows), int(columns)


def what_run(
    request: TrainingRequest, record: Architecture, material: Material, earlier: EarlierModel | None = None
) -> dict[str, str]:
    """What a checkpoint must agree with to go on; the keys are words for a message."""
    begun = {} if earlier is None else {"the model that it continues from": earlier.words["weights_sha256"]}
    return begun | {
        "the architecture": record.id,
        "the seed": str(request.seed),
        "the number of epochs": str(record.epochs),
        "the films to learn from": _sha256(material.train),
        "the films held out": _sha256(material.validation),
    }


def _sha256(films: Iterable[StoredFilm]) -> str:
    lines = sorted(f"{film.digest} {film.label}" for film in films)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _continuing(earlier: EarlierModel, material: Material) -> str:
    """What becomes of the earlier model's classes, in a sentence."""
    known = ", ".join(label.name for label in earlier.card.labels)
    if earlier.knows(material.classes):
        named = material.labels == tuple(label.name for label in earlier.card.labels)
        if named:
            return tr("Training continues from {model}.", model=earlier.name)
        return tr(
            "Training continues from {model}; {labels} are taken for its {known}.",
            model=earlier.name,
            labels=tr(" and ").join(material.labels),
            known=known,
        )
    return tr(
        "Training continues from {model}, which knows the classes {known}. These films have "
        "{labels}, so its last layer is replaced by a new one.",
        model=earlier.name,
        known=known,
        labels=", ".join(material.labels),
    )


def device() -> str:
    """What Keras runs on, in words."""
    gpus = keras.distribution.list_devices("gpu")
    return f"{len(gpus)} × GPU" if gpus else "CPU"
