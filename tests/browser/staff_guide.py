"""make staff-guide: the pictures of docs/staff-guide.md, from a site of its own with sample checks.

Run it when the staff pages look different. Needs Chromium. The accounts are made for the pictures.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.shoot import shoot
from tests.serving import ROOT, served

FOLDER = ROOT / "docs/staff"
PASSWORD = "only for these pictures"
ACCOUNTS = f"""
from django.contrib.auth.models import Group, User
for name, first, role in (("nurse", "Sample", "Clinic staff"), ("lead", "Sample", "Leads")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True, first_name=first, last_name=name)
    user.groups.add(Group.objects.get(name=role))
"""
QUEUE = "/admin/assessment/assessment/"


def main():
    with tempfile.TemporaryDirectory() as folder:
        # The server and the commands read the same folder and the same key.
        os.environ.update(LOCAL="true", SECRET_KEY="for pictures only", DATA_DIR=folder, TIME_ZONE="UTC")
        with served(folder) as site, sync_playwright() as playwright:
            for command in (["sample_checks", "--seed", "7"], ["shell", "--command", ACCOUNTS]):
                subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            take(browser, site)
            browser.close()


def sign_in(browser, site, name):
    page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=site)
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Log in").click()
    return page


def take(browser, site):
    nurse, lead = sign_in(browser, site, "nurse"), sign_in(browser, site, "lead")
    shoot(nurse, FOLDER, "start", 620)
    nurse.goto("/admin/set-up/")
    shoot(nurse, FOLDER, "set-up", 900)
    nurse.goto(QUEUE)
    shoot(nurse, FOLDER, "queue", 720)
    with nurse.expect_navigation():
        nurse.get_by_role("link", name="Open the next check").click()
    with nurse.expect_navigation():
        nurse.get_by_role("button", name="Take this check").click()
    shoot(nurse, FOLDER, "check", 900)
    number = nurse.url.rstrip("/").split("/")[-2]
    nurse.goto(f"{QUEUE}{number}/ending/")
    nurse.select_option("[name=why]", "mistake")
    with nurse.expect_navigation():
        nurse.get_by_role("button", name="Propose to delete it").click()
    lead.goto(f"{QUEUE}{number}/ending/")
    shoot(lead, FOLDER, "ending", 620)
    lead.goto(f"{QUEUE}export/")
    shoot(lead, FOLDER, "export", 800)
    lead.goto("/admin/auth/user/add/")
    shoot(lead, FOLDER, "account", 900)


if __name__ == "__main__":
    Path(FOLDER).mkdir(exist_ok=True)
    main()
