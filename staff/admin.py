"""Accounts: leads make them, give them roles, close them, and take a lost phone away.

Only a superuser sees or changes a superuser. Nobody changes their own roles. No account is deleted, since its name
stands under what its person did: it is made inactive.
"""

import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, ReadOnlyPasswordHashWidget, UserChangeForm
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import ManyToManyField, QuerySet
from django.forms.models import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import audit, sessions
from core.pages.admin import TidySearchMixin
from core.typed.fields import ADMIN_FIELDS, NameField, RowsField

from . import factors
from .forms import NewPasswordForm
from .given_passwords import mark_given_password
from .recent_login import require_recent_login
from .roles import SAYS, find_role_conflict

if TYPE_CHECKING:
    NewUserForm = AdminUserCreationForm[User]
    ChangedUserForm = UserChangeForm[User]
    UserPages = UserAdmin[User]
    GroupsField = ModelMultipleChoiceField[Group]
    ManyToMany = ManyToManyField[Any, Any]
else:
    NewUserForm, ChangedUserForm, UserPages = AdminUserCreationForm, UserChangeForm, UserAdmin
    GroupsField, ManyToMany = ModelMultipleChoiceField, ManyToManyField

NAMES = ("username", "first_name", "last_name", "email")


def refuse_role_conflict(form: "forms.ModelForm[User]") -> None:
    """Nobody is both persons of a rule that needs two. What the form does not ask is as it is stored."""
    user, given = form.instance, form.cleaned_data
    if not {"groups", "is_superuser"} & form.fields.keys() or "groups" in form.errors:
        return
    groups = given.get("groups", user.groups.all() if user.pk else ())
    superuser = given.get("is_superuser", user.is_superuser)
    if conflict := find_role_conflict([group.name for group in groups], superuser):
        form.add_error("groups", conflict)


class NewAccountForm(NewUserForm):
    """Every account here is staff and has a password: there is nothing to choose."""

    class Meta(AdminUserCreationForm.Meta):
        field_classes = {"username": NameField}

    usable_password = None  # type: ignore[assignment]  # how Django takes a field of a base form away

    def clean_username(self) -> str:
        # One after the other: the database tells names in large and small letters apart. Roles are given meanwhile.
        list(Group.objects.select_for_update(no_key=True))
        name: str | None = super().clean_username()
        if name is None:  # taken, in large or small letters: the form says so
            return ""
        # One alphabet: a Cyrillic letter among Latin ones makes a name that looks like a colleague's.
        scripts = {unicodedata.name(sign, "?").split()[0] for sign in name if sign.isalpha()}
        if len(scripts - {"FULLWIDTH"}) > 1:
            raise forms.ValidationError("Write the name with the letters of one alphabet.")
        return name

    def clean(self) -> Any:
        cleaned = super().clean()
        refuse_role_conflict(self)
        return cleaned


