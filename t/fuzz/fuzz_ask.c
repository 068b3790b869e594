/* Any line as a question, in any language: refused with a place and a text, or a tree that prints
 * to a line that gives the same tree, goes through JSON, is said and completed. The first byte
 * chooses the reader, the second the cursor. On an empty SQLite database that is never written to.
 */
#include "core/ask/text.h"
#include "fuzz/empty_db.h"
#include "lib/locale/collate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct reader {
    struct arena *arena;
    struct locale loc;
    struct ctx c;
} readers[LANG_N];

/* One for each language, whose catalogue is made once. */
static void make_readers(struct db *db) {
    for (int lang = 0; lang < LANG_N; lang++) {
        struct reader *r = &readers[lang];
        bool fa = lang == LANG_FA;
        r->arena = arena_new();
        r->loc = (struct locale){ .lang = (enum lang)lang,
                                  .country = "IR",
                                  .calendar = fa                ? CAL_PERSIAN
                                              : lang == LANG_AR ? CAL_UMALQURA
                                                                : CAL_GREGORIAN,
                                  .digits = fa                ? DIGITS_ARABEXT
                                            : lang == LANG_AR ? DIGITS_ARAB
                                                              : DIGITS_LATN,
                                  .first_weekday = 1,
                                  .now_ms = INT64_C(1795262400000) };
        r->c =
            (struct ctx){ .arena = r->arena,
                          .loc = &r->loc,
                          .collator = collator_open("fa"),
                          .door = DOOR_WEB,
                          .now_ms = r->loc.now_ms,
                          .who = { .id = 1, .role = ROLE_OWNER },
                          .firm = { .alphabet = S("fa"), .country = "IR", .currency = S("IRR") } };
        struct arena *own = arena_new();
        if (db_read(db, own, &r->c.tx) != OK) BUG("db_read");
        const struct ask_catalogue *k = ask_catalogue(&r->c);
        const struct relation *const *relations;
        int n = ask_relations_of(k, &relations);
        for (int i = -1; i < n; i++) {
            const struct ask_field *const *fields;
            int fields_n = ask_fields(k, i < 0 ? NULL : relations[i], &fields);
            for (int f = 0; f < fields_n; f++) ask_field_word(&r->c, fields[f]);
        }
        ask_relation_called(k, S("purchases"));
        if (db_end(r->c.tx, OK) != OK) BUG("db_end");
        arena_free(own);
    }
}

static void refused(struct ctx *c, struct str line, const struct ask_problem *why) {
    if (!why->text) BUG("refused without a text");
    if (why->at < 0 || why->n < 0 || (size_t)why->at + (size_t)why->n > line.n) BUG("its place");
    if (!tr_fill(c->arena, T(c, why->text), why->args, why->args_n).n) BUG("an empty text");
}

static void accepted(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *tree) {
    const struct ask_node *back = NULL;
    struct ask_problem why = { 0 };
    if (ask_normal(c->arena, tree) != tree) BUG("not in normal form");
    if (ask_rules_n(tree) > ASK_RULES_MOST || ask_depth(tree) > ASK_DEPTH_MOST) BUG("limits");
    struct str print = ask_print(c, k, tree), json = ask_json(c->arena, tree);
    if (ask_parse(c, k, print, &back, &why) != OK)
        BUG("«%.*s»: at %d: %s", SF(print), why.at, why.text);
    if (!ask_equal(tree, back))
        BUG("«%.*s»: %.*s is not %.*s", SF(print), SF(json), SF(ask_json(c->arena, back)));
    if (ask_json_read(c->arena, json, &back) != OK || !ask_equal(tree, back)) BUG("%.*s", SF(json));
    if (!ask_say(c, k, tree).n) BUG("nothing said");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct db *db;
    if (!db) {
        db = empty_db();
        make_readers(db);
    }
    if (size < 2 || size > 2000) return 0;
    struct ctx *c = &readers[data[0] % LANG_N].c;
    struct str line = { (const char *)data + 2, size - 2 };
    struct arena_mark mark = arena_mark(c->arena);
    const struct ask_catalogue *k = ask_catalogue(c);
    const struct ask_node *tree = NULL;
    struct ask_problem why = { 0 };
    struct ask_completion out[40];
    int from;
    c->titles = (struct map){ 0 };
    struct arena *own = arena_new();
    if (db_read(db, own, &c->tx) != OK) BUG("db_read");
    if (ask_parse(c, k, line, &tree, &why) == OK)
        accepted(c, k, tree);
    else
        refused(c, line, &why);
    int cursor = (int)((size_t)data[1] * line.n / 255);
    int n = ask_complete(c, k, line, cursor, out, COUNT(out), &from);
    if (from < 0 || from > cursor || n > COUNT(out)) BUG("from %d of %d", from, cursor);
    if (c->problems.n) BUG("a problem was left");
    if (db_end(c->tx, OK) != OK) BUG("db_end");
    arena_free(own);
    arena_back(c->arena, mark);
    return 0;
}
