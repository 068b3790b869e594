/* Small files for some of the demonstration's first clients: a paper in two versions, a plan, and a
 * portrait, all drawn here (no pictures of others). Called by demo.c; calls features/attachment. */
#include "features/attachment/attachment.h"
#include "features/demo/demo.h"

enum { SIDE = 128, CLEAR = 128, END = 129, RUN = 120, BLOCK = 255 };

/* A GIF without compression: with 128 colours a code is one byte as long as the table is cleared
 * before it grows (GIF89a, appendix F). */
static struct str gif(struct ctx *c, const unsigned char palette[384],
                      const unsigned char *pixels) {
    struct buf b = { .arena = c->arena }, codes = { .arena = c->arena };
    for (int i = 0; i < SIDE * SIDE; i++) {
        if (i % RUN == 0) buf_add_c(&codes, (char)CLEAR);
        buf_add_c(&codes, (char)pixels[i]);
    }
    buf_add_c(&codes, (char)END);
    buf_add(&b, S("GIF89a\x80\0\x80\0\xf6\0\0"));
    buf_add(&b, (struct str){ (const char *)palette, 384 });
    buf_add(&b, S(",\0\0\0\0\x80\0\x80\0\0\x07"));
    for (struct str rest = buf_str(&codes); rest.n; rest = str_sub(rest, BLOCK, SIZE_MAX)) {
        struct str piece = str_sub(rest, 0, BLOCK);
        buf_add_c(&b, (char)piece.n);
        buf_add(&b, piece);
    }
    buf_add(&b, S("\0;"));
    return buf_str(&b);
}

/* 64 shades from one colour to another, then 64 of a second pair. */
static void shades(unsigned char palette[384], const unsigned char pairs[4][3]) {
    for (int i = 0; i < 128; i++)
        for (int k = 0; k < 3; k++) {
            int from = pairs[i / 64 * 2][k], to = pairs[i / 64 * 2 + 1][k];
            palette[i * 3 + k] = (unsigned char)(from + (to - from) * (i % 64) / 63);
        }
}

/* Head and shoulders before a wall of changing light. */
static struct str portrait(struct ctx *c, int64_t number) {
    static const unsigned char walls[4][3] = {
        { 31, 78, 158 }, { 10, 102, 93 }, { 125, 81, 0 }, { 163, 25, 58 }
    };
    const unsigned char *w = walls[number % 4];
    const unsigned char pairs[4][3] = {
        { w[0], w[1], w[2] }, { 232, 226, 214 }, { 250, 240, 226 }, { 196, 168, 142 }
    };
    unsigned char palette[384], *pixels = arena_alloc(c->arena, SIDE * SIDE);
    shades(palette, pairs);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            int dx = x - 64, head = dx * dx * 5 / 4 + (y - 50) * (y - 50);
            int body = dx * dx + (y - 138) * (y - 138) * 3 / 4;
            bool drawn = head < 26 * 26 || body < 50 * 50;
            pixels[y * SIDE + x] = (unsigned char)(drawn ? 64 + y / 2 : (x + y) / 4);
        }
    return gif(c, palette, pixels);
}

/* Lines of walls, as on a builder's plan. */
static struct str plan(struct ctx *c, int64_t number) {
    const unsigned char pairs[4][3] = {
        { 246, 244, 238 }, { 238, 236, 228 }, { 31, 78, 158 }, { 24, 63, 130 }
    };
    unsigned char palette[384], *pixels = arena_alloc(c->arena, SIDE * SIDE);
    int wall = 40 + (int)(number * 7 % 50), door = 30 + (int)(number * 11 % 40);
    shades(palette, pairs);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            bool edge = x < 12 || y < 12 || x >= 116 || y >= 116;
            bool frame = !edge && (x < 16 || y < 16 || x >= 112 || y >= 112);
            bool inside = !edge && ((x >= wall && x < wall + 3) || (y >= 70 && y < 73));
            bool open = (x > door && x < door + 14 && y > 60) || (y > door && y < door + 14);
            pixels[y * SIDE + x] = (unsigned char)(frame || (inside && !open) ? 90 : x / 2);
        }
    return gif(c, palette, pixels);
}

static enum status store(struct ctx *c, const struct demo *d, struct str bytes, const char *name,
                         struct stored_file *f) {
    TRY(filestore_take_str(c->arena, d->files, bytes, str_of(name), f));
    return filestore_keep(c->arena, d->files, f);
}

static enum status add(struct ctx *c, const struct demo *d, int64_t party, struct str bytes,
                       const char *name) {
    struct stored_file f;
    struct attachment a;
    enum attachment_added how;
    c->batch = 0;
    TRY(store(c, d, bytes, name, &f));
    return attachment_add(c, party, &f, true, false, &how, &a);
}

enum status demo_files(struct ctx *c, const struct demo *d, enum lang lang, int64_t party,
                       bool person, int64_t number) {
    static const char *const names[4][2] = {
        [LANG_FA] = { "قرارداد.txt", "نقشه.gif" },
        [LANG_AR] = { "العقد.txt", "المخطط.gif" },
        [LANG_FR] = { "contrat.txt", "plan.gif" },
        [LANG_EN] = { "contract.txt", "plan.gif" },
    };
    struct stored_file f;
    if (!d->files || number >= DEMO_FILES_FIRST) return OK;
    if (number % 3 == 0) {
        for (int version = 1; version <= 1 + (number % 2 == 0); version++) {
            struct str text = str_printf(c->arena, "%s\n\n%lld/%d\n", names[lang][0],
                                         (long long)number + 1, version);
            TRY(add(c, d, party, text, names[lang][0]));
        }
    }
    if (number % 4 == 0) TRY(add(c, d, party, plan(c, number), names[lang][1]));
    if (!person || number % 5 > 1) return OK;
    c->batch = 0;
    TRY(store(c, d, portrait(c, number), "photo.gif", &f));
    return party_photo_save(c, party, &f);
}
