/* A field of clients against values, numbers, periods → a set: by the terms of the index, by sort
 * values, by indexes of the tables, and only then by walking a column. Called by run.c. */
#include "core/ask/run_in.h"
#include "lib/locale/calendar.h"
#include "lib/locale/date.h"
#include "lib/locale/phone.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"

/* --- by the index --- */

static bool has_terms(const struct field *f) {
    if (!f->kind->filter_key) return false;
    return f->custom ? (f->is & TERMS) && !(f->is & PREPARING) : (f->is & FILTERED) != 0;
}

static enum status add_found(struct bits *to, enum status st, struct bits **found) {
    if (st != OK) return st;
    bits_or(to, *found);
    bits_free(*found);
    return OK;
}

static enum status by_value(struct run *r, const struct field *f, struct ask_value v,
                            const struct bits *among, struct bits *to) {
    struct ctx *c = r->c;
    struct bits *found;
    bool text = f->kind == &kind_text || f->kind == &kind_url || f->kind == &kind_email;
    bool no = f->kind == &kind_yesno && !str_eq_z(v.text, "1");
    struct str key = text ? f->kind->filter_key(c, f, (struct value){ .s = v.text })
                          : run_code(c, no ? S("1") : v.text);
    if (!key.n) return OK;
    struct str term = str_printf(c->arena, "f%s=%.*s", f->name, SF(key));
    if (v.prefix && text) return add_found(to, search_range(r->search, term, &found), &found);
    if (!no) return add_found(to, search_term(r->search, term, &found), &found);
    struct bits *rest = bits_copy(among); /* only «yes» is in the index */
    enum status st = search_term(r->search, term, &found);
    if (st == OK) {
        bits_minus(rest, found);
        bits_free(found);
    }
    bits_or(to, rest);
    bits_free(rest);
    return st;
}

/* «Has a value»: of own fields always in the index; of declared ones where lists sort by it. */
static bool has_term(const struct ask_field *f) {
    if (f->field->custom) return true;
    const struct kind *k = f->field->kind;
    return (f->field->is & LISTED) && (k == &kind_date || k == &kind_email || k == &kind_phone);
}

static enum status filled_by_terms(struct run *r, const struct ask_field *f, struct bits *to) {
    struct bits *found;
    struct arena *a = r->c->arena;
    if (has_term(f))
        return add_found(to, search_term(r->search, str_printf(a, "h%s", f->name), &found), &found);
    struct str all = str_printf(a, "f%s=", f->field->name);
    return add_found(to, search_range(r->search, all, &found), &found);
}

/* --- by sort values: dates and numbers that lists sort by --- */

static bool has_keys(const struct ask_field *f) {
    if (f->many) return false;
    unsigned is = f->field->is;
    return f->field->custom ? (is & KEYS) && !(is & PREPARING) : (is & LISTED) != 0;
}

static enum status by_keys(struct run *r, const struct ask_field *f, struct str from,
                           struct str until, struct bits *to) {
    struct run_sql q;
    run_sql_new(r, &q);
    buf_add_z(&q.text, "SELECT id FROM sort_value WHERE field = ");
    run_sql_int(&q, store_sort_field(str_of(f->name)));
    buf_add_z(&q.text, " AND key >= ");
    run_sql_bytes(&q, from);
    buf_add_z(&q.text, " AND key < ");
    run_sql_bytes(&q, until);
    buf_add_z(&q.text, "@");
    return run_sql_bits(&q, "id", NULL, to);
}

/* --- by columns --- */

/* The column as this database has it: own fields lie in the JSON of `extra`. */
static void column(struct run_sql *q, const struct field *f) {
    bool pg = tx_is_pg(q->run->c->tx);
    if (!f->custom)
        buf_add_z(&q->text, f->name);
    else if (!pg)
        buf_printf(&q->text, "(extra ->> '%s')", f->name);
    else if (f->kind->is_int)
        buf_printf(&q->text, "CAST(CAST(extra AS jsonb) ->> '%s' AS bigint)", f->name);
    else
        buf_printf(&q->text, "(CAST(extra AS jsonb) ->> '%s')", f->name);
}

