"""What every value of a sentence is drawn from: one seeded generator, one language, lists of words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker


@dataclass(frozen=True)
class Draw:
    """Where the values of one sentence come from.

    Args:
        random: decides everything that Faker does not.
        faker: values of the sentence's own locale.
        fakers: one for each of the locales, whose names and places Faker writes in Latin letters.
    """

    random: Random
    faker: "Faker"
    fakers: Mapping[str, "Faker"]

    def one_of(self, name: str) -> str:
        """A line of a file in the folder `words`."""
        return self.random.choice(read_words(name))

    def either(self, *forms: str) -> str:
        return self.random.choice(forms)

    def digits(self, shape: str) -> str:
        """`shape` with a digit for each `#` and a capital letter for each `?`."""
        kinds = {"#": "0123456789", "?": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
        return "".join(self.random.choice(kinds.get(mark, mark)) for mark in shape)

    def from_anywhere(self) -> "Draw":
        """The same draw in a locale that it draws first."""
        return Draw(self.random, self.fakers[self.one_of("locales")], self.fakers)


def start_drawing(seed: int) -> Draw:
    """A draw that gives the same values for the same seed.

    Args:
        seed: any whole number.

    Returns:
        A draw in American English; `from_anywhere` gives others.
    """
    from faker import Faker  # needed here alone: who only masks texts does not pay for it

    random = Random(seed)  # noqa: S311 - made-up people, not secrets
    fakers = {locale: Faker(locale) for locale in sorted(set(read_words("locales")))}
    for faker in fakers.values():
        faker.seed_instance(random.getrandbits(32))
    for provider in fakers["it_IT"].get_providers():
        if hasattr(provider, "cities"):
            # Faker makes this list from a set, and each process would draw other towns.
            provider.cities = sorted(provider.cities)
    return Draw(random, fakers["en_US"], fakers)


@cache
def read_words(name: str) -> tuple[str, ...]:
    """The lines of `words/<name>.txt`; a line that stands twice is drawn twice as often."""
    text = (Path(__file__).parent / "words" / f"{name}.txt").read_text("utf-8")
    return tuple(text.splitlines())
