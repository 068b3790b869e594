/* What files of purchases need beyond the fields: whose they are, and which are here already.
 * Called by core/exchange. */
#include "core/entity/list.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"

enum { EXTRA_NUMBER, EXTRA_EMAIL, EXTRA_PHONE, EXTRA_NAME, EXTRAS_N };

static const struct exchange_extra extras[EXTRAS_N] = {
    { "client_number", N_("Client: number"),
      "client number;client id;client no;customer number;customer id;customer no;customer;client;"
      "customer code;own id;own number;account;account number;numéro client;numéro de client;"
      "code client;id client;شماره مشتری;کد مشتری;شناسه مشتری;رقم العميل;معرف العميل;كود العميل",
      false, NULL },
    { "client_email", N_("Client: e-mail"),
      "email;e-mail;mail;client email;customer email;email address;courriel;adresse e-mail;ایمیل;"
      "رایانامه;پست الکترونیک;ایمیل مشتری;البريد الإلكتروني;بريد العميل",
      false, NULL },
    { "client_phone", N_("Client: phone"),
      "phone;mobile;telephone;client phone;customer phone;phone number;téléphone;portable;تلفن;"
      "موبایل;شماره تلفن;تلفن مشتری;الهاتف;الجوال;هاتف العميل",
      true, NULL },
    { "client_name", N_("Client: full name"),
      "name;client name;customer name;full name;nom;nom du client;nom complet;نام;نام مشتری;"
      "نام و نام خانوادگی;الاسم;اسم العميل;الاسم الكامل",
      false, NULL },
};
static const char *const match_by[] = { "reference", NULL };

SQL(purchase_owner_number, "SELECT id FROM party WHERE own_id = :key AND deleted_at IS "
                           "NULL" VISIBLE_PARTY " ORDER BY id LIMIT 50");
SQL(purchase_owner_email,
    "SELECT DISTINCT email.party AS id FROM email JOIN party ON party.id = email.party WHERE "
    "email.email_key = :key AND party.deleted_at IS NULL" VISIBLE_PARTY " ORDER BY 1 LIMIT 50");
SQL(purchase_owner_phone,
    "SELECT DISTINCT phone.party AS id FROM phone JOIN party ON party.id = phone.party WHERE "
    "phone.e164 = :key AND party.deleted_at IS NULL" VISIBLE_PARTY " ORDER BY 1 LIMIT 50");
/* What this very import made or changed was meant by another of its rows. */
#define NOT_OF_THIS_FILE                                                                           \
    "purchase.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM change WHERE change.entity = "      \
    "'purchase' AND change.row_id = purchase.id AND change.batch = :batch) "
SQL(purchase_same_reference,
    "SELECT id FROM purchase WHERE party = :party AND date = :date AND reference = :reference "
    "AND " NOT_OF_THIS_FILE "ORDER BY CASE WHEN coalesce(product, '') = :product THEN 0 ELSE 1 "
    "END, id LIMIT 1");
SQL(purchase_alike,
    "SELECT id FROM purchase WHERE party = :party AND date = :date AND amount = :amount AND "
    "currency = :currency AND " NOT_OF_THIS_FILE "ORDER BY id LIMIT :max");

/* --- whose --- */

enum { OWNERS_MAX = 50 };
struct owners { /* who it may still be */
    int64_t v[OWNERS_MAX];
    int n, last; /* last: the extra that said so */
    bool asked, refused;
};

/* Two who share an e-mail are told apart by what else the row says; what nobody here has says
 * nothing. */
static void narrow(struct ctx *c, struct owners *o, int extra, const struct rows *r) {
    int64_t both[OWNERS_MAX];
    int n = 0;
    bool first = o->n == 0;
    o->asked = true;
    if (!r->n || o->refused) return;
    for (int i = 0; i < r->n; i++) {
        int64_t id = row_int(r, i, "id");
        bool may = first;
        for (int k = 0; k < o->n && !may; k++) may = o->v[k] == id;
        if (may) both[n++] = id;
    }
    o->refused = n == 0;
    if (o->refused)
        ctx_problem(c, str_of(extras[extra].code),
                    N_("This is another client than the one named before."));
    for (int i = 0; i < n; i++) o->v[i] = both[i];
    o->n = n;
    o->last = extra;
}

static enum status look(struct ctx *c, struct owners *o, int extra, const struct sql *sql,
                        struct str key) {
    struct rows r = { 0 };
    if (key.n) TRY(db_query(c->tx, sql, &r, P("key", key), P_VISIBLE(c)));
    narrow(c, o, extra, &r);
    return OK;
}

/* As a search finds him, whatever the case, accents and script marks; the whole name, no part. */
static enum status look_name(struct ctx *c, struct owners *o, struct str name) {
    struct list_query q = {
        .entity = &entity_party, .search = name, .limit = OWNERS_MAX, .no_total = true
    };
    struct list_page page = { 0 };
    struct str wanted = fold(c->arena, name);
    o->asked = true;
    o->last = EXTRA_NAME;
    if (name.n > LIMIT_QUERY) return OK;
    TRY(list_run(c, &q, &page));
    TRY(entity_titles(c, &entity_party, page.ids, page.n));
    for (int i = 0; i < page.n && o->n < OWNERS_MAX; i++)
        if (str_eq(fold(c->arena, entity_title(c, &entity_party, page.ids[i])), wanted))
            o->v[o->n++] = page.ids[i];
    return OK;
}

