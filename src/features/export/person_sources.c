/* The rows of imported files that a person came from, as they stood there. Which line became whom
 * is not kept, so a row is his when it holds an e-mail address or a phone number of his, or his
 * whole name in one cell or two. Called by person.c; calls lib/text for the file. */
#include "core/exchange/import.h"
#include "features/export/person.h"
#include "features/party/party.h"
#include "lib/text/charset.h"
#include "lib/text/fold.h"

enum { PHONE_DIGITS = 8, ROWS_MAX = 100 };

struct marks { /* what one knows him by, folded */
    struct str name, given, family;
    struct strs emails, phones; /* the last digits */
};

static struct str last_digits(struct arena *a, struct str phone) {
    struct str d = fold_digits(a, phone);
    return d.n < PHONE_DIGITS ? NO_STR : str_sub(d, d.n - PHONE_DIGITS, PHONE_DIGITS);
}

static struct marks marks_of(struct ctx *c, const struct party *p) {
    struct arena *a = c->arena;
    struct marks m = { .name = fold(a, p->display_name),
                       .given = fold(a, p->given_name),
                       .family = fold(a, p->family_name) };
    m.emails.v = arena_array(a, struct str, p->emails.n + 1);
    m.phones.v = arena_array(a, struct str, p->phones.n + 1);
    for (int i = 0; i < p->emails.n; i++)
        m.emails.v[m.emails.n++] = fold_email(a, p->emails.v[i].email);
    for (int i = 0; i < p->phones.n; i++) {
        struct str d = last_digits(a, p->phones.v[i].number);
        if (d.n) m.phones.v[m.phones.n++] = d;
    }
    return m;
}

static bool one_of(const struct strs *all, struct str s) {
    for (int i = 0; i < all->n; i++)
        if (s.n && str_eq(all->v[i], s)) return true;
    return false;
}

static bool is_his(struct arena *a, const struct marks *m, const struct csv_row *r) {
    bool given = false, family = false;
    for (int i = 0; i < r->cells_n; i++) {
        struct str cell = str_sub(r->cells[i], 0, 400);
        if (!cell.n) continue;
        if (str_find_c(cell, '@') >= 0 && one_of(&m->emails, fold_email(a, cell))) return true;
        if (one_of(&m->phones, last_digits(a, cell))) return true;
        struct str folded = fold(a, cell);
        if (m->name.n && str_eq(folded, m->name)) return true;
        given = given || (m->given.n && str_eq(folded, m->given));
        family = family || (m->family.n && str_eq(folded, m->family));
    }
    return given && family;
}

static void write_row(struct json_out *w, const struct import *imp, const struct csv_row *r) {
    const struct import_plan *plan = &imp->plan;
    jw_object(w);
    jw_key(w, "import"), jw_int(w, imp->id);
    jw_key(w, "file"), jw_str(w, imp->name);
    jw_key(w, "line"), jw_int(w, r->line);
    jw_key(w, "columns");
    jw_array(w);
    for (int i = 0; i < r->cells_n; i++)
        jw_str(w, i < plan->n && plan->has_header ? plan->v[i].header : NO_STR);
    jw_end(w);
    jw_key(w, "cells");
    jw_array(w);
    for (int i = 0; i < r->cells_n; i++) jw_str(w, r->cells[i]);
    jw_end(w);
    jw_end(w);
}

/* A file that is gone or is none of rows any more says nothing; the import itself is listed. */
static void read_source(struct ctx *c, const struct marks *m, const struct import *imp,
                        const char *path, struct json_out *w) {
    FILE *f = fopen(path, "rbe");
    struct charset_reader *text =
        f ? charset_reader_new(csv_from_file(f), str_z(c->arena, imp->plan.charset)) : NULL;
    struct csv_row r;
    if (text) {
        struct csv *csv = arena_new_of(c->arena, struct csv);
        struct arena *a = arena_new();
        csv_open(csv, charset_reader_source(text), imp->plan.separator);
        for (int n = 0; n < ROWS_MAX && csv_next(csv, &r) == CSV_ROW;) {
            arena_reset(a);
            if (!is_his(a, m, &r)) continue;
            write_row(w, imp, &r);
            n++;
        }
        csv_close(csv);
        arena_free(a);
        charset_reader_free(text);
    }
    if (f) fclose(f);
}

enum status person_sources(struct ctx *c, const struct app *app, const struct party *him,
                           const struct rows *imports, struct buf *out) {
    struct json_out w = { .b = out };
    struct marks m = marks_of(c, him);
    const char *files = filestore_folder(app, c->arena);
    jw_array(&w);
    for (int i = 0; i < imports->n; i++) {
        struct import imp;
        if (!str_eq_z(row_str(imports, i, "format"), "csv")) continue;
        enum status s = import_load(c, row_int(imports, i, "id"), &imp);
        if (s == MISSING) continue;
        TRY(s);
        read_source(c, &m, &imp, filestore_path(c->arena, files, imp.sha256), &w);
    }
    jw_end(&w);
    return OK;
}
