/* Names of files and folders that every system accepts: what Windows refuses, reserves or cuts is
 * changed, and the number makes them different from each other. Called by whole_book.c and
 * whole_files.c. Rules: Microsoft, «Naming Files, Paths, and Namespaces». */
#include "core/entity/store.h"
#include "features/export/whole.h"
#include "features/party/party.h"

enum { NAME_MAX_BYTES = 90 };

static bool refused(int32_t cp) {
    bool turns = (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E ||
                 cp == 0x200F || cp == 0x061C;
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || turns || cp == 0xFFFD;
}

/* The piece in front of the first point, as Windows compares it. */
static bool reserved(struct str name) {
    static const char *const names[] = { "con", "prn", "aux", "nul" };
    ptrdiff_t dot = str_find_c(name, '.');
    struct str stem = str_trim(dot < 0 ? name : str_sub(name, 0, (size_t)dot));
    for (int i = 0; i < COUNT(names); i++)
        if (str_eq_ascii(stem, str_of(names[i]))) return true;
    struct str three = str_sub(stem, 0, 3);
    return stem.n == 4 && stem.p[3] >= '0' && stem.p[3] <= '9' &&
           (str_eq_ascii(three, S("com")) || str_eq_ascii(three, S("lpt")));
}

static struct str clean(struct arena *a, struct str name, size_t most) {
    struct buf b = { .arena = a };
    int32_t cp;
    for (struct str rest = name; (cp = utf8_next(&rest)) >= 0;) {
        size_t had = b.n;
        if (refused(cp)) continue;
        bool twice = cp == '.' && b.n && b.p[b.n - 1] == '.';
        bool sign = twice || (cp < 0x80 && strchr("<>:\"/\\|?*", (int)cp));
        buf_add_utf8(&b, sign ? '_' : cp);
        if (b.n > most) {
            b.n = had;
            break;
        }
    }
    struct str out = str_trim(buf_str(&b));
    while (out.n && (out.p[out.n - 1] == '.' || out.p[out.n - 1] == ' ')) out.n--;
    while (out.n && out.p[0] == '.') out = str_sub(out, 1, out.n);
    if (reserved(out)) out = str_printf(a, "_%.*s", SF(out));
    return out;
}

struct str whole_safe_name(struct arena *a, struct str name, int64_t id) {
    struct str safe = clean(a, name, NAME_MAX_BYTES);
    if (!safe.n) safe = S("_");
    return str_printf(a, "%.*s (%lld)", SF(safe), (long long)id);
}

struct str whole_numbered_name(struct arena *a, int64_t id, struct str name) {
    struct str safe = clean(a, name, NAME_MAX_BYTES + 30);
    return str_printf(a, "%lld %.*s", (long long)id, SF(safe.n ? safe : S("_")));
}

struct str whole_file_path(struct ctx *c, int64_t party, struct str name, int64_t attachment,
                           int64_t version, bool newest) {
    struct arena *a = c->arena;
    ptrdiff_t dot = -1;
    for (size_t i = 1; i < name.n; i++)
        if (name.p[i] == '.') dot = (ptrdiff_t)i;
    struct str stem = dot > 0 ? str_sub(name, 0, (size_t)dot) : name;
    struct str ending = dot > 0 ? clean(a, str_sub(name, (size_t)dot + 1, name.n), 12) : NO_STR;
    stem = clean(a, stem, NAME_MAX_BYTES);
    if (!stem.n) stem = S("_");
    struct str who = whole_safe_name(a, entity_title(c, &entity_party, party), party);
    struct str mark =
        newest ? str_printf(a, "%lld", (long long)attachment)
               : str_printf(a, "%lld, version %lld", (long long)attachment, (long long)version);
    return str_printf(a, "files/%.*s/%.*s (%.*s)%s%.*s", SF(who), SF(stem), SF(mark),
                      ending.n ? "." : "", SF(ending));
}
