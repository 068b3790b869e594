/* A question as people read it aloud, and what is offered while they type it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_book.h"
#include "core/ask/text.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "ask_lines.h"
}

static void same(struct str got, const char *wanted) {
    if (!str_eq_z(got, wanted)) fail_msg("«%.*s»,\n not «%s»", SF(got), wanted);
}

/* Without the marks that isolate. */
static struct str bare(struct ctx *c, struct str text) {
    struct buf b = { .arena = c->arena };
    while (text.n) {
        int32_t one = utf8_next(&text);
        if (one != 0x2068 && one != 0x2069) buf_add_utf8(&b, one);
    }
    return buf_str(&b);
}

/* --- as people read it --- */

static void said(struct ctx *c, const char *typed, const char *wanted) {
    same(bare(c, ask_say(c, ask_catalogue(c), parsed(c, str_of(typed)))), wanted);
}

static void test_said(void **state) {
    struct ctx *c = begin(LANG_EN);
    (void)state;
    said(c, "", "All clients");
    said(c, "sex:f", "Sex is Woman");
    said(c, "town:Paris,Lyon", "Town is Paris or Lyon");
    said(c, "postcode:75*", "Postal code begins with 75");
    said(c, "not town:*", "not: Town has a value");
    said(c, "sum(orders, last 30 days) over 500",
         "Sum of “Purchases” in the last 30 days is over 500\u00A0EUR");
    said(c, "count(orders, this month, product:A) at least 3",
         "Number of “Purchases” in this month, where Product is A is at least 3");
    said(c, "no(orders, before 2024-01-01) or birthday in next 7 days",
         "No “Purchases” before 1 January 2024 or Birthday is in the next 7 days");
    said(c, "segment:spring name~Ali", "In the segment spring and The name sounds like Ali");
    reader(c, LANG_FR);
    said(c, "sex:f", "Sexe\u00A0: Femme");
    said(c, "count(orders, last 30 days) over 5",
         "Nombre de «\u00A0Achats\u00A0» dans les 30 derniers jours\u00A0: plus de 5");
    reader(c, LANG_FA);
    said(c, "sex:f", "جنسیت: زن");
    reader(c, LANG_AR);
    said(c, "sex:f", "الجنس: أنثى");
    MUST(fixture_end(&f, OK));
}

/* --- completion --- */

/* «|» is the cursor. All of wanted, ";" between, are offered; *from is where the word begins. */
static void offers(struct ctx *c, const char *typed, int from, const char *wanted,
                   const char *unwanted) {
    struct ask_completion out[100];
    struct str whole = str_of(typed), rest = str_of(wanted), word;
    ptrdiff_t cursor = str_find_c(whole, '|');
    struct str text = str_printf(c->arena, "%.*s%.*s", SF(str_sub(whole, 0, (size_t)cursor)),
                                 SF(str_sub(whole, (size_t)cursor + 1, SIZE_MAX)));
    int at = -1, n = ask_complete(c, ask_catalogue(c), text, (int)cursor, out, COUNT(out), &at);
    struct buf all = { .arena = c->arena };
    for (int i = 0; i < n; i++) buf_printf(&all, "[%.*s]", SF(out[i].word));
    if (at != from) fail_msg("«%s»: from %d: %.*s", typed, at, SF(buf_str(&all)));
    while (str_cut(&rest, ';', &word)) {
        struct str in = str_printf(c->arena, "[%.*s]", SF(word));
        if (str_find(buf_str(&all), in) < 0) fail_msg("«%s»: %.*s", typed, SF(buf_str(&all)));
    }
    if (unwanted && str_find(buf_str(&all), str_of(unwanted)) >= 0)
        fail_msg("«%s»: %.*s", typed, SF(buf_str(&all)));
}

static void test_complete(void **state) {
    struct ctx *c = begin(LANG_EN);
    (void)state;
    make_tag(c, "gold star");
    offers(c, "|", 0, "sex:;count(;has(;not ;segment:", NULL);
    offers(c, "se|", 0, "sex:;segment:", "town");
    offers(c, "gend|", 0, "sex:", "town");
    offers(c, "ville|", 0, "town:", "sex");
    offers(c, "sex:|", 4, "Woman;Man;empty", "town");
    offers(c, "sex:w|", 4, "Woman", "[Man]");
    offers(c, "sex:f |", 6, "town:;or ", NULL);
    offers(c, "sex:f to|", 6, "town:", "sex");
    offers(c, "age |", 4, "over ;at least ;is ", "[in ]");
    offers(c, "age at l|", 4, "at least ", "over");
    offers(c, "created |", 8, "in ;before ", "over");
    offers(c, "created in |", 11, "last 30 days;this month", NULL);
    offers(c, "created in la|", 11, "last 30 days;last 7 days", "this");
    offers(c, "created in last 3|", 11, "last 30 days", "last 7");
    offers(c, "created in last 3 |", 18, "day;week", NULL);
    offers(c, "has(|", 4, "purchases;notes;tickets", NULL);
    offers(c, "has(ord|", 4, "purchases", "notes");
    offers(c, "sum(orders.qu|", 11, "quantity", "amount");
    offers(c, "has(orders|", 4, "purchases", NULL);
    offers(c, "has(orders |", 11, ");, ", NULL);
    offers(c, "has(orders, |", 12, "product:;last 30 days", "sex:");
    offers(c, "has(orders, pro|", 12, "product:", "sex:");
    offers(c, "count(orders) |", 14, "over ;at most ", NULL);
    offers(c, "tag:go|", 4, "\"gold star\"", NULL);
    offers(c, "country:ira|", 8, "Iran;Iraq", "France");
    offers(c, "owner:|", 6, "me", NULL);
    offers(c, "sex:f|town:x", 4, "Woman", NULL);
    reader(c, LANG_FA);
    offers(c, "جنس|", 0, "جنسیت:", NULL);
    offers(c, "جنسیت:|", 11, "زن;مرد", NULL);
    reader(c, LANG_FR);
    offers(c, "etiq|", 0, "étiquette:", NULL);
    offers(c, "créé dans |", 12, "30 derniers jours", NULL);
    MUST(fixture_end(&f, OK));
}

static int open_book(void **state) {
    (void)state;
    fixture_open(&f, false);
    return 0;
}

static int close_book(void **state) {
    (void)state;
    if (f.c.tx) (void)!fixture_end(&f, INVALID); /* a test failed in the middle */
    fixture_close(&f);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_said),
        cmocka_unit_test(test_complete),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
