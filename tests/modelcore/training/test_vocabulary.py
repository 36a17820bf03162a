import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from modelcore.artifacts import open_artifact
from modelcore.backbones import resolve
from modelcore.data import LabelledTexts
from modelcore.serving import Predictor
from modelcore.training import Progress, Recipe, fit
from modelcore.training.batching import tokenise
from modelcore.training.vocabulary import find_gap, with_pieces
from tests.modelcore.training.samples import ideographs, quick, topics

ENGLISH = ["Where is my parcel?", "I'd like my money back 😀", "The lamp arrived broken."] * 3
CHINESE = ["我的包裹到哪里了？", "请把钱退给我。", "台灯送到的时候已经坏了。"]
UNIGRAM = {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0], ["b", -1.0]]}
BYTES = {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}


def tokenizer_of(model: Mapping[str, object]) -> bytes:
    return json.dumps({"version": "1.0", "added_tokens": [], "model": model}).encode()


@pytest.fixture(scope="module")
def minilm() -> bytes:
    return (resolve("minilm").path / "tokenizer.json").read_bytes()


def test_a_vocabulary_reads_its_own_language(minilm: bytes) -> None:
    gap = find_gap([*ENGLISH, "Łódź, Košice: 25 €"], minilm)

    assert (gap.share, gap.is_notable, gap.missing) == (0, False, ())


def test_a_vocabulary_cannot_read_another_script(minilm: bytes) -> None:
    assert find_gap(CHINESE, minilm).share == 1


@pytest.mark.parametrize(("english", "is_notable"), [(190, True), (260, False)])
def test_a_language_that_some_write_is_missed(english: int, is_notable: bool, minilm: bytes) -> None:
    gap = find_gap([*["Where is my parcel?"] * english, "我的包裹", "包裹坏了"], minilm)

    assert (gap.is_notable, gap.missing) == (is_notable, ("包", "裹") if is_notable else ())


def test_a_vocabulary_may_have_its_unknown_piece_by_number() -> None:
    assert find_gap(["abxa", "abab"], tokenizer_of(UNIGRAM)).share == 0.5


def test_a_vocabulary_without_an_unknown_piece_lacks_nothing() -> None:
    assert find_gap(["ab"], tokenizer_of(BYTES)).share == 0


def test_nothing_lacks_nothing(minilm: bytes) -> None:
    assert not find_gap([], minilm).is_notable


def test_signs_of_several_texts_are_missing_the_most_frequent_first(minilm: bytes) -> None:
    assert find_gap(["我的包裹到哪里了", "包裹坏", "请把包裹退", "裹"], minilm).missing == ("裹", "包")


@pytest.mark.parametrize("texts", [["👍👍👍", "👍👍 😡😡", "😡"], ["พัสดุของฉัน"] * 2, ["ትዕዛዜ የት", "የት ትዕዛዜ"]])
def test_words_of_several_unknown_characters_are_read_once_these_have_pieces(
    texts: list[str], minilm: bytes
) -> None:
    gap = find_gap(texts, minilm)
    grown = with_pieces(minilm, gap.missing, first=30_522)

    assert gap.share > 0.3
    assert find_gap(texts, grown).share < gap.share
    assert tokenise(ENGLISH, grown, max_tokens=16) == tokenise(ENGLISH, minilm, max_tokens=16)


def test_a_vocabulary_of_another_kind_gets_no_pieces() -> None:
    gap = find_gap(["包裹", "包裹"], tokenizer_of(UNIGRAM))

    assert (gap.is_notable, gap.missing) == (True, ())


def test_added_pieces_are_read_as_themselves(minilm: bytes) -> None:
    grown = with_pieces(minilm, ["包", "裹"], first=30_522)

    assert tokenise(["包裹 here"], grown, max_tokens=16).ids[0][1:3] == [30_522, 30_523]
    assert tokenise(ENGLISH, grown, max_tokens=16) == tokenise(ENGLISH, minilm, max_tokens=16)


@pytest.mark.parametrize("method", ["full", "head", "contrastive", "lora", "prefix", "adapter"])
def test_texts_of_unknown_signs_are_learned(method: str, tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, method=method, rank=4, epochs=20)
    result = fit(ideographs(90, seed=1), ideographs(30, seed=2), recipe, out=tmp_path / "model")

    predictor = Predictor.open(tmp_path / "model")
    judged = ideographs(30, seed=2)
    right = [
        one.label == label for one, label in zip(predictor.predict(judged.texts), judged.labels, strict=True)
    ]
    assert result.metrics["accuracy"] == sum(right) / 30
    assert result.metrics["accuracy"] > 0.6


def said(train: LabelledTexts, backbone: Path, out: Path) -> str:
    heard: list[Progress] = []
    fit(train, train, quick(backbone, epochs=1), out=out, on_progress=heard.append)
    return " ".join(str(one.message) for one in heard)


def test_a_fit_says_what_its_backbone_cannot_read(tiny: Path, tmp_path: Path) -> None:
    apart = LabelledTexts(("ትዕዛዜ", "ገንቡ"), ("order", "refund"))

    assert "word pieces for their characters" in said(ideographs(60, seed=1), tiny, tmp_path / "signs")
    assert "sees nothing there" in said(apart, tiny, tmp_path / "words")
    assert "can't read" not in said(topics(60, seed=1), tiny, tmp_path / "known")


@pytest.mark.parametrize(("share", "method"), [(1.0, "full"), (0.2, "contrastive")])
def test_only_a_backbone_that_reads_little_is_trained_otherwise(
    share: float, method: str, tiny: Path, tmp_path: Path
) -> None:
    signs, words = ideographs(60, seed=1), topics(60, seed=1)
    texts = [
        sign if place < 60 * share else word
        for place, (sign, word) in enumerate(zip(signs.texts, words.texts, strict=True))
    ]
    data = LabelledTexts(tuple(texts), words.labels)

    fit(data, data, Recipe(backbone=str(tiny), epochs=1), out=tmp_path / "model")

    manifest = open_artifact(tmp_path / "model").manifest
    assert manifest.recipe["method"] == method
    assert manifest.backbone["added_pieces"] > 10
    assert "word pieces more" in (tmp_path / "model" / "card.md").read_text()
