-- The sheet and the page one lives in: more of a client, own fields, saved views, the word for a client.

-- What people call a client: client, patient, student, donor, member.
ALTER TABLE firm ADD COLUMN client_word TEXT NOT NULL DEFAULT 'client' CHECK (client_word IN ('client', 'patient', 'student', 'donor', 'member'));

-- The next thing; goals, needs and requirements; how he is to work with.
ALTER TABLE party ADD COLUMN next_step TEXT;
ALTER TABLE party ADD COLUMN next_date TEXT;
ALTER TABLE party ADD COLUMN goals TEXT;
ALTER TABLE party ADD COLUMN needs TEXT;
ALTER TABLE party ADD COLUMN goals_reviewed TEXT;
ALTER TABLE party ADD COLUMN requirements TEXT;
ALTER TABLE party ADD COLUMN style_guide TEXT;
ALTER TABLE party ADD COLUMN interests TEXT;
ALTER TABLE party ADD COLUMN pleasant TEXT;
ALTER TABLE party ADD COLUMN answers TEXT;

-- His family, the days to remember, his names on messengers and networks, links to what is kept elsewhere.
CREATE TABLE relative (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  kind TEXT,
  name TEXT NOT NULL,
  birth_date TEXT
) STRICT;
CREATE INDEX relative_party ON relative(party);
CREATE TABLE occasion (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  kind TEXT,
  label TEXT,
  day TEXT NOT NULL
) STRICT;
CREATE INDEX occasion_party ON occasion(party);
CREATE TABLE handle (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  kind TEXT,
  handle TEXT NOT NULL
) STRICT;
CREATE INDEX handle_party ON handle(party);
CREATE TABLE resource (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  party INTEGER NOT NULL REFERENCES party(id),
  position INTEGER NOT NULL,
  kind TEXT,
  url TEXT NOT NULL,
  label TEXT
) STRICT;
CREATE INDEX resource_party ON resource(party);

-- Fields that the business made itself. Their values lie in party.extra under "cf_ID".
-- firm.fields_version is raised with every change of them. indexed: 0 terms and sort values are not kept,
-- 1 they are being made (reached: the last client done), 2 they are complete.
ALTER TABLE firm ADD COLUMN fields_version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE custom_field (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL, name_en TEXT, name_fr TEXT, name_fa TEXT, name_ar TEXT,
  kind TEXT NOT NULL,
  choices TEXT,
  currency TEXT,
  decimals INTEGER NOT NULL DEFAULT 0,
  for_kind TEXT,
  section TEXT,
  hint TEXT,
  required INTEGER NOT NULL DEFAULT 0,
  filtered INTEGER NOT NULL DEFAULT 0,
  listed INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0,
  indexed INTEGER NOT NULL DEFAULT 0,
  reached INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;

-- Lists of clients under a name: the query of its address, and the columns.
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  query TEXT,
  columns TEXT,
  private INTEGER NOT NULL DEFAULT 1,
  position INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE INDEX saved_view_author ON saved_view(created_by) WHERE deleted_at IS NULL;

-- One thing done to many clients: which ones, what, how far it is, and who was refused.
CREATE TABLE bulk (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  member INTEGER NOT NULL,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  field TEXT,
  value TEXT,
  title TEXT NOT NULL,
  back TEXT,
  ids BLOB NOT NULL,
  total INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  done INTEGER NOT NULL DEFAULT 0,
  place INTEGER NOT NULL DEFAULT 0,
  changed_n INTEGER NOT NULL DEFAULT 0,
  same_n INTEGER NOT NULL DEFAULT 0,
  refused_n INTEGER NOT NULL DEFAULT 0,
  hidden_n INTEGER NOT NULL DEFAULT 0,
  batch INTEGER,
  ended_at INTEGER
) STRICT;
CREATE TABLE bulk_refused (
  bulk INTEGER NOT NULL REFERENCES bulk(id),
  party INTEGER NOT NULL REFERENCES party(id),
  reason TEXT NOT NULL,
  PRIMARY KEY (bulk, party)
) STRICT;
CREATE INDEX bulk_refused_party ON bulk_refused(party);
