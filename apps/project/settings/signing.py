import secrets
from pathlib import Path


def kept_secret_key(path: Path) -> str:
    """A random key that one machine keeps, so that a restart signs nobody out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as created:
            path.chmod(0o600)
            created.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()
