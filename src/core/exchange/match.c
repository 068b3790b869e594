/* Which column of a file is which field: by name in four languages, by the words of the .def file,
 * by content. Called by the import's pages and command; calls lib/text and the kinds. */
#include "core/exchange/import_row.h"

#include "core/app/secret.h"
#include "lib/locale/number.h"
#include "lib/locale/phone.h"
#include "lib/text/charset.h"
#include "lib/text/fold.h"

enum { SAMPLE_ROWS = 200, MANY_PLACES = 5 };

struct str import_squash(struct arena *a, struct str s) {
    struct str f = fold(a, s);
    char *p = str_z(a, f);
    size_t n = 0;
    for (size_t i = 0; i < f.n; i++)
        if (p[i] != ' ') p[n++] = p[i];
    return (struct str){ p, n };
}

bool import_is_owner(const struct exchange_shape *shape, const struct field *f) {
    return shape->owner && !strcmp(f->name, shape->owner);
}

struct alias {
    struct str name, to; /* to: a path where a list's index is written %d */
    const struct many *many;
};
struct aliases {
    struct alias *v;
    int n, cap;
};

static void add(struct ctx *c, struct aliases *all, struct str name, struct str to,
                const struct many *m) {
    struct str squashed = import_squash(c->arena, name);
    if (squashed.n == 0) return;
    if (all->n == all->cap) {
        int cap = all->cap ? all->cap * 2 : 512;
        all->v = arena_grow(c->arena, all->v, (size_t)all->cap * sizeof *all->v,
                            (size_t)cap * sizeof *all->v);
        all->cap = cap;
    }
    all->v[all->n++] = (struct alias){ squashed, to, m };
}

static struct str after_bar(const char *label) {
    const char *bar = strchr(label, '|');
    return str_of(bar ? bar + 1 : label);
}

/* As a business with any word for its clients would have exported it. */
static void add_label(struct ctx *c, struct aliases *all, enum lang lang, const char *label,
                      struct str to, const struct many *m) {
    const char *plain = tr_as(lang, WORD_CLIENT, label);
    add(c, all, str_of(plain), to, m);
    for (int word = WORD_CLIENT + 1; word < WORD_N; word++) {
        const char *said = tr_as(lang, (enum client_word)word, label);
        if (said != plain) add(c, all, str_of(said), to, m);
    }
}

static void add_names(struct ctx *c, struct aliases *all, const char *name, const char *label,
                      const char *also, struct str to, const struct many *m) {
    struct str rest = str_of(also), piece;
    add(c, all, str_of(name), to, m);
    if (label) {
        add(c, all, after_bar(label), to, m);
        for (int lang = 0; lang < LANG_N; lang++) add_label(c, all, (enum lang)lang, label, to, m);
    }
    while (str_cut(&rest, ';', &piece)) add(c, all, piece, to, m);
}

static struct str singular(struct ctx *c, const struct many *m) {
    struct str s = str_of(m->name);
    if (str_ends(s, S("sses"))) return str_dup(c->arena, str_sub(s, 0, s.n - 2));
    return str_dup(c->arena, str_sub(s, 0, s.n - 1));
}

struct str exchange_header(struct ctx *c, const struct field *f) {
    return f->custom ? str_printf(c->arena, "%s (%s)", f->label, f->name) : str_of(f->name);
}

bool exchange_prefixed(const struct entity *e, const struct field *child) {
    int n = entity_field(e, str_of(child->name)) ? 1 : 0;
    for (int i = 0; i < e->manys_n; i++)
        if (entity_field(e->manys[i].child, str_of(child->name))) n++;
    return n > 1 || !strcmp(child->name, "ext");
}

