/* lib/image: what files are by their bytes, and previews that hold nothing of what came in. The
 * pictures are made here, byte by byte where no library would write them so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/base/buf.h"
#include "lib/image/gif.h"
#include "lib/image/image.h"

static struct arena *arena;
static char folder[] = "/tmp/daftar-image-XXXXXX";

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return rmdir(folder);
}

/* --- making pictures --- */

static void big32(struct buf *b, uint32_t v) {
    for (int i = 24; i >= 0; i -= 8) buf_add_c(b, (char)(v >> i));
}

static void chunk(struct buf *b, const char *type, struct str data) {
    big32(b, (uint32_t)data.n);
    size_t from = b->n;
    buf_add_z(b, type);
    buf_add(b, data);
    big32(b, (uint32_t)crc32(0, (const unsigned char *)b->p + from, (unsigned)(b->n - from)));
}

/* A PNG of one colour: four bytes RGBA, or three when alpha < 0. claims: the size in its head. */
static struct str png(int width, int height, int alpha, int64_t claims) {
    struct buf b = { .arena = arena }, head = { .arena = arena }, raw = { .arena = arena };
    buf_add(&b, S("\x89PNG\r\n\x1a\n"));
    big32(&head, claims ? (uint32_t)claims : (uint32_t)width);
    big32(&head, claims ? (uint32_t)claims : (uint32_t)height);
    buf_add(&head, alpha < 0 ? S("\x08\x02\0\0\0") : S("\x08\x06\0\0\0"));
    chunk(&b, "IHDR", buf_str(&head));
    chunk(&b, "tEXt", S("Comment\0<script>stolen()</script>"));
    for (int y = 0; y < height; y++) {
        buf_add_c(&raw, 0);
        for (int x = 0; x < width; x++) {
            buf_add(&raw, S("\xe0\x40\x20"));
            if (alpha >= 0) buf_add_c(&raw, (char)alpha);
        }
    }
    uLongf n = compressBound(raw.n);
    unsigned char *packed = arena_alloc(arena, n);
    assert_int_equal(compress(packed, &n, (const unsigned char *)raw.p, raw.n), Z_OK);
    chunk(&b, "IDAT", (struct str){ (char *)packed, n });
    chunk(&b, "IEND", NO_STR);
    return buf_str(&b);
}

/* A GIF of two frames: the first has a transparent corner; 4 × 2 pixels, 4 colours. The LZW data
 * were written by hand: clear code before each pixel pair, so that codes stay 3 bits wide. */
static struct str gif(void) {
    static const unsigned char pixels[] = { 1, 2, 3, 0, 2, 1, 3, 3 };
    struct buf b = { .arena = arena }, bits = { .arena = arena };
    buf_add(&b, S("GIF89a\x04\0\x02\0\xa1\0\0"));
    buf_add(&b, S("\0\0\0\xff\0\0\0\xff\0\0\0\xff"));
    buf_add(&b, S("\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"));
    buf_add(&b, S("\x21\xf9\x04\x01\0\0\0\0"));
    buf_add(&b, S("\x2c\0\0\0\0\x04\0\x02\0\0\x02"));
    unsigned held = 0, held_n = 0;
    for (int i = 0; i < 8 + 4 + 1; i++) { /* clear, two pixels, clear, … , end */
        unsigned code = i == 12 ? 5 : i % 3 == 0 ? 4 : pixels[i - i / 3 - 1];
        held |= code << held_n;
        for (held_n += 3; held_n >= 8; held_n -= 8, held >>= 8) buf_add_c(&bits, (char)held);
    }
    if (held_n) buf_add_c(&bits, (char)held);
    buf_add_c(&b, (char)bits.n);
    buf_add(&b, buf_str(&bits));
    buf_add_c(&b, 0);
    buf_add(&b, S("\x2c\0\0\0\0\x04\0\x02\0\0\x02\x02\x4c\x01\0;"));
    return buf_str(&b);
}

static const char *put(const char *name, struct str content) {
    const char *path = str_printf(arena, "%s/%s", folder, name).p;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(content.p, 1, content.n, f), content.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static struct str get(const char *path) {
    struct buf b = { .arena = arena };
    char block[4096];
    FILE *f = fopen(path, "rb");
    if (!f) return NO_STR;
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&b, (struct str){ block, n });
    fclose(f);
    return buf_str(&b);
}

struct made {
    enum status status;
    const char *type;
    struct str bytes;
    int width, height;
};

static int at16(struct str s, size_t i) {
    return (unsigned char)s.p[i] << 8 | (unsigned char)s.p[i + 1];
}

