/* phonec OUT.c METADATA.json: turns the metadata of libphonenumber-js (metadata.max.json, version
 * 4) into the constant tables of src/lib/locale/phone_table.h. Run by the Makefile. The patterns
 * there use a small part of regular expressions (digits, \d, sets, groups, |, ?, {n}, {n,m}, $):
 * each becomes a program over digits, equal ones once. Anything else stops the build. */
#include <jansson.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/locale/phone.h"
#include "lib/locale/phone_table.h"

/* Places in a region's array, version 4 of the format. */
enum {
    CALLING,
    IDD,
    NUMBER,
    LENGTHS,
    FORMATS,
    TRUNK,
    RULE,
    PREFIX,
    CHANGE,
    OPTIONAL,
    LEADING,
    KINDS
};
/* And in a format's array. */
enum { F_PATTERN, F_NATIONAL, F_LEADING, F_RULE, F_OPTIONAL, F_INTERNATIONAL };

struct maker {
    struct arena *arena;
    uint16_t *code;
    size_t code_n, code_cap;
    struct map patterns; /* text to offset + 1 */
    struct buf formats, kinds, regions, shared;
    int formats_n, kinds_n, shared_n;
    json_t *countries;
};

_Noreturn static void die(const char *what, const char *detail) {
    fprintf(stderr, "phonec: %s: %s\n", what, detail);
    exit(1);
}

/* ---- patterns ---- */

struct source {
    struct maker *m;
    const char *whole, *p;
    int groups_n;
};

static size_t emit(struct maker *m, enum phone_op op, size_t argument) {
    if (argument >= 1 << 13) die("pattern too long", "jump");
    if (m->code_n == m->code_cap) {
        size_t cap = m->code_cap * 2 + 1024;
        m->code =
            arena_grow(m->arena, m->code, m->code_cap * sizeof *m->code, cap * sizeof *m->code);
        m->code_cap = cap;
    }
    m->code[m->code_n] = PHONE_OP(op, argument);
    return m->code_n++;
}

/* A split or jump written before its target was known. */
static void patch(struct maker *m, size_t at) {
    size_t distance = m->code_n - at;
    if (distance >= 1 << 13) die("pattern too long", "jump");
    m->code[at] |= (uint16_t)distance;
}

static void alternatives(struct source *s);

static unsigned set(struct source *s) {
    unsigned mask = 0;
    while (*s->p != ']') {
        char from = *s->p++, to = from;
        if (*s->p == '-') to = s->p[1], s->p += 2;
        if (from < '0' || to > '9' || from > to) die("bad set", s->whole);
        for (char c = from; c <= to; c++) mask |= 1u << (c - '0');
    }
    s->p++;
    return mask;
}

static void group(struct source *s) {
    bool captures = *s->p != '?';
    int k = 0;
    if (captures) {
        k = ++s->groups_n;
        if (k >= PHONE_GROUPS_N) die("too many groups", s->whole);
        emit(s->m, PHONE_SAVE, (size_t)k * 2);
    } else if (s->p[1] == ':') {
        s->p += 2;
    } else {
        die("unknown group", s->whole);
    }
    alternatives(s);
    if (*s->p++ != ')') die("group without end", s->whole);
    if (captures) emit(s->m, PHONE_SAVE, (size_t)k * 2 + 1);
}

static void atom(struct source *s) {
    char c = *s->p++;
    if (c >= '0' && c <= '9')
        emit(s->m, PHONE_SET, 1u << (c - '0'));
    else if (c == '\\' && *s->p == 'd')
        s->p++, emit(s->m, PHONE_SET, 0x3ff);
    else if (c == '[')
        emit(s->m, PHONE_SET, set(s));
    else if (c == '(')
        group(s);
    else if (c == '$')
        emit(s->m, PHONE_END, 0);
    else
        die("unknown sign in a pattern", s->whole);
}

static void quantifier(struct source *s, int *least, int *most) {
    *least = *most = 1;
    if (*s->p == '?') {
        s->p++;
        *least = 0;
    } else if (*s->p == '{') {
        int n = 0;
        if (sscanf(s->p, "{%d}%n", least, &n) == 1 && n)
            *most = *least;
        else if (sscanf(s->p, "{%d,%d}%n", least, most, &n) != 2 || !n)
            die("bad repeat", s->whole);
        s->p += n;
    }
    if (*s->p == '*' || *s->p == '+') die("unknown sign in a pattern", s->whole);
}

/* An atom with its repeats: the needed copies, then each further one may be the last. */
static void piece(struct source *s) {
    size_t code_before = s->m->code_n, skips[32];
    int groups_before = s->groups_n, least, most, skips_n = 0;
    const char *begin = s->p;
    atom(s);
    quantifier(s, &least, &most);
    const char *end = s->p;
    s->m->code_n = code_before;
    for (int i = 0; i < most; i++) {
        if (i >= least) {
            if (skips_n == 32) die("too many repeats", s->whole);
            skips[skips_n++] = emit(s->m, PHONE_SPLIT, 0);
        }
        s->groups_n = groups_before;
        s->p = begin;
        atom(s);
    }
    s->p = end;
    while (skips_n) patch(s->m, skips[--skips_n]);
}

