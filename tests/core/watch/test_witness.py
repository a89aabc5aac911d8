"""An audit that was put back to an older state, seal and all, is found out by heads that were published outside."""

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from assessment.models import triggers
from core import audit
from core.audit import AuditEvent, AuditHead
from core.triggers import install_triggers
from core.watch import witness

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path, settings):
    """The file of heads, as the operator made it: empty."""
    path = tmp_path / "heads"
    path.touch()
    settings.AUDIT_WITNESS = str(path)
    return path


def act(times=1):
    for _ in range(times):
        audit.record_event(None, "export", kind="csv")


def copy_head():
    return AuditHead.objects.get()


def put_back(head):
    """As whoever owns the database can: the events after an earlier head go, and that head with its seal comes back."""
    triggers.drop_triggers()
    models.QuerySet(AuditEvent).filter(number__gt=head.number).delete()
    head.save()
    install_triggers(triggers.ALL_TRIGGERS)
    # The chain alone shows nothing.
    assert audit.verify_chain().number == head.number


def verify(*options):
    """The exit code of verify_audit and what it says."""
    try:
        call_command("verify_audit", *options, verbosity=0)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, ""


def test_an_export_that_was_hidden_by_an_older_head_is_found_by_the_file(file):
    act(2)
    before = copy_head()
    act(3)
    assert witness.publish_head()
    assert verify() == (0, "")
    put_back(before)
    code, said = verify()
    assert code == 1
    assert "Events from 3 on are missing: the head of event 5 was published on" in said


def test_one_event_cut_off_is_named_as_one(file):
    act(2)
    before = copy_head()
    act()
    witness.publish_head()
    put_back(before)
    assert "Event 3 is missing" in verify()[1]


def test_a_chain_that_goes_on_differently_after_an_older_head_is_found(file):
    act(2)
    before = copy_head()
    act(3)
    witness.publish_head()
    put_back(before)
    act(9)
    assert audit.verify_chain().number == 11
    code, said = verify()
    assert code == 1
    assert "Event 5 is not the one whose head was published on" in said


def test_a_hidden_event_is_found_by_a_head_that_was_pasted_from_a_mail_as_it_broke_the_line():
    act(2)
    before = copy_head()
    act()
    line = str(witness.sign_head())
    pasted = f"> {line[:40]}\n> {line[40:]} "
    assert verify("--head", pasted) == (0, "")
    put_back(before)
    assert verify("--head", pasted)[0] == 1
    assert verify()[0] == 0


def test_a_whole_audit_that_is_gone_is_missed():
    act(2)
    line = str(witness.sign_head())
    triggers.drop_triggers()
    models.QuerySet(AuditEvent).delete()
    AuditHead.objects.all().delete()
    install_triggers(triggers.ALL_TRIGGERS)
    assert "Events from 1 on are missing" in verify("--head", line)[1]


def test_a_head_noted_by_hand_without_a_signature_is_held_against_the_chain(file):
    act(2)
    before = copy_head()
    act(2)
    witness.publish_head()
    head = audit.read_head()
    assert verify("--head", f"{head.number}:{head.digest}") == (0, "")
    assert verify("--head", "2:" + "0" * 64)[0] == 1
    put_back(before)
    assert "was noted" in verify("--head", f"{head.number}:{head.digest}", "--witness", str(file))[1]


@pytest.mark.parametrize(
    "forge",
    [
        lambda number, digest, time, signature: f"9{number}:{digest}:{time}:{signature}",
        lambda number, digest, time, signature: f"{number}:{'0' * 64}:{time}:{signature}",
        lambda number, digest, time, signature: f"{number}:{digest}:20200101T000000Z:{signature}",
        lambda number, digest, time, signature: f"{number}:{digest}:{time}:{'0' * 64}",
    ],
)
def test_a_head_is_not_forged_without_the_key(file, forge):
    act(2)
    witness.publish_head()
    file.write_text(forge(*file.read_text().strip().split(":")) + "\n")
    code, said = verify()
    assert code == 1
    assert "was not signed by this site" in said


