"""*Model → Manage models…*: all models with their figures, and what is done with them."""

from cxr_desktop.ui.model_manager.window import ModelManagerWindow

__all__ = ["ModelManagerWindow"]
