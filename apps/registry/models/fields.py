"""Columns of our own."""

from typing import Any

from django.db import models

from modelcore.sentence import Sentence


class SentenceField(models.JSONField):
    """A `Sentence` with its template and values, so that each reader can have it in their language."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sentence | None:
        content = super().from_db_value(value, expression, connection)
        return None if content is None else Sentence.from_json(content)

    def get_prep_value(self, value: str | None) -> Any:
        content = None if value is None else Sentence.of(value).to_json()
        return super().get_prep_value(content)
