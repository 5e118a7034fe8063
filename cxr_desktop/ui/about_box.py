"""*Help → About CXR Desktop*."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from cxr_desktop import __version__
from cxr_desktop.language import tr
from cxr_desktop.ui.status_line import DISCLAIMER


def show_about(window: QWidget) -> None:
    """Version, purpose and what it is not."""
    QMessageBox.about(
        window,
        tr("About CXR Desktop"),
        tr(
            "<b>CXR Desktop {version}</b><p>{disclaimer}</p><p>Sorts chest X-rays by suspicion of "
            "pneumonia on this computer. Films and results never leave it.</p>",
            version=__version__,
            disclaimer=DISCLAIMER,
        ),
    )
