/* Any bytes as the body of an API call: JSON → record of each entity, on an empty SQLite database
 * that is never written to. Refused with problems that have texts, or written as JSON and read back
 * as the very same. The first byte chooses the entity and the language. */
#include "core/entity/history.h"
#include "core/entity/record_json.h"
#include "fuzz/empty_db.h"
#include "lib/locale/collate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_problems(struct ctx *c) {
    for (int i = 0; i < c->problems.n; i++) {
        struct str text = ctx_problem_text(c, &c->problems.v[i]);
        if (!text.n || !utf8_valid(text)) BUG("a problem without a text");
    }
}

static struct str shown(struct ctx *c, const struct entity *e, const void *row) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    for (int i = 0; i < e->fields_n; i++) {
        if (e->fields[i].is & (SECRET | SYSTEM)) continue;
        jw_key(&w, e->fields[i].name);
        record_json_value(c, &w, &e->fields[i], row);
    }
    jw_end(&w);
    return buf_str(&b);
}

static void one(struct ctx *c, const struct entity *e, struct str text) {
    struct json *j = NULL, *again = NULL;
    struct str why = NO_STR;
    if (json_parse(c->arena, text, &j, &why) != OK) return;
    void *row = row_new(c, e), *back = row_new(c, e);
    enum status st = record_from_json(c, e, j, row);
    check_problems(c);
    if (st != OK) {
        if (st != INVALID && st != MALFORMED) BUG("status %s", status_name(st));
        if (c->problems.n == 0) BUG("refused without a reason");
        return;
    }
    struct str first = shown(c, e, row);
    if (json_parse(c->arena, first, &again, &why) != OK) BUG("no JSON: %.*s", SF(why));
    if (record_from_json(c, e, again, back) != OK)
        BUG("our own is refused: %.*s: %.*s", SF(c->problems.v[0].field), SF(first));
    if (!str_eq(first, shown(c, e, back))) BUG("another record came back: %.*s", SF(first));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct db *db;
    static struct collator *collator;
    const struct registry *all = entity_registry();
    if (!db) db = empty_db();
    if (!collator) collator = collator_open("fa");
    if (size == 0) return 0;
    struct arena *a = arena_new();
    struct locale loc = { .lang = (enum lang)(data[0] / 16 % LANG_N),
                          .country = "IR",
                          .first_weekday = 1 };
    struct ctx c = { .arena = a,
                     .loc = &loc,
                     .collator = collator,
                     .door = DOOR_API,
                     .who = { .id = 1, .role = ROLE_OWNER },
                     .firm = { .alphabet = S("fa"), .country = "IR" } };
    if (db_read(db, a, &c.tx) != OK) BUG("db_read");
    one(&c, all->entities[data[0] % 16 % (unsigned)all->n],
        (struct str){ (const char *)data + 1, size - 1 });
    if (db_end(c.tx, OK) != OK) BUG("db_end");
    arena_free(a);
    return 0;
}
