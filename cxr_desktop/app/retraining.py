"""*Model → Train a better model…*: the wizard, its services, and the engine's functions behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cxr_desktop.app.films import Films, read_film
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.model_manager import ModelManager
from cxr_desktop.app.model_switch import ModelSwitch
from cxr_desktop.app.preferences import Preferences
from cxr_desktop.app.trainings import Trainings
from cxr_desktop.domain.audit.facts import Checked
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.errors import CxrError, TrainingError
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.own_reading import ReadingsList
from cxr_desktop.domain.retraining import Division, RetrainingPlan
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.inference.devices import Device, usable_cores
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import UserFolders, disk_errors, make_private_folder
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.training.edition import check_can_train
from cxr_desktop.ui.status_line import StatusLine
from cxr_desktop.workers.audit_service import AuditService, Seen
from cxr_desktop.workers.latest_answer import latest_work
from cxr_desktop.workers.scoring_service import ScoringService
from cxr_desktop.workers.thumbnail_service import ThumbnailService

if TYPE_CHECKING:
    from cxr_desktop.app.result_pages import ResultPages
    from cxr_desktop.ui.retraining_wizard import RetrainingWizard, TrainingStep

_NO_READINGS = tr(
    "No film of the worklist has a reading of your own yet. Say Agree, Disagree or a label "
    "beside a film; then take your readings here."
)
_FILES_GONE = tr(
    "No file shows the films of your readings any more. Connect the drive that they are on, or "
    "locate them in the worklist (right click on a study)."
)

# Of a film list's name: as many hexadecimal digits tell lists apart.
_NAME_DIGITS = 12


class Retraining(QObject):
    """Opens the wizard, once; what was chosen in it lasts until the program ends."""

    def __init__(
        self,
        library: ModelLibrary,
        folders: UserFolders,
        model: ModelInUse,
        switch: ModelSwitch,
        manager: ModelManager,
        scoring: ScoringService,
        status: StatusLine,
        films: Films,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._library = library
        self._folders = folders
        self._model = model
        self._switch = switch
        self._manager = manager
        self._scoring = scoring
        self._preferences = preferences
        self._window = window
        self._results: ResultPages | None = None
        self._training: TrainingStep | None = None
        self.trainings = Trainings(folders, library, model, status.training, window)
        status.training.opened.connect(self.show_training)
        self._wizard: RetrainingWizard | None = None
        self._films = films
        self._divider = FilmDivider(folders)
        self._audit = AuditService(FilmAuditor(library, model.devices), self)
        self._thumbnails = ThumbnailService(draw_thumbnail, self)
        self._gathering = latest_work("labelled films", self)
        self._dividing = latest_work("division", self)
        self._locking = latest_work("locked test set", self)

    def show(self) -> None:
        """Opens the wizard, or brings the open one forward.

        Raises:
            TrainingError: this edition of the program does not train.
        """
        check_can_train()
        if self._wizard is None:
            self._wizard = self._make()
        if self._wizard.isVisible():
            self._wizard.raise_()
            self._wizard.activateWindow()
        self._wizard.show()

    def show_training(self) -> None:
        """Opens the wizard at the training that the status line speaks of."""
        self.show()
        if self._wizard is not None and self._training is not None:
            self._wizard.go_to(self._training)
            self.trainings.show_told()

    def close(self) -> None:
        """The program ends: nothing is read or divided any more; trainers go on by themselves."""
        if self._wizard is not None:
            self._wizard.close()
        if self._results is not None:
            self._results.close()
        self.trainings.close()
        for service in (self._audit, self._thumbnails, self._gathering, self._dividing, self._locking):
            service.close()

    def _make(self) -> RetrainingWizard:
        # pyqtgraph and the engine's readers: the window's start does not wait for them.
        from cxr_desktop.app.result_pages import ResultPages  # noqa: PLC0415
        from cxr_desktop.training.film_sources import gather_films  # noqa: PLC0415
        from cxr_desktop.ui.retraining_wizard import (  # noqa: PLC0415
            DataPage,
            FilmsPage,
            ModelStep,
            ResultStep,
            RetrainingWizard,
            SplitPage,
            TrainingStep,
            UseStep,
        )

        self.trainings.begin()
        network = self.trainings.network_page()
        self._training = TrainingStep(self.trainings.training_page(), network, self.trainings.start)
        self._results = ResultPages(
            self._library, self._folders.locked_test, self._model, self._switch, self._manager,
            self._scoring, self._preferences.settings.heat_look, self._window,
        )  # fmt: skip
        pages = (
            FilmsPage(gather_films, self._write_readings, self._gathering),
            DataPage(self._audit, self._thumbnails),
            SplitPage(self._divider, self._dividing, self._locking),
            ModelStep(network),
            self._training,
            ResultStep(self._results.result, self._offer),
            UseStep(self._results.use),
        )
        return RetrainingWizard(pages, self._window)

    def _write_readings(self) -> ReadingsList:
        films, left_out = self._films.labelled_by_reader()
        if not films:
            raise CxrError(_FILES_GONE if left_out else _NO_READINGS)
        return ReadingsList(self._divider.write(films), len(films), left_out)

    def _offer(self, plan: RetrainingPlan) -> None:
        """The model of the training in view is compared with the present one.

        What films it was trained on, the training knows: those of the plan may be others. Among the plan's
        are locked ones that were moved.
        """
        if self._results is None or self._training is None or not self._training.training.run:
            return
        run = self._training.training.run
        try:
            bundle, films = self.trainings.bundle_of(run), self.trainings.films_of(run)
        except TrainingError as reason:  # its folder is gone, or damaged
            self._results.offer_none(str(reason))
        else:
            point = self._preferences.settings.operating_point
            self._results.offer(bundle, films, point, tuple(film.path for film in plan.found.films))


class FilmAuditor:
    """Asks the audit's functions."""

    def __init__(self, library: ModelLibrary, devices: Callable[[int], Sequence[Device]]) -> None:
        """
        Args:
            devices: gives what networks run on; the processor with so many threads.
        """
        self._library = library
        self._devices = devices

    def look(self, films: Sequence[LabelledFilm]) -> Generator[Seen, None, None]:
        from cxr_desktop.training.audit.audit import look_at_films  # noqa: PLC0415

        return look_at_films(films, usable_cores())

    def judge(
        self, found: FoundFilms, seen: Sequence[Seen], checked: Sequence[Checked], choice: AuditChoice
    ) -> AuditReport:
        from cxr_desktop.training.audit.audit import judge_films  # noqa: PLC0415

        return judge_films(found, seen, checked, choice)

    def check(self, films: Sequence[LabelledFilm]) -> Generator[Checked, None, None]:
        from cxr_desktop.inference.loading import load_lung_finder  # noqa: PLC0415
        from cxr_desktop.training.audit.scope import check_films  # noqa: PLC0415

        # One thread within a pass, and one core in all: the reader's own films come first.
        lung_finder = load_lung_finder(self._library.lung_finder(), self._devices(1))
        return check_films(films, lung_finder, 1)


