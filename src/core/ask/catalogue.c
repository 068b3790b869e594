/* What may be asked, made from the tables of entities for one reader: fields of clients and of
 * their child lists, computed ones, relations and their fields; and by which words of four
 * languages each is called. Called by everything in core/ask and by pages; calls entity tables,
 * catalogue_words.c and the fold. */
#include "core/ask/catalogue.h"

#include "core/ask/catalogue_in.h"
#include "core/ask/words.h"
#include "core/entity/history.h"
#include "core/entity/own.h"
#include "lib/text/fold.h"

struct entry { /* a field with what only the catalogue knows of it */
    struct ask_field f;
    const struct relation *of;
    bool prefixed;   /* of a child list, and shown with the list's name before it */
    struct str word; /* as it is written; empty: not asked yet */
};
struct set { /* fields of clients, or of one relation */
    const struct relation *of;
    const struct ask_field **v; /* each is an entry */
    int n, cap;
    struct map called; /* folded word → struct called; made when it is first asked for */
};
struct called {
    const struct ask_field *field, *sounds; /* sounds: behind '~' */
    int rank, sounds_rank;
};
struct ask_catalogue {
    struct ctx *c;
    const struct relation **relations;
    int relations_n;
    struct set *sets; /* clients, then each relation */
    struct map relation_called;
    const struct ask_segments *segments;
    struct ask_words *words; /* of the grammar; made when they are first asked for */
};

/* --- which fields --- */

static bool type_of(const struct field *f, enum ask_type *out) {
    static const struct {
        const struct kind *kind;
        enum ask_type type;
    } types[] = {
        { &kind_text, ASK_TEXT },    { &kind_area, ASK_TEXT },       { &kind_email, ASK_TEXT },
        { &kind_phone, ASK_TEXT },   { &kind_url, ASK_TEXT },        { &kind_choice, ASK_CODE },
        { &kind_choices, ASK_CODE }, { &kind_ref, ASK_CODE },        { &kind_language, ASK_CODE },
        { &kind_country, ASK_CODE }, { &kind_zone, ASK_CODE },       { &kind_yesno, ASK_YESNO },
        { &kind_int, ASK_NUMBER },   { &kind_number, ASK_NUMBER },   { &kind_money, ASK_MONEY },
        { &kind_date, ASK_DATE },    { &kind_instant, ASK_INSTANT },
    };
    for (int i = 0; i < COUNT(types); i++)
        if (f->kind == types[i].kind) {
            *out = types[i].type;
            return true;
        }
    return false;
}

static bool askable(const struct ctx *c, const struct field *f) {
    return !(f->is & (SYSTEM | DERIVED | REMOVED)) && field_readable(c, f);
}

static struct entry *add(struct ask_catalogue *k, struct set *s, struct ask_field f) {
    struct arena *a = k->c->arena;
    struct entry *e = arena_new_of(a, struct entry);
    if (s->n == s->cap) {
        int cap = s->cap ? s->cap * 2 : 64;
        s->v = arena_grow(a, s->v, (size_t)s->cap * sizeof *s->v, (size_t)cap * sizeof *s->v);
        s->cap = cap;
    }
    *e = (struct entry){ .f = f, .of = s->of };
    s->v[s->n++] = &e->f;
    return e;
}

static void add_fields(struct ask_catalogue *k, struct set *s, const struct entity *e) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        enum ask_type type;
        bool whose = s->of && e->party_column && !strcmp(f->name, e->party_column);
        if (whose || !askable(k->c, f) || !type_of(f, &type)) continue;
        add(k, s,
            (struct ask_field){
                .name = f->name, .label = f->label, .also = f->also, .type = type, .field = f });
    }
}

/* Does another list of the entity, or the entity itself, have a field of this name? */
static bool shared(const struct entity *e, const struct many *m, const struct field *f) {
    if (entity_field(e, str_of(f->name))) return true;
    for (int i = 0; i < e->manys_n; i++)
        if (&e->manys[i] != m && entity_field(e->manys[i].child, str_of(f->name))) return true;
    return false;
}

