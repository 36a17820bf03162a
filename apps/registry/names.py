"""What programs call things, in words for people; a name that is not known here is shown as it is."""

from babel import Locale
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modelcore.sentence import Sentence

SMALLEST_P = 0.001

NAMES: dict[str, str | Promise] = {
    # tasks
    "classification": _("classification"),
    "tagging": _("tagging"),
    "embedding": _("embedding"),
    # figures
    "accuracy": _("accuracy"),
    "macro_f1": _("macro F1"),
    "f1": _("F1"),
    "precision": _("precision"),
    "recall": _("recall"),
    "hit_rate_at_1": _("hit rate at 1"),
    "hit_rate_at_10": _("hit rate at 10"),
    "mrr": _("mean reciprocal rank"),
    "ndcg_at_10": _("NDCG at 10"),
    "ece": _("calibration error"),
    # phases of a run
    "prepare": _("prepare"),
    "rehearse": _("rehearse"),
    "train": _("train"),
    "evaluate": _("evaluate"),
    "package": _("package"),
    "compress": _("compress"),
    "measure": _("measure"),
    "store": _("store"),
    # aliases
    "challenger": _("challenger"),
    "shadow": _("shadow"),
    # checks of the gate; the champion is an alias too
    "artifact": _("artifact"),
    "parity": _("parity"),
    "suites": _("suites"),
    "minimum": _("minimum"),
    "champion": _("champion"),
    "labels": _("labels"),
    # lengths of a data set, and languages of few of its texts
    "p5": _("one in twenty is shorter"),
    "median": _("median"),
    "mean": _("mean"),
    "p95": _("one in twenty is longer"),
    "maximum": _("maximum"),
    "other": _("other"),
    # suites that families of ours declare
    "held-out": _("held-out"),
    "taught": _("taught"),
}

# Settings of a recipe, apart from the above: its precision is one of numbers.
SETTINGS: dict[str, str | Promise] = {
    "task": _("task"),
    "method": _("method"),
    "backbone": _("backbone"),
    "seed": _("seed"),
    "epochs": _("epochs"),
    "batch_size": _("batch size"),
    "learning_rate": _("learning rate"),
    "max_tokens": _("tokens at most"),
    "label_smoothing": _("label smoothing"),
    "self_distillation": _("self-distillation"),
    "class_weights": _("class weights"),
    "precision": _("number format"),
    "patience": _("patience"),
    "accumulation": _("batches a step"),
    "schedule": _("schedule"),
    "warmup": _("warm-up"),
    "weight_decay": _("weight decay"),
    "dropout": _("dropout"),
    "own_sentences": _("made-up sentences"),
    "rank": _("rank"),
    "start": _("starts from"),
}


def named(name: str) -> Sentence:
    """The same as `spoken`, to be said in the language of each reader."""
    with translation.override(None):
        return Sentence(spoken(name)) if name in NAMES else Sentence.of(name)


def language_name(code: str) -> str:
    """A language's name in the reader's, by its tag; what has none is said as everything else."""
    reader = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return reader.languages.get(translation.to_locale(code)) or spoken(code)


def p_value(value: float) -> str:
    """As a probability is written behind its p: none is 0."""
    return f"= {value:.3f}" if value >= SMALLEST_P else f"< {SMALLEST_P}"


def spoken(name: str) -> str:
    """The words for `name`; of `check:suite` the words for the check, then the suite."""
    known, colon, rest = name.partition(":")
    words = str(NAMES.get(known, known))
    return f"{words} · {spoken(rest)}" if colon else words