static const char *owner(const struct ask_field *f) {
    if (!f->many) return "id";
    return f->many->child->parent_column ? f->many->child->parent_column : "party";
}

/* "SELECT owner[, column…] FROM table WHERE column IS NOT NULL@" */
static void begin(struct run *r, const struct ask_field *f, const char *more, struct run_sql *q) {
    run_sql_new(r, q);
    buf_printf(&q->text, "SELECT %s", owner(f));
    if (more) {
        buf_add_z(&q->text, ", ");
        column(q, f->field);
        buf_add_z(&q->text, more);
    }
    buf_printf(&q->text, " FROM %s WHERE ", f->many ? f->many->child->name : "party");
    column(q, f->field);
    buf_add_z(&q->text, " IS NOT NULL@");
}

static enum status end(struct run_sql *q, const struct ask_field *f, const struct bits *among,
                       bool index, struct bits *to) {
    return run_sql_bits(q, owner(f), run_few(among, index), to);
}

static enum status by_codes(struct run *r, const struct ask_field *f, const struct ask_node *n,
                            const struct bits *among, struct bits *to) {
    struct run_sql q;
    begin(r, f, NULL, &q);
    buf_add_z(&q.text, " AND ");
    column(&q, f->field);
    run_sql_among_values(&q, f->field, n);
    return end(&q, f, among, false, to);
}

struct matching {
    const struct run_texts *texts;
    struct bits *to;
    bool phone;
};

/* A phone is what its digits are: as typed, international, national. */
static bool phone_fits(const struct matching *m, struct str typed, struct str e164) {
    struct arena *a = m->texts->c->arena;
    struct arena_mark mark = arena_mark(a);
    bool fits = run_texts_fit(m->texts, typed);
    if (!fits && e164.n)
        fits =
            run_texts_fit(m->texts, e164) || run_texts_fit(m->texts, phone_show_national(a, e164));
    arena_back(a, mark);
    return fits;
}

static bool match_row(void *arg, const struct cell *cells) {
    struct matching *m = arg;
    uint32_t id = (uint32_t)cells[0].i;
    if (bits_has(m->to, id)) return true;
    if (m->phone ? phone_fits(m, cells[1].s, cells[2].s) : run_texts_fit(m->texts, cells[1].s))
        bits_add(m->to, id);
    return true;
}

/* Columns with an index of their text as it was typed, and the ranges in which a folded text may
 * stand there: in digits of four scripts, in capitals or small letters. */
static bool indexed_column(const struct ask_field *f) {
    return f->many && !strcmp(f->many->child->name, "address") &&
           !strcmp(f->field->name, "postcode");
}

enum { SPELLINGS_N = 4, RANGE_LETTERS_N = 12, RANGES_N = 20 };

static struct str spelled(struct arena *a, struct str key, int how) {
    static const int32_t digits[SPELLINGS_N] = { '0', 0x06F0, 0x0660, '0' };
    struct buf b = { .arena = a };
    for (size_t i = 0; i < key.n; i++) {
        char ch = key.p[i], to[4];
        if (ch >= '0' && ch <= '9') {
            int n = utf8_put(to, digits[how] + (ch - '0'));
            buf_add(&b, (struct str){ to, (size_t)n });
        } else {
            buf_add_c(&b, how == 3 && ch >= 'a' && ch <= 'z' ? (char)(ch - 32) : ch);
        }
    }
    return buf_str(&b);
}

/* The part that is spelled the same in all values that fold to it: up to a space, ASCII alone. */
static struct str range_part(struct str key) {
    size_t n = 0;
    while (n < key.n && n < RANGE_LETTERS_N && key.p[n] > ' ' && key.p[n] < 127) n++;
    size_t letters = 0; /* a mix of capitals and small letters: up to the first letter only */
    while (letters < n && key.p[letters] >= '0' && key.p[letters] <= '9') letters++;
    return str_sub(key, 0, letters ? letters : n ? 1 : 0);
}

