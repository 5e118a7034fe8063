"""What the lung finder learns from: films with drawn lungs, roughened, and pictures without lungs.

The masks are of children of one centre. Adults, other machines and other hands' exposures are reached by
varying what does not matter: geometry, grey scale, sharpness, collimation, markers. And because "no lungs
found" takes a film out of the judgement, a good share of the pictures shows none: films with black and white
exchanged or lying on their side, pieces of films beside the lungs, photographs, shapes and noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.training.augment import affine, warp
from cxr_desktop.training.lung_network import LUNG_INPUT

Image = NDArray[np.float32]
Random = np.random.Generator

ROWS, COLUMNS = LUNG_INPUT.height, LUNG_INPUT.width

# Share of pictures without lungs, and of pieces of films, among those learned from.
_WITHOUT_LUNGS = 0.25
_PIECES = 0.08

# Bundled with scikit-image. Its other pictures are kept for testing.
PHOTOGRAPHS = ("brick", "grass", "gravel", "coins", "text", "page", "moon", "cell", "coffee", "cat")


class LungBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Roughened films with their masks, mixed with pictures without lungs, drawn anew in each epoch.

    Yields:
        images: (batch, 128, 128, 1) float32 in [0, 1].
        masks: (batch, 128, 128, 1) float32 in [0, 1].
    """

    def __init__(self, images: Sequence[Image], masks: Sequence[Image], batch: int, seed: int):
        super().__init__()
        self._images, self._masks = images, masks
        self._photographs = photographs()
        self._batch = batch
        self._seed = seed
        self._epoch = -1
        self.on_epoch_begin()

    def __len__(self) -> int:
        """Steps an epoch."""
        return len(self._images) // self._batch

    def on_epoch_begin(self) -> None:
        """Keras calls it before each epoch."""
        self._epoch += 1
        self._order = np.random.default_rng((self._seed, self._epoch)).permutation(len(self._images))

    def __getitem__(self, step: int) -> tuple[Image, Image]:
        chosen = self._order[step * self._batch : (step + 1) * self._batch]
        pairs = [self._pair(int(position)) for position in chosen]
        images, masks = zip(*pairs, strict=True)
        return np.stack(images)[..., None], np.stack(masks)[..., None]  # (B, H, W) -> (B, H, W, 1)

    def _pair(self, position: int) -> tuple[Image, Image]:
        random = np.random.default_rng((self._seed, self._epoch, position))
        image, mask = self._images[position], self._masks[position]
        share = random.random()
        if share < _WITHOUT_LUNGS:
            image, mask = without_lungs(random, image, self._photographs), np.zeros_like(mask)
        elif share < _WITHOUT_LUNGS + _PIECES:
            image, mask = piece(random, image, mask)
        else:
            image, mask = move(random, image, mask)
        return roughen(random, image), mask


def photographs() -> tuple[Image, ...]:
    """Everyday pictures, (rows, columns) float32 in [0, 1]."""
    import skimage.color  # noqa: PLC0415 - slow to import, and needed for training only
    import skimage.data  # noqa: PLC0415

    pictures = []
    for name in PHOTOGRAPHS:
        picture = getattr(skimage.data, name)()
        grey = skimage.color.rgb2gray(picture) if picture.ndim == 3 else picture / np.iinfo(picture.dtype).max
        pictures.append(grey.astype(np.float32))
    return tuple(pictures)


def move(random: Random, image: Image, mask: Image) -> tuple[Image, Image]:
    """Film and mask turned, shifted, sheared, scaled and mirrored alike."""
    matrix = affine(
        turn=np.radians(random.uniform(-20, 20)),
        rows=random.uniform(-0.15, 0.15) * ROWS,
        columns=random.uniform(-0.15, 0.15) * COLUMNS,
        shear=np.radians(random.uniform(-8, 8)),
        row_zoom=random.uniform(0.75, 1.35),
        column_zoom=random.uniform(0.75, 1.35),
        height=ROWS,
        width=COLUMNS,
    )
    # Beyond the film there is black (collimated, scanned) or more of the same.
    border = cv2.BORDER_CONSTANT if random.random() < 0.5 else cv2.BORDER_REPLICATE
    moved = warp(image, matrix[:2], border), warp(mask, matrix[:2], cv2.BORDER_CONSTANT)
    if random.random() < 0.5:
        return moved[0][:, ::-1], moved[1][:, ::-1]
    return moved


def piece(random: Random, image: Image, mask: Image) -> tuple[Image, Image]:
    """A quarter to a half of the film's sides, enlarged; most show a part of the lungs or none."""
    rows, columns = (int(random.uniform(0.25, 0.5) * side) for side in image.shape)
    top, left = int(random.integers(ROWS - rows)), int(random.integers(COLUMNS - columns))
    window = slice(top, top + rows), slice(left, left + columns)
    return _resized(image[window]), _resized(mask[window])


