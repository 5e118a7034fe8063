"""A model's page in a window."""

from cxr_desktop.ui.model_page.window import ModelPageWindow

__all__ = ["ModelPageWindow"]