def test_a_seal_of_the_database_is_no_signature_of_a_published_head(file):
    act(2)
    head = copy_head()
    file.write_text(f"{head.number}:{head.hash}:20260101T000000Z:{head.seal}\n")
    assert verify()[0] == 1


@pytest.mark.parametrize("text", ["", "garbage\n", "1:0f3a\n"])
def test_a_file_without_a_head_proves_nothing_and_is_said(file, text):
    act()
    file.write_text(text)
    code, said = verify()
    assert code == 2
    assert "holds no head" in said


def test_a_file_that_is_away_is_said(file):
    act()
    file.unlink()
    assert verify()[0] == 2


def test_nothing_is_added_while_nothing_happened(file):
    act()
    assert witness.publish_head()
    assert not witness.publish_head()
    act()
    assert witness.publish_head()
    assert [head.number for head in witness.read_heads(file)] == [1, 2]


def test_an_audit_without_an_event_has_no_head_to_publish(file):
    assert not witness.publish_head()
    assert file.read_text() == ""


def test_the_file_is_never_begun_by_the_site_so_a_disk_that_is_away_is_noticed(file):
    act()
    file.unlink()
    with pytest.raises(witness.WitnessError, match="not published"):
        witness.publish_head()
    assert not file.exists()


def test_a_disk_that_is_away_is_told_once_and_its_return_too(file, client):
    act()
    file.rename(file.with_name("away"))
    for _ in range(3):
        with pytest.raises(CommandError, match="not published"):
            call_command("watch_audit")
    assert AuditEvent.objects.filter(action="witness_lost").count() == 1
    assert "audit witness: failed" in client.get("/readyz").content.decode()
    assert witness.find_witness_warnings()
    file.with_name("away").rename(file)
    call_command("watch_audit")
    answer = client.get("/readyz")
    assert "audit witness: ok" in answer.content.decode()
    assert AuditEvent.objects.order_by("-number")[0].action == "witness_back"
    assert witness.find_witness_warnings() == []


def test_a_site_whose_witness_is_away_is_ready(file, client):
    before = client.get("/readyz").status_code
    file.unlink()
    act()
    with pytest.raises(witness.WitnessError):
        witness.publish_head()
    assert client.get("/readyz").status_code == before


def test_a_site_without_a_witness_says_nothing_of_one(client, settings):
    settings.AUDIT_WITNESS = ""
    assert "witness" not in client.get("/readyz").content.decode()
    assert witness.find_witness_warnings() == []


def test_a_full_disk_is_reported(settings):
    act()
    settings.AUDIT_WITNESS = "/dev/full"
    with pytest.raises(witness.WitnessError, match="not published"):
        witness.publish_head()


def test_a_line_that_a_full_disk_cut_off_spoils_neither_the_next_nor_the_check(file):
    act()
    witness.publish_head()
    whole = file.read_text()
    file.write_text(whole + whole[:100])
    act()
    assert witness.publish_head()
    assert [head.number for head in witness.read_heads(file)] == [1, 2]
    assert verify() == (0, "")


def test_the_timer_notices_at_once_that_the_chain_was_put_back_and_publishes_nothing(file):
    act(2)
    before = copy_head()
    act(2)
    witness.publish_head()
    put_back(before)
    act(1)
    kept = file.read_text()
    with pytest.raises(witness.WitnessError, match="Event 4 is missing"):
        witness.publish_head()
    assert file.read_text() == kept


def test_a_head_that_was_changed_in_the_database_is_not_signed(file):
    act(2)
    AuditHead.objects.update(number=1)
    with pytest.raises(witness.WitnessError, match="was changed"):
        witness.publish_head()


def test_heads_signed_before_a_new_key_still_count(file, settings):
    act()
    old = settings.SECRET_KEY
    witness.publish_head()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [old]
    act()
    witness.publish_head()
    assert verify() == (0, "")
