"""Both models' scores against each other, as points and as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.two_opinions import TwoOpinions, differing
from cxr_desktop.ui.model_choice import ModelChoice
from cxr_desktop.ui.model_comparison.differing_films import DifferingModel, DifferingTable
from cxr_desktop.ui.model_comparison.scatter import Scatter
from cxr_desktop.ui.model_comparison.words import opinions_text, summary_text, verdicts_text
from cxr_desktop.ui.theme import apply_theme
from tests.ui.worklist_examples import model_card, prediction, study

ONE, OTHER = (ModelChoice(name, f"{name} 1", model_card()) for name in ("left", "right"))


def opinions(number: int, one: float, other: float) -> TwoOpinions:
    of = study(number, name=f"Patient{number}", judged=prediction(one))
    second = replace(prediction(other), operating_point=0.5)
    return TwoOpinions(of, of.lead, prediction(one), second)


ALL = (opinions(1, 0.9, 0.8), opinions(2, 0.1, 0.7), opinions(3, 0.95, 0.05), opinions(4, 0.2, 0.1))


def test_the_words_name_the_study_and_what_each_model_says() -> None:
    text = opinions_text(ALL[1], ONE, OTHER).replace("\u00a0", " ")
    assert text.splitlines()[0].startswith("Patient2, 21 Nov 2026")
    assert text.splitlines()[1:] == [
        "left 1: 10 % · No pneumonia suspected",
        "right 1: 70 % · Suspected pneumonia",
    ]
    assert verdicts_text(ALL[1].one, ALL[1].other) == (
        "The models disagree about the verdict; their probabilities lie 60 percentage points apart."
    )
    assert verdicts_text(ALL[0].one, ALL[0].other).startswith("Both models give the same verdict")
    assert verdicts_text(ALL[0].one, ALL[0].one).endswith("lie less than one percentage point apart.")
    assert summary_text(ALL, 9).replace("\u00a0", " ") == (
        "4 films of 9 judged by both models. They disagree about the verdict on 2 of them (50 %)."
    )
    assert summary_text(ALL[:1], 9).endswith("They disagree about the verdict on none of them.")
    assert summary_text((), 9) == "No film has been judged by both models yet."


def test_the_table_has_those_they_disagree_about(qtmodeltester: ModelTester) -> None:
    model = DifferingModel()
    model.show_rows(differing(ALL), (ONE, OTHER))
    qtmodeltester.check(model)
    cells = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert [row[0] for row in cells] == ["Patient3", "Patient2"]
    assert cells[0][1].replace("\u00a0", " ") == "95 % · Suspected pneumonia"
    assert cells[0][3] == "90 points"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "left 1"


def test_a_click_in_the_table_names_the_film(qtbot: QtBot) -> None:
    table = DifferingTable()
    qtbot.addWidget(table)
    table.films.show_rows(differing(ALL), (ONE, OTHER))
    table.resize(600, 200)
    table.show()
    qtbot.waitExposed(table)
    place = table.visualRect(table.films.index(1, 0)).center()
    with qtbot.waitSignal(table.film_clicked) as clicked:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == [2]
    with qtbot.waitSignal(table.film_opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [2]


@pytest.fixture
def scatter(qtbot: QtBot, qapp: QApplication) -> Scatter:
    apply_theme(qapp, "dark")
    widget = Scatter(lambda each: opinions_text(each, ONE, OTHER))
    qtbot.addWidget(widget)
    widget.resize(500, 500)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_opinions(ALL, (ONE.title, OTHER.title))
    return widget


def test_points_stand_by_both_probabilities_and_show_agreement(scatter: Scatter) -> None:
    agreeing, disagreeing = (
        sorted((point.data().film.id, *point.pos().toTuple()) for point in scatter.points[agree].points())
        for agree in (True, False)
    )
    assert [each[0] for each in agreeing] == [1, 4]
    assert [each[0] for each in disagreeing] == [2, 3]
    assert disagreeing[0][1:] == pytest.approx((10, 70))
    assert [line.value() for line in scatter.lines] == pytest.approx([62, 50])


def test_pointing_at_a_film_tells_of_it_and_a_click_brings_it(scatter: Scatter, qtbot: QtBot) -> None:
    box = scatter.plot.getPlotItem().vb
    place = scatter.plot.mapFromScene(box.mapViewToScene(QPointF(10, 70)))
    view = scatter.plot.viewport()
    qtbot.mouseMove(view, place)
    qtbot.waitUntil(lambda: "Patient2" in box.toolTip())
    with qtbot.waitSignal(scatter.film_clicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == [2]


def test_without_films_there_are_no_points_and_no_lines(scatter: Scatter) -> None:
    scatter.show_opinions((), ("", ""))
    assert not any(len(points.points()) for points in scatter.points.values())
    assert not any(line.isVisible() for line in scatter.lines)
