"""Two models on the same films, as a person reads it who never trained one."""

from cxr_desktop.domain.comparison_page.page import comparison_page
from cxr_desktop.domain.comparison_page.words import (
    advice,
    flips_in_words,
    headline,
    point_in_words,
    short_names,
)

__all__ = ["advice", "comparison_page", "flips_in_words", "headline", "point_in_words", "short_names"]
