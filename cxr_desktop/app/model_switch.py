"""From one model, operating point or share to another, in an open window."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cxr_desktop.app.films import Films
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.domain.settings import Settings
from cxr_desktop.ui.model_choice import ModelMenu
from cxr_desktop.ui.notice_bar import NoticeBar
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.ui.status_line import StatusLine
from cxr_desktop.workers.scoring_service import ScoringService


class ModelSwitch(QObject):
    """Tells everybody whom it concerns which model judges and from where its judgements are seen."""

    def __init__(
        self,
        model: ModelInUse,
        films: Films,
        scoring: ScoringService,
        session: ReadingSession,
        status: StatusLine,
        menu: ModelMenu,
        notices: NoticeBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._films = films
        self._scoring = scoring
        self._session = session
        self._status = status
        self._menu = menu
        self._notices = notices
        self._tell()

    def choose(self, name: str, settings: Settings) -> None:
        """Another model judges; films that it has not judged yet are scored again in the background.

        Args:
            name: as in the settings; the settings themselves need not hold it yet.

        Raises:
            BundleError: there is no such model; the one before stays.
        """
        try:
            self._model.choose(name)
        finally:
            self._tell()
        self._scoring.change_model()
        self.look_from(settings)

    def look_from(self, settings: Settings) -> None:
        """Shows all films as the operating point and the share in the settings have it."""
        before = self._films.standpoint
        self._films.standpoint, remark = self._model.standpoint(settings)
        if remark:
            self._notices.say(remark)
        if self._films.standpoint != before:
            self._session.show_anew(self._films.studies())
        else:
            self._session.sort_again()

    def _tell(self) -> None:
        if self._model.card is not None:
            self._session.use_card(self._model.card)
        self._status.show_model(self._model.title)
        self._menu.show_choices(self._model.choices(), self._model.wanted)
