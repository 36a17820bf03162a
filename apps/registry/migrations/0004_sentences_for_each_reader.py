from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from apps.registry.models.fields import SentenceField
from modelcore.sentence import Sentence

TO_SENTENCE = """
ALTER TABLE {table} ALTER COLUMN {column} TYPE jsonb USING CASE
    WHEN {column} = '' THEN jsonb_build_object('template', '', 'values', jsonb_build_object())
    ELSE jsonb_build_object('template', '{{text}}', 'values', jsonb_build_object('text', {column}))
END
"""


def _becomes_sentence(model: str, column: str, **options: Any) -> migrations.SeparateDatabaseAndState:
    sql = TO_SENTENCE.format(table=f"registry_{model}", column=column)
    field = SentenceField(blank=True, default=str, **options)
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(sql)], [migrations.AlterField(model, column, field)]
    )


def keep_sentences(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A profile that an earlier Berth wrote holds plain texts."""
    for dataset in apps.get_model("registry", "Dataset").objects.only("profile").iterator():
        profile = dataset.profile
        note = profile.get("label_errors_note", "")
        if not isinstance(note, str) or "warnings" not in profile:
            continue
        profile["warnings"] = [Sentence.of(warning).to_json() for warning in profile["warnings"]]
        profile["label_errors_note"] = Sentence.of(note).to_json()
        dataset.save(update_fields=["profile"])


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_profile_is_completed_by_a_worker")]

    operations = [
        _becomes_sentence("run", "error", verbose_name="error"),
        _becomes_sentence("runprogress", "message"),
        migrations.RunPython(keep_sentences, migrations.RunPython.noop),
    ]
