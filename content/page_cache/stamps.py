"""The stamp that a new generation began (generation.py): on one machine a file, on several a key in Redis."""

import logging
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

# After Redis did not answer, everything is made anew for so many seconds. It is not asked again meanwhile: not at every
# request, nor at every write, of which load_articles has many. A stamp that was not set is case 3 of generation.py.
PAUSE = 2


# What a stamp shows when it is read. It differs after every set().
StampMark = tuple[int, ...] | str


class FileStamp:
    """A file that grows by one byte a change: no clock and no file system is too coarse to see that."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[int, ...]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        return found.st_size, found.st_ino, found.st_mtime_ns

    def set(self) -> None:
        self.path.touch(mode=0o600)
        with self.path.open("ab") as file:
            file.write(b".")


class CacheStamp:
    """A key in Django's cache, for web servers on several machines. None while the cache does not answer."""

    # As it was named when the first of them was set: with another name, web servers of two versions, side by side in
    # an upgrade, would not hear of each other's changes. For the same reason the file of FileStamp, the table and the
    # triggers (content/page_cache/watch.py) go on being called edition.
    KEY = "content.edition"

    def __init__(self) -> None:
        self.ask_again = 0.0

    def read(self) -> str | None:
        if time.monotonic() < self.ask_again:
            return None
        try:
            found: str | None = cache.get(self.KEY)
            if found is None:
                cache.add(self.KEY, uuid.uuid4().hex, timeout=None)
                found = cache.get(self.KEY)
            return found
        except Exception as error:  # each client library raises its own
            self.pause(error)
            return None

    def set(self) -> None:
        if time.monotonic() < self.ask_again:
            return
        try:
            cache.set(self.KEY, uuid.uuid4().hex, timeout=None)
        except Exception as error:
            self.pause(error)

    def pause(self, error: Exception) -> None:
        self.ask_again = time.monotonic() + PAUSE
        logger.error("The shared cache does not answer; pages are made anew: %s", type(error).__name__)


generation_stamp = CacheStamp() if settings.REDIS_URL else FileStamp(settings.DATA_DIR / "edition")
