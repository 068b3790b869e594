-- In, out, and who may: rights, second factor, files of clients, notices, sources of imports.

-- Rights: the accountant comes between reader and member.
ALTER TABLE member ADD COLUMN role_new TEXT NOT NULL DEFAULT 'member' CHECK (role_new IN ('owner', 'manager', 'member', 'accountant', 'reader'));
UPDATE member SET role_new = role;
ALTER TABLE member DROP COLUMN role;
ALTER TABLE member RENAME COLUMN role_new TO role;

-- Who may read a change when not everybody who sees the client may: see core/entity/history.h.
ALTER TABLE change ADD COLUMN other_party INTEGER;
ALTER TABLE change ADD COLUMN private_to INTEGER;
UPDATE change SET other_party = (SELECT organisation FROM bond WHERE bond.id = change.row_id) WHERE entity = 'bond';
UPDATE change SET private_to = (SELECT coalesce(created_by, -1) FROM note WHERE note.id = change.row_id)
  WHERE entity = 'note' AND row_id IN (SELECT id FROM note WHERE private = 1);
UPDATE change SET private_to = 0 WHERE entity = 'party' AND action = 'change' AND json_remove(after, '$.notes_private') = '{}';

-- Somebody was given a client, or named in a note.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  member INTEGER NOT NULL REFERENCES member(id),
  kind TEXT NOT NULL,
  party INTEGER REFERENCES party(id),
  entity TEXT, row_id INTEGER,
  by_member INTEGER, batch INTEGER,
  at INTEGER NOT NULL,
  count INTEGER NOT NULL DEFAULT 1,
  seen_at INTEGER
) STRICT;
CREATE INDEX notice_member ON notice(member, id);
CREATE INDEX notice_unseen ON notice(member, id) WHERE seen_at IS NULL;
CREATE INDEX notice_batch ON notice(batch);
CREATE INDEX notice_row ON notice(entity, row_id);
CREATE INDEX notice_party ON notice(party);

-- What one person chose for himself: "labels.sheet", "list.columns".
CREATE TABLE preference (
  member INTEGER NOT NULL REFERENCES member(id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (member, name)
) STRICT, WITHOUT ROWID;

-- Second factor: the seed is sealed with a key that lies outside the database.
ALTER TABLE firm ADD COLUMN two_factor TEXT NOT NULL DEFAULT 'offered' CHECK (two_factor IN ('offered', 'owners', 'everyone'));
CREATE TABLE factor (
  member INTEGER PRIMARY KEY REFERENCES member(id),
  seed BLOB NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE recovery_code (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  member INTEGER NOT NULL REFERENCES member(id),
  code_hash BLOB NOT NULL UNIQUE,
  used_at INTEGER
) STRICT;
CREATE INDEX recovery_code_member ON recovery_code(member);
-- Browsers that a member signed in with before. One browser, one token, a row for each who used it.
CREATE TABLE device (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash BLOB NOT NULL,
  member INTEGER NOT NULL REFERENCES member(id),
  created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
  UNIQUE (token_hash, member)
) STRICT;
CREATE INDEX device_member ON device(member);
-- Guesses that were looked at in the last quarter of an hour, by a keyed hash of whose they were:
-- 16,384 rows at most, however many names strangers invent.
CREATE TABLE guess (
  slot INTEGER PRIMARY KEY,
  tries INTEGER NOT NULL,
  since INTEGER NOT NULL
) STRICT;
ALTER TABLE member DROP COLUMN tries;
ALTER TABLE member DROP COLUMN tries_since;
-- When password or factor were last given in this session. factor: 0 it was not asked for, 1 it was
-- given, 2 it must be set up before anything else.
ALTER TABLE session ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN factor INTEGER NOT NULL DEFAULT 0;

-- Files of clients: one attachment, any number of versions, the newest last.
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  party INTEGER NOT NULL REFERENCES party(id),
  name TEXT NOT NULL,
  description TEXT,
  private INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE INDEX attachment_party ON attachment(party, id);
CREATE TABLE attachment_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  attachment INTEGER NOT NULL REFERENCES attachment(id),
  position INTEGER NOT NULL,
  file INTEGER NOT NULL REFERENCES file(id),
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  at INTEGER NOT NULL,
  member INTEGER
) STRICT;
CREATE INDEX attachment_version_attachment ON attachment_version(attachment);
CREATE INDEX attachment_version_file ON attachment_version(file);
ALTER TABLE party ADD COLUMN photo INTEGER REFERENCES file(id);

-- Imports of any source: what the file is, which of its sheets, what it was recognised as.
ALTER TABLE import ADD COLUMN format TEXT NOT NULL DEFAULT 'csv';
ALTER TABLE import ADD COLUMN sheet TEXT;
ALTER TABLE import ADD COLUMN known TEXT;
-- Skipped rows that stood in the file before, word for word.
ALTER TABLE import ADD COLUMN twice_n INTEGER NOT NULL DEFAULT 0;
-- Refused rows that a person corrected: cells as corrected, the party that came of it.
ALTER TABLE import_refused ADD COLUMN corrected TEXT;
ALTER TABLE import_refused ADD COLUMN done_at INTEGER;
-- What was chosen for files with these columns.
CREATE TABLE import_mapping (
  columns_hash BLOB PRIMARY KEY,
  columns TEXT NOT NULL,
  match TEXT NOT NULL, on_match TEXT NOT NULL,
  member INTEGER, at INTEGER NOT NULL
) STRICT;

-- Where each file of the journal of reads ended when it was last looked at: a tail that is cut off
-- (or a file that is gone) no longer agrees with this.
CREATE TABLE anchor (
  file TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  digest TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
