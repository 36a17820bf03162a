"""Files of knowledge → questions with intents and answers: csv and jsonl of several layouts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from apps.support.engine.questions import split_questions
from apps.support.engine.templates import LONGEST_ANSWER, broken_in, nameless_in, spell_alike
from modelcore.data.sources import read_source
from modelcore.data.tables import Row, check_text, read_rows
from modelcore.errors import InputError

MOST_ROWS = 50_000
NAMED_ROWS = 50  # with a mistake, beside the first
CUSTOMERS = frozenset(
    {"customer", "user", "visitor", "client", "buyer", "requester", "客户", "顾客", "用户", "买家"}
)
AGENTS = frozenset(
    {"agent", "assistant", "support", "bot", "operator", "seller", "客服", "坐席", "商家", "卖家"}
)
OTHERS = frozenset({"system", "developer", "tool", "function", "系统"})  # say nothing to anybody
# What columns may be called; the first that a file has counts.
QUESTIONS = ("question", "questions", "instruction", "text", "utterance", "query", "sentence", "问题", "文本")
INTENTS = ("intent", "label", "意图", "标签")
TOPICS = ("category", "类别")  # of many answers, so no intent where there are any
ANSWERS = ("answer", "answers", "response", "答案", "回答")
TURNS = ("turns", "messages", "dialogue", "dialog", "对话")
DIALOGUES = ("conversation_id", "conversation", "dialogue_id", "dialog_id", "ticket_id", "session_id", "会话")
AUTHORS = ("author", "role", "speaker", "sender", "角色")
SAID = ("text", "body", "content", "message", "utterance", "内容")


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
        path: csv, tsv or jsonl with columns for a question with its intent, its answer or both; or dialogues:
            turns, a list of {"author", "text"}, in csv as JSON, or a row a turn with the dialogue's id, an
            author and a text. Columns have any of the names above, in any case.
    Raises:
        InputError: another layout, no rows, too many, or a row that can't be used; the sentence names it.
    """
    rows = (_folded(row) for row in read_rows(read_source(path), ()))
    first = next(rows, None)
    if first is None:
        raise InputError("The file has no rows.")
    kind, read = _layout(first)
    pairs: list[Pair] = []
    for pair in read(chain([first], rows)):
        pairs.append(pair)
        if len(pairs) > MOST_ROWS:
            raise InputError("The file has more than {most:,} questions: part it.", most=MOST_ROWS)
    if not pairs:
        raise InputError("No dialogue has a customer's question that an agent answered.")
    return Knowledge(kind, tuple(pairs))


def _folded(row: Row) -> Row:
    return Row(row.number, {"_".join(name.lower().split()): value for name, value in row.values.items()})


def _named(row: Row, names: Iterable[str]) -> str:
    """The column of the first of these names; empty where there is none."""
    return next((name for name in names if name in row.values), "")


def _layout(row: Row) -> tuple[str, Callable[[Iterable[Row]], Iterator[Pair]]]:
    if _named(row, TURNS):
        return "dialogues", lambda rows: _each(rows, _dialogue)
    if all(_named(row, names) for names in (DIALOGUES, AUTHORS, SAID)):
        return "dialogues", _dialogues_of_turns
    question, answer, intent = (_named(row, names) for names in (QUESTIONS, ANSWERS, INTENTS))
    intent = intent or ("" if answer else _named(row, TOPICS))
    if not question or not (answer or intent):
        raise InputError(
            "Row {row} has the columns {columns}: give text and label, question and answer, instruction, "
            "intent and response, turns, or conversation_id, author and text.",
            row=row.number,
            columns=", ".join(sorted(row.values)),
        )
    kind = "questions" if not answer else "pairs" if intent else "faq"
    return kind, lambda rows: _each(rows, lambda row: [_pair(row, question, intent, answer)])


def _each(rows: Iterable[Row], read: Callable[[Row], list[Pair]]) -> Iterator[Pair]:
    """Raises InputError once all were read: the first mistake, and where the others are."""
    mistakes: list[tuple[int, InputError]] = []
    for row in rows:
        try:
            yield from read(row)
        except InputError as mistake:
            mistakes.append((row.number, mistake))
    if len(mistakes) == 1:
        raise mistakes[0][1]
    if mistakes:
        numbers = [str(number) for number, _mistake in mistakes[1 : NAMED_ROWS + 1]]
        raise InputError(
            "{mistake} Nor can these rows be used: {rows}.",
            mistake=mistakes[0][1].sentence,
            rows=", ".join(numbers) + (" …" if len(mistakes) > NAMED_ROWS + 1 else ""),
        )


