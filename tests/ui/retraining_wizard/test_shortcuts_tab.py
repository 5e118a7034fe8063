"""The table of signs that are not lung."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit.giveaway import Giveaway
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.ui.retraining_wizard.shortcuts_tab import ShortcutsTab


def test_words_that_do_not_fit_beside_the_figures_go_on_beneath(qtbot: QtBot) -> None:
    tab = ShortcutsTab()
    qtbot.addWidget(tab)
    font = tab.font()
    font.setPointSize(18)
    tab.setFont(font)
    label = "VIRAL PNEUMONIA"
    tab.show_giveaways(
        [Giveaway("width", label, Estimate(0.5, 0.4, 0.6), ""), Giveaway("kind", label, None, "")]
    )
    tab.resize(1200, 400)
    tab.show()
    columns = sum(tab.table.columnWidth(column) for column in range(3))
    tab.resize(columns + 60, 400)
    two_lines = 2 * tab.table.fontMetrics().height()
    qtbot.waitUntil(lambda: tab.table.rowHeight(1) >= two_lines, timeout=2000)
