"""The left of the window: all studies, searched, filtered and ordered."""

from cxr_desktop.ui.study_browser.browser import StudyBrowser
from cxr_desktop.ui.study_browser.model import StudyModel

__all__ = ["StudyBrowser", "StudyModel"]
