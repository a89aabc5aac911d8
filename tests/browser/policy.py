"""What a browser refused under the site's strict policy: heard from the page's own events and from the console.

Two ways, since neither hears everything: a page without JavaScript has no listener, and a script can silence a console.
"""

HEARD = "policy broken: "
LISTEN = f"""addEventListener("securitypolicyviolation", broken => console.error(
  {HEARD!r} + broken.effectiveDirective + " stopped " + (broken.blockedURI || "inline") + " on " + location.pathname
  + (broken.sourceFile ? " at " + broken.sourceFile + ":" + broken.lineNumber : "")))"""


def watch_policy(context, found=None):
    """Listen in every page of this browser context that is opened from now on.

    Returns the list that each violation is added to, in words; give `found` to use a list of your own. Empty: none.
    """
    found = [] if found is None else found

    def hear(message):
        # Chromium's own sentence: "Refused to ... violates the following Content Security Policy directive".
        if message.text.startswith(HEARD) or "Content Security Policy" in message.text:
            found.append(message.text.removeprefix(HEARD))

    context.add_init_script(LISTEN)
    context.on("console", hear)
    return found
