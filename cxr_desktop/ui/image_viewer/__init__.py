"""The film in the middle of the window."""

from cxr_desktop.ui.image_viewer.caption import Caption, caption_of
from cxr_desktop.ui.image_viewer.image_viewer import ImageViewer

__all__ = ["Caption", "ImageViewer", "caption_of"]
