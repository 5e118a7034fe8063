"""The window's colours: one table of roles for the dark theme, one for the light.

How to use it:

- `apply_theme(app, "dark")` once at the start and again when the setting changes; "system" follows the
  desktop, also while the program runs.
- Ordinary widgets need nothing: palette and style sheet (`resources/styles/desktop.qss`) dress them. A label
  asks for a look by a dynamic property: `set_role(label, "figure")`; see the style sheet for the roles.
- Widgets and delegates that paint themselves ask `current_theme()` inside `paintEvent` or `paint`, never
  earlier, so that a change of theme repaints them rightly. Colours are `#rrggbb`: `QColor(theme.suspected)`.
- Pictures that were coloured once (icons) are made anew in `changeEvent` on `QEvent.Type.StyleChange`.

A colour never stands alone: whatever it says is also said in words beside it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cxr_desktop.resources import resources_folder

ThemeChoice = Literal["system", "dark", "light"]


@dataclass(frozen=True)
class Theme:
    """A colour, `#rrggbb`, for every role. Text roles reach a contrast of 4.5:1 on every ground role.

    Attributes:
        window, panel, raised: grounds; the window, a card on it, a control on the card.
        hover: ground of the control under the pointer.
        border: line around cards and controls; decoration, it carries no meaning.
        selection: ground of the selected row.
        track: the empty part of a bar.
        text, muted: what is read first, and what is read second.
        accent, on_accent: ground of the one thing to do next, or of a switched-on tool; text on it.
        focus: ring around what has the keyboard.
        suspected, not_suspected: pneumonia suspected, or not.
        check: look at the reason: a warning, or a film that must not be judged.
        neutral: no verdict yet, or unreadable.
        film_ground, film_text, film_check: behind a film, and over it. The same in both themes: brightness
            beside a film costs contrast in it.
    """

    name: Literal["dark", "light"]
    window: str
    panel: str
    raised: str
    hover: str
    border: str
    selection: str
    track: str
    text: str
    muted: str
    accent: str
    on_accent: str
    focus: str
    suspected: str
    not_suspected: str
    check: str
    neutral: str
    film_ground: str = "#000000"
    film_text: str = "#dfe6ee"
    film_check: str = "#f2b84b"


DARK = Theme(
    name="dark",
    window="#12171d",
    panel="#181f27",
    raised="#1f2832",
    hover="#283442",
    border="#2c3845",
    selection="#1d3450",
    track="#2a3440",
    text="#e6ebf1",
    muted="#a3afbd",
    accent="#1f62c4",
    on_accent="#ffffff",
    focus="#6cb2ff",
    suspected="#ff7a6e",
    not_suspected="#63b0ff",
    check="#f2b84b",
    neutral="#a9b3bf",
)

LIGHT = Theme(
    name="light",
    window="#eef1f4",
    panel="#ffffff",
    raised="#f5f7f9",
    hover="#e4eaf1",
    border="#c6ced8",
    selection="#d3e4f8",
    track="#d7dee6",
    text="#15202b",
    muted="#4a5766",
    accent="#1a5fb4",
    on_accent="#ffffff",
    focus="#1a5fb4",
    suspected="#b3261a",
    not_suspected="#0f559f",
    check="#7a4d00",
    neutral="#4d5967",
)

GROUND_ROLES = ("window", "panel", "raised", "hover", "selection")
TEXT_ROLES = ("text", "muted", "suspected", "not_suspected", "check", "neutral")

# The least size of ordinary text, in points: figures are read from a chair's distance.
LEAST_POINT_SIZE = 10.5


def apply_theme(app: QApplication, choice: ThemeChoice) -> Theme:
    """Dress the whole application, and return the theme that it now wears.

    Args:
        choice: "system" follows the desktop's colour scheme, now and whenever it changes.
    """
    follower = app.findChild(_SchemeFollower) or _SchemeFollower(app)
    return follower.wear(choice)


def current_theme() -> Theme:
    """The theme that the application wears; the dark one before `apply_theme`."""
    app = QApplication.instance()
    return LIGHT if app is not None and app.property(_PROPERTY) == LIGHT.name else DARK


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget one of the style sheet's roles, and take its old one away."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    # Qt evaluates property selectors only when a widget is polished.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


_PROPERTY = "cxr_theme"


class _SchemeFollower(QObject):
    """Lives as the application's child and re-dresses it when the desktop changes its colour scheme."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: ThemeChoice = "dark"
        self._worn: Theme | None = None
        least_font = QFont(app.font())
        if least_font.pointSizeF() < LEAST_POINT_SIZE:  # -1 where the desktop's font is set in pixels
            least_font.setPointSizeF(LEAST_POINT_SIZE)
        app.setStyle("Fusion")  # the one style that every platform draws alike
        app.setFont(least_font)
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def wear(self, choice: ThemeChoice) -> Theme:
        self._choice = choice
        hints = self._app.styleHints()
        # Qt also draws title bars and native dialogs after this hint.
        match choice:
            case "dark":
                hints.setColorScheme(Qt.ColorScheme.Dark)
            case "light":
                hints.setColorScheme(Qt.ColorScheme.Light)
            case "system":
                hints.unsetColorScheme()
        self._dress(hints.colorScheme())
        return current_theme()

    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._choice == "system":
            self._dress(scheme)

    def _dress(self, scheme: Qt.ColorScheme) -> None:
        """`scheme`: the desktop's; one that has none (Unknown) gets the dark theme."""
        light = self._choice == "light" or (self._choice == "system" and scheme is Qt.ColorScheme.Light)
        theme = LIGHT if light else DARK
        if theme is self._worn:
            return  # dressing every widget anew takes a moment
        self._worn = theme
        self._app.setProperty(_PROPERTY, theme.name)
        self._app.setPalette(palette_of(theme))
        self._app.setStyleSheet(style_sheet(theme))


def palette_of(theme: Theme) -> QPalette:
    """The palette for everything that the style sheet does not name."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.panel,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.suspected,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.selection,
        QPalette.ColorRole.HighlightedText: theme.text,
        QPalette.ColorRole.Link: theme.not_suspected,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Accent: theme.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    faint = QColor(theme.muted)
    faint.setAlpha(150)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def style_sheet(theme: Theme) -> str:
    """The style sheet with the theme's colours in the places of `$role`."""
    resources = resources_folder()
    sheet = (resources / "styles" / "desktop.qss").read_text(encoding="utf-8")
    # Quoted in the sheet, with "/" on every system: a folder's name may hold spaces.
    return Template(sheet).substitute(asdict(theme), icons=(resources / "icons").as_posix())


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance", in [0, 1]."""
    linear = []
    for start in (1, 3, 5):
        level = int(colour[start : start + 2], 16) / 255
        linear.append(level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
