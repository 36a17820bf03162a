"""Message catalogues without the gettext programs: Babel extracts, Django rewrites templates for it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_lazy": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# What modelcore and the registry say: a template with its values, see modelcore.sentence. Their errors, which
# all descend from these, take the same.
SENTENCES = {"Sentence": None, "say": (2,)}
SPEAKING = ("ModelcoreError", "RegistryError")
CLASS = re.compile(rb"^class (\w+)\((\w+)", re.MULTILINE)
TRANSLATED = ("zh_Hans",)


def extract_catalogue() -> Catalog:
    """Every text of the apps and templates that is marked for translation, with the files that hold it."""
    catalogue = Catalog(project="Berth", charset="utf-8")
    sources = list(_sources())
    errors = dict.fromkeys(_descendants([source for _path, source in sources]))
    for path, source in sources:
        place = path.relative_to(settings.BASE_DIR).as_posix()
        found = extract("python", io.BytesIO(source), keywords=KEYWORDS | SENTENCES | errors)
        for line, message, _comments, context in found:
            flags = ("python-format",) if "%(" in str(message) else ()
            catalogue.add(message, locations=[(place, line)], context=context, flags=flags)
    return catalogue


def _descendants(sources: list[bytes]) -> set[str]:
    """The errors that speak, by name, and their roots."""
    classes = [(name.decode(), base.decode()) for source in sources for name, base in CLASS.findall(source)]
    found: set[str] = set()
    more = set(SPEAKING)
    while more:
        found |= more
        more = {name for name, base in classes if base in found} - found
    return found


def update_catalogues() -> None:
    """Write new texts into each language's catalogue and drop those that nobody shows any more."""
    template = extract_catalogue()
    for locale in TRANSLATED:
        catalogue = _read(locale)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path = _path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)


def compile_catalogues() -> None:
    for locale in TRANSLATED:
        with _path(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, _read(locale))


def missing_messages() -> dict[str, list[str]]:
    """For each language the texts without a translation, and those that were never extracted."""
    template = extract_catalogue()
    missing = {}
    for locale in TRANSLATED:
        catalogue = _read(locale)
        missing[locale] = [
            str(message.id)
            for message in template
            if message.id and not _is_translated(catalogue, message.id, message.context)
        ]
    return missing


def _is_translated(
    catalogue: Catalog, message_id: str | list[str] | tuple[str, ...], context: str | None
) -> bool:
    key = message_id[0] if isinstance(message_id, (tuple, list)) else message_id
    found = catalogue.get(key, context)
    if found is None or not found.string:
        return False
    return all(found.string) if isinstance(found.string, (tuple, list)) else True


def _sources() -> Iterator[tuple[Path, bytes]]:
    for package in ("apps", "modelcore"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_bytes()
    for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "apps"):
        for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.txt"))):
            yield path, _as_python(path.read_text("utf-8"))


def _as_python(template: str) -> bytes:
    # Django writes one line of pseudo code a template line; the tokenizer wants no indentation.
    lines = (line.strip() for line in templatize(template).splitlines())
    return "\n".join(lines).encode()


def _read(locale: str) -> Catalog:
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Berth", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _path(locale: str) -> Path:
    return Path(settings.BASE_DIR) / "locale" / locale / "LC_MESSAGES" / "django.po"
