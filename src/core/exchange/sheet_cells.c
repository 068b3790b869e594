/* Rows of cards and of pasted text, and the table that they become. Called by sheet_card.c,
 * sheet_vcard.c and sheet_text.c; calls the kinds, which say what a column would refuse, and
 * lib/text/csv. */
#include "core/exchange/sheet_cells.h"

#include <errno.h>
#include <sys/stat.h>

#include "lib/base/log.h"
#include "lib/locale/phone.h"
#include "lib/locale/region.h"
#include "lib/text/fold.h"

enum { FAULTS_MAX = 100, NAME_MAX_CHARS = 60, FLUSH = 1 << 16, COUNTRIES_KEPT = 1000 };

const struct sheet_column_is sheet_columns[SHEET_COLUMNS_N] = {
    [SHEET_KIND] = { "kind", NULL, 0 },
    [SHEET_DISPLAY_NAME] = { "display_name", &kind_text, 200 },
    [SHEET_TITLE] = { "title", &kind_text, 40 },
    [SHEET_GIVEN_NAME] = { "given_name", &kind_text, 100 },
    [SHEET_FAMILY_NAME] = { "family_name", &kind_text, 100 },
    [SHEET_NICKNAME] = { "nickname", &kind_text, 100 },
    [SHEET_LATIN_NAME] = { "latin_name", &kind_text, 200 },
    [SHEET_SEX] = { "sex", NULL, 0 },
    [SHEET_BIRTH_DATE] = { "birth_date", &kind_date, 0 },
    [SHEET_LANGUAGE] = { "language", &kind_language, 0 },
    [SHEET_ZONE] = { "zone", &kind_zone, 0 },
    [SHEET_WEBSITE] = { "website", &kind_url, 0 },
    [SHEET_SPECIAL] = { "special", &kind_area, 2000 },
    [SHEET_NOTES] = { "notes_private", NULL, 0 },
    [SHEET_TAGS] = { "tags", NULL, 0 },
    [SHEET_COMPANY] = { "company", &kind_text, 200 },
    [SHEET_JOB_TITLE] = { "job_title", &kind_text, 100 },
    [SHEET_UID] = { "uid", NULL, 0 },
    [SHEET_PHOTO] = { "photo", NULL, 0 },
};
const struct sheet_column_is sheet_parts[PARTS_N] = {
    [PART_KIND] = { "address_kind", NULL, 0 },
    [PART_STREET] = { "street", &kind_text, 200 },
    [PART_PLAQUE] = { "plaque", &kind_text, 40 },
    [PART_UNIT] = { "unit", &kind_text, 60 },
    [PART_LINE2] = { "line2", &kind_text, 200 },
    [PART_NEIGHBOURHOOD] = { "neighbourhood", &kind_text, 200 },
    [PART_TOWN] = { "town", &kind_text, 200 },
    [PART_REGION] = { "region", &kind_text, 200 },
    [PART_POSTCODE] = { "postcode", &kind_text, 20 },
    [PART_COUNTRY] = { "country", &kind_country, 0 },
    [PART_PO_BOX] = { "po_box", &kind_text, 40 },
};

/* --- rows --- */

void sheet_row_begin(struct sheet_row *row, const struct ctx *c, struct arena *a) {
    memset(row, 0, sizeof *row);
    row->c = *c;
    row->c.arena = a;
    row->c.problems = (struct problems){ 0 };
    row->note.arena = a;
}

/* Would the import take it? */
static bool fits(struct sheet_row *row, const struct kind *kind, int max, struct str text) {
    struct field f = { .name = "", .kind = kind, .max = max };
    struct value v;
    enum status s = kind->parse(&row->c, &f, NO_STR, text, &v);
    row->c.problems = (struct problems){ 0 };
    return s == OK;
}

/* There are names in four languages to compare with: the same few stand in thousands of cards. */
struct str sheet_country(struct sheet_row *row, struct str text) {
    struct str *known = row->countries ? map_get(row->countries, text) : NULL;
    if (known) return *known;
    struct str code = text.n ? country_find(row->c.arena, text) : NO_STR;
    if (row->countries && row->countries->n < COUNTRIES_KEPT) {
        known = arena_new_of(row->countries->arena, struct str);
        *known = code; /* static memory */
        *map_at(row->countries, str_dup(row->countries->arena, text)) = known;
    }
    return code;
}

