"""What goes into each edition beside what its code imports, and what stays out, with the reason."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fnmatch import fnmatch

from cxr_desktop.installer.product import Edition

# Found by name only while the program runs.
HIDDEN_IMPORTS = (
    "imagecodecs._jpeg8",  # the one codec of many that is asked for
    "pylibjpeg",  # by pydicom, with its plugins
    "openjpeg",
    "jpeg_ls",
    "PySide6.QtOpenGL",  # by pyqtgraph, on systems whose Qt has it
    "PySide6.QtOpenGLWidgets",
)

# Libraries whose names and versions are asked for: by pylibjpeg, which finds decoders by them; by the window,
# which warns of two ONNX Runtimes; for the cards of trained models; and by the look at this computer.
METADATA: dict[Edition, tuple[str, ...]] = {
    "reader": (
        "pylibjpeg", "pylibjpeg-openjpeg", "pyjpegls", "pydicom", "numpy", "onnx", "scikit-learn",
        "opencv-python-headless", "pillow", "imagecodecs", "simplejpeg", "scikit-image", "sqlalchemy",
        "PySide6-Essentials", "onnxruntime-directml" if sys.platform == "win32" else "onnxruntime",
    ),
}  # fmt: skip
METADATA["full"] = (*METADATA["reader"], "tensorflow", "keras")


@dataclass(frozen=True)
class LeftOut:
    """Modules that an edition does without.

    Attributes:
        why: what they are, and why nothing is missed.
    """

    modules: tuple[str, ...]
    why: str


_ALWAYS = (
    LeftOut(("cxr_desktop.installer",), "makes installers"),
    LeftOut(("data_store",), "the demo's films; `demo` says how to get them"),
    LeftOut(("gdcm", "pytest", "_pytest", "hypothesis", "PyInstaller", "mypy"), "tests and the build"),
    LeftOut(("tkinter", "_tkinter", "PyQt5", "PyQt6", "wx", "gi"), "other toolkits; libraries look for them"),
    LeftOut(("PIL._avif",), "a format of pictures that is refused"),
    LeftOut(("IPython", "jupyter_client", "notebook", "ipywidgets"), "notebooks; libraries look for them"),
    LeftOut(("torch", "jax", "cupy", "dask", "pandas", "polars", "numba"), "arrays of others; none is used"),
    LeftOut(("PySide6.QtQml", "PySide6.QtQuick"), "another way to draw windows"),
    LeftOut(("setuptools", "pip", "pkg_resources", "distutils"), "install other software"),
    LeftOut(("sqlalchemy.dialects.oracle", "sqlalchemy.dialects.mssql"), "databases that are not used"),
    LeftOut(("sqlalchemy.dialects.mysql", "sqlalchemy.dialects.postgresql"), "databases that are not used"),
)
_OF_READER = (
    LeftOut(("tensorflow", "keras", "tf2onnx", "h5py"), "training, three times as large as all the rest"),
    LeftOut(("matplotlib",), "the benchmark's curves, which are drawn after training"),
)
_OF_FULL = (LeftOut(("clang", "tensorboard"), "TensorFlow names them; neither training nor export asks"),)
LEFT_OUT: dict[Edition, tuple[LeftOut, ...]] = {
    "reader": (*_ALWAYS, *_OF_READER),
    "full": (*_ALWAYS, *_OF_FULL),
}

# Files that libraries' hooks collect though nothing opens them: patterns of their places in the folder.
_FILES_LEFT_OUT = {
    # Kept are those of its own buttons and menus: qtbase_de.qm, …
    "PySide6/Qt/translations/[!q]*": "words of Qt's own programs",
    "PySide6/Qt/translations/qt[!b]*": "words of parts of Qt that are not used",
    "PySide6/translations/[!q]*": "the same, on Windows",
    "PySide6/translations/qt[!b]*": "the same, on Windows",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so": "GTK's look; GTK is not inside",
    "sklearn/datasets/*": "examples",
    "onnx/backend/test/*": "tests",
    "*/tests/*": "tests",
}


def is_left_out(place: str) -> bool:
    """Whether a collected file stays out.

    Args:
        place: where in the program's folder it would lie.
    """
    place = place.replace("\\", "/")
    return any(fnmatch(place, pattern) for pattern in _FILES_LEFT_OUT)
