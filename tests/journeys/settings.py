"""What a person's demo runs with, and one family more: quick to fit and with answers that are known."""

from apps.project.settings.local import *  # noqa: F403 -- settings build on one another
from apps.project.settings.local import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.journeys.apps.JourneysConfig"]
# A hash that takes its time is not what these journeys are about, and they sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
