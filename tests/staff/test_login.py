"""Staff log in with a password and a code; nothing of the staff pages opens with less."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from core.audit import AuditEvent
from staff import factors
from staff.forms import GUESSES
from staff.models import Phone

from .people import PASSWORD, make_phone, read_code, sign_in_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/assessment/assessment/"


@pytest.fixture
def nurse(person):
    return person("Clinic staff")


def give_password(user, to=QUEUE):
    client = Client()
    address = f"/admin/login/?next={to}"
    client.post(address, {"username": user.username, "password": PASSWORD, "next": to})
    return client


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def actions():
    return list(AuditEvent.objects.order_by("number").values_list("action", "facts__what"))


def test_the_first_login_leads_to_setting_up_a_phone(nurse):
    client = give_password(nurse)
    answer = client.get(QUEUE, follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/set-up/?next={QUEUE}"
    assert "<svg" in words(answer)
    assert factors.format_phone_key(Phone.objects.get(user=nurse)) in words(answer)


def test_the_phone_is_set_up_by_a_code_and_ten_recovery_codes_are_shown_once(nurse):
    client = give_password(nurse)
    client.get("/admin/set-up/")
    device = Phone.objects.get(user=nurse)
    answer = client.post("/admin/set-up/", {"code": read_code(device), "next": QUEUE})
    shown = re.findall(r"<li><code>([a-z2-7]{4}-[a-z2-7]{4})</code></li>", words(answer))
    assert len(set(shown)) == 10
    assert f'href="{QUEUE}"' in words(answer)
    assert client.get(QUEUE).status_code == 200
    assert not set(shown) & set(re.findall(r"[a-z2-7]{4}-[a-z2-7]{4}", words(client.get("/admin/set-up/"))))


def test_a_wrong_code_sets_up_nothing_and_the_key_stays_the_same(nurse):
    client = give_password(nurse)
    before = words(client.get("/admin/set-up/"))
    answer = client.post("/admin/set-up/", {"code": "000000"})
    assert answer.status_code == 422
    assert "This code is not right" in words(answer)
    assert not Phone.objects.filter(confirmed=True).exists()
    secret = factors.format_phone_key(Phone.objects.get())
    assert secret in before
    assert secret in words(answer)


def test_a_password_alone_opens_no_page(nurse):
    make_phone(nurse)
    client = give_password(nurse)
    answer = client.get(QUEUE, follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/code/?next={QUEUE}"
    assert client.get("/admin/").status_code == 302


def test_password_and_code_open_the_page_that_was_asked_for(nurse):
    device = make_phone(nurse)
    client = give_password(nurse)
    key = client.session.session_key
    answer = client.post("/admin/code/", {"code": read_code(device), "next": QUEUE})
    assert answer["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    assert client.session.session_key != key


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "abc", "abc?a=/"])
def test_after_the_code_nobody_is_sent_to_another_site(nurse, to):
    device = make_phone(nurse)
    answer = give_password(nurse).post("/admin/code/", {"code": read_code(device), "next": to})
    assert answer["Location"] == "/admin/"


def test_a_code_counts_once(nurse):
    device = make_phone(nurse)
    used = read_code(device)
    give_password(nurse).post("/admin/code/", {"code": used})
    second = give_password(nurse)
    answer = second.post("/admin/code/", {"code": used})
    assert answer.status_code == 422
    assert "it was used before" in words(answer)
    assert second.get("/admin/").status_code == 302


def test_after_a_wrong_code_even_the_right_one_waits(nurse):
    device = make_phone(nurse)
    client = give_password(nurse)
    for _ in range(4):
        Phone.objects.update(throttling_failure_timestamp=None)
        client.post("/admin/code/", {"code": "000000"})
    answer = client.post("/admin/code/", {"code": read_code(device)})
    assert "Wait 8 seconds" in words(answer)
    assert client.get("/admin/").status_code == 302


def lock_phone(device):
    """As after very many wrong codes from whoever knows the password."""
    now = timezone.now()
    type(device).objects.update(throttling_failure_count=40, throttling_failure_timestamp=now)


def test_no_number_of_wrong_codes_makes_anybody_wait_longer_than_nine_minutes(nurse):
    device = make_phone(nurse)
    lock_phone(device)
    answer = give_password(nurse).post("/admin/code/", {"code": read_code(device)})
    assert int(re.search(r"Wait (\d+) seconds", words(answer))[1]) <= 512
    Phone.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=513))
    assert give_password(nurse).post("/admin/code/", {"code": read_code(device)}).status_code == 302


def test_a_known_device_takes_the_right_code_while_somebody_else_guesses_codes(nurse):
    device = make_phone(nurse)
    client = give_password(nurse)
    client.post("/admin/code/", {"code": read_code(device)})
    client.post("/admin/logout/")
    Phone.objects.update(last_t=-1)
    lock_phone(device)
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    assert client.post("/admin/code/", {"code": read_code(device)}).status_code == 302


def test_wrong_codes_on_a_known_device_are_counted_there_and_lock_no_phone(nurse):
    device = make_phone(nurse)
    client = give_password(nurse)
    client.post("/admin/code/", {"code": read_code(device)})
    client.post("/admin/logout/")
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    for _ in range(factors.HERE.capacity):
        assert "This code is not right" in words(client.post("/admin/code/", {"code": "000000"}))
    Phone.objects.update(last_t=-1)
    assert "Wait 5 minutes" in words(client.post("/admin/code/", {"code": read_code(device)}))
    assert give_password(nurse).post("/admin/code/", {"code": read_code(device)}).status_code == 302


def test_a_recovery_code_opens_the_door_while_the_phone_is_locked_by_others(nurse):
    device = make_phone(nurse)
    paper = factors.make_recovery_codes(nurse)
    lock_phone(device)
    StaticDevice.objects.update(throttling_failure_count=40, throttling_failure_timestamp=timezone.now())
    assert give_password(nurse).post("/admin/code/", {"code": paper[0]}).status_code == 302


def test_guesses_at_recovery_codes_make_their_own_network_wait_and_no_other(nurse):
    make_phone(nurse)
    paper = factors.make_recovery_codes(nurse)
    client = give_password(nurse)
    for _ in range(factors.PAPER.capacity):
        client.post("/admin/code/", {"code": "aaaa-bbbb"})
    assert "Wait 1 minute," in words(client.post("/admin/code/", {"code": paper[0]}))
    elsewhere = give_password(nurse)
    elsewhere.defaults["REMOTE_ADDR"] = "192.0.2.9"
    assert elsewhere.post("/admin/code/", {"code": paper[0]}).status_code == 302


def test_who_is_logged_in_can_confirm_while_somebody_else_guesses_codes(nurse):
    client = sign_in_staff(nurse)
    device = Phone.objects.get()
    lock_phone(device)
    assert client.post("/admin/confirm/", {"password": PASSWORD, "code": read_code(device)}).status_code == 302


def test_a_new_key_of_the_session_gives_no_new_guesses(nurse):
    open_screen = sign_in_staff(nurse)
    for _ in range(GUESSES.capacity + 1):
        open_screen.post("/check/delete/")  # clears a patient's check, under a new key
        open_screen.post("/admin/confirm/", {"password": "a guess", "code": ""})
    assert "too many tries" in words(open_screen.post("/admin/confirm/", {"password": PASSWORD, "code": ""}))


def test_a_phone_that_goes_while_its_code_is_looked_at_is_said_in_words(nurse):
    device = make_phone(nurse)
    Phone.objects.all().delete()
    with pytest.raises(factors.WrongCodeError, match="changed a moment ago"):
        factors.use_code(device, "123456")


def test_passwords_guessed_at_one_open_screen_do_not_stop_the_owner_at_another(nurse):
    open_screen = sign_in_staff(nurse)
    other = sign_in_staff(nurse)
    for _ in range(GUESSES.capacity + 1):
        open_screen.post("/admin/confirm/", {"password": "a guess", "code": ""})
    assert "too many tries" in words(open_screen.post("/admin/confirm/", {"password": PASSWORD, "code": ""}))
    assert "too many tries" not in words(other.post("/admin/confirm/", {"password": PASSWORD, "code": ""}))


@pytest.mark.parametrize("stored", ["lock", "used"])
def test_a_clock_that_was_set_back_keeps_no_right_code_out(nurse, stored):
    device = make_phone(nurse)
    later = timezone.now() + timedelta(minutes=40)
    if stored == "lock":
        Phone.objects.update(throttling_failure_count=1, throttling_failure_timestamp=later)
    else:
        Phone.objects.update(last_t=int(later.timestamp()) // device.step)
    assert give_password(nurse).post("/admin/code/", {"code": read_code(device)}).status_code == 302


def test_a_recovery_code_opens_the_door_once(nurse):
    make_phone(nurse)
    paper = factors.make_recovery_codes(nurse)
    client = give_password(nurse)
    answer = client.post("/admin/code/", {"code": f" {paper[3].upper()} "}, follow=True)
    assert "9 are left" in words(answer)
    assert client.get(QUEUE).status_code == 200
    assert give_password(nurse).post("/admin/code/", {"code": paper[3]}).status_code == 422


def test_a_colleagues_code_is_of_no_use(nurse, person):
    make_phone(nurse)
    other = make_phone(person("Leads"))
    assert give_password(nurse).post("/admin/code/", {"code": read_code(other)}).status_code == 422


@pytest.mark.parametrize("text", ["", " ", "abc", "²²²²²²", "1" * 40, "12345678901234567890123456789012345678901"])
def test_what_is_no_code_is_a_message_beside_the_field(nurse, text):
    make_phone(nurse)
    answer = give_password(nurse).post("/admin/code/", {"code": text})
    assert answer.status_code == 422
    assert 'class="errors" id="id_code_error"' in words(answer)


def test_new_recovery_codes_make_the_old_ones_void(nurse):
    client = sign_in_staff(nurse)
    old = factors.make_recovery_codes(nurse)
    client.post("/admin/recovery-codes/")
    assert StaticToken.objects.count() == 10
    assert give_password(nurse).post("/admin/code/", {"code": old[0]}).status_code == 422


def test_a_new_phone_takes_the_place_of_the_old_one(nurse):
    client = sign_in_staff(nurse)
    client.get("/admin/set-up/")
    new = Phone.objects.get(confirmed=False)
    client.post("/admin/set-up/", {"code": read_code(new)})
    assert Phone.objects.get() == new


def test_who_has_a_phone_cannot_set_up_another_with_the_password_alone(nurse):
    make_phone(nurse)
    client = give_password(nurse)
    assert client.get("/admin/set-up/")["Location"] == "/admin/code/"
    assert client.post("/admin/set-up/", {"code": "123456"})["Location"] == "/admin/code/"


def test_a_patient_finds_no_door_here(client):
    for page in ("code", "set-up", "confirm", "here", "recovery-codes"):
        assert client.get(f"/admin/{page}/")["Location"].startswith("/admin/login/?next=")


def test_on_ones_own_machine_a_password_is_enough_until_a_phone_is_set_up(nurse, settings):
    settings.SECOND_FACTOR = False
    assert give_password(nurse).get(QUEUE).status_code == 200
    device = make_phone(nurse)
    client = give_password(nurse)
    assert client.get(QUEUE, follow=True).redirect_chain[-1][0].startswith("/admin/code/")
    client.post("/admin/code/", {"code": read_code(device)})
    assert client.get(QUEUE).status_code == 200


def test_a_closed_account_is_out_at_once(nurse):
    client = sign_in_staff(nurse)
    assert client.get(QUEUE).status_code == 200
    get_user_model().objects.update(is_active=False)
    assert client.get(QUEUE).status_code == 302


def test_a_session_key_from_before_logging_out_opens_nothing(nurse):
    client = sign_in_staff(nurse)
    cookies = client.cookies.output()
    client.post("/admin/logout/")
    again = Client()
    again.cookies.load(cookies.replace("Set-Cookie: ", ""))
    assert again.get(QUEUE).status_code == 302


def test_the_trail_knows_of_logins_good_and_bad(nurse):
    device = make_phone(nurse)
    Client().post("/admin/login/", {"username": nurse.username, "password": "a wrong guess"})
    client = give_password(nurse)
    client.post("/admin/code/", {"code": "000000"})
    Phone.objects.update(throttling_failure_timestamp=None)
    client.post("/admin/code/", {"code": read_code(device)})
    client.post("/admin/logout/")
    assert [action for action, _ in actions()] == ["login_failed", "login", "code_failed", "login", "logout"]


def test_codes_that_come_too_soon_are_not_looked_at_and_fill_no_trail(nurse):
    make_phone(nurse)
    client = give_password(nurse)
    for _ in range(6):
        client.post("/admin/code/", {"code": "000000"})
    assert [action for action, _ in actions()] == ["login", "code_failed"]


def test_a_password_typed_as_a_name_is_not_kept(db):
    Client().post("/admin/login/", {"username": "my secret password", "password": "nurse"})
    assert not AuditEvent.objects.exists()


def test_who_has_taken_both_steps_is_not_asked_for_a_code_again(nurse):
    assert sign_in_staff(nurse).get(f"/admin/code/?next={QUEUE}")["Location"] == QUEUE


def test_without_a_phone_the_page_for_the_code_leads_to_setting_one_up(nurse):
    assert give_password(nurse).get("/admin/code/")["Location"] == "/admin/set-up/"


def test_on_ones_own_machine_the_password_alone_shows_who_one_is(nurse, settings):
    settings.SECOND_FACTOR = False
    client = give_password(nurse)
    assert 'name="code"' not in words(client.get("/admin/confirm/"))
    assert client.post("/admin/confirm/", {"password": "a guess"}).status_code == 422
    assert client.post(f"/admin/confirm/?next={QUEUE}", {"password": PASSWORD})["Location"] == QUEUE


def test_recovery_codes_without_a_phone_lead_to_setting_one_up(nurse, settings):
    settings.SECOND_FACTOR = False
    client = give_password(nurse)
    assert client.post("/admin/recovery-codes/")["Location"] == "/admin/set-up/"
    assert not StaticToken.objects.exists()
