"""The symptom check: one question a page, check your answers, the result."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import checks, records
from .forms import QuestionForm
from .models import Assessment
from .protocol import wording
from .protocol.advice import answered
from .protocol.back_pain import PROTOCOL
from .protocol.engine import expected_length


def onward(path):
    """Where a walk goes next: the first open question, or the page with all answers."""
    return redirect("question", path.next.code) if path.next else redirect("answers")


def show(request, template, context=None, status=200):
    return render(request, f"assessment/{template}.html", context, status=status)


def no_check(request):
    """The visitor asks for a page of a check that is not there: it ended, was deleted, or is over a day old."""
    if checks.RESULT in request.session:
        return redirect("result")
    if request.method == "POST":
        # A second press that overtook the first one's new session cookie: the token proves whose check it is.
        saved = (
            Assessment.objects.filter(token=request.POST.get("token", "")).first() if posted_token(request) else None
        )
        if saved:
            checks.finish(request, saved)
            return redirect("result")
        return show(request, "ended", status=409)
    return redirect("check")


def posted_token(request):
    token = request.POST.get("token", "")
    return token if len(token) == 64 and token.isascii() and token.isalnum() else ""


def save_and_show(request, check):
    """Save the record, then let the result page take over."""
    checks.finish(request, records.save(check))
    return redirect("result")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """The door of the check. POST begins a new one."""
    if request.method == "POST":
        return onward(checks.start(request).path())
    check = checks.current(request)
    signs = wording.load()["now_if"]
    context = {
        "open": bool(check and check.answers),
        "finished": checks.RESULT in request.session,
        "now_if": signs,
        "length": typical_length(),
    }
    return show(request, "start", context)


def typical_length():
    return expected_length(PROTOCOL, checks.Check().path())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def question(request, code):
    """One question. Only a question on the path of the answers so far can be seen or answered."""
    asked = PROTOCOL.question(code)
    if asked is None:
        raise Http404("No such question")
    check = checks.current(request)
    if check is None:
        return no_check(request)
    if request.method == "POST" and request.POST.get("token") != check.token:
        return show(request, "ended", {"newer": True}, status=409)
    path = check.path()
    if not path.asks(code):
        return onward(path)
    words = wording.load()
    number = list(path.answers).index(code) + 1 if code in path.answers else len(path.steps) + 1
    step = f"Question {number} of about {expected_length(PROTOCOL, path)}"
    data, status = None, 200
    if request.method == "POST":
        data = request.POST
    form = QuestionForm(asked, words, check.token, data, initial=path.answers.get(code, ()), step=step)
    if form.is_bound:
        if form.is_valid():
            check.answers = {**{key: list(value) for key, value in path.answers.items()}, **late(check, path)}
            check.answers[code] = list(form.cleaned_data["answer"])
            path = check.path()
            if path.stopped:
                return save_and_show(request, check)
            checks.keep(request, check)
            return onward(path)
        status = 422
    before = path.before(code)
    return show(request, "question", {"form": form, "question": asked, "before": before}, status)


def late(check, path):
    """Answers that are not on the path now: kept, since a corrected answer may bring their questions back."""
    return {key: value for key, value in check.answers.items() if key not in path.answers}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def answers(request):
    """Check your answers; POST saves the record and shows the result."""
    check = checks.current(request)
    if check is None:
        return no_check(request)
    path = check.path()
    if path.next:
        return onward(path)
    if request.method == "POST":
        if request.POST.get("token") != check.token:
            return show(request, "ended", {"newer": True}, status=409)
        return save_and_show(request, check)
    return show(request, "answers", {"answers": answered(path.steps, wording.load()), "token": check.token})


@never_cache
@require_GET
def result(request):
    """The result, read from the saved record."""
    record = Assessment.objects.filter(pk=request.session.get(checks.RESULT)).first()
    if record is None:
        return redirect("check")
    return show(request, "result", {"record": record, "result": record.result})


@never_cache
@require_POST
def correct(request):
    """A wrong answer stopped the check: walk on from there with the other answers. The saved record stays as it is."""
    record = Assessment.objects.filter(pk=request.session.get(checks.RESULT)).first()
    if record is None:
        return redirect("check")
    last = record.answers[-1]["question"]
    check = checks.Check(answers=record.given, corrects=record.pk)
    checks.keep(request, check)  # beside the result, which stays in view until the corrected one is saved
    path = check.path()
    # The protocol may have changed since; the question that stopped the check is then no longer on the path.
    return redirect("question", last) if path.asks(last) else onward(path)


@never_cache
@require_POST
def delete(request):
    """Forget this visitor's answers and clear this device. A record that was already sent to the clinic stays there."""
    checks.clear(request)
    response = show(request, "deleted")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def csrf_failure(request, reason=""):
    """A form came without the cookie that belongs to it: cookies are off, or the page is very old."""
    return show(request, "ended", {"cookies": True}, status=403)
