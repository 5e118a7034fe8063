"""The program's icon in the formats of the systems, drawn from its SVG in each size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

WINDOWS_SIZES = (16, 24, 32, 48, 64, 128, 256)
MAC_SIZES = (32, 64, 128, 256, 512, 1024)
LINUX_SIZES = (48, 128, 256)


def drawn_icon(svg: Path, size: int) -> Image.Image:
    """The picture in `size` × `size` pixels, RGBA.

    Raises:
        ValueError: the file is no SVG.
    """
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg.name} is no SVG file; the icon is drawn from one.")
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return Image.frombuffer("RGBA", (size, size), bytes(image.constBits())).copy()


def write_icon(svg: Path, file: Path, sizes: Sequence[int]) -> Path:
    """One file with the icon in all sizes; its suffix says the format (.ico, .icns, .png of one size)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    *smaller, largest = (drawn_icon(svg, size) for size in sorted(sizes))
    if smaller:
        largest.save(file, append_images=smaller, sizes=[(size, size) for size in sizes])
    else:
        largest.save(file)
    return file
