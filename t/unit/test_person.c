/* All data of one person: complete, because every table of the schema must be named; a row in each
 * table that speaks of him comes out; what is private stays with who may see it. Both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "core/app/filestore.h"
#include "core/web/journal.h"
#include "features/bond/bond.h"
#include "features/category/category.h"
#include "features/export/person.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "features/tag/tag.h"
#include "visitor.h"

#define NOON 1774087200000LL

SQL2(test_tables,
     "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
     "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = "
     "current_schema()");
/* Tables with a column that refers to a client, by key or by name. */
SQL2(
    test_referring,
    "SELECT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE f.\"table\" = "
    "'party' UNION SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) i WHERE "
    "i.name IN ('party', 'other_party')",
    "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.columns WHERE table_schema = "
    "current_schema() AND column_name IN ('party', 'other_party')");
SQL(test_notice, "INSERT INTO notice (member, kind, party, at) VALUES (3, 'given', :id, 5)");
SQL(test_attachment,
    "INSERT INTO attachment (party, name, private, created_at, created_by, changed_at) VALUES "
    "(:id, :name, :private, 5, 1, 5) RETURNING id");
SQL(test_version,
    "INSERT INTO attachment_version (attachment, position, file, name, type, bytes, at, member) "
    "VALUES (:attachment, 0, :file, :name, 'text/plain', :bytes, 5, 1)");
SQL(test_moved, "INSERT INTO moved (entity, from_id, to_id) VALUES ('party', 99999, :id)");
SQL2(test_bulk,
     "INSERT INTO bulk (member, at, action, title, ids, total) VALUES (3, 5, 'delete', 'x', x'01', "
     "1)",
     "INSERT INTO bulk (member, at, action, title, ids, total) VALUES (3, 5, 'delete', 'x', "
     "'\\x01', 1)");
SQL(test_not_same, "INSERT INTO not_same (a, b, at, member) VALUES (:id, :other, 5, 1)");
SQL(test_merge, "INSERT INTO merge (at, member, kept, gone, batch, state) VALUES (5, 1, :id, "
                ":other, (SELECT max(id) FROM batch), 'done')");
SQL(test_bulk_refused,
    "INSERT INTO bulk_refused (bulk, party, reason) VALUES ((SELECT max(id) FROM "
    "bulk), :id, 'Only persons have this.')");
SQL(test_import,
    "INSERT INTO import (file, state, charset, separator, columns, match, on_match, batch, at) "
    "VALUES (:file, 'done', 'utf-8', ',', '[]', '', 'skip', (SELECT min(batch) FROM change WHERE "
    "party = :id), 5)");

static bool named(struct str table, bool *with_rows) {
    for (int i = 0; i < person_tables_n; i++)
        if (str_eq_z(table, person_tables[i].name)) return *with_rows = true;
    *with_rows = false;
    for (int i = 0; i < person_reasons_n; i++)
        if (str_eq_z(table, person_reasons[i].table)) return true;
    return false;
}

static enum status walk_schema(struct ctx *c, void *arg) {
    struct rows r;
    int bad = 0;
    bool with_rows;
    (void)arg;
    TRY(db_query(c->tx, &test_tables, &r));
    assert_true(r.n > 30);
    for (int i = 0; i < r.n; i++)
        if (!named(row_str(&r, i, "name"), &with_rows)) {
            print_message("table %.*s is neither in person_tables nor in person_reasons\n",
                          SF(row_str(&r, i, "name")));
            bad++;
        }
    for (int k = 0; k < person_tables_n + person_reasons_n; k++) {
        const char *name =
            k < person_tables_n ? person_tables[k].name : person_reasons[k - person_tables_n].table;
        bool there = false;
        for (int i = 0; i < r.n; i++) there = there || str_eq_z(row_str(&r, i, "name"), name);
        if (!there) print_message("there is no table %s\n", name);
        bad += !there;
    }
    TRY(db_query(c->tx, &test_referring, &r));
    assert_true(r.n >= 8);
    for (int i = 0; i < r.n; i++)
        if (!named(row_str(&r, i, "name"), &with_rows) || !with_rows) {
            print_message("table %.*s refers to a client and gives no rows\n",
                          SF(row_str(&r, i, "name")));
            bad++;
        }
    assert_int_equal(bad, 0);
    return OK;
}

