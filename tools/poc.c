/* The translation compiler: poc OUT.c WORDS PO… makes the sorted table of lib/locale/catalogue.h.
 * Called by the Makefile for po/fr.po, po/fa.po and po/ar.po. Each text that speaks of clients is
 * said once more with each other word, by the rules of po/words.txt (forms.h). A text that is
 * missing, empty, half translated or fuzzy is NULL there: English is shown. Mistakes of syntax end
 * with FILE:LINE. */
#include "forms.h"
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

static void put_pseudo(struct buf *b, struct str id) {
    struct buf text = { 0 };
    buf_add_z(&text, "⟦");
    buf_add(&text, forms_without_context(id));
    buf_add_z(&text, "⟧");
    put_c_string(b, buf_str(&text));
    buf_free(&text);
}

static void put_form_end(struct buf *b, bool last) {
    if (!last) buf_add_z(b, " \"\\0\" ");
}

/* The texts of a row in one language, as they stand in the .po; how many, 0: not translated. */
static int texts_of(const struct row *r, int lang, const struct po_file *pos, const int *po_of,
                    struct str to[PO_FORMS_MAX]) {
    const struct po_entry *e = r->text[lang];
    if (lang == LANG_EN) {
        to[0] = forms_without_context(r->id);
        to[1] = forms_without_context(r->plural);
        return r->plural.n ? 2 : 1;
    }
    if (!e || !po_done(&pos[po_of[lang]], e) || !str_eq(e->plural, r->plural)) return 0;
    int n = r->plural.n ? pos[po_of[lang]].forms_n : 1;
    for (int i = 0; i < n; i++) to[i] = e->text[i];
    return n;
}

/* One text with one word, if that changes any of its forms. */
static bool put_said(struct buf *b, struct forms *f, const struct row *r, int lang, int word,
                     const struct str *texts, int n) {
    struct str said[PO_FORMS_MAX];
    bool changed = false;
    for (int i = 0; i < n; i++) {
        said[i] = forms_say(f, (enum lang)lang, (enum client_word)word, r->id, i, texts[i]);
        changed |= !str_eq(said[i], texts[i]);
    }
    if (!changed) return false;
    buf_printf(b, "        [%d][%d] = ", word, lang);
    for (int i = 0; i < n; i++) {
        put_c_string(b, said[i]);
        put_form_end(b, i + 1 == n);
    }
    buf_add_z(b, ",\n");
    return true;
}

/* The table of what this text is with other words; false: it does not speak of clients. */
static bool put_words(struct buf *to, struct forms *f, const struct row *r, int at,
                      const struct po_file *pos, const int *po_of) {
    struct buf b = { 0 };
    bool any = false;
    for (int lang = 0; lang < LANG_N; lang++) {
        struct str texts[PO_FORMS_MAX];
        int n = texts_of(r, lang, pos, po_of, texts);
        for (int word = WORD_CLIENT + 1; word < WORD_N; word++)
            any |= put_said(&b, f, r, lang, word, texts, n);
    }
    if (any)
        buf_printf(to, "static const struct catalogue_said said_%d = { {\n%.*s} };\n", at,
                   SF(buf_str(&b)));
    buf_free(&b);
    return any;
}

static void put_row(struct buf *b, const struct row *r, const struct po_file *pos, const int *po_of,
                    int said) {
    buf_add_z(b, "    { ");
    put_c_string(b, r->id);
    buf_add_z(b, ", { NULL");
    for (int lang = LANG_EN + 1; lang < LANG_N; lang++) {
        struct str texts[PO_FORMS_MAX];
        int n = texts_of(r, lang, pos, po_of, texts);
        buf_add_z(b, n ? ", " : ", NULL");
        for (int i = 0; i < n; i++) {
            put_c_string(b, texts[i]);
            put_form_end(b, i + 1 == n);
        }
    }
    buf_add_z(b, ", ");
    put_pseudo(b, r->id);
    if (r->plural.n) {
        put_form_end(b, false);
        put_pseudo(b, r->plural);
    }
    buf_add_z(b, " }, ");
    if (said >= 0)
        buf_printf(b, "&said_%d", said);
    else
        buf_add_z(b, "NULL");
    buf_printf(b, ", %s },\n", r->plural.n ? "true" : "false");
}

static int lang_index(struct str code) {
    static const char *const codes[LANG_N] = { "en", "fr", "fa", "ar" };
    for (int i = 0; i < LANG_N; i++)
        if (str_eq_z(code, codes[i])) return i;
    BUG("po_read let %.*s through", SF(code));
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: poc OUT.c WORDS PO…\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct po_file *pos = arena_array(a, struct po_file, argc);
    struct map rows = map_new(a);
    int po_of[LANG_N] = { 0 };
    struct forms *forms = forms_read(a, argv[2]);
    for (int i = 3; i < argc; i++) {
        struct po_file *po = &pos[i - 3];
        *po = po_read(a, argv[i]);
        int lang = lang_index(po->lang);
        po_of[lang] = i - 3;
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
    buf_add_z(&b, "/* Made by poc from the .po files. */\n#include \"lib/locale/catalogue.h\"\n\n");
    struct buf table = { .arena = a };
    for (int i = 0; i < rows.n; i++) {
        bool said = put_words(&b, forms, &sorted[i], i, pos, po_of);
        put_row(&table, &sorted[i], pos, po_of, said ? i : -1);
    }
    buf_add_z(&b, "\nconst struct catalogue_entry catalogue_entries[] = {\n");
    buf_add(&b, buf_str(&table));
    buf_printf(&b,
               "    { \"\", { NULL }, NULL, false },\n};\nconst int catalogue_entries_n = %d;\n",
               rows.n);
    po_spew(argv[1], buf_str(&b));
    arena_free(a);
    return 0;
}
