"""A graphics card that fails: ONNX Runtime's own session, whose native half breaks down on demand."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import EPFail, Fail

CARD = "CUDAExecutionProvider"


class FailingCard:
    """Stands in for CUDA where ONNX Runtime is called; everything else there is real.

    Attributes:
        loads: how many networks may be loaded before loading fails; None: all.
        runs: how many batches may be run before running fails; None: all.
        error: what ONNX Runtime raises then.
        opened: how many networks were loaded on the card.
    """

    def __init__(
        self, loads: int | None = None, runs: int | None = None, error: type[Exception] = EPFail
    ) -> None:
        self.loads = loads
        self.runs = runs
        self.error = error
        self.opened = 0

    def plug_in(self, monkeypatch: pytest.MonkeyPatch) -> FailingCard:
        """From now on sessions on CUDA run on this card."""
        card = self

        class Session(onnxruntime.InferenceSession):  # type: ignore[misc]
            def __init__(self, model: Any, options: Any, providers: list[str], **more: Any) -> None:
                self.on_card = providers[0] == CARD
                super().__init__(model, options, providers=["CPUExecutionProvider"], **more)

            def _create_inference_session(self, *given: Any) -> None:
                if self.on_card:
                    card.load()
                super()._create_inference_session(*given)
                if self.on_card:
                    self._sess = NativeHalf(self._sess, card)

            def get_providers(self) -> list[str]:
                # ONNX Runtime's way back to the processor would make itself another native half.
                return (
                    [CARD, "CPUExecutionProvider"]
                    if isinstance(self._sess, NativeHalf)
                    else super().get_providers()
                )

        monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
        return self

    def load(self) -> None:
        if self.loads is not None and self.opened >= self.loads:
            raise Fail("CUDA failure 100: no CUDA-capable device is detected")
        self.opened += 1

    def run(self) -> None:
        if self.runs is not None:
            self.runs -= 1
            if self.runs < 0:
                raise self.error("CUDNN_STATUS_EXECUTION_FAILED")


class NativeHalf:
    """The session beneath a session, which the card can make fail."""

    def __init__(self, real: Any, card: FailingCard) -> None:
        self._real = real
        self._card = card

    def run(self, *given: Any) -> list[np.ndarray]:
        self._card.run()
        results: list[np.ndarray] = self._real.run(*given)
        return results

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)
