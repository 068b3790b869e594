/* Records that people put in order, on both databases: one goes a place up or down, positions that
 * repeat become 1, 2, 3, what already stands right is not written, ends stay ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/position.h"
#include "features/category/category.h"
#include "fixture.h"
#include "on_both.h"

enum { N = 4 };
static const char *const names[N] = { "a", "b", "c", "d" };

static void must(enum status s) {
    assert_string_equal(status_name(s), "OK");
}

static void make(struct fixture *f, const int64_t *positions, int64_t *ids) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    for (int i = 0; i < N; i++) {
        struct category *one = row_new(c, &entity_category);
        one->name = str_of(names[i]);
        one->position = positions[i];
        must(store_save(c, &entity_category, one));
        ids[i] = one->row.id;
    }
    must(fixture_end(f, OK));
}

static void move(struct fixture *f, const int64_t *ids, int64_t id, bool up) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    must(fixture_end(f, position_move(c, &entity_category, ids, N, id, up)));
}

static void expect(struct fixture *f, const int64_t *ids, const int64_t *positions,
                   const int64_t *versions) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    for (int i = 0; i < N; i++) {
        struct category one;
        must(store_load(c, &entity_category, ids[i], &one));
        assert_int_equal(one.position, positions[i]);
        assert_int_equal(one.row.version, versions[i]);
    }
    must(fixture_end(f, OK));
}

#define FOUR(...) ((const int64_t[N]){ __VA_ARGS__ })

static void moves(bool pg) {
    struct fixture f;
    int64_t ids[N];
    fixture_open(&f, pg);
    make(&f, FOUR(1, 2, 2, 7), ids);
    move(&f, ids, ids[2], true); /* c before b */
    expect(&f, ids, FOUR(1, 3, 2, 4), FOUR(1, 2, 1, 2));
    move(&f, FOUR(ids[0], ids[2], ids[1], ids[3]), ids[0], false);
    expect(&f, ids, FOUR(2, 3, 1, 4), FOUR(2, 2, 2, 2));
    fixture_close(&f);
}
BOTH(moves)

static void stays(bool pg) {
    struct fixture f;
    int64_t ids[N];
    fixture_open(&f, pg);
    make(&f, FOUR(5, 5, 5, 5), ids);
    move(&f, ids, ids[0], true);
    move(&f, ids, ids[3], false);
    move(&f, ids, ids[3] + 1, true); /* not among them */
    expect(&f, ids, FOUR(5, 5, 5, 5), FOUR(1, 1, 1, 1));
    fixture_close(&f);
}
BOTH(stays)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_lite),
        cmocka_unit_test(moves_pg),
        cmocka_unit_test(stays_lite),
        cmocka_unit_test(stays_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
