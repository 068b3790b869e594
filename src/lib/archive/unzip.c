/* Reading ZIP archives of strangers (zip.h). Called in the box by text/xlsx.c; calls libarchive for
 * what inflates. The directory is read here first, byte by byte, because a lenient reader would
 * take what APPNOTE.TXT forbids: two entries of one name, entries inside others, names that lead
 * outside. Only then does libarchive see the file. */
#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include "lib/archive/zip.h"
#include "lib/base/map.h"

#define N_(text) text /* for people: tools/poscan.c finds it */

/* APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16. */
enum {
    LOCAL = 0x04034b50,
    CENTRAL = 0x02014b50,
    END = 0x06054b50,
    END64 = 0x06064b50,
    LOCATOR64 = 0x07064b50,
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    END_BYTES = 22,
    END64_BYTES = 56,
    LOCATOR_BYTES = 20,
    COMMENT_MAX = 65535,
    DIRECTORY_MAX = 16 << 20,
    NAME_MAX_BYTES = 1000,
    FLAG_ENCRYPTED = 1,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    RATIO_FROM = 8 << 20, /* what is smaller may be as repetitive as it likes */
    BLOCK = 65536
};

struct entry {
    struct str name;
    int place; /* from 0, by its place in the file */
    uint64_t at, packed, whole;
};
struct unzip {
    struct arena *arena;
    int fd;
    int64_t size; /* of the archive */
    struct unzip_limits limits;
    struct entry *v;
    int n;
    struct map by_name; /* folded to lower case: int index + 1 */
    struct archive *open;
    int64_t read_n; /* bytes of all entries so far */
};

enum sentence {
    DAMAGED,
    NO_ZIP,
    OUTSIDE,
    PASSWORD,
    METHOD,
    TWICE,
    OVERLAP,
    ENTRIES,
    TOTAL,
    TIGHT,
    SENTENCES
};
static const char *const sentences[SENTENCES] = {
    [DAMAGED] = N_("This ZIP file is damaged."),
    [NO_ZIP] = N_("This is not a ZIP file, or it is damaged."),
    [OUTSIDE] = N_("This ZIP file holds a name that leads outside of it."),
    [PASSWORD] = N_("This file is protected by a password. Save it without one and try again."),
    [METHOD] = N_("This ZIP file is packed in a way that is not known here."),
    [TWICE] = N_("This ZIP file holds two entries of the same name."),
    [OVERLAP] = N_("This ZIP file holds entries that overlap."),
    [ENTRIES] = N_("This file is a ZIP of more than {max} entries."),
    [TOTAL] = N_("This file holds more than {max} MB when unpacked."),
    [TIGHT] =
        N_("This file grows to more than {max} times its size when unpacked: no real one does."),
};

const char *unzip_sentence(struct str text) {
    for (int i = 0; i < SENTENCES; i++)
        if (str_eq_z(text, sentences[i])) return sentences[i];
    return NULL;
}

int64_t unzip_sentence_max(const char *sentence, const struct unzip_limits *limits) {
    if (sentence == sentences[ENTRIES]) return limits->entries_n;
    if (sentence == sentences[TOTAL]) return limits->total >> 20;
    return sentence == sentences[TIGHT] ? limits->ratio : 0;
}

static uint32_t u16(const unsigned char *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}
static uint32_t u32(const unsigned char *p) {
    return u16(p) | u16(p + 2) << 16;
}
static uint64_t u64(const unsigned char *p) {
    return (uint64_t)u32(p) | (uint64_t)u32(p + 4) << 32;
}

static bool read_at(const struct unzip *z, uint64_t at, void *to, size_t n) {
    if (at > (uint64_t)z->size || n > (uint64_t)z->size - at) return false;
    for (size_t had = 0; had < n;) {
        ssize_t got = pread(z->fd, (char *)to + had, n - had, (off_t)(at + had));
        if (got <= 0) return false;
        had += (size_t)got;
    }
    return true;
}

/* The directory: how many entries, where, how long. */
struct directory {
    uint64_t entries_n, at, bytes;
};

static bool find_end64(const struct unzip *z, uint64_t end_at, struct directory *d) {
    unsigned char locator[LOCATOR_BYTES], end[END64_BYTES];
    if (end_at < LOCATOR_BYTES || !read_at(z, end_at - LOCATOR_BYTES, locator, LOCATOR_BYTES) ||
        u32(locator) != LOCATOR64 || !read_at(z, u64(locator + 8), end, END64_BYTES) ||
        u32(end) != END64)
        return false;
    *d = (struct directory){ u64(end + 32), u64(end + 48), u64(end + 40) };
    return true;
}

