"""Which labels of a batch are probably wrong: the rows of a data set that the champion was not fitted on."""

from typing import Any

from apps.registry import content, families
from apps.registry.models import Dataset
from apps.registry.selectors.aliases import champion_of
from apps.registry.selectors.suites import pinned_suites
from modelcore.data import LabelAudit, LabelledTexts, audit_label_batch, normalise
from modelcore.data.label_errors import TooFewTextsError
from modelcore.training.frozen import features_of


def audit_labels(*, dataset: Dataset) -> bool:
    """Audit a data set once, if its family's gate asks for it; False if there was nothing to do.

    The rows that the champion was fitted on and the suites' are trusted; the first version of a family has no
    champion whose rows could be.
    """
    policy, champion = families.get(dataset.family).gate, champion_of(dataset.family)
    if policy.wrong_labels is None or dataset.audit or champion is None or champion.dataset is None:
        return False
    rows = content.rows_in(dataset)
    if not isinstance(rows, LabelledTexts) or champion.dataset_id == dataset.pk:
        return False
    audit = {"against": champion.number, **_audited(rows, _known(champion.dataset))}
    Dataset.objects.filter(pk=dataset.pk).update(audit=audit)
    dataset.audit = audit
    return True


def _known(dataset: Dataset) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for one in (dataset, *pinned_suites(dataset.family)):
        rows = content.rows_in(one)
        if isinstance(rows, LabelledTexts):
            known |= set(zip(map(normalise, rows.texts), rows.labels, strict=True))
    return known


def _audited(rows: LabelledTexts, known: set[tuple[str, str]]) -> dict[str, Any]:
    new = [
        place
        for place, pair in enumerate(zip(map(normalise, rows.texts), rows.labels, strict=True))
        if pair not in known
    ]
    try:
        found = audit_label_batch(rows, new, features=features_of)
    except TooFewTextsError:
        found = LabelAudit(0, (), 0.0)
    suspected = [
        {"text": one.text, "given": one.given, "suggested": one.suggested, "score": one.score}
        for one in found.suspected
    ]
    return {"rows": found.judged, "suspected": suspected, "by_chance": found.by_chance}
