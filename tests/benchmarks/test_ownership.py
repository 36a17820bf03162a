"""The short form of the benchmark: the same interleavings, fewer of them."""

import pytest

from benchmarks.ownership import Tally, interleave
from benchmarks.site.people import make_agents

pytestmark = pytest.mark.django_db(transaction=True)
INTERLEAVINGS = 24


@pytest.mark.parametrize("is_threaded", [False, True], ids=["step by step", "in threads"])
def test_a_conversation_has_one_owner_and_no_late_reply(is_threaded: bool) -> None:
    agents, tally = make_agents("first", "second"), Tally()

    for number in range(INTERLEAVINGS):
        interleave(f"short {number}", agents, tally, is_threaded=is_threaded)

    assert tally.broken == []
    assert min(tally.done[what] for what in ("taken", "too late", "replied", "held back")) > 0
