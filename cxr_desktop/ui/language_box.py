"""The languages that the window speaks, each by its own name."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QWidget

from cxr_desktop.language import languages, tr


class LanguageBox(QComboBox):
    """A language's code behind each row, the first of which leaves the choice to the desktop."""

    def __init__(self, chosen: str, parent: QWidget | None = None) -> None:
        """
        Args:
            chosen: a code; "" for the desktop's, as which one that is not there any more is shown, too: the
                program takes it then.
        """
        super().__init__(parent)
        self.addItem(tr("as the desktop"), "")
        for code in languages():
            self.addItem(native_name(code), code)
        self.setCurrentIndex(max(0, self.findData(chosen)))

    @property
    def chosen(self) -> str:
        """The code; "" for the desktop's."""
        return str(self.currentData())


def native_name(code: str) -> str:
    """A language in its own words, "Deutsch"; with its country where the code names one."""
    locale = QLocale(code)
    country = f" ({locale.nativeTerritoryName()})" if "_" in code else ""
    # Qt knows the language of the code "en" as that of a country: "American English".
    return "English" if code == "en" else f"{locale.nativeLanguageName()}{country}"
