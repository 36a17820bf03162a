"""The only reader of environment variables: each value is typed here and a wrong one is a sentence."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True)
class Environment:
    values: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def required(self, name: str, *, purpose: str) -> str:
        value = self.values.get(name, "")
        if not value:
            raise ImproperlyConfigured(f"Set the environment variable {name}: {purpose}.")
        return value

    def secret(self, name: str, *, purpose: str, minimum_length: int) -> str:
        value = self.required(name, purpose=purpose)
        if len(value) < minimum_length:
            raise ImproperlyConfigured(
                f"The environment variable {name} has {len(value)} characters; "
                f"it needs at least {minimum_length} random ones."
            )
        return value

    def address(self, name: str, default: str, *, schemes: tuple[str, ...]) -> str:
        value = self.values.get(name, "") or default
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            # Not the value: it holds a password.
            begins = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ImproperlyConfigured(f"The environment variable {name} must begin with {begins}")
        try:
            urlsplit(value).port  # noqa: B018 -- reading it is the check
        except ValueError:
            # A slash in a password ends the host there; the error tells the password, so it is left out.
            raise ImproperlyConfigured(
                f"The environment variable {name} is no address: no number stands where its port should. "
                "In its password write / as %2F, and so on for all that is no letter and no digit."
            ) from None
        return value

    def hosts(self, name: str) -> list[str]:
        names = self.words(name)
        for one in names:
            if "/" in one or (":" in one and not one.startswith("[")):
                raise ImproperlyConfigured(
                    f"The environment variable {name} names {one!r}; "
                    "write the name alone, without https:// and a port."
                )
            if len(one.split()) > 1:
                raise ImproperlyConfigured(
                    f"The environment variable {name} names {one!r}; write commas between names."
                )
        return names

    def integer(self, name: str, default: int, *, most: int = 1_000_000) -> int:
        value = self.values.get(name, "").strip()
        if not value:
            return default
        is_short_number = value.isascii() and value.isdecimal() and len(value) < 10
        if not is_short_number or not 1 <= int(value) <= most:
            raise ImproperlyConfigured(
                f"The environment variable {name} is {value!r}; it must be a whole number from 1 to {most}."
            )
        return int(value)

    def port(self, name: str, default: int) -> int:
        """One too large would be taken for what is left of it beyond 65,536."""
        return self.integer(name, default, most=65_535)

    def one_of(self, name: str, default: str, words: tuple[str, ...]) -> str:
        value = self.values.get(name, "").strip().upper() or default
        if value not in words:
            raise ImproperlyConfigured(
                f"The environment variable {name} is {value!r}; use one of {', '.join(words)}."
            )
        return value

    def time_zone(self, name: str) -> str:
        value = self.values.get(name, "").strip() or "UTC"
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ImproperlyConfigured(
                f"The environment variable {name} is {value!r}; it must be a name such as Europe/Berlin."
            ) from error

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.values.get(name, "").strip().lower()
        if not value:  # what a compose file passes on of a variable that nobody set
            return default
        if value in TRUE_WORDS:
            return True
        if value in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"The environment variable {name} is {value!r}; use 1 or 0.")

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        value = self.values.get(name, "")
        return [word.strip() for word in value.split(",") if word.strip()] or list(default)

    def path(self, name: str, default: Path) -> Path:
        value = self.values.get(name, "")
        # Programs are started in other folders than the one that a relative path means.
        return Path(value).absolute() if value else default

    def folder(self, name: str, default: Path, *, below: str) -> Path:
        """Made if it is missing; without `name` it lies below the folder that the variable `below` names."""
        path = self.path(name, default)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            named = name if self.values.get(name) else below
            raise ImproperlyConfigured(
                f"The folder {path} can't be made: {error.strerror}. The environment variable {named} names "
                "another, or let the program's user write there."
            ) from error
        return path