def without_lungs(random: Random, image: Image, pictures: Sequence[Image]) -> Image:
    """A picture in which no lungs are to be found."""
    makers: tuple[Callable[[], Image], ...] = (
        lambda: 1 - image,
        lambda: np.ascontiguousarray(np.rot90(image, int(random.integers(1, 4)))),
        lambda: _photograph(random, pictures),
        lambda: _shapes(random),
        lambda: _noise(random),
    )
    weights = np.array([0.3, 0.15, 0.2, 0.2, 0.15])
    return makers[int(random.choice(len(makers), p=weights))]()


def roughen(random: Random, image: Image) -> Image:
    """Another machine, another hand: exposure, contrast, sharpness, noise, collimation and a marker."""
    image = np.clip(image, 0, 1) ** np.float32(np.exp(random.uniform(-0.7, 0.7)))
    low, high = random.uniform(-0.25, 0.2), random.uniform(0.8, 1.25)
    image = (image - np.float32(low)) / np.float32(high - low)
    if random.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.5))
    if random.random() < 0.3:  # the anode's heel, or a patient who lies askew
        first, last = random.uniform(0.7, 1.3, 2)
        slope = np.linspace(first, last, ROWS, dtype=np.float32)[:, None]
        image = image * (slope if random.random() < 0.5 else slope.T)
    if random.random() < 0.3:
        image = image + random.normal(0, random.uniform(0.01, 0.06), image.shape).astype(np.float32)
    image = np.clip(image, 0, 1).astype(np.float32)
    if random.random() < 0.2:
        levels = (image * 255).astype(np.uint8)
        image = cv2.createCLAHE(2.0, (4, 4)).apply(levels).astype(np.float32) / np.float32(255)
    if random.random() < 0.3:
        _mark(random, image)
    return np.ascontiguousarray(image)


def _mark(random: Random, image: Image) -> None:
    """A white letter near an upper corner; drawn in place."""
    x = int(random.choice([random.integers(2, 25), random.integers(95, 118)]))
    y = int(random.integers(10, 30))
    letter = str(random.choice(["R", "L", "AP", "12", "RT"]))
    ink = np.zeros(image.shape, np.uint8)  # cv2 writes on 8 bits only
    cv2.putText(ink, letter, (x, y), cv2.FONT_HERSHEY_SIMPLEX, random.uniform(0.3, 0.6), 255, 1, cv2.LINE_AA)
    np.maximum(image, ink.astype(np.float32) / np.float32(255), out=image)


def _photograph(random: Random, pictures: Sequence[Image]) -> Image:
    picture = pictures[int(random.integers(len(pictures)))]
    rows, columns = (int(random.uniform(0.3, 1) * side) for side in picture.shape)
    top = int(random.integers(picture.shape[0] - rows + 1))
    left = int(random.integers(picture.shape[1] - columns + 1))
    cut = _resized(picture[top : top + rows, left : left + columns])
    return 1 - cut if random.random() < 0.5 else cut


def _shapes(random: Random) -> Image:
    """Limbs, discs and plates, mostly bright on a dark ground: bones, phantoms, scans."""
    image = np.full((ROWS, COLUMNS), random.uniform(0, 0.4), np.float32)
    for _ in range(int(random.integers(1, 9))):
        grey = random.uniform(0.1, 1)
        centre = tuple(int(v) for v in random.integers(0, ROWS, 2))
        axes = tuple(int(v) for v in random.integers(4, 60, 2))
        turn = random.uniform(0, 180)
        match int(random.integers(3)):
            case 0:
                cv2.ellipse(image, centre, axes, turn, 0, 360, grey, -1, cv2.LINE_AA)
            case 1:
                end = tuple(int(v) for v in random.integers(0, ROWS, 2))
                cv2.line(image, centre, end, grey, int(random.integers(2, 30)), cv2.LINE_AA)
            case _:
                box = cv2.boxPoints((centre, axes, turn)).astype(np.int32)
                cv2.fillPoly(image, [box], grey, cv2.LINE_AA)
    soft: Image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.3, 4))
    return 1 - soft if random.random() < 0.2 else soft


def _noise(random: Random) -> Image:
    """Noise of any grain, from snow to clouds, down to an even grey."""
    coarse = int(2 ** random.uniform(1, 7))
    noise = _resized(random.random((coarse, coarse), dtype=np.float32))
    return random.uniform(0, 0.8) + noise * np.float32(random.uniform(0, 1))


def _resized(image: Image) -> Image:
    resized: Image = cv2.resize(image, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return resized


def read_mask(path: Path) -> Image:
    """A drawn mask as (128, 128) float32 in [0, 1]: the share of each pixel that is lung."""
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise ValueError(f"{path} holds no picture; a mask is a grey PNG of the film's name")
    return _resized((mask > 127).astype(np.float32))
