/* Clients as labels: which of their addresses, who stands above it, in which order (label.h).
 * Called by the pages and the command; calls core/entity, party, bond.
 *
 * Clients who do not want e-mails (no_mail), calls or texts get their letter all the same: the
 * fields forbid these ways and not the post, and a bill or a contract has to reach them. Who wants
 * to spare them sets that as a criterion of the list. Clients in the bin and those of others are
 * left out by the store. */
#include "features/bond/bond.h"
#include "features/label/label.h"
#include "lib/locale/collate.h"
#include "lib/text/fold.h"

enum { PIECE_N = 200, LINES_MAX = 4 };

/* --- in which language the address is --- */

static bool latin(struct str s) {
    while (s.n)
        if (utf8_next(&s) >= 0x590) return false;
    return true;
}

static bool among(const char *countries, struct str country) {
    return country.n == 2 && str_find(str_of(countries), country) >= 0;
}

static enum lang language_of(const struct ctx *c, const struct party *p, const struct address *ad,
                             bool arabic) {
    enum lang own, firm = LANG_EN;
    struct str country = ad->country.n ? ad->country : str_of(c->firm.country);
    lang_of(c->firm.language, &firm);
    if (lang_of(p->language, &own) && lang_rtl(own) == arabic) return own;
    if (among("IR AF TJ", country)) return arabic ? LANG_FA : LANG_EN;
    if (among("FR MC", country) && !arabic) return LANG_FR;
    if (lang_rtl(firm) == arabic) return firm;
    if (among("BE LU SN CI ML MA DZ TN", country) && !arabic) return LANG_FR;
    return arabic ? LANG_AR : LANG_EN;
}

/* --- who stands above the address --- */

static bool begins_with_one(struct str name, const char *const *words) {
    for (; *words; words++)
        if (str_starts(name, str_of(*words))) return true;
    return false;
}

/* Title and name as that language writes them: in Persian خانم or آقای goes before دکتر too;
 * elsewhere a title of one's own takes the place of Ms and Mr. */
static struct str with_title(struct arena *a, enum lang lang, const struct party *p,
                             struct str name) {
    static const char *const polite[] = { "آقا", "خانم", "جناب", "سرکار", NULL };
    const char *pattern = NULL;
    struct str all = p->title.n ? str_printf(a, "%.*s %.*s", SF(p->title), SF(name)) : name;
    if (p->title.n && (lang != LANG_FA || begins_with_one(p->title, polite))) return all;
    if (str_eq(p->sex, S("f"))) pattern = N_("Envelope|Ms {name}");
    if (str_eq(p->sex, S("m"))) pattern = N_("Envelope|Mr {name}");
    if (!pattern) return all;
    struct tr_arg arg = { .name = "name", .value = all };
    return tr_fill(a, tr_as(lang, WORD_CLIENT, pattern), &arg, 1);
}

static struct str name_of(struct arena *a, const struct party *p, enum lang lang, bool arabic,
                          bool title) {
    struct str name = p->display_name;
    if (!arabic && !latin(name) && p->latin_name.n) name = p->latin_name;
    return title && party_is_person(p) ? with_title(a, lang, p, name) : name;
}

/* The first person who works there now; nothing when the member sees none. */
static enum status contact_of(struct ctx *c, const struct party *p, enum lang lang, bool arabic,
                              bool title, struct str *out) {
    struct bonds bonds;
    TRY(bond_of_party(c, p->row.id, &bonds));
    for (int i = 0; i < bonds.n; i++) {
        struct party *who;
        int n;
        if (bonds.v[i].organisation != p->row.id || bonds.v[i].until_date.n) continue;
        TRY(store_load_all(c, &entity_party, &bonds.v[i].person, 1, (void **)&who, &n));
        if (n == 0 || who->row.deleted_at) continue;
        struct tr_arg arg = { .name = "name",
                              .value = name_of(c->arena, who, lang, arabic, title) };
        *out = tr_fill(c->arena, tr_as(lang, WORD_CLIENT, N_("Envelope|Attn: {name}")), &arg, 1);
        return OK;
    }
    return OK;
}

