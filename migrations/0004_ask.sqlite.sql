-- Asking anything, and knowing who is who: purchases, segments, duplicates, merging.

-- What was bought. amount: minor units of currency; quantity: thousandths.
CREATE TABLE purchase (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  party INTEGER NOT NULL REFERENCES party(id),
  date TEXT NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  product_kind TEXT,
  product TEXT,
  quantity INTEGER,
  reference TEXT,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE INDEX purchase_party ON purchase(party, date);
-- For questions: which product, of which kind; from one text to the next.
CREATE INDEX purchase_product ON purchase(product, party, date) WHERE deleted_at IS NULL;
CREATE INDEX purchase_product_kind ON purchase(product_kind, party, date) WHERE deleted_at IS NULL;
-- Of what a file is: the name of an entity.
ALTER TABLE import ADD COLUMN kind TEXT NOT NULL DEFAULT 'party';

-- Derived: sums of dated amounts of clients (core/measure): for each measure, currency, 65,536 clients and day
-- one block of rows «client, amount»; what was written since waits in measure_pending.
CREATE TABLE measure_block (
  measure INTEGER NOT NULL,
  currency TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  day INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (measure, currency, chunk, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE measure_pending (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  measure INTEGER NOT NULL,
  currency TEXT NOT NULL,
  number INTEGER NOT NULL,
  day INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  gone INTEGER NOT NULL
) STRICT;

-- Saved segments: the tree as JSON with language-neutral names; calendar: whose months «this month» means.
-- frozen: the moment at which its members were written down in segment_frozen (at: that moment); NULL: alive.
CREATE TABLE segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  tree TEXT NOT NULL,
  calendar TEXT,
  private INTEGER NOT NULL DEFAULT 1,
  frozen INTEGER,
  position INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;
CREATE INDEX segment_author ON segment(created_by) WHERE deleted_at IS NULL;
CREATE TABLE segment_frozen (
  segment INTEGER NOT NULL REFERENCES segment(id),
  at INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  bits BLOB NOT NULL,
  PRIMARY KEY (segment, at, chunk)
) STRICT;

-- Who may be whom. duplicate is derived (the last look at all, or while writing); certainty: millionths;
-- weight: thousandths of a bit; levels: what agreed and how, as JSON; run: the look that saw it last (0: while
-- writing). duplicate_run: looks at all; done_n: clients read so far; model: what was learned, without which no
-- certainty can be given while typing.
CREATE TABLE duplicate (
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  certainty INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  levels TEXT NOT NULL,
  run INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (a, b),
  CHECK (a < b)
) STRICT;
CREATE INDEX duplicate_b ON duplicate(b);
CREATE INDEX duplicate_order ON duplicate(certainty, a, b);
CREATE INDEX duplicate_group ON duplicate(grp);
CREATE TABLE duplicate_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  clients_n INTEGER NOT NULL DEFAULT 0,
  done_n INTEGER NOT NULL DEFAULT 0,
  pairs_n INTEGER NOT NULL DEFAULT 0,
  member INTEGER,
  model TEXT,
  ended_at INTEGER
) STRICT;
-- What a person said: these two are not the same.
CREATE TABLE not_same (
  a INTEGER NOT NULL REFERENCES party(id),
  b INTEGER NOT NULL REFERENCES party(id),
  at INTEGER NOT NULL,
  member INTEGER,
  PRIMARY KEY (a, b),
  CHECK (a < b)
) STRICT;
CREATE INDEX not_same_b ON not_same(b);

-- Merges: gone became a part of kept. batch: what it did, in the history. state: moving (rows still follow), done,
-- parting (rows still go back), apart. reached: the change that the rows going back came to. aside: rows without a
-- history that followed (notices, records in the bin), as JSON, so that they can go back. apart_batch: what took it apart.
CREATE TABLE merge (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  member INTEGER,
  kept INTEGER NOT NULL REFERENCES party(id),
  gone INTEGER NOT NULL REFERENCES party(id),
  batch INTEGER NOT NULL,
  by_rule INTEGER,
  state TEXT NOT NULL,
  reached INTEGER,
  aside TEXT,
  apart_batch INTEGER,
  undone_at INTEGER,
  undone_by INTEGER
) STRICT;
CREATE INDEX merge_kept ON merge(kept);
CREATE INDEX merge_gone ON merge(gone);
CREATE INDEX merge_batch ON merge(batch);
CREATE INDEX moved_to ON moved(to_id, entity);
-- The own number of who is part of another still leads to him.
CREATE INDEX party_own_id_moved ON party(own_id) WHERE own_id IS NOT NULL AND deleted_at IS NOT NULL;
-- 1: its changes are taken back together or not at all, and a feature does more then (history.h).
ALTER TABLE batch ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
-- Rules that a person made: whoever agrees in this is merged without asking.
CREATE TABLE merge_rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  agrees TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, created_by INTEGER, changed_at INTEGER NOT NULL, deleted_at INTEGER
) STRICT;

-- Rows of an import that may be somebody who is there already.
ALTER TABLE import ADD COLUMN doubt_n INTEGER NOT NULL DEFAULT 0;

-- Keys of how names sound (entity.keys): a register without clients needs no work for them.
INSERT INTO meta (key, value) SELECT 'keys_version', '1' WHERE NOT EXISTS (SELECT 1 FROM party);

-- For questions (docs/decisions/019): postal codes that begin so, days that come round, since when.
CREATE INDEX address_postcode ON address(postcode, party) WHERE postcode IS NOT NULL;
CREATE INDEX party_birthday ON party(substr(birth_date, -5)) WHERE birth_date IS NOT NULL;
CREATE INDEX party_created ON party(created_at);
CREATE INDEX note_created ON note(created_at, party);
