/* Clients as vCards, 4.0 (RFC 6350, 9554) and 3.0 (RFC 2426) for old phones: a format of export.h,
 * and the card of one client. What import reads back is what sheet_card.c reads. Private fields
 * never stand here. Calls lib/text/vcard. */
#include <unistd.h>

#include "features/import/export.h"

#include "core/app/filestore.h"
#include "core/exchange/exchange.h"
#include "core/web/journal.h"
#include "features/import/import.h"
#include "features/import/pages.h"
#include "features/party/party.h"
#include "lib/locale/date.h"
#include "lib/locale/region.h"
#include "lib/locale/zone.h"
#include "lib/image/image.h"
#include "lib/text/vcard.h"

enum { PHOTO_PX = 320, PHOTO_MAX = 512 << 10 };

struct writing {
    struct ctx *c;
    struct app *app; /* NULL: without photos */
    struct vcard_out o;
    bool new; /* 4.0 */
};

static const char *head(struct writing *w, const char *name, const char *type, bool first) {
    struct buf b = { .arena = w->c->arena };
    buf_add_z(&b, name);
    if (*type) buf_printf(&b, ";TYPE=%s", type);
    if (first && w->new) buf_add_z(&b, ";PREF=1");
    if (first && !w->new) buf_add_z(&b, *type ? ",pref" : ";TYPE=pref");
    return str_z(w->c->arena, buf_str(&b));
}

static void text(struct writing *w, const char *name, struct str value) {
    if (value.n) vcard_write_text(&w->o, name, value);
}

static void names(struct writing *w, const struct party *p) {
    struct str n[] = { p->family_name, p->given_name, NO_STR, p->title, NO_STR };
    struct str latin = p->latin_name;
    bool person = party_is_person(p);
    if (w->new) vcard_write_raw(&w->o, "KIND", person ? S("individual") : S("org"));
    vcard_write_text(&w->o, "FN", p->display_name);
    vcard_write_parts(&w->o, "N", n, COUNT(n));
    if (w->new) text(w, "FN;SCRIPT=Latn", latin);
    text(w, "NICKNAME", p->nickname);
    if (w->new && p->sex.n) vcard_write_raw(&w->o, "GENDER", *p->sex.p == 'f' ? S("F") : S("M"));
}

/* 4.0 knows only the form without hyphens. */
static void birthday(struct writing *w, struct str iso) {
    struct buf b = { .arena = w->c->arena };
    bool no_year = str_starts(iso, S("--"));
    if (!iso.n) return;
    if (no_year && w->new) buf_add_z(&b, "--");
    for (size_t i = 0; i < iso.n; i++)
        if (iso.p[i] != '-' || !w->new) buf_add_c(&b, iso.p[i]);
    vcard_write_raw(&w->o, "BDAY", buf_str(&b));
}

static const char *phone_type(struct str kind) {
    return str_eq_z(kind, "mobile") ? "cell" : kind.n ? kind.p : "";
}

static void phones(struct writing *w, const struct party *p) {
    struct arena *a = w->c->arena;
    for (int i = 0; i < p->phones.n; i++) {
        const struct phone *ph = &p->phones.v[i];
        const char *type = str_z(a, str_of(phone_type(ph->kind)));
        struct str e164 = ph->e164, ext = ph->ext;
        const char *is = head(w, "TEL", type, i == 0 && p->phones.n > 1);
        if (!e164.n) {
            struct str typed =
                ext.n ? str_printf(a, "%.*s x%.*s", SF(ph->number), SF(ext)) : ph->number;
            vcard_write_text(&w->o, is, typed);
        } else if (w->new) {
            is = str_z(a, str_printf(a, "%s;VALUE=uri", is));
            vcard_write_raw(&w->o, is,
                            ext.n ? str_printf(a, "tel:%.*s;ext=%.*s", SF(e164), SF(ext))
                                  : str_printf(a, "tel:%.*s", SF(e164)));
        } else {
            vcard_write_text(&w->o, is,
                             ext.n ? str_printf(a, "%.*s x%.*s", SF(e164), SF(ext)) : e164);
        }
    }
}

