"""Words that several articles share: a line `::: shared NAME` shows them, so that all say the same."""

# Markdown by its name.
WORDS = {
    # Below the steps back to a sport. Such scales call 0 to 3 of ten safe, and 4 and 5 a reason to do less. Ours steps
    # back above 3, since none was tested on backs.
    "pain": """\
::: note
### If it hurts: a rule of thumb

- **Fine:** a mild ache or pinch, 3 out of 10 at most. It settles by the next morning. \
[@ahp-activity; @silbernagel-2007]
- **One step back:** it hurts more, or is worse the next morning.
- **Stop and book a visit:** it grows week by week, comes back in one spot, or runs down a leg.
:::
""",
}
