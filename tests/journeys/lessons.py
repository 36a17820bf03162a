"""Celery's beat for runs and lessons alone.

The desk's timers would move the conversations that other journeys find, and certificates made of knowledge
as small as theirs would silence the bot.
"""

import django

from apps.project.celery import app

KEPT = ("registry-sweep-runs", "support-sweep-lessons")

django.setup()  # apps say what their periodic work is
app.finalize()
app.conf.beat_schedule = {name: app.conf.beat_schedule[name] for name in KEPT}
