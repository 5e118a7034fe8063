"""What is known of a map, in sentences."""

from __future__ import annotations

from cxr_desktop.domain.explanation import Answer, Method
from cxr_desktop.domain.wording import percent_text
from cxr_desktop.language import tr


def share_text(share: float | None) -> str:
    """How much of a map's evidence for suspicion lies in the lungs.

    Args:
        share: in [0, 1]; None for a map without such evidence.
    """
    return (
        tr("No evidence for suspicion")
        if share is None
        else tr("{share} of the evidence in the lungs", share=percent_text(share))
    )


def evidence_sentences(method: Method, answer: Answer) -> list[str]:
    """How far the map of a method's answer holds; its doubts are told elsewhere."""
    told = answer.explanation
    sentences = [share_text(told.in_lungs)]
    if answer.in_common is not None:
        share = percent_text(answer.in_common)
        sentences.append(
            tr("{share} in common with the map of the score, from the same layer", share=share)
            if method is Method.GRAD_CAM_PLUS_PLUS
            else tr("{share} in common with the map of the score", share=share)
        )
    if told.agreement is not None:
        sentences.append(
            tr("Agreement over {seeds} seeds: {agreement:.2f}", seeds=told.seeds, agreement=told.agreement)
        )
    if told.superpixels is not None:
        sentences.append(tr("Fit of the superpixels: {fit:.2f}", fit=told.superpixels.fit))
    return sentences
