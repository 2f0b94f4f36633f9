from typing import Any

from django.db import migrations, models


def of_every_text(apps: Any, schema_editor: Any) -> None:
    """The original of a body becomes one among those of all its bulletin's texts."""
    for text in apps.get_model("bulletins", "BulletinText").objects.exclude(original="").iterator():
        text.originals = {"body": text.original}
        text.save(update_fields=["originals"])


def of_the_body(apps: Any, schema_editor: Any) -> None:
    for text in apps.get_model("bulletins", "BulletinText").objects.exclude(originals={}).iterator():
        text.original = text.originals.get("body", "")
        text.save(update_fields=["original"])


class Migration(migrations.Migration):

    dependencies = [
        ("bulletins", "0003_dates_and_promises"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulletintext",
            name="originals",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(of_every_text, of_the_body),
        migrations.RemoveField(model_name="bulletintext", name="original"),
    ]
