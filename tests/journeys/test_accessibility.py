"""Every page of ours through axe: both colours, languages and widths, and never scrolling sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.browser import NARROW, WIDE, Window
from tests.journeys.conftest import Colours, OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The page of the API reference is Swagger UI's own and is left out.
PAGES = {
    "": ("/", "/sign-in/", "/no/such/page/", "/support/demo/"),
    "analyst": ("/", "/playground/"),
    "agent": ("/support/", "/support/?list=mine", "/support/?q=nothing-like-this"),
    "lead": (
        "/admin/support/agentprofile/add/",
        "/admin/support/placeholder/add/",
        "/admin/support/tag/",
        "/admin/support/cannedreply/add/",
    ),
    "owner": (
        "/admin/",
        "/admin/registry/dataset/",
        "/admin/registry/dataset/add/",
        "/admin/registry/dataset/1/change/",
        "/admin/registry/run/",
        "/admin/registry/version/",
        "/admin/registry/version/1/change/",
        "/admin/registry/version/2/promote/",
        "/admin/registry/version/compare/?a=1&b=2",
        "/admin/registry/promotion/1/change/",
    ),
}


def violations(window: Window) -> list[str]:
    found = Axe().run(window.page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_everybody(open_window: OpenWindow, name: str, colours: Colours, width: int) -> None:
    language = {"light": "en", "dark": "zh-CN"}[colours]
    window = open_window(name, width=width, colours=colours, language=language)
    found = {}
    for path in PAGES[name]:
        window.go(path)
        window.page.wait_for_load_state("networkidle")
        window.photograph(f"{path.strip('/').replace('/', '-') or 'home'}-{name}-{colours}-{width}")
        found[path] = violations(window) + (["scrolls sideways"] if window.is_too_wide else [])

    assert not any(found.values()), found
