"""What varies in a sentence without being personal: counts, prices, references, products, works."""

from modelcore.privacy.drawing import Draw

_MODELS = ("Pro", "Mini", "Max", "Plus", "Lite", "X", "GT", "S", "Ultra", "Air")


def number(draw: Draw) -> str:
    return str(draw.random.randint(2, 10 ** draw.random.choice((1, 2, 2, 3, 4))))


def price(draw: Draw) -> str:
    whole = draw.random.randint(1, 10 ** draw.random.choice((1, 2, 3, 4)))
    return draw.either(
        f"${whole}",
        f"${whole:,}.{draw.digits('##')}",
        f"€{whole}",
        f"£{whole}.99",
        f"{whole} dollars",
        f"{whole} euros",
        f"EUR {whole},00",
        f"{whole} USD",
        f"{whole} bucks",
        f"${whole} million",
    )


def reference(draw: Draw) -> str:
    return draw.either("", "", "#", "no. ") + draw.digits(draw.one_of("reference_shapes"))


def product(draw: Draw) -> str:
    noun = draw.one_of("nouns").title()
    return draw.either(
        f"{noun} {draw.random.choice(_MODELS)}",
        f"{noun} {number(draw)}",
        f"{noun}-{draw.digits('?##')}",
    )


def work(draw: Draw) -> str:
    """The title of a film, a book or a song."""
    adjective, noun = draw.one_of("adjectives").title(), draw.one_of("nouns").title()
    other = draw.one_of("nouns").title()
    return draw.either(
        f"The {adjective} {noun}",
        f"{adjective} {noun}",
        f"{noun} and {other}",
        f"The {noun}",
        f"My {noun}",
        f"A {noun} for the {other}",
        f"{noun} of the {other}",
        f"When the {noun} Was {adjective}",
        f"No More {noun}s",
        f"{noun}s Don't Cry",
        f"Under the {noun}",
        f"Goodbye, {adjective} {noun}",
    )
