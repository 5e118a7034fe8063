"""The black surface that shows a film and takes the mouse.

A plain widget and not a QGraphicsView: there is one picture and a handful of lines, and painting it
ourselves lets every device pixel be resampled once, from the film's own values, instead of scaling a
picture that was made for another zoom.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from cxr_desktop.domain.explanation import Superpixels
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.windowing import GreyTransform
from cxr_desktop.language import tr
from cxr_desktop.ui.image_viewer import decor
from cxr_desktop.ui.image_viewer.caption import Caption
from cxr_desktop.ui.image_viewer.film_painter import Look, paint_film
from cxr_desktop.ui.image_viewer.presets import draggable, dragged
from cxr_desktop.ui.image_viewer.shown_film import ShownFilm
from cxr_desktop.ui.image_viewer.tools import CURSORS, Drag, Tool
from cxr_desktop.ui.image_viewer.viewport import Orientation, Viewport
from cxr_desktop.ui.theme import current_theme

WHEEL_STEP = 1.0015  # to the power of eighths of a degree: one notch (120) is 1.2
REACH = 10  # logical pixels around a measurement's end that take hold of it
LEAST_DISTANCE = 4  # logical pixels; less was a click


class FilmCanvas(QWidget):
    """Shows one film, or a message.

    Attributes:
        shown: the film in view, or None. Whoever changes it calls `update()`.
        look: what is chosen for all films; likewise.
        tool: what the left button does; set by `set_tool`.
    """

    viewport_changed = Signal(object)  # Viewport
    transform_changed = Signal(object)  # GreyTransform
    measurement_selected = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: ShownFilm | None = None
        self.look = look
        self.tool = Tool.WINDOW
        self._message = ""
        self._drag: Drag | None = None
        self._space_held = False
        self._pointer: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(tr("Film"))

    # What is shown

    def show_film(self, radiograph: Radiograph, caption: Caption) -> None:
        """Another film, fitted and as its file asks for."""
        self._replace(ShownFilm(radiograph, caption, Viewport.fit(radiograph.shape, self._device_size())), "")
        self._describe(caption)

    def show_message(self, text: str) -> None:
        """A sentence in place of a film; "" leaves the canvas black."""
        self._replace(None, text)
        self.setAccessibleDescription(text)

    def set_caption(self, caption: Caption) -> None:
        if self.shown is not None:
            self.shown.caption = caption
            self._describe(caption)
            self.update()

    def set_heatmap(self, heatmap: Heatmap | None, superpixels: Superpixels | None = None) -> None:
        """Lay another heatmap over the film in view, or the superpixels that it was made of, or none."""
        if self.shown is not None:
            self.shown.lay_heatmap(heatmap, superpixels)
            self.update()

    def _replace(self, shown: ShownFilm | None, message: str) -> None:
        self.shown, self._message, self._drag = shown, message, None
        self.measurement_selected.emit(False)
        self._set_cursor()
        self.update()

    def _describe(self, caption: Caption) -> None:
        self.setAccessibleDescription(", ".join((*caption.film, *caption.judgement)))

    # How it is shown

    def set_tool(self, tool: Tool) -> None:
        self.tool = tool
        self._set_cursor()

    def set_viewport(self, viewport: Viewport) -> None:
        if self.shown is not None and viewport != self.shown.viewport:
            self.shown.viewport = viewport
            self.viewport_changed.emit(viewport)
            self.update()

    def fit(self) -> None:
        if self.shown is not None:
            view = self.shown.viewport
            self.set_viewport(Viewport.fit(view.film_shape, view.size, view.orientation))

    def set_scale(self, scale: float) -> None:
        """Device pixels per film pixel, around the canvas' middle."""
        if self.shown is not None:
            self.set_viewport(self.shown.viewport.at_scale(scale))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller; `at`, in logical coordinates, stays where it is (else the canvas' middle)."""
        if self.shown is not None:
            at = (at or QRectF(self.rect()).center()) * self.devicePixelRatioF()
            self.set_viewport(self.shown.viewport.zoomed(factor, (at.x(), at.y())))

    def turn(self, orientation: Orientation) -> None:
        if self.shown is not None:
            self.set_viewport(self.shown.viewport.turned(orientation))

    def set_transform(self, transform: GreyTransform) -> None:
        if self.shown is not None:
            self.shown.transform = transform
            self.transform_changed.emit(transform)
            self.update()

    def set_inverted(self, inverted: bool) -> None:
        if self.shown is not None:
            self.shown.inverted = inverted
            self.update()

    def delete_measurement(self) -> None:
        """Delete the selected one."""
        if self.shown is not None:
            self.shown.measurements.delete_selected()
            self._tell_measurement(self.shown)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.shown is None or self._drag is not None:
            return
        match event.button():
            case Qt.MouseButton.MiddleButton:
                tool = Tool.PAN
            case Qt.MouseButton.RightButton:
                tool = Tool.WINDOW
            case Qt.MouseButton.LeftButton:
                tool = Tool.PAN if self._space_held else self.tool
            case _:
                event.ignore()
                return
        self._drag = Drag(tool, event.button(), event.position(), event.position())
        if tool is Tool.MEASURE:
            reach = self._in_film_pixels(self.shown, REACH)
            self.shown.measurements.press(self._film_position(self.shown, event.position()), reach)
            self._tell_measurement(self.shown)
        self._set_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self.shown is not None and self._drag is not None:
            self._drag_on(self.shown, self._drag, event.position())
        self.update()  # the value under the pointer

    def _drag_on(self, shown: ShownFilm, drag: Drag, position: QPointF) -> None:
        step = position - drag.last
        drag.last = position
        match drag.tool:
            case Tool.PAN:
                ratio = self.devicePixelRatioF()
                self.set_viewport(shown.viewport.panned(step.x() * ratio, step.y() * ratio))
            case Tool.ZOOM:
                self.zoom(1.01 ** -step.y(), drag.begun)
            case Tool.WINDOW:
                window = draggable(shown.transform)
                self.set_transform(dragged(window, step.x(), step.y(), shown.span, shown.low_is_white))
            case Tool.MEASURE:
                shown.measurements.drag(self._film_position(shown, position))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or event.button() != self._drag.button:
            return
        if self.shown is not None and self._drag.tool is Tool.MEASURE:
            self.shown.measurements.release(self._in_film_pixels(self.shown, LEAST_DISTANCE))
            self._tell_measurement(self.shown)
        self._drag = None
        self._set_cursor()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if self.shown is None or turned == 0:
            event.ignore()
            return
        self.zoom(WHEEL_STEP**turned, event.position())
        event.accept()

    # Gestures and keys

    def event(self, event: QEvent) -> bool:
        zooms = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == zooms:
            self.zoom(1 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._drag = None  # of the first finger, before the second came
                self.zoom(pinch.scaleFactor(), self.mapFromGlobal(pinch.centerPoint()))
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(True)
        elif (
            event.key() == Qt.Key.Key_Escape
            and self.shown is not None
            and self.shown.measurements.selected is not None
        ):
            self.shown.measurements.deselect()
            self._tell_measurement(self.shown)
        else:  # Esc, too: a window around it may close
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hold_space(False)  # its release goes to whoever has the keyboard now
        super().focusOutEvent(event)

    def _hold_space(self, held: bool) -> None:
        self._space_held = held
        self._set_cursor()

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._follow_size()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._follow_size()  # the device pixel ratio changes without a resize
        theme = current_theme()
        area = QRectF(self.rect())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.film_ground))
        painter.setFont(self.font())
        if self.shown is None:
            decor.draw_message(painter, area, self._message, theme)
        else:
            paint_film(
                painter,
                self.shown,
                self.look,
                area=area,
                ratio=self.devicePixelRatioF(),
                pointer=self._pointer,
                theme=theme,
            )
        painter.end()

    def _follow_size(self) -> None:
        if self.shown is not None and self.shown.viewport.size != self._device_size():
            self.set_viewport(self.shown.viewport.resized(self._device_size()))

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    def _film_position(self, shown: ShownFilm, position: QPointF) -> tuple[float, float]:
        """A logical position in film coordinates, brought onto the film."""
        at = position * self.devicePixelRatioF()
        x, y = shown.viewport.to_film(at.x(), at.y())
        height, width = shown.radiograph.shape
        return min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))

    def _in_film_pixels(self, shown: ShownFilm, logical: float) -> float:
        return logical * self.devicePixelRatioF() / shown.viewport.scale

    def _tell_measurement(self, shown: ShownFilm) -> None:
        self.measurement_selected.emit(shown.measurements.selected is not None)
        self.update()

    def _set_cursor(self) -> None:
        if self.shown is None:
            self.unsetCursor()
            return
        tool = self._drag.tool if self._drag else Tool.PAN if self._space_held else self.tool
        grabbed = self._drag is not None and tool is Tool.PAN
        self.setCursor(Qt.CursorShape.ClosedHandCursor if grabbed else CURSORS[tool])
