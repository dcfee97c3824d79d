-- Checksums of rows, so that a damaged one is refused and never believed. Computed for the rows that
-- are there when this is applied.
ALTER TABLE events ADD COLUMN checksum INTEGER;
ALTER TABLE documents ADD COLUMN checksum INTEGER;
ALTER TABLE counters ADD COLUMN checksum INTEGER;
ALTER TABLE messages ADD COLUMN checksum INTEGER;

UPDATE events SET checksum =
  row_checksum(stream, version, id, account, name, schema_version, payload, metadata);
UPDATE documents SET checksum = row_checksum(partition, sort, revision, expires_at, body);
UPDATE counters SET checksum = row_checksum(partition, sort, value);
UPDATE messages SET checksum = row_checksum(webhook, lane, due, id, account, task);

-- Number of transactions that were committed; the file latchhook.mark has the last one that was
-- acknowledged.
CREATE TABLE commits (
  count INTEGER NOT NULL
) STRICT;
INSERT INTO commits VALUES (0);
