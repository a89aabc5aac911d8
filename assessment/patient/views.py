"""The symptom check: one question a page, check your answers, the result."""

import logging
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial, wraps

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from core.throttle import Limit, client, take

from ..models import Assessment, Contact
from ..privacy import consent, contact_details, deletion_key
from ..protocol import wording
from ..protocol.advice import answered
from ..protocol.back_pain import PROTOCOL, USUAL
from ..protocol.engine import AnswerError, clean, expected_length, longest_length
from ..protocol.model import Level
from . import callbacks, pause_codes, question_cache, records, session, step_counts
from .calendar_file import calendar
from .forms import CallBackForm, QuestionForm

logger = logging.getLogger(__name__)


def onward(path):
    """Where a walk goes next: the first open question, or the page with all answers."""
    code = path.next.code if path.next else ""
    return HttpResponseRedirect(address(code, get_script_prefix()))


@lru_cache
def address(code, prefix):
    """Of this question; "": of the page with all answers. prefix: where the site is mounted; reverse() looks at it."""
    return reverse("question", args=[code]) if code else reverse("answers")


def show(request, template, context=None, status=200):
    return render(request, f"assessment/{template}.html", context, status=status)


def on_the_result(view):
    """The view of a form that stands on the page of the result: whoever loads its address again is shown that page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def form(request):
        return view(request) if request.method == "POST" else redirect("result")

    return form


def wait(response, limit):
    """This page as the answer to somebody who comes too often: 429, and how many seconds to wait."""
    response.status_code = 429
    response.headers["Retry-After"] = limit.wait
    return response


def submissions():
    """How many results one network may send. Generous: a whole clinic, or a mobile network, may share an address."""
    return Limit("submission", settings.SUBMISSIONS_PER_HOUR, timedelta(hours=1) / settings.SUBMISSIONS_PER_HOUR)


def may_send(request):
    try:
        # Where SQLite is locked, one long wait is enough: that of saving.
        with step_counts.impatient():
            return take(submissions(), client(request))
    except DatabaseError:
        # A count that fails refuses nobody. Saving will fail too, and says so on the page with the result.
        return True


def no_check(request):
    """The visitor asks for a page of a check that is not there: put aside, finished, deleted, or over a day old."""
    if finished(request):
        return redirect("result")
    if session.PAUSED in request.session:
        return redirect("pause")
    if request.method == "POST":
        # A second press that overtook the first one's new session cookie: the token proves whose check it is.
        token = posted_token(request)
        saved = Assessment.objects.filter(token=token).first() if token else None
        if saved:
            session.finish(request, saved)
            return redirect("result")
        return show(request, "ended", status=409)
    return redirect("check")


def posted_token(request):
    token = request.POST.get("token", "")
    return token if len(token) == 64 and token.isascii() and token.isalnum() else ""


def finished(request):
    return session.RESULT in request.session or session.UNSAVED in request.session


def finish(request, check, agreed):
    """Save the record if the patient agreed to that, then let the result page take over."""
    unkept = partial(result_unkept, request, check)
    try:
        pause_codes.forget(check.token)
        if agreed:
            session.finish(request, records.save(check, agreed))
        else:
            session.finish_unsaved(request, records.pack(records.draft(check)))
    except DatabaseError as error:
        logger.error("outage", extra={"error": type(error).__name__})
        return unkept()
    response = redirect("result")
    # The session is saved after this: site_project/outage.py asks for this page where that fails.
    response.unkept = unkept
    return response


def result_unkept(request, check):
    """The disk is full, say: nothing can be kept, but who answered everything is told what to do all the same.

    What was sent stands in the page, so that pressing again saves it.
    """
    page = result_page(request, records.draft(check), status=503, unkept=True)
    page.headers["Retry-After"] = 30
    return page


@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """The door of the check. POST begins a new one; an emergency in it is saved only after a yes on this page."""
    changed = False
    if request.method == "POST":
        try:
            agreed = consent.answer("start", request.POST.get("consent", ""))
            earlier = session.current(request)
            if earlier:
                pause_codes.forget(earlier.token)
            check = session.Check(consent=agreed)
            step_counts.step(check, check.path())
            return onward(session.start(request, check).path())
        except consent.WordsChangedError:
            changed = True
    check = session.current(request)
    signs = wording.load()["now_if"]
    context = {
        "open": bool(check and check.answers),
        "finished": finished(request),
        "now_if": signs,
        "length": typical_length(),
        "longest": longest_length(PROTOCOL, session.Check().path()),
        "consent": consent.shown("start"),
        "changed": changed,
    }
    return show(request, "start", context, status=409 if changed else 200)


def typical_length():
    return expected_length(PROTOCOL, session.Check().path(), USUAL)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def question(request, code):
    """One question. Only a question on the path of the answers so far can be seen or answered."""
    asked = PROTOCOL.question(code)
    if asked is None:
        raise Http404("No such question")
    check = session.current(request)
    if check is None:
        return no_check(request)
    if request.method == "POST" and request.POST.get("token") != check.token:
        return show(request, "ended", {"newer": True}, status=409)
    path = check.path()
    if not path.asks(code):
        return onward(path)
    if request.method == "POST":
        try:
            answer = clean(asked, request.POST.getlist("answer") if asked.many else [request.POST.get("answer", "")])
        except AnswerError:
            return show_question(request, asked, check, path, request.POST)
        check.answers = {**{key: list(value) for key, value in path.answers.items()}, **late(check, path)}
        check.answers[code] = list(answer)
        path = check.path()
        step_counts.step(check, path, code)
        if path.stopped:
            # Nobody waits for the page of an emergency. Only saving it may have to: that page offers it again.
            return finish(request, check, check.consent if check.consent and may_send(request) else {})
        session.keep_answer(request, check)
        return onward(path)
    return show_question(request, asked, check, path)


def show_question(request, asked, check, path, sent=None):
    """The page of this question. sent: what was sent and is no answer; the page says why."""
    before, given = path.before(asked.code), path.answers.get(asked.code, ())
    number = list(path.answers).index(asked.code) + 1 if given else len(path.steps) + 1
    step = f"Question {number}" if path.stopped else f"Question {number} of {span(path)}"
    if sent is None and not given:
        return question_cache.unanswered(request, asked, before, check.token, step)
    form = QuestionForm(asked, wording.load(), check.token, sent, initial=given, step=step)
    context = {"form": form, "token": check.token, "before": before, "given": given}
    return show(request, "question", context, 200 if sent is None else 422)


def span(path):
    """How many questions there are in all: "14 to 24", in the end "14". The larger number never grows."""
    fewest, most = expected_length(PROTOCOL, path, USUAL), longest_length(PROTOCOL, path)
    return str(most) if fewest == most else f"{fewest} to {most}"


def late(check, path):
    """Answers that are not on the path now: kept, since a corrected answer may bring their questions back."""
    return {key: value for key, value in check.answers.items() if key not in path.answers}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def answers(request):
    """Check your answers; POST shows the result, and saves the record if the patient agrees to that."""
    check = session.current(request)
    if check is None:
        return send(request) if request.method == "POST" else no_check(request)
    path = check.path()
    if path.next:
        return onward(path)
    changed = refused = False
    if request.method == "POST":
        if request.POST.get("token") != check.token:
            return show(request, "ended", {"newer": True}, status=409)
        try:
            agreed = consent.answer("finish", request.POST.get("consent", ""))
            refused = bool(agreed) and not may_send(request)
            if not refused:
                step_counts.step(check, path, step_counts.ANSWERS)
                return finish(request, check, agreed)
        except consent.WordsChangedError:
            changed = True
    context = {
        "answers": answered(path.steps, wording.load()),
        "token": check.token,
        "consent": consent.shown("finish"),
        "private": not check.consent,
        "changed": changed,
        "wait": refused and submissions().minutes,
        "taken_back": records.draft(check).result["taken_back"] if check.taken_back else [],
    }
    page = show(request, "answers", context, status=409 if changed else 200)
    return wait(page, submissions()) if refused else page


def in_view(request):
    """The result of this visitor: the saved record, or one that lives only in this session, or None."""
    if session.UNSAVED in request.session:
        return records.unpack(request.session[session.UNSAVED])
    return Assessment.objects.filter(pk=request.session.get(session.RESULT)).first()


def calls_back(record):
    """Whether this patient may ask for a call back. In an emergency nobody should wait for one."""
    return bool(record.pk) and record.level != Level.EMERGENCY and contact_details.available()


def result_page(request, record, status=200, **context):
    """The page of this result.

    context: "form" to ask for a call back; "changed" when consent words were outdated; "wait", the minutes until it
    can be sent; "unkept" when nothing could be saved.
    """
    asked = Contact.objects.filter(assessment=record).first() if record.pk else None
    if calls_back(record) and not asked:
        context.setdefault("form", CallBackForm(record.token))
        context["call_back"] = consent.shown("contact")
    # Saved too, and the only page with its key was left when an answer in it was corrected.
    first = Assessment.objects.filter(pk=record.corrects_id).first() if record.corrects_id else None
    context |= {
        "record": record,
        "result": record.result,
        "asked": asked,
        "details": asked and asked.details(),
        "reminds": record.level in (Level.SOON, Level.SELF_CARE),
        "consent": consent.shown("finish"),
        "key": deletion_key.shown(record) if record.pk else "",
        "first": first,
        "first_key": deletion_key.shown(first) if first else "",
    }
    return show(request, "result", context, status)


@require_GET
def result(request):
    """The result, read from the saved record, or from the session when the patient did not send it."""
    record = in_view(request)
    return result_page(request, record) if record else redirect("check")


@on_the_result
@sensitive_post_parameters()
def send(request):
    """Send a result to the clinic after all: what is saved is what was shown."""
    unsaved = request.session.get(session.UNSAVED)
    if unsaved is None:
        return no_check(request)
    if request.POST.get("token") != unsaved["token"]:
        return show(request, "ended", {"newer": True}, status=409)
    record = records.unpack(unsaved)
    try:
        agreed = consent.answer("finish", request.POST.get("consent", ""))
    except consent.WordsChangedError:
        return result_page(request, record, status=409, changed=True)
    if agreed and not may_send(request):
        return wait(result_page(request, record, wait=submissions().minutes), submissions())
    if agreed:
        session.finish(request, records.send(record, agreed))
    return redirect("result")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def call_back(request):
    """Ask for a call back about the saved result in view. Any other method than POST only shows that result."""
    record = in_view(request)
    if request.method != "POST" or (record and not calls_back(record)):
        return redirect("result")
    if record is None:
        # Cleared in another tab, or over a day old: nobody may wait for a call that was never asked for.
        return show(request, "ended", {"unasked": True}, status=409)
    if request.POST.get("token") != record.token:
        return show(request, "ended", {"newer": True}, status=409)
    form = CallBackForm(record.token, request.POST)
    try:
        agreed = consent.answer("contact", request.POST.get("consent", ""))
    except consent.WordsChangedError:
        agreed = {}
    if not agreed:
        return result_page(request, record, status=409, form=form, changed=True)
    if not form.is_valid():
        return result_page(request, record, status=422, form=form)
    callbacks.ask(record, form.cleaned_data, agreed)
    return redirect(f"{reverse('result')}#call-back")


@on_the_result
def remove_call_back(request):
    """No call after all: the contact details go, the record stays."""
    callbacks.take_back(request.session.get(session.RESULT))
    return redirect("result")


@require_GET
def reminder(request):
    """The calendar file for "check again in two weeks"."""
    record = in_view(request)
    if record is None:
        return redirect("check")
    if record.level not in (Level.SOON, Level.SELF_CARE):
        raise Http404("There is no reminder for this result")
    address = request.build_absolute_uri(reverse("check"))
    file = calendar(timezone.localdate(record.finished_at), address, datetime.now(UTC))
    return HttpResponse(
        file,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="check-again.ics"'},
    )


@on_the_result
def correct(request):
    """A wrong answer stopped the check: walk on from there with the other answers. A saved record stays as it is."""
    record = in_view(request)
    if record is None:
        return redirect("check")
    last = record.answers[-1]["question"]
    check = session.Check(
        answers=record.given,
        corrects=record.pk,
        taken_back=records.taken_back(record),
        consent=records.agreed(record),
    )
    session.keep(request, check)  # beside the result, which stays in view until the corrected one takes its place
    path = check.path()
    # The protocol may have changed since; the question that stopped the check is then no longer on the path.
    return redirect("question", last) if path.asks(last) else onward(path)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    """Forget this visitor's answers and clear this device. What was sent to the clinic, or put aside, stays there.

    Where a check is open, GET asks first. The page that says that it is done has an address of its own, so that Back
    and Forward on this device meet no form sent before.
    """
    if request.method != "POST":
        if check := session.current(request):
            return show(request, "delete", {"count": len(check.answers)})
        if session.paused(request) or finished(request):
            # Somebody comes back to the page of an earlier visitor; this one's answers are here.
            return redirect("check")
        return show(request, "deleted", {"until": session.cleared_until(request)})
    check, paused = session.current(request), session.paused(request)
    if check:
        pause_codes.forget(check.token)
    session.clear(request)
    if paused:
        session.cleared(request, paused[1])
    response = redirect("delete")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def csrf_failure(request, reason=""):
    """A form came without the cookie that belongs to it: cookies are off, or the page is very old."""
    return show(request, "ended", {"cookies": True}, status=403)
