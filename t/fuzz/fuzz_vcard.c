/* Any bytes through lib/text/vcard: blocks of any size give the same cards; what is written comes
 * back; nothing that a property says is ever more than it holds. */
#include "drip.h"
#include "lib/text/vcard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_same(const struct vcard *x, const struct vcard *y) {
    if (x->n != y->n || x->line != y->line || x->version != y->version ||
        x->faults_n != y->faults_n)
        BUG("blocks matter");
    for (int i = 0; i < x->n; i++)
        if (!str_eq(x->v[i].name, y->v[i].name) || !str_eq(x->v[i].value, y->v[i].value) ||
            x->v[i].line != y->v[i].line || x->v[i].params_n != y->v[i].params_n)
            BUG("blocks matter");
}

static void say_all(struct arena *a, const struct vcard_prop *p) {
    struct str iso, type, bytes;
    if (!utf8_valid(p->value) || !utf8_valid(vcard_text(a, p))) BUG("not UTF-8");
    if (!vcard_parts(a, p, ",").n && p->value.p) BUG("no component");
    (void)vcard_list(a, p);
    (void)vcard_pref(p);
    if (vcard_date(a, p, &iso) && iso.n != 10 && iso.n != 7) BUG("no date");
    if (vcard_data(a, p, &type, &bytes) == VCARD_DATA_BYTES && bytes.n > p->value.n) BUG("grew");
}

/* The texts of a card, written and read again. */
static void expect_back(struct arena *a, const struct vcard *card, enum vcard_version version) {
    struct buf b = { .arena = a };
    struct vcard_out o = { &b, version };
    struct vcard back;
    vcard_write_begin(&o);
    for (int i = 0; i < card->n; i++) vcard_write_text(&o, "NOTE", vcard_text(a, &card->v[i]));
    vcard_write_end(&o);
    struct str rest = buf_str(&b);
    struct vcard_reader *r = vcard_open(csv_from_str(&rest), NULL);
    if (vcard_next(r, a, &back) != VCARD_CARD || back.n != card->n || back.faults_n)
        BUG("a line was broken");
    vcard_close(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct str text = { (const char *)data, size }, rest = text;
    struct drip d = { .rest = text, .step = 1 + size % 5 };
    struct arena *a = arena_new();
    struct vcard x, y;
    struct vcard_reader *whole = vcard_open(csv_from_str(&rest), "windows-1256");
    struct vcard_reader *dripped =
        vcard_open((struct csv_source){ drip_read, NULL, &d }, "windows-1256");
    enum vcard_event e;
    do {
        e = vcard_next(whole, a, &x);
        if (vcard_next(dripped, a, &y) != e) BUG("blocks matter");
        expect_same(&x, &y);
        for (int i = 0; i < x.n; i++) say_all(a, &x.v[i]);
        if (e == VCARD_CARD && x.n < LIMIT_VCARD_LINES_N)
            expect_back(a, &x, size % 2 ? VCARD_30 : VCARD_40);
    } while (e == VCARD_CARD);
    vcard_close(whole);
    vcard_close(dripped);
    arena_free(a);
    return 0;
}
