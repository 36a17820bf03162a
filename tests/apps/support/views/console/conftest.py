from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import Conversation
from tests.apps.support.factories import make_conversation, make_person, say

SignIn = Callable[[User], Client]


@pytest.fixture
def agent(db: None) -> User:
    return make_person("anna")


@pytest.fixture
def colleague(db: None) -> User:
    return make_person("ben")


@pytest.fixture
def auditor(db: None) -> User:
    return make_person("auditor", "auditor")


@pytest.fixture
def shopper(db: None) -> User:
    return make_person("shopper", "shopper")


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def desk(agent: User, sign_in: SignIn) -> Client:
    """The browser of the agent."""
    return sign_in(agent)


@pytest.fixture
def conversation(db: None) -> Conversation:
    """Waits in the queue; its card number is known to few."""
    found = make_conversation()
    say(found, "My card 4111111111111111 is gone", masked="My card [CARD] is gone")
    return found
