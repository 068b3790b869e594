/* index.html and book/: a list and a sheet for each client, to be opened and searched from disk.
 * The list comes in short rows, folded for search; the sheets in parts of 400 numbers, read when
 * somebody opens one. Called as steps by whole.c; calls book.html, lib/text/fold. */
#include "core/entity/history.h"
#include "core/entity/record_json.h"
#include "core/entity/store.h"
#include "core/web/assets.h"
#include "features/export/book.h"
#include "features/export/book.html.h"
#include "features/category/category.h"
#include "features/export/whole.h"
#include "features/party/party.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"

SQL(whole_notes,
    "SELECT id, party, text, private, created_at, created_by FROM note WHERE deleted_at IS NULL "
    "AND party >= :first AND party <= :last ORDER BY party, id");
SQL(whole_bonds, "SELECT person, organisation, role, job_title, from_date, until_date FROM bond "
                 "WHERE deleted_at IS NULL AND ((person >= :first AND person <= :last) "
                 "OR (organisation >= :first AND organisation <= :last)) ORDER BY id");
SQL(whole_files,
    "SELECT v.attachment, v.position, v.name, a.party, "
    "(SELECT max(n.position) FROM attachment_version n WHERE n.attachment = v.attachment) AS "
    "newest FROM attachment a JOIN attachment_version v ON v.attachment = a.id "
    "WHERE a.deleted_at IS NULL AND a.party >= :first AND a.party <= :last "
    "ORDER BY a.party, a.id, v.position DESC");
SQL(whole_photo_names, "SELECT p.id, f.name FROM party p JOIN file f ON f.id = p.photo "
                       "WHERE p.id >= :first AND p.id <= :last");

/* --- the frame --- */

struct str whole_asset(const char *name) {
    for (const struct asset *a = assets_all; a->name; a++)
        if (strcmp(a->name, name) == 0) return a->raw;
    BUG("no static file %s", name);
}

static void index_page(struct ctx *c, struct buf *out) {
    struct book_page v = { .lang = lang_code(c->loc->lang),
                           .dir = lang_rtl(c->loc->lang) ? "rtl" : "ltr",
                           .firm = c->firm.name };
    struct out o = { .b = *out, .loc = c->loc };
    book_index(&o, &v);
    *out = o.b;
}

/* What book.js says, and the labels of fields, in all four languages. */
static const char *const said[] = {
    N_("Search clients"),
    N_("Name, phone, organisation…"),
    N_("Language"),
    N_("Print"),
    N_("Show more"),
    N_("Loading…"),
    N_("Clients:"),
    N_("Nothing found"),
    N_("yes"),
    N_("All clients"),
    N_("Relationships"),
    N_("Notes"),
    N_("Private"),
    N_("Files"),
    N_("Tags"),
    N_("Taken out:"),
    N_("These pages work without a server: csv opens in a spreadsheet, json holds every record, "
       "files holds what was attached."),
};

static void say(struct json_out *w, const struct locale *l, const char *text) {
    jw_key(w, text);
    jw_str(w, str_of(tr(l, text)));
}

static void say_as(struct json_out *w, const char *text, const char *shown) {
    jw_key(w, text);
    jw_str(w, str_of(shown));
}

static void say_fields(struct json_out *w, const struct locale *l, const struct entity *e,
                       struct map *seen) {
    struct ctx reader = { .loc = l };
    for (int i = 0; i < e->fields_n; i++) {
        const struct choice *k = e->fields[i].choices;
        struct str label = str_of(e->fields[i].label);
        if (!map_get(seen, label)) say_as(w, label.p, field_label(&reader, &e->fields[i]));
        *map_at(seen, label) = seen;
        for (; k && k->code; k++) {
            if (!map_get(seen, str_of(k->label)))
                say_as(w, k->label, choice_label(&reader, &e->fields[i], k));
            *map_at(seen, str_of(k->label)) = seen;
        }
    }
}

static void texts(struct ctx *c, struct json_out *w) {
    jw_object(w);
    for (int lang = 0; lang < LANG_N; lang++) {
        struct map seen = map_new(c->arena);
        struct locale l = { .lang = (enum lang)lang, .word = c->loc->word };
        jw_key(w, lang_code(l.lang));
        jw_object(w);
        for (int i = 0; i < COUNT(said); i++) {
            say(w, &l, said[i]);
            *map_at(&seen, str_of(said[i])) = &seen;
        }
        say_fields(w, &l, entity_now(c, &entity_party), &seen);
        for (int i = 0; i < entity_party.manys_n; i++) {
            const struct many *m = &entity_party.manys[i];
            if (!map_get(&seen, str_of(m->label))) say(w, &l, m->label);
            *map_at(&seen, str_of(m->label)) = &seen;
            say_fields(w, &l, m->child, &seen);
        }
        jw_end(w);
    }
    jw_end(w);
}

