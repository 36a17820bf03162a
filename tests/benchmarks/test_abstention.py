import csv
import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import abstention
from benchmarks.fits.abstaining import Asked, Trial, figures, part, questions, run_trial
from modelcore.data import LabelledTexts
from modelcore.errors import InputError
from modelcore.evaluation.selective import Certificate

ASKED = {
    "card_lost": ("I lost my card", "my card is gone", "somebody stole my card", "I cannot find my card"),
    "refund": ("give me my money back", "I want a refund", "when is the refund paid", "refund this order"),
    "opening": ("when do you open", "are you open on Sunday", "what are your hours", "how late are you open"),
}
ENDINGS = ("", " please", " today", " now", " again", " thanks", " at last", " somehow")


def write(path: Path, endings: tuple[str, ...]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["question", "intent"])
        for intent, texts in ASKED.items():
            table.writerows([text + ending, intent] for text in texts for ending in endings)
    return path


def test_a_test_of_labels_that_nobody_taught_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", ENDINGS)
    (tmp_path / "test.csv").write_text("question,intent\nmy card is gone,CARD_LOST\n")
    columns = {"text_column": "question", "label_column": "intent", "out_of_scope": None, "seed": 0}
    files = {"train": tmp_path / "train.csv", "eval": tmp_path / "test.csv"}
    with pytest.raises(InputError, match="No row has a label that the model knows"):
        abstention.judge(Namespace(**columns, **files))


@pytest.mark.quality
def test_the_last_line_holds_the_figures_and_says_why_nothing_could_be_certified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    train, test = write(tmp_path / "train.csv", ENDINGS[:6]), write(tmp_path / "test.csv", ENDINGS[6:])
    outside = tmp_path / "outside.csv"
    outside.write_text("question\nthe moon is made of cheese\nwho won the match\n", "utf-8")
    arguments = ["abstention", str(train), "--eval", str(test), "--out-of-scope", str(outside)]
    arguments += ["--text-column", "question", "--label-column", "intent"]
    monkeypatch.setattr("sys.argv", arguments)
    abstention.main()
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["accuracy"] > 0.9
    assert found["coverage"] == {"0.95": 0.0, "0.98": 0.0, "0.99": 0.0}
    assert found["precision"] == {"0.95": None, "0.98": None, "0.99": None}
    assert found["out_of_scope_answered"] == 0.0
    assert found["out_of_scope_auroc"] > 0.9
    assert "too few" in found["reasons"]["0.95"]
    assert found["also_in_train"] == {"test": 0, "out_of_scope": 0}


def test_texts_that_were_taught_and_are_asked_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(np.array([0.9]), np.array([0.9]), np.array([True]))
    monkeypatch.setattr(abstention, "run_trial", lambda *_, **__: Trial(asked, asked, None, ()))
    monkeypatch.setattr(abstention, "figures", lambda _: {})
    train, test = write(tmp_path / "train.csv", ENDINGS), tmp_path / "test.csv"
    test.write_text("question,intent\nMy card is gone!,card_lost\nis it lost,card_lost\n")
    (tmp_path / "outside.txt").write_text("who won\nare you open on sunday?\nI want a refund\n")
    files = {"train": train, "eval": test, "out_of_scope": tmp_path / "outside.txt"}
    found = abstention.judge(Namespace(text_column="question", label_column="intent", seed=0, **files))
    assert found["also_in_train"] == {"test": 1, "out_of_scope": 2}
    assert "both in training and in evaluation: 1" in capsys.readouterr().err


def test_certificates_meet_labels_that_nobody_taught() -> None:
    labels = ("common",) * 200 + tuple(f"rare {number}" for number in range(200))
    parts = part(LabelledTexts(tuple(f"text {number}" for number in range(400)), labels), seed=0)
    assert len(set(parts.evaluation.labels) - set(parts.train.labels)) > 50


@pytest.mark.parametrize("seed", range(8))
def test_a_rare_second_label_is_among_what_is_learned(seed: int) -> None:
    parts = part(LabelledTexts(tuple(map(str, range(41))), ("common",) * 40 + ("rare",)), seed=seed)
    assert set(parts.train.labels) == {"common", "rare"}


def test_where_nothing_can_be_kept_to_certify_on_texts_are_asked_for() -> None:
    repeated = LabelledTexts(("one",) * 20 + ("another",) * 20, ("a",) * 20 + ("b",) * 20)
    with pytest.raises(InputError, match=r"training rows \(40\) hold too few different texts .*: add texts."):
        part(repeated, seed=0)


def test_what_stands_in_several_rows_certifies_once() -> None:
    texts, labels = tuple(f"text {number}" for number in range(200)), ("one", "other") * 100
    parts = part(LabelledTexts(texts * 5, labels * 5), seed=0)
    assert len(parts.evaluation.texts) == len(set(parts.evaluation.texts)) == 80
    assert len(parts.train.texts) == 120 * 5


def test_what_stands_in_several_rows_is_looked_up_once() -> None:
    found = questions(LabelledTexts(("lost", "late", "lost", "lost"), ("card", "order", "card", "order")))
    assert [(one.text, one.label) for one in found] == [
        ("lost", "card"),
        ("late", "order"),
        ("lost", "order"),
    ]
    assert len({one.key for one in found}) == 3


@pytest.mark.quality
def test_one_text_a_label_is_an_honest_result() -> None:
    texts = LabelledTexts(tuple(f"question number {n}" for n in range(24)), tuple(f"l{n}" for n in range(24)))
    found = figures(run_trial(texts, texts, (), seed=0))
    assert found["coverage"] == {"0.95": 0.0, "0.98": 0.0, "0.99": 0.0}
    assert found["reasons"]["0.95"]


def test_an_answer_out_of_scope_is_an_error_in_one_precision_alone() -> None:
    sure, right = np.array([0.9, 0.8, 0.1]), np.array([True, True, False])
    asked, outside = Asked(sure, sure, right), Asked(sure[:2], sure[:2], right[:2])
    certificate = Certificate(0.95, 0.5, 3)
    found = figures(Trial(asked, asked, outside, (certificate,)))
    assert (found["precision"], found["precision_in_scope"]) == ({"0.95": 0.5}, {"0.95": 1.0})


def test_a_file_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    train = write(tmp_path / "train.csv", ENDINGS)
    monkeypatch.setattr("sys.argv", ["abstention", str(train), "--eval", str(train)])
    with pytest.raises(SystemExit) as stopped:
        abstention.main()
    assert stopped.value.code == 2
    assert "text" in capsys.readouterr().err