/* phones.number is "phone", addresses.town "town", relatives.birth_date "relative_birth_date". */
static void add_children(struct ask_catalogue *k, struct set *s, const struct entity *e) {
    struct arena *a = k->c->arena;
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        bool main_one = true;
        for (int j = 0; j < m->child->fields_n; j++) {
            const struct field *f = &m->child->fields[j];
            struct str list = str_sub(str_of(m->name), 0, strlen(m->name) - 1);
            enum ask_type type;
            if (!askable(k->c, f) || !type_of(f, &type)) continue;
            bool main = (f->is & REQUIRED) && main_one, prefixed = !main && shared(e, m, f);
            const char *name = main ? str_z(a, list) : f->name;
            if (prefixed) name = str_printf(a, "%s_%s", m->child->name, f->name).p;
            struct ask_field made = { .name = name,
                                      .label = f->label,
                                      .type = type,
                                      .also = main && m->also ? m->also : f->also,
                                      .field = f,
                                      .many = m };
            add(k, s, made)->prefixed = prefixed || (main && strchr(f->label, '|'));
            main_one &= !main;
        }
    }
}

static void add_computed(struct ask_catalogue *k, struct set *s, const struct entity *party) {
    const struct field *born = entity_field(party, S("birth_date"));
    add(k, s,
        (struct ask_field){ .name = "created",
                            .label = N_("Added on"),
                            .type = ASK_INSTANT,
                            .from = ASK_FROM_ROW,
                            .column = "created_at" });
    add(k, s,
        (struct ask_field){ .name = "changed",
                            .label = N_("Last change"),
                            .type = ASK_INSTANT,
                            .from = ASK_FROM_ROW,
                            .column = "changed_at" });
    if (born && askable(k->c, born)) {
        add(k, s,
            (struct ask_field){ .name = "birthday",
                                .label = N_("Birthday"),
                                .type = ASK_ANNUAL,
                                .from = ASK_FROM_ANNUAL,
                                .field = born });
        add(k, s,
            (struct ask_field){ .name = "age",
                                .label = N_("Age"),
                                .type = ASK_NUMBER,
                                .from = ASK_FROM_AGE,
                                .field = born });
    }
    for (int i = 0; i < k->relations_n; i++) {
        const struct relation *r = k->relations[i];
        struct arena *a = k->c->arena;
        if (!r->date || !r->first || !r->latest) continue;
        add(k, s,
            (struct ask_field){ .name = str_printf(a, "first_%s", r->entity->name).p,
                                .label = r->first,
                                .also = r->first_also,
                                .type = ASK_DATE,
                                .from = ASK_FROM_FIRST,
                                .relation = r });
        add(k, s,
            (struct ask_field){ .name = str_printf(a, "last_%s", r->entity->name).p,
                                .label = r->latest,
                                .also = r->latest_also,
                                .type = ASK_DATE,
                                .from = ASK_FROM_LATEST,
                                .relation = r });
    }
    add(k, s,
        (struct ask_field){ .name = "name",
                            .label = N_("Name in any script"),
                            .type = ASK_NAME,
                            .from = ASK_FROM_NOWHERE });
}

struct ask_catalogue *ask_catalogue_of(struct ctx *c, const struct relation *const *relations,
                                       int relations_n) {
    struct ask_catalogue *k = arena_new_of(c->arena, struct ask_catalogue);
    const struct entity *party = entity_now(c, registry_find(entity_registry(), S("party")));
    k->c = c;
    k->segments = ask_segments();
    k->relations = arena_array(c->arena, const struct relation *, relations_n + 1);
    for (int i = 0; i < relations_n; i++)
        if (ctx_may(c, relations[i]->entity->may_read))
            k->relations[k->relations_n++] = relations[i];
    k->sets = arena_array(c->arena, struct set, k->relations_n + 1);
    add_fields(k, &k->sets[0], party);
    add_children(k, &k->sets[0], party);
    add_computed(k, &k->sets[0], party);
    for (int i = 0; i < k->relations_n; i++) {
        struct set *s = &k->sets[i + 1];
        s->of = k->relations[i];
        add_fields(k, s, entity_now(c, s->of->entity));
    }
    c->asked = k;
    return k;
}