static struct str both(struct arena *a, struct str x, struct str y, const char *between) {
    if (!x.n || !y.n) return x.n ? x : y;
    return str_printf(a, "%.*s%s%.*s", SF(x), between, SF(y));
}

/* The seven components that everybody knows hold all; the eleven of RFC 9554 behind them hold the
 * parts of the street each for itself. */
static void address(struct writing *w, const struct address *ad, bool first) {
    struct arena *a = w->c->arena;
    struct str country = ad->country.n ? country_name(a, w->c->loc->lang, ad->country) : NO_STR;
    struct str v[18] = { ad->po_box, ad->unit,   both(a, ad->street, ad->plaque, ", "),
                         ad->town,   ad->region, ad->postcode,
                         country };
    const char *is = head(w, "ADR", str_z(a, ad->kind), first);
    bool parts = ad->plaque.n || ad->unit.n || ad->line2.n || ad->neighbourhood.n;
    if (w->new) {
        if (ad->country.n) is = str_z(a, str_printf(a, "%s;CC=%.*s", is, SF(ad->country)));
        v[1] = both(a, v[1], both(a, ad->line2, ad->neighbourhood, ", "), ", ");
        v[8] = ad->unit;
        v[10] = ad->plaque;
        v[11] = ad->street;
        v[12] = ad->line2;
        v[15] = ad->neighbourhood;
    } else {
        v[2] = both(a, v[2], both(a, ad->line2, ad->neighbourhood, ", "), "\n");
    }
    vcard_write_parts(&w->o, is, v, w->new &&parts ? COUNT(v) : 7);
}

static enum status tags(struct writing *w, const struct party *p) {
    struct str v[LIMIT_MANY_N];
    int n = 0;
    for (int i = 0; i < p->tags.n && n < LIMIT_MANY_N; i++) {
        v[n] = entity_party_tag.title(w->c, &p->tags.v[i]);
        n += v[n].n > 0;
    }
    if (n) vcard_write_list(&w->o, "CATEGORIES", v, n);
    return OK;
}

static struct str read_small(struct arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    struct str s = NO_STR;
    if (!f) return s;
    char *p = arena_alloc(a, PHOTO_MAX);
    s = (struct str){ p, fread(p, 1, PHOTO_MAX, f) };
    fclose(f);
    return s.n < PHOTO_MAX ? s : NO_STR;
}

/* The small picture that the pages show: what came in may be large, and tell where it was taken. A
 * picture that cannot be drawn any more does not hinder the card. */
static enum status photo(struct writing *w, const struct party *p) {
    struct arena *a = w->c->arena;
    struct stored_file f;
    const char *type;
    if (!w->app || !p->photo) return OK;
    enum status s = filestore_find(w->c, p->photo, &f);
    if (s != OK) return s == MISSING ? OK : s;
    struct str bytes = read_small(a, filestore_preview(w->app, a, f.sha256, PHOTO_PX));
    if (!bytes.n && image_can_preview(f.type)) {
        const char *in = filestore_path(a, filestore_folder(w->app, a), f.sha256);
        unsigned char name[8];
        random_bytes(name, sizeof name);
        const char *out =
            app_path(w->app, a,
                     str_z(a, str_printf(a, "tmp/vcard-%.*s", SF(str_hex(a, name, sizeof name)))));
        if (image_preview(w->app->box, a, in, f.type, PHOTO_PX, out, &type) == OK)
            bytes = read_small(a, out);
        unlink(out);
    }
    type = image_sniff(bytes);
    if (bytes.n && (!strcmp(type, "image/jpeg") || !strcmp(type, "image/png")))
        vcard_write_data(&w->o, "PHOTO", type, bytes);
    return OK;
}

static void who_and_when(struct writing *w, const struct party *p) {
    struct arena *a = w->c->arena;
    struct local_time t = zone_local(NULL, p->row.changed_at);
    bool uri = str_starts(p->row.uid, S("urn:"));
    vcard_write_raw(&w->o, "PRODID", S("-//Daftar//Daftar//EN"));
    vcard_write_text(&w->o, w->new && !uri ? "UID;VALUE=text" : "UID", p->row.uid);
    vcard_write_raw(
        &w->o, "REV",
        str_printf(a, w->new ? "%04d%02d%02dT%02d%02d%02dZ" : "%04d-%02d-%02dT%02d:%02d:%02dZ",
                   t.day.year, t.day.month, t.day.day, t.hour, t.minute, t.second));
}

