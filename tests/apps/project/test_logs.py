import json
import logging
import subprocess
import sys

import pytest
from django.core.exceptions import DisallowedHost, PermissionDenied

from apps.project.logs import JsonFormatter, WithoutQuery


def written(message: str, *args: object) -> dict[str, object]:
    record = logging.LogRecord("berth", logging.WARNING, __file__, 1, message, args, None)
    WithoutQuery().filter(record)
    entry: dict[str, object] = json.loads(JsonFormatter().format(record))
    return entry


def test_a_line_is_one_object() -> None:
    entry = written("%s rows", 7)

    assert entry["message"] == "7 rows"
    assert entry["level"] == "warning"


def test_what_people_asked_for_is_left_out() -> None:
    assert written("Not Found: %s", "/search/?q=my+name")["message"] == "Not Found: /search/"


def test_an_exception_stays_on_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("berth", logging.ERROR, __file__, 1, "failed", (), info)

    assert "\n" not in JsonFormatter().format(record)


@pytest.mark.parametrize(
    ("error", "is_traced"), [(PermissionDenied(), False), (DisallowedHost("evil"), False), (KeyError(), True)]
)
def test_what_was_refused_leaves_no_trace_of_calls(error: Exception, is_traced: bool) -> None:
    info = (type(error), error, None)
    record = logging.LogRecord("django", logging.ERROR, __file__, 1, "refused", (), info)
    (console,) = (one for one in logging.getLogger().handlers if one.get_name() == "console")
    console.filter(record)

    assert ("error" in json.loads(JsonFormatter().format(record))) == is_traced


@pytest.mark.parametrize(
    ("program", "logger"),
    [
        ("from apps.project.celery import app; app.log.setup(loglevel='INFO')", "celery.worker"),
        ("import uvicorn; uvicorn.Config('app'); django.setup()", "uvicorn.error"),
    ],
)
def test_programs_that_bring_logging_of_their_own_write_the_same_lines(program: str, logger: str) -> None:
    code = f"import django, logging; django.setup(); {program}; logging.getLogger('{logger}').warning('lost')"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    (line,) = outcome.stderr.splitlines()
    assert json.loads(line)["message"] == "lost"


def test_the_server_keeps_no_list_of_requests() -> None:
    program = "import uvicorn; uvicorn.Config('app', access_log=False); import django; django.setup()"
    code = f"{program}; import logging; print(logging.getLogger('uvicorn.access').hasHandlers())"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert outcome.stdout.strip() == "False"
