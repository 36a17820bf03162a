import pytest
from django.apps import apps

from apps.support.apps import SupportConfig
from apps.support.models import Encoder, KnowledgeIndex
from tests.apps.support.factories import NOW

pytestmark = pytest.mark.django_db


def make_encoder(letter: str) -> Encoder:
    return Encoder.objects.create(digest=letter * 64, backbone="minilm", created_at=NOW)


def test_the_newest_encoder_and_those_of_indexes_are_kept_at_hand() -> None:
    indexed, _before, newest = (make_encoder(letter) for letter in "abc")
    KnowledgeIndex.objects.create(
        encoder=indexed, knowledge_digest="k", content="d" * 64, examples=1, made_at=NOW
    )

    support = apps.get_app_config("support")

    assert isinstance(support, SupportConfig)
    assert [support.names_artifact(letter * 64) for letter in "abc"] == [True, False, True]
    assert newest.digest == "c" * 64
