"""What collectstatic makes of the static files: style sheets squeezed, then hashed names and compressed copies."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


def squeeze_css(sheet: str) -> str:
    """The same rules without comments and blanks; as it is where the squeezer is missing or cannot read it."""
    # Only here: it brings a runtime of Go with it, which the web processes do not need.
    try:
        import minify
    except ImportError:
        return sheet
    try:
        squeezed: str = minify.string("text/css", sheet)
    except minify.MinifyError:
        return sheet
    return squeezed


class SqueezedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Style sheets are written to be read, and sent to be small."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """paths: {name: (storage, path there)} of the files collected; of each comes what Django's storage says."""
        found = dict(paths)
        for name in [] if dry_run else [name for name in paths if name.endswith(".css")]:
            source, path = paths[name]
            with source.open(path) as file:
                sheet = file.read().decode()
            self.delete(name)
            self.save(name, ContentFile(squeeze_css(sheet)))
            found[name] = (self, name)
        yield from super().post_process(found, dry_run=dry_run, **options)
