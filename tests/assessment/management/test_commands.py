"""The commands a person or a program calls."""

import json

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from assessment.models import Assessment, Contact, Review
from assessment.privacy import contact_details
from core import audit

from ..staff import make_assessment, make_contact
from ..walks import STRAIN


@pytest.fixture
def assess(tmp_path, capsys):
    """Run manage.py assess on this text or data."""

    def run(answers):
        file = tmp_path / "answers.json"
        file.write_text(answers if isinstance(answers, str) else json.dumps(answers))
        call_command("assess", answers=str(file))
        return json.loads(capsys.readouterr().out)

    return run


def test_assess_prints_level_rules_and_deciding_answers(assess):
    done = assess({**STRAIN, "legs": "one_numb"})
    assert done["level"] == "soon"
    assert done["complete"] is True
    assert done["rules"][0]["code"] == "numb_one"
    assert done["deciding_answers"] == [{"question": "legs", "option": "one_numb"}]
    assert done["next_question"] is None


def test_assess_names_the_next_question_of_partial_answers(assess):
    done = assess({"now": "none"})
    assert done["level"] is None
    assert done["next_question"]["code"] == "age"


def test_assess_stops_at_an_emergency(assess):
    done = assess({"now": ["chest", "breathless"]})
    assert (done["level"], done["complete"], done["stopped_early"]) == ("emergency", True, True)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"knee": "none"}, "no question 'knee'"),
        ({"now": "knee"}, "'knee' is not an option of 'now'"),
        ({"now": []}, "is empty"),
        ({"age": ["18_49", "50_59"]}, "takes one option"),
        ({"now": ["none", "chest"]}, "'none' cannot stand beside"),
        ({"now": 7}, "must be an option code"),
        ([1], "JSON object"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_assess_refuses_what_it_does_not_know_with_exit_code_2(assess, answers, words):
    with pytest.raises(CommandError, match=words) as error:
        assess(answers)
    assert error.value.returncode == 2


def test_assess_says_when_the_file_is_missing():
    with pytest.raises(CommandError, match="cannot be read") as error:
        call_command("assess", answers="/nowhere.json")
    assert error.value.returncode == 2


def test_protocol_prints_everything_as_json(capsys):
    call_command("protocol", json=True)
    whole = json.loads(capsys.readouterr().out)
    assert [question["code"] for question in whole["questions"]][:2] == ["now", "age"]
    assert {"code", "level", "when", "reason", "sources"} <= set(whole["rules"][0])
    assert len(whole["digest"]) == 64


def test_protocol_prints_a_list_for_people(capsys):
    call_command("protocol")
    assert "Have you had any of these with this pain?" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_first_account_can_sign_in_with_the_password_printed_once(capsys):
    call_command("first_account")
    password = capsys.readouterr().out.split()[-1]
    assert authenticate(username="admin", password=password).is_staff
    call_command("first_account")
    assert capsys.readouterr().out == ""
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_samples_are_marked_and_can_all_be_removed(capsys):
    call_command("sample_checks", count=20, seed=1)
    assert Assessment.objects.filter(is_sample=True).count() == 20
    call_command("sample_checks", remove=True)
    assert not Assessment.objects.exists()


@pytest.mark.django_db
def test_removing_samples_leaves_patients_checks_alone(client):
    from ..walks import walk_check

    walk_check(client, STRAIN)
    call_command("sample_checks", count=3, seed=2)
    call_command("sample_checks", remove=True)
    assert Assessment.objects.get().is_sample is False


@pytest.mark.django_db
def test_samples_are_a_queue_worth_looking_at():
    call_command("sample_checks", count=40, seed=3, verbosity=0)
    states = set(Review.objects.values_list("state", flat=True))
    assert states == {"new", "in_review", "contacted", "closed"}
    assert Review.objects.waiting().filter(rank__gt=0, due_at__lt=timezone.now()).exists()
    assert Review.objects.filter(state="closed").exclude(level=F("assessment__level")).exists()
    assert Contact.objects.exclude(telephone_key="").exists()
    assert not get_user_model().objects.filter(is_active=True).exists()
    call_command("sample_checks", remove=True, verbosity=0)
    assert not get_user_model().objects.exists()
    assert audit.verify_chain().number


@pytest.mark.django_db
def test_contacts_are_findable_again_after_a_new_secret_key(settings, capsys):
    asked = make_contact(make_assessment())
    unreadable = make_contact(make_assessment())
    Contact.objects.filter(pk=unreadable.pk).update(locked="under another key")
    before = asked.telephone_key
    key = contact_details.list_contact_keys()[0]
    settings.CONTACT_KEYS, settings.SECRET_KEY = [key], "another secret key " * 4
    call_command("index_contacts")
    asked.refresh_from_db()
    assert asked.telephone_key == contact_details.hash_telephone("555 0100 123")[0] != before
    assert "1 contact details were indexed; 1 are under another key" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_former_telephone_key_is_renewed():
    asked = make_contact(make_assessment())
    Contact.objects.filter(pk=asked.pk).update(telephone_key=contact_details.former_telephone_keys("555 0100 123")[0])
    call_command("index_contacts", verbosity=0)
    asked.refresh_from_db()
    assert asked.telephone_key == contact_details.hash_telephone("555 0100 123")[0]


@pytest.mark.django_db
def test_contacts_that_are_indexed_already_are_left_as_they_are(capsys):
    make_contact(make_assessment())
    call_command("index_contacts")
    assert "0 contact details were indexed; 0 are under another key" in capsys.readouterr().out
