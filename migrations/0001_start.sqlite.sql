-- The register of one business. Truth first, then what `daftar rebuild` can make anew.
-- Instants are milliseconds since 1970 in UTC; dates are ISO text (--MM-DD where the year is unknown).
CREATE TABLE firm (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  alphabet TEXT NOT NULL,
  calendar TEXT NOT NULL,
  digits TEXT NOT NULL,
  first_weekday INTEGER NOT NULL,
  zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  country TEXT NOT NULL,
  welcomed INTEGER NOT NULL DEFAULT 0,
  demo INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;

CREATE TABLE team (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;

CREATE TABLE member (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'member', 'reader')),
  sees TEXT NOT NULL DEFAULT 'all' CHECK (sees IN ('all', 'team', 'own')),
  team INTEGER REFERENCES team(id),
  password_hash TEXT,
  language TEXT, calendar TEXT, digits TEXT, first_weekday INTEGER NOT NULL DEFAULT 0, zone TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  tries INTEGER NOT NULL DEFAULT 0, tries_since INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;

CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash BLOB NOT NULL UNIQUE,
  member INTEGER NOT NULL REFERENCES member(id),
  csrf TEXT NOT NULL,
  created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  user_agent TEXT, address TEXT
) STRICT;
CREATE INDEX session_member ON session(member);

-- One-time links: the first owner's set-up.
CREATE TABLE link (
  token_hash BLOB PRIMARY KEY,
  purpose TEXT NOT NULL,
  member INTEGER,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash BLOB NOT NULL UNIQUE,
  member INTEGER NOT NULL REFERENCES member(id),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL, used_at INTEGER, revoked_at INTEGER
) STRICT;

CREATE TABLE category (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  code TEXT,
  name TEXT NOT NULL, name_en TEXT, name_fr TEXT, name_fa TEXT, name_ar TEXT,
  colour TEXT, mark TEXT, warning TEXT,
  position INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX category_code ON category(code) WHERE deleted_at IS NULL;

CREATE TABLE tag (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  colour TEXT,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX tag_name ON tag(name_key) WHERE deleted_at IS NULL;

CREATE TABLE party (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL DEFAULT 1,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
  display_name TEXT NOT NULL,
  title TEXT, given_name TEXT, family_name TEXT, father_name TEXT, nickname TEXT, latin_name TEXT,
  sex TEXT CHECK (sex IN ('f', 'm')),
  birth_date TEXT,
  own_id TEXT,
  language TEXT, zone TEXT, website TEXT,
  category INTEGER REFERENCES category(id),
  stage TEXT NOT NULL,
  territory TEXT,
  responsible INTEGER REFERENCES member(id),
  team INTEGER REFERENCES team(id),
  prefers TEXT, prefers_hours TEXT,
  no_call INTEGER NOT NULL DEFAULT 0, no_mail INTEGER NOT NULL DEFAULT 0, no_sms INTEGER NOT NULL DEFAULT 0,
  special TEXT,
  notes_private TEXT,
  extra TEXT,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER,
  sort_keys BLOB
) STRICT;
CREATE UNIQUE INDEX party_own_id ON party(own_id) WHERE own_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE phone (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  number TEXT NOT NULL,
  kind TEXT,
  e164 TEXT,
  ext TEXT
) STRICT;
CREATE INDEX phone_party ON phone(party);
CREATE INDEX phone_e164 ON phone(e164) WHERE e164 IS NOT NULL;

CREATE TABLE email (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  email TEXT NOT NULL,
  kind TEXT,
  email_key TEXT
) STRICT;
CREATE INDEX email_party ON email(party);
CREATE INDEX email_email_key ON email(email_key) WHERE email_key IS NOT NULL;

CREATE TABLE address (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  kind TEXT,
  street TEXT, plaque TEXT, unit TEXT, line2 TEXT, neighbourhood TEXT,
  town TEXT, region TEXT, postcode TEXT, country TEXT, po_box TEXT
) STRICT;
CREATE INDEX address_party ON address(party);

CREATE TABLE party_tag (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  tag INTEGER NOT NULL REFERENCES tag(id)
) STRICT;
CREATE UNIQUE INDEX party_tag_once ON party_tag(party, tag);
CREATE INDEX party_tag_tag ON party_tag(tag);

CREATE TABLE bond (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  person INTEGER NOT NULL REFERENCES party(id),
  organisation INTEGER NOT NULL REFERENCES party(id),
  role TEXT, job_title TEXT, from_date TEXT, until_date TEXT,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE INDEX bond_person ON bond(person);
CREATE INDEX bond_organisation ON bond(organisation);

CREATE TABLE note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  party INTEGER NOT NULL REFERENCES party(id),
  text TEXT NOT NULL,
  private INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE INDEX note_party ON note(party, id);

-- Where a merged or moved record went.
CREATE TABLE moved (
  entity TEXT NOT NULL, from_id INTEGER NOT NULL, to_id INTEGER NOT NULL,
  PRIMARY KEY (entity, from_id)
) STRICT;

-- History: one batch a form, an API call, an import, a bulk edit, an undo; one change a record in it.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  door TEXT NOT NULL,
  member INTEGER,
  title TEXT,
  import INTEGER,
  undoes INTEGER REFERENCES batch(id),
  undone_by INTEGER REFERENCES batch(id)
) STRICT;
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch INTEGER NOT NULL REFERENCES batch(id),
  entity TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  party INTEGER,
  action TEXT NOT NULL CHECK (action IN ('create', 'change', 'delete', 'restore')),
  before TEXT,
  after TEXT
) STRICT;
CREATE INDEX change_batch ON change(batch, id);
CREATE INDEX change_row ON change(entity, row_id, id);
CREATE INDEX change_party ON change(party, id) WHERE party IS NOT NULL;

-- Files lie under DATA/files by their SHA-256.
CREATE TABLE file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  at INTEGER NOT NULL, member INTEGER
) STRICT;
CREATE INDEX file_sha256 ON file(sha256);

