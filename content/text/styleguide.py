"""What the style guide shows: made up, but drawn by the code and templates that draw the pages patients see."""

from django import forms

from core.typed.fields import LineField, TextField

from . import markdown

TEXT = """## Text of an article

A plain paragraph with **strong words**, a [link](/) and a source. [@sample]

### A smaller heading

1. First
2. Second

| What was counted | Share | Out of |
|---|---|---|
| Golfers with back pain | 34% | 1,170 golfers |

## Cards of each level

::: emergency
:::

::: urgent
- the pain gets worse every day
:::

::: soon
- it is no better after 2 weeks
:::

::: self-care
- you can move, and it eases when you lie down
:::

## Do, avoid, note

::: do
- keep moving a little
- use warmth
:::

::: avoid
- days in bed
:::

::: note
A note says one thing on the side.
:::

## Steps, figure, fold

::: steps
1. **Today.** Walk a few steps each hour.
2. **Week 1.** Walk for ten minutes.
3. A step without a label.
:::

::: figure muscles
What to see in the picture. [@sample]
:::

::: fold What studies say
Words that only some people need. [@sample]

::: do
- open the fold to read more
:::
:::
"""
ANSWERS = [
    {
        "question": "where",
        "title": "Where does it hurt?",
        "short": "Where it hurts",
        "answer": [{"text": "Lower back"}],
    },
    {
        "question": "start",
        "title": "How did it start?",
        "short": "How it started",
        "answer": [{"text": "After a movement"}, {"text": "Over some days"}],
    },
]


class SampleForm(forms.Form):
    """Each kind of field that the template pack draws."""

    one = forms.ChoiceField(
        label="One of these",
        help_text="Choose the one that fits best.",
        choices=[("a", "The first"), ("b", "The second, with a longer text that runs on to a second line on a phone")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of these."},
    )
    many = forms.MultipleChoiceField(
        label="Any of these",
        choices=[("a", "The first"), ("b", "The second"), ("none", "None of these")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what fits, or None of these."},
    )
    line = LineField(
        label="A short text", help_text="As on a letter.", error_messages={"required": "Write a short text."}
    )
    lines = TextField(
        label="A longer text", widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": "Write a text."}
    )
    choice = forms.ChoiceField(
        label="One from a list",
        choices=[("", "Choose"), ("a", "The first")],
        error_messages={"required": "Choose one from the list."},
    )
    extra = LineField(label="A text that may stay empty", required=False)


def build_samples(emergency_number: str) -> dict[str, object]:
    """The context of the style guide."""
    return {
        "text": markdown.render_article(TEXT, ("sample",), emergency_number),
        "answers": ANSWERS,
        "empty": SampleForm(prefix="empty"),
        "filled": SampleForm(
            prefix="filled",
            initial={"one": "b", "many": ["a", "b"], "line": "Words", "lines": "More words", "choice": "a"},
        ),
        "wrong": SampleForm({}, prefix="wrong"),
    }
