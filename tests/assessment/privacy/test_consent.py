"""Nothing is kept without a yes to words that are kept with it."""

import hashlib
import html
import json

import pytest

from assessment.models import Assessment
from assessment.privacy import consent

from ..walks import STRAIN, answer_question, begin_check, find_token, walk_check

pytestmark = pytest.mark.django_db

# Every wording that ever went out. New words: a new version in assessment/privacy/consent.py, and a line here.
KNOWN = {"2026-11-23": "5967b833ed1b9f8ffa37ac2843f4e4404be70c1e08af531c946f6ac380f8706d"}


def text(response):
    return html.unescape(response.content.decode())


def unsaved(client, answers=STRAIN):
    """Finish a check without saving it; return the page of its result."""
    walk_check(client, answers, agree="no")
    return client.get("/check/result/")


def test_the_words_belong_to_their_version():
    digest = hashlib.sha256(json.dumps(consent.WORDS, sort_keys=True).encode()).hexdigest()
    assert digest == KNOWN.get(consent.VERSION), "the words changed: give consent.py a new VERSION and note it here"


@pytest.mark.parametrize("part", consent.WORDS)
def test_the_words_say_how_long_and_who(part, settings):
    settings.RETENTION_DAYS = 90
    settings.CLINIC = {**settings.CLINIC, "name": "Harbour Clinic"}
    assert "90 days" in consent.render_consent(part)
    assert "Harbour Clinic" in consent.render_consent(part)


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (90, "90 days"), (365, "1 year"), (366, "366 days"), (730, "2 years")]
)
def test_a_time_is_said_as_people_say_it(days, words):
    assert consent.period_in_words(days) == words


def test_the_last_page_says_what_is_kept_and_offers_both_ways(client):
    walk_check(client, STRAIN, finish=False)
    page = text(client.get("/check/answers/"))
    assert consent.render_consent("finish") in page
    assert "Send to the clinic and show my result</button>" in page
    assert "Show my result, send nothing</button>" in page


def test_a_sent_record_holds_the_words_their_version_and_the_time(client):
    walk_check(client, STRAIN)
    record = Assessment.objects.get()
    assert record.consent_text == consent.render_consent("finish")
    assert record.consent_version == consent.VERSION
    assert record.started_at < record.consent_at <= record.finished_at


@pytest.mark.parametrize("pressed", [{"consent": "no"}, {"consent": ""}, {}])
def test_nothing_but_a_yes_stores_a_record(client, pressed):
    _, token = walk_check(client, STRAIN, finish=False)
    response = client.post("/check/answers/", {"token": token, **pressed})
    assert response.headers["Location"] == "/check/result/"
    assert client.get("/check/result/").status_code == 200
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("pressed", ["2020-01-01", "x" * 5000, "a\0b"])
def test_a_yes_to_other_words_is_asked_again_and_loses_nothing(client, pressed):
    _, token = walk_check(client, STRAIN, finish=False)
    response = client.post("/check/answers/", {"token": token, "consent": pressed})
    assert response.status_code == 409
    assert "Please read it again" in text(response)
    assert not Assessment.objects.exists()
    client.post("/check/answers/", {"token": find_token(response), "consent": consent.VERSION})
    assert Assessment.objects.exists()


def test_refusing_never_costs_the_advice(client):
    answers = {**STRAIN, "legs": ["one_numb"]}
    page = text(unsaved(client, answers))
    walk_check(client, answers)
    record = Assessment.objects.get()
    told = [record.result["heading"], record.result["lead"], *record.result["do"], *record.result["avoid"]]
    told += [reason["text"] for reason in record.result["reasons"]] + [item["short"] for item in record.answers]
    for line in [*told, *record.result["watch"], *record.result["now_if"]["signs"]]:
        assert line in page


def test_an_unsaved_result_has_no_code_and_says_that_the_clinic_cannot_see_it(client):
    page = text(unsaved(client))
    assert "The clinic cannot see this result" in page
    assert 'class="reference"' not in page
    assert "Ask to be called back" not in page


def test_an_unsaved_result_is_the_only_thing_in_its_session(client):
    unsaved(client)
    assert list(client.session.keys()) == ["unsaved_result"]


def test_a_second_press_without_saving_shows_the_same_result(client):
    _, token = walk_check(client, STRAIN, finish=False)
    for _ in range(2):
        response = client.post("/check/answers/", {"token": token, "consent": "no"})
        assert response.headers["Location"] == "/check/result/"
    assert not Assessment.objects.exists()


