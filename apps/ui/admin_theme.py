"""The admin in Berth's name and colours; django-unfold reads this from the settings."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def icon(request: HttpRequest) -> str:
    return static("ui/icon.svg")


def stylesheet(request: HttpRequest) -> str:
    return static("ui/admin.css")


def theme_script(request: HttpRequest) -> str:
    return static("ui/admin_theme.js")


def icon_script(request: HttpRequest) -> str:
    return static("ui/admin_icons.js")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Berth",
    "SITE_HEADER": "Berth",
    "SITE_SUBHEADER": _("Model desk"),
    "SITE_ICON": icon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "SHOW_LANGUAGES": True,
    "STYLES": [stylesheet],
    "SCRIPTS": [theme_script, icon_script],
    "COLORS": {
        "primary": {
            "50": "#eef8fa",
            "100": "#e2f1f4",
            "200": "#c0e2e9",
            "300": "#93cfdb",
            "400": "#5cc4d8",
            "500": "#2fa3b9",
            "600": "#0b6477",
            "700": "#0a5666",
            "800": "#0a4654",
            "900": "#123a44",
            "950": "#06222a",
        },
    },
}
