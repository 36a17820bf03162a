from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_data_sets_that_lost_rows_stand_apart")]

    operations = [
        migrations.AddIndex(
            model_name="dataset",
            index=models.Index(
                fields=["created_at"],
                condition=models.Q(("profile__has_key", "is_complete"), _negated=True),
                name="registry_dataset_unprofiled",
            ),
        ),
    ]
