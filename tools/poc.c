/* The translation compiler: poc OUT.c PO… makes the sorted table of lib/locale/catalogue.h.
 * Called by the Makefile for po/fr.po, po/fa.po and po/ar.po. A text that is missing, empty, half
 * translated or fuzzy is NULL there: English is shown. Mistakes of syntax end with FILE:LINE. */
#include "lib/locale/locale.h"
#include "po_file.h"

struct row {
    struct str id, plural;
    const struct po_entry *text[LANG_N];
};

static int by_id(const void *a, const void *b) {
    return str_cmp(((const struct row *)a)->id, ((const struct row *)b)->id);
}

static void put_c_string(struct buf *b, struct str s) {
    buf_add_c(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\' || c == '?')
            buf_printf(b, "\\%c", c);
        else if (c < 0x20)
            buf_printf(b, "\\%03o", c);
        else
            buf_add_c(b, (char)c);
    }
    buf_add_c(b, '"');
}

/* As lib/locale/catalogue.c: what stands before a bar without blank or brace before it. */
static struct str without_context(struct str id) {
    for (size_t i = 0; i < id.n && id.p[i] != ' ' && id.p[i] != '{'; i++)
        if (i && id.p[i] == '|') return str_sub(id, i + 1, id.n);
    return id;
}

static void put_pseudo(struct buf *b, struct str id) {
    struct buf text = { 0 };
    buf_add_z(&text, "⟦");
    buf_add(&text, without_context(id));
    buf_add_z(&text, "⟧");
    put_c_string(b, buf_str(&text));
    buf_free(&text);
}

static void put_form_end(struct buf *b, bool last) {
    if (!last) buf_add_z(b, " \"\\0\" ");
}

static void put_row(struct buf *b, const struct row *r, const struct po_file *pos,
                    const int *po_of) {
    buf_add_z(b, "    { ");
    put_c_string(b, r->id);
    buf_add_z(b, ", { NULL");
    for (int lang = LANG_EN + 1; lang < LANG_N; lang++) {
        const struct po_entry *e = r->text[lang];
        buf_add_z(b, ", ");
        if (!e || !po_done(&pos[po_of[lang]], e) || !str_eq(e->plural, r->plural)) {
            buf_add_z(b, "NULL");
            continue;
        }
        int n = r->plural.n ? pos[po_of[lang]].forms_n : 1;
        for (int i = 0; i < n; i++) {
            put_c_string(b, e->text[i]);
            put_form_end(b, i + 1 == n);
        }
    }
    buf_add_z(b, ", ");
    put_pseudo(b, r->id);
    if (r->plural.n) {
        put_form_end(b, false);
        put_pseudo(b, r->plural);
    }
    buf_printf(b, " }, %s },\n", r->plural.n ? "true" : "false");
}

static int lang_index(struct str code) {
    static const char *const codes[LANG_N] = { "en", "fr", "fa", "ar" };
    for (int i = 0; i < LANG_N; i++)
        if (str_eq_z(code, codes[i])) return i;
    BUG("po_read let %.*s through", SF(code));
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: poc OUT.c PO…\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct po_file *pos = arena_array(a, struct po_file, argc);
    struct map rows = map_new(a);
    int po_of[LANG_N] = { 0 };
    for (int i = 2; i < argc; i++) {
        struct po_file *po = &pos[i - 2];
        *po = po_read(a, argv[i]);
        int lang = lang_index(po->lang);
        po_of[lang] = i - 2;
        for (const struct po_entry *e = po->first; e; e = e->next) {
            void **at = map_at(&rows, e->id);
            struct row *r = *at ? *at : arena_new_of(a, struct row);
            *at = r;
            r->id = e->id;
            if (e->plural.n) r->plural = e->plural;
            r->text[lang] = e;
        }
    }
    struct row *sorted = arena_array(a, struct row, rows.n + 1);
    for (int i = 0; i < rows.n; i++) sorted[i] = *(struct row *)rows.v[i].value;
    if (rows.n) qsort(sorted, (size_t)rows.n, sizeof *sorted, by_id);
    struct buf b = { .arena = a };
    buf_add_z(&b, "/* Made by poc from the .po files. */\n#include \"lib/locale/catalogue.h\"\n\n"
                  "const struct catalogue_entry catalogue_entries[] = {\n");
    for (int i = 0; i < rows.n; i++) put_row(&b, &sorted[i], pos, po_of);
    buf_printf(&b, "    { \"\", { NULL }, false },\n};\nconst int catalogue_entries_n = %d;\n",
               rows.n);
    po_spew(argv[1], buf_str(&b));
    arena_free(a);
    return 0;
}