static void measure(struct made *m) {
    struct str s = m->bytes;
    if (strcmp(m->type, "image/png") == 0) {
        m->width = at16(s, 18);
        m->height = at16(s, 22);
        return;
    }
    for (size_t i = 2; i + 9 < s.n; i += 2 + (size_t)at16(s, i + 2)) { /* JPEG: to SOF0 … SOF2 */
        int marker = (unsigned char)s.p[i + 1];
        if (marker < 0xc0 || marker > 0xc2) continue;
        m->height = at16(s, i + 5);
        m->width = at16(s, i + 7);
        return;
    }
}

static struct made preview(struct str content, const char *type, int side) {
    struct made m = { 0 };
    const char *in = put("in", content), *out = str_printf(arena, "%s/out", folder).p;
    m.status = image_preview(NULL, arena, in, type, side, out, &m.type);
    m.bytes = get(out);
    if (m.status == OK) {
        assert_string_equal(image_sniff(m.bytes), m.type);
        measure(&m);
        unlink(out);
    } else {
        assert_int_equal(access(out, F_OK), -1);
    }
    unlink(in);
    assert_int_equal(access(str_printf(arena, "%s/out.page", folder).p, F_OK), -1);
    return m;
}

/* --- what is what --- */

static void test_sniff(void **state) {
    (void)state;
#define F(bytes, type)                                                                             \
    { S(bytes), type }
    const struct {
        struct str head;
        const char *type;
    } cases[] = {
        F("\x89PNG\r\n\x1a\nxx", "image/png"),
        F("\xff\xd8\xff\xe0", "image/jpeg"),
        F("GIF89a=1;alert(1)", "image/gif"),
        F("%PDF-1.7\n", "application/pdf"),
        F(" %PDF-1.7\n", "text/plain"),
        F("<!DOCTYPE html><script>", "text/plain"),
        F("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "text/plain"),
        F("<?xml version='1.0'?><?xml-stylesheet href='#'?>", "text/plain"),
        F("MIME-Version: 1.0\r\nContent-Type: multipart/related", "text/plain"),
        F("alert(1)", "text/plain"),
        F("نام,شماره\n", "text/plain"),
        F("\xff\xfe<\0h\0t\0", "text/plain"),
        F("MZ\x90\0\x03\0", "application/octet-stream"),
        F("\x7f"
          "ELF\2\1\1\0",
          "application/octet-stream"),
        F("", "application/octet-stream"),
        F("BM is no picture but a text", "text/plain"),
        F("PK\3\4\x14\0\0\0[Content_Types].xml", "application/zip"),
        F("PK\3\4\x14\0\0\0xl/workbook.xml",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        F("RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        F("RIFF\x10\0\0\0ACON", "application/octet-stream"),
        F("II*\0", "image/tiff"),
        F("\xca\xfe\xba\xbe\0\0\0\x34", "application/octet-stream"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(image_sniff(cases[i].head), cases[i].type);
}

/* --- previews --- */

static void test_png(void **state) {
    (void)state;
    struct made m = preview(png(900, 300, -1, 0), "image/png", 320);
    assert_int_equal(m.status, OK);
    assert_string_equal(m.type, "image/jpeg");
    assert_int_equal(m.width, 320);
    assert_int_equal(m.height, 106);
    assert_int_equal(str_find(m.bytes, S("stolen")), -1);
    m = preview(png(20, 900, 128, 0), "image/png", 320);
    assert_int_equal(m.status, OK);
    assert_string_equal(m.type, "image/png"); /* one sees through it */
    assert_int_equal(m.height, 320);
    assert_int_equal(str_find(m.bytes, S("stolen")), -1);
    m = preview(png(40, 30, 255, 0), "image/png", 320); /* small ones stay small */
    assert_string_equal(m.type, "image/jpeg");
    assert_int_equal(m.width, 40);
    assert_int_equal(m.height, 30);
}

/* Behind the end of the picture, and in its comments, may stand anything. */
static void test_nothing_comes_through(void **state) {
    (void)state;
    struct buf b = { .arena = arena };
    buf_add(&b, png(64, 64, 100, 0));
    buf_add_z(&b, "<html><script>stolen()</script></html>");
    struct made m = preview(buf_str(&b), "image/png", 320);
    assert_int_equal(m.status, OK);
    assert_int_equal(str_find(m.bytes, S("stolen")), -1);
    assert_int_equal(str_find(m.bytes, S("Comment")), -1);
}

static void test_gif(void **state) {
    (void)state;
    struct made m = preview(gif(), "image/gif", 320);
    assert_int_equal(m.status, OK);
    assert_string_equal(m.type, "image/png");
    assert_int_equal(m.width, 4);
    assert_int_equal(m.height, 2);
}

struct piece {
    struct str rest;
};
static ptrdiff_t read_piece(void *of, void *to, size_t cap) {
    struct piece *p = of;
    size_t n = p->rest.n < cap ? p->rest.n : cap;
    if (n) memcpy(to, p->rest.p, n);
    p->rest = str_sub(p->rest, n, SIZE_MAX);
    return (ptrdiff_t)n;
}

static void test_gif_pixels(void **state) {
    (void)state;
    struct gif_picture g;
    struct piece p = { gif() };
    static const unsigned char want[8][4] = { { 255, 0, 0, 255 }, { 0, 255, 0, 255 },
                                              { 0, 0, 255, 255 }, { 0, 0, 0, 0 },
                                              { 0, 255, 0, 255 }, { 255, 0, 0, 255 },
                                              { 0, 0, 255, 255 }, { 0, 0, 255, 255 } };
    assert_int_equal(gif_first((struct gif_source){ read_piece, &p }, 1000, &g), OK);
    assert_memory_equal(g.rgba, want, sizeof want);
    free(g.rgba);
    struct str whole = gif();
    for (size_t n = 0; n < whole.n; n++) { /* cut anywhere: an answer, never more than it has */
        p.rest = str_sub(whole, 0, n);
        enum status s = gif_first((struct gif_source){ read_piece, &p }, 1000, &g);
        assert_true(s == OK || s == INVALID);
        if (s == OK) free(g.rgba);
    }
    p.rest = whole;
    assert_int_equal(gif_first((struct gif_source){ read_piece, &p }, 7, &g), TOO_BIG);
}

/* APP1 with EXIF orientation (TIFF tag 0x0112) goes before the rest of a JPEG of ours. */
static void test_orientation(void **state) {
    (void)state;
    struct made plain = preview(png(100, 50, -1, 0), "image/png", 320);
    for (int turn = 1; turn <= 8; turn++) {
        struct buf b = { .arena = arena };
        buf_add(&b, S("\xff\xd8\xff\xe1\0\x22"
                      "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\3\0\0\0\1\0"));
        buf_add_c(&b, (char)turn);
        buf_add(&b, S("\0\0\0\0\0\0"));
        buf_add(&b, str_sub(plain.bytes, 2, SIZE_MAX));
        struct made m = preview(buf_str(&b), "image/jpeg", 80);
        assert_int_equal(m.status, OK);
        assert_int_equal(m.width, turn < 5 ? 80 : 40);
        assert_int_equal(m.height, turn < 5 ? 40 : 80);
        assert_int_equal(str_find(m.bytes, S("Exif")), -1);
    }
}

static void test_refused(void **state) {
    (void)state;
    assert_int_equal(preview(png(8, 8, -1, 6400), "image/png", 320).status, TOO_BIG);
    assert_int_equal(preview(png(8, 8, -1, 2000000000), "image/png", 320).status != OK, 1);
    assert_int_equal(preview(S("no picture"), "image/png", 320).status, INVALID);
    assert_int_equal(preview(S(""), "image/jpeg", 320).status, INVALID);
    assert_int_equal(preview(S("GIF89a"), "image/gif", 320).status, INVALID);
    assert_int_equal(preview(S("GIF89a\xff\xff\xff\xff\0\0\0"), "image/gif", 320).status, TOO_BIG);
    /* What it says it is decides nothing: a PNG is never read by another loader. */
    assert_int_equal(preview(png(8, 8, -1, 0), "image/jpeg", 320).status, INVALID);
    assert_int_equal(
        preview(S("<svg xmlns='http://www.w3.org/2000/svg'/>"), "image/svg+xml", 320).status,
        INVALID);
    assert_false(image_can_preview("image/svg+xml"));
    assert_false(image_can_preview("text/plain"));
}

static void test_pdf(void **state) {
    (void)state;
    if (!image_can_preview("application/pdf")) {
        print_message("skipped: pdftoppm is not here\n");
        skip();
    }
    const char *const objects[] = {
        "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>",
        "<</Length 27>>stream\n1 0 0 rg 0 0 100 50 re f\nendstream",
    };
    struct buf b = { .arena = arena };
    size_t at[4];
    buf_add_z(&b, "%PDF-1.4\n");
    for (int i = 0; i < 4; i++) {
        at[i] = b.n;
        buf_printf(&b, "%d 0 obj%s endobj\n", i + 1, objects[i]);
    }
    size_t table = b.n;
    buf_add_z(&b, "xref\n0 5\n0000000000 65535 f \n");
    for (int i = 0; i < 4; i++) buf_printf(&b, "%010zu 00000 n \n", at[i]);
    buf_printf(&b, "trailer<</Size 5/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", table);
    struct made m = preview(buf_str(&b), "application/pdf", 320);
    assert_int_equal(m.status, OK);
    assert_string_equal(m.type, "image/jpeg");
    assert_int_equal(m.width, 320);
    assert_int_equal(m.height, 160);
    assert_int_not_equal(preview(S("%PDF-1.4 and nothing"), "application/pdf", 320).status, OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sniff),
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_nothing_comes_through),
        cmocka_unit_test(test_gif),
        cmocka_unit_test(test_gif_pixels),
        cmocka_unit_test(test_orientation),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_pdf),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