const struct relation *const *ask_relations(struct arena *a, int *n) {
    for (*n = 0; ask_relation_at(*n); ++*n) {
    }
    const struct relation **all = arena_array(a, const struct relation *, *n + 1);
    for (int i = 0; i < *n; i++) all[i] = ask_relation_at(i);
    return all;
}

const struct ask_catalogue *ask_catalogue(struct ctx *c) {
    int n;
    if (c->asked) return c->asked;
    const struct relation *const *all = ask_relations(c->arena, &n);
    return ask_catalogue_of(c, all, n);
}

void ask_catalogue_add(struct ask_catalogue *k, const struct ask_field *f) {
    add(k, &k->sets[0], *f);
}

void ask_catalogue_segments(struct ask_catalogue *k, const struct ask_segments *s) {
    k->segments = s;
}

const struct ask_segments *ask_catalogue_segments_of(const struct ask_catalogue *k) {
    return k->segments;
}

const struct ask_words *ask_words(struct ctx *c) {
    struct ask_catalogue *k = (struct ask_catalogue *)(uintptr_t)ask_catalogue(c);
    if (!k->words) k->words = ask_words_make(c->arena);
    return k->words;
}

/* --- by name --- */

static struct set *set_of(const struct ask_catalogue *k, const struct relation *of) {
    if (!of) return &k->sets[0];
    for (int i = 0; i < k->relations_n; i++)
        if (k->relations[i] == of) return &k->sets[i + 1];
    return NULL;
}

const struct ask_field *ask_field(const struct ask_catalogue *k, const struct relation *of,
                                  struct str name) {
    const struct set *s = set_of(k, of);
    for (int i = 0; s && i < s->n; i++)
        if (str_eq_z(name, s->v[i]->name)) return s->v[i];
    return NULL;
}

const struct relation *ask_relation(const struct ask_catalogue *k, struct str name) {
    for (int i = 0; i < k->relations_n; i++)
        if (str_eq_z(name, k->relations[i]->name)) return k->relations[i];
    return NULL;
}

int ask_fields(const struct ask_catalogue *k, const struct relation *of,
               const struct ask_field *const **out) {
    const struct set *s = set_of(k, of);
    *out = s ? s->v : NULL;
    return s ? s->n : 0;
}

int ask_relations_of(const struct ask_catalogue *k, const struct relation *const **out) {
    *out = k->relations;
    return k->relations_n;
}

/* --- by words --- */

/* Which of two things that share a word is meant: the smaller one's. */
enum rank {
    RANK_WORD,
    RANK_NAME,
    RANK_LABEL,
    RANK_WORD_ELSEWHERE,
    RANK_LABEL_ELSEWHERE,
    RANK_ALSO
};

struct naming { /* words being given to one field */
    struct arena *arena;
    struct map *map;
    const struct ask_field *field;
};

static void give(const struct naming *g, struct str word, enum rank rank) {
    struct str key = fold(g->arena, word);
    if (key.n == 0) return;
    struct called *at = map_get(g->map, key);
    if (!at) {
        *map_at(g->map, key) = at = arena_new_of(g->arena, struct called);
        *at = (struct called){ .rank = RANK_ALSO + 1, .sounds_rank = RANK_ALSO + 1 };
    }
    if (g->field->type == ASK_NAME) {
        if ((int)rank >= at->sounds_rank) return;
        at->sounds = g->field;
        at->sounds_rank = (int)rank;
    } else if ((int)rank < at->rank) {
        at->field = g->field;
        at->rank = (int)rank;
    }
}

static void give_all(const struct naming *g, const char *words, enum rank rank) {
    struct str rest = str_of(words), word;
    while (str_cut(&rest, ';', &word)) give(g, word, rank);
}

static const char *label_in(const struct ctx *c, const struct ask_field *f, enum lang lang) {
    const struct own_names *names = f->field ? f->field->names : NULL;
    if (!names || f->from != ASK_FROM_FIELD) return tr_as(lang, c->loc->word, f->label);
    return names->in[lang] ? names->in[lang] : names->main;
}

