"""No list of the staff pages answers what is not one of its filters: every field, every relation, every look-up."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.http import QueryDict
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.models import Assessment
from core.pages.lookups import LONGEST_SEARCH
from staff.site import StaffSite

from ..assessment.staff import make_assessment
from .people import sign_in_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/assessment/assessment/"
OTHERS = [Group, Permission, Session, StaticDevice, StaticToken, TOTPDevice]


def list_paths(model, deep=2):
    """The names of every field of a row, and of what it is related to, this deep: [(path, field)]."""
    found = []
    for field in model._meta.get_fields():
        name = field.name if field.concrete else field.get_accessor_name() and field.name
        found.append((name, field))
        if deep and field.is_relation and field.related_model:
            found += [(f"{name}__{path}", end) for path, end in list_paths(field.related_model, deep - 1)]
    return found


def list_lookups(path, field):
    """This path with every look-up that its field knows, and with none."""
    return [path, *(f"{path}__{lookup}" for lookup in field.get_lookups())]


def list_own_parameters(model_admin, request):
    """What the filters of a list take from an address."""
    return {
        name
        for spec in model_admin.get_changelist_instance(request).filter_specs
        for name in spec.expected_parameters()
    }


def read_answer(model_admin, request, query):
    """The keys that a list shows for an address; "refused" where it answers nothing."""
    request.GET = QueryDict(urlencode(query))
    try:
        return [row.pk for row in model_admin.get_changelist_instance(request).result_list]
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return "refused"


def is_refused(changelist, request, name):
    """Whether the list refuses this look-up before it asks the database for rows: a tenth of the time of an answer."""
    changelist.filter_params = {name: ["1"]}
    try:
        changelist.get_filters(request)
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return True
    return False


@pytest.fixture
def rows(person):
    """Something in each list."""
    make_assessment()
    person("Clinic staff")


@pytest.fixture
def asking(rf, person):
    """A request of somebody who may see everything."""
    request = rf.get("/")
    request.user = User.objects.create_superuser("root")
    return request


def walk(model_admin, request):
    shown = read_answer(model_admin, request, {})
    own = list_own_parameters(model_admin, request)
    changelist = model_admin.get_changelist_instance(request)
    tried = 0
    for path, field in list_paths(model_admin.model):
        if getattr(field, "get_lookups", None) is None:
            continue
        for name in {*list_lookups(path, field)} - own:
            if not is_refused(changelist, request, name):
                assert read_answer(model_admin, request, {name: "1"}) in ("refused", shown), name
            tried += 1
    return tried


def list_admins():
    # Not before Django has started: the lists are registered then.
    return sorted(admin.site._registry.values(), key=lambda item: item.model._meta.label)


@pytest.mark.parametrize("label", [item.model._meta.label for item in list_admins()])
def test_no_list_answers_a_look_up_that_is_not_its_filter(label, rows, asking):
    [model_admin] = [item for item in list_admins() if item.model._meta.label == label]
    assert walk(model_admin, asking) > 20


@pytest.mark.parametrize("model", OTHERS)
def test_a_list_that_somebody_registers_later_is_held_too(model, asking):
    site = StaffSite()
    site.register(model)
    assert walk(site.get_model_admin(model), asking) > 20


def test_the_walk_sees_a_list_that_answers(rows, asking):
    site = admin.AdminSite()
    site.register(Assessment)
    with pytest.raises(AssertionError, match=r"token|review|hold|raise"):
        walk(site.get_model_admin(Assessment), asking)


@pytest.fixture
def nurse(person):
    return sign_in_staff(person("Clinic staff"))


@pytest.mark.parametrize(
    "query",
    [
        "id=1&token__gte=8", "key_hash__startswith=a", "reference__regex=^(([A-Z-]?){14})*!$", "token=1", "pk=1",
        "review__assigned_to__password__gte=m", "nothing=1", "state__exact=new", "contact__telephone_key=1",
        "_changelist_filters=token__gte%3D8", "sport=%00", "q=%00", "a%00=1", "state=%00", "p=%00", "_to_field=token",
    ],
)  # fmt: skip
def test_the_queue_refuses_what_it_does_not_filter_by(nurse, query):
    make_assessment()
    assert nurse.get(f"{QUEUE}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["_popup=1", "o=-9", "o=x", "o=1.2.3.99", "all=", "_facets=True", "e=1", "p=x"])
def test_the_queue_shows_the_same_whatever_else_is_asked_of_it(nurse, query):
    code = make_assessment().reference
    answer = nurse.get(f"{QUEUE}?{query}")
    assert answer.status_code == 200
    assert code in answer.content.decode()


@pytest.fixture
def all_seeing(asking):
    return sign_in_staff(asking.user)


HUGE = "9" * 30
VALUES = ["\0", "(", HUGE, f"-{HUGE}", "1.5", "x", "'", "[", "NaN", "2026-13-45", "\N{FACE WITH MEDICAL MASK}"]


def test_a_filter_takes_any_value_without_a_fault(all_seeing, rows, asking):
    quiet = Client(raise_request_exception=False)
    quiet.cookies = all_seeing.cookies
    tried = 0
    for model_admin in list_admins():
        opts = model_admin.model._meta
        where = f"/admin/{opts.app_label}/{opts.model_name}/"
        if opts.label in ("assessment.StepCount", "content.Version"):
            continue  # no lists of rows
        asking.GET = QueryDict()
        tries = [(name, value) for name in list_own_parameters(model_admin, asking) for value in VALUES]
        tries += [(name, value) for name in ("q", "p", "o", "_to_field", "_popup") for value in ("\0", HUGE, "x")]
        for name, value in tries:
            text = urlencode({name: value})
            assert quiet.get(f"{where}?{text}").status_code in (200, 302, 400), f"{where}?{text}"
            tried += 1
    assert tried > 200


def test_a_search_without_end_is_refused_in_words(all_seeing):
    answer = all_seeing.get("/admin/auth/user/", {"q": "a " * 1500})
    assert answer.status_code == 200
    assert f"at most {LONGEST_SEARCH} characters" in answer.content.decode()


@pytest.mark.parametrize("field", ["owner", "related"])
def test_no_list_to_choose_from_answers_a_page_that_has_none(all_seeing, field):
    ask = {"app_label": "content", "model_name": "article", "field_name": field, "term": "a"}
    assert all_seeing.get("/admin/autocomplete/", ask).status_code == 403


def test_a_list_to_choose_from_answers_the_page_that_has_it(all_seeing, monkeypatch):
    from content.models import Article

    monkeypatch.setattr(type(admin.site.get_model_admin(Article)), "autocomplete_fields", ("owner",), raising=False)
    ask = {"app_label": "content", "model_name": "article", "field_name": "owner", "term": "roo"}
    assert [row["text"] for row in all_seeing.get("/admin/autocomplete/", ask).json()["results"]] == ["root"]
    assert all_seeing.get("/admin/autocomplete/", {**ask, "term": "\0"}).status_code == 400


def test_the_way_from_a_row_to_its_page_answers_no_row_with_a_fault():
    client = sign_in_staff(User.objects.create_user("lead", is_staff=True))
    for kind in ContentType.objects.all():
        for key in ("1", "x", "0" * 30, "9" * 30):
            assert client.get(f"/admin/r/{kind.pk}/{key}/").status_code in (302, 404), (kind, key)


@pytest.mark.parametrize("key", ["9" * 30, "x", "\0", "", "-1"])
def test_an_action_on_rows_that_cannot_be_is_refused(key):
    make_assessment()
    client = sign_in_staff(User.objects.create_superuser("root"))
    sent = {"action": "claim_selected", "_selected_action": [key], "index": "0"}
    assert client.post(QUEUE, sent).status_code in (302, 400)
