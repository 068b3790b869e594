/* Any bytes as a plain sentence in any language: never a crash; what was not understood are places
 * of the sentence in their order; what was understood is a tree in its normal form that prints to a
 * line which gives the same tree. The first byte chooses the language. On an empty SQLite database
 * that is never written to. */
#include "core/ask/sentence.h"
#include "core/ask/text.h"
#include "fuzz/empty_db.h"
#include "lib/locale/collate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_left(const struct ask_understood *u, struct str sentence) {
    int end = 0;
    for (int i = 0; i < u->left_n; i++) {
        if (u->left[i].at < end || u->left[i].n < (sentence.n > 0)) BUG("places in no order");
        end = u->left[i].at + u->left[i].n;
        if ((size_t)end > sentence.n) BUG("a place behind the sentence");
    }
}

static void check_tree(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *tree) {
    const struct ask_node *back = NULL;
    struct ask_problem why = { 0 };
    if (ask_normal(c->arena, tree) != tree) BUG("not in normal form");
    if (ask_rules_n(tree) > ASK_RULES_MOST || ask_measures_n(tree) > ASK_MEASURES_MOST ||
        ask_depth(tree) > ASK_DEPTH_MOST)
        return; /* who runs it refuses it */
    struct str print = ask_print(c, k, tree);
    if (ask_parse(c, k, print, &back, &why) != OK)
        BUG("«%.*s»: at %d: %s", SF(print), why.at, why.text);
    if (!ask_equal(tree, back)) BUG("«%.*s» is another tree", SF(print));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct db *db;
    static struct collator *collator;
    if (!db) db = empty_db();
    if (!collator) collator = collator_open("fa");
    if (size == 0 || size > 2500) return 0;
    enum lang lang = (enum lang)(data[0] % LANG_N);
    struct arena *a = arena_new();
    struct locale loc = { .lang = lang,
                          .country = "IR",
                          .calendar = lang == LANG_FA ? CAL_PERSIAN : CAL_GREGORIAN,
                          .first_weekday = 1,
                          .now_ms = INT64_C(1795262400000) };
    struct ctx c = { .arena = a,
                     .loc = &loc,
                     .collator = collator,
                     .door = DOOR_WEB,
                     .now_ms = loc.now_ms,
                     .who = { .id = 1, .role = ROLE_OWNER },
                     .firm = { .alphabet = S("fa"), .country = "IR", .currency = S("IRR") } };
    struct ask_understood u;
    struct str sentence = { (const char *)data + 1, size - 1 };
    if (db_read(db, a, &c.tx) != OK) BUG("db_read");
    const struct ask_catalogue *k = ask_catalogue(&c);
    ask_sentence(&c, k, lang, sentence, &u);
    check_left(&u, sentence);
    if (u.tree) check_tree(&c, k, u.tree);
    if (c.problems.n) BUG("a problem was left");
    if (db_end(c.tx, OK) != OK) BUG("db_end");
    arena_free(a);
    return 0;
}
