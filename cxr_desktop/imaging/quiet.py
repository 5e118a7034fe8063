"""Keeps the decoding libraries from printing and from logging what they found in a patient's file.

pydicom, Pillow and tifffile remark on irregular files through `warnings` and `logging`; such a remark can
quote a name out of the header. What matters to the reader is in the raised `UnreadableImage`.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings

import cv2
import pydicom.config

# The remarks count as made in the library's own module or, by their stack level, in one of ours.
_REMARK = (
    "ignore",
    None,
    UserWarning,
    re.compile(r"(pydicom|PIL|tifffile|openjpeg|cxr_desktop\.imaging)\b"),
    0,
)
_BOMB = ("ignore", None, RuntimeWarning, re.compile(r"PIL\b"), 0)
_filters_lock = threading.Lock()


def silence_decoders() -> None:
    """Mutes the libraries for the life of the process; called as `imaging.dicom` is imported."""
    for name in ("pydicom", "PIL", "tifffile", "pylibjpeg", "openjpeg"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    # A damaged tag must not keep a film from being read; each value is checked where it is used.
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    ignore_remarks()


def ignore_remarks() -> None:
    """Makes sure that the libraries' warnings are ignored.

    `warnings.catch_warnings` would swap a list that all threads share, and a second thread would restore
    the first one's. So the filters stay; they are looked for at each film because others (a test runner)
    may have replaced the list since.
    """
    with _filters_lock:
        for each in (_REMARK, _BOMB):
            if each not in warnings.filters:
                _, _, category, module, _ = each
                warnings.filterwarnings("ignore", category=category, module=module.pattern)
