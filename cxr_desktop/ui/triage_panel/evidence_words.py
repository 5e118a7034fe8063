"""What is known of a map, in sentences."""

from __future__ import annotations

from cxr_desktop.domain.explanation import Answer, Method
from cxr_desktop.domain.wording import percent_text


def share_text(share: float | None) -> str:
    """How much of a map's evidence for suspicion lies in the lungs.

    Args:
        share: in [0, 1]; None for a map without such evidence.
    """
    return (
        "No evidence for suspicion"
        if share is None
        else f"{percent_text(share)} of the evidence in the lungs"
    )


def evidence_sentences(method: Method, answer: Answer) -> list[str]:
    """How far the map of a method's answer holds; its doubts are told elsewhere."""
    told = answer.explanation
    sentences = [share_text(told.in_lungs)]
    if answer.in_common is not None:
        same_layer = ", from the same layer" if method is Method.GRAD_CAM_PLUS_PLUS else ""
        sentences.append(f"{percent_text(answer.in_common)} in common with the map of the score{same_layer}")
    if told.agreement is not None:
        sentences.append(f"Agreement over {told.seeds} seeds: {told.agreement:.2f}")
    if told.superpixels is not None:
        sentences.append(f"Fit of the superpixels: {told.superpixels.fit:.2f}")
    return sentences
