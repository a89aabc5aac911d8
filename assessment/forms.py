"""One form, built from one question of the protocol."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Hidden, Layout, Submit
from django import forms

from .protocol.engine import AnswerError, clean


class PageField(Field):
    """A field whose legend is the page's heading, with the reason for asking under it.

    first_alone: the option before which the list says "or", since it excludes those above.
    """

    def __init__(self, *args, why="", step="", first_alone="", **kwargs):
        super().__init__(*args, **kwargs)
        self.extra = {"page_heading": True, "why": why, "step": step, "first_alone": first_alone}

    def render(self, form, context, **kwargs):
        return super().render(form, context, extra_context=self.extra, **kwargs)


class QuestionForm(forms.Form):
    """The page of one question. `cleaned_data["answer"]` is the chosen option codes in the question's order."""

    def __init__(self, question, words, token, data=None, initial=(), step=""):
        super().__init__(data, initial={"answer": initial if question.many else next(iter(initial), None)})
        self.question, self.common = question, words["common"]
        text = words["questions"][question.code]
        self.none = text["options"].get("none", "")
        self.texts = text["options"]
        kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
        widget = forms.CheckboxSelectMultiple if question.many else forms.RadioSelect
        self.fields["answer"] = kind(
            label=text["title"],
            help_text=text["hint"],
            choices=[(option.code, text["options"][option.code]) for option in question.options],
            widget=widget,
            error_messages={
                "required": self.message("required"),
                "invalid_choice": self.message("unknown"),
                "invalid_list": self.message("unknown"),
            },
        )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True, "autocomplete": "off"}
        self.helper.layout = Layout(
            PageField(
                "answer",
                why=text["why"],
                step=step,
                first_alone=next(iter(question.codes("none")), "") if question.many else "",
            ),
            Hidden("token", token),
            Submit("go", "Continue"),
        )

    def message(self, code, chosen=()):
        """The plain words for an answer that the question does not allow. chosen: the option codes given."""
        if code == "required":
            name = "required_one" if not self.question.many else "required_many" if self.none else "required_many_any"
        else:
            name = code
        alone = next((self.texts[option] for option in chosen if option in self.question.codes("none")), self.none)
        return self.common[name].replace("{none}", alone)

    def clean_answer(self):
        given = self.cleaned_data["answer"]
        try:
            return clean(self.question, given if self.question.many else [given])
        except AnswerError as error:
            raise forms.ValidationError(self.message(error.code, error.options), code=error.code) from error
