from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def end_what_was_resolved(apps, schema_editor):
    """Until now handling ended where the conversation did."""
    resolved = apps.get_model("support", "Conversation").objects.filter(pk=OuterRef("conversation"))
    handed_over = apps.get_model("support", "HandOver").objects.filter(
        taken_at__isnull=False, conversation__resolved_at__gt=F("taken_at")
    )
    handed_over.update(ended_at=Subquery(resolved.values("resolved_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("support", "0015_names_in_imports_are_looked_for_by_a_worker")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="hold_out_share",
            field=models.FloatField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="denied_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handover",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="client_id",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id__gt", "")),
                fields=("conversation", "user", "client_id"),
                name="support_note_client_id_of_author",
            ),
        ),
        migrations.RunPython(end_what_was_resolved, migrations.RunPython.noop),
    ]
