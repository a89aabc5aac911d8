"""make guide: the pictures of the editors' guide, from a site of its own with sample words.

Needs Chromium and the development requirements. Run it when the desk looks different. The people are made up.
"""

from pathlib import Path

from PIL import Image

from tests.browser.shoot import PASSWORD, SignIn, serve_sample_site, take_picture
from tests.serving import ROOT

FOLDER = ROOT / "docs/guide"
SAMPLE = """
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from content import publishing
from content.models import Article, Feedback
def person(name, group):
    user = get_user_model().objects.create_user(name, password={password!r}, is_staff=True, first_name="Sample")
    user.last_name = group[:-1].lower()
    user.save()
    user.groups.add(Group.objects.get(name=group))
    return user
editor, approver = person("editor", "Editors"), person("approver", "Approvers")
today = timezone.localdate()
def change(slug, send=True, **changes):
    article = Article.objects.get(slug=slug)
    newest = article.newest
    names = ("title", "summary", "body", "figures", "written", "review_due")
    words = {{name: getattr(newest, name) for name in names}}
    version = publishing.write_version(article, editor, {{**words, "note": "Sample", "publish_at": None, **changes}})
    return publishing.send_for_approval(version, editor) if send else version
body = Article.objects.get(slug="golf").newest.body.replace("halfway through", "in the middle of", 1)
change("golf", body=body, note="Said it more simply")
old = {{"written": today - timedelta(400), "review_due": today - timedelta(20)}}
publishing.approve_version(change("overuse", **old), approver)
later = timezone.now() + timedelta(days=9)
publishing.approve_version(change("nerves", summary="Sample words for a day to come."), approver, publish_at=later)
change("tennis", send=False, summary="Sample words.")
for clear in (True, True, True, False):
    Feedback.objects.create(path="/sports/golf/", clear=clear, day=today)
"""


def take_editor_pictures(sign_in: SignIn, folder: Path) -> None:
    photo = folder / "heat-pack.jpg"
    Image.radial_gradient("L").resize((1200, 800)).convert("RGB").save(photo)
    editor, approver = sign_in("editor"), sign_in("approver")
    for page in (editor, approver):
        page.goto("/admin/content/article/")
    take_picture(editor, FOLDER, "list", height=620)
    editor.get_by_role("link", name="Back spasms in golf").click()
    editor.locator(".frame-tools").wait_for()
    editor.wait_for_timeout(500)
    take_picture(editor, FOLDER, "edit", height=900)
    with editor.expect_navigation():
        editor.get_by_role("button", name="Compare the two").click()
    take_picture(editor, FOLDER, "compare", height=620)
    editor.goto("/admin/content/picture/add/")
    editor.locator("#id_upload").set_input_files(photo)
    editor.fill("#id_name", "heat-pack")
    editor.fill("#id_alt", "A hand holds a wrapped heat pack on a lower back")
    editor.fill("#id_credit", "Clinic photograph, 2026")
    take_picture(editor, FOLDER, "picture", height=620)
    approver.get_by_role("link", name="Back spasms in golf").click()
    approver.locator(".frame-tools").wait_for()
    approver.wait_for_timeout(500)
    take_picture(approver, FOLDER, "approve", height=820)


if __name__ == "__main__":
    with serve_sample_site(["shell", "--command", SAMPLE.format(password=PASSWORD)]) as (sign_in, folder):
        take_editor_pictures(sign_in, folder)
