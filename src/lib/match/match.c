/* The records of the engine: columns of 32-bit cells over interned values. Called by the register's
 * duplicates, `daftar duplicates --evaluate` and tests; calls pool, normal. */
#include "lib/match/match_in.h"

const char *match_kind_code(enum match_kind k) {
    static const char *const codes[MATCH_KINDS_N] = {
        [MATCH_GIVEN] = "given",   [MATCH_FAMILY] = "family",
        [MATCH_NAME] = "name",     [MATCH_ORGANISATION] = "organisation",
        [MATCH_PHONE] = "phone",   [MATCH_EMAIL] = "email",
        [MATCH_STREET] = "street", [MATCH_NUMBER] = "number",
        [MATCH_TOWN] = "town",     [MATCH_POSTCODE] = "postcode",
        [MATCH_REGION] = "region", [MATCH_DATE] = "date",
        [MATCH_ID] = "id",         [MATCH_TEXT] = "text",
    };
    return codes[k];
}

const char *match_level_code(enum match_level l) {
    static const char *const codes[MATCH_LEVELS_N] = {
        [MATCH_MISSING] = "missing",   [MATCH_EXACT] = "exact",     [MATCH_KEY] = "key",
        [MATCH_NICKNAME] = "nickname", [MATCH_SWAPPED] = "swapped", [MATCH_WORDS] = "words",
        [MATCH_PART] = "part",         [MATCH_USER] = "user",       [MATCH_TAIL] = "tail",
        [MATCH_EDIT_1] = "edit_1",     [MATCH_EDIT_2] = "edit_2",   [MATCH_JW_92] = "jw_92",
        [MATCH_JW_88] = "jw_88",       [MATCH_JW_70] = "jw_70",     [MATCH_DIFFERENT] = "different",
    };
    return codes[l];
}

struct match *match_new(const struct match_column *columns, int n) {
    if (n < 0 || n > MATCH_COLUMNS_N) BUG("%d columns to match", n);
    struct match *m = calloc(1, sizeof *m);
    struct column *v = calloc((size_t)n + 1, sizeof *v);
    if (!m || !v) BUG("out of memory");
    m->scratch = arena_new();
    m->kept = arena_new();
    m->column = v;
    m->columns_n = n;
    m->given = m->family = -1;
    for (int i = 0; i < n; i++) {
        v[i].name = columns[i].name;
        v[i].kind = columns[i].kind;
        bool name = v[i].kind == MATCH_GIVEN || v[i].kind == MATCH_FAMILY;
        v[i].pool = name ? &m->names : &v[i].own;
        if (v[i].kind == MATCH_GIVEN && m->given < 0) m->given = i;
        if (v[i].kind == MATCH_FAMILY && m->family < 0) m->family = i;
    }
    if (m->given < 0 || m->family < 0) m->given = m->family = -1;
    return m;
}

void match_free(struct match *m) {
    if (!m) return;
    for (int i = 0; i < m->columns_n; i++) {
        struct column *c = &m->column[i];
        free(c->cell);
        free(c->count);
        free(c->rarity);
        intern_free(&c->own);
    }
    intern_free(&m->names);
    free(m->column);
    free(m->id);
    free(m->list);
    arena_free(m->scratch);
    arena_free(m->kept);
    free(m);
}

void match_record(struct match *m, int64_t id) {
    if (m->records_n == m->records_cap) {
        size_t cap = 0, need = m->records_cap ? (size_t)m->records_cap * 3 / 2 : 64;
        if (need > MATCH_RECORDS_N) need = MATCH_RECORDS_N;
        if (m->records_n >= MATCH_RECORDS_N) BUG("more than %d records", MATCH_RECORDS_N);
        m->id = grown(m->id, &cap, need, sizeof *m->id);
        for (int i = 0; i < m->columns_n; i++) {
            cap = 0;
            m->column[i].cell = grown(m->column[i].cell, &cap, need, sizeof *m->column[i].cell);
        }
        m->records_cap = (int32_t)need;
    }
    m->id[m->records_n] = id;
    for (int i = 0; i < m->columns_n; i++) m->column[i].cell[m->records_n] = 0;
    m->records_n++;
}

/* A further value of a cell: its list is written anew at the end (what was there is lost room,
 * which happens for few cells and few times). */
static void cell_add(struct match *m, uint32_t *cell, uint32_t id) {
    const uint32_t *old;
    uint32_t n = cell_values(m, cell, &old);
    for (uint32_t i = 0; i < n; i++)
        if (old[i] == id) return;
    if (n == VALUES_OF_CELL) return;
    size_t cap = m->list_cap, from = n > 1 ? (size_t)(old - m->list) : 0;
    m->list = grown(m->list, &cap, (size_t)m->list_n + n + 2, sizeof *m->list);
    if (cap >= CELL_LIST) BUG("too many values in lists");
    m->list_cap = (uint32_t)cap;
    uint32_t place = m->list_n, *to = m->list + place;
    to[0] = n + 1;
    if (n == 1)
        to[1] = *cell;
    else
        memcpy(to + 1, m->list + from, n * sizeof *to);
    to[n + 1] = id;
    m->list_n += n + 2;
    *cell = CELL_LIST | place;
}

void match_value(struct match *m, int column, struct str value) {
    if (column < 0 || column >= m->columns_n || !m->records_n) BUG("no such column: %d", column);
    struct column *c = &m->column[column];
    uint32_t *cell = &c->cell[m->records_n - 1];
    if (!value.n) return;
    struct arena_mark mark = arena_mark(m->scratch);
    struct str s = normal_of(m->scratch, c->kind, value);
    if (s.n) {
        uint32_t id = intern_id(c->pool, s);
        if (id >= CELL_LIST) BUG("too many values");
        if (!*cell)
            *cell = id;
        else
            cell_add(m, cell, id);
    }
    arena_back(m->scratch, mark);
    if (m->trained) names_prepare(m);
}

int match_records_n(const struct match *m) {
    return m->records_n;
}

int64_t match_id(const struct match *m, int record) {
    return m->id[record];
}
