import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0030_ideographs_are_indexed_as_words")]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("detail"),
                    models.Value("$.questions[*].neighbours[*].text"),
                    function="jsonb_path_query_array",
                    output_field=models.JSONField(),
                ),
                name="support_decision_neighbours",
            ),
        ),
        # What is indexed has no statistics before.
        migrations.RunSQL("ANALYZE support_decision", migrations.RunSQL.noop),
    ]
