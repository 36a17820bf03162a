from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_entries_of_the_audit_trail_are_counted")]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="hash",
            field=models.CharField(max_length=64, verbose_name="hash"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="previous_hash",
            field=models.CharField(max_length=64, verbose_name="previous hash"),
        ),
    ]
