"""Every runtime gives the answers of the module in torch."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from modelcore.artifacts import Artifact, ArtifactCorrupt, ArtifactIncompatible, write_artifact
from modelcore.errors import InputError
from modelcore.serving import Predictor
from tests.modelcore.serving.samples import EACH_RUNTIME, LABELS, TEXTS


@pytest.mark.parametrize("name", EACH_RUNTIME)
def test_runtimes_answer_as_torch(classifier: Artifact, name: str) -> None:
    expected = Predictor.open(classifier.path, runtime="torch").predict(TEXTS)
    found = Predictor.open(classifier.path, runtime=name).predict(TEXTS)
    tolerance = 0.03 if name == "openvino-bf16" else 1e-5
    for one, other in zip(found, expected, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=tolerance)


@pytest.mark.parametrize("name", EACH_RUNTIME)
def test_an_answer_does_not_depend_on_its_neighbours(classifier: Artifact, name: str) -> None:
    predictor = Predictor.open(classifier, runtime=name)
    together = predictor.predict(TEXTS)
    alone = [predictor.predict([text])[0] for text in TEXTS]
    tolerance = 0.03 if name == "openvino-bf16" else 1e-5
    for one, other in zip(together, alone, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=tolerance)


def test_a_runtime_that_the_processor_lacks_is_refused(
    classifier: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelcore.serving.openvino_runtime.has_bf16", lambda: False)
    with pytest.raises(ArtifactIncompatible, match="no bf16"):
        Predictor.open(classifier, runtime="openvino-bf16")


def test_torch_leaves_the_process_its_threads(classifier: Artifact) -> None:
    """A fit that follows in this process has all cores."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        Predictor.open(classifier.path, runtime="torch", threads=1).predict(TEXTS)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_prediction_is_the_most_probable_label(classifier: Artifact) -> None:
    for found in Predictor.open(classifier).predict(TEXTS):
        assert sum(found.probabilities) == pytest.approx(1)
        assert found.score == max(found.probabilities)
        assert found.label == LABELS["classification"][found.probabilities.index(found.score)]


def test_the_temperature_softens(classifier: Artifact) -> None:
    predictor = Predictor.open(classifier)
    scores = predictor.scores(TEXTS)
    sharp = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert classifier.manifest.temperature == 1.5
    assert (predictor.probabilities(TEXTS).max(axis=1) < sharp.max(axis=1)).all()


def test_no_text_gets_no_answer(classifier: Artifact, embedder: Artifact) -> None:
    assert Predictor.open(classifier).predict([]) == []
    assert len(Predictor.open(embedder).embed([])) == 0


def test_a_long_text_is_cut(classifier: Artifact) -> None:
    predictor = Predictor.open(classifier)
    assert predictor.token_counts(["card " * 5000, "card"]) == [32, 3]
    assert predictor.predict(["card " * 5000])[0] == predictor.predict(["card " * 30])[0]


def test_embeddings_have_length_one(embedder: Artifact) -> None:
    predictor = Predictor.open(embedder)
    found = predictor.embed(TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (len(TEXTS), 32)
    assert predictor.embedding_size == 32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", [text for text in TEXTS if text] + ["card " * 5000, "unheard [UNK] 𒀀"])
def test_the_token_ids_of_a_text_embed_as_the_text(embedder: Artifact, text: str) -> None:
    predictor = Predictor.open(embedder)
    tokenizer = Tokenizer.from_file(str(embedder.path / "tokenizer.json"))
    bare = predictor.enclose(tokenizer.encode(text, add_special_tokens=False).ids)
    assert bare == predictor.enclose(tokenizer.encode(text).ids) == predictor.tokenise([text])[0].ids
    assert predictor.embed([bare]).tolist() == predictor.embed([text]).tolist()


@pytest.mark.parametrize("ids", [[10_000], [5, 2**70], [2, 3], []])
def test_token_ids_of_no_text_are_a_sentence(embedder: Artifact, ids: list[int]) -> None:
    with pytest.raises(InputError, match=r"token id"):
        Predictor.open(embedder).enclose(ids)


def test_tagging_gives_spans_of_the_text(tagger: Artifact) -> None:
    texts = ["my card is late in london and paris", *TEXTS]
    found = Predictor.open(tagger).predict(texts)
    assert any(one.spans for one in found)
    for text, one in zip(texts, found, strict=True):
        assert all(text[span.start : span.end].strip() and span.label == "CITY" for span in one.spans)


def test_tagging_is_the_same_in_every_runtime(tagger: Artifact) -> None:
    expected = Predictor.open(tagger, runtime="torch").predict(TEXTS)
    for name in ("onnx-fp32", "openvino-fp32"):
        found = Predictor.open(tagger, runtime=name).predict(TEXTS)
        assert [one.spans for one in found] == [one.spans for one in expected]


def test_threads_share_a_predictor(classifier: Artifact) -> None:
    predictor = Predictor.open(classifier)
    expected = predictor.predict(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: predictor.predict(TEXTS), range(64)):
            assert [one.label for one in found] == [one.label for one in expected]


def test_an_unknown_runtime_is_a_sentence(classifier: Artifact) -> None:
    with pytest.raises(InputError, match=r'no runtime "abacus": choose one of onnx-fp32, openvino-bf16'):
        Predictor.open(classifier, runtime="abacus")


def test_a_classifier_does_not_embed_and_an_embedder_does_not_predict(
    classifier: Artifact, embedder: Artifact
) -> None:
    assert Predictor.open(classifier).embedding_size is None
    with pytest.raises(InputError, match="doesn't embed"):
        Predictor.open(classifier).embed(["a"])
    with pytest.raises(InputError, match="ask for embeddings"):
        Predictor.open(embedder).predict(["a"])


def test_broken_unicode_is_a_sentence(classifier: Artifact) -> None:
    with pytest.raises(InputError, match="valid Unicode"):
        Predictor.open(classifier).predict(["card", "\ud800"])


def test_a_damaged_artifact_is_not_opened(classifier: Artifact, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(classifier.path, tmp_path / "copy")
    (copy / "tokenizer.json").write_text("{}")
    with pytest.raises(ArtifactCorrupt, match="tokenizer"):
        Predictor.open(copy)


def test_a_tagger_without_its_transitions_is_refused(tagger: Artifact, tmp_path: Path) -> None:
    manifest = tagger.manifest.to_json()
    kept = {name: tagger.path / name for name in manifest.pop("files") if name != "transitions.json"}
    without = write_artifact(tmp_path / "model", manifest, kept)

    with pytest.raises(ArtifactIncompatible, match=r"has no transitions\.json: fit the model again"):
        Predictor.open(without)
