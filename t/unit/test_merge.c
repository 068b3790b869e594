/* Merging and taking apart, on both databases: what every entity that names a client does, values
 * and lists, a month later, chains and what cannot be, who may, by the history's own undo, by
 * rules, and that nothing of a merge that breaks off stays. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/moved.h"
#include "core/entity/refer.h"
#include "features/attachment/attachment.h"
#include "features/bond/bond.h"
#include "features/category/category.h"
#include "features/custom/custom.h"
#include "features/merge/inner.h"
#include "features/note/note.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "on_both.h"
#include "own_fields.h"

#define MUST(what) assert_int_equal((what), OK)
#define DAY_MS     (24 * 60 * 60 * 1000LL)

/* --- making --- */

static int64_t client(struct ctx *c, const char *name) {
    struct party *p = row_new(c, &entity_party);
    p->given_name = str_of(name);
    c->batch = 0;
    MUST(store_save(c, &entity_party, p));
    return p->row.id;
}

static void set_phone(struct ctx *c, int64_t id, const char *number) {
    struct party p;
    MUST(store_load(c, &entity_party, id, &p));
    struct phone *v = arena_array(c->arena, struct phone, p.phones.n + 1);
    if (p.phones.n) memcpy(v, p.phones.v, (size_t)p.phones.n * sizeof *v);
    v[p.phones.n] = (struct phone){ .number = str_of(number) };
    p.phones.v = v;
    p.phones.n++;
    c->batch = 0;
    MUST(store_save(c, &entity_party, &p));
}

static int64_t note(struct ctx *c, int64_t party, const char *text, bool private) {
    struct note *n = row_new(c, &entity_note);
    n->party = party;
    n->text = str_of(text);
    n->private = private;
    c->batch = 0;
    MUST(store_save(c, &entity_note, n));
    return n->row.id;
}

static int64_t merge(struct ctx *c, int64_t kept, int64_t gone) {
    struct merge_plan p;
    int64_t id = 0;
    MUST(merge_plan(c, kept, gone, &p));
    enum status st = merge_do(c, &p, 0, &id);
    if (st != OK)
        fail_msg("merging: %d %s", (int)st,
                 c->problems.n ? str_z(c->arena, ctx_problem_text(c, &c->problems.v[0])) : "");
    return id;
}

static enum status part(struct ctx *c, int64_t id) {
    struct merge m;
    TRY(merge_load(c, id, &m));
    return merge_part(c, &m, NULL, 0);
}

static struct party load(struct ctx *c, int64_t id) {
    struct party p;
    MUST(store_load_binned(c, &entity_party, id, &p));
    return p;
}

static int64_t note_party(struct ctx *c, int64_t id) {
    struct note n;
    MUST(store_load_binned(c, &entity_note, id, &n));
    return n.party;
}

static int64_t found(struct ctx *c, const char *words) {
    struct list_query q = { .entity = &entity_party, .search = str_of(words) };
    int64_t n;
    MUST(list_count(c, &q, &n));
    return n;
}

/* --- every entity that names a client --- */

/* A row of this entity that names `party` in that field: what is required is filled in by its kind,
 * so that an entity that comes later is tried too. */
static int64_t row_of(struct ctx *c, const struct referrer *r, int64_t party, int64_t person,
                      int64_t firm) {
    const struct entity *e = r->entity;
    void *row = row_new(c, e);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (f->custom) continue;
        if (f->kind == &kind_ref && f->ref && entity_is(f->ref, &entity_party))
            field_set(f, row,
                      (struct value){ .is_int = true,
                                      .i = !strcmp(f->name, "organisation") ? firm : person });
        else if (!(f->is & REQUIRED) || !value_empty(f, field_get(f, row)))
            continue;
        else if (f->kind == &kind_date)
            field_set(f, row, (struct value){ .s = S("2026-01-02") });
        else if (f->kind->is_int)
            field_set(f, row, (struct value){ .is_int = true, .i = 100 });
        else
            field_set(f, row, (struct value){ .s = S("text") });
    }
    field_set(r->field, row, (struct value){ .is_int = true, .i = party });
    c->batch = 0;
    if (store_save(c, e, row) != OK) fail_msg("no %s could be made", e->name);
    return row_head(row)->id;
}

/* Files come by upload: a row of values is enough here. */
static bool by_values(const struct referrer *r) {
    return !r->entity->by_upload && !r->entity->indexed;
}