static void add_many(struct ctx *c, struct aliases *all, const struct entity *e,
                     const struct many *m) {
    struct str one = singular(c, m);
    if (m->single) {
        add_names(c, all, m->name, m->label, m->also, str_of(m->name), NULL);
        add(c, all, one, str_of(m->name), NULL);
        return;
    }
    for (int i = 0; i < m->child->fields_n; i++) {
        const struct field *f = &m->child->fields[i];
        if (f->is & SYSTEM) continue;
        struct str to = str_printf(c->arena, "%s.%%d.%s", m->name, f->name);
        if (f->is & REQUIRED) {
            add_names(c, all, str_z(c->arena, one), m->label, m->also, to, m);
            add_names(c, all, f->name, f->label, f->also, to, m);
        } else if (exchange_prefixed(e, f)) {
            add(c, all, str_printf(c->arena, "%.*s %s", SF(one), f->name), to, m);
        } else {
            add_names(c, all, f->name, f->label, f->also, to, m);
        }
    }
}

static struct aliases aliases_of(struct ctx *c, const struct exchange_shape *shape) {
    struct aliases all = { 0 };
    const struct entity *e = entity_now(c, shape->entity);
    for (int i = 0; i < shape->extras_n; i++)
        add_names(c, &all, shape->extras[i].code, shape->extras[i].label, shape->extras[i].also,
                  str_of(shape->extras[i].code), NULL);
    for (int pass = 0; pass < 2;
         pass++) /* names and labels of all fields before anybody's other words */
        for (int i = 0; i < e->fields_n; i++) {
            const struct field *f = &e->fields[i];
            if ((f->is & SYSTEM) || import_is_owner(shape, f)) continue;
            add_names(c, &all, f->name, f->custom ? NULL : f->label, pass ? f->also : NULL,
                      str_of(f->name), NULL);
            if (f->custom) add(c, &all, exchange_header(c, f), str_of(f->name), NULL);
        }
    for (int i = 0; i < e->manys_n; i++) add_many(c, &all, e, &e->manys[i]);
    return all;
}

static const struct alias *find(const struct aliases *all, struct str squashed) {
    for (int i = 0; i < all->n; i++)
        if (str_eq(all->v[i].name, squashed)) return &all->v[i];
    return NULL;
}

static const struct field *kind_field(const struct many *m) {
    const struct field *f = entity_field(m->child, S("kind"));
    return f && f->choices ? f : NULL;
}

/* Lists whose kinds are columns of files by themselves: «Mobile», «Telegram», «Spouse». */
static bool kind_says_all(const struct many *m) {
    static const char *const lists[] = { "phones", "handles", "relatives", "occasions" };
    for (int i = 0; i < COUNT(lists); i++)
        if (!strcmp(m->name, lists[i])) return true;
    return false;
}

/* "mobile", "work phone", "téléphone bureau": a kind's word, alone or beside a name of the list. */
static const struct alias *find_with_kind(struct ctx *c, const struct exchange_shape *shape,
                                          const struct aliases *all, struct str squashed,
                                          struct str *kind) {
    const struct entity *e = entity_now(c, shape->entity);
    for (int i = 0; i < e->manys_n; i++) {
        const struct field *f = kind_field(&e->manys[i]);
        for (const struct choice *ch = f ? f->choices : NULL; ch && ch->code; ch++) {
            struct aliases words = { 0 };
            add_names(c, &words, ch->code, ch->label, ch->also, NO_STR, NULL);
            for (int k = 0; k < words.n; k++) {
                struct str w = words.v[k].name, rest = NO_STR;
                bool alone = str_eq(squashed, w) && kind_says_all(&e->manys[i]);
                if (str_starts(squashed, w))
                    rest = str_sub(squashed, w.n, SIZE_MAX);
                else if (str_ends(squashed, w))
                    rest = str_sub(squashed, 0, squashed.n - w.n);
                const struct alias *a =
                    alone    ? find(all, import_squash(c->arena, singular(c, &e->manys[i])))
                    : rest.n ? find(all, rest)
                             : NULL;
                if (!a || a->many != &e->manys[i]) continue;
                *kind = str_of(ch->code);
                return a;
            }
        }
    }
    return NULL;
}

static bool taken(const struct import_plan *p, int before, struct str to) {
    for (int i = 0; i < before; i++)
        if (str_eq(p->v[i].to, to)) return true;
    return false;
}

