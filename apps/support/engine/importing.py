"""Files of knowledge → questions with intents and answers: csv and jsonl of several layouts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from apps.support.engine.questions import split_questions
from apps.support.engine.templates import LONGEST_ANSWER, broken_in, nameless_in, spell_alike
from modelcore.data.sources import read_source
from modelcore.data.tables import Row, check_text, read_rows
from modelcore.errors import InputError

MOST_ROWS = 50_000
CUSTOMERS = frozenset({"customer", "user", "visitor", "client", "客户", "顾客", "用户", "买家"})
AGENTS = frozenset({"agent", "assistant", "support", "bot", "客服", "坐席", "商家", "卖家"})
OTHERS = frozenset({"system", "tool", "系统"})  # say nothing to anybody
_COLUMNS = {
    "问题": "question",
    "答案": "answer",
    "回答": "answer",
    "意图": "intent",
    "文本": "text",
    "标签": "label",
    "messages": "turns",
    "对话": "turns",
}


@dataclass(frozen=True)
class Pair:
    """A question, what its intent is called and what was answered; these two may be empty."""

    row: int
    question: str
    intent: str
    answer: str


@dataclass(frozen=True)
class Knowledge:
    """What a file holds: `kind` is questions, faq, pairs or dialogues."""

    kind: str
    pairs: tuple[Pair, ...]


def read_knowledge(path: Path) -> Knowledge:
    """Read a file whole, or refuse it.

    Args:
        path: csv, tsv or jsonl with the columns instruction, intent, response; question, answer;
            text (or question), label (or intent); or turns (or messages), a list of {"author", "text"},
            in csv as JSON; in any case, or in Chinese.
    Raises:
        InputError: another layout, no rows, too many, or a row that can't be used; the sentence names it.
    """
    rows = (_folded(row) for row in read_rows(read_source(path), ()))
    first = next(rows, None)
    if first is None:
        raise InputError("The file has no rows.")
    kind, read = _layout(first)
    pairs: list[Pair] = []
    for row in _and_then(first, rows):
        pairs += read(row)
        if len(pairs) > MOST_ROWS:
            raise InputError("The file has more than {most:,} questions: part it.", most=MOST_ROWS)
    if not pairs:
        raise InputError("No dialogue has a customer's question that an agent answered.")
    return Knowledge(kind, tuple(pairs))


def _folded(row: Row) -> Row:
    values = {name.strip().lower(): value for name, value in row.values.items()}
    known = {_COLUMNS[name]: value for name, value in values.items() if name in _COLUMNS}
    return Row(row.number, known | values)


def _and_then(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _layout(row: Row) -> tuple[str, Callable[[Row], list[Pair]]]:
    columns = row.values.keys()
    if "turns" in columns:
        return "dialogues", _dialogue
    if {"instruction", "intent", "response"} <= columns:
        return "pairs", lambda one: [_pair(one, "instruction", "intent", "response")]
    if {"question", "intent", "answer"} <= columns:
        return "pairs", lambda one: [_pair(one, "question", "intent", "answer")]
    if {"question", "answer"} <= columns:
        return "faq", lambda one: [_pair(one, "question", "", "answer")]
    question = next((name for name in ("text", "question", "instruction") if name in columns), None)
    label = next((name for name in ("label", "intent", "category") if name in columns), None)
    if question is None or label is None:
        raise InputError(
            "Row {row} has the columns {columns}: give text and label, question and answer, instruction, "
            "intent and response, or turns.",
            row=row.number,
            columns=", ".join(sorted(columns)),
        )
    return "questions", lambda one: [_pair(one, question, label, "")]


def _pair(row: Row, question: str, intent: str, answer: str) -> Pair:
    asked = _filled(row, question)
    # Without an intent of its own, a question that has an answer is one.
    title = _filled(row, intent) if intent else asked
    return Pair(row.number, asked, title, _answer(row, _filled(row, answer)) if answer else "")


def _answer(row: Row, text: str) -> str:
    nameless = nameless_in(text)
    if nameless:
        raise InputError(
            "Row {row} has an answer with {placeholder}, which nothing can fill: write a name of letters, "
            "digits and underscores there.",
            row=row.number,
            placeholder=f"{{{{{nameless[0]}}}}}",
        )
    broken = broken_in(text)
    if broken:
        raise InputError(
            "Row {row} has an answer with “{place}”, where braces are no placeholder: write it as {example}, "
            "with two on each side.",
            row=row.number,
            place=broken,
            example="{{name}}",
        )
    spelled = spell_alike(text)
    if len(spelled) > LONGEST_ANSWER:
        raise InputError(
            "Row {row} has an answer of {length:,} characters; at most {longest:,} are sent: shorten it.",
            row=row.number,
            length=len(spelled),
            longest=LONGEST_ANSWER,
        )
    return spelled


def _filled(row: Row, column: str) -> str:
    value = row.text(column).strip()
    if not value:
        raise InputError(
            "Row {row} has an empty {field}: fill it in or remove the row.", row=row.number, field=column
        )
    return value


def _dialogue(row: Row) -> list[Pair]:
    intent = row.text("intent").strip() if "intent" in row.values else ""
    pairs: list[Pair] = []
    for asked, answered in _exchanges(_turns(row)):
        # What a dialogue is about is what it begins with; only what has an intent becomes an answer.
        about = "" if pairs else intent
        pairs.append(Pair(row.number, asked, about, _answer(row, answered) if about else answered))
    return pairs


def _exchanges(turns: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What a customer asked and all that an agent said to it; an agent's first words may ask to wait."""
    asked: list[str] = []
    for is_customer, said in groupby(turns, key=lambda turn: turn[0] in CUSTOMERS):
        texts = [text for _author, text in said]
        if is_customer:
            # A greeting or thanks asks for nothing, least of all for what the dialogue was about.
            asked = [text for text in texts if split_questions(text)]
        elif asked:
            yield "\n".join(asked), "\n".join(texts)
            asked = []


def _turns(row: Row) -> Iterator[tuple[str, str]]:
    """Who said what; without what a program noted, and what says nothing."""
    turns = row.values.get("turns")
    if isinstance(turns, str):
        try:
            turns = json.loads(turns)
        except (ValueError, RecursionError):
            turns = None
    if not isinstance(turns, list):
        raise InputError("Row {row} has turns that are no list.", row=row.number)
    for turn in turns:
        author, text = _turn(row, turn)
        if text:
            yield author, text


def _turn(row: Row, turn: Any) -> tuple[str, str]:
    said = turn if isinstance(turn, dict) else {}
    author = str(said.get("author") or said.get("role") or said.get("speaker") or "").lower()
    text = next((said[name] for name in ("text", "body", "content") if name in said), None)
    if author in OTHERS:
        return author, ""
    if author not in CUSTOMERS | AGENTS or not isinstance(text, str):
        raise InputError(
            "Row {row} has a turn without an author (customer or agent) or without a text.", row=row.number
        )
    return author, check_text(row.number, "text", text.strip())
