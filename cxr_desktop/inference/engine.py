"""Running a network: the one protocol behind which an engine stands, and ONNX Runtime behind it."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import EngineError
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.graph_check import Shape, Signature
from cxr_desktop.language import tr


class Engine(Protocol):
    """Something that runs one network."""

    @property
    def device(self) -> Device: ...

    def run(self, images: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """All outputs by name, of (batch, height, width, channels) float32."""
        ...


class OnnxEngine:
    """ONNX Runtime on the first device that can load the network.

    A device that fails while running is left, by all engines that share it, and the batch is run again on the
    next one, so that no film is lost; `device` then says so. Several threads may run batches at once.
    """

    def __init__(self, model: Path | bytes, devices: Sequence[Device]) -> None:
        """
        Args:
            model: the .onnx file, or what would stand in it.
            devices: to try in this order, the processor last.

        Raises:
            EngineError: no device could load it.
        """
        self._model = model
        self._devices = tuple(devices)
        self._lock = threading.Lock()
        self._opened = self._open_on_first()

    @property
    def device(self) -> Device:
        """What the network runs on from now on."""
        in_order = (self._opened.device, *self._devices)
        return next((device for device in in_order if not device.is_left), self._opened.device)

    @property
    def signature(self) -> Signature:
        """What the graph says of its inputs and outputs."""
        session = self._opened.session
        return Signature(_shapes(session.get_inputs()), _shapes(session.get_outputs()))

    def run(self, images: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """All outputs by name, of (batch, height, width, channels) float32.

        Raises:
            EngineError: the network could not be run, on the processor either.
        """
        opened = self._where_it_may_run()
        try:
            values = opened.session.run(opened.outputs, {opened.input: images})
        except Exception as error:  # each provider raises its own kinds
            if opened.device.is_cpu:
                raise EngineError(
                    tr("The model could not be run on this machine: {error}", error=error)
                ) from error
            opened.device.leave(error)
            return self.run(images)
        return dict(zip(opened.outputs, values, strict=True))

    def _where_it_may_run(self) -> _Opened:
        with self._lock:
            if self._opened.device.is_left:
                self._opened = self._open_on_first()
            return self._opened

    def _open_on_first(self) -> _Opened:
        failed: list[tuple[Device, Exception]] = []
        for device in self._devices:
            if device.is_left:
                continue
            try:
                opened = _open(self._model, device)
            except Exception as error:  # each provider raises its own kinds
                failed.append((device, error))
                continue
            # Only now is it known that the fault was theirs, not the network's.
            for other, reason in failed:
                other.leave(reason)
            return opened
        reasons = " ".join(f"{device.name}: {reason}" for device, reason in failed)
        raise EngineError(tr("The model could not be loaded. {reasons}", reasons=reasons))


def _open(model: Path | bytes, device: Device) -> _Opened:
    import onnxruntime  # noqa: PLC0415 - 0.1 s, spent on the thread that scores

    # Some builds for Windows report their use in another way than the package keeps them from.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = device.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads that spin would take the window's core between batches.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if device.provider == "DmlExecutionProvider":
        options.enable_mem_pattern = False  # DirectML refuses it
    if device.provider == "CUDAExecutionProvider":
        # NVIDIA's libraries may be Python packages, where no loader looks for them; prints what is missing.
        with contextlib.redirect_stdout(sys.stderr):
            onnxruntime.preload_dlls()
    providers = [device.provider] if device.is_cpu else [device.provider, "CPUExecutionProvider"]
    content = model if isinstance(model, bytes) else str(model)
    # ONNX Runtime's own way back to the processor says nothing but on standard output, and the device would
    # keep its name.
    session = onnxruntime.InferenceSession(content, options, providers=providers, enable_fallback=0)
    # A provider whose libraries are missing is passed over without raising.
    if device.provider not in session.get_providers():
        raise RuntimeError("its libraries are missing or do not fit")
    outputs = tuple(output.name for output in session.get_outputs())
    return _Opened(device, session, session.get_inputs()[0].name, outputs)


def _shapes(tensors: Sequence[Any]) -> dict[str, Shape | None]:
    """Shapes by name; ONNX Runtime gives a word, or None, for a length that the graph leaves open."""
    return {
        tensor.name: tuple(length if isinstance(length, int) else None for length in tensor.shape)
        if tensor.type == "tensor(float)"
        else None
        for tensor in tensors
    }


@dataclass(frozen=True)
class _Opened:
    """A session with what it runs on and the names in its graph."""

    device: Device
    session: Any
    input: str
    outputs: tuple[str, ...]