struct str import_place(struct ctx *c, const struct import_plan *p, int column, struct str to,
                        int at) {
    if (str_find(to, S("%d")) < 0) return taken(p, column, to) ? NO_STR : to;
    struct str head = str_sub(to, 0, (size_t)str_find(to, S("%d")));
    struct str tail = str_sub(to, head.n + 2, SIZE_MAX);
    for (int i = at; i < LIMIT_MANY_N; i++) {
        struct str path = str_printf(c->arena, "%.*s%d%.*s", SF(head), i, SF(tail));
        if (!taken(p, column, path)) return path;
    }
    return NO_STR;
}

/* "Motto (cf_4)", as exports say it: in another book the field has another number, and in this one
 * it may have another name by now; the name counts before the number. */
static const struct alias *find_own(struct ctx *c, const struct aliases *all, struct str header,
                                    bool *by_number) {
    struct str s = str_trim(header);
    ptrdiff_t at = str_find(s, S(" (cf_"));
    if (at <= 0 || !str_ends(s, S(")"))) return NULL;
    const struct alias *a = find(all, import_squash(c->arena, str_sub(s, 0, (size_t)at)));
    if (a && str_starts(a->to, S("cf_"))) return a;
    a = find(all, import_squash(c->arena, str_sub(s, (size_t)at + 2, s.n - (size_t)at - 3)));
    *by_number = a != NULL;
    return a;
}

static void match_name(struct ctx *c, const struct exchange_shape *shape, const struct aliases *all,
                       struct import_plan *p, int column) {
    struct import_column *col = &p->v[column];
    struct str name = import_squash(c->arena, col->header), digits = name;
    int64_t number = 1;
    const struct alias *a = find(all, name);
    if (!a) a = find_own(c, all, col->header, &col->by_content);
    if (!a) a = find_with_kind(c, shape, all, name, &col->kind);
    while (digits.n && digits.p[digits.n - 1] >= '0' && digits.p[digits.n - 1] <= '9') digits.n--;
    if (!a && digits.n < name.n && digits.n) {
        if (!str_to_i64(str_sub(name, digits.n, SIZE_MAX), &number) || number < 1 ||
            number > LIMIT_MANY_N)
            return;
        a = find(all, digits);
        if (!a) a = find_with_kind(c, shape, all, digits, &col->kind);
        if (a && !a->many) a = NULL;
    }
    if (a) col->to = import_place(c, p, column, a->to, (int)number - 1);
}

/* --- by content --- */

struct share { /* of the cells that are not empty */
    int all, email, phone, date, letters;
};

static void weigh(struct ctx *c, const struct field *email, const struct field *date,
                  struct str cell, struct share *s) {
    struct value v;
    struct phone_number phone;
    struct problems before = c->problems;
    cell = str_trim(cell);
    if (cell.n == 0) return;
    size_t digits = fold_digits(c->arena, cell).n;
    s->all++;
    if (str_find_c(cell, '@') > 0 && email->kind->parse(c, email, NO_STR, cell, &v) == OK)
        s->email++;
    else if (digits >= 8 && phone_parse(c->arena, cell, ctx_country(c), &phone))
        s->phone++;
    else if (digits >= 6 && date && date->kind->parse(c, date, NO_STR, cell, &v) == OK)
        s->date++;
    else if (digits == 0)
        s->letters++;
    c->problems = before;
}

static void match_content(struct ctx *c, const struct exchange_shape *shape, struct import_plan *p,
                          int column, struct str *const *cells, const int *cells_n, int rows_n) {
    const struct entity *e = entity_now(c, shape->entity);
    const struct many *emails = entity_many(e, S("emails"));
    const struct field *date = entity_field(e, S("birth_date"));
    const struct field *name = entity_field(e, S("display_name"));
    struct share s = { 0 };
    if (!emails || !name) return;
    for (int i = 0; i < rows_n; i++)
        if (column < cells_n[i]) weigh(c, &emails->child->fields[0], date, cells[i][column], &s);
    struct str to = NO_STR;
    if (s.all < 1) return;
    if (s.email * 10 >= s.all * 6)
        to = S("emails.%d.email");
    else if (s.phone * 10 >= s.all * 6)
        to = S("phones.%d.number");
    else if (s.date * 10 >= s.all * 8)
        to = S("birth_date");
    else if (s.letters * 10 >= s.all * 8 && !taken(p, p->n, S("given_name")) &&
             !taken(p, p->n, S("family_name")))
        to = S("display_name");
    if (to.n == 0 || (str_find(to, S("%d")) < 0 && taken(p, p->n, to))) return;
    p->v[column].to = S("?"); /* so that import_place() does not see this column as taken */
    p->v[column].to = import_place(c, p, p->n, to, 0);
    p->v[column].by_content = true;
}

