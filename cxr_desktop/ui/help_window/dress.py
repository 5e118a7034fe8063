"""Markdown as Qt lays it out, in the window's colours: room between the lines, hairlines in tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import (
    QColor,
    QImageReader,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from cxr_desktop.ui.theme import Theme

_ESCAPED_BAR = r"\|"
_LINE_HEIGHT_PERCENT = 130.0
_GAP = 8.0
_GAPS_ABOVE = {1: 0.0, 2: 26.0, 3: 16.0}  # headings, by their level
# Of pictures, in pixels.
_WIDEST = 760.0


def dress(document: QTextDocument, theme: Theme) -> None:
    """Gives a document that was made of Markdown its looks."""
    _unescape_bars(document)
    for block in blocks_of(document):
        _dress_block(block, theme)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame, theme)


def fit_pictures(document: QTextDocument, folder: Path, room: float) -> None:
    """Shows each picture in its own size or, where that is too wide, as wide as there is room.

    Args:
        folder: where the pictures' names begin.
        room: in pixels.
    """
    for block in blocks_of(document):
        for fragment in _fragments(block):
            if fragment.charFormat().isImageFormat():
                _fit(fragment, document, folder, room)
    # While a window is resized, Qt would leave what stands below a changed picture where it was.
    document.markContentsDirty(0, document.characterCount())


def blocks_of(document: QTextDocument) -> Iterator[QTextBlock]:
    """All paragraphs, headings and cells, from the first to the last."""
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _unescape_bars(document: QTextDocument) -> None:
    """In code within a table a bar is written with a stroke before it, which Qt leaves there."""
    place = document.find(_ESCAPED_BAR)
    while not place.isNull():
        place.insertText("|")
        place = document.find(_ESCAPED_BAR, place)


def _dress_block(block: QTextBlock, theme: Theme) -> None:
    cursor = QTextCursor(block)
    looks = QTextBlockFormat()
    given = block.blockFormat()
    if given.hasProperty(QTextFormat.Property.BlockCodeFence):
        looks.setBackground(QColor(theme.raised))
        looks.setNonBreakableLines(False)  # a long command is broken rather than scrolled
        looks.setLeftMargin(_GAP)
    elif given.headingLevel():
        looks.setTopMargin(_GAPS_ABOVE.get(given.headingLevel(), _GAP))
        looks.setBottomMargin(_GAP)
    elif cursor.currentTable() is None:
        looks.setBottomMargin(_GAP)
        if not any(fragment.charFormat().isImageFormat() for fragment in _fragments(block)):
            proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight
            looks.setLineHeight(_LINE_HEIGHT_PERCENT, proportional.value)
    cursor.mergeBlockFormat(looks)
    for fragment in _fragments(block):
        if fragment.charFormat().isAnchor():
            blue = QTextCharFormat()
            blue.setForeground(QColor(theme.not_suspected))
            _select(fragment, block.document()).mergeCharFormat(blue)


def _fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    place = block.begin()
    while not place.atEnd():
        yield place.fragment()
        place += 1


def _select(fragment: QTextFragment, document: QTextDocument) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(fragment.position())
    cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _fit(fragment: QTextFragment, document: QTextDocument, folder: Path, room: float) -> None:
    picture = fragment.charFormat().toImageFormat()
    size = QImageReader(str(folder / picture.name())).size()
    if not size.isEmpty():  # as that of a picture that is not there
        width = min(float(size.width()), room, _WIDEST)
        picture.setWidth(width)
        picture.setHeight(width * size.height() / size.width())
        _select(fragment, document).setCharFormat(picture)


def _dress_table(table: QTextTable, theme: Theme) -> None:
    looks = table.format().toTableFormat()
    looks.setBorder(1)
    looks.setBorderBrush(QColor(theme.border))
    looks.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    looks.setBorderCollapse(True)
    looks.setCellPadding(6)
    looks.setCellSpacing(0)
    looks.setTopMargin(_GAP)
    looks.setBottomMargin(_GAP)
    # Not quite all of the width: with its lines it would need a scroll bar for one pixel.
    looks.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
    table.setFormat(looks)
