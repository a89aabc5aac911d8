"""What another version stored is read here, or leads to a kind page: never to an error. See patient/stored.py."""

import copy
import json
import secrets

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from assessment.models import Assessment, PausedCheck
from assessment.patient import pause_codes, records, session
from assessment.patient.session import Check, PauseCode
from assessment.patient.stored import read_stored
from assessment.privacy import consent, deletion_key
from assessment.privacy.form_token import make_form_token

from ..walks import STRAIN, answer_question, begin_check, find_token, walk_check

pytestmark = pytest.mark.django_db
TOKEN = "ab" * 32
EMERGENCY = {"now": ["chest"]}


def store(client, **values):
    """Put this into the session, as another version might have left it."""
    here = client.session
    for key, value in values.items():
        here[key] = value
    here.save()


def read_page(client, path, data=None):
    """The answer to a GET, or to a POST of this data: never an error of ours (the client raises it)."""
    page = client.get(path) if data is None else client.post(path, data)
    assert page.status_code < 500, path
    return page


def visit_every_page(make_client):
    """Each page of the check that reads what is stored, each with the session as it was."""
    form = {"token": TOKEN, "consent": consent.VERSION, "answer": ["none"], "code": "1234 5678 9012", "name": "A"}
    pages = [
        ("/check/", None), ("/check/now/", None), ("/check/where/", None), ("/check/answers/", None),
        ("/check/result/", None), ("/check/result/reminder.ics", None), ("/check/pause/", None),
        ("/check/return/", None), ("/check/delete/", None),
        ("/check/", {}), ("/check/now/", form), ("/check/answers/", form), ("/check/answers/", {"token": TOKEN}),
        ("/check/send/", form), ("/check/call-back/", form), ("/check/call-back/remove/", {}), ("/check/pause/", form),
        ("/check/return/", form), ("/check/correct/", {}), ("/check/delete/", {}),
    ]  # fmt: skip
    for path, data in pages:
        client = make_client()
        page = read_page(client, path, data)
        if page.status_code == 302:
            # No ring of redirects: the client raises at the twentieth.
            assert client.get(page["Location"], follow=True).status_code < 500


def pack(answers=STRAIN):
    record = records.build_assessment(Check(token=TOKEN, answers=answers))
    return json.loads(json.dumps(records.pack_assessment(record)))


def stored_check(answers=STRAIN):
    return json.loads(json.dumps(vars(Check(token=TOKEN, answers=answers, consent=consent.build_consent("start")))))


STORES = {
    "check": stored_check,
    "check, to be corrected": lambda: {
        **stored_check(), "corrects": 10**30, "taken_back": [["now", "chest", "ambulance"]],
    },
    "unsaved_result": pack,
    "unsaved emergency": lambda: pack(EMERGENCY),
    "paused": lambda: vars(PauseCode(TOKEN, "2999-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", 1)),
    "result": lambda: 1,
    "put_aside_until": lambda: "2999-01-01T00:00:00+00:00",
}  # fmt: skip


def key_of(name):
    return {"check, to be corrected": "check", "unsaved emergency": "unsaved_result"}.get(name, name)


# --- A check under way ------------------------------------------------------------------------------------------------
def test_a_check_of_a_newer_version_goes_on(client):
    token = begin_check(client)
    store(client, check={**client.session["check"], "mood": ["new"], "language": "eo"})
    assert client.get("/check/now/").status_code == 200
    assert answer_question(client, "now", "none", token=token)["Location"] == "/check/age/"
    assert client.session["check"]["answers"] == {"now": ["none"]}


@pytest.mark.parametrize(
    "field", ["answers", "started", "corrects", "taken_back", "consent", "shown", "counted", "pauses"]
)
def test_a_check_of_an_older_version_goes_on(client, field):
    token = begin_check(client)
    older = dict(client.session["check"])
    del older[field]
    store(client, check=older)
    assert client.get("/check/now/").status_code == 200
    assert answer_question(client, "now", "none", token=token)["Location"] == "/check/age/"
    assert make_form_token(client.session["check"]["token"]) == token


def test_what_a_check_of_another_version_answered_stays(client):
    _, token = walk_check(client, STRAIN, finish=False)
    newer = {**client.session["check"], "started": 7, "shown": {"now": "soon", "age": "2026-01-31"}, "more": 1}
    newer["answers"] = {**newer["answers"], "age": "18_49", "shoe": ["42"], "also": ["unheard_of"]}
    store(client, check=newer)
    # Two answers are of no kind known here: they are asked again, the first of them now.
    assert client.get("/check/answers/")["Location"] == "/check/age/"
    assert answer_question(client, "age", *STRAIN["age"], token=token)["Location"] == "/check/also/"
    assert answer_question(client, "also", *STRAIN["also"], token=token)["Location"] == "/check/answers/"
    client.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    assert Assessment.objects.get().chosen_codes == STRAIN