static enum status card(struct writing *w, const struct party *p, struct str company,
                        struct str job_title) {
    bool person = party_is_person(p);
    vcard_write_begin(&w->o);
    who_and_when(w, p);
    names(w, p);
    birthday(w, p->birth_date);
    phones(w, p);
    for (int i = 0; i < p->emails.n; i++)
        vcard_write_text(
            &w->o,
            head(w, "EMAIL", str_z(w->c->arena, p->emails.v[i].kind), i == 0 && p->emails.n > 1),
            p->emails.v[i].email);
    for (int i = 0; i < p->addresses.n; i++)
        address(w, &p->addresses.v[i], i == 0 && p->addresses.n > 1);
    if (p->website.n) vcard_write_raw(&w->o, "URL", p->website);
    text(w, "ORG", person ? company : p->display_name);
    if (person) text(w, "TITLE", job_title);
    if (w->new) text(w, "LANG", p->language);
    text(w, w->new ? "TZ" : "TZ;VALUE=text", p->zone);
    text(w, "NOTE", p->special);
    TRY(tags(w, p));
    TRY(photo(w, p));
    vcard_write_end(&w->o);
    return OK;
}

static int extra_at(const char *code) {
    for (int i = 0; i < party_shape.extras_n; i++)
        if (strcmp(party_shape.extras[i].code, code) == 0) return i;
    BUG("there is no %s", code);
}

static enum status cards(struct app *app, struct ctx *c, const struct party *p, int n,
                         enum vcard_version version, struct buf *out) {
    int extras_n = party_shape.extras_n, company = extra_at("company"), job = extra_at("job_title");
    struct str *extras = arena_array(c->arena, struct str, n * extras_n + 1);
    struct writing w = { c, app, { out, version }, version == VCARD_40 };
    TRY(party_shape.read_extras(c, p, n, extras));
    for (int i = 0; i < n; i++)
        TRY(card(&w, &p[i], extras[i * extras_n + company], extras[i * extras_n + job]));
    return OK;
}

enum status party_cards(struct ctx *c, const struct party *p, int n, struct buf *out) {
    return cards(NULL, c, p, n, VCARD_40, out);
}

/* --- formats --- */

static enum status rows_40(struct export_work *w, struct ctx *c, const void *rows, int n,
                           struct buf *out) {
    return cards(w->app, c, rows, n, VCARD_40, out);
}

static enum status rows_30(struct export_work *w, struct ctx *c, const void *rows, int n,
                           struct buf *out) {
    return cards(w->app, c, rows, n, VCARD_30, out);
}

const struct export_format export_vcard = { .code = "vcard",
                                            .type = "text/vcard; charset=utf-8",
                                            .ending = "vcf",
                                            .only_clients = true,
                                            .rows = rows_40 };
const struct export_format export_vcard3 = { .code = "vcard3",
                                             .type = "text/vcard; charset=utf-8",
                                             .ending = "vcf",
                                             .only_clients = true,
                                             .rows = rows_30 };

/* --- /clients/{id}/card.vcf --- */

enum status client_card(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    struct buf b = { .arena = c->arena };
    struct str version = req_query(r, "version");
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (version.n && !str_eq_z(version, "3") && !str_eq_z(version, "4")) return MALFORMED;
    TRY(store_load(c, &entity_party, id, &p));
    TRY(cards(r->app, c, &p, 1, str_eq_z(version, "3") ? VCARD_30 : VCARD_40, &b));
    journal_left(r->app, c, "party", &id, 1);
    send_as(r, str_printf(c->arena, "%.*s.vcf", SF(p.display_name)));
    r->headers.v[r->headers.n - 1].value = str_of(export_vcard.type);
    r->raw = arena_new_of(c->arena, struct http_reply);
    r->raw->body = buf_str(&b);
    return OK;
}
