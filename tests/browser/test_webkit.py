"""The check in a second engine, WebKit as in every iPhone: by keyboard alone, and with JavaScript switched off.

Playwright drives only a WebKit of its own build, so this one is Debian's WebKitGTK, driven by Selenium.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from assessment.models import Assessment
from assessment.protocol.back_pain import PROTOCOL

from ..assessment.walks import STRAIN

DRIVER, SCREEN = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
BROWSER = next(iter(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")), None)
LONGEST = 60  # more presses of Tab than any page of the check needs
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    # Selenium's own way of reaching this driver.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
    pytest.mark.skipif(
        not (DRIVER and SCREEN and BROWSER) and not os.environ.get("REQUIRE_BROWSER"),
        reason="no WebKitGTK here (Debian: apt install webkit2gtk-driver xvfb)",
    ),
]


@pytest.fixture(scope="module")
def screen():
    """A screen nobody looks at: WebKitGTK has no headless mode. Its name, for DISPLAY."""
    read, write = os.pipe()
    server = subprocess.Popen(
        [SCREEN, "-displayfd", str(write), "-screen", "0", "800x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    yield ":" + os.read(read, 16).decode().strip()
    server.terminate()
    server.wait(timeout=10)
    os.close(read)
    os.close(write)


@pytest.fixture
def webkit(screen, starter_articles):
    """A reader's WebKit with JavaScript switched off."""
    options = Options()
    options.binary_location = str(BROWSER)
    for argument in ("--automation", "--enable-javascript=false"):
        options.add_argument(argument)
    browser = webdriver.WebKitGTK(
        options=options, service=Service(DRIVER, env={**os.environ, "DISPLAY": screen, "GDK_BACKEND": "x11"})
    )
    yield browser
    browser.quit()


def press(webkit, key):
    webkit.switch_to.active_element.send_keys(key)


def tab_to(webkit, wanted):
    """Tab until the focus is on what is wanted."""
    for _ in range(LONGEST):
        press(webkit, Keys.TAB)
        found = webkit.switch_to.active_element
        if wanted(found):
            return found
    raise AssertionError(f"Tab does not reach it on {webkit.current_url}")


def enter(webkit, text):
    """Tab to a link or a button with this text, press Enter, and wait for the page it leads to."""
    old = webkit.find_element(By.TAG_NAME, "html")
    tab_to(webkit, lambda found: found.tag_name in ("a", "button") and text in found.text)
    press(webkit, Keys.ENTER)
    WebDriverWait(webkit, 20).until(lambda _: gone(old))
    WebDriverWait(webkit, 20).until(lambda _: webkit.find_elements(By.TAG_NAME, "footer"))


def gone(element):
    try:
        element.is_enabled()
    except WebDriverException:
        return True
    return False


def choose(webkit, question, wanted):
    """Tick the wanted options: Space for boxes, arrows for a choice of one."""
    first = tab_to(webkit, lambda found: found.get_attribute("name") == "answer")
    for option in [option for option in question.codes() if option in wanted]:
        if question.many:
            found = first
            if found.get_attribute("value") != option:
                found = tab_to(webkit, lambda found, option=option: found.get_attribute("value") == option)
            press(webkit, Keys.SPACE)
        else:
            press(webkit, Keys.SPACE)
            for _ in question.codes():
                found = webkit.switch_to.active_element
                if found.get_attribute("value") == option:
                    break
                press(webkit, Keys.ARROW_DOWN)
        assert found.is_selected(), (question.code, option)


def walk(webkit, site, answers):
    webkit.get(f"{site.url}/")
    enter(webkit, "Start the check")
    enter(webkit, "Start the check")
    while found := re.search(r"/check/([a-z_]+)/$", webkit.current_url):
        question = PROTOCOL.question(found[1])
        if question is None:
            break
        choose(webkit, question, answers[question.code])
        enter(webkit, "Continue")


def heading(webkit):
    return webkit.find_element(By.TAG_NAME, "h1").text


def test_javascript_is_really_off(webkit):
    webkit.get("data:text/html,<title>off</title><script>document.title = 'on'</script>")
    assert webkit.title == "off"


def test_the_whole_check_by_keyboard(webkit, live_server):
    walk(webkit, live_server, STRAIN)
    assert heading(webkit) == "Check your answers"
    enter(webkit, "Send to the clinic")
    assert heading(webkit) == "Look after your back at home for the next 2 weeks"
    assert webkit.find_element(By.CLASS_NAME, "reference").text == Assessment.objects.get().reference


def test_an_emergency_and_its_number_by_keyboard(webkit, live_server):
    walk(webkit, live_server, {"now": ["chest"]})
    assert heading(webkit) == "Call 911 now"
    call = tab_to(webkit, lambda found: (found.get_attribute("href") or "").startswith("tel:"))
    assert call.text == "Call 911"


def test_the_way_out_of_an_error_by_keyboard(webkit, live_server):
    webkit.get(f"{live_server.url}/check/")
    enter(webkit, "Start the check")
    enter(webkit, "Continue")
    assert webkit.title.startswith("Error: ")
    summary = webkit.find_element(By.CLASS_NAME, "error-summary").find_element(By.TAG_NAME, "a")
    tab_to(webkit, lambda found: found == summary)
    press(webkit, Keys.ENTER)
    assert webkit.switch_to.active_element.get_attribute("name") == "answer"


def test_a_touch_on_the_picture_of_the_back_ticks_its_box(webkit, live_server):
    webkit.get(f"{live_server.url}/check/")
    enter(webkit, "Start the check")
    for code in ("now", "age"):
        choose(webkit, PROTOCOL.question(code), STRAIN[code])
        enter(webkit, "Continue")
    for code in ("lower_left", "leg_right"):
        box = webkit.find_element(By.CSS_SELECTOR, f'.map input[value="{code}"]')
        shape = webkit.find_element(By.CSS_SELECTOR, f'.zone:has(input[value="{code}"]) path')
        ActionChains(webkit).move_to_element(shape).click().perform()
        assert box.is_selected(), code
