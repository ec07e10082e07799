"""The tables of the store, and how an older store becomes a newer one: forward only.

A migration is never changed once it has shipped; a new one is added below.
None may call ``transform`` on a guarded table: sqlite-utils then builds the
table anew and its triggers are gone in silence. `apply` therefore looks at the
laws before it commits, and a test reads this file for the word.
"""

from __future__ import annotations

from functools import cache

from sqlite_utils import Database, Migrations

from models.errors import StoreError
from models.store import laws, points_forward, search_index

APPLICATION_ID = 0x46535549  # "FSUI": a store of this house, not any SQLite file

MIGRATIONS = Migrations("fengsui")

_TABLES = """
CREATE TABLE people (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CONSTRAINT "people.no_name" CHECK (trim(name) <> ''),
    staff_no TEXT NOT NULL CONSTRAINT "people.no_staff_no" CHECK (trim(staff_no) <> ''),
    phone TEXT NOT NULL,
    roles TEXT NOT NULL,
    active INTEGER NOT NULL,
    pin_hash TEXT NOT NULL
);
CREATE TABLE pin_tries (
    person_id TEXT NOT NULL REFERENCES people (id),
    at TEXT NOT NULL
);
CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    wkb BLOB NOT NULL,
    population INTEGER,
    UNIQUE (kind, code)
);
CREATE VIRTUAL TABLE places_box USING rtree (id, west, east, south, north);
CREATE TABLE points (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    lon_deg REAL NOT NULL,
    lat_deg REAL NOT NULL,
    town TEXT NOT NULL,
    village TEXT NOT NULL,
    warn_unit TEXT NOT NULL,
    person TEXT NOT NULL,
    phone TEXT NOT NULL,
    attributes TEXT NOT NULL,
    place_in_list INTEGER NOT NULL
);
CREATE TABLE thresholds (
    point_id TEXT NOT NULL REFERENCES points (id) ON DELETE CASCADE,
    place_in_list INTEGER NOT NULL,
    window_h INTEGER NOT NULL,
    level TEXT NOT NULL,
    rain_mm REAL NOT NULL,
    design INTEGER NOT NULL,
    PRIMARY KEY (point_id, place_in_list)
) WITHOUT ROWID;
CREATE TABLE gauges (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    lon_deg REAL NOT NULL,
    lat_deg REAL NOT NULL,
    town TEXT NOT NULL
);
CREATE TABLE gauge_reports (
    gauge_id TEXT NOT NULL,
    at TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    rain_mm REAL NOT NULL,
    PRIMARY KEY (at, gauge_id, minutes)
) WITHOUT ROWID;
CREATE TABLE point_lists (
    sha TEXT PRIMARY KEY NOT NULL,
    ids TEXT NOT NULL
);
CREATE TABLE point_rates (
    at TEXT NOT NULL,
    radar TEXT NOT NULL,
    is_sum INTEGER NOT NULL,
    step_s REAL NOT NULL,
    list_sha TEXT NOT NULL REFERENCES point_lists (sha),
    rates BLOB NOT NULL,
    PRIMARY KEY (at, radar, is_sum)
);
CREATE TABLE alarms (
    id TEXT PRIMARY KEY NOT NULL,
    point_id TEXT NOT NULL,
    point_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    town TEXT NOT NULL,
    lon_deg REAL NOT NULL,
    lat_deg REAL NOT NULL,
    level TEXT NOT NULL,
    window_h INTEGER NOT NULL,
    rain_mm REAL,
    threshold_mm REAL,
    at_least INTEGER NOT NULL,
    raised_at TEXT NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    state TEXT NOT NULL,
    evidence TEXT NOT NULL
);
CREATE INDEX alarms_raised_at ON alarms (raised_at);
CREATE TABLE warnings (
    id TEXT PRIMARY KEY NOT NULL,
    chain_id TEXT NOT NULL,
    signal_id TEXT NOT NULL,
    message_type TEXT NOT NULL,
    state TEXT NOT NULL,
    towns TEXT NOT NULL,
    text TEXT NOT NULL,
    guide TEXT NOT NULL,
    valid_hours REAL NOT NULL,
    author_id TEXT NOT NULL REFERENCES people (id),
    created_at TEXT NOT NULL,
    exercise INTEGER NOT NULL,
    alarm_ids TEXT NOT NULL,
    previous_id TEXT REFERENCES warnings (id),
    year INTEGER,
    number INTEGER,
    submitted_at TEXT,
    signer_id TEXT REFERENCES people (id),
    signed_at TEXT,
    issued_at TEXT,
    expires_at TEXT,
    ended_at TEXT,
    identifier TEXT NOT NULL,
    note TEXT NOT NULL,
    cap_xml TEXT,
    CONSTRAINT "warnings.same_person" CHECK (signer_id <> author_id),
    UNIQUE (year, number)
);
CREATE TABLE outbox (
    id TEXT PRIMARY KEY NOT NULL,
    warning_id TEXT NOT NULL REFERENCES warnings (id),
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    tried_at TEXT,
    handed_over_at TEXT,
    error TEXT NOT NULL
);
CREATE INDEX outbox_state ON outbox (state, created_at);
CREATE INDEX outbox_warning ON outbox (warning_id);
CREATE TABLE receipts (
    id TEXT PRIMARY KEY NOT NULL,
    message_id TEXT NOT NULL REFERENCES outbox (id),
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX receipts_message ON receipts (message_id);
CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    before_sha TEXT NOT NULL CHECK (length(before_sha) = 64),
    sha TEXT NOT NULL CHECK (length(sha) = 64)
);
"""


