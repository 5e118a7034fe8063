"""The study browser: assembles search, filters, list and menu."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from cxr_desktop.domain.study_list import StudyFilter, StudyOrder
from cxr_desktop.domain.worklist import Study
from cxr_desktop.language import tr
from cxr_desktop.ui.rows.model import ROW_ID
from cxr_desktop.ui.rows.view import RowView
from cxr_desktop.ui.study_browser.filter_bar import FilterBar
from cxr_desktop.ui.study_browser.invitation import Invitation, NothingFound
from cxr_desktop.ui.study_browser.model import StudyModel
from cxr_desktop.ui.theme import set_role

# Changes are shown together, this long after the first of them: ten times a second looks immediate.
COALESCE_MS = 100

# Logical pixels: a row's date and time are read whole.
PREFERRED_WIDTH = 340


class StudyBrowser(QWidget):
    """All studies, searched, filtered and ordered; one of them is selected.

    Signals:
        study_selected: the reader chose another study (its id).
        mark_read_requested: a study's id, and whether it shall be read (True) or unread (False).
        show_in_folder_requested, locate_requested, remove_requested: a study's id.
        open_files_requested, open_folder_requested: the reader followed the invitation.
    """

    study_selected = Signal(int)
    mark_read_requested = Signal(int, bool)
    show_in_folder_requested = Signal(int)
    locate_requested = Signal(int)
    remove_requested = Signal(int)
    open_files_requested = Signal()
    open_folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Study browser"))
        self.model = StudyModel(self)
        self.filter_bar = FilterBar(self)
        self.view = RowView(self.model, tr("Studies"), self)
        self.invitation = Invitation(self)
        self.nothing_found = NothingFound(self)
        self._pages = QStackedWidget(self)
        for page in (self.invitation, self.nothing_found, self.view):
            self._pages.addWidget(page)
        hint = QLabel(tr("Drop X-rays or a folder anywhere"), self)
        set_role(hint, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.filter_bar)
        layout.addWidget(self._pages, 1)
        layout.addWidget(hint)

        # What came in since the list was last brought up to date; None: that study is gone.
        self._pending: dict[int, Study | None] = {}
        self._timer = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._timer.timeout.connect(self._show_pending)
        self._connect()

    def _connect(self) -> None:
        self.filter_bar.query_changed.connect(self._search)
        self.filter_bar.filter_chosen.connect(self._show_only)
        self.filter_bar.order_chosen.connect(self._order_by)
        self.filter_bar.list_wanted.connect(self._enter_list)
        self.nothing_found.all_wanted.connect(self.filter_bar.clear)
        self.invitation.open_files_requested.connect(self.open_files_requested)
        self.invitation.open_folder_requested.connect(self.open_folder_requested)
        self.view.row_chosen.connect(self.study_selected)
        self.view.let_go.connect(self._show_pending)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)

    def sizeHint(self) -> QSize:
        return QSize(PREFERRED_WIDTH, 800)

    @property
    def selected(self) -> int | None:
        """The selected study's id, whether it is listed at present or not."""
        return self.view.selected

    def show_studies(self, studies: Iterable[Study]) -> None:
        """Show these studies instead of all others, at once."""
        self._pending.clear()
        self._timer.stop()
        with self.view.kept_still():
            self.model.replace(studies)
        self._show_state()

    def update_study(self, study: Study) -> None:
        """Add a study, or show what became of it. Shown within a tenth of a second, together with others."""
        self._pend(study.id, study)

    def remove_study(self, study_id: int) -> None:
        """Take a study out of the list, within a tenth of a second."""
        self._pend(study_id, None)

    def select(self, study_id: int | None) -> None:
        """Select a study and bring it into sight. `study_selected` is not emitted: the caller knows."""
        self._show_pending()  # it may have come in just now
        self.view.select(study_id)

    def select_next(self) -> None:
        """Go to the next study of the list, as the Down key does."""
        self._step(1)

    def select_previous(self) -> None:
        """Go to the previous study of the list, as the Up key does."""
        self._step(-1)

    def focus_search(self) -> None:
        """Put the cursor into the search box, with its text marked."""
        self.filter_bar.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.search_box.selectAll()

    def menu_for(self, study_id: int) -> QMenu | None:
        """The context menu of a study; None where that study is gone."""
        study = self.model.study(study_id)
        if study is None:
            return None
        menu = QMenu(self)
        is_read = study.read_at is not None
        menu.addAction(
            tr("Mark as unread") if is_read else tr("Mark as read"),
            lambda: self.mark_read_requested.emit(study_id, not is_read),
        )
        menu.addSeparator()
        menu.addAction(tr("Show in folder"), lambda: self.show_in_folder_requested.emit(study_id))
        menu.addAction(tr("Locate again…"), lambda: self.locate_requested.emit(study_id))
        menu.addSeparator()
        menu.addAction(tr("Remove from list…"), lambda: self.remove_requested.emit(study_id))
        return menu

    def _step(self, step: int) -> None:
        self._show_pending()
        study_id = self.view.neighbour(step)
        if study_id is not None:
            self.view.select(study_id)
            self.study_selected.emit(study_id)

    def _pend(self, study_id: int, study: Study | None) -> None:
        self._pending[study_id] = study
        if not self._timer.isActive():
            self._timer.start()

    def _show_pending(self) -> None:
        if not self._pending or self.view.is_held:
            return  # `let_go` calls again
        pending, self._pending = self._pending, {}
        self._timer.stop()
        with self.view.kept_still():
            self.model.remove(*(study_id for study_id, study in pending.items() if study is None))
            self.model.update(*(study for study in pending.values() if study is not None))
        self._show_state()

    def _show_state(self) -> None:
        self.filter_bar.show_counts(self.model.count)
        if self.model.total == 0:
            page: QWidget = self.invitation
        else:
            page = self.view if self.model.rowCount() else self.nothing_found
        self._pages.setCurrentWidget(page)

    def _search(self, query: str) -> None:
        with self.view.kept_still():
            self.model.search(query)
        self._show_from_start()

    def _show_only(self, chosen: StudyFilter) -> None:
        with self.view.kept_still():
            self.model.show_only(chosen)
        self._show_from_start()

    def _order_by(self, order: StudyOrder) -> None:
        with self.view.kept_still():
            self.model.order_by(order)
        self._show_from_start()

    def _show_from_start(self) -> None:
        """After the reader rearranged the list: the selected study in sight, or else the first."""
        self._show_state()
        self.view.scrollToTop()
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    def _enter_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))

    def _open_menu(self, point: QPoint) -> None:
        index = self.view.indexAt(point)
        if not index.isValid():
            return
        menu = self.menu_for(index.data(ROW_ID))
        if menu is not None:
            # Not exec(), which would run an event loop inside this one.
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.view.viewport().mapToGlobal(point))
