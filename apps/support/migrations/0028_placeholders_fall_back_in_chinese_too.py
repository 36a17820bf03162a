from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0027_looks_for_new_intents")]

    operations = [
        migrations.AddField(
            model_name="placeholder",
            name="fallback_in_chinese",
            field=models.CharField(blank=True, max_length=300, verbose_name="fallback in Chinese"),
        ),
    ]
