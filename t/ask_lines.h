/* What the tests of the line of text share: a register, a reader in his language with the catalogue
 * of the book, and a line that must be understood. Include it after cmocka.h. */
#ifndef ASK_LINES_H
#define ASK_LINES_H
#include "ask_book.h"
#include "core/ask/text.h"
#include "features/tag/tag.h"
#include "fixture.h"

#define MUST(call) assert_int_equal((call), OK)

static struct fixture f;

static struct ctx *begin(enum lang lang) {
    if (f.c.tx) (void)!fixture_end(&f, INVALID); /* the test before failed in the middle */
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    c->firm.currency = S("EUR");
    ask_book_reader(c, &f.loc, lang);
    ask_book(c);
    return c;
}

static void reader(struct ctx *c, enum lang lang) {
    ask_book_reader(c, &f.loc, lang);
    ask_book(c);
}

static void make_tag(struct ctx *c, const char *name) {
    struct tag *tag = row_new(c, &entity_tag);
    tag->name = str_of(name);
    MUST(store_save(c, &entity_tag, tag));
}

static const struct ask_node *parsed(struct ctx *c, struct str line) {
    const struct ask_node *n = NULL;
    struct ask_problem why = { 0 };
    enum status st = ask_parse(c, ask_catalogue(c), line, &n, &why);
    if (st != OK)
        fail_msg("«%.*s»: at %d, %d: %.*s (%s)", SF(line), why.at, why.n,
                 SF(why.text ? tr_fill(c->arena, T(c, why.text), why.args, why.args_n) : NO_STR),
                 status_name(st));
    return n;

#endif
