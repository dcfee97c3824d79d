-- Streams of an account by name, for lists of what there was at a time.
CREATE INDEX events_first ON events (account, stream) WHERE version = 1;
