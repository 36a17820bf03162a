from django.db import migrations, models
from django.db.models import F


def take_who_resolved_last(apps, schema_editor):
    """Who resolved it before that is not known any more."""
    conversations = apps.get_model("support", "Conversation").objects
    conversations.filter(reopened_at__isnull=False).update(reopened_from=F("resolved_by"))


class Migration(migrations.Migration):
    dependencies = [("support", "0033_when_an_erasure_was_looked_at")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="reopened_from",
            field=models.CharField(
                blank=True,
                choices=[("bot", "bot"), ("queue", "queue"), ("agent", "agent")],
                default="",
                max_length=16,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(take_who_resolved_last, migrations.RunPython.noop),
    ]
