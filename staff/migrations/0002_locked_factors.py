"""The seeds of phones are encrypted, and recovery codes hashed: phones and paper of staff go on working."""

import re

from django.db import migrations

from staff.models import hash_recovery_code, lock_seed, open_seed


def lock(apps, schema_editor):
    alias = schema_editor.connection.alias
    for phone in apps.get_model("otp_totp", "TOTPDevice").objects.using(alias).iterator():
        if re.fullmatch(r"([0-9a-f]{2})+", phone.key):
            phone.key = lock_seed(bytes.fromhex(phone.key))
            phone.save(update_fields=["key"])
    codes = apps.get_model("otp_static", "StaticToken").objects.using(alias)
    for code in list(codes.select_related("device")):
        codes.filter(pk=code.pk).update(token=hash_recovery_code(code.device.user_id, code.token)[0])


def unlock(apps, schema_editor):
    """The way back. No hash gives its code again: staff make new recovery codes."""
    alias = schema_editor.connection.alias
    for phone in apps.get_model("otp_totp", "TOTPDevice").objects.using(alias).iterator():
        phone.key = open_seed(phone.key).hex()
        phone.save(update_fields=["key"])
    apps.get_model("otp_static", "StaticToken").objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_leads"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [
        migrations.CreateModel(
            name="Phone",
            fields=[],
            options={"default_permissions": (), "proxy": True, "indexes": [], "constraints": []},
            bases=("otp_totp.totpdevice",),
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[],
            options={"default_permissions": (), "proxy": True, "indexes": [], "constraints": []},
            bases=("otp_static.staticdevice",),
        ),
        migrations.RunPython(lock, unlock),
    ]
