from typing import Any

from django.db import migrations, models

from modelcore.privacy import mask


def mask_notes(apps: Any, schema_editor: Any) -> None:
    notes = apps.get_model("support", "Note").objects.all()
    for note in notes.iterator(chunk_size=500):
        note.masked = mask(note.body).text
        note.save(update_fields=["masked"])


class Migration(migrations.Migration):
    dependencies = [("support", "0009_lessons_shadow_answers_and_imports")]

    operations = [
        migrations.AddField(
            model_name="note",
            name="masked",
            field=models.TextField(default="", verbose_name="masked text"),
            preserve_default=False,
        ),
        migrations.RunPython(mask_notes, migrations.RunPython.noop),
    ]