/* In France the firm stands above the person (NF Z 10-011), elsewhere below. */
static enum status recipient(struct ctx *c, const struct label_choice *ch, const struct party *p,
                             const struct address *ad, struct str firm, bool arabic, enum lang lang,
                             struct strs *out) {
    struct str name = name_of(c->arena, p, lang, arabic, ch->title), contact = NO_STR;
    struct str country = ad->country.n ? ad->country : str_of(c->firm.country);
    *out = (struct strs){ arena_array(c->arena, struct str, LINES_MAX), 0 };
    if (!party_is_person(p)) {
        if (ch->contact) TRY(contact_of(c, p, lang, arabic, ch->title, &contact));
        out->v[out->n++] = name;
        if (contact.n) out->v[out->n++] = contact;
        return OK;
    }
    bool work = ch->organisation && firm.n && !str_eq(ad->kind, S("home"));
    bool above = str_eq(country, S("FR"));
    if (work && above) out->v[out->n++] = firm;
    out->v[out->n++] = name;
    if (work && !above) out->v[out->n++] = firm;
    return OK;
}

/* --- which address --- */

/* The kind that was asked for, then whatever can be delivered to, then whatever is there. */
static const struct address *choose(const struct party *p, struct str kind) {
    const struct address *best = NULL;
    int best_worth = -1;
    for (int i = 0; i < p->addresses.n; i++) {
        const struct address *ad = &p->addresses.v[i];
        int worth = (address_reachable(ad) ? 2 : 0) + (kind.n && str_eq(ad->kind, kind) ? 1 : 0);
        if (worth > best_worth) {
            best = ad;
            best_worth = worth;
        }
    }
    return best;
}

static bool in_arabic(const struct address *ad) {
    struct arena *a = arena_new();
    bool arabic = address_envelope(a, LANG_EN, "", ad, (struct strs){ NULL, 0 }, false).arabic;
    arena_free(a);
    return arabic;
}

static enum label_fault fault_of(const struct label_choice *ch, unsigned flaws) {
    if (flaws & ENVELOPE_EMPTY) return LABEL_NO_ADDRESS;
    if ((flaws & ENVELOPE_NO_POSTCODE) && !ch->no_postcode_too) return LABEL_NO_POSTCODE;
    return LABEL_GOOD;
}

/* Own country first, then by country, then by code as the post sorts it. */
static struct str post_key(struct ctx *c, const struct address *ad) {
    struct str country = ad->country;
    if (str_eq_z(country, c->firm.country)) country = NO_STR;
    return str_printf(c->arena, "%.*s %.*s", SF(country), SF(fold(c->arena, ad->postcode)));
}

static enum status label_of(struct ctx *c, const struct label_choice *ch, const struct party *p,
                            struct str firm_name, struct label *out) {
    enum lang firm = LANG_EN;
    struct strs who;
    const struct address *ad = choose(p, ch->kind);
    *out = (struct label){ .party = p->row.id, .name = p->display_name, .fault = LABEL_NO_ADDRESS };
    out->name_key = collator_key(c->collator, c->arena, p->display_name);
    if (!ad) return OK;
    bool arabic = in_arabic(ad);
    lang_of(c->firm.language, &firm);
    out->lang = language_of(c, p, ad, arabic);
    TRY(recipient(c, ch, p, ad, firm_name, arabic, out->lang, &who));
    out->recipient_n = who.n;
    out->envelope = address_envelope(c->arena, firm, c->firm.country, ad, who, ch->country);
    out->post_key = post_key(c, ad);
    out->fault = fault_of(ch, out->envelope.flaws);
    return OK;
}

/* --- many --- */

