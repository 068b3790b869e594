/* What cairo cannot say about a PDF (pdf_in.h): /Lang and the reading direction in the catalogue, a
 * producer without a version. Called by pdf.c with the last bytes of a file that cairo made, whose
 * table of positions is moved along (ISO 32000-1, 7.5.4). */
#include "lib/pdf/pdf_in.h"

enum { ENTRY_N = 20, POSITION_N = 10 };

/* The end of the file in hand: positions are counted from the file's beginning. */
struct tail {
    struct buf *b;
    size_t taken_n;
    size_t entries; /* of the table, in b */
    int objects_n;
    size_t start; /* of the number behind startxref, in b */
};

static bool number_at(const struct buf *b, size_t at, int64_t *out) {
    size_t end = at;
    while (end < b->n && b->p[end] >= '0' && b->p[end] <= '9') end++;
    return str_to_i64(str_sub(buf_str(b), at, end - at), out);
}

static ptrdiff_t find_last(struct str in, struct str what) {
    ptrdiff_t last = -1, at;
    size_t from = 0;
    while ((at = str_find(str_sub(in, from, SIZE_MAX), what)) >= 0) {
        last = (ptrdiff_t)from + at;
        from = (size_t)last + 1;
    }
    return last;
}

static bool tail_read(struct tail *t) {
    struct str all = buf_str(t->b);
    ptrdiff_t start = find_last(all, S("startxref\n"));
    int64_t table, n;
    if (start < 0) return false;
    t->start = (size_t)start + 10;
    if (!number_at(t->b, t->start, &table) || table < (int64_t)t->taken_n) return false;
    size_t at = (size_t)table - t->taken_n;
    if (!str_starts(str_sub(all, at, SIZE_MAX), S("xref\n0 "))) return false;
    at += 7;
    if (!number_at(t->b, at, &n) || n < 1 || n > INT32_MAX) return false;
    while (at < all.n && all.p[at] != '\n') at++;
    t->entries = at + 1;
    t->objects_n = (int)n;
    return t->entries + (size_t)n * ENTRY_N <= all.n;
}

static bool position_of(const struct tail *t, int64_t object, size_t *in_b) {
    int64_t at;
    if (object < 1 || object >= t->objects_n) return false;
    if (!number_at(t->b, t->entries + (size_t)object * ENTRY_N, &at)) return false;
    if (at < (int64_t)t->taken_n || (size_t)at - t->taken_n >= t->b->n) return false;
    *in_b = (size_t)at - t->taken_n;
    return true;
}

/* Where the object stands that the trailer names under "/Root " or "/Info ". */
static bool named_object(const struct tail *t, struct str name, size_t *in_b) {
    struct str all = buf_str(t->b);
    size_t behind = t->entries + (size_t)t->objects_n * ENTRY_N;
    ptrdiff_t at = str_find(str_sub(all, behind, SIZE_MAX), name);
    int64_t object;
    if (at < 0) return false;
    if (!number_at(t->b, behind + (size_t)at + name.n, &object)) return false;
    return position_of(t, object, in_b);
}

/* Takes n bytes out and puts text there; what stands behind gets its new positions. */
static bool splice(struct arena *a, struct tail *t, size_t at, size_t n, struct str text) {
    struct str all = buf_str(t->b);
    ptrdiff_t more = (ptrdiff_t)text.n - (ptrdiff_t)n;
    for (int i = 1; i < t->objects_n; i++) {
        char *entry = t->b->p + t->entries + (size_t)i * ENTRY_N;
        int64_t was;
        if (!number_at(t->b, t->entries + (size_t)i * ENTRY_N, &was)) return false;
        if (entry[ENTRY_N - 3] != 'n' || was <= (int64_t)(t->taken_n + at)) continue;
        struct str now = str_printf(a, "%010lld", (long long)(was + more));
        if (now.n != POSITION_N) return false;
        memcpy(entry, now.p, POSITION_N);
    }
    struct str behind = str_dup(a, str_sub(all, at + n, SIZE_MAX));
    t->b->n = at;
    buf_add(t->b, text);
    buf_add(t->b, behind);
    t->entries = (size_t)((ptrdiff_t)t->entries + more);
    t->start = (size_t)((ptrdiff_t)t->start + more);
    return true;
}

static bool set_start(struct arena *a, struct tail *t, ptrdiff_t more) {
    int64_t table;
    if (!number_at(t->b, t->start, &table)) return false;
    size_t n = 0;
    while (t->b->p[t->start + n] >= '0' && t->b->p[t->start + n] <= '9') n++;
    struct str behind = str_dup(a, str_sub(buf_str(t->b), t->start + n, SIZE_MAX));
    t->b->n = t->start;
    buf_printf(t->b, "%lld", (long long)(table + more));
    buf_add(t->b, behind);
    return true;
}

bool pdf_finish(struct arena *a, struct buf *out, size_t taken_n, const char *lang, bool rtl) {
    static const char key[] = "/Producer (";
    struct tail t = { .b = out, .taken_n = taken_n };
    size_t catalogue, info, had = out->n;
    if (!tail_read(&t) || !named_object(&t, S("/Info "), &info)) return false;
    ptrdiff_t at = str_find(str_sub(buf_str(out), info, SIZE_MAX), str_of(key));
    if (at < 0) return false;
    size_t from = info + (size_t)at + sizeof key - 1, to = from;
    for (int depth = 1; to < out->n; to++) { /* cairo's own name has brackets inside */
        if (out->p[to] == '(') depth++;
        if (out->p[to] == ')' && --depth == 0) break;
    }
    if (to >= out->n || !splice(a, &t, from, to - from, S("Daftar"))) return false;
    if (!named_object(&t, S("/Root "), &catalogue)) return false;
    at = str_find(str_sub(buf_str(out), catalogue, SIZE_MAX), S("/Type /Catalog"));
    if (at < 0) return false;
    struct str more =
        str_printf(a, "\n   /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true%s >>", lang,
                   rtl ? " /Direction /R2L" : "");
    if (!splice(a, &t, catalogue + (size_t)at + 14, 0, more)) return false;
    return set_start(a, &t, (ptrdiff_t)out->n - (ptrdiff_t)had);
}
