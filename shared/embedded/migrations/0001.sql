-- The truth: every event of every stream, in the order in which they were committed.
CREATE TABLE events (
  position       INTEGER PRIMARY KEY,
  stream         TEXT    NOT NULL,
  version        INTEGER NOT NULL,
  id             TEXT    NOT NULL,
  account        TEXT,
  name           TEXT    NOT NULL,
  schema_version INTEGER NOT NULL,
  payload        TEXT    NOT NULL,
  metadata       TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_stream ON events (stream, version);
CREATE INDEX events_by_account ON events (account, id) WHERE account IS NOT NULL;

-- Bodies lie in the order in which they were first put, so that new ones share pages; the index
-- alone is spread by key. `entries` repeats the document's index entries as JSON pairs, so that
-- replacing or removing it needs no search for them.
CREATE TABLE documents (
  id         INTEGER PRIMARY KEY,
  partition  TEXT    NOT NULL,
  sort       TEXT    NOT NULL,
  revision   INTEGER NOT NULL,
  expires_at INTEGER,
  entries    TEXT,
  body       BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_by_key ON documents (partition, sort);
CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE entries (
  partition TEXT    NOT NULL,
  sort      TEXT    NOT NULL,
  document  INTEGER NOT NULL,
  PRIMARY KEY (partition, sort, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  partition TEXT    NOT NULL,
  sort      TEXT    NOT NULL,
  value     INTEGER NOT NULL,
  PRIMARY KEY (partition, sort)
) STRICT, WITHOUT ROWID;

-- Clustered by group, then by due time: a group's next messages are its first rows.
CREATE TABLE messages (
  webhook BLOB    NOT NULL,
  lane    INTEGER NOT NULL,
  due     INTEGER NOT NULL,
  id      BLOB    NOT NULL,
  account BLOB    NOT NULL,
  task    TEXT    NOT NULL,
  PRIMARY KEY (webhook, lane, due, id)
) STRICT, WITHOUT ROWID;
