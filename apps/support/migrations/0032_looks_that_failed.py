from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0031_neighbours_of_decisions_are_indexed")]

    operations = [
        migrations.AddField(
            model_name="suggestionround",
            name="has_failed",
            field=models.BooleanField(default=False, verbose_name="has failed"),
        ),
    ]
