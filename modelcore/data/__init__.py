"""Reading, checking, profiling and splitting of labelled text; imports no model library."""

from modelcore.data.label_audit import LabelAudit, audit_label_batch, surely_wrong
from modelcore.data.label_errors import LabelError, by_script, find_label_errors
from modelcore.data.label_spelling import spelling, tell_unknown, told_apart
from modelcore.data.normal import normalise
from modelcore.data.profiles import Profile
from modelcore.data.profiling import profile
from modelcore.data.readers import read_labelled, read_pairs, read_texts
from modelcore.data.search import Search
from modelcore.data.span_readers import read_spans
from modelcore.data.splits import Split, folds, sample_per_label, split
from modelcore.data.streams import in_batches, read_lines
from modelcore.data.task_rows import read_task_rows
from modelcore.data.texts import LabelledTexts, Rows, Span, SpanTexts, TextPairs

__all__ = [
    "LabelAudit",
    "LabelError",
    "LabelledTexts",
    "Profile",
    "Rows",
    "Search",
    "Span",
    "SpanTexts",
    "Split",
    "TextPairs",
    "audit_label_batch",
    "by_script",
    "find_label_errors",
    "folds",
    "in_batches",
    "normalise",
    "profile",
    "read_labelled",
    "read_lines",
    "read_pairs",
    "read_spans",
    "read_task_rows",
    "read_texts",
    "sample_per_label",
    "spelling",
    "split",
    "surely_wrong",
    "tell_unknown",
    "told_apart",
]
