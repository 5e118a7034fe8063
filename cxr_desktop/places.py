"""Where the operating system wants what belongs to one user (XDG, `AppData\\Local`, `Library`)."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_APP = "cxr-desktop"

SETTINGS_FILE = "settings.json"


def data_folder() -> Path:
    return Path(platformdirs.user_data_dir(_APP, appauthor=False))


def log_folder() -> Path:
    return Path(platformdirs.user_log_dir(_APP, appauthor=False))
