/* The list as a sheet below its pages: blocks from spreadsheets taken apart, names of columns read,
 * cells set and shown, on both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "features/client/grid.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)

/* Rows as "a|b" with ";" between. */
static struct str flat(struct arena *a, const struct grid_block *b) {
    struct buf out = { .arena = a };
    for (int i = 0; i < b->n; i++) {
        if (i) buf_add_c(&out, ';');
        for (int k = 0; k < b->v[i].n; k++) {
            if (k) buf_add_c(&out, '|');
            buf_add(&out, b->v[i].v[k]);
        }
    }
    return buf_str(&out);
}

static void test_tsv(void **state) {
    static const struct {
        const char *text, *want;
        int cells;
    } all[] = {
        { "a", "a", 1 },
        { "a\tb\nc\td", "a|b;c|d", 4 },
        { "a\tb\r\nc\td\r\n", "a|b;c|d", 4 },
        { "a\rb", "a;b", 2 },
        { "\tb", "|b", 2 },
        { "a\t", "a|", 2 },
        { "a\n\nb", "a;;b", 3 },
        { "\"a\nb\"\tc", "a\nb|c", 2 },
        { "\"a\tb\"", "a\tb", 1 },
        { "\"say \"\"hi\"\"\"\tx", "say \"hi\"|x", 2 },
        { "say \"hi\"\tx", "say \"hi\"|x", 2 },
        { "\"Joe\" Smith\tx", "\"Joe\" Smith|x", 2 }, /* begins with a quote, is not quoted */
        { "\"open\tx\ny", "\"open|x;y", 3 },
        { "\"\"\tx", "|x", 2 },
        { "", "", 0 },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct grid_block b = grid_tsv(a, str_of(all[i].text));
        struct str got = flat(a, &b);
        if (!str_eq_z(got, all[i].want))
            fail_msg("«%s» gives «%.*s», not «%s»", all[i].text, SF(got), all[i].want);
        assert_int_equal(b.cells_n, all[i].cells);
    }
    arena_free(a);
}

static struct grid_column column(struct ctx *c, const char *name) {
    struct grid_column col;
    if (!grid_column_find(c, str_of(name), &col)) fail_msg("there is no column %s", name);
    return col;
}

/* What each cell shows after it was set from what was typed; NULL: refused, as it was before. */
static void test_cells(bool pg) {
    static const struct {
        const char *column, *typed, *want;
    } all[] = {
        { "town", "  Lyon ", "Lyon" },
        { "phone", "+33 6 12 34 56 78", "+33 6 12 34 56 78" },
        { "email", "a@example.org", "a@example.org" },
        { "email", "nonsense", NULL },
        { "stage", "Lead", "Lead" },
        { "stage", "lead", "Lead" },
        { "stage", "whatever", NULL },
        { "no_call", "yes", "yes" },
        { "no_call", "0", "" },
        { "birth_date", "1980-05-02", "02/05/1980" },
        { "birth_date", "32 May", NULL },
        { "tags", "VIP, Lyon", "VIP, Lyon" },
        { "tags", "", "" },
        { "display_name", "Reza Ahmadi", "Reza Ahmadi" },
        { "changed_at", "1", NULL },
        { "town", "", "" },
        { "phone", "", "" },
    };
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct party *p = row_new(c, &entity_party);
    p->given_name = S("Ali");
    MUST(store_save(c, &entity_party, p));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct grid_column col = column(c, all[i].column);
        struct str was = grid_text(c, &col, p);
        enum status st = grid_put(c, &col, p, str_of(all[i].typed));
        if (st != (all[i].want ? OK : INVALID))
            fail_msg("%s = «%s»: %s", all[i].column, all[i].typed, status_name(st));
        struct str now = grid_text(c, &col, p), want = all[i].want ? str_of(all[i].want) : was;
        if (!str_eq(now, want))
            fail_msg("%s = «%s» shows «%.*s»", all[i].column, all[i].typed, SF(now));
        c->problems = (struct problems){ 0 };
        if (all[i].want) MUST(store_save(c, &entity_party, p));
    }
    assert_int_equal(p->phones.n + p->addresses.n + p->tags.n, 0);
    assert_int_equal(p->emails.n, 1);
    assert_true(str_eq_z(p->family_name, "Ahmadi"));
    struct party *other = row_copy(c, &entity_party, p);
    struct grid_column name = column(c, "display_name"), email = column(c, "email");
    MUST(grid_put(c, &name, other, S("Somebody Else")));
    MUST(grid_put(c, &email, other, S("else@example.org")));
    grid_take(&name, other, p);
    grid_take(&email, other, p);
    assert_true(str_eq(other->given_name, p->given_name));
    assert_true(str_eq_z(grid_text(c, &email, other), "a@example.org"));
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

static void test_columns(bool pg) {
    struct fixture f;
    struct grid_column col;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, false, 4, ROLE_READER);
    assert_false(grid_column_find(c, S("notes_private"), &col));
    assert_false(grid_column_find(c, S("photo"), &col));
    assert_false(grid_column_find(c, S("number"), &col));
    assert_int_equal(column(c, "town").edit, EDIT_NOT);
    struct grid_columns cols = grid_columns_named(c, S("town,gone,phone,town,display_name"));
    assert_int_equal(cols.n, 3);
    cols.v[1].width = 77;
    struct str json = grid_columns_json(c->arena, &cols);
    assert_true(str_eq_z(json, "[[\"display_name\",240],[\"town\",77],[\"phone\",146]]"));
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, false, 3, ROLE_MEMBER);
    assert_true(grid_column_find(c, S("notes_private"), &col));
    assert_int_equal(column(c, "town").edit, EDIT_TEXT);
    assert_int_equal(column(c, "category").edit, EDIT_SELECT);
    assert_true(
        grid_is_about(&(struct grid_column[]){ column(c, "phone") }[0], S("phones.0.number")));
    assert_false(grid_is_about(&(struct grid_column[]){ column(c, "phone") }[0], S("phone")));
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

BOTH(test_cells)
BOTH(test_columns)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tsv),        cmocka_unit_test(test_cells_lite),
        cmocka_unit_test(test_cells_pg),   cmocka_unit_test(test_columns_lite),
        cmocka_unit_test(test_columns_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
