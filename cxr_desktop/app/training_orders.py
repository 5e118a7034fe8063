"""What is ordered in the window becomes a request of the trainer, with all that it needs besides."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.domain.errors import Cancelled, TrainingError, UnreadableImage
from cxr_desktop.domain.film_preview import FilmPreview, PreviewQuestion
from cxr_desktop.domain.library_entry import LibraryEntry
from cxr_desktop.domain.start_choices import StartChoice, StartQuestion, TrainingOrder
from cxr_desktop.domain.training_estimate import TrainingEstimate
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.storage.weights_places import remember, remembered

if TYPE_CHECKING:
    from cxr_desktop.training.preview import VariationPreview
    from cxr_desktop.training.request import TrainingRequest

GivenUp = Callable[[], bool]


class TrainingOrders:
    """Answers the wizard's questions on its threads, where what it takes is imported, too."""

    def __init__(self, folders: UserFolders, library: ModelLibrary, model: ModelInUse) -> None:
        """
        Args:
            model: the one in use, which training goes on from.
        """
        self._folders = folders
        self._library = library
        self._model = model
        self._preview: VariationPreview | None = None

    def starts(self, question: StartQuestion, _: GivenUp) -> tuple[StartChoice, ...]:
        """What there is to start from. A weights file that the reader chose is checked, and remembered.

        Raises:
            CxrError: the file is another than the one wanted, or cannot be remembered.
        """
        from cxr_desktop.training.architectures import architecture, check_weights  # noqa: PLC0415
        from cxr_desktop.training.starts import start_choices  # noqa: PLC0415

        note = self._folders.weights_places
        if question.weights is not None:
            wanted = architecture(question.architecture).pretrained
            if wanted is None:
                raise TrainingError(tr("This network starts from random weights and needs no file."))
            check_weights(wanted, question.weights)
            remember(note, [question.weights])
        card = self._model.card
        current = None if card is None else LibraryEntry(self._model.folder_of(""), card)
        return start_choices(current, remembered(note))

    def preview(self, question: PreviewQuestion, given_up: GivenUp) -> tuple[FilmPreview, ...]:
        """Films as training would vary them.

        Raises:
            Cancelled: nobody wants to know any more.
            CxrError: they cannot be shown.
        """
        from cxr_desktop.training.preview import VariationPreview  # noqa: PLC0415 - on its thread

        if self._preview is None:
            self._preview = VariationPreview(self._library.lung_finder())
        return self._preview.views(question, given_up)

    def estimate(self, order: TrainingOrder, given_up: GivenUp) -> TrainingEstimate:
        """How long a training would take here, measured in a process of its own.

        Raises:
            Cancelled: nobody wants to know any more.
            CxrError: it could not be measured.
        """
        from cxr_desktop.training.estimate import estimate_in_child  # noqa: PLC0415 - on its thread

        with tempfile.TemporaryDirectory(prefix="cxr-estimate-") as folder:
            return estimate_in_child(self.request(order), Path(folder), given_up)

    def thumbnails(self, films: tuple[Path, ...], given_up: GivenUp) -> Mapping[Path, bytes]:
        """Small JPEGs of those films that can be read.

        Raises:
            Cancelled: nobody wants to see them any more.
        """
        from cxr_desktop.imaging.read import read_radiograph  # noqa: PLC0415 - on its thread
        from cxr_desktop.imaging.thumbnail import thumbnail_jpeg  # noqa: PLC0415

        jpegs: dict[Path, bytes] = {}
        for film in films:
            if given_up():
                raise Cancelled
            try:
                jpegs[film] = thumbnail_jpeg(read_radiograph(FilmSource(film)))
            except (UnreadableImage, OSError):
                continue  # moved or changed since: the trainer has its own copy of what it saw
        return jpegs

    def request(self, order: TrainingOrder) -> TrainingRequest:
        """What the trainer is asked to do; the new model gets a folder of its own among the user's.

        Raises:
            BundleError: the lung finder is missing.
        """
        from cxr_desktop.training.request import SEED, TrainingRequest, user_name  # noqa: PLC0415

        start, locked_test = order.start, self._folders.locked_test
        return TrainingRequest(
            films=order.films.resolve(),
            architecture=start.architecture,
            output=self._folders.models / f"{start.architecture}-{datetime.now():%Y%m%d-%H%M%S}",
            seed=SEED if order.seed is None else order.seed,
            suspicious=order.suspicious,
            weights=start.weights,
            from_scratch=start.from_scratch,
            lung_finder=self._library.lung_finder(),
            locked_test=locked_test if locked_test.exists() else None,
            made_by=user_name(),
            tuning=order.tuning,
            continue_from=start.continue_from,
            sides_settled=True,
            cores=cores_beside_the_reader(),
        )


def cores_beside_the_reader() -> int:
    """Half of the cores: the rest is the reader's, whose films are to be scored as quickly as ever."""
    return max(1, usable_cores() // 2)
