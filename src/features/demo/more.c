/* What more is known of some invented clients: goals, requirements, family, days, messengers,
 * links. Draws from dice of its own, so that the names and numbers of all others stay what they
 * were. Called by demo.c. */
#include "features/demo/demo.h"
#include "lib/locale/calendar.h"
#include "lib/locale/locale.h"

enum { FULL_EVERY = 7 }; /* every seventh client, and the first */

static const struct {
    const char *goals, *needs, *requirements, *style, *interests, *hours, *child, *other_child,
        *spouse, *special, *brief, *steps[3];
} words[LANG_N] = {
    [LANG_EN] = { "Open a second shop by next autumn and win ten regular business customers.",
                  "Someone who answers within the day, and a fixed price for the year.",
                  "Drafts as PDF, two rounds of corrections, delivery on Thursdays before noon. "
                  "Texts in British English; prices always with tax. Nothing is printed before the "
                  "proof was signed.",
                  "Warm, never loud. Dark green and cream; no stock photographs.",
                  "chess, mountain walks, old maps",
                  "Mon-Fri 9-17",
                  "Nora",
                  "Ben",
                  "Alex",
                  "Decides alone and quickly, but only on paper. Send the summary first.",
                  "Brief for the spring season",
                  { "Send the revised offer", "Call about the delivery date",
                    "Agree on next year's price" } },
    [LANG_FR] = { "Ouvrir un deuxième magasin à l’automne et gagner dix clients professionnels.",
                  "Une réponse dans la journée et un prix fixe pour l’année.",
                  "Épreuves en PDF, deux tours de corrections, livraison le jeudi avant midi. Les "
                  "prix toujours TTC. Rien n’est imprimé avant le bon à tirer signé.",
                  "Chaleureux, jamais bruyant. Vert sombre et crème ; pas de photos de banque "
                  "d’images.",
                  "échecs, randonnée, cartes anciennes",
                  "lun-ven 9-17",
                  "Lina",
                  "Hugo",
                  "Camille",
                  "Décide vite, mais seulement sur papier. Envoyer d’abord le résumé.",
                  "Brief de la saison de printemps",
                  { "Envoyer le devis corrigé", "Appeler pour la date de livraison",
                    "Convenir du prix de l’année prochaine" } },
    [LANG_FA] = { "تا پاییز آینده فروشگاه دوم را باز کند و ده مشتری سازمانی ثابت داشته باشد.",
                  "پاسخ در همان روز و قیمت ثابت برای یک سال.",
                  "پیش‌نویس‌ها به صورت پی‌دی‌اف، دو دور "
                  "اصلاح، "
                  "تحویل "
                  "پنجشنبه‌ها "
                  "پیش "
                  "از "
                  "ظهر. قیمت‌ها "
                  "همیشه با مالیات. پیش از امضای نمونهٔ نهایی چیزی چاپ "
                  "نمی‌شود.",
                  "گرم و آرام؛ سبز تیره و کرم. عکس آماده به کار نرود.",
                  "شطرنج، کوهنوردی، نقشه‌های قدیمی",
                  "شنبه تا چهارشنبه ۹ تا ۱۷",
                  "نیکا",
                  "آرتین",
                  "شیدا",
                  "زود تصمیم می‌گیرد، ولی فقط روی کاغذ. اول "
                  "خلاصه "
                  "را "
                  "بفرستید.",
                  "بریف فصل بهار",
                  { "فرستادن پیشنهاد اصلاح‌شده", "تماس برای تاریخ تحویل",
                    "توافق بر سر قیمت سال آینده" } },
    [LANG_AR] = { "افتتاح متجر ثان في الخريف القادم وكسب عشرة عملاء من الشركات.",
                  "رد في اليوم نفسه وسعر ثابت طوال السنة.",
                  "المسودات بصيغة بي دي إف، جولتان من التصحيح، التسليم يوم الخميس قبل الظهر. "
                  "الأسعار "
                  "دائما مع الضريبة. لا يطبع شيء قبل توقيع النموذج النهائي.",
                  "دافئ وهادئ؛ أخضر داكن وبيج. بلا صور جاهزة.",
                  "الشطرنج، المشي في الجبال، الخرائط القديمة",
                  "الأحد إلى الخميس 9-17",
                  "لينا",
                  "آدم",
                  "هدى",
                  "يقرر بسرعة لكن على الورق فقط. أرسلوا الملخص أولا.",
                  "ملخص موسم الربيع",
                  { "إرسال العرض المعدل", "الاتصال بشأن موعد التسليم",
                    "الاتفاق على سعر السنة القادمة" } },
};

