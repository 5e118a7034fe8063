"""The settings, each one field with its default, bounds and title. The dialog and the file follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from cxr_desktop.domain.heat_look import DEFAULT_LOOK, GREATEST_THRESHOLD, ColourMap, HeatLook
from cxr_desktop.language import tr

# The operating point of this name is every shipped model's default.
DEFAULT_POINT = "balanced"


def _setting(default: Any, title: str, help: str, **limits: Any) -> Any:
    return field(default=default, metadata={"title": title, "help": help, **limits})


@dataclass(frozen=True)
class Settings:
    """What the reader may choose, and (hidden) what the window remembers.

    Attributes:
        model: an id, `id@version` or a folder; "" for the program's default.
        operating_point: its name in the model's card.
        pneumonia_share: in percent; None for the share in the model's training set.
        language: its code, like "de"; "" for the desktop's.
        arrangement: the window's and panes' sizes, as the window gave them.
        recent_folders: opened last, the last one first.
    """

    model: str = _setting(
        "", tr("Model"), tr("Judges all films. Films that another model judged are scored again.")
    )
    operating_point: str = _setting(
        DEFAULT_POINT,
        tr("Operating point"),
        tr("From which probability on pneumonia is suspected. No film is scored again for it."),
    )
    pneumonia_share: float | None = _setting(
        None,
        tr("Share of pneumonia here"),
        tr("Among your own films: probabilities are recomputed for it. Order and verdicts stay."),
        low=0.1,
        high=99.9,
        unit="%",
        none=tr("as in the training set"),
    )
    language: str = _setting("", tr("Language"), tr("Of the window, from its next start on."))
    theme: Literal["system", "dark", "light"] = _setting(
        "dark", tr("Theme"), tr("Dark suits a darkened reading room; “system” follows the desktop.")
    )
    show_heatmap: bool = _setting(
        True, tr("Show heatmaps"), tr("Lay the heatmap over a film when it is opened.")
    )
    heatmap_opacity: int = _setting(
        round(100 * DEFAULT_LOOK.opacity),
        tr("Heatmap opacity"),
        tr("0 hides the heatmap, 100 covers the film."),
        low=0,
        high=100,
        unit="%",
    )
    heatmap_threshold: int = _setting(
        round(100 * DEFAULT_LOOK.threshold),
        tr("Heatmap threshold"),
        tr("Nothing is drawn below this share of the map's strongest evidence."),
        low=0,
        high=round(100 * GREATEST_THRESHOLD),
        unit="%",
    )
    heatmap_colours: ColourMap = _setting(  # noqa: RUF009 - a field, like every other
        DEFAULT_LOOK.colour_map,
        tr("Heatmap colours"),
        tr("Equal steps of evidence look equal; not so in jet, which shows borders that are none."),
    )
    heatmap_contours: bool = _setting(
        DEFAULT_LOOK.contours_only,
        tr("Heatmap as contours only"),
        tr("Lines around the evidence leave the film itself uncovered."),
    )
    waiting_cap_hours: int = _setting(
        24,
        tr("Longest wait"),
        tr("A film that has waited longer goes first, however low its probability. 0: no limit."),
        low=0,
        high=240,
        unit=tr("h"),
    )
    copy_from_removable: bool = _setting(
        True, tr("Copy films from removable drives"), tr("Keeps them readable after the drive is gone.")
    )
    arrangement: str = field(default="", metadata={"hidden": True})
    recent_folders: tuple[str, ...] = field(default=(), metadata={"hidden": True})

    def __post_init__(self) -> None:
        for each in fields(self):
            value, low, high = getattr(self, each.name), each.metadata.get("low"), each.metadata.get("high")
            if value is not None and low is not None and not low <= value <= high:
                raise ValueError(f"{each.name} must lie in {low} to {high}, got {value}")

    @property
    def heat_look(self) -> HeatLook:
        """How heatmaps look."""
        return HeatLook(
            self.heatmap_opacity / 100,
            self.heatmap_threshold / 100,
            self.heatmap_colours,
            self.heatmap_contours,
        )

    def with_heat_look(self, look: HeatLook) -> Settings:
        """These settings, with heatmaps looking otherwise."""
        return replace(
            self,
            heatmap_opacity=round(100 * look.opacity),
            heatmap_threshold=round(100 * look.threshold),
            heatmap_colours=look.colour_map,
            heatmap_contours=look.contours_only,
        )
