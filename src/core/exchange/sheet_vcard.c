/* A file of vCards as a table (sheet.h), in two walks with one card in memory: the first counts
 * columns and learns who is in which group, the second writes. Called by the import; calls
 * sheet_card.c for one card and lib/text/vcard for reading. */
#include <errno.h>
#include <unistd.h>

#include "core/exchange/sheet_card.h"
#include "lib/base/log.h"
#include "lib/locale/number.h"
#include "lib/text/charset.h"

enum { KEYS_MAX = 30, STRANGE_MAX = 1 << 16 };

struct sheet_member { /* who a group names */
    struct str *tags;
    int tags_n;
    int64_t line; /* of the first group that names him */
    bool met;
};

static const char *const fault_texts[VCARD_FAULTS_N] = {
    [VCARD_NO_LINE] = N_("This is no line of a vCard and was left out: {what}"),
    [VCARD_TOO_LONG] = N_("The value of {what} is too long and was left out."),
    [VCARD_TOO_MANY] = N_("The card is too big; from {what} on it was left out."),
    [VCARD_NOT_CLOSED] = N_("The end of this card is missing. What there is was taken."),
    [VCARD_OUTSIDE] = N_("This text stands between the cards and was left out: {what}"),
    [VCARD_BAD_CHARSET] = N_("There is no encoding “{what}”."),
    [VCARD_BAD_BYTES] = N_("Some characters of {what} could not be read."),
};

void sheet_cards_begin(struct sheet_cards *k, const struct ctx *c, struct box *b,
                       const char *out_path, struct sheet_faults *faults) {
    *k = (struct sheet_cards){
        .c = c, .box = b, .a = arena_new(), .faults = faults, .photo_path = out_path
    };
    k->groups = map_new(k->a);
    k->countries = map_new(k->a);
}

void sheet_cards_end(struct sheet_cards *k) {
    buf_free(&k->strange);
    arena_free(k->a);
}

static void fault(struct sheet_cards *k, int64_t line, const char *text, struct str what) {
    if (k->writing) sheet_fault_add(k->c->arena, k->faults, line, text, what);
}

/* --- groups --- */

static void add_member(struct sheet_cards *k, struct str uri, struct str tag, int64_t line) {
    struct str key = sheet_card_key(k->a, uri);
    struct sheet_member **m = (struct sheet_member **)map_at(&k->groups, key);
    if (!*m) *m = arena_new_of(k->a, struct sheet_member);
    struct sheet_member *one = *m;
    if (!one->line) one->line = line;
    if (one->tags_n == LIMIT_MANY_N) return;
    one->tags = arena_grow(k->a, one->tags, (size_t)one->tags_n * sizeof *one->tags,
                           (size_t)(one->tags_n + 1) * sizeof *one->tags);
    one->tags[one->tags_n++] = tag;
}

static void read_group(struct sheet_cards *k, struct arena *a, const struct vcard *card,
                       int64_t line) {
    static const char *const names[] = { "MEMBER", "X-ADDRESSBOOKSERVER-MEMBER" };
    const struct vcard_prop *p;
    struct str tag = str_dup(k->a, sheet_card_group_name(a, card));
    if (k->writing && k->members_n >= LIMIT_VCARD_MEMBERS_N)
        fault(k, line, N_("The groups have too many members; some of “{what}” were left out."),
              tag);
    if (k->writing || !tag.n) return;
    for (int i = 0; i < COUNT(names); i++)
        for (int at = 0; (p = vcard_find(card, names[i], &at));)
            if (k->members_n++ < LIMIT_VCARD_MEMBERS_N) add_member(k, vcard_text(a, p), tag, line);
}

static struct strs tags_of(struct sheet_cards *k, struct arena *a, const struct vcard *card) {
    struct str keys[KEYS_MAX];
    struct strs tags = { arena_array(a, struct str, LIMIT_MANY_N + 1), 0 };
    int n = k->groups.n ? sheet_card_keys(a, card, keys, KEYS_MAX) : 0;
    for (int i = 0; i < n; i++) {
        struct sheet_member *m = map_get(&k->groups, keys[i]);
        if (!m) continue;
        m->met = true;
        for (int t = 0; t < m->tags_n && tags.n < LIMIT_MANY_N; t++) tags.v[tags.n++] = m->tags[t];
    }
    return tags;
}

void sheet_cards_missing(struct sheet_cards *k) {
    for (int i = 0; i < k->groups.n; i++) {
        const struct sheet_member *m = k->groups.v[i].value;
        if (!m->met && m->tags_n)
            fault(k, m->line, N_("The group “{what}” names somebody who is not in the file."),
                  m->tags[0]);
    }
}

/* --- one card --- */

static void tell_faults(struct sheet_cards *k, const struct vcard *card, int64_t before) {
    int kept = card->faults_n < 100 ? card->faults_n : 100;
    for (int i = 0; i < kept; i++)
        fault(k, before + card->faults[i].line, fault_texts[card->faults[i].kind],
              card->faults[i].what);
    if (k->writing) k->faults->total += card->faults_n - kept;
}

