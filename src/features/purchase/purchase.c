/* Purchases: their rules, their order, their sums. Called by the store, the pages and the line of
 * time; calls lib/db. */
#include "features/purchase/purchase.h"

#include "features/party/party.h"
#include "lib/locale/currency.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"

#define FIELD(...) ENTITY_FIELD(purchase, __VA_ARGS__)
static const struct field purchase_fields[] = {
#include "features/purchase/purchase.def"
};
#undef FIELD

SQL(purchase_ids, "SELECT id FROM purchase WHERE party = :party AND deleted_at IS NULL AND "
                  "(date, id) < (:date, CAST(:id AS BIGINT)) ORDER BY date DESC, id DESC LIMIT "
                  ":limit");
SQL(purchase_sum_since,
    "SELECT currency, CAST(sum(amount) AS BIGINT) AS amount, count(*) AS n FROM purchase WHERE "
    "party = :party AND deleted_at IS NULL AND date >= :since GROUP BY currency ORDER BY n DESC, "
    "currency");

/* --- rules --- */

static enum status check(struct ctx *c, void *row, const void *before) {
    struct purchase *p = row;
    struct day day;
    (void)before;
    if (!p->currency.n) p->currency = c->firm.currency;
    if (!currency_get(p->currency))
        ctx_problem(c, S("currency"), N_("There is no currency “{value}”."),
                    ARG("value", p->currency));
    if (p->date.n && (!day_of_iso(p->date, &day) || !day_valid(day)))
        ctx_problem(c, S("date"), N_("The whole date is needed here, with its year."));
    if (p->amount != NUMBER_NONE &&
        (p->amount > PURCHASE_AMOUNT_MAX || p->amount < -PURCHASE_AMOUNT_MAX))
        ctx_problem(c, S("amount"), N_("This amount is too large."));
    return OK;
}

SQL(purchase_measure_rows,
    "SELECT party, date AS day, amount, currency FROM purchase WHERE party >= :from AND party < "
    ":until AND deleted_at IS NULL");
const struct measure_source purchase_measure = { MEASURE_PURCHASES, &purchase_measure_rows };

/* What the sums know of it; NULL: nothing. */
static const struct measure_row *counted(const struct purchase *p, struct measure_row *to) {
    if (!p || p->row.deleted_at) return NULL;
    *to = (struct measure_row){ p->party, p->amount, p->currency, measure_day(p->date) };
    return to;
}

static enum status saved(struct ctx *c, const void *row, const void *before) {
    struct measure_row is, was;
    return measure_write(c->tx, MEASURE_PURCHASES, counted(before, &was), counted(row, &is));
}

static struct str title(struct ctx *c, const void *row) {
    const struct purchase *p = row;
    (void)c;
    return p->product.n        ? p->product
           : p->product_kind.n ? p->product_kind
           : p->reference.n    ? p->reference
                               : p->date;
}

const struct entity entity_purchase = { .name = "purchase",
                                        .plural = "purchases",
                                        .label = N_("Purchase"),
                                        .label_plural = N_("Purchases"),
                                        .size = sizeof(struct purchase),
                                        .fields = purchase_fields,
                                        .fields_n = COUNT(purchase_fields),
                                        .has_deleted = true,
                                        .party_column = "party",
                                        .may_read = ROLE_READER,
                                        .may_write = ROLE_MEMBER,
                                        .check = check,
                                        .saved = saved,
                                        .title = title };

/* --- their order --- */

enum { ID_BITS = 36 }; /* and 23 bits for days since the year 1 */
#define DAY_ZERO INT64_C(-719163)

int64_t purchase_place(const struct purchase *p) {
    struct day day;
    int64_t days = day_of_iso(p->date, &day) ? day_number(day) - DAY_ZERO : 0;
    return days << ID_BITS | (p->row.id & ((INT64_C(1) << ID_BITS) - 1));
}

enum status purchase_of_party(struct ctx *c, int64_t party, int64_t below, int limit,
                              struct purchases *out) {
    struct rows r;
    void *rows;
    struct str date = S("9999-99-99"); /* behind every day */
    if (below) date = day_iso(c->arena, day_of_number((below >> ID_BITS) + DAY_ZERO));
    TRY(db_query(c->tx, &purchase_ids, &r, P("party", party), P("date", date),
                 P("id", below & ((INT64_C(1) << ID_BITS) - 1)), P("limit", limit)));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    TRY(store_load_all(c, &entity_purchase, ids, r.n, &rows, &out->n));
    out->v = rows;
    return OK;
}

/* Eight in one statement cost two thirds of eight statements. */
#define BARE                                                                                       \
    "INSERT INTO purchase (party, date, amount, currency, product_kind, product, quantity, "       \
    "reference, created_at, created_by, changed_at) VALUES "
