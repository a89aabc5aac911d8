"""The stamp that a new generation began (generation.py): on one machine a file, on several a key in Redis."""

import logging
import os
import time
import uuid

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

# After Redis did not answer, everything is made anew for so many seconds, without asking it again at every request.
PAUSE = 2


class FileStamp:
    """A file that grows by one byte a change: no clock and no file system is too coarse to see that."""

    def __init__(self, path):
        self.path = path

    def read(self):
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return ()
        return found.st_size, found.st_ino, found.st_mtime_ns

    def set(self):
        with open(self.path, "ab") as file:
            file.write(b".")


class CacheStamp:
    """A key in Django's cache, for web servers on several machines. None while the cache does not answer."""

    KEY = "content.edition"

    def __init__(self):
        self.ask_again = 0.0

    def read(self):
        if time.monotonic() < self.ask_again:
            return None
        try:
            found = cache.get(self.KEY)
            if found is None:
                cache.add(self.KEY, uuid.uuid4().hex, timeout=None)
                found = cache.get(self.KEY)
            return found
        except Exception as error:  # each client library raises its own
            self.ask_again = time.monotonic() + PAUSE
            logger.error("The shared cache does not answer; pages are made anew: %s", type(error).__name__)
            return None

    def set(self):
        cache.set(self.KEY, uuid.uuid4().hex, timeout=None)


generation_stamp = CacheStamp() if settings.REDIS_URL else FileStamp(settings.DATA_DIR / "edition")
