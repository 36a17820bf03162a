from django.db import migrations

from apps.registry.models.fields import SentenceField

# Rewriting a column fires no trigger, so that promotions stay append-only for everybody else.
TO_SENTENCE = """
ALTER TABLE registry_promotion ALTER COLUMN reason TYPE jsonb USING CASE
    WHEN reason = '' THEN jsonb_build_object('template', '', 'values', jsonb_build_object())
    ELSE jsonb_build_object('template', '{text}', 'values', jsonb_build_object('text', reason))
END
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_suites_grow_and_labels_are_audited")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(TO_SENTENCE)],
            [migrations.AlterField("promotion", "reason", SentenceField(default=str, verbose_name="reason"))],
        ),
    ]
