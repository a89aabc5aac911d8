"""make staff-guide: the pictures of docs/staff-guide.md, from a site of its own with sample checks.

Run it when the staff pages look different. Needs Chromium. The accounts are made for the pictures.
"""

from tests.browser.shoot import PASSWORD, serve_sample_site, take_picture
from tests.serving import ROOT

FOLDER = ROOT / "docs/staff"
ACCOUNTS = f"""
from django.contrib.auth.models import Group, User
for name, first, role in (("nurse", "Sample", "Clinic staff"), ("lead", "Sample", "Leads")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True, first_name=first, last_name=name)
    user.groups.add(Group.objects.get(name=role))
"""
QUEUE = "/admin/assessment/assessment/"


def take_staff_pictures(sign_in):
    nurse, lead = sign_in("nurse"), sign_in("lead")
    take_picture(nurse, FOLDER, "start", 620)
    nurse.goto("/admin/set-up/")
    take_picture(nurse, FOLDER, "set-up", 900)
    nurse.goto(QUEUE)
    take_picture(nurse, FOLDER, "queue", 720)
    with nurse.expect_navigation():
        nurse.get_by_role("link", name="Open the next check").click()
    with nurse.expect_navigation():
        nurse.get_by_role("button", name="Take this check").click()
    take_picture(nurse, FOLDER, "check", 900)
    number = nurse.url.rstrip("/").split("/")[-2]
    nurse.goto(f"{QUEUE}{number}/ending/")
    nurse.select_option("[name=why]", "mistake")
    with nurse.expect_navigation():
        nurse.get_by_role("button", name="Propose to delete it").click()
    lead.goto(f"{QUEUE}{number}/ending/")
    take_picture(lead, FOLDER, "ending", 620)
    lead.goto(f"{QUEUE}export/")
    take_picture(lead, FOLDER, "export", 800)
    lead.goto("/admin/auth/user/add/")
    take_picture(lead, FOLDER, "account", 900)


if __name__ == "__main__":
    with serve_sample_site(["sample_checks", "--seed", "7"], ["shell", "--command", ACCOUNTS]) as (sign_in, _):
        take_staff_pictures(sign_in)
