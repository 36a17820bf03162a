import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Messages are sent and read while their index is made; searches go by the one before until then.
    atomic = False
    dependencies = [("support", "0034_whose_resolution_did_not_hold")]

    operations = [
        # Of a run that was ended half-way.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS support_message_said", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    models.Func(
                        models.F("masked"),
                        models.Value("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])|\\W+"),
                        models.Value(" \\1 "),
                        models.Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                name="support_message_said",
            ),
        ),
        # Without statistics of the new words a search is planned as if each message held them.
        migrations.RunSQL("ANALYZE support_message", migrations.RunSQL.noop),
        RemoveIndexConcurrently(model_name="message", name="support_message_words"),
    ]
