"""The window under F1: what the program tells of itself, to read and to search, without a network."""

from cxr_desktop.ui.help_window.window import HelpWindow

__all__ = ["HelpWindow"]