static void give_labels(const struct ask_catalogue *k, const struct naming *g, bool mine) {
    for (int lang = 0; lang < LANG_N; lang++) {
        if (((int)k->c->loc->lang == lang) != mine) continue;
        const struct entry *e = (const struct entry *)g->field;
        give_all(g, catalogue_words(e->of, e->f.name, (enum lang)lang),
                 mine ? RANK_WORD : RANK_WORD_ELSEWHERE);
        if (!e->prefixed)
            give(g, str_of(label_in(k->c, g->field, (enum lang)lang)),
                 mine ? RANK_LABEL : RANK_LABEL_ELSEWHERE);
    }
}

static void name_all(const struct ask_catalogue *k, struct set *s) {
    struct naming g = { .arena = k->c->arena, .map = &s->called };
    s->called = map_new(k->c->arena);
    for (int i = 0; i < s->n; i++) {
        g.field = s->v[i];
        give_labels(k, &g, true);
        give(&g, str_of(g.field->name), RANK_NAME);
        give_labels(k, &g, false);
        if (!((const struct entry *)g.field)->prefixed || g.field->many)
            give_all(&g, g.field->also, RANK_ALSO);
    }
}

static const struct called *called(const struct ask_catalogue *k, const struct relation *of,
                                   struct str folded) {
    struct set *s = set_of(k, of);
    if (!s) return NULL;
    if (!s->called.arena) name_all(k, s);
    return map_get(&s->called, folded);
}

const struct ask_field *catalogue_field(const struct ask_catalogue *k, const struct relation *of,
                                        struct str folded, bool sounds) {
    const struct called *found = called(k, of, folded);
    return !found ? NULL : sounds ? found->sounds : found->field;
}

const struct ask_field *ask_field_called(const struct ask_catalogue *k, const struct relation *of,
                                         struct str word) {
    const struct called *found = called(k, of, fold(k->c->arena, word));
    return !found ? NULL : found->field ? found->field : found->sounds;
}

const struct ask_field *ask_name_called(const struct ask_catalogue *k, struct str word) {
    return catalogue_field(k, NULL, fold(k->c->arena, word), true);
}

static void give_relation(const struct ask_catalogue *k, const struct relation *r,
                          const char *words) {
    struct map *m = &((struct ask_catalogue *)(uintptr_t)k)->relation_called;
    struct str rest = str_of(words), word;
    while (str_cut(&rest, ';', &word)) {
        struct str key = fold(k->c->arena, word);
        if (key.n && !map_get(m, key)) *map_at(m, key) = (void *)(uintptr_t)r;
    }
}

/* In the order of ranks: the first who is given a word has it. */
static void name_relations(struct ask_catalogue *k) {
    k->relation_called = map_new(k->c->arena);
    for (int rank = RANK_NAME; rank <= RANK_ALSO; rank++)
        for (int i = 0; i < k->relations_n; i++) {
            const struct relation *r = k->relations[i];
            if (rank == RANK_NAME) give_relation(k, r, r->name);
            if (rank == RANK_ALSO) give_relation(k, r, r->also);
            if (rank != RANK_LABEL && rank != RANK_LABEL_ELSEWHERE) continue;
            for (int lang = 0; lang < LANG_N; lang++)
                if (((int)k->c->loc->lang == lang) == (rank == RANK_LABEL))
                    give_relation(k, r, tr_as((enum lang)lang, k->c->loc->word, r->label));
        }
}

const struct relation *catalogue_relation(const struct ask_catalogue *k, struct str folded) {
    if (!k->relation_called.arena) name_relations((struct ask_catalogue *)(uintptr_t)k);
    return map_get(&k->relation_called, folded);
}

const struct relation *ask_relation_called(const struct ask_catalogue *k, struct str word) {
    return catalogue_relation(k, fold(k->c->arena, word));
}

int catalogue_fields_from(const struct ask_catalogue *k, const struct relation *of,
                          struct str folded, const struct ask_field **out, int max) {
    const struct set *s = set_of(k, of);
    int n = 0;
    called(k, of, S("x"));                           /* the words are made */
    for (int i = 0; s && i < s->n && n < max; i++) { /* in the order of the catalogue */
        bool found = folded.n == 0;
        for (int w = 0; !found && w < s->called.n; w++) {
            const struct called *one = s->called.v[w].value;
            found = (one->field == s->v[i] || one->sounds == s->v[i]) &&
                    str_starts(s->called.v[w].key, folded);
        }
        if (found) out[n++] = s->v[i];
    }
    return n;
}

