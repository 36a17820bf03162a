from benchmarks.page import page_of
from benchmarks.report import RESULTS


def test_the_page_shows_what_the_results_say() -> None:
    assert (RESULTS / "README.md").read_text("utf-8") == page_of(RESULTS)


def test_a_missed_goal_stands_out() -> None:
    page = page_of(RESULTS)

    assert "**missed**" in page
    assert page.count("## ") == len(list(RESULTS.glob("*.json")))
