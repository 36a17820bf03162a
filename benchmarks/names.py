"""Names and addresses: what rules and a tagger of `personal-data` mask together, on texts of others.

`python -m benchmarks.names [ARTIFACT]` takes a packed tagger; without one the family's own first fit is made.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from apps.privacy.family import PERSONAL_DATA, SEED, SENTENCES
from apps.privacy.personal import PersonalTagger
from apps.registry.services.compressing import compress_for
from benchmarks.data.files import data_file
from benchmarks.report import Report, Row, percentile, publish
from modelcore import training
from modelcore.data import Span, SpanTexts, read_spans, split
from modelcore.privacy import mask, personal_sentences
from modelcore.serving import Predictor

SHOWN = ("PERSON", "STREET_ADDRESS", "PHONE_NUMBER", "EMAIL_ADDRESS", "CREDIT_CARD", "ZIP_CODE")


def main() -> None:
    texts = read_spans(data_file("pii_presidio", "synth_dataset_v2.json"))
    with tempfile.TemporaryDirectory() as folder:
        artifact = Path(sys.argv[1]) if len(sys.argv) > 1 else _trained(Path(folder))
        predictor = Predictor.open(artifact, threads=1)
        rows = _measure(texts, PersonalTagger(predictor))
        metrics = predictor.manifest.metrics
        runtime = predictor.runtime_name
        predictor.close()
    title = "Personal data that rules and a tagger mask together, pii_presidio v2"
    publish(Report("names", title, rows, {"runtime": runtime, "held_out_templates": metrics}))


def _trained(folder: Path) -> Path:
    """A tagger as the family's first run makes it."""
    parts = split(personal_sentences(count=SENTENCES, seed=SEED), evaluation_fraction=0.2, seed=0)
    training.fit(parts.train, parts.evaluation, PERSONAL_DATA.recipe, out=folder / "model")
    packed = folder / "packed"
    compress_for(PERSONAL_DATA, folder / "model", train=parts.train, evaluation=parts.evaluation, out=packed)
    return packed


def _measure(texts: SpanTexts, tagger: PersonalTagger) -> list[Row]:
    """The shares are of letters and digits, whatever label hides them."""
    hidden, marked = dict.fromkeys(SHOWN, 0), dict.fromkeys(SHOWN, 0)
    masked = needless = 0
    milliseconds = []
    for text, spans in zip(texts.texts, texts.spans, strict=True):
        started = time.perf_counter()
        found = mask(text, tagger=tagger)
        milliseconds.append(1000 * (time.perf_counter() - started))
        covered = _signs(text, found.spans)
        masked += len(covered)
        needless += len(covered - _signs(text, spans))
        for label in SHOWN:
            wanted = _signs(text, [span for span in spans if span.label == label])
            marked[label] += len(wanted)
            hidden[label] += len(wanted & covered)
    return [
        *(Row(f"{label}, masked", 100 * hidden[label] / marked[label], unit="%") for label in SHOWN),
        Row("masked without need, of all that is masked", 100 * needless / masked, unit="%"),
        Row("milliseconds a message, p50", percentile(milliseconds, 50), unit="ms"),
        Row("milliseconds a message, p99", percentile(milliseconds, 99), unit="ms"),
    ]


def _signs(text: str, spans: Sequence[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end) if text[place].isalnum()}


if __name__ == "__main__":
    main()
