"""What PostgreSQL's full text search reads; see competencies/migrations/0003_search_vectors.py."""

from django.db import migrations


def add_vector(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(
            'ALTER TABLE study_note ADD search_vector tsvector '
            "GENERATED ALWAYS AS (search_vector('', text)) STORED"
        )


def remove_vector(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('ALTER TABLE study_note DROP search_vector')


class Migration(migrations.Migration):

    dependencies = [
        ('study', '0001_initial'),
        ('competencies', '0003_search_vectors'),
    ]

    operations = [
        migrations.RunPython(add_vector, remove_vector),
    ]