static void alternatives(struct source *s) {
    size_t jumps[256];
    int jumps_n = 0;
    for (;;) {
        /* Whether another alternative follows is known only behind this one: look ahead. */
        int depth = 0;
        const char *q = s->p;
        for (; *q && (depth || (*q != '|' && *q != ')')); q++)
            depth += *q == '(' ? 1 : *q == ')' ? -1 : 0;
        bool more = *q == '|';
        size_t split = more ? emit(s->m, PHONE_SPLIT, 0) : 0;
        while (*s->p && *s->p != '|' && *s->p != ')') piece(s);
        if (!more) break;
        if (jumps_n == 256) die("too many alternatives", s->whole);
        jumps[jumps_n++] = emit(s->m, PHONE_JUMP, 0);
        patch(s->m, split);
        s->p++;
    }
    while (jumps_n) patch(s->m, jumps[--jumps_n]);
}

/* The offset of the program of a pattern; 0 for none. */
static uint32_t pattern(struct maker *m, const char *text) {
    if (!text || !*text) return 0;
    void **known = map_at(&m->patterns, str_dup(m->arena, str_of(text)));
    if (*known) return (uint32_t)(uintptr_t)*known;
    struct source s = { m, text, text, 0 };
    uintptr_t at = m->code_n;
    *known = (void *)at;
    alternatives(&s);
    if (*s.p) die("text behind a pattern", text);
    emit(m, PHONE_MATCH, 0);
    return (uint32_t)at;
}

/* ---- tables ---- */

/* The metadata writes 0 where it has nothing. */
static const char *text_at(const json_t *array, size_t i) {
    return json_string_value(json_array_get(array, i));
}

static void add_text(struct buf *b, const char *text) {
    if (!text) {
        buf_add_z(b, "0");
        return;
    }
    /* Format texts hold digits, $, punctuation: nothing that C would read otherwise but these. */
    if (strpbrk(text, "\"\\\n")) die("unexpected sign in a format", text);
    buf_printf(b, "\"%s\"", text);
}

static uint32_t lengths(const json_t *list) {
    uint32_t mask = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t n = json_integer_value(json_array_get(list, i));
        if (n < 1 || n > 17) die("unexpected length", "of a number");
        mask |= UINT32_C(1) << n;
    }
    return mask;
}

static void add_format(struct maker *m, const json_t *f, const char *region_rule) {
    const json_t *leading = json_array_get(f, F_LEADING);
    size_t n = json_array_size(leading);
    const char *national = text_at(f, F_NATIONAL), *international = text_at(f, F_INTERNATIONAL);
    const char *rule = text_at(f, F_RULE);
    if (!national) die("format without text", "");
    uint32_t leads = n ? pattern(m, text_at(leading, n - 1)) : 0;
    buf_printf(&m->formats, "    { %u, %u, ", pattern(m, text_at(f, F_PATTERN)), leads);
    add_text(&m->formats, national);
    buf_add_z(&m->formats, ", ");
    add_text(&m->formats, international ? international : national);
    buf_add_z(&m->formats, ", ");
    add_text(&m->formats, rule ? rule : region_rule);
    buf_add_z(&m->formats, " },\n");
    m->formats_n++;
}

/* Numbers that are not told apart are mobile or fixed: no or an empty pattern for mobile ones. */
static enum phone_type type_of(const json_t *kinds, size_t i) {
    const char *mobile = text_at(json_array_get(kinds, 1), 0);
    if (i == 0) return mobile && *mobile ? PHONE_FIXED : PHONE_FIXED_OR_MOBILE;
    return i == 1 ? PHONE_MOBILE : PHONE_OTHER;
}

static void add_kind(struct maker *m, const json_t *kinds, size_t i, uint32_t region_lengths) {
    const json_t *kind = json_array_get(kinds, i);
    const char *text = text_at(kind, 0);
    if (!text || !*text) return;
    uint32_t own = lengths(json_array_get(kind, 1));
    buf_printf(&m->kinds, "    { %u, 0x%x, %d },\n", pattern(m, text), own ? own : region_lengths,
               type_of(kinds, i));
    m->kinds_n++;
}

