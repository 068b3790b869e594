/* Reads po/words.txt and says a sentence with another word for client. Called by poc and poscan;
 * calls po_file.c for reading. A form is looked for at the beginnings of words, the longest first,
 * each place once, so that what was put in is never taken for something found. */
#include "forms.h"

#include "po_file.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
enum { FORMS_MAX = 400 };

struct form {
    struct str found, put[WORD_N]; /* put[w] empty: this form is not for that word */
    bool first;                    /* "^": only where a sentence begins */
    bool bound;                    /* "~": only before a word that it is bound to */
};
struct side {
    struct form v[FORMS_MAX];
    int n;
    struct strs stems[WORD_N]; /* of client, and of what a word would be taken for */
    struct strs plain, bound, prefixes;
};
struct forms {
    struct arena *arena;
    const char *path;
    struct side sides[LANG_N];
    struct map whole; /* "fa patient 0 msgid" → struct str * */
    struct map kept;  /* msgid → something */
};

_Noreturn static void stop(const struct forms *f, int line, const char *text) {
    fprintf(stderr, "%s:%d: error: %s\n", f->path, line, text);
    exit(1);
}

struct str forms_without_context(struct str id) {
    for (size_t i = 0; i < id.n && id.p[i] != ' ' && id.p[i] != '{'; i++)
        if (i && id.p[i] == '|') return str_sub(id, i + 1, id.n);
    return id;
}

/* --- The file --- */

static bool cut_trimmed(struct str *rest, char at, struct str *piece) {
    bool more = str_cut(rest, at, piece);
    *piece = str_trim(*piece);
    return more;
}

static void add_words(struct arena *a, struct strs *to, struct str rest) {
    struct str word, *v = arena_array(a, struct str, to->n + (int)rest.n + 1);
    for (int i = 0; i < to->n; i++) v[i] = to->v[i];
    to->v = v;
    while (cut_trimmed(&rest, ' ', &word))
        if (word.n) to->v[to->n++] = word;
}

static void add_form(struct forms *f, struct side *s, enum client_word only, int line,
                     struct str text) {
    struct str cell;
    if (s->n == FORMS_MAX) stop(f, line, "too many forms");
    struct form *to = &s->v[s->n++];
    *to = (struct form){ 0 };
    cut_trimmed(&text, '|', &to->found);
    to->first = str_starts(to->found, S("^"));
    if (to->first) to->found = str_sub(to->found, 1, to->found.n);
    to->bound = str_ends(to->found, S("~"));
    if (to->bound) to->found = str_sub(to->found, 0, to->found.n - 1);
    int n = 0;
    for (; cut_trimmed(&text, '|', &cell); n++) {
        int word = only ? (int)only : n + 1;
        if (!cell.n || word >= WORD_N || (only && n)) stop(f, line, "another number of forms");
        to->put[word] = cell;
    }
    if (!to->found.n || n != (only ? 1 : WORD_N - 1)) stop(f, line, "another number of forms");
}

static void add_whole(struct forms *f, struct str id, int line, struct str text) {
    struct str head, key[3] = { NO_STR, NO_STR, S("0") };
    if (!id.n) stop(f, line, "= and the English sentence must stand above");
    if (str_eq_z(text, "keep")) {
        *map_at(&f->kept, id) = f;
        return;
    }
    cut_trimmed(&text, '|', &head);
    for (int i = 0; i < 3 && head.n; i++) cut_trimmed(&head, ' ', &key[i]);
    enum lang lang;
    enum client_word word;
    if (!lang_of(key[0], &lang) || !client_word_of(key[1], &word) || !str_trim(text).n)
        stop(f, line, "LANGUAGE WORD [FORM] | SENTENCE expected");
    struct str *said = arena_new_of(f->arena, struct str);
    *said = str_trim(text);
    *map_at(&f->whole, str_printf(f->arena, "%.*s %.*s %.*s %.*s", SF(key[0]), SF(key[1]),
                                  SF(key[2]), SF(id))) = said;
}

static void add_line(struct forms *f, struct side *s, enum client_word only, int line,
                     struct str text) {
    static const char *const lists[] = { "stem ", "plain ", "bound ", "prefix " };
    struct strs *to[] = { &s->stems[only], &s->plain, &s->bound, &s->prefixes };
    for (int i = 0; i < COUNT(lists); i++)
        if (str_starts(text, str_of(lists[i]))) {
            add_words(f->arena, to[i], str_sub(text, strlen(lists[i]), text.n));
            return;
        }
    add_form(f, s, only, line, text);
}

