import fcntl
import secrets
from pathlib import Path


def kept_secret_key(path: Path) -> str:
    """A random key that one machine keeps, so that a restart signs nobody out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)  # programs that start at once have one key
        key = kept.read()
        if not key:  # the first start, or one that was killed or found the disk full here
            key = secrets.token_urlsafe(50)
            kept.write(key)
    return key
