from collections.abc import Sequence

from apps.support.engine.weighing import MOST_WORDS, weigh


def parcels(texts: Sequence[str]) -> list[float]:
    """As sure of a parcel as there is one in the text."""
    return [0.9 if "parcel" in text or "包" in text else 0.2 for text in texts]


def test_the_word_without_which_the_model_is_unsure_weighs() -> None:
    pieces = weigh("Where's my parcel?", parcels)

    weights = {piece.text: round(piece.weight, 6) for piece in pieces if piece.weight is not None}
    assert weights == {"Where's": 0.0, "my": 0.0, "parcel": 0.7}


def test_the_pieces_are_the_text_again() -> None:
    for text in ("  Where is [ORDER]?! ", "我的包裹在哪里？", "?!", "", "a " * 100):
        assert "".join(piece.text for piece in weigh(text, parcels)) == text


def test_each_chinese_character_is_weighed() -> None:
    assert max(weigh("我的包裹", parcels), key=lambda piece: piece.weight or 0).text == "包"


def test_a_long_text_asks_for_so_many_predictions_and_no_more() -> None:
    asked: list[int] = []

    def count(texts: Sequence[str]) -> list[float]:
        asked.append(len(texts))
        return [0.5] * len(texts)

    weigh("word " * 500, count)

    assert asked == [MOST_WORDS + 1]