void sheet_note(struct sheet_row *row, const char *label, struct str text) {
    text = text_clean(row->c.arena, text, CLEAN_LONG);
    if (!text.n) return;
    if (row->note.n) buf_add_c(&row->note, '\n');
    if (label && *label) {
        buf_add_z(&row->note, T(&row->c, label));
        buf_add_z(&row->note, ": ");
    }
    buf_add(&row->note, text);
}

void sheet_put(struct sheet_row *row, enum sheet_column at, const char *label, struct str text) {
    const struct sheet_column_is *is = &sheet_columns[at];
    bool line = is->kind != &kind_area;
    text = text_clean(row->c.arena, text, line ? CLEAN_LINE : CLEAN_LONG);
    if (!text.n || str_eq(row->cells[at], text)) return;
    if (row->cells[at].n || (is->kind && !fits(row, is->kind, is->max, text)))
        sheet_note(row, label, text);
    else
        row->cells[at] = text;
}

/* RFC 3966: "+98…;ext=12;phone-context=…". */
static struct str uri_number(struct str uri, struct str *ext) {
    struct str rest = uri, piece, number;
    if (!str_cut(&rest, ';', &number)) return uri;
    while (str_cut(&rest, ';', &piece))
        if (str_starts(piece, S("ext="))) *ext = str_sub(piece, 4, piece.n);
    return number;
}

/* The same number in two ways of writing: the last nine digits. */
static bool same_number(struct arena *a, struct str x, struct str y) {
    struct str p = fold_digits(a, x), q = fold_digits(a, y);
    size_t n = 9;
    if (p.n < n || q.n < n) return str_eq(p, q);
    return str_eq(str_sub(p, p.n - n, n), str_sub(q, q.n - n, n));
}

void sheet_put_phone(struct sheet_row *row, struct str number, const char *kind, struct str ext) {
    struct arena *a = row->c.arena;
    number = text_clean(a, number, CLEAN_LINE);
    if (number.n > 4 && str_eq_ascii(str_sub(number, 0, 4), S("tel:")))
        number = uri_number(str_sub(number, 4, number.n), &ext);
    if (!number.n) return;
    for (int i = 0; i < row->phones_n; i++)
        if (same_number(a, row->phones[i].number, number)) {
            if (!row->phones[i].kind.n) row->phones[i].kind = str_of(kind);
            return;
        }
    if (row->phones_n == SHEET_PHONES || !fits(row, &kind_phone, 0, number) ||
        !fits(row, &kind_text, 12, ext)) {
        sheet_note(row, N_("Phone"), number);
        return;
    }
    row->phones[row->phones_n].number = number;
    row->phones[row->phones_n].kind = str_of(kind);
    row->phones[row->phones_n++].ext = ext;
}

void sheet_put_email(struct sheet_row *row, struct str email, const char *kind) {
    struct arena *a = row->c.arena;
    email = text_clean(a, email, CLEAN_LINE);
    if (email.n > 7 && str_eq_ascii(str_sub(email, 0, 7), S("mailto:")))
        email = str_sub(email, 7, email.n);
    if (!email.n) return;
    for (int i = 0; i < row->emails_n; i++)
        if (str_eq(fold_email(a, row->emails[i].email), fold_email(a, email))) return;
    if (row->emails_n == SHEET_EMAILS || !fits(row, &kind_email, 0, email)) {
        sheet_note(row, N_("E-mail"), email);
        return;
    }
    row->emails[row->emails_n].email = email;
    row->emails[row->emails_n++].kind = str_of(kind);
}

static void note_address(struct sheet_row *row, const struct sheet_address *ad) {
    struct str v[PARTS_N];
    int n = 0;
    for (int i = PART_STREET; i < PARTS_N; i++)
        if (ad->v[i].n) v[n++] = ad->v[i];
    sheet_note(row, N_("Address"), str_join(row->c.arena, v, n, S(", ")));
}

