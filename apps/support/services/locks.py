"""Writers of the knowledge that have to follow one another, until the transaction of each ends."""

from apps.registry.services.locks import lock


def lock_article(slug: str, language: str) -> None:
    """Two versions of an article follow one another, so that no number is given twice."""
    lock(f"support.article:{slug}:{language}")


def lock_placeholder(name: str) -> None:
    """Two who add a placeholder of one name follow one another, so that the later knows of the first."""
    lock(f"support.placeholder:{name}")


def lock_imports() -> None:
    """Two files are taken over one after the other; with rows in common they would wait for one another."""
    lock("support.imports")


def lock_suggestions() -> None:
    """Two groupings of the unanswered questions follow one another, so that one replaces the other."""
    lock("support.suggestions")
