"""A page to read, of a model or of two: beside other things, or in a window of its own."""

from cxr_desktop.ui.model_page.view import PageView
from cxr_desktop.ui.model_page.window import ModelPageWindow

__all__ = ["ModelPageWindow", "PageView"]
