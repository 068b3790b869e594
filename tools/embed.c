/* Puts files into the program as C string literals:
 *   embed OUT.c migrations FILE…   struct embedded migrations_all[]  (src/lib/db/embedded.h)
 *   embed OUT.c assets FILE…       struct asset assets_all[]         (src/core/web/assets.h)
 *   embed OUT.c faces FILE…        struct pdf_face pdf_faces[]       (src/lib/pdf/faces.h)
 * Called by the Makefile and by tools/assets.sh. In style sheets asset:NAME becomes the hashed path
 * of the file NAME; brotli is kept only where it is smaller. */
/* Foreign headers first: banned.h poisons names that they declare. */
#include <brotli/encode.h>
#include <sodium.h>
#include <zlib.h>

#include "lib/base/buf.h"

struct file {
    const char *name, *type, *suffix;
    char path[128], etag[40];
    struct str raw, gzip, brotli;
};

_Noreturn static void stop(const char *what, const char *text) {
    fprintf(stderr, "embed: %s: %s\n", what, text);
    exit(1);
}

static struct str slurp(struct arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) stop(path, "cannot be read");
    struct buf b = { .arena = a };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){ piece, n });
    if (ferror(f)) stop(path, "cannot be read");
    fclose(f);
    return buf_str(&b);
}

/* Octal always takes three digits here, so that a digit behind it is not swallowed. */
static void put_literal(struct buf *b, struct str s) {
    buf_add_c(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (i && i % 4096 == 0) buf_add_z(b, "\"\n\"");
        if (c == '\n')
            buf_add_z(b, "\\n");
        else if (c == '"' || c == '\\' || c == '?')
            buf_printf(b, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            buf_printf(b, "\\%03o", c);
        else
            buf_add_c(b, (char)c);
    }
    buf_add_c(b, '"');
}

static void put_str(struct buf *b, struct str s) {
    if (!s.n) {
        buf_add_z(b, "{ NULL, 0 }");
        return;
    }
    buf_add_z(b, "{ ");
    put_literal(b, s);
    buf_printf(b, ", %zu }", s.n);
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void put_texts(struct buf *b, struct arena *a, char **paths, int n) {
    buf_add_z(b, "#include \"lib/db/embedded.h\"\n\nconst struct embedded migrations_all[] = {\n");
    for (int i = 0; i < n; i++) {
        struct str text = slurp(a, paths[i]);
        if (!utf8_valid(text)) stop(paths[i], "not UTF-8");
        buf_add_z(b, "    { ");
        put_literal(b, str_of(base_name(paths[i])));
        buf_add_z(b, ", ");
        put_str(b, text);
        buf_add_z(b, " },\n");
    }
    buf_printf(b, "    { NULL, { NULL, 0 } },\n};\nconst int migrations_all_n = %d;\n", n);
}

static void put_faces(struct buf *b, struct arena *a, char **paths, int n) {
    buf_add_z(b, "#include \"lib/pdf/faces.h\"\n\nconst struct pdf_face pdf_faces[] = {\n");
    for (int i = 0; i < n; i++) {
        buf_add_z(b, "    { ");
        put_literal(b, str_of(base_name(paths[i])));
        buf_add_z(b, ", ");
        put_str(b, slurp(a, paths[i]));
        buf_add_z(b, " },\n");
    }
    buf_printf(b, "};\nconst int pdf_faces_n = %d;\n", n);
}

/* --- Assets --- */

static void set_type(struct file *f) {
    static const struct {
        const char *suffix, *type;
    } types[] = { { ".css", "text/css; charset=utf-8" },
                  { ".js", "text/javascript; charset=utf-8" },
                  { ".svg", "image/svg+xml" },
                  { ".woff2", "font/woff2" },
                  { ".png", "image/png" },
                  { ".ico", "image/vnd.microsoft.icon" },
                  { ".json", "application/json" },
                  { ".webmanifest", "application/manifest+json" },
                  { ".txt", "text/plain; charset=utf-8" } };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!str_ends(str_of(f->name), str_of(types[i].suffix))) continue;
        f->suffix = types[i].suffix;
        f->type = types[i].type;
        return;
    }
    stop(f->name, "no media type known for this ending");
}

static struct str gzip(struct arena *a, struct str raw) {
    z_stream z = { 0 };
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        stop("gzip", "zlib failed");
    size_t room = deflateBound(&z, raw.n);
    char *to = arena_alloc(a, room);
    z.next_in = (Bytef *)(uintptr_t)raw.p;
    z.avail_in = (uInt)raw.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END) stop("gzip", "zlib failed");
    size_t n = z.total_out;
    deflateEnd(&z);
    return (struct str){ to, n };
}