/* --- one row in each table --- */

struct seeded {
    struct place *p;
    int64_t id, other;
    struct stored_file file, hidden;
};

static enum status seed_party(struct ctx *c, struct seeded *s) {
    struct category *cat = row_new(c, &entity_category);
    struct tag *tag = row_new(c, &entity_tag);
    struct party *him = row_new(c, &entity_party), *firm = row_new(c, &entity_party);
    cat->name = S("Best");
    TRY(store_save(c, &entity_category, cat));
    tag->name = S("Violin");
    TRY(store_save(c, &entity_tag, tag));
    him->kind = S("person");
    him->given_name = S("Sara");
    him->family_name = S("Ahmadi");
    him->category = cat->row.id;
    him->notes_private = S("FIELDSECRET");
    him->phones.v = arena_array(c->arena, struct phone, 1);
    him->phones.v[0].number = S("+33 6 12 34 56 78");
    him->phones.n = 1;
    him->emails.v = arena_array(c->arena, struct email, 1);
    him->emails.v[0].email = S("sara@example.org");
    him->emails.n = 1;
    him->addresses.v = arena_array(c->arena, struct address, 1);
    him->addresses.v[0].town = S("Lyon");
    him->addresses.n = 1;
    him->relatives.v = arena_array(c->arena, struct relative, 1);
    him->relatives.v[0].name = S("Nima");
    him->relatives.n = 1;
    him->occasions.v = arena_array(c->arena, struct occasion, 1);
    him->occasions.v[0].day = S("--05-12");
    him->occasions.n = 1;
    him->handles.v = arena_array(c->arena, struct handle, 1);
    him->handles.v[0].handle = S("sara.a");
    him->handles.n = 1;
    him->resources.v = arena_array(c->arena, struct resource, 1);
    him->resources.v[0].url = S("https://example.org/brief");
    him->resources.n = 1;
    him->tags.v = arena_array(c->arena, struct party_tag, 1);
    him->tags.v[0].tag = tag->row.id;
    him->tags.n = 1;
    TRY(store_save(c, &entity_party, him));
    s->id = him->row.id;
    firm->kind = S("organisation");
    firm->display_name = S("Studio Nord");
    TRY(store_save(c, &entity_party, firm));
    s->other = firm->row.id;
    struct purchase *bought = row_new(c, &entity_purchase);
    bought->party = s->id;
    bought->date = S("2026-03-01");
    bought->amount = 1250;
    TRY(store_save(c, &entity_purchase, bought));
    struct bond *b = row_new(c, &entity_bond);
    b->person = him->row.id;
    b->organisation = firm->row.id;
    b->job_title = S("Director");
    return store_save(c, &entity_bond, b);
}

static enum status seed_note(struct ctx *c, int64_t party, struct str text, bool private) {
    struct note *n = row_new(c, &entity_note);
    n->party = party;
    n->text = text;
    n->private = private;
    return store_save(c, &entity_note, n);
}

static enum status attach(struct ctx *c, int64_t party, const struct stored_file *f,
                          struct str name, bool private, int64_t *file) {
    struct rows r;
    TRY(filestore_row(c, f, file));
    int64_t hidden = private;
    TRY(db_query(c->tx, &test_attachment, &r, P("id", party), P("name", name),
                 P("private", hidden)));
    return db_run(c->tx, &test_version, P("attachment", row_int(&r, 0, "id")), P("file", *file),
                  P("name", name), P("bytes", f->bytes));
}

