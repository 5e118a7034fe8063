"""Films to train on: drawn ones, where learning itself is tested, and real ones, where films matter."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest


def draw_film(path: Path, bright: bool, seed: int) -> None:
    """A grey picture with two dark fields; a bright spot in one of them stands for a finding."""
    random = np.random.default_rng(seed)
    image = np.full((150, 140), 150, np.uint8)
    for column in (40, 100):
        cv2.ellipse(image, (column, 75), (22, 45), 0, 0, 360, 60, -1)
    if bright:
        cv2.circle(image, (int(random.choice([40, 100])), int(random.integers(60, 95))), 16, 230, -1)
    noisy = np.clip(image + random.normal(0, 6, image.shape), 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), noisy)


@pytest.fixture(scope="session")
def drawn_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 drawn films of two classes, with a test side."""
    folder = tmp_path_factory.mktemp("drawn")
    for index in range(24):
        draw_film(folder / "train" / "NORMAL" / f"IM-{index:04}-0001.png", False, index)
        draw_film(folder / "train" / "PNEUMONIA" / f"person{index}_virus_1.png", True, 100 + index)
    for index in range(6):
        draw_film(folder / "test" / "NORMAL" / f"IM-{500 + index}-0001.png", False, 200 + index)
        draw_film(folder / "test" / "PNEUMONIA" / f"person{500 + index}_virus_1.png", True, 300 + index)
    return folder
