from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_hashes_have_names"),
        ("axes", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM axes_accesslog", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM axes_accessattempt", migrations.RunSQL.noop),
    ]
