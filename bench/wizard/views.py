"""One form a question, one condition a question that is not always asked; the finished check is saved as ours is."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.shortcuts import redirect
from formtools.wizard.views import NamedUrlSessionWizardView, SessionWizardView

from assessment.patient import records
from assessment.patient.session import Check
from assessment.privacy import consent
from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import is_asked, validate_answer

WORDS = wording.load_words()


def make_form(question):
    text = WORDS["questions"][question.code]
    kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
    widget = forms.CheckboxSelectMultiple if question.many else forms.RadioSelect
    field = kind(
        label=text["title"],
        help_text=text["hint"],
        choices=[(option.code, text["options"][option.code]) for option in question.options],
        widget=widget,
    )

    def __init__(self, *args, **kwargs):
        forms.Form.__init__(self, *args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("answer", Submit("go", "Continue"))

    def clean_answer(self):
        given = self.cleaned_data["answer"]
        return validate_answer(question, given if question.many else [given])

    own = {"answer": field, "__init__": __init__, "clean_answer": clean_answer}
    return type(f"{question.code.title()}Form", (forms.Form,), own)


def make_condition(question):
    """As formtools documents it: look at the cleaned data of the steps that the condition needs."""
    needed = sorted({atom.question for atom in question.when.atoms()})

    def asked(wizard):
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

    def done(self, form_list, form_dict, **kwargs):
        answers = {code: list(form.cleaned_data["answer"]) for code, form in form_dict.items()}
        records.submit_check(Check(answers=answers), consent.build_consent("finish"))
        return redirect("wizard_done")


class Wizard(SaveMixin, SessionWizardView):
    """One address; the answer to a POST is the page of the next question. A refresh there sends the answer again."""


class NamedWizard(SaveMixin, NamedUrlSessionWizardView):
    """An address a question and a redirect after each answer: what our own check gives its patients."""