/* --- looking at a file --- */

static ptrdiff_t read_all_guess(const char *path, struct charset_guess *guess) {
    FILE *f = fopen(path, "rb");
    if (!f) return -1;
    *guess = charset_guess_source(csv_from_file(f));
    fclose(f);
    return 0;
}

struct head { /* the first rows, copied */
    struct str **cells;
    int *cells_n, n;
};

struct str import_fault(struct ctx *c, const struct csv_error *e) {
    static const char *const texts[] = {
        [CSV_NUL] = N_("Line {line}, column {column}: this is not a text file."),
        [CSV_OPEN_QUOTE] =
            N_("Line {line}, column {column}: the quote that opens here is never closed."),
        [CSV_CELL_TOO_LONG] =
            N_("Line {line}, column {column}: a cell of more than {limit} bytes. Is a "
               "quote open, or the separator another one?"),
        [CSV_TOO_MANY_COLUMNS] = N_("Line {line}: more than {limit} columns."),
        [CSV_UNREADABLE] = N_("The file could not be read to its end."),
    };
    struct tr_arg args[] = {
        { .name = "line", .value = number_show(c->arena, c->loc, e->line) },
        { .name = "column", .value = number_show(c->arena, c->loc, e->column) },
        { .name = "limit", .value = number_show(c->arena, c->loc, e->limit) },
    };
    return tr_fill(c->arena, T(c, texts[e->fault]), args, COUNT(args));
}

static enum status refuse(struct ctx *c, const struct csv_error *e) {
    return ctx_problem(c, S("file"), N_("The file cannot be imported. {why}"),
                       { .name = "why", .value = import_fault(c, e) });
}

static enum status read_head(struct ctx *c, const char *path, struct import_plan *p,
                             struct head *h) {
    FILE *f = fopen(path, "rb");
    char sample[65536];
    if (!f) return BROKEN;
    struct charset_reader *r = charset_reader_new(csv_from_file(f), str_z(c->arena, p->charset));
    if (!r) {
        fclose(f);
        return ctx_problem(c, S("charset"), N_("There is no encoding “{value}”."),
                           ARG("value", p->charset));
    }
    struct csv_source from = charset_reader_source(r);
    if (!p->separator) {
        ptrdiff_t n = from.read(from.of, sample, sizeof sample);
        p->separator = csv_guess_separator((struct str){ sample, n > 0 ? (size_t)n : 0 });
        if (!from.seek(from.of, 0)) p->separator = 0;
    }
    struct csv *csv = malloc(sizeof *csv);
    if (!csv) BUG("out of memory");
    csv_open(csv, from, p->separator);
    enum csv_event ev = CSV_END;
    struct csv_row row;
    int64_t rows = 0;
    h->cells = arena_array(c->arena, struct str *, SAMPLE_ROWS);
    h->cells_n = arena_array(c->arena, int, SAMPLE_ROWS);
    while (h->n < SAMPLE_ROWS && (ev = csv_next(csv, &row)) == CSV_ROW) {
        h->cells[h->n] = arena_array(c->arena, struct str, row.cells_n);
        for (int i = 0; i < row.cells_n; i++)
            h->cells[h->n][i] = str_dup(c->arena, str_trim(csv_unguard(row.cells[i])));
        h->cells_n[h->n++] = row.cells_n;
        rows++;
    }
    while (ev == CSV_ROW && rows <= LIMIT_IMPORT_ROWS_N && (ev = csv_next(csv, &row)) == CSV_ROW)
        rows++;
    p->rows_n = rows;
    enum status st = ev == CSV_BAD ? refuse(c, &csv->error) : OK;
    csv_close(csv);
    free(csv);
    charset_reader_free(r);
    fclose(f);
    if (st == OK && h->n == 0) return ctx_problem(c, S("file"), N_("The file is empty."));
    if (st == OK && rows > LIMIT_IMPORT_ROWS_N)
        return ctx_problem(c, S("file"), N_("The file has more than {max} rows. Split it."),
                           ARG("max", number_show(c->arena, c->loc, LIMIT_IMPORT_ROWS_N)));
    return st;
}

