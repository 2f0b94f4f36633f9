from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0002_unit_crest_unit_theme")]

    operations = [migrations.AddField(model_name="unit", name="words", field=models.TextField(blank=True, default=""))]
