/* Writing ZIP archives as a stream (zip.h). Called by exports; calls libarchive, which hands over
 * what it has made by on_bytes(). Pictures and other archives are stored as they are: deflating
 * them again costs time and saves nothing. */
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "lib/archive/zip.h"

struct zip {
    struct archive *archive;
    struct archive_entry *entry;
    struct buf ready;
    locale_t names; /* libarchive asks the locale how names are encoded */
};

static la_ssize_t on_bytes(struct archive *archive, void *of, const void *bytes, size_t n) {
    struct zip *z = of;
    (void)archive;
    buf_add(&z->ready, (struct str){ bytes, n });
    return (la_ssize_t)n;
}

/* Writing into memory cannot fail but for want of memory. */
static void must(struct zip *z, int r, const char *what) {
    if (r < ARCHIVE_WARN) BUG("zip: %s: %s", what, archive_error_string(z->archive));
}

static locale_t use_utf8(const struct zip *z) {
    return z->names ? uselocale(z->names) : (locale_t)0;
}

static void use_again(locale_t before) {
    if (before) uselocale(before);
}

struct zip *zip_new(struct arena *a) {
    struct zip *z = arena_new_of(a, struct zip);
    z->archive = archive_write_new();
    z->entry = archive_entry_new();
    z->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!z->archive || !z->entry) BUG("out of memory");
    must(z, archive_write_set_format_zip(z->archive), "format");
    must(z, archive_write_set_bytes_per_block(z->archive, 0), "blocks");
    must(z, archive_write_open2(z->archive, z, NULL, on_bytes, NULL, NULL), "open");
    return z;
}

void zip_free(struct zip *z) {
    if (!z) return;
    archive_write_free(z->archive);
    archive_entry_free(z->entry);
    buf_free(&z->ready);
    if (z->names) freelocale(z->names);
}

/* By the ending of the name: formats that are compressed in themselves. */
static bool compressed_already(struct str name) {
    static const char *const endings[] = {
        ".jpg",  ".jpeg", ".png",  ".gif", ".webp", ".heic",  ".mp3", ".mp4",
        ".m4a",  ".mov",  ".zip",  ".gz",  ".xz",   ".zst",   ".7z",  ".rar",
        ".docx", ".xlsx", ".pptx", ".odt", ".ods",  ".woff2",
    };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str e = str_of(endings[i]);
        if (name.n > e.n && str_eq_ascii(str_sub(name, name.n - e.n, e.n), e)) return true;
    }
    return false;
}

void zip_entry(struct zip *z, struct str name, int64_t bytes, int64_t at_ms) {
    struct arena *a = arena_new();
    locale_t before = use_utf8(z);
    archive_entry_clear(z->entry);
    archive_entry_set_pathname(z->entry, str_z(a, name));
    archive_entry_set_filetype(z->entry, AE_IFREG);
    archive_entry_set_perm(z->entry, 0644);
    archive_entry_set_mtime(z->entry, (time_t)(at_ms / 1000), 0);
    if (bytes >= 0) archive_entry_set_size(z->entry, bytes);
    int how = compressed_already(name) ? archive_write_zip_set_compression_store(z->archive)
                                       : archive_write_zip_set_compression_deflate(z->archive);
    must(z, how, "compression");
    must(z, archive_write_header(z->archive, z->entry), "header");
    use_again(before);
    arena_free(a);
}

void zip_write(struct zip *z, struct str bytes) {
    while (bytes.n) {
        la_ssize_t n = archive_write_data(z->archive, bytes.p, bytes.n);
        if (n < 0) BUG("zip: %s", archive_error_string(z->archive));
        if (n == 0) return; /* the entry is as long as it was said to be */
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
}

void zip_end(struct zip *z) {
    locale_t before = use_utf8(z);
    must(z, archive_write_close(z->archive), "end");
    use_again(before);
}

void zip_take(struct zip *z, struct buf *out) {
    buf_add(out, buf_str(&z->ready));
    z->ready.n = 0;
}