def test_a_check_that_lost_its_consent_asks_again_before_it_saves(client):
    token = begin_check(client)
    half = {"consent_text": "Yes", "consent_version": consent.VERSION}
    store(client, check={**client.session["check"], "consent": half})
    answer_question(client, "now", "chest", token=token)
    assert not Assessment.objects.exists()
    assert client.get("/check/result/").status_code == 200


@pytest.mark.parametrize("garbage", [7, "x", [1], {"token": 5}, {"answers": STRAIN}, {"token": "short"}, True])
def test_a_check_that_cannot_be_read_begins_anew(client, garbage):
    client.get("/check/return/")
    store(client, check=garbage)
    assert client.get("/check/now/")["Location"] == "/check/"
    assert client.get("/check/").status_code == 200
    ended = client.post("/check/now/", {"token": TOKEN, "answer": ["none"]})
    assert ended.status_code == 409
    assert "This check is no longer open" in ended.content.decode()
    assert begin_check(client)


def test_taken_back_answers_that_this_version_does_not_know_are_not_told(client):
    begin_check(client)
    known = ["now", "chest", "ambulance"]
    strange = [known, ["now", "chest", "helicopter"], ["shoe", "42", "ambulance"], ["now", "x", "ambulance"]]
    store(client, check={**client.session["check"], "answers": STRAIN, "taken_back": strange})
    page = client.get("/check/answers/").content.decode()
    assert page.count('<div class="note">') == 1


# --- A result that its patient keeps ----------------------------------------------------------------------------------
@pytest.mark.parametrize("answers", [STRAIN, EMERGENCY])
def test_a_result_of_a_newer_version_is_shown_and_can_be_sent(client, answers):
    client.get("/check/return/")
    newer = pack(answers)
    newer["result"]["picture"] = {"new": 1}
    store(client, unsaved_result={**newer, "colour": "new"})
    assert client.get("/check/result/").status_code == 200
    client.post("/check/send/", {"token": make_form_token(TOKEN), "consent": consent.VERSION})
    assert Assessment.objects.get().token == TOKEN


@pytest.mark.parametrize("field", ["corrects_id", "variant", "language"])
def test_a_result_of_an_older_version_is_shown_and_can_be_sent(client, field):
    client.get("/check/return/")
    older = pack()
    del older[field], older["result"]["also"], older["result"]["if_so"]
    store(client, unsaved_result=older)
    assert older["result"]["heading"] in client.get("/check/result/").content.decode()
    client.post("/check/send/", {"token": make_form_token(TOKEN), "consent": consent.VERSION})
    assert Assessment.objects.get().token == TOKEN


@pytest.mark.parametrize(
    "garbage", [7, "x", {}, {"level": 9}, {"answers": []}, {"result": {}}, {"token": ""}, {"started_at": "noon"}]
)
def test_a_result_that_cannot_be_read_leads_to_the_start_or_says_that_it_has_ended(client, garbage):
    client.get("/check/return/")
    store(client, unsaved_result={**pack(), **garbage} if garbage and isinstance(garbage, dict) else garbage)
    assert client.get("/check/result/")["Location"] == "/check/"
    assert "result/" not in client.get("/check/").content.decode()
    ended = client.post("/check/send/", {"token": make_form_token(TOKEN), "consent": consent.VERSION})
    assert (ended.status_code, "This check is no longer open" in ended.content.decode()) == (409, True)
    assert client.post("/check/correct/")["Location"] == "/check/"
    assert client.post("/check/delete/")["Location"] == "/check/delete/"
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("garbage", ["x", [1], {"pk": 1}, None, 1.5, True, 10**30, -1])
def test_the_number_of_a_result_that_cannot_be_read_is_none(client, garbage):
    walk_check(client, STRAIN)
    own = deletion_key.recover_key(Assessment.objects.get())
    store(client, result=garbage)
    assert client.get("/check/result/")["Location"] == "/check/"
    assert client.post("/check/call-back/remove/", follow=True).status_code == 200
    key = deletion_key.derive_key(secrets.token_hex(32))
    assert client.post("/check/delete-what-i-sent/", {"key": key}).status_code == 422
    assert client.post("/check/delete-what-i-sent/", {"key": own}).status_code == 302
    assert client.post("/check/delete/")["Location"] == "/check/delete/"


# --- A check put aside ------------------------------------------------------------------------------------------------
def put_aside(client):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    client.post("/check/pause/", {"token": token})
    return pause_codes.make_pause_code(session.read_pause_code(client)[0])


def change_paused(change):
    paused = PausedCheck.objects.get()
    paused.data = change(paused.data)
    paused.save()


def test_a_paused_check_of_a_newer_version_comes_back(client):
    code, other = put_aside(client), Client()
    change_paused(lambda data: {**data, "mood": {"new": [1]}})
    assert other.post("/check/return/", {"code": code})["Location"] == "/check/age/"
    assert find_token(other.get("/check/age/"))