_ARCHIVE = (
    """
CREATE TABLE archive (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    radar TEXT NOT NULL,
    data_at TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    format TEXT NOT NULL,
    layout TEXT NOT NULL,
    complete INTEGER,
    archived_at TEXT NOT NULL
)
""",
    "CREATE INDEX archive_age ON archive (min(data_at, archived_at), id)",
    "CREATE INDEX archive_kind ON archive (kind, data_at)",
    "CREATE INDEX archive_size ON archive (size_bytes)",  # so that a sum need not read the rows
)

_REGISTERS = (
    """
CREATE TABLE records (
    key INTEGER PRIMARY KEY,
    register TEXT NOT NULL,
    id TEXT NOT NULL CONSTRAINT "register.no_id" CHECK (trim(id) <> ''),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    lon_deg REAL,
    lat_deg REAL,
    wkb BLOB NOT NULL,
    town TEXT NOT NULL,
    village TEXT NOT NULL,
    "values" TEXT NOT NULL,
    others TEXT NOT NULL,
    version INTEGER NOT NULL,
    place_in_list INTEGER NOT NULL,
    UNIQUE (register, id)
)
""",
    "CREATE INDEX records_list ON records (register, place_in_list)",
    "CREATE VIRTUAL TABLE records_box USING rtree (key, west, east, south, north)",
    # without rowid, so that no REPLACE by a rowid pushes a version out
    """
CREATE TABLE record_versions (
    register TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    cause TEXT NOT NULL,
    gone INTEGER NOT NULL,
    place_in_list INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    lon_deg REAL,
    lat_deg REAL,
    town TEXT NOT NULL,
    village TEXT NOT NULL,
    "values" TEXT NOT NULL,
    others TEXT NOT NULL,
    wkb BLOB NOT NULL,
    PRIMARY KEY (register, id, number)
) WITHOUT ROWID
""",
    """
CREATE TABLE imports (
    id TEXT PRIMARY KEY NOT NULL,
    register TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    rows INTEGER NOT NULL,
    undone_at TEXT
)
""",
    """
CREATE TABLE column_maps (
    register TEXT NOT NULL,
    source TEXT NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (register, source)
) WITHOUT ROWID
""",
)


@MIGRATIONS(name="0001_foundation")
def _foundation(db: Database) -> None:
    db.executescript(_TABLES)
    laws.put(db)


@MIGRATIONS(name="0002_archive")
def _archive(db: Database) -> None:
    for statement in _ARCHIVE:
        db.execute(statement)


@MIGRATIONS(name="0003_registers")
def _registers(db: Database) -> None:
    for statement in _REGISTERS:
        db.execute(statement)
    laws.put(db)
    points_forward.bring(db)
    db.execute("DROP TABLE thresholds")
    db.execute("DROP TABLE points")
    search_index.rebuild(db)  # its tables are its own: a later form of them is made by this very call


@MIGRATIONS(name="0004_sheets")
def _sheets(db: Database) -> None:
    db.execute("ALTER TABLE column_maps ADD COLUMN sheet TEXT NOT NULL DEFAULT ''")


def newer(db: Database) -> tuple[str, ...]:
    """Return the names of migrations in the file that this program does not know."""
    return tuple(sorted({migration.name for migration in MIGRATIONS.applied(db)} - _known()))


@cache
def _known() -> frozenset[str]:
    with Database(memory=True) as empty:
        return frozenset(migration.name for migration in MIGRATIONS.pending(empty))


def apply(db: Database) -> None:
    """Bring the schema forward inside the open transaction, and look that the laws still stand.

    Raises
    ------
    StoreError
        If a migration dropped a law (``store.no_triggers``).
    """
    MIGRATIONS.apply(db)
    absent = laws.missing(db)
    if absent:
        raise StoreError("store.no_triggers", names=", ".join(absent), path="")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
