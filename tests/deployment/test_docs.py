"""The documents say what is there, and nothing that is not."""

import ast
import re
from pathlib import Path

from tests.deployment.composefile import DOCKER, ROOT, our_services, read_compose
from tests.deployment.markdown import anchors, links, make_targets_mentioned, variables_documented
from tests.deployment.native import VARIABLES
from tests.deployment.series import alert_rules

READERS = frozenset(
    {"text", "required", "secret", "address", "integer", "port", "one_of"}
    | {"time_zone", "flag", "words", "path", "folder"}
)
NAME = re.compile(r"[A-Z][A-Z_]+")
NOT_PASSED = {
    "DEBUG": "production never reads it",
    "PORT": "the demo's; what people reach is the published port",
    "GRPC_ADDRESS": "it follows GRPC_PORT",
    "DEMO_PASSWORD": "the demo's",
}


def variables_read_by(source: str) -> set[str]:
    """The names that a module asks `apps.project.environment.Environment` for."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in READERS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and NAME.fullmatch(call.args[0].value)
    }


def variables_read() -> set[str]:
    modules = [path for path in (ROOT / "apps").rglob("*.py") if "migrations" not in path.parts]
    return set().union(*(variables_read_by(path.read_text("utf-8")) for path in modules))


def variables_of_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (DOCKER / "compose.yaml").read_text("utf-8")))


def make_targets() -> set[str]:
    phony = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return {target for line in phony for target in line.split()}


def test_a_variable_is_found_where_it_is_read() -> None:
    source = 'A = ENVIRONMENT.integer("PORT", 1)\nB = Environment().text("NAME")\nC = text("OTHER")'
    assert variables_read_by(source) == {"PORT", "NAME"}


def test_every_link_leads_somewhere() -> None:
    assert [fault for link in links() if link.is_ours and (fault := link.fault())] == []


def test_every_variable_that_the_program_reads_is_documented_and_no_other() -> None:
    documented, _ = variables_documented()
    assert documented == variables_read()


def test_every_variable_that_the_containers_read_is_documented_and_no_other() -> None:
    program, containers = variables_documented()
    written = [DOCKER / "compose.yaml", *DOCKER.glob("*.py")]
    mentioned = set().union(*(NAME.findall(path.read_text("utf-8")) for path in written))
    assert containers <= mentioned
    assert variables_of_compose() <= program | containers


def test_every_variable_that_the_program_reads_reaches_it_in_a_container_or_says_why_not() -> None:
    documented, _ = variables_documented()
    services = our_services(read_compose(VARIABLES)).values()
    passed = set().union(*(service.environment for service in services))
    assert documented - passed == set(NOT_PASSED)


def test_every_make_target_that_is_mentioned_exists() -> None:
    assert make_targets_mentioned() <= make_targets()


def test_every_alert_has_a_section_that_says_what_to_do() -> None:
    headings = anchors(Path(ROOT / "docs/operations.md").read_text("utf-8"))
    words = {word for heading in headings for word in heading.split("-")}
    assert {rule["alert"].lower() for rule in alert_rules()} <= words


def test_every_decision_is_in_the_list_of_the_architecture() -> None:
    architecture = ROOT / "docs/architecture.md"
    listed = {(ROOT / "docs" / link.target).resolve() for link in links() if link.page == architecture}
    assert set((ROOT / "docs/adr").glob("*.md")) - listed == set()


def test_every_decision_has_context_decision_and_consequences() -> None:
    parts = ("**Context.**", "**Decision.**", "**Consequences.**")
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [path.name for path in records if not all(part in path.read_text("utf-8") for part in parts)] == []
