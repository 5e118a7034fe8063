"""From one model, operating point or share to another, in an open window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cxr_desktop.app.films import Films
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.preferences import Preferences
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.settings import Settings
from cxr_desktop.language import tr
from cxr_desktop.ui.model_choice import ModelMenu
from cxr_desktop.ui.notice_bar import NoticeBar
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.ui.status_line import StatusLine
from cxr_desktop.workers.scoring_service import ScoringService


class ModelSwitch(QObject):
    """Tells everybody whom it concerns which model judges and from where its judgements are seen.

    Signals:
        model_changed: another model is in use.
    """

    model_changed = Signal()

    def __init__(
        self,
        model: ModelInUse,
        films: Films,
        scoring: ScoringService,
        session: ReadingSession,
        status: StatusLine,
        menu: ModelMenu,
        notices: NoticeBar,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._model = model
        self._films = films
        self._scoring = scoring
        self._session = session
        self._status = status
        self._menu = menu
        self._notices = notices
        self._preferences = preferences
        self._window = window
        self._sound = preferences.settings.model  # with it a model could be loaded, as far as was tried
        scoring.model_failed.connect(self._fall_back)
        menu.model_chosen.connect(self.choose)
        menu.folder_wanted.connect(self._ask_for_folder)
        self._tell()

    def choose(self, name: str) -> None:
        """Another model judges; films that it has not judged yet are scored again in the background.

        The choice becomes the setting. Where there is no such model, that is said and the one before stays.

        Args:
            name: as in the settings.
        """
        if self._model.loaded == self._model.wanted:
            self._sound = self._preferences.settings.model
        try:
            self._model.choose(name)
        except BundleError as reason:
            self._notices.say(str(reason))
            self.show_choices()
            self.look_from(self._preferences.settings)
            return
        self._preferences.change(model=name)
        self._take_over()

    def choose_folder(self, folder: Path) -> None:
        """The bundle in a folder judges, checked like any other."""
        self.choose(self._model.name_of(folder))

    def show_choices(self) -> None:
        """There may be other models to choose from."""
        self._menu.show_choices(self._model.choices(), self._model.wanted)

    def look_from(self, settings: Settings, anew: bool = False) -> None:
        """Shows all films as the operating point and the share in the settings have it.

        Args:
            anew: even where they are seen as before.
        """
        before = self._films.standpoint
        self._films.standpoint, remark = self._model.standpoint(settings)
        if remark:
            self._notices.say(remark)
        if anew or self._films.standpoint != before:
            self._session.show_anew(self._films.studies())
        else:
            self._session.sort_again()

    def _take_over(self) -> None:
        """The model that `ModelInUse` has now is loaded and judges."""
        self._tell()
        if self._model.default_problem:
            self._notices.say(self._model.default_problem)
        self._scoring.change_model()
        self.look_from(self._preferences.settings, anew=True)  # films that wait are to be asked for again
        self.model_changed.emit()

    def _fall_back(self, changes: int) -> None:
        """A model that cannot be loaded is not kept, and does not leave the reader without one."""
        if changes != self._scoring.changes:
            return  # another has been chosen since
        self._status.show_not_loaded()
        failed = self._model.title
        self._preferences.change(model=self._sound)
        if not self._model.choose_stand_in():
            return
        now = self._model.title
        self._notices.say(
            tr("{failed} cannot be loaded. Until another is chosen, {now} is in use.", failed=failed, now=now)
        )
        self._take_over()

    def _ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self._window, tr("Choose the folder of a model"))
        if name:
            self.choose_folder(Path(name))

    def _tell(self) -> None:
        if self._model.card is not None:
            self._session.use_card(self._model.card)
        self._status.show_model(self._model.title)
        self.show_choices()
