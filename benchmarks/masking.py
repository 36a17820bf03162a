"""Masking by rules: recall and precision by kind on made-up texts, and how long a message takes."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.data.files import data_file
from benchmarks.data.planted import IDS, KINDS, Planted, harmless, neighboured, planted
from benchmarks.report import Report, Row, percentile, publish
from modelcore.data import Span
from modelcore.privacy import Masked, mask

_FILES = ("generated_small.json", "generated_large.json", "synth_dataset_v2.json")
_PLANTED, _HARMLESS, _NEIGHBOURED, _SEED = 5000, 2000, 3000, 20261124
# Kinds that the files of pii_presidio mark; the rest of their labels has no form for rules.
_MARKED = (*KINDS, "US_SSN", "IP_ADDRESS")


@dataclass
class Tally:
    """What came out of some texts, by kind."""

    planted: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)  # masked as their kind from end to end
    masked: Counter[str] = field(default_factory=Counter)  # masked from end to end, as whatever
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, text: str, truth: Sequence[Span]) -> None:
        started = time.process_time()
        found = mask(text)
        self.milliseconds.append(1000 * (time.process_time() - started))
        for span in truth:
            self.planted[span.label] += 1
            self.labelled[span.label] += _covers(text, span, found, span.label)
            self.masked[span.label] += _covers(text, span, found)
        for span in found.spans:
            self.found[span.label] += 1
            self.right[span.label] += any(_overlap(span, one) and one.label == span.label for one in truth)

    def recall(self, kinds: Iterable[str], *, as_their_kind: bool = True) -> float:
        counted = self.labelled if as_their_kind else self.masked
        kinds = list(kinds)
        return sum(counted[kind] for kind in kinds) / sum(self.planted[kind] for kind in kinds)

    def precision(self, kind: str) -> float:
        return self.right[kind] / self.found[kind]

    def as_json(self) -> dict[str, Any]:
        kinds = sorted({*self.planted, *self.found})
        names = ("planted", "labelled", "masked", "found", "right")
        return {kind: {name: getattr(self, name)[kind] for name in names} for kind in kinds}


def main() -> None:
    presidio = _presidio()
    own = _made_up([*planted(_PLANTED, seed=_SEED), *harmless(_HARMLESS, seed=_SEED)])
    beside = _made_up(neighboured(_NEIGHBOURED, seed=_SEED))
    rows = []
    for source, tally in (("pii_presidio", presidio), ("planted", own)):
        for kind in KINDS:
            rows.append(Row(f"{source}: {kind}, recall", tally.recall([kind]), 0.99))
            rows.append(Row(f"{source}: {kind}, precision", tally.precision(kind), 0.97))
    rows.append(Row("planted: ids with check digits, masked", own.recall(IDS, as_their_kind=False), 1.0))
    rows.append(Row("planted: ids with check digits, as their own kind", own.recall(IDS)))
    for name, kinds in (*((kind, [kind]) for kind in KINDS), ("ids with check digits", IDS)):
        seen = beside.recall(kinds, as_their_kind=False)
        rows.append(Row(f"beside digits and other values: {name}, masked", seen, 0.99))
    rows.append(Row("pii_presidio: US_SSN, recall", presidio.recall(["US_SSN"])))
    rows.append(Row("pii_presidio: IP_ADDRESS, recall", presidio.recall(["IP_ADDRESS"])))
    times = presidio.milliseconds + own.milliseconds + beside.milliseconds
    for percent in (50, 99):
        seen = percentile(times, percent)
        rows.append(Row(f"milliseconds a message, p{percent}", seen, 2, at_least=False, unit="ms"))
    details = {
        "pii_presidio": presidio.as_json(),
        "planted": own.as_json(),
        "beside digits and other values": beside.as_json(),
        "judged": _JUDGED,
        "seed": _SEED,
        "values": _PLANTED,
        "sentences without a value": _HARMLESS,
        "rows beside digits and other values": _NEIGHBOURED,
    }
    publish(Report("masking", "Masking by rules", rows, details))


_JUDGED = (
    "A value is found if every letter and digit of it lies in spans of its kind. A span is right if it meets "
    "a value of its kind; what pii_presidio does not mark as that kind is wrong, also where its labels miss "
    "a value. Kinds that it never marks (ids of other countries, links) are not judged there. Milliseconds "
    "are of the processor, one thread."
)


def _presidio() -> Tally:
    tally = Tally()
    for name in _FILES:
        for row in json.loads(data_file("pii_presidio", name).read_text("utf-8")):
            spans = [
                Span(one["start_position"], one["end_position"], one["entity_type"]) for one in row["spans"]
            ]
            truth = [span for span in spans if span.label in _MARKED]
            tally.add(row["full_text"], truth)
    return tally


def _made_up(texts: Iterable[Planted]) -> Tally:
    tally = Tally()
    for one in texts:
        tally.add(one.text, one.spans)
    return tally


def _covers(text: str, span: Span, found: Masked, label: str = "") -> bool:
    inside = {
        place
        for other in found.spans
        if other.label == label or not label
        for place in range(other.start, other.end)
    }
    return all(place in inside for place in range(span.start, span.end) if text[place].isalnum())


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


if __name__ == "__main__":
    main()
