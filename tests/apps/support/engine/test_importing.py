import json
from pathlib import Path

import pytest

from apps.support.engine.importing import Pair, read_knowledge
from modelcore.errors import InputError


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_questions_with_labels(tmp_path: Path) -> None:
    found = read_knowledge(written(tmp_path, "a.csv", "text,label\nwhere is it,track_order\n"))

    assert found.kind == "questions"
    assert found.pairs == (Pair(2, "where is it", "track_order", ""),)


def test_questions_and_answers_are_intents_of_their_own(tmp_path: Path) -> None:
    found = read_knowledge(written(tmp_path, "a.csv", "question,answer\nHow do I pay?,By {{ Card Type }}\n"))

    assert found.kind == "faq"
    assert found.pairs == (Pair(2, "How do I pay?", "How do I pay?", "By {{card_type}}"),)


@pytest.mark.parametrize(
    ("header", "row", "pair"),
    [
        ("flags,utterance,category,intent", "B,cancel it,ORDER,cancel", Pair(2, "cancel it", "cancel", "")),
        ("text,label,answer", "cancel it,cancel,Done", Pair(2, "cancel it", "cancel", "Done")),
        ("Question,Label,Answer", "cancel it,cancel,Done", Pair(2, "cancel it", "cancel", "Done")),
        ("instruction,response", "cancel it,Done", Pair(2, "cancel it", "cancel it", "Done")),
        ("question,category,answer", "cancel it,ORDER,Done", Pair(2, "cancel it", "cancel it", "Done")),
        ("Questions,Answers", "cancel it,Done", Pair(2, "cancel it", "cancel it", "Done")),
    ],
)
def test_no_column_that_says_something_is_left_out(tmp_path: Path, header: str, row: str, pair: Pair) -> None:
    assert read_knowledge(written(tmp_path, "a.csv", f"{header}\n{row}\n")).pairs == (pair,)


def test_a_dialogue_may_be_told_a_row_a_turn(tmp_path: Path) -> None:
    rows = [
        "Conversation ID,Speaker,Message,Intent",
        "7,Agent,Hello,",
        "7,Customer,where is it,track",
        "8,Customer,can i pay,",
        "7,Agent,On its way,track",
        "8,System,Agent joined,",
        "8,Agent,Yes,",
    ]
    found = read_knowledge(written(tmp_path, "a.csv", "\n".join(rows)))

    assert found.kind == "dialogues"
    assert found.pairs == (Pair(2, "where is it", "track", "On its way"), Pair(4, "can i pay", "", "Yes"))


def test_instructions_with_intents_and_responses(tmp_path: Path) -> None:
    header = "flags,instruction,category,intent,response"
    text = f"{header}\nB,cancel it,ORDER,cancel_order,Cancelled {{{{Order Number}}}}\n"
    found = read_knowledge(written(tmp_path, "a.csv", text))

    assert found.pairs == (Pair(2, "cancel it", "cancel_order", "Cancelled {{order_number}}"),)


@pytest.mark.parametrize("header", ["Question,Answer", "QUESTION, answer "])
def test_columns_may_be_written_in_any_case(tmp_path: Path, header: str) -> None:
    found = read_knowledge(written(tmp_path, "a.csv", f"{header}\nHow?,So\n"))

    assert (found.kind, found.pairs) == ("faq", (Pair(2, "How?", "How?", "So"),))


def test_placeholders_of_a_dialogue_with_an_intent_are_spelled_alike(tmp_path: Path) -> None:
    turns = [{"author": "customer", "text": "where"}, {"author": "agent", "text": "see {{ Order Number }}"}]
    text = json.dumps({"Intent": "track", "Turns": turns})
    found = read_knowledge(written(tmp_path, "a.jsonl", text))

    assert found.pairs == (Pair(1, "where", "track", "see {{order_number}}"),)


def test_what_an_agent_answered_in_a_row_is_a_dialogues_pair(tmp_path: Path) -> None:
    turns = [
        {"author": "customer", "text": "hello"},
        {"role": "user", "content": "where is it"},
        {"author": "agent", "text": "on its way"},
        {"author": "agent", "text": "anything else?"},
    ]
    found = read_knowledge(written(tmp_path, "a.jsonl", json.dumps({"turns": turns}) + "\n"))

    assert found.kind == "dialogues"
    assert found.pairs == (Pair(1, "where is it", "", "on its way\nanything else?"),)


def test_customers_turns_in_a_row_are_one_question(tmp_path: Path) -> None:
    turns = [
        {"author": "customer", "text": "I bought shoes."},
        {"author": "customer", "text": "Can I send them back?"},
        {"author": "agent", "text": "Yes"},
    ]
    found = read_knowledge(written(tmp_path, "a.jsonl", json.dumps({"turns": turns})))

    assert found.pairs == (Pair(1, "I bought shoes.\nCan I send them back?", "", "Yes"),)