static int64_t firm_client(struct ctx *c, const char *name) {
    struct party *p = row_new(c, &entity_party);
    p->kind = S("organisation");
    p->display_name = str_of(name);
    c->batch = 0;
    MUST(store_save(c, &entity_party, p));
    return p->row.id;
}

SQL(test_merge_file, "INSERT INTO attachment (party, name, created_at, changed_at) VALUES (:party, "
                     "'f', 0, 0) RETURNING id");

SQL(test_merge_stored, "INSERT INTO file (sha256, name, type, bytes, at) VALUES (:sha, 'f', "
                       "'text/plain', 1, 1) RETURNING id");
SQL(test_merge_version, "INSERT INTO attachment_version (attachment, position, file, name, type, "
                        "bytes, at) VALUES (:id, 0, :file, 'f', 'text/plain', 1, 1)");

static int64_t file_of(struct ctx *c, int64_t party) {
    struct rows r;
    MUST(db_query(c->tx, &test_merge_stored, &r, P("sha", "00")));
    int64_t file = row_int(&r, 0, "id");
    MUST(db_query(c->tx, &test_merge_file, &r, P("party", party)));
    int64_t id = row_int(&r, 0, "id");
    MUST(db_run(c->tx, &test_merge_version, P("id", id), P("file", file)));
    return id;
}

