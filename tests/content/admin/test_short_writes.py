"""While an article's page writes, nobody else can (SQLite): so what takes long is done before or after."""

import pytest
from django.db import connection

from content import images
from content.admin import desk, forms
from content.models import Picture
from content.text import markdown

from .test_editors import save
from .test_pictures import as_file, scene, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def depths(monkeypatch):
    """How deep in transactions each of the costly things was done, beside the test's own."""
    found, outside = {}, len(connection.atomic_blocks)

    def watch(module, name):
        do = getattr(module, name)

        def watched(*args, **kwargs):
            found.setdefault(name, []).append(len(connection.atomic_blocks) - outside)
            return do(*args, **kwargs)

        monkeypatch.setattr(module, name, watched)

    watch(desk, "render_preview_document")
    watch(desk, "lint_version")
    watch(desk, "diff_conflict")
    watch(markdown.MD, "parse")
    watch(forms, "find_problems")
    watch(images, "process_upload")
    return found


def test_a_refused_save_of_an_article_holds_up_nobody_while_its_page_is_made(editing, add, depths):
    article = add()
    depths.clear()
    assert save(editing, article, opened_on=0, body="Walk a little, and rest.\n").status_code == 409
    assert {name for name, met in depths.items() if any(met)} == set()
    assert {"find_problems", "render_preview_document", "lint_version", "diff_conflict"} <= depths.keys()


def test_what_is_saved_is_looked_at_once_more_where_nobody_else_can_write(editing, add, depths):
    article = add()
    depths.clear()
    assert save(editing, article, body="Walk a little, and rest.\n").status_code == 302
    assert depths["find_problems"][0] == 0 < depths["find_problems"][-1]


def test_a_picture_holds_up_nobody_while_its_sizes_are_made(editing, depths, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload(editing, as_file(scene()))
    assert Picture.objects.exists()
    assert depths["process_upload"] == [0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("staff_groups")
def test_a_form_is_looked_at_where_no_transaction_is_open(editing, add):
    """PostgreSQL locks no row there."""
    article = add()
    assert save(editing, article, opened_on=0, body="Walk a little, and rest.\n").status_code == 409
    assert save(editing, article, body="Walk a little, and rest.\n").status_code == 302
