"""What each layer of the network makes of the film in view."""

from cxr_desktop.ui.feature_maps.window import FeatureMapsWindow

__all__ = ["FeatureMapsWindow"]
