"""The staff's start page tells an editor what waits for them."""

import html

import pytest

from content import publishing

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(add, editor):
    """A text of the editor that waits for approval."""
    return add(approved_at=None, author=editor).versions.get()


def start_page(user, signed_in):
    return html.unescape(signed_in(user).get("/admin/").content.decode())


def test_who_approves_is_told_what_waits(sent, editor, approver, signed_in):
    assert "for you to approve" not in start_page(approver, signed_in)
    publishing.send_for_approval(sent, editor)
    assert "1 text waits for you to approve" in start_page(approver, signed_in)
    assert "for you to approve" not in start_page(editor, signed_in)


def test_who_wrote_a_text_is_told_that_it_came_back(sent, editor, approver, signed_in):
    publishing.send_for_approval(sent, editor)
    publishing.return_version(sent, approver, "Shorter, please")
    assert "1 text of yours came back" in start_page(editor, signed_in)
    assert "came back" not in start_page(approver, signed_in)