def test_small_talk_is_no_example_of_what_a_dialogue_is_about(tmp_path: Path) -> None:
    said = ["Hello!", "Hi", "can i send it back", "Yes", "thanks", "bye"]
    turns = [{"author": ("customer", "agent")[place % 2], "text": text} for place, text in enumerate(said)]
    text = json.dumps({"intent": "returns", "turns": turns})
    found = read_knowledge(written(tmp_path, "a.jsonl", text))

    assert found.pairs == (Pair(1, "can i send it back", "returns", "Yes"),)


def test_only_the_first_question_is_what_a_dialogue_is_about(tmp_path: Path) -> None:
    said = ["where is it", "On its way", "can i return it?", "Yes"]
    turns = [{"author": ("customer", "agent")[place % 2], "text": text} for place, text in enumerate(said)]
    found = read_knowledge(written(tmp_path, "a.jsonl", json.dumps({"intent": "track", "turns": turns})))

    assert [(pair.question, pair.intent) for pair in found.pairs] == [
        ("where is it", "track"),
        ("can i return it?", ""),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "question;answer\nHow?;So\n"),
        ("a.csv", "question\tanswer\nHow?\tSo\n"),
        ("a.csv", "问题,答案\nHow?,So\n"),
    ],
)
def test_questions_are_read_as_spreadsheets_write_them(tmp_path: Path, name: str, text: str) -> None:
    assert read_knowledge(written(tmp_path, name, text)).pairs == (Pair(2, "How?", "How?", "So"),)


@pytest.mark.parametrize("name", ["turns", "messages", "对话"])
def test_turns_that_say_nothing_are_left_out(tmp_path: Path, name: str) -> None:
    turns = [
        {"role": "system", "content": "You are helpful."},
        {"role": "客户", "content": "where is it"},
        {"role": "agent ", "content": None},
        {"role": "客服", "content": "on its way"},
    ]
    found = read_knowledge(written(tmp_path, "a.jsonl", json.dumps({name: turns, "intent": 7})))

    assert found.pairs == (Pair(1, "where is it", "7", "on its way"),)


def test_turns_in_csv_are_json(tmp_path: Path) -> None:
    turns = [{"author": "user", "text": "where"}, {"author": "bot", "text": "here"}]
    quoted = json.dumps(turns).replace('"', '""')

    assert read_knowledge(written(tmp_path, "a.csv", f'turns\n"{quoted}"\n')).pairs == (
        Pair(2, "where", "", "here"),
    )


def test_a_holding_phrase_is_not_all_of_the_answer(tmp_path: Path) -> None:
    said = ["One moment please", "It arrives tomorrow"]
    turns = [
        {"author": "customer", "text": "where is it"},
        *({"author": "agent", "text": one} for one in said),
    ]
    text = json.dumps({"intent": "track", "turns": turns})
    found = read_knowledge(written(tmp_path, "a.jsonl", text))

    assert found.pairs == (Pair(1, "where is it", "track", "One moment please\nIt arrives tomorrow"),)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ([3, 7], "Row 3 has an empty answer: .* Nor can these rows be used: 7\\.$"),
        (range(2, 90), r"Row 2 has .* used: 3, 4, .*, 52 …\.$"),
    ],
)
def test_all_rows_that_cannot_be_used_are_named_at_once(tmp_path: Path, wrong: list[int], match: str) -> None:
    rows = [f"how {row}," + ("" if row in wrong else "so") for row in range(2, 100)]

    with pytest.raises(InputError, match=match):
        read_knowledge(written(tmp_path, "a.csv", "\n".join(["question,answer", *rows])))


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("a.csv", "text,label\nhi,greeting\n ,greeting\n", "Row 3"),
        ("a.csv", "question,answer,answer\nhow,so,thus\n", "'answer' twice"),
        ("a.csv", "turns\nno list\n", "no list"),
        ("a.csv", "a,b\n1,2\n", "columns a, b"),
        ("a.csv", "question,answer\nhow,so {{ ?! }}\n", r"Row 2 .*\{\{\?!\}\}"),
        ("a.csv", "question,answer\nhow,Hi {{name} you\n", r"Row 2 .*\{\{name\} you"),
        ("a.csv", f"question,answer\nhow,{'so ' * 1334}\n", r"answer of 4,001 characters; at most 4,000"),
        ("a.csv", "ticket_id,sender,body\n1,user,hi\n1,cat,yo\n", "Row 3 has a turn without an author"),
        ("a.csv", "ticket_id,sender,body\n1,user,hi\n,agent,yo\n", "Row 3 has an empty ticket_id"),
        ("a.jsonl", '{"turns": 3}\n', "no list"),
        ("a.jsonl", '{"turns": [{"author": "cat", "text": "x"}]}\n', "Row 1"),
        ("a.jsonl", '{"turns": [{"author": "customer", "text": "x"}]}\n', "No dialogue"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, name: str, text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_knowledge(written(tmp_path, name, text))
