"""What PostgreSQL's full text search reads; see competencies/migrations/0003_search_vectors.py."""

from django.db import migrations


def add_vector(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(
            'ALTER TABLE questions_question ADD search_vector tsvector '
            "GENERATED ALWAYS AS (search_vector('', stem)) STORED"
        )


def remove_vector(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('ALTER TABLE questions_question DROP search_vector')


class Migration(migrations.Migration):

    dependencies = [
        ('questions', '0004_problem_report'),
        ('competencies', '0003_search_vectors'),
    ]

    operations = [
        migrations.RunPython(add_vector, remove_vector),
    ]
