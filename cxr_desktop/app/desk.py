"""The reading desk: one catalogue, one window, the services behind it, and every wire between them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from cxr_desktop.app.about_model import AboutModel
from cxr_desktop.app.devices_in_use import DevicesInUse
from cxr_desktop.app.feature_maps import FeatureMapsInView
from cxr_desktop.app.films import Films, prepare_readers
from cxr_desktop.app.help import Help
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.model_manager import ModelManager
from cxr_desktop.app.model_switch import ModelSwitch
from cxr_desktop.app.preferences import Preferences
from cxr_desktop.app.questions import Questions
from cxr_desktop.app.retraining import Retraining
from cxr_desktop.app.this_computer import ThisComputer
from cxr_desktop.app.two_models import TwoModels
from cxr_desktop.app.worklist_verbs import WorklistVerbs
from cxr_desktop.domain.bundle_manifest import MODEL_FILE_SUFFIX
from cxr_desktop.domain.errors import CxrError, mistake
from cxr_desktop.domain.settings import Settings
from cxr_desktop.language import tr
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.copied_films import CopiedFilms
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.ui.about_box import show_about
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.notice_bar import NoticeBar
from cxr_desktop.ui.questioning import Questioning
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.ui.settings_dialog import SettingsDialog
from cxr_desktop.ui.shortcuts_page import ShortcutsPage
from cxr_desktop.ui.status_line import StatusLine
from cxr_desktop.ui.study_browser import StudyBrowser
from cxr_desktop.ui.theme import apply_theme
from cxr_desktop.ui.triage_panel import TriagePanel
from cxr_desktop.ui.triage_panel.lime_dialog import LimeMemory
from cxr_desktop.ui.window_actions import WindowActions
from cxr_desktop.workers.intake_service import IntakeService
from cxr_desktop.workers.lane import Lane
from cxr_desktop.workers.questioning_service import QuestioningService
from cxr_desktop.workers.scoring_service import ScoringService
from cxr_desktop.workers.second_opinion import SecondOpinionService
from cxr_desktop.workers.viewing_service import ViewingService
from cxr_desktop.workers.worklist import Worklist

if TYPE_CHECKING:  # SQLAlchemy takes 0.2 s to import: the window stands before it is asked for
    from cxr_desktop.storage.catalogue import Catalogue

log = logging.getLogger(__name__)

RECENT_FOLDERS = 8
# After this long the window stands painted.
PAINTED_MS = 60


class Desk(QObject):
    """Everything of one open window. Made on the GUI thread; `close` ends its threads."""

    def __init__(self, folders: UserFolders, settings: Settings, model: str | None = None) -> None:
        """
        Args:
            model: judges instead of the settings' one until the reader chooses another.
        """
        super().__init__()
        self.notices = NoticeBar()
        self.preferences = Preferences(folders.settings, settings, self.notices.say, self)
        library = ModelLibrary(resources_folder() / "models", folders.models)
        self.status = StatusLine()
        self.devices = DevicesInUse(self.notices, self.status, self)
        self.model = ModelInUse(library, folders.model_history, self.devices.devices)
        problem = self.model.choose_or_default(settings.model if model is None else model)
        standpoint, remark = self.model.standpoint(settings)
        for sentence in filter(None, (problem, self.model.default_problem, remark)):
            self.notices.say(sentence)
        self.films = Films(
            CopiedFilms(folders.films),
            standpoint,
            lambda: self.settings.copy_from_removable,
        )

        self.worklist = Worklist(self.films.studies, self)
        self.intake = IntakeService(self.films.find, self.films, self)
        self.scoring = ScoringService(self.model.load_scorer, self.films.read, self.films, self)
        self.viewing = ViewingService(self.films.read, self.films.explanation, self)
        self.questions = Questions(
            self.worklist.film, self.films.read, self.model.folder_of, self.model.load_explainer
        )
        self.questioning = QuestioningService(self.questions.reply, self)
        self.second_opinion = SecondOpinionService(self.model.load_scorer_of, self.films.read, self)
        self.housekeeping = Lane("housekeeping", self._do_chore, self)
        self._chores = [self.devices.look_around, prepare_readers, self.films.tidy_up]

        self.browser = StudyBrowser()
        self.viewer = ImageViewer(settings.show_heatmap, settings.heat_look)
        self.triage = TriagePanel()
        self.session = ReadingSession(
            self.worklist, self.browser, self.viewer, self.triage, self.scoring, self.viewing, self.films,
            self._waiting_cap, self,
        )  # fmt: skip
        self.triage.set_heatmap(settings.show_heatmap)
        self.lime = LimeMemory()
        Questioning(self.session, self.triage.evidence_card, self.viewer, self.questioning, self.lime, self)
        self.window = MainWindow(self.browser, self.viewer, self.triage, self.status, self.notices)
        self.actions = WindowActions(self.window)
        self.window.place_menus(self.actions.menus(self.viewer.actions()))
        self.actions.show_recent_folders([Path(folder) for folder in settings.recent_folders])
        self.switch = ModelSwitch(
            self.model, self.films, self.scoring, self.session, self.status, self.actions.models,
            self.notices, self.preferences, self.window,
        )  # fmt: skip
        self.model_manager = ModelManager(
            library, folders.models, self.model, self.switch, self.scoring, self.actions, self.window
        )
        self.about_model = AboutModel(self.model, self.window)
        self.help = Help(self.actions, self.window)
        self.two_models = TwoModels(
            self.model, self.preferences, self.questioning, self.second_opinion, self.worklist, self.viewing,
            self.session, self.viewer, self.status, self.lime, self.window,
        )  # fmt: skip
        self.feature_maps = FeatureMapsInView(self.session, self.questioning, self.model, self.window)
        self.retraining = Retraining(
            library, folders, self.model, self.switch, self.model_manager, self.scoring, self.status,
            self.films, self.preferences, self.window,
        )  # fmt: skip
        self.verbs = WorklistVerbs(
            self.films, self.worklist, self.session, self.model, self._last_folder, self.window
        )
        self.this_computer = ThisComputer(library, folders, self.actions, self.window)
        if settings.arrangement:
            self.window.arrange(settings.arrangement)
        self._wire_services()
        self._wire_actions()

    @property
    def settings(self) -> Settings:
        """Those in force."""
        return self.preferences.settings

    def begin(self, catalogue: Catalogue, paths: Sequence[Path]) -> None:
        """Shows the catalogue; once it is painted, loads the model and takes paths in.

        Nothing else of the desk may be used before.
        """
        self.films.use(catalogue)
        self.this_computer.catalogue = catalogue.path
        self.session.begin(self.films.studies())
        # The threads import a second's worth of Python: started now, they would hold up the first painting.
        QTimer.singleShot(PAINTED_MS, self, lambda: self._begin_work(paths))

    def _begin_work(self, paths: Sequence[Path]) -> None:
        self.session.open_first()
        self.scoring.start()
        self.housekeeping.wake()
        self.retraining.trainings.begin()
        if paths:
            self.take_in(paths)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Adds films, folders and archives to the worklist; a model's file is imported."""
        models = [path for path in paths if path.suffix.lower() == MODEL_FILE_SUFFIX]
        for model in models:
            self.model_manager.bring_in(model)
        paths = [path for path in paths if path not in models]
        if not paths:
            return
        for path in paths:
            if path.is_dir():
                others = [each for each in self.settings.recent_folders if each != str(path)]
                self.preferences.change(recent_folders=(str(path), *others)[:RECENT_FOLDERS])
        self.actions.show_recent_folders([Path(folder) for folder in self.settings.recent_folders])
        if self.scoring.is_stopped:
            self.scoring.resume()
        self.intake.take_in(paths)

    def close(self) -> None:
        """Ends the threads and saves the settings."""
        for part in (
            self.retraining, self.two_models, self.intake, self.scoring, self.viewing, self.questioning,
            self.second_opinion, self.housekeeping, self.worklist, self.session, self.feature_maps,
            self.model_manager, self.this_computer,
        ):  # fmt: skip
            part.close()
        self.preferences.change(arrangement=self.window.arrangement)
        self.preferences.save()

    def take_exception(
        self, kind: type[BaseException], error: BaseException, _: TracebackType | None
    ) -> None:
        """The GUI thread's boundary: a worded problem is shown; a mistake is logged without its data."""
        if isinstance(error, CxrError):
            self.notices.say(str(error))
            return
        log.error("window: %s", mistake(error))
        self.notices.say(tr("Something went wrong ({kind}); the log tells where.", kind=kind.__name__))

    # Wires

    def _wire_services(self) -> None:
        intake, scoring, status = self.intake, self.scoring, self.status
        self.window.paths_dropped.connect(self.take_in)
        self.verbs.paths_chosen.connect(self.take_in)
        self.verbs.told.connect(status.show_result)
        intake.studies_changed.connect(self.worklist.mark_changed)
        intake.progress_changed.connect(status.intake.show_progress)
        intake.finished.connect(lambda summary: status.show_result(summary.sentence()))
        intake.finished.connect(status.intake.finish)
        intake.finished.connect(self._say_without_backup)
        status.intake.cancel_requested.connect(intake.cancel)
        scoring.studies_changed.connect(self.worklist.mark_changed)
        scoring.progress_changed.connect(status.scoring.show_progress)
        scoring.finished.connect(status.scoring.finish)
        scoring.model_ready.connect(status.show_device)
        status.scoring.cancel_requested.connect(scoring.cancel)
        background = (self.viewing, self.questioning, self.second_opinion, self.housekeeping)
        for service in (intake, scoring, *background, self.retraining.trainings):
            service.failed.connect(self.notices.say)
        self.viewer.look_changed.connect(self.preferences.change_heat_look)
        self.viewer.heatmap_toggled.connect(lambda shown: self.preferences.change(show_heatmap=shown))

    def _wire_actions(self) -> None:
        do, session, browser = self.actions, self.session, self.browser
        for signal in (do["open_files"].triggered, browser.open_files_requested):
            signal.connect(self.verbs.open_files)
        for signal in (do["open_folder"].triggered, browser.open_folder_requested):
            signal.connect(self.verbs.open_folder)
        for follow in (self.about_model.follow, self.two_models.follow_model, self.feature_maps.follow):
            self.switch.model_changed.connect(follow)
        for signal in (do["two_models"].triggered, self.triage.evidence_card.comparison_requested):
            signal.connect(self.two_models.show)
        self.model_manager.models_changed.connect(self.two_models.follow_model)
        self.worklist.removed.connect(self.feature_maps.forget)
        for signal in (do["feature_maps"].triggered, self.triage.evidence_card.feature_maps_requested):
            signal.connect(self.feature_maps.show)
        do.folder_chosen.connect(lambda folder: self.take_in([folder]))
        do["save_table"].triggered.connect(self.verbs.save_table)
        do["train"].triggered.connect(self.retraining.show)
        do["settings"].triggered.connect(self._edit_settings)
        do["quit"].triggered.connect(self.window.close)
        do["next"].triggered.connect(session.show_next)
        do["previous"].triggered.connect(session.show_previous)
        do["next_of_study"].triggered.connect(lambda: session.show_next_of_study(1))
        do["previous_of_study"].triggered.connect(lambda: session.show_next_of_study(-1))
        do["mark_read"].triggered.connect(session.mark_read)
        do["mark_unread"].triggered.connect(session.mark_unread)
        do["score_waiting"].triggered.connect(session.score_waiting)
        do["search"].triggered.connect(browser.focus_search)
        do["shortcuts"].triggered.connect(self._show_shortcuts)
        do["about_model"].triggered.connect(self.about_model.show)
        do["about"].triggered.connect(lambda: show_about(self.window))
        browser.show_in_folder_requested.connect(self.verbs.show_in_folder)
        browser.locate_requested.connect(self.verbs.locate)
        browser.remove_requested.connect(self.verbs.remove)
        own_reading = self.triage.own_reading
        do["agree"].triggered.connect(own_reading.agree)
        do["disagree"].triggered.connect(own_reading.disagree)
        do["own_label"].triggered.connect(own_reading.want_label)
        own_reading.label_given.connect(self.verbs.note_label)
        own_reading.label_wanted.connect(self.verbs.ask_label)

    # What the actions do beyond the session

    def _edit_settings(self) -> None:
        shown = replace(self.settings, model=self.model.wanted)
        dialog = SettingsDialog(shown, self.model.choices(), self.window)
        self.help.reach(dialog)
        if dialog.exec():
            chosen = dialog.settings()
            # The model is the switch's: it keeps one that can be used, and none that only this start named.
            self.preferences.settings = replace(chosen, model=self.settings.model)
            app = QApplication.instance()
            if isinstance(app, QApplication):
                apply_theme(app, self.settings.theme)
            self.viewer.set_look(self.settings.heat_look)
            self.viewer.set_heatmap_shown(self.settings.show_heatmap)
            if chosen.model == shown.model:
                self.switch.look_from(self.settings)
                self.two_models.look_again()
            else:
                self.switch.choose(chosen.model)
            self.preferences.save()

    def _show_shortcuts(self) -> None:
        page = ShortcutsPage(self.actions.groups(self.viewer.actions()), self.window)
        self.help.reach(page)
        page.exec()

    # What they need

    def _last_folder(self) -> str:
        return next(iter(self.settings.recent_folders), "")

    def _do_chore(self) -> bool:
        if not self._chores:
            return False
        self._chores.pop(0)()
        return True

    def _say_without_backup(self) -> None:
        if self.films.backup_problem:
            self.notices.say(self.films.backup_problem)

    def _waiting_cap(self) -> timedelta | None:
        hours = self.settings.waiting_cap_hours
        return timedelta(hours=hours) if hours else None
