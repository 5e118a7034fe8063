"""Networks whose evidence is known beforehand."""

from __future__ import annotations

import numpy as np

from cxr_desktop.inference.devices import Device, cpu

Images = np.ndarray


class Linear:
    """A network whose logit is a weighted sum of an image's pixels.

    Attributes:
        passes: how many images it has been shown.
    """

    device: Device = cpu(1)

    def __init__(self, slopes: Images) -> None:
        """
        Args:
            slopes: (height, width, channels), of each pixel.
        """
        self.slopes = slopes
        self.passes = 0

    def run(self, images: Images) -> dict[str, Images]:
        self.passes += len(images)
        return {"logit": np.tensordot(images, self.slopes, axes=3).astype(np.float32)}


class Bent(Linear):
    """The same, but the more it has seen, the less further evidence adds."""

    def run(self, images: Images) -> dict[str, Images]:
        return {"logit": 3 * np.tanh(super().run(images)["logit"])}


def heard(done: int, of: int) -> None:
    """For those whom progress does not matter."""
