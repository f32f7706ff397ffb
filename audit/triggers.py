"""
What the database itself does about events: it refuses to change or delete one, and with each new one it moves the head
of the stream and owes the telling, so that no event can be without them. SQLite and PostgreSQL each in their words.
"""

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

_KEPT = "audit_event_kept"
_KEEP = """
    UPDATE audit_streamhead SET seq = NEW.seq, hash = NEW.hash
    WHERE stream_kind = NEW.stream_kind AND stream = NEW.stream;
    INSERT INTO audit_pending (event_id, attempts, last_error) VALUES (NEW.id, 0, '');
"""
_KEEP_ON_POSTGRES = f"""
    CREATE OR REPLACE FUNCTION audit_event_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {_KEEP} RETURN NULL; END $$
"""


def install(using: str = "default") -> None:
    """Install every trigger that is missing. Each migration that touches Event must call this at its end."""
    connection = connections[using]
    wanted = _wanted(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE)
            cursor.execute(_KEEP_ON_POSTGRES)
        for name in missing(using):
            cursor.execute(f"CREATE TRIGGER {name} {wanted[name]}")


def lift(using: str = "default") -> None:
    """Drop what refuses to change events. For the tests' own cleaning only: nothing that ships calls this."""
    connection = connections[using]
    where = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _wanted(connection):
            if name != _KEPT:
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
        refusals = {name: f"{body} EXECUTE FUNCTION audit_event_refuse()" for name, body in _POSTGRES.items()}
        return {**refusals, _KEPT: f"AFTER INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_event_keep()"}
    return {**_SQLITE, _KEPT: f"AFTER INSERT ON {TABLE} BEGIN {_KEEP} END"}