static void take_samples(struct import_plan *p, const struct head *h) {
    for (int col = 0; col < p->n; col++)
        for (int row = p->has_header, k = 0; row < h->n && k < 3; row++)
            if (col < h->cells_n[row] && h->cells[row][col].n)
                p->v[col].samples[k++] = h->cells[row][col];
}

void import_plan_settle(struct import_plan *p) {
    p->one_name_column = taken(p, p->n, S("display_name")) && !taken(p, p->n, S("given_name")) &&
                         !taken(p, p->n, S("family_name"));
}

void import_plan_keep_choices(struct import_plan *fresh, const struct import_plan *chosen) {
    fresh->match = chosen->match;
    fresh->on_match = chosen->on_match;
    fresh->keep_rest = chosen->keep_rest;
    fresh->hold_doubts = chosen->hold_doubts;
    if (fresh->n != chosen->n) return;
    for (int i = 0; i < fresh->n; i++) {
        fresh->v[i].by_content &= str_eq(fresh->v[i].to, chosen->v[i].to);
        fresh->v[i].to = chosen->v[i].to;
        fresh->v[i].kind = chosen->v[i].kind;
        fresh->v[i].how = chosen->v[i].how;
        fresh->v[i].left_out = chosen->v[i].left_out;
    }
    import_plan_settle(fresh);
}

/* A first row of which no word is known, and which holds data, is no header. */
static bool is_header(struct ctx *c, const struct exchange_shape *shape, const struct head *h,
                      int named) {
    struct share first = { 0 };
    const struct many *emails = entity_many(shape->entity, S("emails"));
    for (int i = 0; i < h->cells_n[0] && emails; i++)
        weigh(c, &emails->child->fields[0], NULL, h->cells[0][i], &first);
    return named > 0 || first.email + first.phone == 0;
}

static void match_all(struct ctx *c, const struct exchange_shape *shape, const struct head *h,
                      enum import_header header, struct import_plan *p) {
    struct aliases all = aliases_of(c, shape);
    int named = 0;
    for (int i = 0; i < h->cells_n[0]; i++) p->v[i].header = h->cells[0][i];
    if (header != HEADER_NO) import_recognise(c, shape, p);
    for (int i = 0; i < h->cells_n[0]; i++) {
        if (!p->known.n) match_name(c, shape, &all, p, i);
        named += p->v[i].to.n > 0;
    }
    p->has_header =
        header == HEADER_YES || (header == HEADER_GUESS && is_header(c, shape, h, named));
    for (int i = 0; i < p->n && !p->has_header; i++)
        p->v[i] = (struct import_column){ .header = NO_STR };
    int from = p->has_header ? 1 : 0;
    for (int i = 0; i < p->n && !p->known.n; i++)
        if (!p->v[i].to.n)
            match_content(c, shape, p, i, h->cells + from, h->cells_n + from, h->n - from);
}

enum status import_look(struct ctx *c, const struct exchange_shape *shape, const char *path,
                        struct str charset, char separator, enum import_header header,
                        struct import_plan *p) {
    struct charset_guess guess = { 0 };
    struct head h = { 0 };
    if (read_all_guess(path, &guess) < 0) return BROKEN;
    struct str found = str_of(guess.name);
    *p = (struct import_plan){ .charset = charset.n ? charset : found,
                               .charset_found = found,
                               .separator = separator,
                               .kind = str_of(shape->entity->name),
                               .match = str_of(shape->match_standard),
                               .keep_rest = shape->rest != NULL,
                               .on_match = ON_MATCH_SKIP };
    TRY(read_head(c, path, p, &h));
    for (int i = 0; i < h.n; i++)
        if (h.cells_n[i] > p->n) p->n = h.cells_n[i];
    p->v = arena_array(c->arena, struct import_column, p->n);
    match_all(c, shape, &h, header, p);
    if (p->has_header) p->rows_n--;
    import_plan_settle(p);
    if (taken(p, p->n, S("uid"))) p->match = S("uid,email,phone");
    take_samples(p, &h);
    return OK;
}

