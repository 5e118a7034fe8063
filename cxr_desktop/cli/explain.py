"""`cxr-desktop explain`: why one film has its score, as pictures, maps and figures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from cxr_desktop.cli.common import console, explainer_for, printing, progress_bar, worded_errors
from cxr_desktop.cli.exit_codes import SOME_UNREADABLE, WRONG_USAGE
from cxr_desktop.cli.explained_files import Told, write_features, write_maps
from cxr_desktop.cli.new_files import new_files, writing_to
from cxr_desktop.cli.pictures import lungs_line, prediction_lines
from cxr_desktop.cli.triage import ModelOption
from cxr_desktop.domain.errors import BundleError, CxrError, UnreadableImage
from cxr_desktop.domain.explanation import NO_LAYERS, Explanation, FeatureMap, LimeOptions, Method
from cxr_desktop.domain.heat_look import COLOUR_MAPS, DEFAULT_LOOK, GREATEST_THRESHOLD, ColourMap, HeatLook
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.intake import Candidate, Rejected, find_films
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.explain.explainer import Explainer, QuestionedFilm
from cxr_desktop.inference.explain.lime_map import AGREEMENT_SEEDS

FEATURES = "features"
METHODS = (*(method.value for method in Method), FEATURES)
# Those that the studies look at, counted from 0.
_CHANNELS = (3, 15)
_LIME = LimeOptions()


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One X-ray.")],
    output: Annotated[Path, typer.Option(metavar="DIR", help="Where pictures, maps and figures go.")],
    method: Annotated[
        list[str] | None,
        typer.Option(
            metavar="|".join(METHODS),
            help="How to ask. Given several times, each has a folder of its own. Without it: cam, the map "
            "that comes with the score.",
        ),
    ] = None,
    model: ModelOption = None,
    samples: Annotated[int, typer.Option(help="LIME: variants of the film to score.")] = _LIME.samples,
    superpixels: Annotated[int, typer.Option(help="LIME: about how many pieces.")] = _LIME.superpixels,
    seed: Annotated[int, typer.Option(help="LIME: the same seed, the same picture.")] = _LIME.seed,
    seeds: Annotated[
        int, typer.Option(min=1, max=20, help="LIME: runs, to see how far their answers agree.")
    ] = AGREEMENT_SEEDS,
    channel: Annotated[
        list[int] | None,
        typer.Option(
            min=0,
            help="features: a channel to draw across all layers, counted from 0. May be given several times. "
            "Without it: 3 and 15.",
        ),
    ] = None,
    colour_map: Annotated[
        str, typer.Option(metavar="|".join(COLOUR_MAPS), help="The colours of evidence for suspicion.")
    ] = DEFAULT_LOOK.colour_map,
    opacity: Annotated[
        float, typer.Option(min=0, max=1, help="Of the strongest evidence.")
    ] = DEFAULT_LOOK.opacity,
    threshold: Annotated[
        float,
        typer.Option(
            min=0,
            max=GREATEST_THRESHOLD,
            help="Share of the strongest evidence below which nothing is drawn.",
        ),
    ] = DEFAULT_LOOK.threshold,
    contours: Annotated[bool, typer.Option("--contours", help="Lines in place of colours.")] = False,
) -> None:
    """Show why one X-ray has its score: heatmaps, LIME's superpixels, feature maps.

    Writes for a map the film with it (map.png), its evidence all over the film (map.npy: float32, height ×
    width, positive for suspicion) and figures.json; for LIME superpixels.png, too; for features a picture of
    each layer, and of each channel that is named.
    """
    _check_choices("method", method or [], METHODS)
    _check_choices("colour-map", [colour_map], COLOUR_MAPS)
    look = HeatLook(opacity, threshold, cast("ColourMap", colour_map), contours)
    options = _lime_options(samples, superpixels, seed)
    channels = tuple(dict.fromkeys(channel or _CHANNELS))
    methods = tuple(dict.fromkeys(method or [Method.CAM.value]))
    with worded_errors():
        film = _film(file)
        explainer = explainer_for(model)
        asked = explainer.question(film)
        with new_files(output) as fresh:
            told, layers = _answers(explainer, asked, methods, options, seeds, channels)
            several = len(methods) > 1
            comes_along = explainer.explain(asked, Method.CAM, _unseen) if asked.judgement.heatmap else None
            with writing_to(output):
                if told:
                    write_maps(fresh, told, comes_along, film, asked, explainer.card, look, several)
                if layers:
                    folder = fresh / FEATURES if several else fresh
                    write_features(folder, layers, channels, asked, explainer.card)
    if told or layers:
        with printing():
            typer.echo(_summary(output, told, layers, asked, explainer.card))
    if len(told) + bool(layers) < len(methods):
        raise typer.Exit(WRONG_USAGE)


def _check_choices(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Refuses, as wrong usage, what an option does not know."""
    for each in given:
        if each not in known:
            raise typer.BadParameter(f"--{option} {each} is unknown; choose {', '.join(known)}.")


