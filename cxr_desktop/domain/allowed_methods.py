"""Which methods a model allows, as far as its card tells."""

from __future__ import annotations

from cxr_desktop.domain.explanation import Method
from cxr_desktop.domain.model_card import GRADIENT_FILE, ModelCard
from cxr_desktop.language import tr


def refusal(card: ModelCard, method: Method) -> str:
    """Why a model cannot be asked by a method, and what would help; "" where it can."""
    if method is Method.CAM and card.heatmap is None:
        return tr("This model gives no map with its score. Choose another method.")
    if method is Method.GRAD_CAM_PLUS_PLUS and GRADIENT_FILE not in card.files:
        if card.heatmap is not None and not card.heatmap.layer:
            return tr(
                "Grad-CAM++ weighs the last convolution's channels, and this model's network "
                "has no convolution. Choose occlusion, which asks any network."
            )
        return tr(
            "Grad-CAM++ needs the gradient of the model's logit, and this model's bundle was "
            "made without its {file}. Package it again with “python -m "
            "cxr_desktop.training.repackage”, or choose occlusion, which asks any network.",
            file=GRADIENT_FILE,
        )
    return ""