static struct str brotli(struct arena *a, struct str raw) {
    size_t n = BrotliEncoderMaxCompressedSize(raw.n) + 64;
    char *to = arena_alloc(a, n);
    if (!BrotliEncoderCompress(11, 24, BROTLI_MODE_TEXT, raw.n, (const uint8_t *)raw.p, &n,
                               (uint8_t *)to))
        stop("brotli", "encoder failed");
    return (struct str){ to, n };
}

static void finish(struct arena *a, struct file *f) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)f->raw.p, f->raw.n);
    struct str hex = str_hex(a, hash, 16), stem = str_of(f->name);
    stem.n -= strlen(f->suffix);
    snprintf(f->path, sizeof f->path, "/assets/%.*s.%.10s%s", SF(stem), hex.p, f->suffix);
    snprintf(f->etag, sizeof f->etag, "\"%.*s\"", SF(hex));
    bool packed = !strcmp(f->suffix, ".woff2") || !strcmp(f->suffix, ".png");
    if (packed || !f->raw.n) return;
    f->gzip = gzip(a, f->raw);
    f->brotli = brotli(a, f->raw);
    if (f->gzip.n >= f->raw.n) f->gzip = NO_STR;
    if (f->brotli.n >= (f->gzip.n ? f->gzip.n : f->raw.n)) f->brotli = NO_STR;
}

static const struct file *find(const struct file *files, int n, struct str name) {
    for (int i = 0; i < n; i++)
        if (str_eq_z(name, files[i].name)) return &files[i];
    return NULL;
}

/* asset:NAME in a style sheet; NAME ends at a quote, a bracket or a blank. */
static struct str with_paths(struct arena *a, struct str css, const struct file *files, int n) {
    struct buf b = { .arena = a };
    ptrdiff_t at;
    while ((at = str_find(css, S("asset:"))) >= 0) {
        buf_add(&b, str_sub(css, 0, (size_t)at));
        css = str_sub(css, (size_t)at + 6, css.n);
        size_t end = 0;
        while (end < css.n && !strchr("\"') \n", css.p[end])) end++;
        struct str name = str_sub(css, 0, end);
        const struct file *f = find(files, n, name);
        if (!f || !f->path[0]) stop(str_z(a, name), "named in a style sheet, but not embedded");
        buf_add_z(&b, f->path);
        css = str_sub(css, end, css.n);
    }
    buf_add(&b, css);
    return buf_str(&b);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void put_assets(struct buf *b, struct arena *a, char **paths, int n) {
    struct file *files = arena_array(a, struct file, n + 1);
    for (int i = 0; i < n; i++) {
        files[i].name = base_name(paths[i]);
        files[i].raw = slurp(a, paths[i]);
        set_type(&files[i]);
    }
    qsort(files, (size_t)n, sizeof *files, by_name);
    for (int i = 0; i < n; i++)
        if (strcmp(files[i].suffix, ".css") != 0) finish(a, &files[i]);
    for (int i = 0; i < n; i++) {
        if (strcmp(files[i].suffix, ".css") != 0) continue;
        files[i].raw = with_paths(a, files[i].raw, files, n);
        finish(a, &files[i]);
    }
    buf_add_z(b, "#include \"core/web/assets.h\"\n\nconst struct asset assets_all[] = {\n");
    for (int i = 0; i < n; i++) {
        const struct file *f = &files[i];
        buf_printf(b, "    { \"%s\", \"%s\", \"%s\", ", f->name, f->path, f->type);
        put_literal(b, str_of(f->etag));
        buf_add_z(b, ",\n");
        put_str(b, f->raw);
        buf_add_z(b, ",\n");
        put_str(b, f->gzip);
        buf_add_z(b, ",\n");
        put_str(b, f->brotli);
        buf_add_z(b, " },\n");
    }
    buf_add_z(b, "    { NULL, NULL, NULL, NULL, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } },\n};\n");
    buf_printf(b, "const int assets_all_n = %d;\n", n);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*put)(struct buf *b, struct arena *a, char **paths, int n);
    } kinds[] = { { "migrations", put_texts }, { "assets", put_assets }, { "faces", put_faces } };
    void (*put)(struct buf * b, struct arena * a, char **paths, int n) = NULL;
    for (size_t i = 0; argc > 2 && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(argv[2], kinds[i].name)) put = kinds[i].put;
    if (!put) {
        fprintf(stderr, "usage: embed OUT.c migrations|assets|faces FILE…\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct buf b = { 0 };
    buf_add_z(&b, "/* Made by embed. */\n");
    put(&b, a, argv + 3, argc - 3);
    FILE *f = fopen(argv[1], "wb");
    if (!f || fwrite(b.p, 1, b.n, f) != b.n || fclose(f) != 0) stop(argv[1], "cannot be written");
    buf_free(&b);
    arena_free(a);
    return 0;
}
