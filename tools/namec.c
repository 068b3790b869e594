/* Makes the tables of given names: namec OUT.c PERSIAN.csv ARABIC.csv NICKNAMES.csv
 * Called by the Makefile; the tables are src/lib/text/name.h's name_table and those at the end of
 * src/lib/text/namekey_in.h. The Persian file has a name and its share in per cent; the Arabic one
 * a name, its sex, its usual Latin spelling, others with ; between them; the third one a name,
 * has_nickname, its short form. Names are stored folded. */
#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/text/csv.h"
#include "lib/text/fold.h"
#include "lib/text/name.h"
#include "lib/text/namekey_in.h"

enum { PAIRS_MOST = 20000 };

struct pair { /* of two numbers, or of a text and a number */
    struct str text;
    int x, y;
};
struct tables {
    struct arena *a;
    struct map names, nicknames; /* value: NAME_… and the share << 8; nothing */
    struct pair *families, *sounds, *pairs;
    int families_n, sounds_n, pairs_n;
    struct str *arabic; /* by family - 1 */
    int *final_yeh;
    int arabic_n;
    struct str (*short_of)[2]; /* shorter, longer */
};

_Noreturn static void stop(const char *path, const char *what) {
    fprintf(stderr, "namec: %s: %s\n", path, what);
    exit(1);
}

/* Hundredths of a per cent: "6.23%" is 623. */
static unsigned share_of(struct str share) {
    unsigned value = 0;
    for (size_t i = 0; i < share.n; i++)
        if (share.p[i] >= '0' && share.p[i] <= '9' && value < 10000)
            value = value * 10 + (unsigned)(share.p[i] - '0');
    return value;
}

/* A file row by row: each goes to add. */
static void read_rows(struct tables *t, const char *path,
                      void (*add)(struct tables *t, const struct csv_row *row)) {
    FILE *f = fopen(path, "rb");
    struct csv c;
    struct csv_row row;
    enum csv_event e;
    if (!f) stop(path, "cannot be read");
    csv_open(&c, csv_from_file(f), ',');
    csv_next(&c, &row); /* the headings */
    while ((e = csv_next(&c, &row)) == CSV_ROW)
        if (row.cells_n > 1) add(t, &row);
    if (e == CSV_BAD) stop(path, str_z(t->a, csv_why(t->a, &c.error)));
    csv_close(&c);
    fclose(f);
}

static void add_name(struct tables *t, struct str name, unsigned is, unsigned share) {
    struct str folded = fold(t->a, name);
    if (folded.n == 0) return;
    void **at = map_at(&t->names, folded);
    *at = (void *)(((uintptr_t)*at | is) + ((uintptr_t)share << 8));
}

/* Borne by one in 5,000 is common. */
static void add_persian(struct tables *t, const struct csv_row *row) {
    unsigned share = share_of(row->cells[1]);
    add_name(t, row->cells[0], NAME_PERSIAN | (share >= 2 ? NAME_COMMON : 0), share);
}

static void add_pair(struct pair *v, int *n, struct str text, int x, int y) {
    if (*n == PAIRS_MOST) stop("data/names", "too many names");
    v[(*n)++] = (struct pair){ text, x, y };
}

static void add_spelling(struct tables *t, struct str name, int family, int *final_yeh) {
    struct key_words w;
    key_words(t->a, name, NAMEKEY_PERSON, &w);
    if (w.n != 1) return;
    struct str text = str_dup(t->a, (struct str){ w.v[0].text, w.v[0].text_n });
    add_pair(t->families, &t->families_n, text, family, 0);
    if (w.v[0].script != SCRIPT_LATIN) return;
    if (str_ends(text, S("h"))) text.n--;
    if (text.n == 0) return;
    *final_yeh |= text.p[text.n - 1] == 'a' ? 1 : 2;
}

static void add_arabic(struct tables *t, const struct csv_row *row) {
    char keys[VARIANTS_MOST][SKELETON_MOST];
    struct key_words w;
    struct str name = str_dup(t->a, row->cells[0]), others = NO_STR, one;
    int family = t->arabic_n + 1, ends = 0;
    if (t->arabic_n == PAIRS_MOST) stop("data/names", "too many names");
    add_name(t, name, NAME_ARABIC | NAME_COMMON, 0);
    add_spelling(t, name, family, &ends);
    if (row->cells_n > 2) add_spelling(t, row->cells[2], family, &ends);
    if (row->cells_n > 3) others = row->cells[3];
    while (str_cut(&others, ';', &one)) add_spelling(t, one, family, &ends);
    key_words(t->a, name, NAMEKEY_PERSON, &w);
    if (w.n != 1) stop("the Arabic names", "one of them is not one word");
    struct reading *r = &w.v[0].reading[0];
    int n = skeletons(r, keys);
    for (int i = 0; i < n; i++)
        add_pair(t->sounds, &t->sounds_n, str_dup(t->a, str_of(keys[i])), family, 0);
    t->arabic[t->arabic_n] = name;
    bool yeh = r->n && r->v[r->n - 1] == YEH;
    t->final_yeh[t->arabic_n++] = !yeh ? 0 : ends == 1 ? MAQSURA : ends == 2 ? YEH_I : 0;
}

static void add_nickname(struct tables *t, const struct csv_row *row) {
    if (row->cells_n < 3) return;
    struct str longer = fold(t->a, row->cells[0]), shorter = fold(t->a, row->cells[2]);
    if (longer.n == 0 || shorter.n == 0 || t->pairs_n == PAIRS_MOST) return;
    map_at(&t->nicknames, longer);
    map_at(&t->nicknames, shorter);
    t->short_of[t->pairs_n][0] = shorter;
    t->short_of[t->pairs_n++][1] = longer;
}

