"""What `cxr-desktop explain` writes."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image

from cxr_desktop.cli.common import console
from cxr_desktop.cli.exit_codes import WRONG_USAGE
from cxr_desktop.cli.pictures import prediction_lines
from cxr_desktop.domain.explanation import Explanation, FeatureMap, LimeOptions, Method
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Prediction
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


@contextmanager
def new_files(folder: Path) -> Iterator[Path]:
    """A place to write files that appear in `folder` all at once, when all are whole; else none does.

    Where they cannot be written, the program says why and ends with code 2.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".explain-", dir=folder) as name:
            fresh = Path(name)
            yield fresh
            for file in sorted(each for each in fresh.rglob("*") if each.is_file()):
                target = folder / file.relative_to(fresh)
                target.parent.mkdir(exist_ok=True)
                file.replace(target)
    except OSError as error:
        reason = error.strerror or "input/output error"
        console.print(f"The folder {folder} could not be written to: {reason}.", style="red", markup=False)
        raise typer.Exit(WRONG_USAGE) from error


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
        about_it = [sentence for sentence in sentences if _names(sentence, heatmap.method)]
        *lines, last = prediction_lines(_prediction(asked, each), card.suspicion_word)
        lines = [*lines, *_lime_lines(each), *about_it, last]
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
        _save_json(place / "figures.json", figures)


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
    _save_json(folder / "figures.json", _film_figures(asked, card) | figures)


def _prediction(asked: QuestionedFilm, told: Told) -> Prediction:
    """The film's, with the share in the lungs of the map that was asked for."""
    return replace(asked.judgement.prediction, evidence_in_lungs=told.explanation.in_lungs)


def _names(sentence: str, method: str) -> bool:
    """Whether a sentence speaks of a method; one of Grad-CAM++ does not speak of Grad-CAM."""
    return re.search(rf"{re.escape(method)}(?!\+)", sentence, re.IGNORECASE) is not None


def _lime_lines(told: Told) -> list[str]:
    superpixels, options = told.explanation.superpixels, told.options
    if superpixels is None or options is None:
        return []
    line = (
        f"LIME: {counted(options.samples, 'sample')}, {counted(len(superpixels.weights), 'superpixel')}, "
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
            f"{layer.layer} ({layer.kind}): {counted(count, 'channel')} of {rows}×{columns}, counted from 0, "
            f"{in_a_row(count)} in a row"
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


def _save_json(file: Path, figures: dict[str, object]) -> None:
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
