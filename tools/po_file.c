/* The .po reader and writer of po_file.h. Called by poc (po to C) and poscan (sources to po). */
#include "po_file.h"

#include <errno.h>

int po_forms_n(struct str lang) {
    static const struct {
        const char *lang;
        int n;
    } forms[] = { { "en", 2 }, { "fr", 3 }, { "fa", 2 }, { "ar", 6 } };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_eq_z(lang, forms[i].lang)) return forms[i].n;
    return 0;
}

_Noreturn static void stop(const char *path, int line, const char *text) {
    fprintf(stderr, "%s:%d: error: %s\n", path, line, text);
    exit(1);
}

struct str po_slurp(struct arena *a, const char *path, bool *found) {
    FILE *f = fopen(path, "rb");
    *found = f != NULL;
    if (!f && errno != ENOENT) stop(path, 0, "cannot be read");
    if (!f) return NO_STR;
    struct buf b = { .arena = a };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){ piece, n });
    fclose(f);
    return buf_str(&b);
}

void po_spew(const char *path, struct str s) {
    FILE *f = fopen(path, "wb");
    if (!f || (s.n && fwrite(s.p, 1, s.n, f) != s.n) || fclose(f) != 0)
        stop(path, 0, "cannot be written");
}

/* The text between the quotes of a line, added to *to. */
static void add_string(struct arena *a, const char *path, int line, struct str s, struct str *to) {
    s = str_trim(s);
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
        stop(path, line, "a text in quotes expected");
    s = str_sub(s, 1, s.n - 2);
    struct buf b = { .arena = a };
    buf_add(&b, *to);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"') stop(path, line, "a quote within a text is written \\\"");
        if (c == '\\') {
            if (++i == s.n) stop(path, line, "a text ends in a backslash");
            c = s.p[i];
            if (c == 'n')
                c = '\n';
            else if (c == 't')
                c = '\t';
            else if (c != '"' && c != '\\')
                stop(path, line, "only \\n \\t \\\" \\\\");
        }
        if (c == 0) stop(path, line, "NUL in a text");
        buf_add_c(&b, c);
    }
    *to = buf_str(&b);
}

static struct str lang_of_path(const char *path) {
    struct str s = str_of(path);
    ptrdiff_t slash;
    while ((slash = str_find_c(s, '/')) >= 0) s = str_sub(s, (size_t)slash + 1, s.n);
    return str_ends(s, S(".po")) ? str_sub(s, 0, s.n - 3) : s;
}

struct reader {
    struct arena *arena;
    struct po_file *po;
    struct po_entry *e; /* being read */
    struct po_entry **last;
    struct str *into; /* where a line that is only a text goes on */
    bool has_id;
    int line;
};

static void finish(struct reader *r) {
    struct po_entry *e = r->e;
    if (r->has_id && e->id.n == 0) {
        r->po->header = e->text[0];
    } else if (r->has_id) {
        if (map_get(&r->po->by_id, e->id))
            stop(r->po->path, e->line, "this msgid stands here twice");
        *map_at(&r->po->by_id, e->id) = e;
        *r->last = e;
        r->last = &e->next;
    }
    r->e = arena_new_of(r->arena, struct po_entry);
    r->has_id = false;
    r->into = NULL;
}

static bool keyword(struct reader *r, struct str line, const char *word, struct str *into) {
    struct str w = str_of(word);
    if (!str_starts(line, w)) return false;
    struct str rest = str_sub(line, w.n, line.n);
    if (!rest.n || (rest.p[0] != ' ' && rest.p[0] != '"')) return false;
    add_string(r->arena, r->po->path, r->line, rest, into);
    r->into = into;
    return true;
}

static void comment(struct reader *r, struct str line) {
    if (r->has_id) finish(r);
    if (str_starts(line, S("#~"))) return; /* obsolete */
    if (str_starts(line, S("#,"))) {
        r->e->fuzzy = str_find(line, S("fuzzy")) >= 0;
        return;
    }
    struct str *to = str_starts(line, S("#:")) ? &r->e->places : &r->e->comments;
    *to = str_printf(r->arena, "%.*s%.*s\n", SF(*to), SF(line));
}

