class RegistryError(Exception):
    """The registry refuses: `str()` is a sentence for the person, `code` the same for a program."""

    code = "refused"
