"""What PostgreSQL's full text search reads, kept by the database beside each text.

SQLite compares words in Python and has none of this. The columns are PostgreSQL's own business and no part of a model:
nothing would read them but `progress.queries.full_text`, and a field would be fetched with every row. Whoever changes
the type of a column that stands here drops the vector before and adds it again behind.
"""

from django.db import migrations

# As competencies.stems.parted does it: marks that PostgreSQL's parser would take for part of a number, a host, a path
# or a compound, and accents, go. to_tsvector itself sees to the capitals, the stop words and the stems.
FUNCTIONS = r"""
CREATE FUNCTION search_text(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  translate(
    normalize(
      regexp_replace(
        normalize(
          regexp_replace(
            told,
            '[\u00a0-\u00bf\u00d7\u00f7\u2000-\u206f\u20ac\u2122\u2212\u2190\u2192\u2248\u2260\u2264\u2265]', ' ', 'g'
          ),
          NFD
        ),
        '[\u0300-\u036f]', '', 'g'
      ),
      NFC
    ),
    '-./@<>&_+:~', '           '
  );
-- A word in a name weighs more than one in a text.
CREATE FUNCTION search_vector(names text, texts text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  setweight(to_tsvector('english', search_text(names)), 'A')
  || setweight(to_tsvector('english', search_text(texts)), 'D');
"""
VECTORS = {
    'competencies_objective': "text || ' ' || code, study_text",
    'competencies_term': "name || ' ' || also, definition",
    'competencies_sheet': "title, summary || ' ' || body",
    'competencies_statement': "text || ' ' || code, ''",
    'competencies_reference': "title || ' ' || authors, publication || ' ' || coalesce(year::text, '')",
}


def add_vectors(apps, schema_editor):
    if schema_editor.connection.vendor != 'postgresql':
        return
    schema_editor.execute(FUNCTIONS, params=None)
    for table, words in VECTORS.items():
        schema_editor.execute(
            f'ALTER TABLE {table} ADD search_vector tsvector GENERATED ALWAYS AS (search_vector({words})) STORED'
        )


def remove_vectors(apps, schema_editor):
    if schema_editor.connection.vendor != 'postgresql':
        return
    for table in VECTORS:
        schema_editor.execute(f'ALTER TABLE {table} DROP search_vector')
    schema_editor.execute('DROP FUNCTION search_vector(text, text); DROP FUNCTION search_text(text)')


class Migration(migrations.Migration):

    dependencies = [
        ('competencies', '0002_terms_and_sheets'),
    ]

    operations = [
        migrations.RunPython(add_vectors, remove_vectors),
    ]