struct forms *forms_read(struct arena *a, const char *path) {
    struct forms *f = arena_new_of(a, struct forms);
    *f = (struct forms){ .arena = a, .path = path, .whole = map_new(a), .kept = map_new(a) };
    bool found;
    struct str rest = po_slurp(a, path, &found), text, id = NO_STR;
    struct side *side = NULL;
    enum client_word only = WORD_CLIENT;
    if (!found) stop(f, 0, "cannot be read");
    for (int line = 1; str_cut(&rest, '\n', &text); line++) {
        text = str_trim(text);
        if (!text.n || text.p[0] == '#') continue;
        if (text.p[0] == '[' && str_ends(text, S("]"))) {
            struct str head = str_sub(text, 1, text.n - 2), code;
            enum lang lang;
            cut_trimmed(&head, ' ', &code);
            only = WORD_CLIENT;
            if (!lang_of(code, &lang) || (head.n && !client_word_of(str_trim(head), &only)))
                stop(f, line, "[LANGUAGE] or [LANGUAGE WORD] expected");
            side = &f->sides[lang];
            id = NO_STR;
        } else if (str_starts(text, S("= "))) {
            id = str_trim(str_sub(text, 2, text.n));
            side = NULL;
        } else if (side) {
            add_line(f, side, only, line, text);
        } else {
            add_whole(f, id, line, text);
        }
    }
    return f;
}

/* --- A sentence --- */

/* Letters of the three scripts, with what joins them within a word. */
static bool is_letter(int32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F) ||
           (c >= 0x620 && c <= 0x65F) || (c >= 0x66E && c <= 0x6D3) || c == 0x200C;
}

static int32_t letter_at(struct str s, size_t at) {
    struct str rest = str_sub(s, at, s.n);
    int32_t c = rest.n ? utf8_next(&rest) : -1;
    return c >= 0 && is_letter(c) ? c : 0;
}

static bool word_begins(struct str s, size_t at) {
    if (!letter_at(s, at)) return false;
    size_t before = at;
    while (before && ((unsigned char)s.p[before - 1] & 0xC0) == 0x80) before--;
    return !before || !letter_at(s, before - 1);
}

/* As written, or with a capital first letter. */
static bool stands_at(struct str s, size_t at, struct str form) {
    if (at + form.n > s.n || !form.n) return false;
    char first = s.p[at];
    if (first != form.p[0] && !(first >= 'A' && first <= 'Z' && (first | 32) == form.p[0]))
        return false;
    return !memcmp(s.p + at + 1, form.p + 1, form.n - 1) && !letter_at(s, at + form.n);
}

static bool sentence_begins(struct str s, size_t at) {
    struct str before = str_trim(str_sub(s, 0, at));
    static const char *const ends[] = { ".", ":", "؟", "؛", "»" };
    for (int i = 0; i < COUNT(ends); i++)
        if (str_ends(before, str_of(ends[i]))) return true;
    return !before.n;
}

/* The word behind one blank; empty at a sign, a {value} or the end. */
static struct str next_word(struct str s, size_t at) {
    if (at >= s.n || s.p[at] != ' ') return NO_STR;
    size_t end = ++at;
    while (end < s.n && letter_at(s, end)) {
        struct str rest = str_sub(s, end, s.n);
        (void)utf8_next(&rest);
        end = s.n - rest.n;
    }
    return str_sub(s, at, end - at);
}

static bool listed(const struct strs *list, struct str word) {
    for (int i = 0; i < list->n; i++) {
        struct str w = list->v[i];
        if (str_ends(w, S("*")) ? str_starts(word, str_sub(w, 0, w.n - 1)) : str_eq(w, word))
            return true;
    }
    return false;
}

/* Arabic says by the article that a noun is bound to the next one, Persian by nothing that is
 * written: there it is bound to whatever is not known to begin something else. */
static bool bound_to(const struct side *s, struct str word) {
    return word.n && (listed(&s->bound, word) || (s->plain.n && !listed(&s->plain, word)));
}

static const struct form *form_at(const struct side *s, enum client_word word, struct str text,
                                  size_t at) {
    const struct form *best = NULL;
    for (int i = 0; i < s->n; i++) {
        const struct form *f = &s->v[i];
        if (!f->put[word].n || !stands_at(text, at, f->found)) continue;
        if (f->first && !sentence_begins(text, at)) continue;
        if (f->bound && !bound_to(s, next_word(text, at + f->found.n))) continue;
        /* The one with more conditions wins among equals. */
        if (!best || f->found.n > best->found.n ||
            (f->found.n == best->found.n && f->first + f->bound >= best->first + best->bound))
            best = f;
    }
    return best;
}

static void put_form(struct buf *b, struct str put, bool capital) {
    if (capital && put.p[0] >= 'a' && put.p[0] <= 'z') {
        buf_add_c(b, (char)(put.p[0] & ~32));
        put = str_sub(put, 1, put.n);
    } else if (capital && str_starts(put, S("é"))) {
        buf_add_z(b, "É");
        put = str_sub(put, strlen("é"), put.n);
    }
    buf_add(b, put);
}

