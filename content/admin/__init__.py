"""The editors' desk: where the articles are kept current. Nothing is overwritten, nothing is deleted."""

from . import articles, pictures, places, versions

__all__ = ["articles", "pictures", "places", "versions"]
