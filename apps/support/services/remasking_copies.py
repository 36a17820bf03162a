"""Questions and answers that wait to be learned from hold what customers wrote, too."""

from typing import Any

from django.db import transaction

from apps.privacy.masking import Masker
from apps.support.engine.clustering import title_of
from apps.support.models import AnswerSuggestion, IntentSuggestion, KnowledgeImport
from apps.support.services.imports import masked_rows


def mask_copies(names: Masker) -> dict[str, int]:
    """Mask suggested intents and answers and imported rows; how many of each changed."""
    return {
        "suggestions": _each(IntentSuggestion, names, _mask_suggestion),
        "answers": _each(AnswerSuggestion, names, _mask_answer),
        "imports": _mask_imports(names),
    }


def _each(model: Any, names: Masker, mask: Any) -> int:
    changed = 0
    for pk in model.objects.values_list("pk", flat=True):
        with transaction.atomic():
            held = model.objects.select_for_update().filter(pk=pk).first()
            changed += held is not None and mask(held, names)
    return changed


def _mask_suggestion(held: IntentSuggestion, names: Masker) -> bool:
    texts = names.mask_all(held.texts)
    if texts == held.texts:
        return False
    held.texts, held.title = texts, title_of(texts)
    held.save(update_fields=["texts", "title"])
    return True


def _mask_answer(held: AnswerSuggestion, names: Masker) -> bool:
    body = names.mask(held.body)
    if body == held.body:
        return False
    held.body = body
    held.save(update_fields=["body"])
    return True


def _mask_imports(names: Masker) -> int:
    changed = 0
    unmasked = KnowledgeImport.objects.exclude(names_version=names.version)
    for pk in list(unmasked.values_list("pk", flat=True)):
        # That takes minutes, in which nobody may wait for the row; one that changed in them is masked again.
        while held := unmasked.filter(pk=pk).first():
            rows = masked_rows(held.rows, names)
            if unmasked.filter(pk=pk, rows=held.rows).update(
                rows=rows, names_version=names.version, has_missed_names=False
            ):
                changed += rows != held.rows
    return changed
