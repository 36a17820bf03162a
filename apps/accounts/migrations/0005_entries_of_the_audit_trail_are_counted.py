from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_keys_change_nothing_that_could_be_audited")]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "ordering": ("-number",),
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
            },
        ),
    ]