static struct str e164(struct ctx *c, struct str typed) {
    struct phone_number n;
    if (!phone_parse(c->arena, typed, ctx_country(c), &n)) return NO_STR;
    return str_dup(c->arena, str_of(n.e164));
}

/* Number, e-mail and phone must mean one and the same client; his name alone counts only where none
 * of them is given, since names are not alone. */
static enum status settle(struct ctx *c, void *row, const struct str *extra) {
    struct purchase *p = row;
    struct owners o = { .n = 0 };
    struct str number = extra[EXTRA_NUMBER], email = extra[EXTRA_EMAIL], phone = extra[EXTRA_PHONE];
    if (number.n) TRY(look(c, &o, EXTRA_NUMBER, &purchase_owner_number, number));
    if (email.n) TRY(look(c, &o, EXTRA_EMAIL, &purchase_owner_email, fold_email(c->arena, email)));
    if (phone.n) TRY(look(c, &o, EXTRA_PHONE, &purchase_owner_phone, e164(c, phone)));
    if (!o.asked && extra[EXTRA_NAME].n) TRY(look_name(c, &o, extra[EXTRA_NAME]));
    p->party = o.n == 1 ? o.v[0] : 0;
    if (p->party || o.refused) return p->party ? OK : INVALID;
    if (o.n > 1)
        return ctx_problem(c, str_of(extras[o.last].code), N_("More than one client has this."));
    for (int i = 0; i < EXTRAS_N; i++)
        if (extra[i].n)
            return ctx_problem(c, str_of(extras[i].code), N_("There is no such client here."));
    return ctx_problem(c, NO_STR,
                       N_("Whose purchase is it? A number, e-mail, phone or full name of the "
                          "client is needed."));
}

/* --- the row --- */

static enum status complete(struct ctx *c, void *row, struct str *extra, const bool *given,
                            bool one_name_column) {
    struct purchase *p = row;
    (void)extra, (void)given, (void)one_name_column;
    if (!p->currency.n) p->currency = c->firm.currency; /* in which the amount was read */
    return OK;
}

static enum status match(struct ctx *c, struct str by, void *row, int64_t *id, struct str *key) {
    const struct purchase *p = row;
    struct rows r;
    *id = 0;
    *key = NO_STR; /* of two lines of one order both come in */
    if (!by.n) return OK;
    if (!str_eq_z(by, "reference")) {
        ctx_problem(c, S("match"), N_("Matching by “{value}” is not possible."), ARG("value", by));
        return MALFORMED;
    }
    if (!p->reference.n || !p->party) return OK;
    TRY(db_query(c->tx, &purchase_same_reference, &r, P("party", p->party), P("date", p->date),
                 P("reference", p->reference), P("product", p->product.n ? p->product : S("")),
                 P("batch", c->batch)));
    *id = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

static enum status alike(struct ctx *c, void *row, int64_t *ids, int max, int *n) {
    const struct purchase *p = row;
    struct rows r;
    *n = 0;
    if (!p->party || p->amount == NUMBER_NONE) return OK;
    TRY(db_query(c->tx, &purchase_alike, &r, P("party", p->party), P("date", p->date),
                 P("amount", p->amount), P("currency", p->currency), P("batch", c->batch),
                 P("max", max)));
    for (; *n < r.n; ++*n) ids[*n] = row_int(&r, *n, "id");
    return OK;
}

static enum status read_extras(struct ctx *c, const void *rows, int n, struct str *out) {
    const struct purchase *p = rows;
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    void *loaded;
    int ids_n = 0, parties_n;
    struct map by_id = { .arena = c->arena };
    for (int i = 0; i < n; i++) {
        void **there = map_at(&by_id, str_printf(c->arena, "%lld", (long long)p[i].party));
        if (!*there) ids[ids_n++] = p[i].party;
        *there = &by_id;
    }
    TRY(store_load_all(c, &entity_party, ids, ids_n, &loaded, &parties_n));
    struct party *parties = loaded;
    for (int i = 0; i < parties_n; i++)
        *map_at(&by_id, str_printf(c->arena, "%lld", (long long)parties[i].row.id)) = &parties[i];
    for (int i = 0; i < n; i++) {
        struct str key = str_printf(c->arena, "%lld", (long long)p[i].party);
        const struct party *who = map_get(&by_id, key);
        if (!who || (const void *)who == (const void *)&by_id) continue;
        out[i * EXTRAS_N + EXTRA_NUMBER] = who->own_id;
        if (who->emails.n) out[i * EXTRAS_N + EXTRA_EMAIL] = who->emails.v[0].email;
        out[i * EXTRAS_N + EXTRA_NAME] = who->display_name;
    }
    return OK;
}

const struct exchange_shape purchase_shape = { .entity = &entity_purchase,
                                               .extras = extras,
                                               .extras_n = EXTRAS_N,
                                               .match_by = match_by,
                                               .match_standard = "reference",
                                               .owner = "party",
                                               .repeats = true,
                                               .complete = complete,
                                               .settle = settle,
                                               .match = match,
                                               .namesakes = alike,
                                               .read_extras = read_extras };