class FilmDivider:
    """Divides the films of a plan, and keeps what comes of it in the user's folders."""

    def __init__(self, folders: UserFolders) -> None:
        self._folders = folders

    def divide(self, plan: RetrainingPlan) -> Division:
        from cxr_desktop.training.division import divide  # noqa: PLC0415

        return divide(plan)

    def lock(self, plan: RetrainingPlan, share: float) -> LockedTestSet:
        from cxr_desktop.storage.locked_test_file import save_locked_test  # noqa: PLC0415
        from cxr_desktop.training.division import lock_films  # noqa: PLC0415

        locked = lock_films(plan, share)
        save_locked_test(self._folders.locked_test, locked)
        return locked

    def locked(self) -> LockedTestSet | None:
        from cxr_desktop.storage.locked_test_file import load_locked_test  # noqa: PLC0415

        return load_locked_test(self._folders.locked_test)

    def write(self, films: Sequence[LabelledFilm]) -> Path:
        """Its name follows from what is in it: a list that a training reads is never another one later."""
        from cxr_desktop.training.film_list import write_list  # noqa: PLC0415

        digest = hashlib.sha256()
        for film in films:
            told = (film.view, film.age_years, film.sex)
            line = (str(film.path), film.label, str(film.side), film.patient, *told)
            digest.update(repr(line).encode("utf-8", "surrogateescape"))
        file = self._folders.film_lists / f"films-{digest.hexdigest()[:_NAME_DIGITS]}.csv"
        with disk_errors():
            make_private_folder(file.parent)
        write_list(films, file)
        return file


def draw_thumbnail(path: Path) -> bytes:
    """A film as a small JPEG.

    Raises:
        UnreadableImage: it cannot be read.
    """
    from cxr_desktop.imaging.thumbnail import thumbnail_jpeg  # noqa: PLC0415

    return thumbnail_jpeg(read_film(FilmSource(path)))