/* The form that begins at a word, behind prefixes written together with it ("و", "ب"…). */
static const struct form *form_behind(const struct side *s, enum client_word word, struct str text,
                                      size_t at, size_t *skipped) {
    const struct form *f = form_at(s, word, text, at);
    *skipped = 0;
    for (int i = 0; !f && i < s->prefixes.n; i++) {
        struct str prefix = s->prefixes.v[i];
        if (!str_starts(str_sub(text, at, text.n), prefix)) continue;
        f = form_at(s, word, text, at + prefix.n);
        *skipped = prefix.n;
    }
    return f;
}

/* erase: leaves the places empty. */
static struct str by_forms(struct forms *f, enum lang lang, enum client_word word, struct str text,
                           bool erase) {
    const struct side *s = &f->sides[lang];
    struct buf b = { .arena = f->arena };
    bool changed = false;
    for (size_t at = 0; at < text.n;) {
        size_t skipped;
        const struct form *form =
            word_begins(text, at) ? form_behind(s, word, text, at, &skipped) : NULL;
        if (!form) {
            buf_add_c(&b, text.p[at++]);
            continue;
        }
        buf_add(&b, str_sub(text, at, skipped));
        at += skipped;
        if (!erase) put_form(&b, form->put[word], text.p[at] >= 'A' && text.p[at] <= 'Z');
        at += form->found.n;
        changed = true;
    }
    return changed ? buf_str(&b) : text;
}

static const struct str *whole(struct forms *f, enum lang lang, enum client_word word,
                               struct str id, int form) {
    return map_get(&f->whole, str_printf(f->arena, "%s %s %d %.*s", lang_code(lang),
                                         client_word_code(word), form, SF(id)));
}

struct str forms_say(struct forms *f, enum lang lang, enum client_word word, struct str id,
                     int form, struct str text) {
    const struct str *said = whole(f, lang, word, id, form);
    if (map_get(&f->kept, id)) return text;
    return said ? *said : word ? by_forms(f, lang, word, text, false) : text;
}

/* --- What the file does not know --- */

static const char *unknown_bond(struct forms *f, enum lang lang, struct str id, int form,
                                struct str text) {
    const struct side *s = &f->sides[lang];
    if (!s->plain.n || whole(f, lang, WORD_MEMBER, id, form)) return NULL;
    for (int i = 0; i < s->n; i++) {
        if (!s->v[i].bound) continue;
        for (size_t at = 0; at < text.n; at++) {
            if (!word_begins(text, at) || !stands_at(text, at, s->v[i].found)) continue;
            struct str next = next_word(text, at + s->v[i].found.n);
            if (next.n && !listed(&s->plain, next) && !listed(&s->bound, next))
                return str_printf(f->arena,
                                  "is \"%.*s\" bound to \"%.*s\" (ezafe)? Add that word to the "
                                  "line \"bound\" or, if not, \"plain\" of [%s] in %s",
                                  SF(s->v[i].found), SF(next), lang_code(lang), f->path)
                    .p;
        }
    }
    return NULL;
}

/* "member", but not in "remember"; Arabic writes prefixes together with the word. */
static bool has_stem(struct str text, struct str stem) {
    for (size_t at = 0; at + stem.n <= text.n; at++)
        if (str_starts(str_sub(text, at, stem.n), stem) &&
            !(at && ((text.p[at - 1] | 32) >= 'a' && (text.p[at - 1] | 32) <= 'z')))
            return true;
    return false;
}

static const char *stays(struct forms *f, enum lang lang, enum client_word word,
                         const struct strs *stems, struct str said, const char *section) {
    for (int i = 0; i < stems->n; i++)
        if (has_stem(said, stems->v[i]))
            return str_printf(f->arena,
                              "a form of \"%.*s\" stays when clients are called %s. Write the form "
                              "as a line of [%s%s] in %s, or the whole sentence there under "
                              "\"= ...\"",
                              SF(stems->v[i]), client_word_code(word), lang_code(lang), section,
                              f->path)
                .p;
    return NULL;
}

const char *forms_fault(struct forms *f, enum lang lang, struct str id, int form, struct str text) {
    const struct side *s = &f->sides[lang];
    if (map_get(&f->kept, id)) return NULL;
    for (int k = WORD_CLIENT + 1; k < WORD_N; k++) {
        enum client_word word = (enum client_word)k;
        struct str said = forms_say(f, lang, word, id, form, text);
        const char *why = stays(f, lang, word, &s->stems[WORD_CLIENT], said, "");
        if (!why && !whole(f, lang, word, id, form))
            why = stays(f, lang, word, &s->stems[word], by_forms(f, lang, word, text, true),
                        k == WORD_MEMBER ? " member" : "");
        if (why) return why;
    }
    return unknown_bond(f, lang, id, form, text);
}