static void fields_of(struct ctx *c, struct json_out *w, const char *name, const struct entity *e) {
    jw_key(w, name);
    jw_array(w);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (!field_readable(c, f) || strcmp(f->name, "display_name") == 0) continue;
        jw_object(w);
        jw_key(w, "name"), jw_str(w, str_of(f->name));
        jw_key(w, "label"), jw_str(w, str_of(f->label));
        jw_key(w, "kind"), jw_str(w, str_of(f->kind->name));
        jw_key(w, "ltr"), jw_bool(w, f->kind->ltr);
        if (f->ref) jw_key(w, "ref"), jw_str(w, str_of(f->ref->name));
        if (f->choices) {
            jw_key(w, "choices");
            jw_object(w);
            for (const struct choice *k = f->choices; k->code; k++)
                jw_key(w, k->code), jw_str(w, str_of(k->label));
            jw_end(w);
        }
        jw_end(w);
    }
    jw_end(w);
}

static void texts_js(struct ctx *c, struct buf *out) {
    struct json_out w = { .b = out };
    buf_add_z(out, "window.book = { texts: ");
    texts(c, &w);
    buf_add_z(out, ",\nfields: ");
    w = (struct json_out){ .b = out };
    jw_object(&w);
    fields_of(c, &w, "party", entity_now(c, &entity_party));
    for (int i = 0; i < entity_party.manys_n; i++)
        fields_of(c, &w, entity_party.manys[i].name, entity_party.manys[i].child);
    jw_end(&w);
    buf_add_z(out, ",\nlists: ");
    w = (struct json_out){ .b = out };
    jw_object(&w);
    for (int i = 0; i < entity_party.manys_n; i++) {
        jw_key(&w, entity_party.manys[i].name);
        jw_str(&w, str_of(entity_party.manys[i].label));
    }
    jw_end(&w);
    buf_add_z(out, " };\n");
}

enum status whole_book_frame(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    static const char *const files[] = { "book.css", "book.js", "vazirmatn-arabic.woff2",
                                         "vazirmatn-latin.woff2", "vazirmatn-latin-ext.woff2" };
    int i = w->at.sub++;
    if (i < COUNT(files)) {
        p->entry = str_printf(c->arena, "book/%s", files[i]);
        buf_add(&p->out, whole_asset(files[i]));
    } else if (i == COUNT(files)) {
        p->entry = S("index.html");
        index_page(c, &p->out);
    } else {
        p->entry = S("book/data/texts.js");
        texts_js(c, &p->out);
        *done = true;
    }
    return OK;
}

/* --- the list --- */

static void add_words(struct ctx *c, struct buf *b, struct str text) {
    if (!text.n) return;
    struct strs words;
    int n = fold_words(c->arena, text, &words);
    for (int i = 0; i < n; i++) {
        buf_add_c(b, ' ');
        buf_add(b, words.v[i]);
    }
}

/* Every word that finds him, folded, a space before each. */
static struct str found_by(struct ctx *c, const struct party *p) {
    struct buf b = { .arena = c->arena };
    for (int i = 0; i < entity_party.fields_n; i++) {
        const struct field *f = &entity_party.fields[i];
        if (f->is & SEARCHED && !f->kind->is_int) add_words(c, &b, field_get(f, p).s);
    }
    for (int i = 0; i < p->phones.n; i++) {
        add_words(c, &b, fold_digits(c->arena, p->phones.v[i].number));
        add_words(c, &b, fold_digits(c->arena, p->phones.v[i].e164));
        add_words(c, &b, phone_shown(c->arena, &p->phones.v[i], c->firm.country));
    }
    for (int i = 0; i < p->emails.n; i++) add_words(c, &b, p->emails.v[i].email);
    for (int i = 0; i < p->addresses.n; i++) {
        add_words(c, &b, p->addresses.v[i].town);
        add_words(c, &b, p->addresses.v[i].postcode);
    }
    return buf_str(&b);
}