static void read_photo(struct sheet_cards *k, struct arena *a, const struct vcard_prop *p,
                       int64_t before, struct sheet_row *row) {
    struct str type, data;
    const char *why = NULL;
    switch (vcard_data(a, p, &type, &data)) {
    case VCARD_DATA_NONE: return;
    case VCARD_DATA_URI: why = N_("The photo lies on the web and was not fetched: {what}"); break;
    case VCARD_DATA_BAD:
        data = NO_STR;
        why = N_("The photo cannot be read.");
        break;
    case VCARD_DATA_BYTES:
        if (!k->writing)
            row->cells[SHEET_PHOTO] = S("-"); /* only measured: it has one */
        else if (!sheet_photo_cell(k, a, data, &row->cells[SHEET_PHOTO]))
            why = N_("The photo cannot be read.");
        break;
    }
    if (why) fault(k, before + p->line, why, data);
}

static void finish(struct sheet_cards *k, struct sheet_row *row, int64_t line,
                   sheet_row_taken *taken, void *arg) {
    if (!sheet_row_end(row)) {
        fault(k, line, N_("The card is empty."), NO_STR);
        return;
    }
    if (row->note_cut)
        fault(k, line, N_("The note is longer than {what} characters; its end was left out."),
              number_show(k->c->arena, k->c->loc, SHEET_NOTE_MAX));
    taken(arg, row);
}

static void read_card(struct sheet_cards *k, struct arena *a, const struct vcard *card,
                      int64_t before, struct sheet_card *to, sheet_row_taken *taken, void *arg) {
    if (sheet_card_is_group(card)) {
        read_group(k, a, card, before + card->line);
        return;
    }
    struct strs tags = tags_of(k, a, card);
    sheet_card_read(k->c, a, card, &tags, &k->countries, to);
    if (to->photo) read_photo(k, a, to->photo, before, &to->row);
    if (to->left)
        fault(k, before + to->left->line, N_("{what} has no place here and was left out."),
              to->left->name);
    finish(k, &to->row, before + card->line, taken, arg);
    if (to->has_contact) finish(k, &to->contact, before + card->line, taken, arg);
}

enum status sheet_cards_walk(struct sheet_cards *k, struct csv_source from, int64_t line,
                             sheet_row_taken *taken, void *arg) {
    struct vcard_reader *r = vcard_open(from, k->fallback);
    struct arena *a = arena_new();
    struct sheet_card *to = calloc(1, sizeof *to);
    struct vcard card;
    enum vcard_event e;
    if (!to) BUG("out of memory");
    do {
        e = vcard_next(r, a, &card);
        tell_faults(k, &card, line - 1);
        if (e == VCARD_CARD) read_card(k, a, &card, line - 1, to, taken, arg);
        arena_reset(a);
    } while (e == VCARD_CARD);
    if (!k->fallback && k->strange.n < STRANGE_MAX) buf_add(&k->strange, vcard_strange(r));
    vcard_close(r);
    arena_free(a);
    free(to);
    return e == VCARD_UNREADABLE ? BROKEN : OK;
}

bool sheet_cards_settle(struct sheet_cards *k) {
    if (!k->strange.n || k->fallback) return false;
    k->fallback = charset_guess(buf_str(&k->strange)).name;
    k->groups = map_new(k->a);
    k->members_n = 0;
    return true;
}

/* --- a file of them --- */

struct file_walk {
    struct sheet_cards cards;
    struct sheet_table table;
    const char *path;
};

static void measure(void *arg, struct sheet_row *row) {
    struct file_walk *w = arg;
    sheet_measure(&w->table, row);
}

static void write_row(void *arg, struct sheet_row *row) {
    struct file_walk *w = arg;
    sheet_table_add(&w->table, row);
}

static enum status walk(struct file_walk *w, sheet_row_taken *taken) {
    FILE *f = fopen(w->path, "rb");
    if (!f) {
        log_warn("import: %s cannot be read: %s", w->path, strerror(errno));
        return BROKEN;
    }
    enum status s = sheet_cards_walk(&w->cards, csv_from_file(f), 1, taken, w);
    fclose(f);
    return s;
}

static enum status convert(struct file_walk *w, const char *out_path) {
    TRY(walk(w, measure));
    if (sheet_cards_settle(&w->cards)) {
        memset(&w->table, 0, sizeof w->table);
        TRY(walk(w, measure));
    }
    w->table.used[SHEET_TAGS] |= w->cards.groups.n > 0;
    w->cards.writing = true;
    TRY(sheet_table_begin(&w->table, out_path));
    enum status s = walk(w, write_row), end = sheet_table_end(&w->table);
    sheet_cards_missing(&w->cards);
    return s != OK ? s : end;
}

enum status sheet_from_vcard(struct ctx *c, struct box *b, const char *in_path,
                             const char *out_path, struct sheet_faults *faults, int64_t *rows_n) {
    struct file_walk *w = calloc(1, sizeof *w);
    if (!w) BUG("out of memory");
    *faults = (struct sheet_faults){ 0 };
    w->path = in_path;
    sheet_cards_begin(&w->cards, c, b, out_path, faults);
    enum status s = convert(w, out_path);
    *rows_n = w->table.rows_n;
    if (s == OK && *rows_n == 0)
        s = ctx_problem(c, S("file"), N_("There is no contact in this file."));
    if (s != OK) unlink(out_path);
    sheet_cards_end(&w->cards);
    free(w);
    return s;
}
