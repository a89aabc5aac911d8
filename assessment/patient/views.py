"""The symptom check: one question a page, check your answers, the result."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial, wraps
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from content.public import find_clinic_hours
from core.pages.refused import AnsweredRequest, redirect_refused, tell_once
from core.throttle import RateLimit, count_networks, take_tokens
from core.typed.mail_address import build_mail_link

from ..models import Assessment, Contact
from ..privacy import consent, contact_details, deletion_key
from ..privacy.form_token import is_form_token, make_form_token
from ..protocol import signs, wording
from ..protocol.advice import answers_in_words
from ..protocol.back_pain import PROTOCOL
from ..protocol.engine import (
    AnswerError,
    AnswerPath,
    assess_answers,
    validate_answer,
)
from ..protocol.model import Level, Question
from ..protocol.terms import complete_answers
from . import callbacks, pause_codes, question_cache, records, session, step_counts
from .calendar_file import build_calendar
from .forms import CallBackForm, QuestionForm
from .session import Check

logger = logging.getLogger(__name__)


def redirect_to_next_question(path: AnswerPath) -> HttpResponse:
    """Where a walk goes next: the first open question, or the page with all answers."""
    code = path.next.code if path.next else ""
    return HttpResponseRedirect(build_question_address(code, get_script_prefix()))


@lru_cache
def build_question_address(code: str, prefix: str) -> str:
    """Of this question; "": of the page with all answers. prefix: where the site is mounted; reverse() looks at it."""
    return reverse("question", args=[code]) if code else reverse("answers")


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    return render(request, f"assessment/{template}.html", context, status=status)


View = Callable[[HttpRequest], HttpResponse]


def redirect_unless_post(view: View) -> View:
    """The view of a form that stands on the page of the result: whoever loads its address again is shown that page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def form(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else redirect("result")

    return form


def mark_rate_limited(response: HttpResponse, limit: RateLimit) -> HttpResponse:
    """This page as the answer to somebody who comes too often: 429, and how many seconds to wait."""
    response.status_code = 429
    response.headers["Retry-After"] = str(limit.wait)
    return response


def build_submission_limit() -> RateLimit:
    """How many results one network may send. Generous: a whole clinic, or a mobile network, may share an address.

    A twentieth of an hour's at once (30 of 600): a full waiting room that finishes in the same second, and no flood.
    """
    hourly = settings.SUBMISSIONS_PER_HOUR
    return RateLimit("submission", max(1, hourly // 20), timedelta(hours=1) / hourly)


def allow_submission(request: HttpRequest) -> bool:
    try:
        # Where SQLite is locked, one long wait is enough: that of saving.
        with step_counts.limit_lock_wait():
            return take_tokens(count_networks(build_submission_limit(), request))
    except DatabaseError:
        # A count that fails refuses nobody. Saving will fail too, and says so on the page with the result.
        return True


def handle_missing_check(request: HttpRequest) -> HttpResponse:
    """The visitor asks for a page of a check that is not there: put aside, finished, deleted, or over a day old."""
    if has_result(request):
        return redirect("result")
    if session.PAUSED in request.session:
        return redirect("pause")
    if request.method == "POST":
        # A second press that overtook the first one's new session cookie comes with the one from before.
        saved = session.read_overtaken_result(request)
        if saved and is_form_token(request.POST.get("token"), saved.token):
            session.keep_saved_result(request, saved)
            return redirect("result")
        return render_page(request, "ended", status=409)
    return redirect("check")


def has_result(request: HttpRequest) -> bool:
    return session.read_result_number(request) is not None or read_unsaved_result(request) is not None


def complete_check(request: HttpRequest, check: Check, agreed: dict[str, str]) -> HttpResponse:
    """Save the record if the patient agreed to that, then let the result page take over."""
    unkept = partial(render_result_in_outage, request, check)
    try:
        pause_codes.delete_paused_check(check.token)
        if agreed:
            session.keep_saved_result(request, records.submit_check(check, agreed))
        else:
            session.keep_unsaved_result(request, records.pack_assessment(records.build_assessment(check)))
    except DatabaseError as error:
        logger.error("outage", extra={"error": type(error).__name__})
        return unkept()
    response = redirect("result")
    # The session is saved after this: site_project/outage.py asks for this page where that fails.
    response.unkept = unkept  # type: ignore[attr-defined]  # read there with getattr
    return response


def render_result_in_outage(request: HttpRequest, check: Check) -> HttpResponse:
    """The disk is full, say: nothing can be kept, but who answered everything is told what to do all the same.

    What was sent stands in the page, so that pressing again saves it.
    """
    page = render_result(request, records.build_assessment(check), status=503, unkept=True)
    page.headers["Retry-After"] = "30"
    return page


@require_http_methods(["GET", "HEAD", "POST"])
def show_start(request: HttpRequest) -> HttpResponse:
    """The start page of the check. POST begins a new one; an emergency in it is saved only after a yes on this page."""
    changed = False
    if request.method == "POST":
        try:
            agreed = consent.read_consent_answer("start", request.POST.get("consent", ""))
            earlier = session.read_check(request)
            if earlier:
                pause_codes.delete_paused_check(earlier.token)
            begun = Check(consent=agreed)
            step_counts.count_step(begun, begun.path())
            return redirect_to_next_question(session.start_check(request, begun).path())
        except consent.WordsChangedError:
            changed = True
    check = session.read_check(request)
    context = {
        "open": bool(check and check.answers),
        "finished": has_result(request),
        "now_if": wording.load_words()["now_if"],
        "signs_in_short": signs.list_in_short(wording.load_words()["now_if"]["signs"]),
        "parts": apnumber(len(PROTOCOL.parts)),
        "minutes": estimate_minutes(),
        "consent": consent.describe_consent("start"),
        "changed": changed,
    }
    return render_page(request, "start", context, status=409 if changed else 200)


@cache
def estimate_minutes() -> int:
    """How long most people read, every word of every page counted, at 238 words a minute: the mean of adults in silent
    reading of English non-fiction (Brysbaert 2019, doi 10.1016/j.jml.2019.104047)."""
    typical = complete_answers(PROTOCOL, frozenset())
    asked = [step.question.code for step in assess_answers(PROTOCOL, typical).path.steps]
    return round(wording.count_words(wording.load_words(), asked) / 238)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@tell_once
def ask_question(request: AnsweredRequest, code: str) -> HttpResponse:
    """One question. Only a question on the path of the answers so far can be seen or answered."""
    asked = PROTOCOL.question(code)
    if asked is None:
        raise Http404("No such question")
    check = session.read_check(request)
    if check is None:
        return handle_missing_check(request)
    if request.method == "POST" and not is_form_token(request.POST.get("token"), check.token):
        return render_page(request, "ended", {"newer": True}, status=409)
    path = check.path()
    if not path.asks(code):
        return redirect_to_next_question(path)
    if request.method == "POST":
        try:
            answer = validate_answer(
                asked, request.POST.getlist("answer") if asked.many else [request.POST.get("answer", "")]
            )
        except AnswerError:
            told = redirect_refused(request, request.path, "answer", ["answer"])
            return told or render_question(request, asked, check, path, request.POST)
        check.answers = {
            **{key: list(value) for key, value in path.answers.items()},
            **list_off_path_answers(check, path),
        }
        check.answers[code] = list(answer)
        path = check.path()
        step_counts.count_step(check, path, code)
        if path.stopped:
            # Nobody waits for the page of an emergency. Only saving it may have to: that page offers it again.
            return complete_check(request, check, check.consent if check.consent and allow_submission(request) else {})
        session.keep_answer(request, check)
        return redirect_to_next_question(path)
    return render_question(request, asked, check, path, request.refused.sent if request.refused else None)


def render_question(
    request: HttpRequest, asked: Question, check: Check, path: AnswerPath, sent: QueryDict | None = None
) -> HttpResponse:
    """The page of this question. sent: what was sent and is no answer; the page says why."""
    before, given = path.before(asked.code), path.answers.get(asked.code, ())
    number = list(path.answers).index(asked.code) + 1 if given else len(path.steps) + 1
    # No number of questions to come: it would change with the answers. The parts are the same in every walk.
    step = f"Question {number}, part {PROTOCOL.part_numbers[asked.code]} of {len(PROTOCOL.parts)}"
    token = make_form_token(check.token)
    if sent is None and not given:
        return question_cache.render_unanswered_question(request, asked, before, token, step)
    form = QuestionForm(asked, wording.load_words(), token, sent, initial=given, step=step)
    context = {"form": form, "token": token, "before": before, "given": given}
    return render_page(request, "question", context, 200 if sent is None else 422)


def list_off_path_answers(check: Check, path: AnswerPath) -> dict[str, list[str]]:
    """Answers that are not on the path now: kept, since a corrected answer may bring their questions back."""
    return {key: value for key, value in check.answers.items() if key not in path.answers}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@tell_once
def show_answers(request: AnsweredRequest) -> HttpResponse:
    """Check your answers; POST shows the result, and saves the record if the patient agrees to that."""
    check = session.read_check(request)
    if check is None:
        return submit_result(request) if request.method == "POST" else handle_missing_check(request)
    path = check.path()
    if path.next:
        return redirect_to_next_question(path)
    changed = refused = False
    if request.method == "POST":
        if not is_form_token(request.POST.get("token"), check.token):
            return render_page(request, "ended", {"newer": True}, status=409)
        try:
            agreed = consent.read_consent_answer("finish", request.POST.get("consent", ""))
            refused = bool(agreed) and not allow_submission(request)
            if not refused:
                step_counts.count_step(check, path, step_counts.ANSWERS)
                return complete_check(request, check, agreed)
        except consent.WordsChangedError:
            changed = True
        if told := redirect_refused(request, request.path, "wait" if refused else "changed", ()):
            return told
    elif request.refused:
        refused, changed = (request.refused.why == why for why in ("wait", "changed"))
    context = {
        "answers": answers_in_words(path.steps, wording.load_words()),
        "token": make_form_token(check.token),
        "consent": consent.describe_consent("finish"),
        "private": not check.consent,
        "changed": changed,
        "wait": refused and build_submission_limit().minutes,
        "taken_back": records.build_assessment(check).result["taken_back"] if check.taken_back else [],
    }
    page = render_page(request, "answers", context, status=409 if changed else 200)
    return mark_rate_limited(page, build_submission_limit()) if refused else page


def read_result(request: HttpRequest) -> Assessment | None:
    """The result of this visitor: the saved record, or one that lives only in this session, or None."""
    if unsaved := read_unsaved_result(request):
        return unsaved
    number = session.read_result_number(request)
    return Assessment.objects.filter(pk=number).first() if number is not None else None


def read_unsaved_result(request: HttpRequest) -> Assessment | None:
    """The result that its patient keeps to themselves; None also for one that this version cannot read."""
    return records.unpack_assessment(request.session.get(session.UNSAVED))


def can_request_callback(record: Assessment) -> bool:
    """Whether this patient may ask for a call back. In an emergency nobody should wait for one."""
    return bool(record.pk) and record.level != Level.EMERGENCY and contact_details.can_encrypt()


def render_result(
    request: HttpRequest, record: Assessment, status: int = 200, template: str = "result", **context: Any
) -> HttpResponse:
    """The page of this result.

    context: "form" to ask for a call back; "changed" when consent words were outdated; "wait", the minutes until it
    can be sent; "unkept" when nothing could be saved.
    """
    asked = Contact.objects.filter(assessment=record).first() if record.pk else None
    token = make_form_token(record.token)
    if can_request_callback(record) and not asked:
        context.setdefault("form", CallBackForm(token))
        context["call_back"] = consent.describe_consent("contact")
    # Saved too, and the only page with its key was left when an answer in it was corrected.
    first = Assessment.objects.filter(pk=record.corrects_id).first() if record.corrects_id else None
    context |= {
        "record": record,
        "token": token,
        "result": record.result,
        "hours": find_clinic_hours(),
        "asked": asked,
        "details": asked and asked.details(),
        "reminds": record.level in (Level.SOON, Level.SELF_CARE),
        "mail": build_mail_link("", subject="A page I want to keep", body=request.build_absolute_uri(reverse("home"))),
        "consent": consent.describe_consent("finish"),
        "key": deletion_key.recover_key(record) if record.pk else "",
        "first": first,
        "first_key": deletion_key.recover_key(first) if first else "",
    }
    return render_page(request, template, context, status)


@require_GET
@tell_once
def show_result(request: AnsweredRequest) -> HttpResponse:
    """The result, read from the saved record, or from the session when the patient did not send it."""
    record = read_result(request)
    if record is None:
        return redirect("check")
    return (
        refuse_on_result(request, record, request.refused.why, request.refused.sent)
        if request.refused
        else (render_result(request, record))
    )


def refuse_on_result(request: HttpRequest, record: Assessment, why: str, sent: QueryDict) -> HttpResponse:
    """The page of the result, with why a form on it was not taken: "send-changed", "send-wait", "call-changed" or
    "call"; and what stood in the form that asks for a call."""
    match why:
        case "send-changed":
            return render_result(request, record, status=409, changed=True)
        case "send-wait":
            limit = build_submission_limit()
            return mark_rate_limited(render_result(request, record, wait=limit.minutes), limit)
    form = CallBackForm(make_form_token(record.token), sent)
    if why == "call-changed":
        return render_result(request, record, status=409, form=form, changed=True)
    return render_result(request, record, status=422, form=form)


def tell_on_result(request: HttpRequest, record: Assessment, why: str) -> HttpResponse:
    """refuse_on_result() after a redirect."""
    told = redirect_refused(request, reverse("result"), why, CallBackForm.base_fields)
    return told or refuse_on_result(request, record, why, request.POST)


@redirect_unless_post
@sensitive_post_parameters()
def submit_result(request: HttpRequest) -> HttpResponse:
    """Send a result to the clinic after all: what is saved is what was shown."""
    record = read_unsaved_result(request)
    if record is None:
        return handle_missing_check(request)
    if not is_form_token(request.POST.get("token"), record.token):
        return render_page(request, "ended", {"newer": True}, status=409)
    try:
        agreed = consent.read_consent_answer("finish", request.POST.get("consent", ""))
    except consent.WordsChangedError:
        return tell_on_result(request, record, "send-changed")
    if agreed and not allow_submission(request):
        return tell_on_result(request, record, "send-wait")
    if agreed:
        session.keep_saved_result(request, records.save_assessment(record, agreed))
    return redirect("result")


@redirect_unless_post
@sensitive_post_parameters()
def request_callback(request: HttpRequest) -> HttpResponse:
    """Ask for a call back about the saved result in view."""
    record = read_result(request)
    if record is None:
        # Cleared in another tab, or over a day old: nobody may wait for a call that was never asked for.
        return render_page(request, "ended", {"unasked": True}, status=409)
    if not can_request_callback(record):
        return redirect("result")
    if not is_form_token(request.POST.get("token"), record.token):
        return render_page(request, "ended", {"newer": True}, status=409)
    form = CallBackForm(make_form_token(record.token), request.POST)
    try:
        agreed = consent.read_consent_answer("contact", request.POST.get("consent", ""))
    except consent.WordsChangedError:
        agreed = {}
    if not agreed:
        return tell_on_result(request, record, "call-changed")
    if not form.is_valid():
        return tell_on_result(request, record, "call")
    callbacks.save_callback(record, form.cleaned_data, agreed)
    return redirect(f"{reverse('result')}#call-back")


@redirect_unless_post
def cancel_callback(request: HttpRequest) -> HttpResponse:
    """No call after all: the contact details go, the record stays."""
    callbacks.delete_callback(session.read_result_number(request))
    return redirect("result")


@require_GET
def print_result(request: HttpRequest) -> HttpResponse:
    """The result on a page of its own, with nothing folded, for paper."""
    record = read_result(request)
    return redirect("check") if record is None else render_result(request, record, template="result_print")


@require_GET
def save_plan(request: HttpRequest) -> HttpResponse:
    """What to do, as a file of plain text: no answer, no reason, no code."""
    record = read_result(request)
    if record is None:
        return redirect("check")
    if record.level == Level.EMERGENCY:
        raise Http404("There is no plan for this result")
    context = {"result": record.result, "address": request.build_absolute_uri(reverse("home"))}
    return HttpResponse(
        render_to_string("assessment/plan.txt", context, request),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-plan.txt"'},
    )


@require_GET
def download_reminder(request: HttpRequest) -> HttpResponse:
    """The calendar file for "check again in two weeks"."""
    record = read_result(request)
    if record is None:
        return redirect("check")
    if record.level not in (Level.SOON, Level.SELF_CARE):
        raise Http404("There is no reminder for this result")
    address = request.build_absolute_uri(reverse("check"))
    file = build_calendar(
        timezone.localdate(record.finished_at), address, datetime.now(UTC), record.finished_at.isoformat()
    )
    return HttpResponse(
        file,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="check-again.ics"'},
    )


@redirect_unless_post
def correct_answer(request: HttpRequest) -> HttpResponse:
    """A wrong answer stopped the check: walk on from there with the other answers. A saved record stays as it is."""
    record = read_result(request)
    if record is None:
        return redirect("check")
    last = record.answers[-1]["question"]
    check = Check(
        answers=record.chosen_codes,
        corrects=record.pk,
        taken_back=records.list_taken_back(record),
        consent=records.read_given_consent(record),
    )
    session.keep_check(request, check)  # beside the result, which stays in view until the corrected one takes its place
    path = check.path()
    # The protocol may have changed since; the question that stopped the check is then no longer on the path.
    return redirect("question", last) if path.asks(last) else redirect_to_next_question(path)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_answers(request: HttpRequest) -> HttpResponse:
    """Forget this visitor's answers and clear this device. What was sent to the clinic, or put aside, stays there.

    Where a check is open, GET asks first. The page that says that it is done has an address of its own, so that Back
    and Forward on this device meet no form sent before.
    """
    if request.method != "POST":
        if check := session.read_check(request):
            return render_page(request, "delete", {"count": len(check.answers)})
        if session.read_pause_code(request) or has_result(request):
            # Somebody comes back to the page of an earlier visitor; this one's answers are here.
            return redirect("check")
        return render_page(request, "deleted", {"until": session.read_pause_deadline(request)})
    check, paused = session.read_check(request), session.read_pause_code(request)
    if check:
        pause_codes.delete_paused_check(check.token)
    session.clear_session(request)
    if paused:
        session.keep_pause_deadline(request, paused[1])
    response = redirect("delete")
    response["Clear-Site-Data"] = '"cache", "storage"'
    if not request.user.is_authenticated:
        # Nothing tells this visitor from the next; whoever works here has other forms open.
        response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Lax")
    return response


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the cookie that belongs to it: cookies are off, or the page is very old."""
    return render_page(request, "ended", {"cookies": True}, status=403)