void sheet_put_address(struct sheet_row *row, struct sheet_address *ad) {
    bool any = false;
    for (int i = PART_STREET; i < PARTS_N; i++) {
        struct str text = text_clean(row->c.arena, ad->v[i], CLEAN_LINE);
        ad->v[i] = text;
        any |= text.n > 0;
        bool country = i == PART_COUNTRY && sheet_country(row, text).n > 0;
        if (country) ad->v[i] = sheet_country(row, text);
        if (!text.n || country ||
            (i != PART_COUNTRY && fits(row, sheet_parts[i].kind, sheet_parts[i].max, text)))
            continue;
        bool spare = i != PART_LINE2 && !ad->v[PART_LINE2].n && fits(row, &kind_text, 200, text);
        if (spare)
            ad->v[PART_LINE2] = text;
        else
            sheet_note(row, N_("Address"), text);
        ad->v[i] = NO_STR;
    }
    for (int i = 0; i < row->addresses_n; i++) {
        bool same = true;
        for (int k = PART_STREET; k < PARTS_N; k++)
            same &= str_eq(row->addresses[i].v[k], ad->v[k]);
        if (same) return;
    }
    if (!any) return;
    if (row->addresses_n == SHEET_ADDRESSES)
        note_address(row, ad);
    else
        row->addresses[row->addresses_n++] = *ad;
}

/* Some words of a text, for a name: up to 60 characters of its first line. */
static struct str beginning(struct str text) {
    struct str rest = text, first;
    if (!str_cut(&rest, '\n', &first)) return NO_STR;
    struct str left = first;
    for (int i = 0; i < NAME_MAX_CHARS && left.n; i++) (void)utf8_next(&left);
    return str_trim(str_sub(first, 0, first.n - left.n));
}

static void name_the_nameless(struct sheet_row *row) {
    struct str *cells = row->cells;
    if (cells[SHEET_DISPLAY_NAME].n || cells[SHEET_GIVEN_NAME].n || cells[SHEET_FAMILY_NAME].n)
        return;
    struct str name = cells[SHEET_NICKNAME].n     ? cells[SHEET_NICKNAME]
                      : cells[SHEET_LATIN_NAME].n ? cells[SHEET_LATIN_NAME]
                      : cells[SHEET_COMPANY].n ? NO_STR /* the import makes it the organisation */
                      : row->emails_n          ? row->emails[0].email
                      : row->phones_n          ? row->phones[0].number
                                               : beginning(buf_str(&row->note));
    cells[SHEET_DISPLAY_NAME] = name;
}

bool sheet_row_end(struct sheet_row *row) {
    struct str note = buf_str(&row->note);
    bool any = row->phones_n + row->emails_n + row->addresses_n > 0 || note.n > 0;
    for (int i = 0; i < SHEET_COLUMNS_N && !any; i++)
        any = i != SHEET_KIND && i != SHEET_UID && row->cells[i].n > 0;
    if (!any) return false;
    name_the_nameless(row);
    row->note_cut = utf8_count(note) > SHEET_NOTE_MAX;
    if (row->note_cut) {
        struct str left = note;
        for (int i = 0; i < SHEET_NOTE_MAX; i++) (void)utf8_next(&left);
        note = str_trim(str_sub(note, 0, note.n - left.n));
    }
    row->cells[SHEET_NOTES] = note;
    return true;
}

/* --- the table --- */

static void most(int *n, int of) {
    if (of > *n) *n = of;
}

void sheet_measure(struct sheet_table *t, const struct sheet_row *row) {
    most(&t->phones_n, row->phones_n);
    most(&t->emails_n, row->emails_n);
    most(&t->addresses_n, row->addresses_n);
    for (int i = 0; i < SHEET_COLUMNS_N; i++) t->used[i] |= row->cells[i].n > 0;
    for (int i = 0; i < row->phones_n; i++) t->exts |= row->phones[i].ext.n > 0;
    for (int i = 0; i < row->addresses_n; i++)
        for (int k = 0; k < PARTS_N; k++) t->parts[k] |= row->addresses[i].v[k].n > 0;
}

