import pytest

from apps.registry.charts import bars, diverging_bars, heat_map, line_chart
from apps.registry.templatetags.registry_charts import p_value
from modelcore.evaluation import confusion_cells


def test_a_curve_runs_from_left_to_right_and_from_top_to_bottom() -> None:
    chart = line_chart("Loss", [(1.0, 2.0), (2.0, 1.0)])

    assert chart is not None
    assert chart.path == "M56.0 12.0 L628.0 192.0"
    assert chart.last == "1"


def test_no_point_is_no_chart() -> None:
    assert line_chart("Loss", []) is None
    assert line_chart("Metric", [(1.0, float("nan"))]) is None


def test_one_point_is_drawn_in_the_middle() -> None:
    chart = line_chart("Loss", [(5.0, 0.7)])

    assert chart is not None
    assert chart.path.startswith("M342.0 102.0")


@pytest.mark.parametrize(("value", "highest"), [(100.0, "100"), (0.0, "1")])
def test_a_flat_curve_of_shares_has_no_tick_beyond_the_whole(value: float, highest: str) -> None:
    chart = line_chart("Risk", [(10.0, value), (90.0, value)], is_from_zero=True)

    assert chart is not None
    assert (chart.y_ticks[0].text, chart.y_ticks[-1].text) == ("0", highest)


def test_the_longest_bar_fills_the_width() -> None:
    assert [bar.width for bar in bars([("a", 10.0, "10"), ("b", 5.0, "5")])] == [100.0, 50.0]


def test_a_share_is_drawn_as_one_of_the_whole() -> None:
    assert [bar.width for bar in bars([("a", 0.86, "86 %"), ("b", 0.5, "50 %")], 1)] == [86.0, 50.0]


def test_a_loss_grows_to_the_left_of_the_middle() -> None:
    gain, loss = diverging_bars([("a", 0.1, "+"), ("b", -0.1, "-")])

    assert (gain.x, gain.css) == (50.0, "gain")
    assert (loss.x, loss.css) == (0.0, "loss")


def test_a_heat_map_is_darkest_where_all_of_a_label_went() -> None:
    cells = confusion_cells({"confusion": [[4, 0], [1, 1]]})
    drawn = heat_map(cells, ["a", "b"], ["a", "b"])

    assert [(cell.gold, cell.predicted, cell.count) for cell in drawn.cells] == [
        ("a", "a", 4),
        ("b", "a", 1),
        ("b", "b", 1),
    ]
    assert drawn.cells[0].opacity == 1.0
    assert [(tick.place, tick.text) for tick in drawn.ticks] == [(0.5, "a"), (1.5, "b")]


def test_a_map_is_drawn_in_the_order_that_it_shares_with_another() -> None:
    drawn = heat_map(confusion_cells({"confusion": [[4, 1], [0, 2]]}), ["b", "a"], ["a", "b", "c"])

    assert [(cell.y, cell.x, cell.gold, cell.count) for cell in drawn.cells] == [
        (1, 1, "b", 4),
        (1, 0, "b", 1),
        (0, 0, "a", 2),
    ]
    assert (drawn.size, drawn.labels) == (3, ("a", "b", "c"))


def test_a_map_of_many_labels_names_what_is_confused_most() -> None:
    labels = [f"l{number:02}" for number in range(30)]
    cells = confusion_cells({"confusion": {"cells": [[3, 3, 50], [3, 4, 2], [7, 9, 8]]}})
    drawn = heat_map(cells, labels, labels)

    assert not drawn.is_small
    assert [(cell.gold, cell.predicted, cell.count) for cell in drawn.worst] == [
        ("l07", "l09", 8),
        ("l03", "l04", 2),
    ]


def test_ticks_are_round_numbers() -> None:
    chart = line_chart("Loss", [(1.0, 3.75), (216.0, 0.69)])

    assert chart is not None
    assert [tick.text for tick in chart.x_ticks] == ["50", "100", "150", "200"]
    assert [tick.text for tick in chart.y_ticks] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "< 0.001"), (0.0004, "< 0.001"), (0.0372, "= 0.037"), (1.0, "= 1.000")]
)
def test_no_probability_is_written_as_zero(value: float, written: str) -> None:
    assert p_value(value) == written