CREATE TABLE import (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file INTEGER NOT NULL REFERENCES file(id),
  state TEXT NOT NULL,
  charset TEXT NOT NULL, separator TEXT NOT NULL,
  columns TEXT NOT NULL,
  match TEXT NOT NULL, on_match TEXT NOT NULL,
  rows_n INTEGER NOT NULL DEFAULT 0,
  done_rows INTEGER NOT NULL DEFAULT 0, done_bytes INTEGER NOT NULL DEFAULT 0, done_line INTEGER NOT NULL DEFAULT 0,
  created_n INTEGER NOT NULL DEFAULT 0, changed_n INTEGER NOT NULL DEFAULT 0,
  skipped_n INTEGER NOT NULL DEFAULT 0, refused_n INTEGER NOT NULL DEFAULT 0,
  batch INTEGER REFERENCES batch(id),
  problem TEXT,
  member INTEGER, at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE TABLE import_refused (
  import INTEGER NOT NULL REFERENCES import(id),
  line INTEGER NOT NULL,
  cells TEXT NOT NULL,
  reasons TEXT NOT NULL,
  PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  argument TEXT NOT NULL,
  once_key TEXT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  run_at INTEGER NOT NULL,
  lease_until INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  member INTEGER,
  at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE INDEX job_open ON job(run_at) WHERE state IN ('waiting', 'running');
CREATE UNIQUE INDEX job_once ON job(once_key) WHERE once_key IS NOT NULL AND state IN ('waiting', 'running');

CREATE TABLE idempotency (
  key_hash BLOB PRIMARY KEY,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  etag TEXT,
  location TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_at ON idempotency(at);

-- Derived: `daftar rebuild` empties and refills these.
-- One Roaring bitmap of party numbers for each term and each 65,536 numbers.
CREATE TABLE search_term (
  term BLOB NOT NULL,
  chunk INTEGER NOT NULL,
  bits BLOB NOT NULL,
  PRIMARY KEY (term, chunk)
) STRICT, WITHOUT ROWID;
CREATE TABLE search_pending (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number INTEGER NOT NULL,
  added BLOB NOT NULL,
  removed BLOB NOT NULL
) STRICT;
CREATE TABLE sort_value (
  field INTEGER NOT NULL,
  key BLOB NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY (field, key, id)
) STRICT, WITHOUT ROWID;
