"""What of accounts and roles is watched: core/watch/vouching.py."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed
from django_otp.plugins.otp_static.models import StaticToken

from core.watch import vouching
from core.watch.vouching import State

from .models import Phone, UnreadableSeedError

ACCOUNT = ("name", "email", "active", "roles", "password", "phone", "codes")
ROLE = ("name", "permissions")


def seed_of(device: Phone) -> str:
    """The seed of this phone, however it is stored; as it is stored, where no key opens it any more."""
    try:
        return device.bin_key.hex()
    except UnreadableSeedError:
        return str(device.key)


def token_of(token: StaticToken) -> str:
    """What stands for this recovery code, the same for as long as it is there."""
    return str(token.token)


def select_keys(rows: "QuerySet[Any]", keys: Collection[str] | None) -> "QuerySet[Any]":
    return rows if keys is None else rows.filter(pk__in=[int(key) for key in keys])


def read_accounts(keys: Collection[str] | None) -> dict[str, tuple[str, State]]:
    users = list(select_keys(User.objects.prefetch_related("groups", "user_permissions"), keys))
    phones: dict[int, list[list[Any]]] = defaultdict(list)
    for device in Phone.objects.filter(confirmed=True, user__in=users):
        # With what it takes for a code: one that takes any is no second step.
        config = [device.step, device.t0, device.digits, device.tolerance]
        phones[device.user_id].append([seed_of(device), *config])
    codes: dict[int, list[str]] = defaultdict(list)
    for token in StaticToken.objects.filter(device__confirmed=True, device__user__in=users).select_related("device"):
        codes[token.device.user_id].append(token_of(token))
    return {
        str(user.pk): (
            user.get_username(),
            {
                "name": [user.get_username(), user.first_name, user.last_name],
                "email": user.email,
                "active": [user.is_active, user.is_staff],
                "roles": [
                    user.is_superuser,
                    sorted(group.pk for group in user.groups.all()),
                    sorted(permission.pk for permission in user.user_permissions.all()),
                ],
                "password": user.password,
                "phone": sorted(phones[user.pk]),
                "codes": sorted(codes[user.pk]),
            },
        )
        for user in users
    }


def read_roles(keys: Collection[str] | None) -> dict[str, tuple[str, State]]:
    groups = select_keys(Group.objects.prefetch_related("permissions__content_type"), keys)
    return {
        str(group.pk): (
            group.name,
            {
                "name": group.name,
                "permissions": sorted(".".join(permission.natural_key()) for permission in group.permissions.all()),
            },
        )
        for group in groups
    }


def watch_relation(owner: type[User | Group], name: str, kind: str) -> None:
    """Vouch for what add(), remove(), set() and clear() make of this relation, from either of its ends."""
    through = getattr(owner, name).through

    def handle(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, model: Any, **kwargs: Any) -> None:
        when, _, _ = action.partition("_")
        if when == "post":
            vouching.end_change(instance._relation_change)
            return
        keys: Collection[int] = [instance.pk]
        if reverse:
            keys = (
                pk_set
                if pk_set is not None
                else list(model.objects.filter(**{name: instance}).values_list("pk", flat=True))
            )
        instance._relation_change = vouching.begin_change(kind, *keys)

    m2m_changed.connect(handle, sender=through, weak=False, dispatch_uid=f"vouching.{kind}.{through.__name__}")


def register_kinds() -> None:
    vouching.register_kind(vouching.Kind("account", "the account", read_accounts), ACCOUNT)
    vouching.register_kind(vouching.Kind("role", "the role", read_roles), ROLE)
    vouching.watch_saves(User, "account", free={"last_login"})
    vouching.watch_saves(Group, "role")
    watch_relation(User, "groups", "account")
    watch_relation(User, "user_permissions", "account")
    watch_relation(Group, "permissions", "role")
