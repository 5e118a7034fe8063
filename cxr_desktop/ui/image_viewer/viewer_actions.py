"""What a reader can do with a film, as actions with keys; the toolbar, menus and the `?` page use them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from cxr_desktop.language import tr
from cxr_desktop.ui.held_action import HeldAction
from cxr_desktop.ui.icons import themed_icon
from cxr_desktop.ui.image_viewer.tools import Tool
from cxr_desktop.ui.theme import Theme


@dataclass(frozen=True)
class _Verb:
    """An action before it is made."""

    text: str
    keys: tuple[str, ...]
    tip: str
    icon: str = ""
    checkable: bool = False


_TOOLS = {
    Tool.PAN: _Verb(
        tr("Pan"),
        ("P",),
        tr("Drag moves the film. The middle button, or Space held, always does."),
        checkable=True,
    ),
    Tool.WINDOW: _Verb(
        tr("Window"),
        ("W",),
        tr("Drag right for less contrast, down for darker. The right button always does."),
        checkable=True,
    ),
    Tool.ZOOM: _Verb(tr("Zoom"), ("Z",), tr("Drag up to enlarge. The wheel always does."), checkable=True),
    Tool.MEASURE: _Verb(
        tr("Measure"),
        ("L",),
        tr(
            "Drag draws a distance; its ends can be dragged. In mm by the file's spacing, which "
            "knows nothing of the magnification of what lies far from the detector."
        ),
        checkable=True,
    ),
}


class ViewerActions:
    """The viewer's actions. The viewer connects them; each is made once and lives as long as the viewer.

    Attributes:
        tools: exactly one is checked.
    """

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._icons: dict[QAction, str] = {}
        self._theme: Theme | None = None  # that the icons are drawn in
        self.tools = {tool: self._made(verb) for tool, verb in _TOOLS.items()}
        group = QActionGroup(owner)
        for action in self.tools.values():
            group.addAction(action)

        self.file_window = self._made(
            _Verb(tr("As in file"), ("3",), tr("The window that the file asks for"))
        )
        self.lungs_window = self._made(_Verb(tr("Lungs"), ("4",), ""))
        self.mediastinum_window = self._made(_Verb(tr("Mediastinum"), ("5",), ""))
        self.bones_window = self._made(_Verb(tr("Bones"), ("6",), ""))
        self.full_range = self._made(
            _Verb(tr("Full range"), ("7",), tr("Everything between the least and the greatest value"))
        )
        self.invert = self._made(
            _Verb(tr("Invert"), ("I",), tr("Show black as white and white as black"), checkable=True)
        )
        self.reset = self._made(
            _Verb(
                tr("Reset"), ("0",), tr("The film as it came: window, polarity, orientation and fit"), "reset"
            )
        )

        self.rotate_left = self._made(
            _Verb(tr("Rotate left"), ("Shift+R",), tr("A quarter turn left"), "rotate-left")
        )
        self.rotate_right = self._made(
            _Verb(tr("Rotate right"), ("R",), tr("A quarter turn right"), "rotate-right")
        )
        self.flip_left_right = self._made(
            _Verb(tr("Flip left–right"), ("X",), tr("Mirror the film; its corner says so"), "flip-left-right")
        )
        self.flip_top_bottom = self._made(
            _Verb(
                tr("Flip top–bottom"), ("Y",), tr("Turn the film upside down in a mirror"), "flip-top-bottom"
            )
        )

        self.fit = self._made(
            _Verb(tr("Fit"), ("F",), tr("The whole film, also after resizing the window"), "fit")
        )
        self.actual_size = self._made(_Verb("1:1", ("1",), tr("One pixel of the film on one of the screen")))
        self.double_size = self._made(_Verb("2:1", ("2",), tr("One pixel of the film on four of the screen")))
        self.zoom_in = self._made(_Verb(tr("Zoom in"), ("Ctrl++", "Ctrl+="), tr("Larger")))
        self.zoom_out = self._made(_Verb(tr("Zoom out"), ("Ctrl+-",), tr("Smaller")))

        self.heatmap = self._made(
            _Verb(
                tr("Heatmap"),
                ("H",),
                tr("Lay the model's evidence over the film, or look underneath"),
                checkable=True,
            )
        )
        self.underneath = HeldAction(tr("Look under the heatmap"), owner)
        self._dress(self.underneath, ("U",), tr("While the key is held down"))
        self.contours = self._made(
            _Verb(
                tr("Contours only"),
                ("C",),
                tr("Lines around the evidence, not colours over it"),
                checkable=True,
            )
        )
        self.fainter = self._made(_Verb(tr("Fainter heatmap"), ("[",), tr("Less opaque")))
        self.stronger = self._made(_Verb(tr("Stronger heatmap"), ("]",), tr("More opaque")))
        self.more_evidence = self._made(
            _Verb(tr("More of the heatmap"), ("{",), tr("Draw fainter evidence, too"))
        )
        self.less_evidence = self._made(
            _Verb(tr("Less of the heatmap"), ("}",), tr("Draw only stronger evidence"))
        )
        self.graphics = self._made(
            _Verb(
                tr("File's graphics"),
                ("O",),
                tr("Drawings and text of the file's overlay planes"),
                checkable=True,
            )
        )
        self.delete_measurement = self._made(
            _Verb(tr("Delete measurement"), ("Del", "Backspace"), tr("Delete the selected distance"))
        )

    @property
    def windows(self) -> tuple[QAction, ...]:
        """The ones of the window menu, in its order."""
        return (
            self.file_window,
            self.lungs_window,
            self.mediastinum_window,
            self.bones_window,
            self.full_range,
        )

    @property
    def of_a_heatmap(self) -> tuple[QAction, ...]:
        """The ones that do something while a heatmap is laid over the film."""
        return (
            self.underneath,
            self.contours,
            self.fainter,
            self.stronger,
            self.more_evidence,
            self.less_evidence,
        )

    @property
    def of_shades(self) -> tuple[QAction, ...]:
        """Those of them that do nothing where superpixels are drawn, each in one colour."""
        return (self.contours, self.more_evidence, self.less_evidence)

    def colour(self, theme: Theme) -> None:
        """Draw the icons in the theme's colours, unless they are."""
        if theme == self._theme:
            return
        self._theme = theme
        for action, name in self._icons.items():
            action.setIcon(themed_icon(name, theme))

    def _made(self, verb: _Verb) -> QAction:
        action = QAction(verb.text, self._owner)
        action.setCheckable(verb.checkable)
        action.setAutoRepeat(not verb.checkable)  # a key held down must not flicker
        if verb.icon:
            self._icons[action] = verb.icon
        self._dress(action, verb.keys, verb.tip)
        return action

    def _dress(self, action: QAction, keys: tuple[str, ...], tip: str) -> None:
        action.setShortcuts([QKeySequence(key) for key in keys])
        explain(action, tip)
        self._owner.addAction(action)  # the shortcut works without a toolbar or menu too


def explain(action: QAction, tip: str) -> None:
    """Give an action its tool tip: what it does, and its key."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip or action.text()} ({keys})" if keys else tip or action.text())