/* Names of where these people work, as far as the member may see them. */
static enum status firms_of(struct ctx *c, const struct party *people, int n, struct str *out) {
    int64_t *ids = arena_array(c->arena, int64_t, n), *firm_ids = arena_array(c->arena, int64_t, n);
    struct bond *bonds = arena_array(c->arena, struct bond, n);
    struct party *firms;
    int firms_n, seen_n = 0;
    for (int i = 0; i < n; i++) ids[i] = people[i].row.id;
    TRY(bond_employers(c, ids, n, bonds));
    for (int i = 0; i < n; i++)
        if (bonds[i].organisation) firm_ids[seen_n++] = bonds[i].organisation;
    if (!seen_n) return OK;
    TRY(store_load_all(c, &entity_party, firm_ids, seen_n, (void **)&firms, &firms_n));
    for (int i = 0; i < n; i++)
        for (int k = 0; k < firms_n; k++)
            if (firms[k].row.id == bonds[i].organisation && !firms[k].row.deleted_at)
                out[i] = firms[k].display_name;
    return OK;
}

static enum status add_all(struct ctx *c, const struct label_choice *ch, const int64_t *ids, int n,
                           struct labels *out) {
    struct party *rows;
    int rows_n;
    TRY(store_load_all(c, &entity_party, ids, n, (void **)&rows, &rows_n));
    struct str *firms = arena_array(c->arena, struct str, rows_n);
    if (ch->organisation && rows_n) TRY(firms_of(c, rows, rows_n, firms));
    out->v = arena_grow(c->arena, out->v, sizeof *out->v * (size_t)out->n,
                        sizeof *out->v * (size_t)(out->n + rows_n));
    for (int i = 0; i < rows_n; i++)
        if (!rows[i].row.deleted_at) TRY(label_of(c, ch, &rows[i], firms[i], &out->v[out->n++]));
    return OK;
}

static enum status too_many(struct ctx *c) {
    return ctx_problem(
        c, S("label.copies"),
        N_("At most {n} labels at once. Add a filter to the list, or make fewer copies."),
        ARG("n", str_printf(c->arena, "%d", LIMIT_LABELS_N)));
}

static enum status walk(struct ctx *c, const struct list_query *q, const struct label_choice *ch,
                        struct labels *out) {
    int64_t after = 0, ids[PIECE_N];
    int n = 1;
    while (n) {
        TRY(list_walk(c, q, &after, ids, PIECE_N, &n));
        if ((out->n + n) * ch->copies > LIMIT_LABELS_N) return too_many(c);
        if (n) TRY(add_all(c, ch, ids, n, out));
    }
    return OK;
}

static int by_name(const void *a, const void *b) {
    const struct label *x = a, *y = b;
    int d = str_cmp(x->name_key, y->name_key);
    return d ? d : (x->party > y->party) - (x->party < y->party);
}

static int by_postcode(const void *a, const void *b) {
    const struct label *x = a, *y = b;
    int d = str_cmp(x->post_key, y->post_key);
    return d ? d : by_name(a, b);
}

enum status label_gather(struct ctx *c, const struct list_query *q, const struct label_choice *ch,
                         int cap, struct labels *out) {
    struct list_query all = *q;
    struct list_page page = { .ids = ch->clients, .n = ch->clients_n };
    all.after = all.before = all.letter = NO_STR;
    *out = (struct labels){ 0 };
    if (ch->clients_n) {
        if (ch->clients_n * ch->copies > LIMIT_LABELS_N) return too_many(c);
    } else if (cap) {
        all.sort = S("display_name");
        all.limit = cap;
        all.no_total = true;
        TRY(list_run(c, &all, &page));
    }
    if (ch->clients_n || cap)
        TRY(add_all(c, ch, page.ids, page.n, out));
    else
        TRY(walk(c, &all, ch, out));
    if (out->n)
        qsort(out->v, (size_t)out->n, sizeof *out->v,
              ch->sort == SORT_POSTCODE ? by_postcode : by_name);
    return OK;
}

const char *label_fault_text(enum label_fault f) {
    switch (f) {
    case LABEL_NO_ADDRESS: return N_("No address to deliver to");
    case LABEL_NO_POSTCODE: return N_("No postal code, which this country needs");
    case LABEL_NO_GLYPH: return N_("Letters that no font of this computer has");
    case LABEL_TOO_LARGE: return N_("Too long for this size");
    default: return "";
    }
}
