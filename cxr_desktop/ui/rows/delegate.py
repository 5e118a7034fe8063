"""How a row looks: thumbnail, who and when, and the verdict in figures, as a bar and in words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cxr_desktop.domain.triage import Band
from cxr_desktop.ui.rows.bar import band_colour, paint_probability_bar
from cxr_desktop.ui.rows.content import BAND_WORDS, RowContent
from cxr_desktop.ui.rows.model import ROW_CONTENT
from cxr_desktop.ui.rows.thumbnails import thumbnail
from cxr_desktop.ui.theme import Theme, current_theme

Index = QModelIndex | QPersistentModelIndex

# Logical pixels.
_OUTER = 4  # between a row's ground and the list's edge
_INNER = 8  # between a row's parts
_LINE_GAP = 2
_BAR_HEIGHT = 4
_BAR_WIDTH = 64
_LEAST_BAR_WIDTH = 24

JUDGED = (Band.SUSPECTED, Band.NOT_SUSPECTED)


class RowDelegate(QStyledItemDelegate):
    """Paints the `ROW_CONTENT` of a row in three lines beside a thumbnail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, _Fonts(option.font).height() + 4 * _OUTER)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: RowContent = index.data(ROW_CONTENT)
        theme = current_theme()
        fonts = _Fonts(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = option.rect.adjusted(_OUTER, 1, -_OUTER, -1)
        _paint_ground(painter, ground, option.state, theme)
        inside = ground.adjusted(_INNER, _OUTER, -_INNER, -_OUTER)
        side = inside.height()
        _paint_picture(painter, QRect(inside.left(), inside.top(), side, side), row, theme)
        text = inside.adjusted(side + _INNER, (side - fonts.height()) // 2, 0, 0)
        _paint_text(painter, text, row, fonts, theme)
        painter.restore()


class _Fonts:
    """The fonts of a row, derived from the list's own."""

    def __init__(self, base: QFont) -> None:
        self.title = QFont(base)
        self.small = _scaled(base, 0.9)
        self.figure = _scaled(base, 1.2)
        self.figure.setBold(True)

    def height(self) -> int:
        """Of three lines."""
        title, small = QFontMetrics(self.title).height(), QFontMetrics(self.small).height()
        return title + small + self.figure_height() + 2 * _LINE_GAP

    def figure_height(self) -> int:
        """Of the line that the figure stands on."""
        return QFontMetrics(self.figure).height()


def _scaled(font: QFont, factor: float) -> QFont:
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * factor)
    else:  # a desktop may set its font in pixels
        scaled.setPixelSize(round(font.pixelSize() * factor))
    return scaled


def _paint_ground(painter: QPainter, ground: QRect, state: QStyle.StateFlag, theme: Theme) -> None:
    shape = QRectF(ground)
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        painter.setBrush(QColor(theme.selection))
        painter.drawRoundedRect(shape, 6, 6)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(theme.hover))
        painter.drawRoundedRect(shape, 6, 6)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.focus), 1))
        painter.drawRoundedRect(shape.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _paint_picture(painter: QPainter, square: QRect, row: RowContent, theme: Theme) -> None:
    painter.fillRect(square, QColor(theme.film_ground))
    picture = thumbnail(row.picture_id, row.thumbnail, square.width(), painter.device().devicePixelRatioF())
    if picture is not None:
        size = picture.deviceIndependentSize()
        corner = QRectF(square).center() - QPointF(size.width() / 2, size.height() / 2)
        painter.drawPixmap(corner, picture)
        return
    painter.setPen(QColor(theme.film_text))
    painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "✕" if row.band is Band.UNREADABLE else "–")


def _paint_text(painter: QPainter, area: QRect, row: RowContent, fonts: _Fonts, theme: Theme) -> None:
    """Who, alone on its line; person, views and time; the verdict in words, as a bar and in figures."""
    title, small = QFontMetrics(fonts.title), QFontMetrics(fonts.small)
    first = QRect(area.left(), area.top(), area.width(), title.height())
    second = QRect(area.left(), first.bottom() + 1 + _LINE_GAP, area.width(), small.height())
    third = QRect(area.left(), second.bottom() + 1 + _LINE_GAP, area.width(), fonts.figure_height())
    muted, verdict, check = QColor(theme.muted), band_colour(row.band, theme), QColor(theme.check)

    title_font = QFont(fonts.title)
    title_font.setBold(row.unread)
    # Shortened in the middle: file names differ at their ends.
    name = QFontMetrics(title_font).elidedText(row.title, Qt.TextElideMode.ElideMiddle, first.width())
    _write(painter, first, name, font=title_font, colour=QColor(theme.text))
    _write(painter, third, row.word, font=fonts.small, colour=verdict)
    if row.probability is None or row.operating_point is None:
        # No bar stands here: there is room for the reason itself.
        _write(painter, second, row.details, font=fonts.small, colour=muted)
        behind = third.adjusted(small.horizontalAdvance(row.word) + _INNER, 0, 0, 0)
        _write(painter, behind, row.reason, font=fonts.small, colour=check)
        return
    flag_width = small.horizontalAdvance(row.flag) + _INNER if row.flag else 0
    _write(painter, second, row.flag, font=fonts.small, colour=check)
    _write(painter, second.adjusted(flag_width, 0, 0, 0), row.details, font=fonts.small, colour=muted)
    _write(painter, third, row.figure, font=fonts.figure, colour=verdict, side=Qt.AlignmentFlag.AlignRight)
    # The bars of all rows stand in one column, whatever words and figures are beside them.
    widest_word = max(small.horizontalAdvance(BAND_WORDS[band]) for band in JUDGED)
    figure = QFontMetrics(fonts.figure)
    widest_figure = max(figure.horizontalAdvance(text) for text in (row.figure, ">99\u00a0%"))
    bar_right = third.right() + 1 - widest_figure - _INNER
    bar_width = min(_BAR_WIDTH, max(_LEAST_BAR_WIDTH, bar_right - third.left() - widest_word - _INNER))
    paint_probability_bar(
        painter,
        QRectF(bar_right - bar_width, third.center().y() - 1, bar_width, _BAR_HEIGHT),
        probability=row.probability,
        operating_point=row.operating_point,
        colour=verdict,
        theme=theme,
    )


def _write(
    painter: QPainter,
    line: QRect,
    text: str,
    *,
    font: QFont,
    colour: QColor,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text, shortened at its end if need be."""
    painter.setFont(font)
    painter.setPen(colour)
    fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    # AlignAbsolute: a name in Hebrew or Arabic stays in its column.
    aligned = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(line, aligned | Qt.TextFlag.TextSingleLine, fitting)
