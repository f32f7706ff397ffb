"""The database's own refusal to change or delete an event. SQLite and PostgreSQL each in their words."""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_event"
_SAYS = "An audit event is never changed or deleted."

# INSERT OR REPLACE deletes without firing delete triggers, hence the third one on SQLite.
_SQLITE = {
    "audit_event_no_update": f"BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END",
    "audit_event_no_delete": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END",
    "audit_event_no_replace": (
        f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} AS old WHERE old.id = NEW.id OR "  # noqa: S608
        f"(old.stream_kind, old.stream, old.seq) = (NEW.stream_kind, NEW.stream, NEW.seq)) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {TABLE}: {_SAYS}'); END"
    ),
}
_POSTGRES = {
    "audit_event_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "audit_event_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}
_REFUSE = f"""
    CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(using: str = "default") -> None:
    """Install every trigger that is missing. Each migration that touches Event must call this at its end."""
    connection = connections[using]
    wanted = _wanted(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE)
        for name in missing(using):
            cursor.execute(f"CREATE TRIGGER {name} {wanted[name]}")


def lift(using: str = "default") -> None:
    """Drop the triggers. For the tests' own cleaning only: nothing that ships calls this."""
    connection = connections[using]
    where = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _wanted(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def missing(using: str = "default") -> list[str]:
    """Return the names of the triggers that the database lacks or has switched off; empty if all is well."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'", [TABLE]
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        present = {name for (name,) in cursor.fetchall()}
    return [name for name in _wanted(connection) if name not in present]


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return each trigger's name and what follows it in CREATE TRIGGER."""
    if connection.vendor == "postgresql":
        return {name: f"{body} EXECUTE FUNCTION audit_event_refuse()" for name, body in _POSTGRES.items()}
    return _SQLITE
