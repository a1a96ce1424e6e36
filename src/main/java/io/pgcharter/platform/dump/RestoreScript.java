package io.pgcharter.platform.dump;

/// Writes `restore.sh`: the way back for somebody who has the files of a dump, a shell and `psql`, and nothing of
/// ours.
@SuppressWarnings("InlineFormatString") // the script reads as a script where it stands alone
final class RestoreScript {
    private static final String HEAD = """
            #!/bin/sh
            # Restores this dump of database '%s' (PostgreSQL %s, taken %s) into an empty database.
            # Needs psql of the same major version or newer, and nothing else. Reads the files beside it.
            #
            #   createdb shop_restored
            #   ./restore.sh "dbname=shop_restored host=localhost user=postgres"
            #
            # The one argument is what psql takes as a connection string; give the password through PGPASSWORD or ~/.pgpass.
            # Roles that are missing are created without passwords; RESTORE_ROLES=no leaves roles alone.
            # RESTORE_DATABASE_SETTINGS=yes also applies the settings and privileges of the database itself.
            # Stops at the first error.
            set -eu
            [ $# -eq 1 ] || { echo "usage: $0 CONNECTION-STRING" >&2; exit 2; }
            cd "$(dirname "$0")"

            # Writes one COPY: the statement, the rows, the end mark.
            rows() {
              printf '%%s\\n' "$1"
              cat "$2"
              printf '\\\\.\\n'
            }

            # psql before August 2025 does not know \\restrict, which newer pg_dump writes around its output.
            schema() {
              grep -v -E '^\\\\(un)?restrict( |$)' "$1" || [ $? -eq 1 ]
            }

            {
              echo 'SET client_min_messages = warning;'
              if [ "${RESTORE_ROLES:-yes}" = yes ]; then cat roles.sql; fi
              schema pre-data.sql
              cat <<'END_OF_SETTINGS'
            %sEND_OF_SETTINGS
            """;

    private static final String OBJECTS = """
              echo %s
              rows %s large-objects.copy
              cat <<'END_OF_LARGE_OBJECTS'
            %sEND_OF_LARGE_OBJECTS
              cat large-objects.sql
            """;

    private static final String TAIL = """
              cat sequences.sql
              schema post-data.sql
              cat materialized-views.sql
              if [ "${RESTORE_DATABASE_SETTINGS:-no}" = yes ]; then cat database.sql; fi
              echo 'ANALYZE;'
            } | psql -X -q -v ON_ERROR_STOP=1 -o /dev/null -d "$1"
            echo "restored: %d tables, %d rows"
            """;

    private RestoreScript() {}

    static String of(Manifest manifest) {
        StringBuilder script = new StringBuilder();
        script.append(HEAD.formatted(
                oneLine(manifest.server().database()),
                manifest.server().version(),
                manifest.takenAt(),
                SessionSettings.PINNED));
        for (Manifest.TableEntry table : manifest.tables()) {
            String copy = shellWord(table.copyIn() + ";");
            for (String file : table.files()) {
                script.append("  rows ").append(copy).append(' ').append(file).append('\n');
            }
        }
        if (manifest.largeObjects().rows() > 0) {
            script.append(OBJECTS.formatted(
                    shellWord(LargeObjects.CREATE_STAGE + ";"),
                    shellWord(LargeObjects.COPY_IN + ";"),
                    LargeObjects.FROM_STAGE));
        }
        script.append(TAIL.formatted(manifest.tables().size(), manifest.rowCount()));
        return script.toString();
    }

    private static String shellWord(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