static int by_name(const void *x, const void *y) {
    return str_cmp(((const struct map_entry *)x)->key, ((const struct map_entry *)y)->key);
}

static int by_pair(const void *x, const void *y) {
    const struct pair *a = x, *b = y;
    int c = str_cmp(a->text, b->text);
    return c ? c : a->x != b->x ? (a->x > b->x) - (a->x < b->x) : (a->y > b->y) - (a->y < b->y);
}

/* Sorts, and drops what is there twice. */
static void sort_pairs(struct pair *v, int *n) {
    int to = 0;
    qsort(v, (size_t)*n, sizeof *v, by_pair);
    for (int i = 0; i < *n; i++)
        if (to == 0 || by_pair(&v[to - 1], &v[i]) != 0) v[to++] = v[i];
    *n = to;
}

static int number_of(const struct map *m, struct str name) {
    for (int low = 0, high = m->n; low < high;) {
        int middle = (low + high) / 2, c = str_cmp(m->v[middle].key, name);
        if (c == 0) return middle + 1;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static void write_names(FILE *f, struct tables *t) {
    qsort(t->names.v, (size_t)t->names.n, sizeof *t->names.v, by_name);
    fprintf(f, "const struct name_entry name_table[] = {\n");
    for (int i = 0; i < t->names.n; i++) {
        unsigned value = (unsigned)(uintptr_t)t->names.v[i].value;
        fprintf(f, "    { \"%.*s\", %u, %u },\n", SF(t->names.v[i].key), value & 0xFF, value >> 8);
    }
    fprintf(f, "};\nconst int name_table_n = %d;\n\n", t->names.n);
}

static void write_families(FILE *f, struct tables *t) {
    sort_pairs(t->families, &t->families_n);
    sort_pairs(t->sounds, &t->sounds_n);
    fprintf(f, "const struct family_entry family_table[] = {\n");
    for (int i = 0; i < t->families_n; i++)
        fprintf(f, "    { \"%.*s\", %d },\n", SF(t->families[i].text), t->families[i].x);
    fprintf(f, "};\nconst int family_table_n = %d;\n\n", t->families_n);
    fprintf(f, "const struct family_sound family_sounds[] = {\n");
    for (int i = 0; i < t->sounds_n; i++)
        fprintf(f, "    { \"%.*s\", %d },\n", SF(t->sounds[i].text), t->sounds[i].x);
    fprintf(f, "};\nconst int family_sounds_n = %d;\n\n", t->sounds_n);
    fprintf(f, "const struct family_name family_names[] = {\n");
    for (int i = 0; i < t->arabic_n; i++)
        fprintf(f, "    { \"%.*s\", %d },\n", SF(t->arabic[i]), t->final_yeh[i]);
    fprintf(f, "};\nconst int family_names_n = %d;\n\n", t->arabic_n);
}

static void write_nicknames(FILE *f, struct tables *t) {
    qsort(t->nicknames.v, (size_t)t->nicknames.n, sizeof *t->nicknames.v, by_name);
    for (int i = 0; i < t->pairs_n; i++)
        t->pairs[i] = (struct pair){ S(""), number_of(&t->nicknames, t->short_of[i][0]),
                                     number_of(&t->nicknames, t->short_of[i][1]) };
    sort_pairs(t->pairs, &t->pairs_n);
    fprintf(f, "const char *const nickname_names[] = {\n");
    for (int i = 0; i < t->nicknames.n; i++)
        fprintf(f, "    \"%.*s\",\n", SF(t->nicknames.v[i].key));
    fprintf(f, "};\nconst int nickname_names_n = %d;\n\n", t->nicknames.n);
    fprintf(f, "const struct nickname_pair nickname_pairs[] = {\n");
    for (int i = 0; i < t->pairs_n; i++)
        fprintf(f, "    { %d, %d },\n", t->pairs[i].x, t->pairs[i].y);
    fprintf(f, "};\nconst int nickname_pairs_n = %d;\n", t->pairs_n);
}

int main(int argc, char **argv) {
    if (argc != 5) stop("usage", "namec OUT.c PERSIAN.csv ARABIC.csv NICKNAMES.csv");
    struct arena *a = arena_new();
    struct tables t = { .a = a, .names = map_new(a), .nicknames = map_new(a) };
    t.families = arena_array(a, struct pair, PAIRS_MOST);
    t.sounds = arena_array(a, struct pair, PAIRS_MOST);
    t.pairs = arena_array(a, struct pair, PAIRS_MOST);
    t.arabic = arena_array(a, struct str, PAIRS_MOST);
    t.final_yeh = arena_array(a, int, PAIRS_MOST);
    t.short_of = arena_alloc(a, PAIRS_MOST * sizeof *t.short_of);
    read_rows(&t, argv[2], add_persian);
    read_rows(&t, argv[3], add_arabic);
    read_rows(&t, argv[4], add_nickname);
    FILE *f = fopen(argv[1], "wb");
    if (!f) stop(argv[1], "cannot be written");
    fprintf(f, "/* Made by tools/namec.c from data/names. */\n#include \"lib/text/name.h\"\n"
               "#include \"lib/text/namekey_in.h\"\n\n");
    write_names(f, &t);
    write_families(f, &t);
    write_nicknames(f, &t);
    if (fclose(f) != 0) stop(argv[1], "cannot be written");
    arena_free(a);
    return 0;
}