static bool ranges(struct run_sql *q, const struct field *f, const struct run_texts *t) {
    struct arena *a = q->run->c->arena;
    if (t->n > RANGES_N) return false;
    for (int i = 0; i < t->n; i++)
        if (range_part(t->v[i].key).n == 0) return false;
    for (int i = 0; i < t->n; i++) {
        struct str part = range_part(t->v[i].key), before = NO_STR;
        for (int how = 0; how < SPELLINGS_N; how++) {
            struct str from = spelled(a, part, how), until = str_dup(a, from);
            if (how && str_eq(from, before)) continue;
            before = spelled(a, part, 0);
            ((char *)until.p)[until.n - 1]++;
            buf_printf(&q->text, "%s(%s >= ", i || how ? " OR " : " AND (", f->name);
            run_sql_text(q, from);
            buf_printf(&q->text, " AND %s < ", f->name);
            run_sql_text(q, until);
            buf_add_z(&q->text, ")");
        }
    }
    buf_add_z(&q->text, ")");
    return true;
}

/* Who has the words at all: the index of words names the few whose texts are read. */
static enum status narrow(struct run *r, const struct field *f, const struct run_texts *t,
                          struct bits *among) {
    if (!(f->is & SEARCHED) || f->kind == &kind_phone || f->kind == &kind_email) return OK;
    struct bits *any = bits_new();
    enum status st = OK;
    for (int i = 0; i < t->n && st == OK; i++) {
        struct str rest = t->v[i].key, word;
        struct strs words = { arena_array(r->c->arena, struct str, rest.n + 1), 0 };
        struct found found;
        while (words.n < LIMIT_QUERY_WORDS_N && str_cut(&rest, ' ', &word))
            if (word.n) words.v[words.n++] = word;
        st = search_words(r->search, &words, &found);
        if (st != OK) break;
        bits_or(any, found.all);
        found_free(&found);
    }
    if (st == OK) bits_and(among, any);
    bits_free(any);
    return st;
}

static enum status by_text(struct run *r, const struct ask_field *f, const struct ask_node *n,
                           const struct bits *among, struct bits *to) {
    struct run_texts texts;
    struct run_sql q;
    run_texts_new(r->c, f->field, n, &texts);
    if (texts.n == 0) return OK;
    struct bits *who = bits_copy(among);
    enum status st = narrow(r, f->field, &texts, who);
    if (st == OK && bits_count(who)) {
        struct matching m = { &texts, to, f->field->kind == &kind_phone };
        begin(r, f, m.phone ? ", e164" : "", &q);
        bool index = indexed_column(f);
        const struct bits *few = run_few(who, index);
        if (index && !few) ranges(&q, f->field, &texts);
        st = run_sql_each(&q, owner(f), few, match_row, &m);
    }
    bits_free(who);
    return st;
}

static enum status filled(struct run *r, const struct ask_field *f, const struct bits *among,
                          struct bits *to) {
    struct run_sql q;
    if (has_term(f) || has_terms(f->field)) return filled_by_terms(r, f, to);
    begin(r, f, NULL, &q);
    if (!f->field->kind->is_int) {
        buf_add_z(&q.text, " AND ");
        column(&q, f->field);
        buf_add_z(&q.text, " <> ''");
    }
    return end(&q, f, among, false, to);
}

/* Own fields: whoever has no value is never looked at. */
static enum status with_value(struct run *r, const struct ask_field *f, const struct bits *among,
                              struct bits **out) {
    *out = bits_copy(among);
    if (!f->field->custom) return OK;
    struct bits *have;
    enum status st = search_term(r->search, str_printf(r->c->arena, "h%s", f->name), &have);
    if (st == OK) {
        bits_and(*out, have);
        bits_free(have);
    } else {
        bits_free(*out);
    }
    return st;
}

