from django.db import migrations

from apps.registry.models.fields import SentenceField

# What earlier certificates say stays as it was written.
TO_SENTENCE = """
ALTER TABLE support_certificate ALTER COLUMN reason TYPE jsonb USING CASE
    WHEN reason = '' THEN jsonb_build_object('template', '', 'values', jsonb_build_object())
    ELSE jsonb_build_object('template', '{text}', 'values', jsonb_build_object('text', reason))
END
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0011_near_duplicates_of_the_knowledge")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(TO_SENTENCE)],
            [
                migrations.AlterField(
                    "certificate",
                    "reason",
                    SentenceField(blank=True, default=str, verbose_name="reason"),
                )
            ],
        ),
    ]
