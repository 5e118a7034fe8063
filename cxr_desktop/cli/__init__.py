"""The command line: no arguments or paths open the window; commands do the rest without one."""

from cxr_desktop.cli.main import main

__all__ = ["main"]