static struct str key_of_int(struct arena *a, int64_t v) {
    unsigned char *p = arena_alloc(a, 9);
    uint64_t u = (uint64_t)v ^ (1ull << 63);
    for (int k = 7; k >= 0; k--, u >>= 8) p[k] = (unsigned char)u;
    p[8] = 0;
    return (struct str){ (char *)p, 8 };
}

static enum status by_number(struct run *r, const struct ask_field *f, const struct ask_node *n,
                             const struct bits *among, struct bits *to) {
    struct run_sql q;
    struct bits *who;
    int64_t low, high;
    run_bounds(n, run_decimals(r->c, f->field), &low, &high);
    if (low > high) return OK;
    if (has_keys(f)) {
        struct str until = key_of_int(r->c->arena, high);
        until.n = 9; /* the key itself is in, whatever is longer than it is not */
        return by_keys(r, f, key_of_int(r->c->arena, low), until, to);
    }
    TRY(with_value(r, f, among, &who));
    begin(r, f, NULL, &q);
    buf_add_z(&q.text, " AND ");
    column(&q, f->field);
    buf_add_z(&q.text, " BETWEEN ");
    run_sql_int(&q, low);
    buf_add_z(&q.text, " AND ");
    run_sql_int(&q, high);
    enum status st = end(&q, f, who, false, to);
    bits_free(who);
    return st;
}

/* Days without a year sort before all others ('-' before '0'), so that no range has them. */
static enum status by_days(struct run *r, const struct ask_field *f, struct str from,
                           struct str until, const struct bits *among, struct bits *to) {
    struct run_sql q;
    struct bits *who;
    if (has_keys(f)) return by_keys(r, f, from, until, to);
    TRY(with_value(r, f, among, &who));
    begin(r, f, NULL, &q);
    buf_add_z(&q.text, " AND ");
    column(&q, f->field);
    buf_add_z(&q.text, " >= ");
    run_sql_text(&q, from);
    buf_add_z(&q.text, " AND ");
    column(&q, f->field);
    buf_add_z(&q.text, " < ");
    run_sql_text(&q, until);
    enum status st = end(&q, f, who, false, to);
    bits_free(who);
    return st;
}

static enum status by_instants(struct run *r, const struct ask_field *f, const char *name,
                               const struct ask_period *p, const struct bits *among,
                               struct bits *to) {
    struct run_sql q;
    int from, until;
    ask_days(r->c, p, r->calendar, &from, &until);
    run_sql_new(r, &q);
    buf_printf(&q.text, "SELECT %s FROM %s WHERE %s >= ", owner(f),
               f->many ? f->many->child->name : "party", name);
    run_sql_int(&q, run_ms(r->c, from));
    buf_printf(&q.text, " AND %s < ", name);
    run_sql_int(&q, run_ms(r->c, until));
    buf_add_z(&q.text, "@");
    return end(&q, f, among, true, to);
}

/* --- what is computed from a day --- */

/* «Over 60»: born on a day before the same one 61 years ago, or on it. Who is not born yet has no
 * age. Born on 29 February: older on 1 March, as ages are shown (date_age). */
static enum status by_age(struct run *r, const struct ask_field *f, const struct ask_node *n,
                          const struct bits *among, struct bits *to) {
    struct arena *a = r->c->arena;
    struct ask_field born = *f;
    struct day today = zone_local(r->c->firm.clock, r->c->now_ms).day;
    int64_t low, high;
    run_bounds(n, 0, &low, &high);
    if (low < 0) low = 0;
    if (high > 9999) high = 9999;
    if (low > high || high < 0) return OK;
    int64_t last = today.year - low, before = today.year - high - 1;
    if (last < 1) return OK;
    struct str until = str_printf(a, "%04d-%02d-%02d:", (int)last, today.month, today.day);
    struct str from =
        before < 1 ? S("0") : str_printf(a, "%04d-%02d-%02d:", (int)before, today.month, today.day);
    born.name = f->field->name;
    return by_days(r, &born, from, until, among, to);
}

