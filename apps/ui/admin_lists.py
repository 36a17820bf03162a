from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError, transaction
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ListAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows of the admin in a list, whose address may hold any filter.

    Django leads from most that mean nothing to the whole list; it fails at a year of which there is none, at
    half a range and at what PostgreSQL alone can tell to be no pattern.
    """

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():
                return super().get_changelist_instance(request)
        except (DataError, IndexError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error
