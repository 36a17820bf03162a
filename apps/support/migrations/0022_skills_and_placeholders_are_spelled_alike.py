import re
import unicodedata

from django.db import migrations


def name_of(text):
    """As names were spelled when this was written."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\W_]+", "_", folded).strip("_")[:64].rstrip("_")


def spell_alike(apps, schema_editor):
    """As intents spell skills and answers placeholders; a name that is taken stays with who has it."""
    for profile in apps.get_model("support", "AgentProfile").objects.exclude(skills=[]):
        profile.skills = list(dict.fromkeys(filter(None, map(name_of, profile.skills))))
        profile.save(update_fields=["skills"])
    placeholders = apps.get_model("support", "Placeholder").objects
    taken = set(placeholders.values_list("name", flat=True))
    for placeholder in placeholders.all():
        name = name_of(placeholder.name)
        if name and name not in taken:
            taken.add(name)
            placeholder.name = name
            placeholder.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [("support", "0021_no_conversation_came_by_an_api")]

    operations = [migrations.RunPython(spell_alike, migrations.RunPython.noop)]
