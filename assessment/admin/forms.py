"""The forms on a check's page."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth.models import User

from core.people import display_name
from core.typed.fields import TextField

from ..models.review import LEVELS, ClosingReason
from .permissions import list_colleagues

if TYPE_CHECKING:
    UserChoiceField = forms.ModelChoiceField[User]
else:
    UserChoiceField = forms.ModelChoiceField

BLANK = ("", "Choose")


class ReviewForm(forms.Form):
    """Every form carries the version of the check that its page showed."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    use_required_attribute = False


class DecisionForm(ReviewForm):
    """One note, and what is done with it: kept, the patient was contacted, or the check is closed."""

    note = TextField(
        label="What you did or agreed with the patient",
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Write what you did or agreed."},
    )
    reason = forms.ChoiceField(
        label="To close it: why?",
        choices=[BLANK, *((value, label) for value, label in ClosingReason.choices if value != ClosingReason.EARLIER)],
        error_messages={"required": "Choose why it can be closed."},
    )
    onward = forms.BooleanField(label="Then open the next check in the queue", required=False, initial=True)

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # For closing, review_actions.close_review says when a note is needed.
        self.fields["note"].required = action != "close"
        self.fields["reason"].required = action == "close"


class OverrideForm(ReviewForm):
    level = forms.TypedChoiceField(
        label="The level it should have",
        choices=[BLANK, *LEVELS],
        coerce=int,
        error_messages={"required": "Choose a level."},
    )
    why = TextField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write the reason: it is kept with the check."},
    )


class DismissForm(ReviewForm):
    """The page has its field outside of the one form that is sent."""

    enough = TextField(
        label="Why no more is needed",
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "form": "act-form"}),
        error_messages={"required": "Write why no more is needed: it is kept with the check."},
    )


class ColleagueField(UserChoiceField):
    """Everybody a check can be given to, by name."""

    def label_from_instance(self, user: User) -> str:
        return display_name(user)


class AssignForm(ReviewForm):
    to = ColleagueField(
        label="Give it to", queryset=None, empty_label="Choose", error_messages={"required": "Choose a colleague."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ColleagueField", self.fields["to"]).queryset = list_colleagues()


class BulkAssignForm(AssignForm):
    version = None  # type: ignore[assignment]  # Django's way to leave out a field of the base


class BulkCloseForm(DecisionForm):
    version = None  # type: ignore[assignment]  # as above
    onward = None  # type: ignore[assignment]  # as above
