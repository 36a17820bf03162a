import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0029_conversations_of_a_period_are_indexed")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="support_message_words"),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    models.Func(
                        models.F("masked"),
                        models.Value("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"),
                        models.Value(" \\1 "),
                        models.Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                name="support_message_words",
            ),
        ),
        # Without statistics of the new words a search is planned as if each message held them.
        migrations.RunSQL("ANALYZE support_message", migrations.RunSQL.noop),
    ]
