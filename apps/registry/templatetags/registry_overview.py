from typing import Any

from django import template

from apps.registry import access
from apps.registry.selectors.overview import overview

register = template.Library()


@register.inclusion_tag("admin/registry/_overview.html", takes_context=True)
def registry_overview(context: template.Context) -> dict[str, Any]:
    user = context["request"].user
    return {"overview": overview() if access.may_read(user) else None}
