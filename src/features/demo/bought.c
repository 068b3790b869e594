/* Invented purchases (bought.h). Every client has a weight that his number and the seed decide (a
 * third has none), so that any number of purchases falls on them the same way each time. Called by
 * command.c; calls the purchases' bulk insert. */
#include "features/demo/bought.h"

#include "features/purchase/purchase.h"
#include "lib/locale/currency.h"
#include "lib/locale/date.h"
#include "lib/locale/locale.h"

enum { KINDS = 8, EACH = 5, CLIENTS = 20000, LOOK_EVERY = 64, DAYS = 3 * 365, WEIGHT_MAX = 60 };
enum { RETURNED = 2, ABROAD = 3, WITH_REFERENCE = 60 }; /* percent */

struct ware {
    const char *kind, *products[EACH];
};
static const struct ware wares[LANG_N][KINDS] = {
    [LANG_EN] = { { "Books", { "Atlas", "Cookbook", "Novel", "Dictionary", "Picture book" } },
                  { "Kitchen", { "Kettle", "Pan", "Knife set", "Teapot", "Bread box" } },
                  { "Garden", { "Spade", "Seeds", "Watering can", "Rose bush", "Gloves" } },
                  { "Office", { "Desk lamp", "Notebook", "Pen", "Folder", "Chair" } },
                  { "Clothing", { "Scarf", "Coat", "Shirt", "Hat", "Shoes" } },
                  { "Food", { "Tea", "Saffron", "Honey", "Olive oil", "Chocolate" } },
                  { "Music",
                    { "Violin strings", "Record", "Guitar", "Drum sticks", "Piano stool" } },
                  { "Repair",
                    { "Inspection", "Cleaning", "Spare part", "Service hour", "Delivery" } } },
    [LANG_FR] = { { "Livres", { "Atlas", "Livre de cuisine", "Roman", "Dictionnaire", "Album" } },
                  { "Cuisine", { "Bouilloire", "Poêle", "Couteaux", "Théière", "Boîte à pain" } },
                  { "Jardin", { "Bêche", "Graines", "Arrosoir", "Rosier", "Gants" } },
                  { "Bureau", { "Lampe", "Carnet", "Stylo", "Classeur", "Chaise" } },
                  { "Vêtements", { "Écharpe", "Manteau", "Chemise", "Chapeau", "Chaussures" } },
                  { "Épicerie", { "Thé", "Safran", "Miel", "Huile d’olive", "Chocolat" } },
                  { "Musique",
                    { "Cordes de violon", "Disque", "Guitare", "Baguettes", "Tabouret" } },
                  { "Réparation",
                    { "Contrôle", "Nettoyage", "Pièce", "Heure de service", "Livraison" } } },
    [LANG_FA] = { { "کتاب", { "اطلس", "کتاب آشپزی", "رمان", "فرهنگ لغت", "کتاب کودک" } },
                  { "آشپزخانه", { "کتری", "تابه", "چاقو", "قوری", "ظرف نان" } },
                  { "باغبانی", { "بیل", "بذر", "آب‌پاش", "گل رز", "دستکش" } },
                  { "اداری", { "چراغ مطالعه", "دفتر", "خودنویس", "پوشه", "صندلی" } },
                  { "پوشاک", { "شال", "پالتو", "پیراهن", "کلاه", "کفش" } },
                  { "خوراکی", { "چای", "زعفران", "عسل", "روغن زیتون", "شکلات" } },
                  { "موسیقی", { "سیم ویولن", "صفحه", "گیتار", "چوب درام", "صندلی پیانو" } },
                  { "تعمیر", { "بازدید", "شست‌وشو", "قطعه", "ساعت کار", "ارسال" } } },
    [LANG_AR] = { { "كتب", { "أطلس", "كتاب طبخ", "رواية", "معجم", "كتاب مصور" } },
                  { "مطبخ", { "غلاية", "مقلاة", "سكاكين", "إبريق شاي", "علبة خبز" } },
                  { "حديقة", { "مجرفة", "بذور", "مرشة", "شجيرة ورد", "قفازات" } },
                  { "مكتب", { "مصباح", "دفتر", "قلم", "ملف", "كرسي" } },
                  { "ملابس", { "وشاح", "معطف", "قميص", "قبعة", "حذاء" } },
                  { "أغذية", { "شاي", "زعفران", "عسل", "زيت زيتون", "شوكولاتة" } },
                  { "موسيقى", { "أوتار كمان", "أسطوانة", "غيتار", "عصا طبل", "كرسي بيانو" } },
                  { "صيانة", { "فحص", "تنظيف", "قطعة غيار", "ساعة عمل", "توصيل" } } },
};
/* In cents. */
static const int prices[KINDS][EACH] = {
    { 3900, 2450, 1290, 4500, 1690 },  { 3990, 4450, 8900, 2990, 3450 },
    { 2590, 350, 1890, 2450, 1250 },   { 4900, 690, 1990, 450, 18900 },
    { 2490, 14900, 4590, 2990, 8990 }, { 890, 2450, 1150, 1790, 390 },
    { 2190, 2490, 24900, 1290, 9900 }, { 4500, 3500, 2750, 6500, 790 },
};

