"""The form of one question, built from the protocol, and the form that asks for a call back."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper  # type: ignore[import-untyped]  # crispy-forms has no types
from crispy_forms.layout import Field, Hidden, Layout, Submit  # type: ignore[import-untyped]  # as above
from django import forms
from django.urls import reverse_lazy

from core.typed import telephone
from core.typed.fields import EmailField, LineField
from core.typed.tidy import tidy_line

from ..privacy import consent, deletion_key
from ..protocol.back_pain import PROTOCOL
from ..protocol.engine import AnswerError, validate_answer
from ..protocol.model import Option, Question
from ..protocol.wording import Words


class PageField(Field):  # type: ignore[misc]  # crispy-forms has no types
    """A field whose legend is the page's heading.

    extra: why: the reason for asking; more: what counts as an answer; step: how far one is, in words; part: the name of
    this part of the check; begun: for each part, whether it has begun; first_alone: the option before which the list
    says "or", since it excludes those above.
    """

    def __init__(self, *args: Any, extra: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = {"page_heading": True, **extra}

    def render(self, form: forms.Form, context: Any, **kwargs: Any) -> str:
        return str(super().render(form, context, extra_context=self.extra, **kwargs))


class QuestionForm(forms.Form):
    """The page of one question. `cleaned_data["answer"]` is the chosen option codes in the question's order."""

    def __init__(
        self,
        question: Question,
        words: Words,
        token: str,
        data: Mapping[str, Any] | None = None,
        initial: Iterable[str] = (),
        step: str = "",
    ) -> None:
        super().__init__(data, initial={"answer": initial if question.many else next(iter(initial), None)})
        self.question, self.words = question, words
        text = words["questions"][question.code]
        self.none = text["options"].get("none", "")
        self.texts = text["options"]
        kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
        widget = forms.CheckboxSelectMultiple if question.many else forms.RadioSelect
        self.fields["answer"] = kind(
            label=text["title"],
            help_text=text["hint"],
            choices=[(option.code, text["options"][option.code]) for option in self.list_options()],
            widget=widget,
            error_messages={
                "required": self.describe_error("required"),
                "invalid_choice": self.describe_error("unknown"),
                "invalid_list": self.describe_error("unknown"),
            },
        )
        self.step, self.token = step, token

    def list_options(self) -> Iterable[Option]:
        """The options as they stand on the page: who does no sport need not read a list of sports to say so."""
        options = self.question.options
        return options if self.question.many else sorted(options, key=lambda option: option.kind != "none")

    @cached_property
    def helper(self) -> FormHelper:
        """How it is drawn: not needed for an answer that is taken."""
        question, text = self.question, self.words["questions"][self.question.code]
        names, number = tuple(PROTOCOL.parts.values()), PROTOCOL.part_numbers[question.code]
        helper = FormHelper()
        helper.attrs = {"novalidate": True, "autocomplete": "off"}
        helper.layout = Layout(
            PageField(
                "answer",
                template="clinic/body_map.html" if question.code == "where" else None,
                extra={
                    "why": text["why"],
                    "more": text.get("more", ""),
                    "step": self.step,
                    "part": self.words["parts"][names[number - 1]],
                    "begun": [part <= number for part in range(1, len(names) + 1)],
                    "first_alone": next(iter(question.codes("none")), "") if question.many else "",
                },
            ),
            Hidden("token", self.token),
            Submit("go", "Continue"),
        )
        return helper

    def describe_error(self, code: str, chosen: Iterable[str] = ()) -> str:
        """The plain words for an answer that the question does not allow. chosen: the option codes given."""
        if code == "required":
            name = "required_one" if not self.question.many else "required_many" if self.none else "required_many_any"
        else:
            name = code
        alone = next((self.texts[option] for option in chosen if option in self.question.codes("none")), self.none)
        return str(self.words["common"][name]).replace("{none}", alone)

    def clean_answer(self) -> tuple[str, ...]:
        given = self.cleaned_data["answer"]
        try:
            return validate_answer(self.question, given if self.question.many else [given])
        except AnswerError as error:
            raise forms.ValidationError(self.describe_error(error.code, error.options), code=error.code) from error