struct annual {
    enum calendar_id calendar;
    int from, until;
    struct bits *to;
};

static bool annual_row(void *arg, const struct cell *cells) {
    const struct annual *an = arg;
    struct day born, next, at = day_of_number(an->from);
    int years;
    if (!day_of_iso(cells[1].s, &born)) return true;
    if (born.year && day_number(born) >= an->from) /* the day itself is no anniversary */
        at = day_of_number(day_number(born) + 1);
    if (day_annual(an->calendar, born, at, &next, &years) && day_number(next) < an->until)
        bits_add(an->to, (uint32_t)cells[0].i);
    return true;
}

/* Clients whose day of the year lies between two, both included. */
static void days_of_year(struct run *r, const struct ask_field *f, struct day first,
                         struct day last, struct run_sql *q) {
    struct arena *a = r->c->arena;
    const char *day = tx_is_pg(r->c->tx) ? "right(%s, 5)" : "substr(%s, -5)";
    struct str expr = str_printf(a, day, f->field->name);
    buf_printf(&q->text, " AND (%.*s >= ", SF(expr));
    run_sql_text(q, str_printf(a, "%02d-%02d", first.month, first.day));
    buf_printf(&q->text, " %s %.*s <= ", last.year > first.year ? "OR" : "AND", SF(expr));
    run_sql_text(q, str_printf(a, "%02d-%02d", last.month, last.day));
    buf_add_z(&q->text, ")");
}

/* Those among who were born since the period began, if any, day by day: none of them is one yet. */
static enum status without_newborn(struct run *r, const struct ask_field *f, struct annual *an,
                                   const struct bits *among) {
    struct ask_field born = *f;
    struct run_sql q;
    struct bits *young = bits_new();
    born.name = f->field->name;
    enum status st =
        by_days(r, &born, run_iso(r->c->arena, an->from), S("9999-99-99"), among, young);
    if (st == OK) bits_and(young, an->to);
    if (st == OK && bits_count(young)) {
        bits_minus(an->to, young);
        begin(r, f, "", &q);
        st = run_sql_each(&q, owner(f), young, annual_row, an);
    }
    bits_free(young);
    return st;
}

/* In the Gregorian calendar the day as it is kept says it: the index alone is read. 29 February is
 * kept on the 28th where there is none. */
static enum status by_day_of_year(struct run *r, const struct ask_field *f, struct annual *an,
                                  const struct bits *among) {
    struct day first = day_of_number(an->from), last = day_of_number(an->until - 1);
    struct run_sql q;
    if (last.month == 2 && last.day == 28 && day_of_number(an->until).month == 3) last.day = 29;
    begin(r, f, NULL, &q);
    days_of_year(r, f, first, last, &q);
    TRY(run_sql_bits(&q, owner(f), NULL, an->to));
    return without_newborn(r, f, an, among);
}

/* The days of the year that may be meant, a few too many: the Persian calendar moves against the
 * Gregorian one. What is met is looked at day by day. */
static enum status by_annual(struct run *r, const struct ask_field *f, const struct ask_period *p,
                             const struct bits *among, struct bits *to) {
    struct annual an = { .calendar = r->calendar, .to = to };
    struct run_sql q;
    ask_days(r->c, p, r->calendar, &an.from, &an.until);
    bool most = an.until - an.from > 350;
    if (an.until <= an.from) return OK;
    if (!most && r->calendar == CAL_GREGORIAN && !run_few(among, true))
        return by_day_of_year(r, f, &an, among);
    begin(r, f, "", &q);
    if (!most) days_of_year(r, f, day_of_number(an.from - 3), day_of_number(an.until + 2), &q);
    return run_sql_each(&q, owner(f), run_few(among, !most), annual_row, &an);
}

/* --- which way --- */

