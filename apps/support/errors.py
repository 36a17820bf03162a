from django.utils.translation import gettext as _


class SupportError(Exception):
    """Something that a person of the service asked for and that can't be; its sentence is for them."""

    code = "support"


class AlreadyDecidedError(SupportError):
    """Somebody was faster."""

    code = "already_decided"


class NotAllowedError(SupportError):
    """Views ask for the permission first; this holds wherever else a service is called from."""

    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__(_("Your role does not allow this. Ask a lead."))
