"""Films for a user's session: forty in two classes, and DICOM files as they come."""

from __future__ import annotations

import importlib.util
import shutil
from itertools import islice
from pathlib import Path

from tests.conftest import find_data_folder
from tests.training.conftest import draw_film

A_CLASS = 20
CLASSES = ("NORMAL", "PNEUMONIA")


def put_films(folder: Path) -> str:
    """Fills a folder with a folder a class, and says what with."""
    data = find_data_folder()
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        if data is not None:
            for film in islice(sorted((data / "kermany_full" / name).glob("*.jpeg")), A_CLASS):
                shutil.copy(film, folder / name)
        else:
            for seed in range(A_CLASS):
                draw_film(folder / name / f"{name}{seed}.png", name == CLASSES[1], seed)
    return "drawn films" if data is None else "real films"


def put_dicom(folder: Path) -> None:
    """Copies the DICOM files of pydicom-data.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    spec = importlib.util.find_spec("data_store")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pydicom-data is not installed: pip install -e '.[test]'")
    shutil.copytree(Path(spec.origin).parent / "data", folder)