def test_a_paused_check_of_an_older_version_comes_back(client):
    code, other = put_aside(client), Client()
    change_paused(lambda data: {name: data[name] for name in ("token", "answers", "started")})
    assert other.post("/check/return/", {"code": code})["Location"] == "/check/age/"


@pytest.mark.parametrize("garbage", [7, [], {"answers": {}}, {"token": 1}, "x"])
def test_a_paused_check_that_cannot_be_read_waits_for_a_version_that_can(client, garbage):
    code, other, kept = put_aside(client), Client(), PausedCheck.objects.get().data
    change_paused(lambda data: garbage)
    page = other.post("/check/return/", {"code": code})
    assert page.status_code == 422
    assert "We cannot find an open check for this code" in page.content.decode()
    change_paused(lambda data: kept)
    assert other.post("/check/return/", {"code": code})["Location"] == "/check/age/"


def test_a_shown_code_of_another_version_is_shown(client):
    code = put_aside(client)
    store(client, paused={**client.session["paused"], "colour": "new"})
    assert code in client.get("/check/pause/").content.decode()


@pytest.mark.parametrize("garbage", [7, {}, {"token": 1}, {"until": "soon"}, {"hidden_at": "2999-01-01T00:00:00"}])
def test_a_shown_code_that_cannot_be_read_leads_to_the_place_for_codes(client, garbage):
    put_aside(client)
    store(client, paused={**client.session["paused"], **garbage} if garbage and garbage != 7 else garbage)
    assert client.get("/check/now/", follow=True).redirect_chain[-1][0] == "/check/return/"
    assert "paused" not in client.session


@pytest.mark.parametrize("garbage", [7, "soon", ["2999-01-01"], "2999-01-01T00:00:00"])
def test_a_time_that_cannot_be_read_is_not_told(client, garbage):
    client.get("/check/return/")
    store(client, put_aside_until=garbage)
    assert "Your answers wait" not in client.get("/check/delete/").content.decode()


# --- Garbage ----------------------------------------------------------------------------------------------------------
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["now", "chest", "ambulance", "2026-01-31", TOKEN, "x" * 99, "\0", "\ud800"])
)  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=6,
)


def spoil(data, value):
    """The value with one part of it replaced, left out or added to."""
    if not isinstance(value, dict | list) or not value or not data.draw(st.integers(0, 4)):
        return data.draw(JSON)
    value = copy.copy(value)
    place = data.draw(st.sampled_from(list(value) if isinstance(value, dict) else range(len(value))))
    what = data.draw(st.sampled_from(["inside", "inside", "inside", "gone", "more"]))
    if what == "inside":
        value[place] = spoil(data, value[place])
    elif what == "gone":
        del value[place]
    elif isinstance(value, dict):
        value[data.draw(st.text(max_size=5))] = data.draw(JSON)
    else:
        value.append(data.draw(JSON))
    return value


MANY = hypothesis.settings(max_examples=60, suppress_health_check=list(hypothesis.HealthCheck), deadline=None)


@pytest.mark.parametrize("name", STORES)
@hypothesis.settings(MANY, max_examples=8)  # each visits twenty pages
@hypothesis.given(data=st.data())
def test_no_page_fails_whatever_the_session_holds(name, data):
    spoilt = spoil(data, STORES[name]())

    def make_client():
        client = Client()
        client.get("/check/return/")
        store(client, **{key_of(name): spoilt})
        return client

    visit_every_page(make_client)


@MANY
@hypothesis.given(data=st.data())
def test_no_page_fails_whatever_a_paused_check_holds(data):
    PausedCheck.objects.all().delete()
    pause_codes.save_paused_check(check := Check(token=TOKEN, answers={"now": ["none"], "age": ["18_49"]}))
    spoilt = spoil(data, PausedCheck.objects.get().data)
    # A row of a database holds no half pair of surrogates, no NUL, and is not empty.
    change_paused(
        lambda _: 0 if spoilt is None else json.loads(json.dumps(spoilt).replace("\\ud800", "").replace("\\u0000", ""))
    )
    client = Client(REMOTE_ADDR=f"192.0.2.{data.draw(st.integers(1, 254))}")
    page = client.post("/check/return/", {"code": pause_codes.make_pause_code(check)})
    assert page.status_code in (302, 422, 429)
    if page.status_code == 302:
        assert client.get("/check/where/", follow=True).status_code == 200


@MANY
@hypothesis.given(data=st.data())
def test_what_is_read_is_of_the_kinds_it_says(data):
    name = data.draw(st.sampled_from(["check", "unsaved_result"]))
    cls = Check if name == "check" else records.PackedAssessment
    found = read_stored(cls, spoil(data, STORES[name]()))
    if found is not None:
        again = read_stored(cls, json.loads(json.dumps(vars(found))))
        assert again == found


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_an_answer_that_no_database_takes_counts_as_missing(sign):
    found = read_stored(Check, {"token": TOKEN, "answers": {"now": ["chest" + sign], "age": ["18_49"]}})
    assert found.answers == {"age": ["18_49"]}