static void list_row(struct ctx *c, struct json_out *w, const struct party *p) {
    struct str phone =
        p->phones.n ? phone_shown(c->arena, &p->phones.v[0], c->firm.country) : NO_STR;
    jw_array(w);
    jw_int(w, p->row.id);
    jw_str(w, p->display_name);
    jw_str(w, p->category ? entity_title(c, &entity_category, p->category) : NO_STR);
    jw_str(w, phone);
    jw_str(w, p->addresses.n ? p->addresses.v[0].town : NO_STR);
    jw_str(w, found_by(c, p));
    jw_end(w);
}

enum status whole_book_list(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t *ids = arena_array(c->arena, int64_t, WHOLE_LIST_ROWS);
    void *rows;
    int n, rows_n;
    TRY(whole_ids(c, &entity_party, false, &w->at.after, ids, WHOLE_LIST_ROWS, &n));
    *done = n == 0;
    if (n == 0) return OK;
    TRY(store_load_all(c, &entity_party, ids, n, &rows, &rows_n));
    struct json_out out = { .b = &p->out };
    p->entry = str_printf(c->arena, "book/data/list-%lld.js", (long long)w->at.lists_n++);
    buf_add_z(&p->out, "book.list(");
    jw_array(&out);
    for (int i = 0; i < rows_n; i++) list_row(c, &out, (const struct party *)rows + i);
    jw_end(&out);
    buf_add_z(&p->out, ");\n");
    return OK;
}

/* --- the sheets --- */

struct around { /* what belongs to the clients of one part */
    struct rows notes, bonds, files, photos;
};

static void write_notes(struct ctx *c, struct json_out *w, const struct rows *r, int64_t id) {
    jw_key(w, "notes");
    jw_array(w);
    for (int i = 0; i < r->n; i++) {
        if (row_int(r, i, "party") != id) continue;
        jw_object(w);
        jw_key(w, "text"), jw_str(w, row_str(r, i, "text"));
        jw_key(w, "private"), jw_bool(w, row_int(r, i, "private") != 0);
        jw_key(w, "at"), jw_str(w, instant_iso(c->arena, row_int(r, i, "created_at")));
        jw_key(w, "who"), jw_int(w, row_int(r, i, "created_by"));
        jw_end(w);
    }
    jw_end(w);
}

static void write_bonds(struct ctx *c, struct json_out *w, const struct rows *r, int64_t id) {
    static const char *const texts_of[][2] = { { "role", "role" },
                                               { "job_title", "job_title" },
                                               { "from", "from_date" },
                                               { "until", "until_date" } };
    jw_key(w, "bonds");
    jw_array(w);
    for (int i = 0; i < r->n; i++) {
        int64_t person = row_int(r, i, "person"), firm = row_int(r, i, "organisation");
        if (person != id && firm != id) continue;
        int64_t other = person == id ? firm : person;
        jw_object(w);
        jw_key(w, "id"), jw_int(w, other);
        jw_key(w, "name"), jw_str(w, entity_title(c, &entity_party, other));
        for (int k = 0; k < COUNT(texts_of); k++)
            if (!row_null(r, i, texts_of[k][1]))
                jw_key(w, texts_of[k][0]), jw_str(w, row_str(r, i, texts_of[k][1]));
        jw_end(w);
    }
    jw_end(w);
}

static void write_file(struct json_out *w, struct str name, struct str path) {
    jw_object(w);
    jw_key(w, "name"), jw_str(w, name);
    jw_key(w, "path"), jw_str(w, path);
    jw_end(w);
}

static void write_files(struct ctx *c, struct json_out *w, const struct around *x, int64_t id) {
    jw_key(w, "files");
    jw_array(w);
    for (int i = 0; i < x->photos.n; i++)
        if (row_int(&x->photos, i, "id") == id) {
            struct str name = row_str(&x->photos, i, "name");
            write_file(w, name, whole_file_path(c, id, name, 0, 0, true));
        }
    for (int i = 0; i < x->files.n; i++) {
        const struct rows *r = &x->files;
        if (row_int(r, i, "party") != id) continue;
        int64_t position = row_int(r, i, "position");
        struct str name = row_str(r, i, "name");
        write_file(w, name,
                   whole_file_path(c, id, name, row_int(r, i, "attachment"), position + 1,
                                   position == row_int(r, i, "newest")));
    }
    jw_end(w);
}