static void read_line(struct reader *r, struct str line) {
    struct po_entry *e = r->e;
    if (str_starts(line, S("msgid ")) && r->has_id) finish(r), e = r->e;
    if (line.n == 0) {
        if (r->has_id) finish(r);
    } else if (line.p[0] == '#') {
        comment(r, line);
    } else if (line.p[0] == '"' && r->into) {
        add_string(r->arena, r->po->path, r->line, line, r->into);
    } else if (keyword(r, line, "msgid", &e->id)) {
        r->has_id = true;
        e->line = r->line;
    } else if (keyword(r, line, "msgid_plural", &e->plural) ||
               keyword(r, line, "msgstr", &e->text[0])) {
        return;
    } else {
        int form = 0;
        char word[24];
        for (; form < PO_FORMS_MAX; form++) {
            snprintf(word, sizeof word, "msgstr[%d]", form);
            if (keyword(r, line, word, &e->text[form])) return;
        }
        stop(r->po->path, r->line, "not a line of a .po file");
    }
}

struct po_file po_read(struct arena *a, const char *path) {
    struct po_file po = { .path = path, .lang = lang_of_path(path), .by_id = map_new(a) };
    po.forms_n = po_forms_n(po.lang);
    if (!po.forms_n)
        stop(path, 0, "a file of po/ is named after its language: fr.po, fa.po, ar.po");
    bool found;
    struct str rest = po_slurp(a, path, &found), line;
    if (!utf8_valid(rest)) stop(path, 1, "not UTF-8");
    struct reader r = { .arena = a, .po = &po, .last = &po.first };
    r.e = arena_new_of(a, struct po_entry);
    while (str_cut(&rest, '\n', &line)) {
        r.line++;
        read_line(&r, str_trim(line));
    }
    finish(&r);
    return po;
}

bool po_done(const struct po_file *po, const struct po_entry *e) {
    if (e->fuzzy) return false;
    for (int i = 0; i < (e->plural.n ? po->forms_n : 1); i++)
        if (!e->text[i].n) return false;
    return true;
}

void po_put_string(struct buf *b, struct str s) {
    buf_add_c(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n')
            buf_add_z(b, "\\n");
        else if (c == '\t')
            buf_add_z(b, "\\t");
        else if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else
            buf_add_c(b, c);
    }
    buf_add_c(b, '"');
}

static void put_keyword(struct buf *b, const char *word, struct str s) {
    buf_printf(b, "%s ", word);
    po_put_string(b, s);
    buf_add_c(b, '\n');
}

static void put_entry(struct buf *b, const struct po_file *po, const struct po_entry *e) {
    buf_add_c(b, '\n');
    buf_add(b, e->comments);
    buf_add(b, e->places);
    if (e->fuzzy) buf_add_z(b, "#, fuzzy\n");
    put_keyword(b, "msgid", e->id);
    if (!e->plural.n) {
        put_keyword(b, "msgstr", e->text[0]);
        return;
    }
    put_keyword(b, "msgid_plural", e->plural);
    for (int i = 0; i < po->forms_n; i++) {
        char word[24];
        snprintf(word, sizeof word, "msgstr[%d]", i);
        put_keyword(b, word, e->text[i]);
    }
}

void po_write(const struct po_file *po) {
    struct buf b = { 0 };
    buf_add_z(&b, "msgid \"\"\nmsgstr \"\"\n");
    struct str rest = po->header, line;
    while (str_cut(&rest, '\n', &line)) {
        if (!line.n) continue;
        po_put_string(&b, line);
        b.n -= 1; /* the line feed goes inside the quotes */
        buf_add_z(&b, "\\n\"\n");
    }
    for (const struct po_entry *e = po->first; e; e = e->next) put_entry(&b, po, e);
    po_spew(po->path, buf_str(&b));
    buf_free(&b);
}