static void cell(struct sheet_table *t, bool first, struct str text) {
    char *p = NULL;
    if (!first) buf_add_c(&t->out, ',');
    if (text.n && memchr(text.p, 0, text.n)) { /* no NUL ever makes the table unreadable */
        p = malloc(text.n);
        if (!p) BUG("out of memory");
        size_t n = 0;
        for (size_t i = 0; i < text.n; i++)
            if (text.p[i]) p[n++] = text.p[i];
        text = (struct str){ p, n };
    }
    csv_write_cell(&t->out, text, ',', 0);
    free(p);
}

static void header(struct sheet_table *t, bool *first, const char *name, int i) {
    char text[64];
    snprintf(text, sizeof text, i ? "%s_%d" : "%s", name, i + 1);
    cell(t, *first, str_of(text));
    *first = false;
}

static void headers(struct sheet_table *t) {
    bool first = true;
    for (int i = 0; i < SHEET_COLUMNS_N; i++)
        if (t->used[i]) header(t, &first, sheet_columns[i].name, 0);
    for (int i = 0; i < t->phones_n; i++) {
        header(t, &first, "phone", i);
        header(t, &first, "phone_kind", i);
        if (t->exts) header(t, &first, "phone_ext", i);
    }
    for (int i = 0; i < t->emails_n; i++) {
        header(t, &first, "email", i);
        header(t, &first, "email_kind", i);
    }
    for (int i = 0; i < t->addresses_n; i++)
        for (int k = 0; k < PARTS_N; k++)
            if (t->parts[k]) header(t, &first, sheet_parts[k].name, i);
    buf_add_z(&t->out, "\r\n");
}

enum status sheet_table_begin(struct sheet_table *t, const char *path) {
    t->to = fopen(path, "wb");
    if (!t->to || chmod(path, 0600) != 0) {
        log_warn("import: %s cannot be written: %s", path, strerror(errno));
        if (t->to) fclose(t->to);
        return BROKEN;
    }
    t->used[SHEET_DISPLAY_NAME] = true; /* a table has a column */
    buf_add_z(&t->out, "\xef\xbb\xbf");
    headers(t);
    return OK;
}

static void flush(struct sheet_table *t) {
    struct str s = buf_str(&t->out);
    if (s.n) fwrite(s.p, 1, s.n, t->to); /* ferror tells at the end */
    t->out.n = 0;
}

void sheet_table_add(struct sheet_table *t, struct sheet_row *row) {
    bool first = true;
    for (int i = 0; i < SHEET_COLUMNS_N; i++)
        if (t->used[i]) {
            cell(t, first, row->cells[i]);
            first = false;
        }
    for (int i = 0; i < t->phones_n; i++) {
        cell(t, first, row->phones[i].number);
        first = false;
        cell(t, first, row->phones[i].kind);
        if (t->exts) cell(t, first, row->phones[i].ext);
    }
    for (int i = 0; i < t->emails_n; i++) {
        cell(t, false, row->emails[i].email);
        cell(t, false, row->emails[i].kind);
    }
    for (int i = 0; i < t->addresses_n; i++)
        for (int k = 0; k < PARTS_N; k++)
            if (t->parts[k]) cell(t, false, row->addresses[i].v[k]);
    buf_add_z(&t->out, "\r\n");
    t->rows_n++;
    if (t->out.n > FLUSH) flush(t);
}

enum status sheet_table_end(struct sheet_table *t) {
    flush(t);
    buf_free(&t->out);
    bool bad = ferror(t->to) != 0;
    if (fclose(t->to) == 0 && !bad) return OK;
    log_warn("import: the table of a file cannot be written: %s", strerror(errno));
    return BROKEN;
}

void sheet_fault_add(struct arena *a, struct sheet_faults *faults, int64_t line, const char *text,
                     struct str what) {
    faults->total++;
    if (faults->n == FAULTS_MAX) return;
    if (!faults->v) faults->v = arena_array(a, struct sheet_fault, FAULTS_MAX);
    faults->v[faults->n++] = (struct sheet_fault){ line, text, str_dup(a, what) };
}