static enum status seed(struct ctx *c, void *arg) {
    struct seeded *s = arg;
    int64_t file, hidden;
    c->who.id = 1;
    TRY(seed_party(c, s));
    TRY(seed_note(c, s->id, S("OPENNOTE"), false));
    TRY(seed_note(c, s->id, S("NOTESECRET"), true));
    TRY(attach(c, s->id, &s->file, S("contract.txt"), false, &file));
    TRY(attach(c, s->id, &s->hidden, S("con.txt"), true, &hidden));
    TRY(db_run(c->tx, &test_notice, P("id", s->id)));
    TRY(db_run(c->tx, &test_moved, P("id", s->id)));
    TRY(db_run(c->tx, &test_not_same, P("id", s->id), P("other", s->other)));
    TRY(db_run(c->tx, &test_merge, P("id", s->id), P("other", s->other)));
    TRY(db_run(c->tx, &test_bulk));
    TRY(db_run(c->tx, &test_bulk_refused, P("id", s->id)));
    return db_run(c->tx, &test_import, P("file", file), P("id", s->id));
}

static void keep(struct place *p, const char *text, struct stored_file *out) {
    const char *files = filestore_folder(p->app, p->arena);
    assert_int_equal(filestore_take_str(p->arena, files, str_of(text), S("contract.txt"), out), OK);
    assert_int_equal(filestore_keep(p->arena, files, out), OK);
}

struct taken {
    struct seeded *s;
    struct person_wish wish;
    int64_t member;
    enum role role;
    const char *folder;
};

static enum status take(struct ctx *c, void *arg) {
    struct taken *t = arg;
    struct sink *sink;
    struct str why;
    bool more = true;
    c->who.id = t->member;
    c->who.role = t->role;
    assert_int_equal(sink_folder(t->s->p->arena, t->folder, &sink, &why), OK);
    struct person *p = person_open(t->s->p->app, c, &t->wish, sink);
    while (more) assert_int_equal(person_piece(p, &more), OK);
    person_close(p);
    sink_free(sink);
    return OK;
}

static struct str read_all(struct arena *a, const char *folder, const char *name) {
    FILE *f = fopen(str_printf(a, "%s/%s", folder, name).p, "rb");
    struct buf b = { .arena = a };
    char piece[4096];
    if (!f) fail_msg("%s/%s is not there", folder, name);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){ piece, n });
    fclose(f);
    return buf_str(&b);
}

static enum status take_outside(struct place *p, struct taken *t) {
    struct ctx c;
    struct tx *tx;
    struct arena *a = arena_new();
    assert_int_equal(db_read(p->app->db, a, &tx), OK);
    assert_int_equal(app_context(p->app, 0, a, tx, DOOR_WEB, &c), OK);
    app_become_program(&c);
    assert_int_equal(db_end(tx, OK), OK);
    enum status s = take(&c, t);
    arena_free(a);
    return s;
}

static struct json *taken(struct place *p, struct seeded *s, const char *name, enum role role,
                          int64_t member, bool internal, struct str *page) {
    struct taken t = { .s = s,
                       .wish = { .id = s->id, .lang = LANG_FA, .internal = internal },
                       .member = member,
                       .role = role,
                       .folder = str_printf(p->arena, "%s/%s", p->dir, name).p };
    struct json *j;
    struct str why;
    assert_int_equal(take_outside(p, &t), OK);
    *page = read_all(p->arena, t.folder, "index.html");
    struct str data = read_all(p->arena, t.folder, "data.json");
    if (json_parse(p->arena, data, &j, &why) != OK) fail_msg("data.json: %.*s", SF(why));
    bool says = str_find(data, S("NOTESECRET")) >= 0;
    assert_int_equal(says, internal && role == ROLE_OWNER);
    assert_int_equal(str_find(data, S("FIELDSECRET")) >= 0, internal);
    assert_int_equal(str_find(*page, S("NOTESECRET")) >= 0, internal && role == ROLE_OWNER);
    assert_int_equal(str_find(*page, S("FIELDSECRET")) >= 0, internal);
    return j;
}

