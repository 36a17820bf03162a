"""Every page of ours through axe: both colours, languages and widths, and never scrolling sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.browser import NARROW, WIDE, Window
from tests.journeys.conftest import Colours, OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# In what language and how wide each page is opened; the other width is looked at after that.
LOOKS: dict[Colours, tuple[str, int]] = {"light": ("en", WIDE), "dark": ("zh-CN", NARROW)}
# The page of the API reference is Swagger UI's own and is left out.
PAGES = {
    "": ("/", "/sign-in/", "/no/such/page/", "/too-large", "/support/demo/"),
    "analyst": ("/", "/playground/", "/password/"),
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


AXE = Axe().axe_script
FIND = (
    f"axe.run({{runOnly: {STANDARDS}, resultTypes: ['violations']}}).then(({{ violations }}) => violations)"
)


def violations(window: Window) -> list[str]:
    if window.page.evaluate("typeof axe") == "undefined":
        window.page.evaluate(AXE)
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
        for rule in window.page.evaluate(FIND)
        for node in rule["nodes"]
    ]


def faults(window: Window) -> list[str]:
    found = violations(window) + (["scrolls sideways"] if window.is_too_wide else [])
    icons = window.page.locator(".material-symbols-outlined:not([aria-hidden])")
    return found + [f"an icon is read aloud as {name.strip()}" for name in icons.all_text_contents()]


def faults_by_width(window: Window, name: str) -> dict[str, list[str]]:
    """As wide as it is, and before that as wide as other windows are."""
    own = window.width
    found: dict[str, list[str]] = {}
    for width in ({WIDE: NARROW, NARROW: WIDE}[own], own):
        window.resize(width)
        window.photograph(f"{name}-{width}")
        found[f"{name}-{width}"] = faults(window)
    return found


@pytest.mark.parametrize("colours", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_everybody(open_window: OpenWindow, name: str, colours: Colours) -> None:
    language, width = LOOKS[colours]
    window = open_window(name, width=width, colours=colours, language=language)
    found: dict[str, list[str]] = {}
    for path in PAGES[name]:
        window.go(path)
        window.settle()
        found |= faults_by_width(window, f"{path.strip('/').replace('/', '-') or 'home'}-{name}-{colours}")

    assert not any(found.values()), found
