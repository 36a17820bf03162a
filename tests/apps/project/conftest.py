from collections.abc import Iterator

import pytest

from apps.project.supervisor import Supervisor


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()