def test_an_unsaved_result_can_be_sent_after_all_as_it_was_shown(client):
    page = unsaved(client)
    shown = client.session["unsaved_result"]
    client.post("/check/send/", {"token": find_token(page), "consent": consent.VERSION})
    record = Assessment.objects.get()
    assert record.result == shown["result"]
    assert record.finished_at.isoformat() == shown["finished_at"]
    assert record.consent_at > record.finished_at
    assert record.consent_text == consent.render_consent("finish")
    assert set(client.session.keys()) == {"result", "note"}
    assert record.reference in text(client.get("/check/result/"))


def test_sending_twice_saves_one_record(client):
    sent = {"token": find_token(unsaved(client)), "consent": consent.VERSION}
    for _ in range(2):
        assert client.post("/check/send/", sent).headers["Location"] == "/check/result/"
    assert Assessment.objects.count() == 1


def test_sending_with_the_last_button_of_another_tab_sends_the_unsaved_result(client):
    _, token = walk_check(client, STRAIN, finish=False)
    client.post("/check/answers/", {"token": token, "consent": "no"})
    client.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    assert Assessment.objects.count() == 1


def test_a_result_of_an_earlier_tab_is_not_sent_for_the_newer_one(client):
    old = find_token(unsaved(client))
    unsaved(client)
    assert client.post("/check/send/", {"token": old, "consent": consent.VERSION}).status_code == 409
    assert not Assessment.objects.exists()


def test_sending_under_other_words_is_asked_again(client):
    token = find_token(unsaved(client))
    response = client.post("/check/send/", {"token": token, "consent": "2020-01-01"})
    assert response.status_code == 409
    assert "Please read it again" in text(response)
    assert not Assessment.objects.exists()


def test_sending_without_a_yes_stays_unsaved(client):
    token = find_token(unsaved(client))
    assert client.post("/check/send/", {"token": token}).headers["Location"] == "/check/result/"
    assert not Assessment.objects.exists()


def test_sending_without_a_result_is_a_kind_page(client):
    assert client.post("/check/send/", {"token": "f" * 64, "consent": consent.VERSION}).status_code == 409


def test_clearing_the_device_forgets_an_unsaved_result(client):
    unsaved(client)
    client.post("/check/delete/")
    assert client.get("/check/result/").headers["Location"] == "/check/"


def test_the_start_says_that_an_emergency_is_saved_and_offers_not_to(client):
    page = text(client.get("/check/"))
    assert consent.render_consent("start") in page
    assert "Start, send nothing to the clinic</button>" in page


def test_an_emergency_is_saved_with_the_words_of_the_start(client):
    answer_question(client, "now", "chest", token=begin_check(client))
    record = Assessment.objects.get()
    assert record.consent_text == consent.render_consent("start")
    assert record.consent_version == consent.VERSION
    assert record.consent_at <= record.finished_at


def test_an_emergency_after_a_start_without_saving_shows_its_page_at_once_and_stores_nothing(client):
    response = answer_question(client, "now", "chest", token=begin_check(client, "no"))
    assert response.headers["Location"] == "/check/result/"
    page = text(client.get("/check/result/"))
    assert "<h1>Call 911 now</h1>" in page
    assert "The clinic cannot see this result" in page
    assert not Assessment.objects.exists()


def test_a_start_under_other_words_is_asked_again(client):
    response = client.post("/check/", {"consent": "2020-01-01"})
    assert response.status_code == 409
    assert "check" not in client.session


def test_a_start_without_saving_puts_the_unsaved_way_first_at_the_end(client):
    walk_check(client, STRAIN, finish=False, agree="no")
    page = text(client.get("/check/answers/"))
    assert page.index("Show my result, send nothing") < page.index("Send to the clinic")


def test_a_corrected_unsaved_emergency_is_still_not_saved(client):
    answer_question(client, "now", "chest", token=begin_check(client, "no"))
    assert client.post("/check/correct/").headers["Location"] == "/check/now/"
    token = find_token(client.get("/check/now/"))
    answer_question(client, "now", "bladder", token=token)
    assert client.get("/check/result/").status_code == 200
    assert not Assessment.objects.exists()


def test_a_corrected_saved_emergency_that_is_one_again_is_saved_under_the_words_of_the_start(client):
    answer_question(client, "now", "chest", token=begin_check(client))
    client.post("/check/correct/")
    answer_question(client, "now", "chest", token=find_token(client.get("/check/now/")))
    first, second = Assessment.objects.order_by("pk")
    assert second.consent_at == first.consent_at
    assert second.consent_text == consent.render_consent("start")


def test_a_check_begun_before_consent_was_asked_is_not_saved_silently(client):
    token = begin_check(client)
    session = client.session
    del session["check"]["consent"]
    session.save()
    answer_question(client, "now", "chest", token=token)
    assert client.get("/check/result/").status_code == 200
    assert not Assessment.objects.exists()
