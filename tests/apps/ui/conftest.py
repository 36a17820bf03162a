from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """A request in Chinese leaves its thread speaking Chinese."""
    with translation.override("en"):
        yield
