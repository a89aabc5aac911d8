"""One form a question, one condition a question that is not always asked; the finished check is saved as ours is."""

from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper  # type: ignore[import-untyped]  # crispy-forms has no types
from crispy_forms.layout import Layout, Submit  # type: ignore[import-untyped]  # the same
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from formtools.wizard.views import NamedUrlSessionWizardView, SessionWizardView

from assessment.patient import records
from assessment.patient.session import Check
from assessment.privacy import consent
from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import is_asked, validate_answer
from assessment.protocol.model import Question

WORDS = wording.load_words()


class QuestionForm(forms.Form):
    """What all of them share; make_form() adds the field `answer`."""

    question: Question

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("answer", Submit("go", "Continue"))

    def clean_answer(self) -> Any:
        given = self.cleaned_data["answer"]
        return validate_answer(self.question, given if self.question.many else [given])


def make_form(question: Question) -> type[QuestionForm]:
    text = WORDS["questions"][question.code]
    kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
    widget = forms.CheckboxSelectMultiple if question.many else forms.RadioSelect
    field = kind(
        label=text["title"],
        help_text=text["hint"],
        choices=[(option.code, text["options"][option.code]) for option in question.options],
        widget=widget,
    )
    return type(f"{question.code.title()}Form", (QuestionForm,), {"answer": field, "question": question})


def make_condition(question: Question) -> Callable[[Any], bool]:
    """As formtools documents it: look at the cleaned data of the steps that the condition needs."""
    needed = sorted({atom.question for atom in question.when.atoms()} if question.when else ())

    def asked(wizard: Any) -> bool:
        answers = {}
        for code in needed:
            data = wizard.get_cleaned_data_for_step(code)
            if data:
                answers[code] = data["answer"]
        return is_asked(question, answers)

    return asked


FORMS = [(question.code, make_form(question)) for question in PROTOCOL.questions]
CONDITIONS = {question.code: make_condition(question) for question in PROTOCOL.questions if question.when}


class SaveMixin:
    """The end of both wizards."""

    template_name = "bench/wizard.html"

    def done(self, form_list: Any, form_dict: dict[str, forms.Form], **kwargs: Any) -> HttpResponse:
        answers = {code: list(form.cleaned_data["answer"]) for code, form in form_dict.items()}
        records.submit_check(Check(answers=answers), consent.build_consent("finish"))
        return redirect("wizard_done")


class Wizard(SaveMixin, SessionWizardView):  # type: ignore[misc]  # formtools has no types
    """One address; the answer to a POST is the page of the next question. A refresh there sends the answer again."""


class NamedWizard(SaveMixin, NamedUrlSessionWizardView):  # type: ignore[misc]  # the same
    """An address a question and a redirect after each answer: what our own check gives its patients."""
