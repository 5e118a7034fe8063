"""The window "Train a better model", step by step."""

from cxr_desktop.ui.retraining_wizard.data_page import DataPage
from cxr_desktop.ui.retraining_wizard.films_page import FilmsPage
from cxr_desktop.ui.retraining_wizard.later_steps import ModelStep, ResultStep, TrainingStep, UseStep
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.retraining_wizard.split_page import Divider, SplitPage
from cxr_desktop.ui.retraining_wizard.wizard import RetrainingWizard

__all__ = [
    "DataPage", "Divider", "FilmsPage", "ModelStep", "Page", "ResultStep", "RetrainingWizard", "SplitPage",
    "TrainingStep", "UseStep",
]  # fmt: skip
