"""collectstatic as the image does it, without the compression, which takes a minute and changes no name."""

import django


def main() -> None:
    from django.conf import settings

    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": storage}
    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