SQL(bought_clients, "SELECT id FROM party WHERE id > :after AND deleted_at IS NULL ORDER BY id "
                    "LIMIT :limit");

static struct dice dice_of(const struct bought *b, int64_t client) {
    struct dice d = { (b->seed + 0xB0061ull) * 0x9E3779B97F4A7C15ull + (uint64_t)client };
    dice_next(&d);
    return d;
}

/* Many buy little and some buy much: the smaller of two throws, a third nothing. */
static int64_t weight_of(struct dice *d) {
    if (dice_below(d, 3) == 0) return 0;
    int64_t x = dice_below(d, WEIGHT_MAX), y = dice_below(d, WEIGHT_MAX);
    return 1 + (x < y ? x : y);
}

enum status bought_weigh(struct ctx *c, struct bought *b, bool *more) {
    struct rows r;
    TRY(db_query(c->tx, &bought_clients, &r, P("after", b->after), P("limit", 10 * CLIENTS)));
    for (int i = 0; i < r.n; i++) {
        b->after = row_int(&r, i, "id");
        struct dice d = dice_of(b, b->after);
        b->weight += weight_of(&d);
    }
    *more = r.n > 0;
    return OK;
}

/* From cents to minor units of the business's currency, at what such a thing costs there. */
static int64_t price_in(struct str currency, int64_t cents) {
    const struct currency *known = currency_get(currency);
    if (str_eq_z(currency, "IRR")) return cents * 5000;
    if (known && known->exponent == 0) return cents * 3 / 2; /* yen, won: no hundredths */
    return known && known->exponent == 3 ? cents * 3 : cents;
}

static struct purchase make_one(struct ctx *c, struct bought *b, struct dice *d, int64_t client,
                                struct str currency) {
    enum lang lang = LANG_EN;
    int64_t k = dice_below(d, KINDS), x = dice_below(d, EACH), n = 1 + dice_below(d, 3);
    int64_t today = c->now_ms / 86400000, day = today - dice_below(d, DAYS);
    if (!lang_of(c->firm.language, &lang)) lang = LANG_EN;
    const struct ware *w = &wares[lang][k];
    int64_t cents = prices[k][x] * (90 + dice_below(d, 21)) / 100;
    if (dice_below(d, 100) < RETURNED) n = -1;
    struct purchase p = { .party = client,
                          .date = day_iso(c->arena, day_of_number(day)),
                          .amount = price_in(currency, cents) * n,
                          .currency = currency,
                          .product_kind = str_of(w->kind),
                          .product = str_of(w->products[x]),
                          .quantity = n * 1000 };
    b->done++;
    if (dice_below(d, 100) < WITH_REFERENCE)
        p.reference = str_printf(c->arena, "R-%06lld", (long long)b->done);
    p.row.created_at = day * 86400000 + 12 * 3600000;
    return p;
}

struct basket { /* what waits to be written with others */
    struct purchase v[PURCHASE_BARE_N];
    int n;
};

static enum status of_client(struct ctx *c, struct bought *b, int64_t client,
                             struct basket *basket) {
    struct dice d = dice_of(b, client);
    b->above += weight_of(&d);
    int64_t until = (int64_t)((__int128)b->wanted * b->above / b->weight);
    struct str currency = c->firm.currency;
    if (dice_below(&d, 100) < ABROAD) currency = str_eq_z(currency, "USD") ? S("EUR") : S("USD");
    while (b->done < until) {
        basket->v[basket->n++] = make_one(c, b, &d, client, currency);
        if (basket->n < PURCHASE_BARE_N) continue;
        TRY(purchase_add_bare(c, basket->v, basket->n));
        basket->n = 0;
    }
    return OK;
}

enum status bought_slice(struct ctx *c, struct bought *b, bool *more) {
    struct basket basket = { .n = 0 };
    struct rows r;
    TRY(db_query(c->tx, &bought_clients, &r, P("after", b->after), P("limit", CLIENTS)));
    *more = r.n > 0;
    struct arena_mark m = arena_mark(c->arena);
    for (int i = 0; i < r.n; i++) {
        if (i % LOOK_EVERY == LOOK_EVERY - 1 && db_writers_wait(b->db)) break;
        b->after = row_int(&r, i, "id");
        TRY(of_client(c, b, b->after, &basket));
        if (!basket.n) arena_back(c->arena, m);
    }
    return purchase_add_bare(c, basket.v, basket.n);
}