/* The last end record whose comment reaches exactly to the end of the file. */
static bool find_directory(struct unzip *z, struct directory *d) {
    struct arena_mark mark = arena_mark(z->arena);
    int64_t tail_n = z->size < END_BYTES + COMMENT_MAX ? z->size : END_BYTES + COMMENT_MAX;
    unsigned char *tail = arena_alloc(z->arena, (size_t)tail_n);
    bool found = false;
    if (tail_n < END_BYTES || !read_at(z, (uint64_t)(z->size - tail_n), tail, (size_t)tail_n))
        return false;
    for (int64_t i = tail_n - END_BYTES; i >= 0 && !found; i--) {
        const unsigned char *p = tail + i;
        if (u32(p) != END || (int64_t)u16(p + 20) != tail_n - END_BYTES - i) continue;
        uint64_t end_at = (uint64_t)(z->size - tail_n + i);
        *d = (struct directory){ u16(p + 10), u32(p + 16), u32(p + 12) };
        bool large =
            u16(p + 10) == 0xffff || u32(p + 16) == 0xffffffff || u32(p + 12) == 0xffffffff;
        found = (!large || find_end64(z, end_at, d)) && u16(p + 4) == 0 && d->at <= end_at &&
                d->bytes <= end_at - d->at;
        if (!found) break;
    }
    arena_back(z->arena, mark);
    return found;
}

/* The 64-bit values of an entry stand in its extra field, in this order, each only when the short
 * one is full (4.5.3). */
static bool read_extra64(const unsigned char *p, size_t n, struct entry *e) {
    uint64_t *wanted[] = { &e->whole, &e->packed, &e->at };
    for (size_t i = 0; i + 4 <= n;) {
        size_t id = u16(p + i), len = u16(p + i + 2), at = i + 4;
        if (len > n - at) return false;
        i = at + len;
        if (id != 1) continue;
        for (int k = 0; k < 3; k++) {
            if (*wanted[k] != 0xffffffff) continue;
            if (len < 8) return false;
            *wanted[k] = u64(p + at);
            at += 8;
            len -= 8;
        }
        return true;
    }
    return e->whole != 0xffffffff && e->packed != 0xffffffff && e->at != 0xffffffff;
}

static bool name_leads_outside(struct str name) {
    struct str rest = name, piece;
    if (name.n == 0 || name.p[0] == '/' || (name.n > 1 && name.p[1] == ':')) return true;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 32 || name.p[i] == '\\') return true;
    while (str_cut(&rest, '/', &piece))
        if (str_eq_z(piece, "..") || str_eq_z(piece, ".")) return true;
    return false;
}

static enum status read_one(struct unzip *z, const unsigned char *p, size_t left, size_t *used,
                            const char **why) {
    *why = sentences[DAMAGED];
    if (left < CENTRAL_BYTES || u32(p) != CENTRAL) return INVALID;
    size_t name_n = u16(p + 28), extra_n = u16(p + 30), comment_n = u16(p + 32);
    if (name_n + extra_n + comment_n > left - CENTRAL_BYTES) return INVALID;
    *used = CENTRAL_BYTES + name_n + extra_n + comment_n;
    struct entry e = { .packed = u32(p + 20), .whole = u32(p + 24), .at = u32(p + 42) };
    if (!read_extra64(p + CENTRAL_BYTES + name_n, extra_n, &e)) return INVALID;
    struct str name = { (const char *)p + CENTRAL_BYTES, name_n };
    if (name_n > NAME_MAX_BYTES || name_leads_outside(name)) {
        *why = sentences[OUTSIDE];
        return INVALID;
    }
    if (u16(p + 8) & FLAG_ENCRYPTED) {
        *why = sentences[PASSWORD];
        return INVALID;
    }
    if (u16(p + 10) != METHOD_STORED && u16(p + 10) != METHOD_DEFLATED) {
        *why = sentences[METHOD];
        return INVALID;
    }
    e.name = str_dup(z->arena, name);
    void **place = map_at(&z->by_name, str_lower_ascii(z->arena, e.name));
    if (*place) {
        *why = sentences[TWICE];
        return INVALID;
    }
    z->v[z->n] = e;
    *place = &z->v[z->n++];
    return OK;
}

static enum status read_directory(struct unzip *z, const struct directory *d, const char **why) {
    *why = sentences[DAMAGED];
    if (d->bytes > DIRECTORY_MAX) return INVALID;
    unsigned char *all = arena_alloc(z->arena, (size_t)d->bytes);
    if (!read_at(z, d->at, all, (size_t)d->bytes)) return INVALID;
    z->v = arena_array(z->arena, struct entry, d->entries_n);
    for (size_t at = 0, used = 0; z->n < (int)d->entries_n; at += used)
        TRY(read_one(z, all + at, (size_t)d->bytes - at, &used, why));
    return OK;
}

