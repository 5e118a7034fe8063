"""Two models side by side."""

from cxr_desktop.ui.model_comparison.all_films import AllFilms
from cxr_desktop.ui.model_comparison.window import ModelComparisonWindow

__all__ = ["AllFilms", "ModelComparisonWindow"]
