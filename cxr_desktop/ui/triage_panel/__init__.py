"""The right of the window: what the model says of the film in view, and the queue by suspicion."""

from cxr_desktop.ui.triage_panel.image_checks import ImageChecksCard
from cxr_desktop.ui.triage_panel.panel import TriagePanel
from cxr_desktop.ui.triage_panel.prediction_card import PredictionCard
from cxr_desktop.ui.triage_panel.queue_view import QueueView

__all__ = ["ImageChecksCard", "PredictionCard", "QueueView", "TriagePanel"]