static enum status by_is(struct run *r, const struct ask_field *f, const struct ask_node *n,
                         const struct bits *among, struct bits *to) {
    const struct field *field = f->field;
    if (f->type == ASK_DATE) {
        for (int i = 0; i < n->values_n; i++) {
            struct str day = n->values[i].text;
            TRY(by_days(r, f, day, str_printf(r->c->arena, "%.*s!", SF(day)), among, to));
        }
        return OK;
    }
    if (has_terms(field)) {
        for (int i = 0; i < n->values_n; i++) TRY(by_value(r, field, n->values[i], among, to));
        return OK;
    }
    return f->type == ASK_TEXT ? by_text(r, f, n, among, to) : by_codes(r, f, n, among, to);
}

static enum status by_field(struct run *r, const struct ask_field *f, const struct ask_node *n,
                            const struct bits *among, struct bits *to) {
    int from, until;
    switch (n->op) {
    case ASK_FILLED: return filled(r, f, among, to);
    case ASK_IS: return by_is(r, f, n, among, to);
    case ASK_IN:
        if (f->type == ASK_INSTANT) return by_instants(r, f, f->field->name, &n->period, among, to);
        ask_days(r->c, &n->period, r->calendar, &from, &until);
        return by_days(r, f, run_iso(r->c->arena, from), run_iso(r->c->arena, until), among, to);
    default: return by_number(r, f, n, among, to);
    }
}

static enum status computed(struct run *r, const struct ask_field *f, const struct ask_node *n,
                            const struct bits *among, struct bits *to) {
    struct ask_field born = *f;
    if (n->op == ASK_FILLED && f->from != ASK_FROM_ROW) {
        born.name = f->field->name;
        return filled(r, &born, among, to);
    }
    if (f->from == ASK_FROM_ROW && n->op == ASK_FILLED) {
        bits_or(to, among);
        return OK;
    }
    if (f->from == ASK_FROM_ROW) return by_instants(r, f, f->column, &n->period, among, to);
    if (f->from == ASK_FROM_AGE) return by_age(r, f, n, among, to);
    return by_annual(r, f, &n->period, among, to);
}

/* Which question a field of this type takes; trees come from strangers (API) too. */
static bool takes(const struct ask_field *f, const struct ask_node *n) {
    bool number = n->op >= ASK_OVER && n->op <= ASK_BETWEEN;
    switch (f->type) {
    case ASK_NAME: return n->op == ASK_SOUNDS && n->values_n == 1;
    case ASK_NUMBER:
    case ASK_MONEY: return number || n->op == ASK_FILLED;
    case ASK_DATE: return n->op == ASK_IN || n->op == ASK_FILLED || n->op == ASK_IS;
    case ASK_INSTANT:
    case ASK_ANNUAL: return n->op == ASK_IN || n->op == ASK_FILLED;
    default: return n->op == ASK_IS || n->op == ASK_FILLED;
    }
}

enum status run_field(struct run *r, const struct ask_node *n, const struct bits *among,
                      struct bits **out) {
    const struct ask_field *f = ask_field(r->catalogue, NULL, n->field);
    struct ask_node asked = *n;
    struct bits *to;
    enum status st;
    if (n->op == ASK_EMPTY) asked.op = ASK_FILLED;
    if (!f || !takes(f, &asked)) return run_gone(r, n->field);
    if (f->from == ASK_FROM_NOWHERE) return run_sounds(r, n->values[0].text, among, out);
    if (f->from == ASK_FROM_FIRST || f->from == ASK_FROM_LATEST) {
        static const struct ask_period ever = { .when = ASK_EVER };
        st = run_edge(r, f, asked.op == ASK_FILLED ? &ever : &n->period, among, &to);
    } else {
        to = bits_new();
        st = f->from == ASK_FROM_FIELD ? by_field(r, f, &asked, among, to)
                                       : computed(r, f, &asked, among, to);
        if (st != OK) bits_free(to);
    }
    TRY(st);
    *out = to;
    if (n->op != ASK_EMPTY) return OK;
    *out = bits_copy(among);
    bits_minus(*out, to);
    bits_free(to);
    return OK;
}
