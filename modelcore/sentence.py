"""Sentences for people, which remember how they were made so that others can say them in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

Value = str | int | float


class Sentence(str):
    """An English sentence; `template` and `values` say it again in another language.

    Args:
        template: as `str.format` takes it, without positions.
        values: what its names stand for; what is neither text nor number is kept as its `str()`.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Value]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        plain = {name: value if isinstance(value, Value) else str(value) for name, value in values.items()}
        self = super().__new__(cls, template.format(**plain))
        self.template, self.values = template, plain
        return self

    @classmethod
    def of(cls, text: str) -> Sentence:
        """The text itself where it is a sentence, else one that every language says alike."""
        if isinstance(text, Sentence):
            return text
        return cls("{text}", text=text) if text else cls("")

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        values = {
            name: cls.from_json(value) if isinstance(value, Mapping) else value
            for name, value in content["values"].items()
        }
        return cls(content["template"], **values)

    def to_json(self) -> dict[str, Any]:
        values = {
            name: value.to_json() if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return {"template": self.template, "values": values}

    def said_with(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language that `translate` gives templates in."""
        if not self.template:
            return ""
        values = {
            name: value.said_with(translate) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return translate(self.template).format(**values)

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence.from_json, (self.to_json(),)
