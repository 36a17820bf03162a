import tomllib

from django.conf import settings


def test_programs_are_told_the_version_of_the_project() -> None:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == settings.VERSION