#define BARE_ROW(i)                                                                                \
    "(:party" i ", :date" i ", :amount" i ", :currency" i ", :kind" i ", :product" i ", "          \
    ":quantity" i ", :reference" i ", :at" i ", :by" i ", :at" i ")"
SQL(purchase_bare, BARE BARE_ROW("0"));
SQL(purchase_bare_eight,
    BARE BARE_ROW("0") ", " BARE_ROW("1") ", " BARE_ROW("2") ", " BARE_ROW("3") ", " BARE_ROW(
        "4") ", " BARE_ROW("5") ", " BARE_ROW("6") ", " BARE_ROW("7"));

enum { BARE_PARAMS_N = 10 };
#define NAMES(i)                                                                                   \
    {                                                                                              \
        "party" i, "date" i, "amount" i, "currency" i, "kind" i, "product" i, "quantity" i,        \
            "reference" i, "at" i, "by" i                                                          \
    }

static void bare_params(struct ctx *c, const struct purchase *p, int at, struct param *to) {
    static const char *const names[PURCHASE_BARE_N][BARE_PARAMS_N] = {
        NAMES("0"), NAMES("1"), NAMES("2"), NAMES("3"),
        NAMES("4"), NAMES("5"), NAMES("6"), NAMES("7"),
    };
    const char *const *name = names[at];
    *to++ = param_int(*name++, p->party);
    *to++ = param_str(*name++, p->date);
    *to++ = param_int(*name++, p->amount);
    *to++ = param_str(*name++, p->currency);
    *to++ = param_str(*name++, p->product_kind);
    *to++ = param_str(*name++, p->product);
    *to++ = param_int(*name++, p->quantity);
    *to++ = p->reference.n ? param_str(*name, p->reference) : param_null(*name);
    name++;
    *to++ = param_int(*name++, p->row.created_at);
    *to = c->who.id ? param_int(*name, c->who.id) : param_null(*name);
}
#undef NAMES

enum status purchase_add_bare(struct ctx *c, const struct purchase *v, int n) {
    struct param p[1 + PURCHASE_BARE_N * BARE_PARAMS_N] = { { 0 } };
    while (n > 0) {
        int some = n < PURCHASE_BARE_N ? 1 : PURCHASE_BARE_N;
        for (int i = 0; i < some; i++) bare_params(c, &v[i], i, p + 1 + i * BARE_PARAMS_N);
        TRY(db_later_(c->tx, some == 1 ? &purchase_bare : &purchase_bare_eight, p,
                      (size_t)(1 + some * BARE_PARAMS_N)));
        v += some;
        n -= some;
    }
    return OK;
}

/* --- amounts --- */

static struct str shown(struct ctx *c, int64_t amount, struct str currency) {
    struct field f = *entity_field(&entity_purchase, S("amount"));
    f.currency = currency.n ? str_z(c->arena, currency) : NULL;
    return f.kind->show(c, &f, (struct value){ .is_int = true, .i = amount });
}

struct str purchase_amount(struct ctx *c, const struct purchase *p) {
    return shown(c, p->amount, p->currency);
}

enum status purchase_sums(struct ctx *c, int64_t party, struct str since,
                          struct purchase_sums *out) {
    struct rows r;
    *out = (struct purchase_sums){ 0 };
    TRY(db_query(c->tx, &purchase_sum_since, &r, P("party", party),
                 P("since", since.n ? since : S(""))));
    out->v = arena_array(c->arena, struct purchase_sum, r.n + 1);
    for (; out->n < r.n; out->n++) {
        struct purchase_sum *s = &out->v[out->n];
        *s = (struct purchase_sum){ .currency = row_str(&r, out->n, "currency"),
                                    .amount = row_int(&r, out->n, "amount"),
                                    .n = row_int(&r, out->n, "n") };
        s->shown = shown(c, s->amount, s->currency);
        out->all += s->n;
    }
    return OK;
}

const struct relation purchase_relation = {
    .name = "purchases",
    .label = N_("Purchases"),
    .also = "purchase;orders;order;sales;achat;achats;commande;commandes;ventes;خرید;خریدها;"
            "سفارش;سفارش‌ها;سفارشات;فروش‌ها;المشتريات;"
            "مشتريات;"
            "الطلبات;"
            "طلبات;"
            "المبيعات",
    .entity = &entity_purchase,
    .date = "date",
    .amount = "amount",
    .currency = "currency",
    .measure = MEASURE_PURCHASES,
    .first = N_("First purchase"),
    .first_also = "first-order;premier-achat;première-commande;نخستین-خرید;اولین-خرید;"
                  "نخستین-سفارش;أول-شراء;أول-طلب;أول-عملية-شراء",
    .latest = N_("Last purchase"),
    .latest_also = "latest-purchase;last-order;latest-order;dernier-achat;dernière-commande;"
                   "آخرین-خرید;آخرین-سفارش;آخر-شراء;آخر-طلب;آخر-عملية-شراء",
};
