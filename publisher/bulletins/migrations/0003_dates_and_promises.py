from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("bulletins", "0002_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulletin",
            name="dates",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="bulletin",
            name="exdates",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="bulletin",
            name="times_a_day",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="số lần hiện tối thiểu mỗi ngày"),
        ),
    ]
