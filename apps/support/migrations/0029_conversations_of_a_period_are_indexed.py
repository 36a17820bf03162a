from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0028_placeholders_fall_back_in_chinese_too")]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["created_at"], name="support_conversation_created"),
        ),
    ]
