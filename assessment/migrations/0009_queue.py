"""Every check that is there gets its place in the queue, and whoever could review before can work the queue."""

import json
from hashlib import sha256

from django.apps.registry import Apps
from django.db import migrations
from django.db.models import Max, Min

GROUP = "Clinic staff"
PERMISSIONS = {
    "assessment": ["view_assessment"],
    "review": ["view_review", "change_review"],
    "note": ["add_note", "view_note"],
    "override": ["add_override", "view_override"],
    "contact": ["view_contact"],
}


def open_reviews(apps: Apps, schema_editor):
    """A check with a note was reviewed, and is closed; the others are new, with the clock running since they came."""
    from assessment.clock import due

    Assessment, Note, Review = (apps.get_model("assessment", name) for name in ("Assessment", "Note", "Review"))
    rows = []
    checks = Assessment.objects.annotate(first=Min("notes__written_at"), last=Max("notes__written_at"))
    for check in checks.defer("result", "rules").order_by("pk").iterator(chunk_size=500):
        given = {item["question"]: [part["option"] for part in item["answer"]] for item in check.answers}
        row = Review(
            assessment_id=check.pk,
            level=check.level,
            state="new",
            submitted_at=check.finished_at,
            due_at=due(check.level, check.finished_at),
            sport=next(iter(given.get("sport", [])), ""),
            answers_digest=sha256(json.dumps(given, sort_keys=True).encode()).hexdigest(),
        )
        if check.last:
            author = Note.objects.filter(assessment=check.pk).order_by("-written_at", "-pk").values_list("author", flat=True)
            row.state, row.reason, row.assigned_to_id = "closed", "earlier", author[0]
            row.reviewed_at, row.closed_at = check.first, check.last
            row.minutes = max(int((check.first - check.finished_at).total_seconds() // 60), 0)
        rows.append(row)
        if len(rows) == 500:
            Review.objects.bulk_create(rows)
            rows = []
    Review.objects.bulk_create(rows)


def find_contacts(apps: Apps, schema_editor):
    """What the present keys can read is found by telephone and e-mail; for the rest there is manage.py index_contacts."""
    from assessment.contact import UnreadableError, search_keys, unlock

    Contact = apps.get_model("assessment", "Contact")
    for asked in Contact.objects.order_by("pk").iterator(chunk_size=500):
        try:
            Contact.objects.filter(pk=asked.pk).update(**search_keys(unlock(asked.locked)))
        except UnreadableError:
            continue


def permit(apps: Apps, schema_editor):
    """Clinic staff, and every group or person that could add a review before, may work the queue."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    holders = [group]
    # The permissions of what was called a review are those of a note now.
    for verb in ("add", "view", "change", "delete"):
        old = Permission.objects.filter(content_type__app_label="assessment", content_type__model="note", codename=f"{verb}_review")
        if verb == "add" and old:
            holders += [*old[0].group_set.exclude(pk=group.pk), *old[0].user_set.all()]
        if verb in ("change", "delete"):
            old.delete()
        else:
            old.update(codename=f"{verb}_note", name=f"Can {verb} note")
    for model, codenames in PERMISSIONS.items():
        kind, _ = ContentType.objects.get_or_create(app_label="assessment", model=model)
        for codename in codenames:
            # Django makes the permissions only after all migrations; the name is the one that it would give.
            name = f"Can {codename.split('_')[0]} {'check' if model == 'assessment' else model}"
            permission, _ = Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
            for holder in holders:
                getattr(holder, "permissions" if hasattr(holder, "permissions") else "user_permissions").add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0008_reviews"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(open_reviews, migrations.RunPython.noop),
        migrations.RunPython(find_contacts, migrations.RunPython.noop),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