def _pair(row: Row, question: str, intent: str, answer: str) -> Pair:
    asked = _filled(row, question)
    # Without an intent of its own, a question that has an answer is one.
    title = _filled(row, intent) if intent else asked
    return Pair(row.number, asked, title, _answer(row.number, _filled(row, answer)) if answer else "")


def _answer(row: int, text: str) -> str:
    nameless = nameless_in(text)
    if nameless:
        raise InputError(
            "Row {row} has an answer with {placeholder}, which nothing can fill: write a name of letters, "
            "digits and underscores there.",
            row=row,
            placeholder=f"{{{{{nameless[0]}}}}}",
        )
    broken = broken_in(text)
    if broken:
        raise InputError(
            "Row {row} has an answer with “{place}”, where braces are no placeholder: write it as {example}, "
            "with two on each side.",
            row=row,
            place=broken,
            example="{{name}}",
        )
    spelled = spell_alike(text)
    if len(spelled) > LONGEST_ANSWER:
        raise InputError(
            "Row {row} has an answer of {length:,} characters; at most {longest:,} are sent: shorten it.",
            row=row,
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
    return list(_exchanged(row.number, _intent(row), _turns(row)))


def _dialogues_of_turns(rows: Iterable[Row]) -> Iterator[Pair]:
    """A row a turn; turns of several dialogues may stand among one another, those of each in their order."""
    dialogues: dict[str, list[Row]] = {}
    for row in rows:
        dialogues.setdefault(_filled(row, _named(row, DIALOGUES) or DIALOGUES[0]), []).append(row)
    for turns in dialogues.values():
        intent = next(filter(None, map(_intent, turns)), "")
        yield from _exchanged(turns[0].number, intent, [_turn(row, row.values) for row in turns])


def _intent(row: Row) -> str:
    column = _named(row, INTENTS)
    return row.text(column).strip() if column else ""


def _exchanged(row: int, intent: str, turns: Iterable[tuple[str, str]]) -> Iterator[Pair]:
    # What a dialogue is about is what it begins with; only what has an intent becomes an answer.
    about = intent
    for asked, answered in _exchanges(turns):
        yield Pair(row, asked, about, _answer(row, answered) if about else answered)
        about = ""


def _exchanges(turns: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What a customer asked and all that an agent said to it; an agent's first words may ask to wait."""
    asked: list[str] = []
    spoken = (turn for turn in turns if turn[1])
    for is_customer, said in groupby(spoken, key=lambda turn: turn[0] in CUSTOMERS):
        texts = [text for _author, text in said]
        if is_customer:
            # A greeting or thanks asks for nothing, least of all for what the dialogue was about.
            asked = [text for text in texts if split_questions(text)]
        elif asked:
            yield "\n".join(asked), "\n".join(texts)
            asked = []


def _turns(row: Row) -> list[tuple[str, str]]:
    turns = row.values.get(_named(row, TURNS))
    if isinstance(turns, str):
        try:
            turns = json.loads(turns)
        except (ValueError, RecursionError):
            turns = None
    if not isinstance(turns, list):
        raise InputError("Row {row} has turns that are no list.", row=row.number)
    return [_turn(row, turn if isinstance(turn, dict) else {}) for turn in turns]


def _turn(row: Row, said: Mapping[str, Any]) -> tuple[str, str]:
    """Who said what: nothing where a program noted it or was called."""
    author = str(next((said[name] for name in AUTHORS if said.get(name)), "")).strip().lower()
    column = next((name for name in SAID if name in said), None)
    text = column and (said[column] or "")
    if author in OTHERS:
        return author, ""
    if author not in CUSTOMERS | AGENTS or not isinstance(text, str):
        raise InputError(
            "Row {row} has a turn without an author (customer or agent) or without a text.", row=row.number
        )
    return author, check_text(row.number, "text", text.strip())