/* --- places for the person's choice --- */

static struct str child_label(struct ctx *c, const struct many *m, const struct field *f,
                              int index) {
    struct str label = f->is & REQUIRED
                           ? str_of(T(c, f->label))
                           : str_printf(c->arena, "%s — %s", T(c, m->child->label), T(c, f->label));
    if (!index) return label;
    return tr_fill(c->arena, "{label} {n}",
                   (struct tr_arg[]){ ARG("label", label),
                                      ARG("n", number_show(c->arena, c->loc, index + 1)) },
                   2);
}

int import_targets(struct ctx *c, const struct exchange_shape *shape, struct import_target **out) {
    const struct entity *e = entity_now(c, shape->entity);
    int n = 0, cap = e->fields_n + shape->extras_n + 1;
    for (int i = 0; i < e->manys_n; i++) cap += e->manys[i].child->fields_n * MANY_PLACES;
    struct import_target *v = arena_array(c->arena, struct import_target, cap);
    for (int i = 0; i < e->fields_n; i++)
        if (!(e->fields[i].is & SYSTEM) && !import_is_owner(shape, &e->fields[i]))
            v[n++] = (struct import_target){ str_of(e->fields[i].name),
                                             str_of(field_label(c, &e->fields[i])) };
    for (int i = 0; i < shape->extras_n; i++)
        v[n++] = (struct import_target){ str_of(shape->extras[i].code),
                                         str_of(T(c, shape->extras[i].label)) };
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        if (m->single) v[n++] = (struct import_target){ str_of(m->name), str_of(T(c, m->label)) };
        for (int k = 0; !m->single && k < MANY_PLACES; k++)
            for (int f = 0; f < m->child->fields_n; f++) {
                const struct field *field = &m->child->fields[f];
                if (field->is & SYSTEM) continue;
                struct str code = str_printf(c->arena, "%s.%d.%s", m->name, k, field->name);
                v[n++] = (struct import_target){ code, child_label(c, m, field, k) };
            }
    }
    *out = v;
    return n;
}

bool import_target_valid(const struct ctx *c, const struct exchange_shape *shape, struct str code) {
    struct target t;
    if (!target_of(c, shape, code, &t)) return false;
    return !t.field || !(t.field->is & SYSTEM);
}

struct str import_target_label(struct ctx *c, const struct exchange_shape *shape, struct str code) {
    struct target t;
    if (!target_of(c, shape, code, &t)) return code;
    if (t.extra >= 0) return str_of(T(c, shape->extras[t.extra].label));
    if (!t.field) return str_of(T(c, t.many->label));
    struct str label =
        t.many ? child_label(c, t.many, t.field, t.index) : str_of(field_label(c, t.field));
    if (!t.behind) return label;
    return tr_fill(c->arena, T(c, N_("{label} (behind what is there)")),
                   (struct tr_arg[]){ ARG("label", label) }, 1);
}

bool import_plan_digest(struct arena *a, const struct import_plan *p, unsigned char out[SHA256_N]) {
    struct sha256 h;
    sha256_begin(&h);
    if (p->kind.n && !str_eq_z(p->kind, "party")) { /* those of clients are as they always were */
        sha256_add(&h, p->kind);
        sha256_add(&h, (struct str){ "\0", 1 });
    }
    for (int i = 0; i < p->n; i++) {
        sha256_add(&h, fold(a, p->v[i].header));
        sha256_add(&h, S("\n"));
    }
    sha256_end(&h, out);
    return p->has_header && p->n;
}
