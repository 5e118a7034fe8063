"""The film in view and everything that belongs to it alone."""

from __future__ import annotations

from cxr_desktop.domain.explanation import Superpixels
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.windowing import GreyTransform
from cxr_desktop.ui.image_viewer.caption import Caption
from cxr_desktop.ui.image_viewer.heat_renderer import HeatRenderer
from cxr_desktop.ui.image_viewer.measurements import Measurements
from cxr_desktop.ui.image_viewer.planes import FilmRenderer, Plane, mask_plane
from cxr_desktop.ui.image_viewer.presets import value_span
from cxr_desktop.ui.image_viewer.superpixel_renderer import SuperpixelRenderer
from cxr_desktop.ui.image_viewer.viewport import Viewport


class ShownFilm:
    """One film with the way it is shown; a new film starts as its file asks for.

    Attributes:
        span: how far the film's values reach; dragging the window and writing values go by it.
        transform, inverted: how its values become grey.
        heat: the heatmap's colours and lines, or the superpixels that it was made of; None where there is no
            heatmap or nothing to draw in it.
        overlay: where the file's overlay planes draw, or None.
    """

    def __init__(self, radiograph: Radiograph, caption: Caption, viewport: Viewport) -> None:
        self.radiograph = radiograph
        self.caption = caption
        self.viewport = viewport
        self.transform: GreyTransform = radiograph.transforms[0]
        self.inverted = False
        self.span = value_span(radiograph)
        self.measurements = Measurements()
        self.renderer = FilmRenderer(radiograph)
        self.heatmap: Heatmap | None = None
        self.heat: HeatRenderer | SuperpixelRenderer | None = None
        drawn = radiograph.overlay
        self.overlay: Plane | None = None if drawn is None else mask_plane(drawn)

    @property
    def low_is_white(self) -> bool:
        """Whether low values are white as the film is shown now."""
        return self.radiograph.low_is_white != self.inverted

    def lay_heatmap(self, heatmap: Heatmap | None, superpixels: Superpixels | None = None) -> None:
        """Take another heatmap, or none.

        Args:
            superpixels: what it was made of, to be drawn in its place.
        """
        self.heatmap = heatmap
        self.heat = None
        if heatmap is not None and heatmap.strongest > 0:
            self.heat = (
                HeatRenderer(heatmap, self.radiograph.shape)
                if superpixels is None
                else SuperpixelRenderer(superpixels)
            )

    def value_at(self, x: float, y: float) -> float | None:
        """The modality value at a film position; None beside the film and where nothing may be seen."""
        row, column = int(y // 1), int(x // 1)
        height, width = self.radiograph.shape
        if not (0 <= row < height and 0 <= column < width):
            return None
        visible = self.radiograph.visible
        return float(self.radiograph.values[row, column]) if visible is None or visible[row, column] else None
