from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxHttpRequest(HttpRequest):
    """What each view gets: django_htmx's middleware says whether a fragment of the page is asked for."""

    htmx: HtmxDetails
