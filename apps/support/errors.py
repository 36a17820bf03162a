class SupportError(Exception):
    """Something that a person of the service asked for and that can't be; its sentence is for them."""

    code = "support"