# The fields below put it before a field of Django.
if TYPE_CHECKING:
    FieldBase = forms.Field
else:
    FieldBase = object


class OneOfTwo(FieldBase):
    """A field that may stay empty when its neighbour does not: its label must not say "optional"."""

    def clean(self, value: str | None) -> Any:
        return super().clean(value) if value and tidy_line(value) else ""


NOT_WHOLE = (
    "This number has too few or too many digits. Write it with its area code. "
    "If it is from another country, start with + and the code of that country, such as +44 20 7946 0958"
)


class TelephoneField(OneOfTwo, LineField):
    """A number as people write numbers: digits, and what stands between them; as many as its country has."""

    def clean(self, value: str | None) -> str:
        number = telephone.tidy_number(super().clean(value))
        if number and not re.fullmatch(r"[0-9+(). /x-]+", number):
            raise forms.ValidationError("Write the number with digits, such as 555 0100 123 or 555 0100 123 ext 4")
        if number and not telephone.is_whole_number(number):
            raise forms.ValidationError(NOT_WHOLE)
        return number


class EmailOrNothing(OneOfTwo, EmailField):
    pass


class CallBackForm(forms.Form):
    """Who to call back and how. The autocomplete tokens let a browser fill in what it knows (WCAG 1.3.5)."""

    use_required_attribute = False

    name = LineField(
        label="Your name",
        max_length=100,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Write the name that we should ask for"},
    )
    telephone = TelephoneField(
        label="Telephone number",
        help_text="A number or an e-mail address is enough. You can give both.",
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    email = EmailOrNothing(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": "Write the e-mail address in full, such as name@example.com"},
    )

    def __init__(self, token: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="call-back-%s")
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.form_action = reverse_lazy("call_back")
        self.helper.layout = Layout(
            "name", "telephone", "email", Hidden("token", token), Hidden("consent", consent.VERSION),
            Submit("go", "Ask for a call back"),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not ({"telephone", "email"} & self.errors.keys() or given.get("telephone") or given.get("email")):
            self.add_error("telephone", "Write a telephone number or an e-mail address")
        return given


# One answer whatever is wrong with a code: it tells nobody whether it ever was one.
UNKNOWN = (
    "We cannot find an open check for this code. Compare each number with your paper. "
    "A code works once, and for 24 hours."
)


NO_KEY = "This is not the key of a result that we have. Look at your paper again: it has 30 letters in six groups."


class PaperForm(forms.Form):
    """One field for what stands on a patient's paper. address: name of the page that reads it; button: its words."""

    use_required_attribute = False
    address = button = ""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True, "autocomplete": "off"}
        self.helper.form_action = reverse_lazy(self.address)
        self.helper.layout = Layout(*self.fields, Submit("go", self.button))


def build_paper_field(label: str, hint: str, length: int, required: str, wrong: str, **attrs: str) -> LineField:
    """length: of what somebody may type. wrong: the answer to anything that cannot be right."""
    return LineField(
        label=label,
        help_text=hint,
        max_length=length,
        widget=forms.TextInput({**attrs, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": required, "max_length": wrong, "null_characters_not_allowed": wrong},
    )


class WithdrawForm(PaperForm):
    """The key with which a patient deletes what they sent."""

    address, button = "withdraw", "Delete what I sent"
    key = build_paper_field(
        "Your key", "30 letters, with or without gaps", 120, "Type the 30 letters of your key", NO_KEY,
        autocapitalize="characters",
    )  # fmt: skip

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not deletion_key.parse_key(key):
            raise forms.ValidationError(NO_KEY)
        return key


class ReturnForm(PaperForm):
    """The code of a check that was put aside."""

    address, button = "return", "Go on with my check"
    code = build_paper_field(
        "Your code", "16 numbers, with or without gaps", 60, "Type the 16 numbers from your paper", UNKNOWN,
        inputmode="numeric",
    )  # fmt: skip