int catalogue_relations_from(const struct ask_catalogue *k, struct str folded,
                             const struct relation **out, int max) {
    int n = 0;
    catalogue_relation(k, S("x"));
    for (int i = 0; i < k->relations_n && n < max; i++) {
        bool found = folded.n == 0;
        for (int w = 0; !found && w < k->relation_called.n; w++)
            found = k->relation_called.v[w].value == k->relations[i] &&
                    str_starts(k->relation_called.v[w].key, folded);
        if (found) out[n++] = k->relations[i];
    }
    return n;
}

/* --- how things are called --- */

/* Letters and digits of all scripts; what parts words is a hyphen. */
static bool parts(int32_t c) {
    if (c == 0x200C || c == '\'' || c == 0x2019) return false; /* ZWNJ and apostrophes stay */
    if (c < 0x80) return !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'));
    return (c >= 0xA0 && c < 0xC0) || c == 0x60C || c == 0x61B || c == 0x61F || c == 0x66A ||
           c == 0x66B || c == 0x66C || (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3020) ||
           (c >= 0xFF00 && c < 0xFF10) || c == 0xFFFD;
}

static int32_t lower(int32_t c) {
    if (c >= 'A' && c <= 'Z') return c | 32;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    return c == 0x152 ? 0x153 : c;
}

struct str catalogue_word_of(struct arena *a, struct str label) {
    struct buf b = { .arena = a };
    bool pending = false;
    while (label.n) {
        int32_t c = utf8_next(&label);
        if (parts(c)) {
            pending = b.n > 0;
            continue;
        }
        if (pending) buf_add_c(&b, '-');
        pending = false;
        buf_add_utf8(&b, lower(c));
    }
    return buf_str(&b);
}

struct str ask_field_shown(struct ctx *c, const struct ask_field *f) {
    const struct entry *e = (const struct entry *)f;
    bool own = f->field && f->field->names && f->from == ASK_FROM_FIELD;
    struct str label = str_of(own ? field_label(c, f->field) : T(c, f->label));
    if (!e->prefixed) return label;
    return str_printf(c->arena, "%s: %.*s", T(c, f->many->label), SF(label));
}

/* It would be read as a part of the grammar, or of the number before it («5 million»). */
static bool taken(struct ctx *c, const struct ask_field *f, struct str word) {
    struct ask_field money = { .type = ASK_MONEY };
    struct str number = str_printf(c->arena, "1 %.*s", SF(word));
    bool dated = f->type == ASK_DATE || f->type == ASK_INSTANT || f->type == ASK_ANNUAL;
    return ask_word_taken(c, fold(c->arena, word), dated) ||
           ask_number_called(c, &money, number, &number);
}

/* The first that leads back to the field: its word, its label, its name. */
struct str ask_field_word(struct ctx *c, const struct ask_field *f) {
    struct entry *e = (struct entry *)(uintptr_t)f;
    if (e->word.n) return e->word;
    const struct ask_catalogue *k = ask_catalogue(c);
    enum lang lang = c->loc->lang < LANG_N ? c->loc->lang : LANG_EN;
    struct str list = str_of(catalogue_words(e->of, f->name, lang)), tries[2] = { NO_STR, NO_STR };
    str_cut(&list, ';', &tries[0]);
    if (!e->prefixed) tries[1] = catalogue_word_of(c->arena, str_of(label_in(c, f, lang)));
    for (int i = 0; i < COUNT(tries) && !e->word.n; i++) {
        const struct called *found = tries[i].n ? called(k, e->of, fold(c->arena, tries[i])) : NULL;
        bool mine = found && (f->type == ASK_NAME ? found->sounds : found->field) == f;
        if (mine && !taken(c, f, tries[i])) e->word = tries[i];
    }
    if (!e->word.n) e->word = str_of(f->name);
    return e->word;
}

struct str ask_relation_word(struct ctx *c, const struct relation *r) {
    enum lang lang = c->loc->lang < LANG_N ? c->loc->lang : LANG_EN;
    struct str word = catalogue_word_of(c->arena, str_of(tr_as(lang, c->loc->word, r->label)));
    return ask_relation_called(ask_catalogue(c), word) == r ? word : str_of(r->name);
}
