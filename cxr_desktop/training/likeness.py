"""How films look, in a few bits each; and which look the same: saved again, smaller, coarser, darker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.model_input import model_input

_VIEW = InputSpec(128, 128)

# Rows and columns of frequencies in the perceptual hash. With 8, the usual number, hundreds of pairs of
# different chest films are as alike as a film and its copy.
_HASH_SIDE = 16

# Two looks are near copies where at most so many of their 256 bits differ. Of 250 of Kermany's films saved
# again (JPEG of quality 20 and 50, 96 × 128 to 448 × 448 pixels, gamma 0.7 and 1.4, more contrast) each stays
# within 24 bits of its copy, cropped by a hundredth within 32; of the 17 million pairs of different films of
# the set, siblings among them, none comes nearer than 38. A mirrored film is not recognised.
NEAR_BITS = 30

_TILE = 2048  # films whose looks are compared at a time


def small_view(radiograph: Radiograph) -> NDArray[np.float32]:
    """The whole film as a network might see it, squeezed to a small square: (128, 128) float32 in [0, 1]."""
    return model_input(radiograph, _VIEW).image[..., 0]  # (H, W, 1) -> (H, W)


def perceptual_hash(view: NDArray[np.float32]) -> NDArray[np.bool_]:
    """A film's look.

    Args:
        view: from `small_view`.

    Returns:
        (256,) bool, nearly equal for films that look alike.
    """
    import imagehash  # noqa: PLC0415 - imports SciPy
    from PIL import Image  # noqa: PLC0415

    picture = Image.fromarray(np.rint(view * 255).astype(np.uint8))
    bits: NDArray[np.bool_] = imagehash.phash(picture, hash_size=_HASH_SIDE).hash.ravel()
    return bits


def likeness(looks: Sequence[NDArray[np.bool_]]) -> NDArray[np.intp]:
    """A number for each look; those that hang together by pairs of near copies have the same.

    Args:
        looks: (256,) bool each.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    count = len(looks)
    if not count:
        return np.empty(0, np.intp)
    bits = np.stack(looks)  # (films, 256)
    found = [np.empty((0, 2), np.intp)]
    # As numbers of ±1, two looks' product is the bits that agree less those that differ.
    signs = np.where(bits, np.float32(1), np.float32(-1))
    for top in range(0, count, _TILE):
        for left in range(top, count, _TILE):
            differing = (bits.shape[1] - signs[top : top + _TILE] @ signs[left : left + _TILE].T) / 2
            near = np.argwhere(differing <= NEAR_BITS) + np.array([top, left])
            found.append(near[near[:, 0] < near[:, 1]])
    pairs = np.concatenate(found)  # (pairs, 2)
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    numbers: NDArray[np.intp] = connected_components(graph, directed=False)[1]
    return numbers


def alike_names(looks: Sequence[NDArray[np.bool_]], names: Sequence[str]) -> list[str]:
    """For each film the least name among those that look like it, so that their order changes nothing.

    Args:
        looks: (256,) bool each.
        names: of the films, in the same order.
    """
    least: dict[int, str] = {}
    numbers = [int(number) for number in likeness(looks)]
    for number, name in zip(numbers, names, strict=True):
        least[number] = min(name, least.get(number, name))
    return [least[number] for number in numbers]


def look_to_text(look: NDArray[np.bool_]) -> str:
    """In hexadecimal, for a file."""
    return np.packbits(look).tobytes().hex()


def look_of_text(text: str) -> NDArray[np.bool_]:
    """The look that `look_to_text` wrote.

    Raises:
        ValueError: the text is no look.
    """
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8)).astype(np.bool_)
    if bits.size != _HASH_SIDE**2:
        raise ValueError(f"a look has {_HASH_SIDE**2} bits, got {bits.size}")
    return bits
