"""What the pages of a check carry to say which check they belong to: a keyed hash of its token.

It opens nothing by itself; it keeps a page of an earlier check from answering for a newer one in the same session. So
what is stored, in a session or with a record, is never what a browser sends.
"""

from django.utils.crypto import constant_time_compare

from core.keyed_hashes import list_hashes


def make_form_token(token: str) -> str:
    """What stands in the pages of the check with this token."""
    return list_form_tokens(token)[0]


def is_form_token(sent: str | None, token: str) -> bool:
    """Whether a page of the check with this token sent it, perhaps one made under an earlier SECRET_KEY."""
    return sent is not None and any(constant_time_compare(sent, known) for known in list_form_tokens(token))


def list_form_tokens(token: str) -> list[str]:
    return list_hashes("assessment.check.form", token)
