"""The log: what the program did, never whom it was about."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path


class _PrivateFileHandler(RotatingFileHandler):
    """A log file that only its owner can read, from its first byte."""

    def _open(self):  # type: ignore[no-untyped-def]
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        Path(self.baseFilename).chmod(0o600)
        return super()._open()


def start_logging(folder: Path) -> None:
    """Writes warnings and errors of the program to a file in `folder`, which exists."""
    handler = _PrivateFileHandler(
        folder / "cxr-desktop.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("cxr_desktop")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