class PasswordWidget(ReadOnlyPasswordHashWidget):
    """Whether there is a password. How it is stored is of use to nobody on this page."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        usable = is_password_usable(value)
        context["summary"] = [{"label": "Set" if usable else "Not set"}]
        context["button_label"] = "Give a new password" if usable else "Set a password"
        return context


class AccountForm(ChangedUserForm):
    class Meta(UserChangeForm.Meta):
        field_classes = {"username": NameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "password": ("Password", "Nobody can read it, not even you."),
            "is_active": ("Active", "Without the tick the person is out at once, and cannot log in again."),
            "is_superuser": ("Superuser", "May do everything, without any role. Nobody needs it for daily work."),
        }
        for name in words.keys() & self.fields.keys():
            self.fields[name].label, self.fields[name].help_text = words[name]
        self.fields["password"].widget = PasswordWidget()

    def clean(self) -> Any:
        cleaned = super().clean()
        refuse_role_conflict(self)
        return cleaned


class RoleFilter(admin.RelatedFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "roles"
        self.empty_value_display = SafeString("None")


class RoleField(RowsField):
    """Each role with what it may do."""

    def label_from_instance(self, obj: Group) -> str:
        return f"{obj.name}: {SAYS.get(obj.name, 'a role of your own')}"


class AccountAdmin(TidySearchMixin, UserPages):
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = NewPasswordForm
    list_display = ("username", "first_name", "last_name", "roles", "phone", "is_active", "last_login")
    list_filter = ("is_active", ("groups", RoleFilter))
    readonly_fields = ("phone", "last_login", "date_joined")
    filter_horizontal = ()
    formfield_overrides = ADMIN_FIELDS
    actions = None
    change_form_template = add_form_template = "staff/account.html"
    add_fieldsets = ((None, {"classes": ("wide",), "fields": (*NAMES, "password1", "password2", "groups")}),)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/lost-phone/", self.admin_site.admin_view(self.take_away_phone), name="auth_user_lost_phone"
        )
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Seven columns: without the list of all pages beside them they fit.
        return super().changelist_view(request, {"is_nav_sidebar_enabled": False, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found = super().get_queryset(request).prefetch_related("groups")
        return found if request.user.is_superuser else found.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        rights = ("is_active", "groups", *(["is_superuser"] if request.user.is_superuser else []))
        return (
            (None, {"fields": (*NAMES, "password")}),
            ("What this person may do", {"fields": rights}),
            ("Logging in", {"fields": ("phone", "last_login", "date_joined")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        own = obj is not None and obj.pk == request.user.pk
        # The audit names people by it: whoever renames two accounts could sign as a colleague.
        kept = ("username",) if obj else ()
        return (*self.readonly_fields, *kept, *(("is_active", "groups", "is_superuser") if own else ()))

    def formfield_for_manytomany(self, db_field: ManyToMany, request: HttpRequest, **kwargs: Any) -> GroupsField | None:
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": RoleField}
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.label, field.help_text = "Roles", ""
        return field

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        names = ", ".join(sorted(group.name for group in user.groups.all()))
        return "Superuser" if user.is_superuser else names or "None"

    @admin.display(description="Phone for codes", boolean=True)
    def phone(self, user: User) -> bool:
        return factors.has_phone(user)

    # Who opens these pages can take over any account: so it is asked who they are.
    @method_decorator(require_recent_login)
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("obj"):
            context["steps"] = list_account_steps(kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_recent_login)
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if id == str(request.user.pk):
            # Without the old password an open screen would be enough to take an account over.
            return redirect("admin:password_change")
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            mark_given_password(int(id))
            audit.record_event(request.user, "account", user=int(id), what="password")
        return answer

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        own_kind = obj is None or request.user.is_superuser or not obj.is_superuser
        return super().has_change_permission(request, obj) and own_kind

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        own_kind = obj is None or request.user.is_superuser or not obj.is_superuser
        return super().has_view_permission(request, obj) and own_kind

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change:
            mark_given_password(obj.pk)
        state = "active" if obj.is_active else "closed"
        if not obj.is_active:
            # Else they would be good again on the day the account is opened again.
            sessions.end_sessions(obj.pk)
        audit.record_event(request.user, "account", user=obj.pk, what=state if change else "new")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = join_role_names(form.instance)
        super().save_related(request, form, formsets, change)
        if (after := join_role_names(form.instance)) != before:
            audit.record_event(request.user, "roles", **{"user": form.instance.pk, "from": before, "to": after})

    @method_decorator(require_recent_login)
    @method_decorator(require_http_methods(["GET", "POST"]))
    def take_away_phone(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The phone is lost: codes of it and of the paper count no more; the next login sets up another."""
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user.pk == request.user.pk:
            return redirect("admin:set_up")  # with the phone that is there
        if request.method == "POST":
            factors.forget_phone(user)
            audit.record_event(request.user, "reset", user=user.pk)
            messages.success(request, f"{user.get_username()} sets up a new phone at the next login.")
            return redirect("admin:auth_user_change", pk)
        context = {**self.admin_site.each_context(request), "title": "Phone lost", "account": user}
        return render(request, "staff/lost_phone.html", context)


def list_account_steps(user: User) -> list[tuple[bool, str]]:
    """What is done for this person to work here, and what is still to do: (done, in words)."""
    if not user.is_active:
        return [(True, "This account is ended. Whoever tries to log in reads only that name or password is wrong.")]
    roles = " and ".join(sorted(group.name for group in user.groups.all()))
    if user.is_superuser:
        roles = roles or "none is needed, a superuser may do everything"
    password = user.has_usable_password()
    if not password:
        told = "Set a password, below."
    elif user.last_login:
        told = "Password: set."
    else:
        told = "Password: set. Nobody has logged in with it yet: tell the person name and password, not by e-mail."
    phone = factors.has_phone(user)
    return [
        (password, told),
        (
            bool(roles),
            f"Role: {roles}." if roles else "Give a role, below: without one there is nothing to do here.",
        ),
        (phone, "Phone for codes: set up." if phone else "Phone for codes: the person sets it up at the first login."),
    ]


def join_role_names(user: User) -> str:
    """The roles of an account as the audit writes them: "clinic-staff,leads"."""
    return ",".join(sorted(slugify(name) for name in user.groups.values_list("name", flat=True)))


# What a role may do is in staff/roles.py and the migrations; the pages of the devices would show their keys.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])
admin.site.register(User, AccountAdmin)