static void each_entity(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct referrer all[REFERRERS_MAX];
    c->firm.currency = S("EUR");
    int n = refer_fields(c, &entity_party, all, REFERRERS_MAX), tried = 0;
    for (int i = 0; i < n; i++) {
        bool firms = !strcmp(all[i].field->name, "organisation");
        int64_t kept = firms ? firm_client(c, "Kept firm") : client(c, "Kept");
        int64_t gone = firms ? firm_client(c, "Gone firm") : client(c, "Gone");
        int64_t person = client(c, "Somebody"), firm = firm_client(c, "Some firm"), id;
        if (all[i].entity->indexed) continue;
        if (by_values(&all[i]))
            id = row_of(c, &all[i], gone, person, firm);
        else
            id = file_of(c, gone);
        int64_t m = merge(c, kept, gone);
        void *row = arena_alloc(c->arena, all[i].entity->size);
        MUST(store_load(c, all[i].entity, id, row));
        if (field_get(all[i].field, row).i != kept)
            fail_msg("%s.%s did not follow", all[i].entity->name, all[i].field->name);
        MUST(part(c, m));
        MUST(store_load(c, all[i].entity, id, row));
        if (field_get(all[i].field, row).i != gone)
            fail_msg("%s.%s did not go back", all[i].entity->name, all[i].field->name);
        tried++;
    }
    assert_true(tried >= 5); /* note, purchase, attachment, both sides of a bond */
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

SQL2(test_merge_references,
     "SELECT m.name AS tbl, f.\"from\" AS col FROM sqlite_master m JOIN "
     "pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = 'party'",
     "SELECT c.conrelid::regclass::text AS tbl, a.attname AS col FROM pg_constraint c JOIN "
     "pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' "
     "AND c.confrelid = 'party'::regclass");

static bool is_list_of_party(struct str table) {
    for (int i = 0; i < entity_party.manys_n; i++)
        if (str_eq_z(table, entity_party.manys[i].child->name)) return true;
    return false;
}

/* Every foreign key to party is a field of an entity, a list of the client, or a plain table that
 * features/merge looks after; no list names a client in a field. */
static void schema_is_known(bool pg) {
    struct fixture f;
    struct rows r;
    struct referrer all[REFERRERS_MAX];
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER); /* the writer may read the schema */
    int n = refer_fields(c, &entity_party, all, REFERRERS_MAX);
    MUST(db_query(c->tx, &test_merge_references, &r));
    assert_true(r.n >= 15);
    for (int i = 0; i < r.n; i++) {
        struct str table = row_str(&r, i, "tbl"), column = row_str(&r, i, "col");
        bool known = aside_knows(table) || is_list_of_party(table);
        for (int k = 0; k < n; k++)
            known |= str_eq_z(table, all[k].entity->name) && str_eq_z(column, all[k].field->name);
        if (!known)
            fail_msg("%.*s.%.*s names a client: what becomes of it when clients are merged?",
                     SF(table), SF(column));
    }
    const struct registry *reg = entity_registry();
    for (int i = 0; i < reg->n; i++) {
        const struct entity *e = reg->entities[i];
        for (int k = 0; k < e->manys_n; k++)
            for (int j = 0; j < e->manys[k].child->fields_n; j++) {
                const struct field *x = &e->manys[k].child->fields[j];
                if (x->ref && entity_is(x->ref, &entity_party))
                    fail_msg("%s.%s names a client in a list: merging does not know that", e->name,
                             x->name);
            }
        if (e->party_column && !e->indexed && !e->is_child) {
            bool is = false;
            for (int j = 0; j < n; j++) is |= !strcmp(all[j].entity->name, e->name);
            if (!is) fail_msg("%s belongs to clients, but no field of it names one", e->name);
        }
    }
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- values --- */

static void values_merged(struct ctx *c, int64_t a, int64_t b) {
    int64_t m = merge(c, a, b);
    struct party p = load(c, a), q;
    assert_true(str_eq(p.notes_private, S("one\ntwo")));
    assert_true(str_eq(p.birth_date, S("1980-03-21")));
    assert_true(str_eq(p.own_id, S("K-1")));
    assert_true(str_eq(p.territory, S("North")));
    assert_int_equal(p.no_call, 1);
    assert_int_equal(p.responsible, 0); /* who sees him is not decided by merging */
    assert_int_equal(p.phones.n, 1);
    assert_int_equal(p.emails.n, 2);
    assert_true(str_eq(p.emails.v[0].kind, S("work")));
    assert_int_equal(p.tags.n, 1);
    int64_t id;
    MUST(party_by_own_id(c, S("G-2"), &id)); /* the gone one's number leads to the kept one */
    assert_int_equal(id, a);
    MUST(party_by_own_id(c, S("K-1"), &id));
    assert_int_equal(id, a);
    MUST(part(c, m));
    p = load(c, a), q = load(c, b);
    assert_true(str_eq(p.notes_private, S("one")) && str_eq(q.notes_private, S("two")));
    assert_true(str_eq(p.birth_date, S("--03-21")) && str_eq(q.birth_date, S("1980-03-21")));
    assert_true(p.emails.n == 1 && q.emails.n == 2 && !p.emails.v[0].kind.n);
    assert_true(p.phones.n == 1 && q.phones.n == 1);
    assert_int_equal(p.no_call, 0);
    MUST(party_by_own_id(c, S("G-2"), &id));
    assert_int_equal(id, b);
}

static void values(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Reza"), b = client(c, "Rezaa");
    struct party p = load(c, a), q = load(c, b);
    int64_t tag;
    MUST(entity_tag.find(c, S("good"), &tag));
    p.notes_private = S("one");
    p.birth_date = S("--03-21");
    p.own_id = S("K-1");
    p.emails.v = &(struct email){ .email = S("Reza@Example.com") };
    p.emails.n = 1;
    p.tags.v = &(struct party_tag){ .tag = tag };
    p.tags.n = 1;
    c->batch = 0;
    MUST(store_save(c, &entity_party, &p));
    q.notes_private = S("two");
    q.birth_date = S("1980-03-21");
    q.own_id = S("G-2");
    q.no_call = 1;
    q.territory = S("North");
    q.responsible = 3;
    struct email emails[2] = { { .email = S("reza@example.com"), .kind = S("work") },
                               { .email = S("other@example.com") } };
    q.emails.v = emails;
    q.emails.n = 2;
    q.tags = p.tags;
    q.tags.v = &(struct party_tag){ .tag = tag };
    c->batch = 0;
    MUST(store_save(c, &entity_party, &q));
    set_phone(c, a, "+98 912 345 67 89");
    set_phone(c, b, "00989123456789");
    values_merged(c, a, b);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- gone from sight, and the way to the new one --- */

static void gone_from_sight(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta"), d = client(c, "Gamma"), to;
    int64_t first = merge(c, b, a), second = merge(c, d, b);
    MUST(fixture_end(&f, OK));
    fixture_fold(&f);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    assert_int_equal(found(c, "Alpha"), 0);
    assert_int_equal(found(c, "Gamma"), 1);
    struct list_query bin = { .entity = &entity_party, .binned = true };
    struct list_page page;
    MUST(list_run(c, &bin, &page));
    assert_int_equal(page.n, 0);
    MUST(moved_to(c, &entity_party, a, &to));
    assert_int_equal(to, d);
    assert_int_equal(store_restore(c, &entity_party, a), CONFLICT);
    c->problems.n = 0;
    assert_int_equal(part(c, first), CONFLICT); /* b is a part of d: that first */
    assert_true(c->problems.n == 1);
    c->problems.n = 0;
    MUST(part(c, second));
    MUST(part(c, first));
    assert_int_equal(part(c, first), CONFLICT);
    MUST(moved_to(c, &entity_party, a, &to));
    assert_int_equal(to, 0);
    MUST(fixture_end(&f, OK));
    fixture_fold(&f);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    assert_int_equal(found(c, "Alpha"), 1);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* Out of order where it can be: two became parts of one, the first goes first. */
static void out_of_order(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta"), d = client(c, "Gamma");
    set_phone(c, b, "+989120000001");
    set_phone(c, d, "+989120000002");
    int64_t nb = note(c, b, "of b", false), nd = note(c, d, "of d", false);
    int64_t first = merge(c, a, b), second = merge(c, a, d);
    assert_int_equal(load(c, a).phones.n, 2);
    MUST(part(c, first));
    struct party p = load(c, a);
    assert_int_equal(p.phones.n, 1);
    assert_true(str_find(p.phones.v[0].number, S("2")) >= 0);
    assert_int_equal(note_party(c, nb), b);
    assert_int_equal(note_party(c, nd), a);
    MUST(part(c, second));
    assert_int_equal(load(c, a).phones.n, 0);
    assert_int_equal(note_party(c, nd), d);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- a month later --- */

static void month_later(bool pg) {
    struct fixture f;
    struct since s;
    struct merge m;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta");
    set_phone(c, b, "+989120000001");
    struct party p = load(c, b);
    p.territory = S("North");
    p.goals = S("Grow");
    c->batch = 0;
    MUST(store_save(c, &entity_party, &p));
    int64_t brought = note(c, b, "brought", false), had = note(c, a, "had", false);
    int64_t binned = note(c, b, "binned", false);
    MUST(store_delete(c, &entity_note, binned, 0));
    c->now_ms += DAY_MS;
    int64_t id = merge(c, a, b);
    assert_int_equal(note_party(c, binned), a);
    c->now_ms += 30 * DAY_MS;
    int64_t new1 = note(c, a, "new for a", false), new2 = note(c, a, "new for b", false);
    set_phone(c, a, "+989120000003");
    set_phone(c, a, "+989120000004");
    p = load(c, a);
    p.territory = S("South");
    c->batch = 0;
    MUST(store_save(c, &entity_party, &p));
    MUST(store_delete(c, &entity_note, brought, 0));

    MUST(merge_load(c, id, &m));
    MUST(part_since(c, &m, &s));
    assert_int_equal(s.fields_n, 1);
    assert_true(str_eq(s.fields[0].merged, S("North")) && str_eq(s.fields[0].now, S("South")));
    assert_int_equal(s.rows_n, 4); /* two notes, two phones */
    struct merge_goes goes[2] = { { S("note"), new2 }, { S("phones"), 0 } };
    for (int i = 0; i < s.rows_n; i++)
        if (!s.rows[i].entity && str_find(s.rows[i].title, S("4")) >= 0)
            goes[1].id = s.rows[i].goes.id;
    assert_true(goes[1].id != 0);
    MUST(merge_part(c, &m, goes, 2));
    assert_int_equal(note_party(c, brought), b); /* also in the bin */
    assert_int_equal(note_party(c, binned), b);
    assert_int_equal(note_party(c, had), a);
    assert_int_equal(note_party(c, new1), a);
    assert_int_equal(note_party(c, new2), b);
    struct party kept = load(c, a), back = load(c, b);
    assert_int_equal(back.row.deleted_at, 0);
    assert_true(str_eq(kept.territory, S("South")) && str_eq(back.territory, S("North")));
    assert_true(!kept.goals.n && str_eq(back.goals, S("Grow")));
    assert_int_equal(kept.phones.n, 1);
    assert_true(str_find(kept.phones.v[0].number, S("3")) >= 0);
    assert_int_equal(back.phones.n, 2);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- by the history --- */

static void by_history(bool pg) {
    struct fixture f;
    struct obstacles o;
    struct merge m;
    int64_t to;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 3, ROLE_MEMBER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta");
    int64_t open = note(c, b, "open", false);
    c->who.id = 2;
    int64_t closed = note(c, b, "closed", true); /* the manager's own */
    c->who.id = 3;
    int64_t id = merge(c, a, b), batch = c->batch;
    c->who = (struct member_who){ .id = 1, .role = ROLE_OWNER };
    assert_int_equal(note_party(c, closed), a);
    c->who = (struct member_who){ .id = 4, .role = ROLE_READER };
    assert_true(history_undo_batch(c, batch, &o) != OK);
    c->who = (struct member_who){ .id = 3, .role = ROLE_MEMBER };
    c->batch = 0;
    MUST(history_undo_batch(c, batch, &o));
    int64_t undo = c->batch;
    assert_int_equal(note_party(c, open), b);
    assert_int_equal(load(c, b).row.deleted_at, 0);
    MUST(moved_to(c, &entity_party, b, &to));
    assert_int_equal(to, 0);
    MUST(merge_raw(c, id, &m));
    assert_int_equal(m.state, MERGE_APART);
    /* Taking apart is taken back: one again, in no list, not in the bin. */
    c->batch = 0, c->batch_undoes = 0;
    MUST(history_undo_batch(c, undo, &o));
    assert_int_equal(note_party(c, open), a);
    MUST(moved_to(c, &entity_party, b, &to));
    assert_int_equal(to, a);
    MUST(merge_raw(c, id, &m));
    assert_int_equal(m.state, MERGE_DONE);
    c->batch = 0, c->batch_undoes = 0;
    MUST(fixture_end(&f, OK));
    fixture_fold(&f);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct list_query bin = { .entity = &entity_party, .binned = true };
    struct list_page page;
    MUST(list_run(c, &bin, &page));
    assert_int_equal(page.n, 0);
    assert_int_equal(found(c, "Beta"), 0);
    MUST(part(c, id));
    MUST(fixture_end(&f, OK));
    fixture_fold(&f);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    assert_int_equal(found(c, "Beta"), 1);
    assert_int_equal(note_party(c, closed), b);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* What happened to the gone one is read on the kept one's page. */
static void history_readable(bool pg) {
    struct fixture f;
    struct history_list h;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta");
    set_phone(c, b, "+989120000001");
    MUST(history_read(c, a, 0, 0, 50, &h));
    assert_int_equal(h.n, 1);
    int64_t id = merge(c, a, b);
    MUST(history_read(c, a, 0, 0, 50, &h));
    assert_int_equal(h.n, 5); /* a made, b made, his phone, b gone, a changed */
    MUST(part(c, id));
    MUST(history_read(c, a, 0, 0, 50, &h));
    assert_int_equal(h.n, 3);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- relationships --- */

static int64_t bond(struct ctx *c, int64_t person, int64_t firm, const char *title) {
    struct bond *b = row_new(c, &entity_bond);
    b->person = person;
    b->organisation = firm;
    b->job_title = title ? str_of(title) : NO_STR;
    c->batch = 0;
    MUST(store_save(c, &entity_bond, b));
    return b->row.id;
}

static void bonds_united(bool pg) {
    struct fixture f;
    struct bonds all;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta"), x = firm_client(c, "Xenon"),
            y = firm_client(c, "Yttrium");
    bond(c, a, x, "chef");
    bond(c, b, x, NULL); /* says no more: goes */
    bond(c, b, y, "cook");
    int64_t id = merge(c, a, b);
    MUST(bond_of_party(c, a, &all));
    assert_int_equal(all.n, 2);
    MUST(fixture_end(&f, OK));
    fixture_fold(&f);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    assert_int_equal(found(c, "Alpha Yttrium"), 1);
    MUST(part(c, id));
    MUST(bond_of_party(c, a, &all));
    assert_int_equal(all.n, 1);
    MUST(bond_of_party(c, b, &all));
    assert_int_equal(all.n, 2);
    struct merge_plan p;
    assert_int_equal(merge_plan(c, a, x, &p), INVALID);
    c->problems.n = 0;
    assert_int_equal(merge_plan(c, a, a, &p), INVALID);
    MUST(fixture_end(&f, OK));
    fixture_fold(&f);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    assert_int_equal(found(c, "Alpha Yttrium"), 0);
    assert_int_equal(found(c, "Beta Yttrium"), 1);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- who may --- */

static void who_may(bool pg) {
    struct fixture f;
    struct merge_plan p;
    struct merge m;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t mine = client(c, "Mine"), too = client(c, "Mine too"), theirs = client(c, "Theirs");
    int64_t ids[2] = { mine, too };
    for (int i = 0; i < 2; i++) {
        struct party q = load(c, ids[i]);
        q.responsible = 3;
        c->batch = 0;
        MUST(store_save(c, &entity_party, &q));
    }
    c->who = (struct member_who){ .id = 4, .role = ROLE_READER };
    assert_int_equal(merge_plan(c, mine, too, &p), DENIED);
    c->who.role = ROLE_ACCOUNTANT;
    assert_int_equal(merge_plan(c, mine, too, &p), DENIED);
    c->who = (struct member_who){ .id = 3, .role = ROLE_MEMBER, .sees = SEES_OWN };
    assert_int_equal(merge_plan(c, mine, theirs, &p), MISSING);
    assert_int_equal(merge_plan(c, theirs, mine, &p), MISSING);
    int64_t id = merge(c, mine, too);
    assert_int_equal(c->who.role, ROLE_MEMBER); /* no more than before, afterwards */
    MUST(merge_load(c, id, &m));
    struct merges list;
    MUST(merge_list(c, 0, 10, &list));
    assert_int_equal(list.n, 1);
    c->who = (struct member_who){ .id = 2, .role = ROLE_MEMBER, .sees = SEES_OWN };
    assert_int_equal(merge_load(c, id, &m), MISSING);
    MUST(merge_list(c, 0, 10, &list));
    assert_int_equal(list.n, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- crash --- */

static void all_or_nothing(bool pg) {
    struct fixture f;
    int64_t to;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta"), n = note(c, b, "one", false);
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    merge(c, a, b);
    assert_int_equal(fixture_end(&f, BROKEN), BROKEN);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    assert_int_equal(load(c, b).row.deleted_at, 0);
    assert_int_equal(note_party(c, n), b);
    MUST(moved_to(c, &entity_party, b, &to));
    assert_int_equal(to, 0);
    struct merges list;
    MUST(merge_list(c, 0, 10, &list));
    assert_int_equal(list.n, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- own fields that name a client --- */

static void own_fields_follow(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct custom_field *made = row_new(c, &entity_custom_field);
    made->name = S("Sent by");
    made->kind = S("party");
    MUST(store_save(c, &entity_custom_field, made));
    MUST(own_fields_see(c));
    const struct entity *e = entity_now(c, &entity_party);
    const struct field *by = &e->fields[e->fields_n - 1];
    assert_true(by->custom != 0);
    int64_t a = client(c, "Alpha"), b = client(c, "Beta"), x = client(c, "Xavier");
    int64_t ids[2] = { x, a };
    for (int i = 0; i < 2; i++) {
        struct party p = load(c, ids[i]);
        row_ready(c, e, &p);
        field_set(by, &p, (struct value){ .is_int = true, .i = b });
        c->batch = 0;
        MUST(store_save(c, &entity_party, &p));
    }
    int64_t id = merge(c, a, b);
    struct party p = load(c, x), q = load(c, a);
    assert_int_equal(field_get(by, &p).i, a);
    assert_int_equal(field_get(by, &q).i, 0); /* nobody was sent by himself */
    MUST(part(c, id));
    p = load(c, x), q = load(c, a);
    assert_int_equal(field_get(by, &p).i, b);
    assert_int_equal(field_get(by, &q).i, b);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

BOTH(own_fields_follow)
BOTH(each_entity)
BOTH(schema_is_known)
BOTH(values)
BOTH(gone_from_sight)
BOTH(out_of_order)
BOTH(month_later)
BOTH(by_history)
BOTH(history_readable)
BOTH(bonds_united)
BOTH(who_may)
BOTH(all_or_nothing)

#define TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        TESTS(each_entity),     TESTS(schema_is_known),  TESTS(values),
        TESTS(gone_from_sight), TESTS(out_of_order),     TESTS(month_later),
        TESTS(by_history),      TESTS(history_readable), TESTS(bonds_united),
        TESTS(who_may),         TESTS(all_or_nothing),   TESTS(own_fields_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