static enum status read_around(struct ctx *c, int64_t first, int64_t last, struct around *x) {
    TRY(db_query(c->tx, &whole_notes, &x->notes, P("first", first), P("last", last)));
    TRY(db_query(c->tx, &whole_bonds, &x->bonds, P("first", first), P("last", last)));
    TRY(db_query(c->tx, &whole_photo_names, &x->photos, P("first", first), P("last", last)));
    TRY(db_query(c->tx, &whole_files, &x->files, P("first", first), P("last", last)));
    int64_t *ids = arena_array(c->arena, int64_t, 2 * x->bonds.n + 1);
    for (int i = 0; i < x->bonds.n; i++) {
        ids[2 * i] = row_int(&x->bonds, i, "person");
        ids[2 * i + 1] = row_int(&x->bonds, i, "organisation");
    }
    return x->bonds.n ? entity_titles(c, &entity_party, ids, 2 * x->bonds.n) : OK;
}

enum status whole_book_clients(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t ids[WHOLE_ROWS];
    struct around x;
    void *rows;
    int n, rows_n, mine = 0;
    TRY(whole_ids(c, &entity_party, false, &w->at.after, ids, WHOLE_ROWS, &n));
    *done = n == 0;
    if (n == 0) return OK;
    int64_t part = ids[0] / WHOLE_ROWS, last = (part + 1) * WHOLE_ROWS - 1;
    while (mine < n && ids[mine] <= last) mine++;
    w->at.after = ids[mine - 1];
    TRY(store_load_all(c, &entity_party, ids, mine, &rows, &rows_n));
    TRY(read_around(c, ids[0], ids[mine - 1], &x));
    struct json_out out = { .b = &p->out };
    p->entry = str_printf(c->arena, "book/data/clients-%lld.js", (long long)part);
    buf_add_z(&p->out, "book.clients(");
    jw_object(&out);
    for (int i = 0; i < rows_n; i++) {
        const struct party *one = (const struct party *)rows + i;
        jw_key_str(&out, str_printf(c->arena, "%lld", (long long)one->row.id));
        jw_object(&out);
        jw_key(&out, "record");
        record_json(c, &out, &entity_party, one);
        write_notes(c, &out, &x.notes, one->row.id);
        write_bonds(c, &out, &x.bonds, one->row.id);
        write_files(c, &out, &x, one->row.id);
        jw_end(&out);
    }
    jw_end(&out);
    buf_add_z(&p->out, ");\n");
    return OK;
}

/* --- names, and what the page must know of the whole --- */

static enum status names_of(struct ctx *c, struct json_out *w, const struct entity *e) {
    int64_t ids[WHOLE_ROWS], after = 0;
    int n;
    jw_key(w, e->name);
    jw_object(w);
    do {
        TRY(whole_ids(c, e, false, &after, ids, WHOLE_ROWS, &n));
        TRY(entity_titles(c, e, ids, n));
        for (int i = 0; i < n; i++) {
            jw_key_str(w, str_printf(c->arena, "%lld", (long long)ids[i]));
            jw_str(w, entity_title(c, e, ids[i]));
        }
    } while (n);
    jw_end(w);
    return OK;
}

enum status whole_book_names(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    const struct registry *all = entity_registry();
    struct json_out out = { .b = &p->out };
    p->entry = S("book/data/names.js");
    buf_add_z(&p->out, "book.names = ");
    jw_object(&out);
    for (int i = 0; i < all->n; i++)
        if (!all->entities[i]->party_column && !all->entities[i]->indexed &&
            !all->entities[i]->one_row)
            TRY(names_of(c, &out, all->entities[i]));
    jw_end(&out);
    buf_add_z(&p->out, ";\nbook.made = ");
    out = (struct json_out){ .b = &p->out };
    jw_object(&out);
    jw_key(&out, "firm"), jw_str(&out, c->firm.name);
    jw_key(&out, "at"), jw_str(&out, instant_iso(c->arena, c->now_ms));
    jw_key(&out, "language"), jw_str(&out, str_of(lang_code(c->loc->lang)));
    jw_key(&out, "alphabet"), jw_str(&out, c->firm.alphabet);
    jw_key(&out, "calendar"), jw_str(&out, str_of(calendar_code(c->loc->calendar)));
    jw_key(&out, "digits"), jw_str(&out, str_of(digits_code(c->loc->digits)));
    jw_key(&out, "zone"), jw_str(&out, zone_name(c->loc->zone));
    jw_key(&out, "lists"), jw_int(&out, w->at.lists_n);
    jw_key(&out, "clients"), jw_int(&out, w->at.clients_n);
    jw_key(&out, "part"), jw_int(&out, WHOLE_ROWS);
    jw_end(&out);
    buf_add_z(&p->out, ";\n");
    *done = true;
    return OK;
}