def _lime_options(samples: int, superpixels: int, seed: int) -> LimeOptions:
    try:
        return LimeOptions(samples, superpixels, seed)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from error


def _film(file: Path) -> Radiograph:
    """The one film that a path leads to.

    Raises:
        CxrError: it is a folder, or an archive with more or less than one film.
        Exit: it cannot be read; the reason is printed.
    """
    if file.is_dir():
        raise CxrError(
            "This is a folder; one film is explained at a time. Name its file, or have a heatmap of each "
            "film in the folder with “cxr-desktop triage FOLDER --heatmaps DIR”."
        )
    found = list(find_films([file]))
    films = [each.source for each in found if isinstance(each, Candidate)]
    rejected = [each.reason for each in found if isinstance(each, Rejected)]
    try:
        if not file.exists():
            raise UnreadableImage("There is no such file. Check its path.")
        if rejected and not films:
            raise UnreadableImage(rejected[0])
        if len(films) > 1:
            raise CxrError(
                f"There are {len(films)} films in this file; one film is explained at a time. Unpack it, and "
                "name one of them."
            )
        return read_radiograph(films[0])
    except UnreadableImage as reason:
        console.print(str(reason), style="red", markup=False)
        raise typer.Exit(SOME_UNREADABLE) from reason


def _answers(
    explainer: Explainer,
    asked: QuestionedFilm,
    methods: Sequence[str],
    options: LimeOptions,
    seeds: int,
    channels: Sequence[int],
) -> tuple[list[Told], tuple[FeatureMap, ...]]:
    """What each method says, and the layers' maps if asked for. Refusals are printed and left out."""
    told: list[Told] = []
    layers: tuple[FeatureMap, ...] = ()
    for name in methods:
        try:
            if name == FEATURES:
                layers = _layers(explainer, asked, channels)
            else:
                told.append(_told(explainer, asked, Method(name), options, seeds))
        except CxrError as reason:
            console.print(f"{name}: {reason}", style="red", markup=False)
        except OSError as error:  # the film has been read: it is one of the model's files
            text = f"{name}: The model's files cannot be read: {error.strerror}. Install the model again."
            console.print(text, style="red", markup=False)
    return told, layers


def _layers(explainer: Explainer, asked: QuestionedFilm, channels: Sequence[int]) -> tuple[FeatureMap, ...]:
    """
    Raises:
        CxrError: there are none, or none has one of the channels.
    """
    layers = explainer.feature_maps(asked)
    if not layers:
        raise BundleError(NO_LAYERS)
    most = max(len(layer.channels) for layer in layers)
    if max(channels) >= most:
        raise CxrError(
            f"There is no channel {max(channels)}: the widest layer has {most}, counted from 0 to {most - 1}."
        )
    return layers


def _told(
    explainer: Explainer, asked: QuestionedFilm, method: Method, options: LimeOptions, seeds: int
) -> Told:
    """What one method says, with a bar where it takes long enough to tell of its progress."""
    started = time.perf_counter()
    with progress_bar() as bar:

        def on_progress(done: int, of: int) -> None:
            if not bar.tasks:
                bar.add_task(method.value, rate="")
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f} passes/s" if speed else ""
            bar.update(bar.tasks[0].id, completed=done, total=of, rate=rate)

        explanation = explainer.explain(asked, method, on_progress, options, seeds)
    seconds = time.perf_counter() - started
    return Told(method, explanation, seconds, options if method is Method.LIME else None)


def _summary(
    folder: Path,
    told: Sequence[Told],
    layers: Sequence[FeatureMap],
    asked: QuestionedFilm,
    card: ModelCard,
) -> str:
    """One line: where the files are, what the model says of the film, and each method's main figures."""
    verdict, *_ = prediction_lines(asked.judgement.prediction, card.suspicion_word)
    parts = [f"{each.method.value}: {_main_figures(each.explanation)}" for each in told]
    if layers:
        parts.append(f"{FEATURES}: {counted(len(layers), 'layer', 'layers')}")
    return "; ".join((f"{folder}: {verdict}", *parts))


def _main_figures(told: Explanation) -> str:
    figures = "no evidence for suspicion" if told.in_lungs is None else lungs_line(told.in_lungs)
    if told.agreement is None:
        return figures
    return f"{figures}, agreement over {told.seeds} seeds {told.agreement:.2f}"


def _unseen(done: int, of: int) -> None:
    """For what takes no time."""