static void add_region(struct maker *m, const char *code, const json_t *r) {
    const char *calling = text_at(r, CALLING), *prefix = text_at(r, PREFIX);
    if (!calling || !text_at(r, NUMBER)) die("region without numbers", code);
    int formats_at = m->formats_n, kinds_at = m->kinds_n;
    uint32_t long_is = lengths(json_array_get(r, LENGTHS));
    size_t i;
    json_t *item;
    json_array_foreach(json_array_get(r, FORMATS), i, item) add_format(m, item, text_at(r, RULE));
    const json_t *kinds = json_array_get(r, KINDS);
    for (i = 0; i < json_array_size(kinds); i++) add_kind(m, kinds, i, long_is);
    buf_printf(&m->regions, "    { \"%s\", %s, %d, %d, %d, %d, %u, %u, 0x%x, %u, %u, ", code,
               calling, formats_at, m->formats_n - formats_at, kinds_at, m->kinds_n - kinds_at,
               pattern(m, text_at(r, IDD)), pattern(m, text_at(r, NUMBER)), long_is,
               pattern(m, prefix ? prefix : text_at(r, TRUNK)), pattern(m, text_at(r, LEADING)));
    add_text(&m->regions, text_at(r, CHANGE));
    buf_add_z(&m->regions, " },\n");
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **keys_of(struct maker *m, json_t *object, size_t *n) {
    const char **keys = arena_array(m->arena, const char *, json_object_size(object) + 1);
    const char *key;
    json_t *value;
    *n = 0;
    json_object_foreach(object, key, value) keys[(*n)++] = key;
    qsort(keys, *n, sizeof *keys, by_text);
    return keys;
}

static size_t index_of(const char *const *keys, size_t n, const char *key) {
    const char *const *found = bsearch(&key, keys, n, sizeof *keys, by_text);
    if (!found) die("calling code of an unknown region", key ? key : "");
    return (size_t)(found - keys);
}

static void write_table(FILE *out, const char *head, const struct buf *rows) {
    fprintf(out, "\n%s = {\n%.*s};\n", head, (int)rows->n, rows->p ? rows->p : "");
}

static void write_out(const struct maker *m, const struct phone_calling *callings, size_t regions_n,
                      FILE *out) {
    fprintf(out,
            "/* Made by tools/phonec from libphonenumber-js; see src/lib/locale/phone_table.h. */\n"
            "#include \"lib/locale/phone_table.h\"\n\nconst uint16_t phone_code[] = {");
    for (size_t i = 0; i < m->code_n; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n    ", m->code[i]);
    fprintf(out, "\n};\n");
    write_table(out, "const struct phone_format phone_formats[]", &m->formats);
    write_table(out, "const struct phone_kind phone_kinds[]", &m->kinds);
    write_table(out, "const struct phone_region phone_regions[]", &m->regions);
    fprintf(out, "\nconst int phone_regions_n = %zu;\n", regions_n);
    write_table(out, "const uint16_t phone_shared[]", &m->shared);
    fprintf(out, "\nconst struct phone_calling phone_callings[1000] = {\n");
    for (int i = 0; i < 1000; i++)
        if (callings[i].n)
            fprintf(out, "    [%d] = { %d, %d },\n", i, callings[i].at, callings[i].n);
    fprintf(out, "};\n");
}

static void make(struct maker *m, json_t *metadata, FILE *out) {
    struct phone_calling callings[1000] = { { 0, 0 } };
    json_t *others = json_object_get(metadata, "nonGeographic"), *list;
    json_t *by_calling = json_object_get(metadata, "country_calling_codes");
    size_t regions_n, others_n, i;
    const char **regions = keys_of(m, m->countries, &regions_n), *calling;
    const char **other_keys = keys_of(m, others, &others_n);
    emit(m, PHONE_MATCH, 0); /* offset 0 means no pattern */
    for (i = 0; i < regions_n; i++)
        add_region(m, regions[i], json_object_get(m->countries, regions[i]));
    json_object_foreach(by_calling, calling, list) {
        struct phone_calling *c = &callings[strtol(calling, NULL, 10) % 1000];
        *c = (struct phone_calling){ (uint16_t)m->shared_n, (uint16_t)json_array_size(list) };
        for (i = 0; i < json_array_size(list); i++, m->shared_n++)
            buf_printf(&m->shared, "    %zu,\n", index_of(regions, regions_n, text_at(list, i)));
    }
    for (i = 0; i < others_n; i++) {
        add_region(m, "", json_object_get(others, other_keys[i]));
        callings[strtol(other_keys[i], NULL, 10) % 1000] =
            (struct phone_calling){ (uint16_t)m->shared_n++, 1 };
        buf_printf(&m->shared, "    %zu,\n", regions_n + i);
    }
    write_out(m, callings, regions_n, out);
}

int main(int argc, char **argv) {
    if (argc != 3) die("usage", "phonec OUT.c METADATA.json");
    json_error_t e;
    json_t *metadata = json_load_file(argv[2], 0, &e);
    if (!metadata) die(argv[2], e.text);
    if (json_integer_value(json_object_get(metadata, "version")) != 4)
        die(argv[2], "metadata of another version than 4");
    struct arena *a = arena_new();
    struct maker m = { .arena = a,
                       .patterns = map_new(a),
                       .formats = { .arena = a },
                       .kinds = { .arena = a },
                       .regions = { .arena = a },
                       .shared = { .arena = a },
                       .countries = json_object_get(metadata, "countries") };
    FILE *out = fopen(argv[1], "w");
    if (!out) die("cannot write", argv[1]);
    make(&m, metadata, out);
    if (fclose(out) != 0) die("cannot write", argv[1]);
    json_decref(metadata);
    arena_free(a);
    return 0;
}
