"""Whether the models are whole and answer as they should, and how fast films are judged here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from cxr_desktop.domain.check_up import Finding, Outcome
from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.library_entry import LibraryEntry
from cxr_desktop.domain.model_card import LungFinderCard
from cxr_desktop.imaging.phantom import PHANTOM_SHAPE, phantom_file
from cxr_desktop.imaging.read import decode_film
from cxr_desktop.inference.bundle import open_lung_finder
from cxr_desktop.inference.devices import Device, cpu, find_devices, left_sentence, threads_beside_a_window
from cxr_desktop.inference.known_answers import ANSWERS_FILE, TOLERANCE, answer_of, known_answer
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.language import tr
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.model_library import ModelLibrary

FILMS = 20
_BATCH = 5  # between two batches the reader may close the window


def of_models(library: ModelLibrary, on_step: Callable[[str], None]) -> Iterator[Finding]:
    """Each model's files against their checksums, its network loaded, its answer compared with the known one.

    Raises:
        BundleError: the lung finder cannot be used, so that no model can.
    """
    lungs = open_lung_finder(library.lung_finder()).card
    yield Finding(f"{lungs.name} {lungs.version}", tr("files as in its card"))
    devices = find_devices(threads_beside_a_window())
    for entry in library.models():
        name = f"{entry.card.name} {entry.card.version}" if entry.card else tr("A model")
        on_step(tr("Checking {name}", name=name))
        about = name if entry.bundled else tr("{name} (your own)", name=name)
        try:
            yield _of_model(about, entry, library, lungs, devices)
        except CxrError as problem:
            yield Finding(about, str(problem), Outcome.AMISS)
    for device in devices:
        if device.is_left:
            yield Finding(
                device.name,
                tr("{problem} It said: {failure}", problem=left_sentence(device), failure=device.failure),
                Outcome.AMISS,
            )


def _of_model(
    about: str, entry: LibraryEntry, library: ModelLibrary, lungs: LungFinderCard, devices: list[Device]
) -> Finding:
    if entry.card is None:
        return Finding(about, entry.problem, Outcome.AMISS)
    scorer = load_scorer(entry.folder, library.lung_finder(), devices)
    answer = answer_of(scorer)
    words = tr("files as in its card, loaded on {device}", device=scorer.device_name)
    if answer is None:
        return Finding(about, tr("{state}; a drawn chest is out of its scope", state=words), Outcome.REMARK)
    words = tr("{state}, a drawn chest gets {answer:.3f}", state=words, answer=answer)
    if entry.bundled:
        expected = known_answer(resources_folder() / "models" / ANSWERS_FILE, entry.card, lungs)
        if expected is None:
            return Finding(
                about, tr("{state}; what it should get was not written down", state=words), Outcome.REMARK
            )
    else:
        # Nobody else knows this model: the processor has to say the same as whatever is in use.
        expected = answer_of(load_scorer(entry.folder, library.lung_finder(), [cpu(1)]))
    if expected is None or abs(answer - expected) > TOLERANCE:
        right = tr("nothing") if expected is None else f"{expected:.3f}"
        return Finding(
            about,
            tr(
                "{state} and should get {right}: this computer reckons wrongly. Bring the card's "
                "driver up to date, or install the program again; do not rely on scores until then.",
                state=words,
                right=right,
            ),
            Outcome.AMISS,
        )
    return Finding(about, tr("{state}, as it should", state=words))


def of_speed(library: ModelLibrary, on_step: Callable[[str], None]) -> Iterator[Finding]:
    """Drawn films decoded and judged by the default model.

    Raises:
        CxrError: it cannot be loaded or run.
    """
    entry = library.find("")
    scorer = load_scorer(entry.folder, library.lung_finder(), find_devices(threads_beside_a_window()))
    files = [phantom_file(number) for number in range(FILMS)]
    scorer.score([decode_film(files[0])])  # a device takes its time over the first film
    decoding = scoring = 0.0
    for first in range(0, FILMS, _BATCH):
        on_step(tr("Scoring drawn films: {done} of {films}", done=first, films=FILMS))
        began = time.perf_counter()
        films = [decode_film(data) for data in files[first : first + _BATCH]]
        for film in films:
            _ = film.pixels  # unfolded when it is first asked for
        decoded = time.perf_counter()
        scorer.score(films)
        decoding += decoded - began
        scoring += time.perf_counter() - decoded
    height, width = PHANTOM_SHAPE
    yield Finding(
        tr("Films"),
        tr(
            "{films} drawn chests of {width} × {height} pixels as JPEG, by {model} on {device}",
            films=FILMS,
            width=width,
            height=height,
            model=scorer.card.name,
            device=scorer.device_name,
        ),
    )
    yield Finding(tr("Speed"), tr("{speed:.1f} films/s", speed=FILMS / (decoding + scoring)))
    yield Finding(
        tr("A film"),
        tr(
            "{decoding:.0f} ms to decode, {scoring:.0f} ms to judge",
            decoding=1000 * decoding / FILMS,
            scoring=1000 * scoring / FILMS,
        ),
    )
