"""What must not be done by whoever finds an open screen: password and code are asked for once more."""

import time
from functools import wraps

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse

# In the session: when password and code were given last (Unix time).
GIVEN = "staff_confirmed"
# Who saw the form in time may take this much longer to fill it in. Seconds.
TO_FILL_IN = 10 * 60


def stamp(session) -> None:
    session[GIVEN] = int(time.time())


def is_fresh(request) -> bool:
    allowed = settings.FRESH_MINUTES * 60 + (TO_FILL_IN if request.method == "POST" else 0)
    return time.time() - request.session.get(GIVEN, 0) < allowed


def fresh(view):
    """Decorator for a view: it is reached within FRESH_MINUTES of giving password and code."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if is_fresh(request):
            return view(request, *args, **kwargs)
        to = QueryDict(mutable=True)
        to["next"] = request.get_full_path()
        return redirect(f"{reverse('admin:confirm')}?{to.urlencode(safe='/')}")

    return wrapped