static void person(bool pg) {
    struct place p = { .config = { .now_ms = NOON } };
    place_open(&p, pg);
    place_set_up(&p);
    struct seeded s = { .p = &p };
    struct str page;
    keep(&p, "First,Last,Mail\nSara,Nobody,x@example.org\nSARA,Ahmadi,\nx,y,Sara@Example.org\n",
         &s.file); /* also the source of an import: two rows are hers */
    keep(&p, "the hidden one", &s.hidden);
    place_write(&p, OK, walk_schema, NULL);
    place_write(&p, OK, seed, &s);
    const char *journal = app_path(p.app, p.arena, "journal");
    assert_int_equal(journal_open(&p.app->journal, journal), OK);
    struct ctx reader = { .now_ms = NOON, .who = { .id = 3 }, .door = DOOR_WEB };
    journal_read(p.app, &reader, "party", &s.id, 1);
    journal_left(p.app, &reader, "party", &s.id, 1);
    journal_close(p.app->journal);
    p.app->journal = NULL;

    struct json *j = taken(&p, &s, "whole", ROLE_OWNER, 1, true, &page);
    const struct json *tables = json_get(j, S("tables"));
    for (int i = 0; i < person_tables_n; i++)
        if (json_n(json_get(tables, str_of(person_tables[i].name))) == 0)
            fail_msg("no row of %s came out", person_tables[i].name);
    assert_int_equal(json_n(json_get(tables, S("note"))), 2);
    assert_int_equal(json_n(json_get(tables, S("attachment_version"))), 2);
    assert_int_equal(json_n(json_get(j, S("journal"))), 2);
    const struct json *sources = json_get(j, S("sources"));
    assert_int_equal(json_n(sources), 2);
    assert_int_equal(json_int(json_get(json_at(sources, 0), S("line"))), 3);
    assert_int_equal(json_int(json_get(json_at(sources, 1), S("line"))), 4);
    const char *says[] = {
        "dir=\"rtl\"", "Sara",        "sara@example.org", "Lyon", "OPENNOTE",
        "Director",    "Studio Nord", "Violin",           "Best", "contract.txt"
    };
    for (int i = 0; i < COUNT(says); i++)
        if (str_find(page, str_of(says[i])) < 0) fail_msg("index.html does not say %s", says[i]);
    const char *folder = str_printf(p.arena, "%s/whole", p.dir).p;
    assert_true(str_find(read_all(p.arena, folder, "card.vcf"), S("Ahmadi;Sara")) > 0);
    const struct json *files = json_get(json_get(j, S("about")), S("files"));
    assert_int_equal(json_n(files), 2);
    struct str first = json_str(json_at(files, 0)), second = json_str(json_at(files, 1));
    assert_true(str_starts(read_all(p.arena, folder, str_z(p.arena, first)), S("First,Last")));
    assert_true(str_eq_z(read_all(p.arena, folder, str_z(p.arena, second)), "the hidden one"));
    assert_true(str_find(second, S("/_con")) > 0); /* a name that Windows keeps for itself */

    j = taken(&p, &s, "by-manager", ROLE_MANAGER, 2, true, &page);
    assert_int_equal(json_n(json_get(json_get(j, S("tables")), S("note"))), 1);
    assert_int_equal(json_n(json_get(json_get(j, S("about")), S("files"))), 1);
    assert_int_equal(json_int(json_get(json_get(j, S("about")), S("private_left_out"))), 2);
    j = taken(&p, &s, "outward", ROLE_OWNER, 1, false, &page);
    assert_int_equal(json_n(json_get(json_get(j, S("tables")), S("note"))), 1);
    assert_int_equal(json_int(json_get(json_get(j, S("about")), S("private_left_out"))), 2);
    place_close(&p);
}

static void test_person(void **state) {
    (void)state;
    person(false);
}
static void test_person_pg(void **state) {
    (void)state;
    if (!getenv("DAFTAR_TEST_PG")) skip();
    person(true);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_person),
                                        cmocka_unit_test(test_person_pg) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