static const struct {
    const char *country, *zone;
} zones[] = { { "IR", "Asia/Tehran" },   { "FR", "Europe/Paris" },
              { "LB", "Asia/Beirut" },   { "EG", "Africa/Cairo" },
              { "SA", "Asia/Riyadh" },   { "MA", "Africa/Casablanca" },
              { "TN", "Africa/Tunis" },  { "DZ", "Africa/Algiers" },
              { "AE", "Asia/Dubai" },    { "BE", "Europe/Brussels" },
              { "CH", "Europe/Zurich" }, { "GB", "Europe/London" },
              { "IE", "Europe/Dublin" }, { "US", "America/Chicago" } };

static int64_t draw(struct dice *d, int64_t n) {
    return (int64_t)(dice_next(d) % (uint64_t)n);
}

static struct str day_at(struct ctx *c, int64_t today, int64_t days) {
    return day_iso(c->arena, day_of_number(today + days));
}

static void family(struct ctx *c, struct dice *d, enum lang lang, int64_t today, struct party *p) {
    struct relative *v = arena_array(c->arena, struct relative, 3);
    int n = 0;
    v[n++] = (struct relative){ .kind = S("spouse"), .name = str_of(words[lang].spouse) };
    v[n++] = (struct relative){ .kind = S("child"),
                                .name = str_of(words[lang].child),
                                .birth_date = day_at(c, today, -365 * 9 - 2 + draw(d, 30)) };
    if (draw(d, 2))
        v[n++] = (struct relative){ .kind = S("child"),
                                    .name = str_of(words[lang].other_child),
                                    .birth_date = day_at(c, today, -365 * 5 - draw(d, 300)) };
    p->relatives.v = v;
    p->relatives.n = n;
    struct occasion *o = arena_new_of(c->arena, struct occasion);
    *o =
        (struct occasion){ .kind = S("wedding"), .day = day_at(c, today, -365 * 12 + draw(d, 60)) };
    p->occasions.v = o;
    p->occasions.n = 1;
    p->interests = str_of(words[lang].interests);
}

static void reached(struct ctx *c, struct dice *d, enum lang lang, int64_t number,
                    struct party *p) {
    struct handle *h = arena_new_of(c->arena, struct handle);
    static const char *const kinds[] = { "telegram", "instagram", "linkedin", "telegram" };
    *h = (struct handle){ .kind = str_of(kinds[draw(d, COUNT(kinds))]),
                          .handle = str_printf(c->arena, "client.%lld", (long long)number + 1) };
    p->handles.v = h;
    p->handles.n = 1;
    p->prefers_hours = str_of(words[lang].hours);
    if (!p->prefers.n) p->prefers = draw(d, 2) ? S("phone") : S("whatsapp");
    for (int i = 0; p->addresses.n && i < COUNT(zones); i++)
        if (str_eq_z(p->addresses.v[0].country, zones[i].country)) p->zone = str_of(zones[i].zone);
}

void demo_more(struct ctx *c, enum lang lang, int64_t number, int64_t today_ms, struct party *p) {
    static const char *const answers[] = { "hour", "day", "day", "days", "slowly" };
    struct dice dice = { 0x5DEECE66Dull + (uint64_t)number * 0x9E3779B97F4A7C15ull }, *d = &dice;
    int64_t today = today_ms / 86400000;
    if (number % FULL_EVERY != 0) return;
    p->goals = str_of(words[lang].goals);
    p->needs = str_of(words[lang].needs);
    p->requirements = str_of(words[lang].requirements);
    p->style_guide = str_of(words[lang].style);
    p->goals_reviewed = day_at(c, today, -30 - draw(d, 300));
    p->next_step = str_of(words[lang].steps[draw(d, 3)]);
    p->next_date = day_at(c, today, draw(d, 30) - 4);
    p->special = str_of(words[lang].special);
    p->answers = str_of(answers[draw(d, COUNT(answers))]);
    p->pleasant = str_printf(c->arena, "%d", 2 + (int)draw(d, 4));
    struct resource *r = arena_array(c->arena, struct resource, 2);
    r[0] = (struct resource){ .kind = S("brief"),
                              .url = S("https://files.example.com/brief"),
                              .label = str_of(words[lang].brief) };
    r[1] = (struct resource){ .kind = S("folder"), .url = S("https://drive.example.com/f/42") };
    p->resources.v = r;
    p->resources.n = 2;
    reached(c, d, lang, number, p);
    if (party_is_person(p)) family(c, d, lang, today, p);
}