static int by_place(const void *a, const void *b) {
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Every entry's own header says the same name, and no entry reaches into the next one. */
static enum status check_places(struct unzip *z, const struct directory *d, const char **why) {
    const struct entry **sorted = arena_array(z->arena, const struct entry *, z->n + 1);
    uint64_t free_from = 0;
    for (int i = 0; i < z->n; i++) sorted[i] = &z->v[i];
    qsort(sorted, (size_t)z->n, sizeof *sorted, by_place);
    for (int i = 0; i < z->n; i++) {
        const struct entry *e = sorted[i];
        unsigned char head[LOCAL_BYTES];
        char name[NAME_MAX_BYTES];
        *why = sentences[DAMAGED];
        if (e->at > d->at || !read_at(z, e->at, head, LOCAL_BYTES) || u32(head) != LOCAL ||
            u16(head + 26) != e->name.n || !read_at(z, e->at + LOCAL_BYTES, name, e->name.n) ||
            !str_eq(e->name, (struct str){ name, e->name.n }))
            return INVALID;
        uint64_t data = e->at + LOCAL_BYTES + u16(head + 26) + u16(head + 28);
        *why = sentences[OVERLAP];
        if (e->at < free_from || data > d->at || e->packed > d->at - data) return INVALID;
        free_from = data + e->packed;
        z->v[e - z->v].place = i;
    }
    return OK;
}

enum status unzip_open(struct arena *a, int fd, const struct unzip_limits *limits,
                       struct unzip **out, const char **why) {
    struct unzip *z = arena_new_of(a, struct unzip);
    struct directory d;
    *z = (struct unzip){ .arena = a, .fd = fd, .limits = *limits, .by_name = map_new(a) };
    z->size = lseek(fd, 0, SEEK_END);
    *why = sentences[NO_ZIP];
    if (z->size < 0 || !find_directory(z, &d)) return INVALID;
    *why = sentences[ENTRIES];
    if (d.entries_n > (uint64_t)limits->entries_n) return TOO_BIG;
    TRY(read_directory(z, &d, why));
    TRY(check_places(z, &d, why));
    *out = z;
    return OK;
}

void unzip_close(struct unzip *z) {
    if (z && z->open) archive_read_free(z->open);
    if (z) z->open = NULL;
}

int unzip_entries(const struct unzip *z) {
    return z->n;
}

struct str unzip_name(const struct unzip *z, int i) {
    return z->v[i].name;
}

/* libarchive gives entries by their place. A name that is not ASCII it cannot give, as there is no
 * locale in the box. */
static bool is_entry(struct archive_entry *found, int place, const struct entry *e) {
    const char *name = archive_entry_pathname(found);
    return place == e->place && (!name || str_eq(str_of(name), e->name));
}

enum status unzip_entry(struct unzip *z, struct str name) {
    struct arena_mark mark = arena_mark(z->arena);
    const struct entry *e = map_get(&z->by_name, str_lower_ascii(z->arena, name));
    arena_back(z->arena, mark);
    unzip_close(z);
    if (!e || lseek(z->fd, 0, SEEK_SET) != 0) return MISSING;
    z->open = archive_read_new();
    if (!z->open) BUG("out of memory");
    if (archive_read_support_format_zip_seekable(z->open) == ARCHIVE_OK &&
        archive_read_open_fd(z->open, z->fd, BLOCK) == ARCHIVE_OK) {
        struct archive_entry *found;
        int got, place = 0;
        while ((got = archive_read_next_header(z->open, &found)) >= ARCHIVE_WARN &&
               got != ARCHIVE_EOF)
            if (is_entry(found, place++, e)) return OK;
    }
    unzip_close(z);
    return MISSING;
}

enum status unzip_read(struct unzip *z, void *to, size_t cap, size_t *n, const char **why) {
    if (!z->open) BUG("unzip: no entry is open");
    la_ssize_t got = archive_read_data(z->open, to, cap);
    *n = 0;
    *why = sentences[DAMAGED];
    if (got < 0) return INVALID;
    z->read_n += got;
    if (z->read_n > z->limits.total) {
        *why = sentences[TOTAL];
        return TOO_BIG;
    }
    if (z->read_n > RATIO_FROM && z->read_n / z->limits.ratio > z->size) {
        *why = sentences[TIGHT];
        return TOO_BIG;
    }
    *n = (size_t)got;
    return OK;
}
