-- Revisions of documents: the first that no process has set aside for itself. Before this they counted
-- the writes of each document, and none was written so often.
CREATE TABLE revisions (
  next INTEGER NOT NULL
) STRICT;
INSERT INTO revisions VALUES (1099511627776);
