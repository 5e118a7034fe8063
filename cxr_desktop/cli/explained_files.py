"""What `cxr-desktop explain` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cxr_desktop.cli.new_files import FIGURES
from cxr_desktop.cli.pictures import prediction_lines
from cxr_desktop.domain.explanation import Explanation, FeatureMap, LimeOptions, Method
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.map_doubts import outside_lungs
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.feature_grid import (
    SCALE_WORDS,
    channel_picture,
    in_a_row,
    layer_picture,
    side_by_side,
)
from cxr_desktop.imaging.overlay import evidence_on_film
from cxr_desktop.imaging.overlay_file import overlay_picture, write_overlay_png
from cxr_desktop.imaging.superpixel_picture import LEGEND, superpixel_picture
from cxr_desktop.imaging.worded_picture import Line, captioned, with_words
from cxr_desktop.inference.explain.explainer import QuestionedFilm
from cxr_desktop.inference.explain.trust import doubts, overlap

_CHANNEL_WIDTH = 200  # of one layer's picture among those of a channel, in pixels
_CHANNELS_IN_A_ROW = 6
_NOT_IN_NAMES = re.compile(r"[^\w.-]")


@dataclass(frozen=True, eq=False)
class Told:
    """What one method said, and how it was asked.

    Attributes:
        options: of LIME; None of others.
    """

    method: Method
    explanation: Explanation
    seconds: float
    options: LimeOptions | None


def write_maps(
    folder: Path,
    told: Sequence[Told],
    comes_along: Explanation | None,
    film: Radiograph,
    asked: QuestionedFilm,
    card: ModelCard,
    look: HeatLook,
    several: bool,
) -> None:
    """Pictures, maps and figures of what was told.

    Args:
        comes_along: the map that comes with the score, to compare with; None where the model gives none.
        several: whether each method has a folder of its own.

    Raises:
        OSError: they cannot be written.
    """
    maps = {each.method: each.explanation for each in told}
    if comes_along is not None:
        maps = {Method.CAM: comes_along} | maps
    sentences = doubts(
        [each.heatmap for each in maps.values()], [each.in_lungs for each in maps.values()], asked.shape
    )
    plain = overlay_picture(film, None)
    for each in told:
        place = folder / each.method.value if several else folder
        place.mkdir(exist_ok=True)
        heatmap, superpixels = each.explanation.heatmap, each.explanation.superpixels
        np.save(place / "map.npy", evidence_on_film(heatmap, asked.shape, asked.shape))
        lines = picture_lines(each, asked, card, sentences)
        write_overlay_png(place / "map.png", film, heatmap, lines, look)
        if superpixels is not None:
            picture = superpixel_picture(plain, superpixels, asked.shape)
            _save(place / "superpixels.png", with_words(picture, _superpixel_lines(lines)))
        common = {
            method.value: overlap(heatmap, other.heatmap, asked.shape)
            for method, other in maps.items()
            if method is not each.method
        }
        figures = _film_figures(asked, card) | _map_figures(each) | {"overlap": common, "doubts": sentences}
        _save_figures(place, figures)


def picture_lines(told: Told, asked: QuestionedFilm, card: ModelCard, sentences: Sequence[str]) -> list[str]:
    """What is said beneath the picture of a map.

    Args:
        sentences: the doubts about the maps of this film; those that name this one are said.
    """
    share = told.explanation.in_lungs
    # Where much lies outside, a doubt says how much.
    said = None if outside_lungs(share) else share
    prediction = replace(asked.judgement.prediction, evidence_in_lungs=said)
    *lines, last = prediction_lines(prediction, card.suspicion_word)
    about_it = [each for each in sentences if _names(each, told.explanation.heatmap.method)]
    return [*lines, *_lime_lines(told), *about_it, last]


def write_features(
    folder: Path,
    layers: Sequence[FeatureMap],
    channels: Sequence[int],
    asked: QuestionedFilm,
    card: ModelCard,
) -> None:
    """A picture of each layer, and one of each of some channels through all layers that have it.

    Args:
        channels: each of which at least one layer has.

    Raises:
        OSError: they cannot be written.
    """
    folder.mkdir(exist_ok=True)
    listed = []
    for number, layer in enumerate(layers, start=1):
        name = f"{number:02}_{_NOT_IN_NAMES.sub('_', layer.layer)}.png"
        _save(folder / name, with_words(layer_picture(layer), _layer_lines(layer, card)))
        count, rows, columns = layer.channels.shape
        listed.append(
            {"file": name, "layer": layer.layer, "kind": layer.kind}
            | {"channels": count, "rows": rows, "columns": columns}
        )
    for channel in channels:
        _save(folder / f"channel_{channel}.png", _channel_sheet(layers, channel, card))
    figures = {"method": "features", "options": {"channels": list(channels)}, "layers": listed}
    _save_figures(folder, _film_figures(asked, card) | figures)


def _names(sentence: str, method: str) -> bool:
    """Whether a sentence speaks of a method; one of Grad-CAM++ does not speak of Grad-CAM."""
    return re.search(rf"{re.escape(method)}(?!\+)", sentence, re.IGNORECASE) is not None


def _lime_lines(told: Told) -> list[str]:
    superpixels, options = told.explanation.superpixels, told.options
    if superpixels is None or options is None:
        return []
    line = (
        f"LIME: {counted(options.samples, 'sample', 'samples')}, "
        f"{counted(len(superpixels.weights), 'superpixel', 'superpixels')}, "
        f"seed {options.seed}; fit {superpixels.fit:.2f} of 1"
    )
    if told.explanation.agreement is not None:
        line += f"; agreement over {told.explanation.seeds} seeds: {told.explanation.agreement:.2f}"
    return [line]


def _superpixel_lines(lines: list[str]) -> list[Line]:
    return [
        *(Line(words, colour) for words, colour in LEGEND),
        Line("The stronger the colour, the greater the weight; yellow lines are the superpixels' borders."),
        *(Line(line) for line in lines),
    ]


def _layer_lines(layer: FeatureMap, card: ModelCard) -> list[Line]:
    count, rows, columns = layer.channels.shape
    return [
        Line(
            f"{layer.layer} ({layer.kind}): {counted(count, 'channel', 'channels')} of {rows}×{columns}, "
            f"counted from 0, {in_a_row(count)} in a row"
        ),
        Line(f"{SCALE_WORDS}   {card.id} {card.version}"),
    ]


def _channel_sheet(layers: Sequence[FeatureMap], channel: int, card: ModelCard) -> NDArray[np.uint8]:
    having = [layer for layer in layers if len(layer.channels) > channel]
    pictures = [
        captioned(channel_picture(layer.channels[channel], _CHANNEL_WIDTH), layer.layer) for layer in having
    ]
    lines = [
        Line(f"Channel {channel} (counted from 0) of each layer that has one"),
        Line(f"{SCALE_WORDS}   {card.id} {card.version}"),
    ]
    left_out = [layer.layer for layer in layers if len(layer.channels) <= channel]
    if left_out:
        lines.insert(1, Line(f"Without such a channel: {', '.join(left_out)}"))
    return with_words(side_by_side(pictures, min(len(pictures), _CHANNELS_IN_A_ROW)), lines)


def _film_figures(asked: QuestionedFilm, card: ModelCard) -> dict[str, object]:
    """What is known of film and score, whatever is asked. Nothing about the patient, and no file's name."""
    prediction = asked.judgement.prediction
    return {
        "model": {"id": card.id, "version": card.version},
        "film": {"height": asked.shape[0], "width": asked.shape[1]},
        "probability": prediction.probability,
        "operating_point": prediction.operating_point,
        "suspected": prediction.suspected,
        "checks": [asdict(check) for check in prediction.checks],
        "box": asdict(asked.box),
    }


def _map_figures(told: Told) -> dict[str, object]:
    explanation = told.explanation
    figures: dict[str, object] = {
        "method": told.method.value,
        "made_by": explanation.heatmap.method,
        "signed": explanation.heatmap.signed,
        "options": {},
        "has_evidence": explanation.heatmap.has_evidence,
        "evidence_in_lungs": explanation.in_lungs,
        "seconds": round(told.seconds, 3),
    }
    if told.options is not None and explanation.superpixels is not None:
        figures["options"] = asdict(told.options) | {"seeds": explanation.seeds}
        figures |= {"fit": explanation.superpixels.fit, "agreement": explanation.agreement}
        figures["weights"] = [float(weight) for weight in explanation.superpixels.weights]
    return figures


def _save(file: Path, picture: NDArray[np.uint8]) -> None:
    Image.fromarray(picture).save(file, compress_level=1)


def _save_figures(folder: Path, figures: dict[str, object]) -> None:
    """Saved last: they name the files that were written beside them."""
    figures |= {"files": sorted(file.name for file in folder.iterdir())}
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    (folder / FIGURES).write_text(text + "\n", encoding="utf-8")
