/* What the palette can do, with the names under which people look for it; matching of what was
 * typed. Called by palette.c; calls lib/text/fold and the router. To add a page or an action, add
 * a line: its right is that of its route. */
#include "core/app/app.h"
#include "core/web/router.h"
#include "features/palette/pages.h"
#include "lib/text/fold.h"

#define CLIENT(text, pic, path, more, ...)                                                         \
    {                                                                                              \
        .label = (text), .icon = (pic), .to = (path), .also = (more), .place = ON_CLIENT,          \
        ##__VA_ARGS__                                                                              \
    }
#define GO(text, pic, path, keys, more)                                                            \
    { .label = (text), .icon = (pic), .to = (path), .key = (keys), .also = (more) }
#define MINE(text, pic, of, is, more)                                                              \
    {                                                                                              \
        .label = (text), .icon = (pic), .to = "/settings/me", .also = (more), .kind = ACT_POST,    \
        .place = GENERAL, .name = (of), .value = (is)                                              \
    }

const struct act acts[] = {
    CLIENT(N_("Edit"), "edit", "/clients/{id}/edit",
           "change;modify;correct;changer;corriger;تغییر;اصلاح;تغيير;تصحيح", .key = "e"),
    CLIENT(N_("New note"), "note", "/clients/{id}",
           "write;comment;écrire;commentaire;نوشتن;كتابة;تدوين", .key = "n", .name = "note-text"),
    CLIENT(N_("Assign to me"), "person", "/clients/{id}/assign",
           "responsible;take;mine;responsable;prendre;مسئول;من;مسؤول;لي", .kind = ACT_POST,
           .name = "responsible"),
    CLIENT(N_("Download as vCard"), "id-card", "/clients/{id}/card.vcf",
           "vcf;contact;carte;کارت;بطاقة"),
    CLIENT(N_("Label or envelope"), "mail", "/labels?label.client={id}",
           "print;letter;courrier;imprimer;چاپ;نامه;طباعة;رسالة"),
    CLIENT(N_("All data of this person"), "download", "/clients/{id}/data",
           "gdpr;export;rgpd;données;داده;بيانات"),
    CLIENT(N_("Segments of this client"), "segment", "/clients/{id}/segments",
           "segment;why;question;pourquoi;بخش;چرا;شريحة;لماذا"),
    CLIENT(N_("Who looked at this client"), "eye", "/journal?client={id}",
           "journal;audit;گزارش;سجل"),
    CLIENT(N_("Photo"), "camera", "/clients/{id}/photo/edit", "picture;image;عکس;تصویر;صورة"),
    CLIENT(N_("Move to the bin"), "bin", "/clients/{id}/bin",
           "delete;remove;trash;supprimer;effacer;حذف;پاک;إزالة", .kind = ACT_POST,
           .ask = N_("Move {name} to the bin? It can be brought back.")),
    GO(N_("New client"), "add", "/clients/new", "n",
       "add;create;ajouter;créer;افزودن;ایجاد;جدید;إضافة;إنشاء"),
    GO(N_("Clients"), "people", "/clients", "g c",
       "list;book;contacts;customers;liste;carnet;فهرست;دفتر;قائمة"),
    GO(N_("Segments"), "segment", "/segments", "g a",
       "questions;filters;lists;requêtes;filtres;listes;بخش;پرسش;فیلتر;شرائح;أسئلة;تصفية"),
    GO(N_("New segment"), "segment", "/segments/new", NULL,
       "ask;question;filter;query;demander;requête;nouveau;پرسیدن;پرسش;بخش;جدید;اسأل;سؤال;جديدة"),
    GO(N_("Import"), "import", "/import", "g i",
       "csv;excel;xlsx;vcard;upload;file;fichier;وارد;بارگذاری;فایل;ملف;رفع"),
    GO(N_("Duplicates"), "copy", "/duplicates", "g d",
       "twice;merge;same;join;doublons;fusionner;تکراری;ادغام;یکی;مكرر;دمج"),
    GO(N_("Take everything with you"), "export", "/export", NULL,
       "export;backup;zip;exporter;sauvegarde;خروجی;پشتیبان;صادر;تصدير;نسخة"),
    GO(N_("Labels and envelopes"), "mail", "/labels", "g l",
       "print;pdf;post;imprimer;courrier;چاپ;پست;طباعة;بريد"),
    GO(N_("History"), "history", "/history", "g h",
       "changes;undo;modifications;annuler;تغییرات;برگرداندن;تغييرات;تراجع"),
    GO(N_("Notices"), "bell", "/notices", "g n", "notifications;news;alertes;خبر;پیام;تنبيهات"),
    GO(N_("Bin"), "bin", "/bin", "g b",
       "trash;deleted;restore;supprimés;restaurer;حذف‌شده;بازیابی;محذوف;"
       "استعادة"),
    GO(N_("Who looked at what"), "eye", "/journal", "g j",
       "journal;audit;log;consultations;گزارش;بازدید;سجل"),
    GO(N_("My settings"), "settings", "/settings", "g s",
       "preferences;options;language;calendar;digits;time "
       "zone;réglages;préférences;langue;calendrier;پیکربندی;زبان;تقویم;ارقام;ضبط;لغة;تقويم"),
    GO(N_("Sign-in and safety"), "shield", "/settings/security", NULL,
       "password;sessions;security;mot de passe;sécurité;گذرواژه;رمز;امنیت;كلمة المرور;أمان"),
    GO(N_("Two-factor sign-in"), "shield", "/settings/two-factor", NULL,
       "2fa;totp;authenticator;code;کد;رمز"),
    GO(N_("Access by programs"), "key", "/settings/tokens", NULL, "api;tokens;jetons;توکن;رمز"),
    GO(N_("Settings|The business"), "firm", "/settings/firm", NULL,
       "settings;firm;company;currency;country;paramètres;réglages;société;devise;pays;تنظیمات;"
       "شرکت;کشور;إعدادات;شركة;بلد"),
    GO(N_("Members"), "people", "/settings/members", NULL,
       "settings;staff;users;colleagues;roles;rights;paramètres;utilisateurs;collègues;droits;"
       "تنظیمات;کاربران;دسترسی;إعدادات;مستخدمون;صلاحيات"),
    GO(N_("Teams"), "work", "/settings/teams", NULL,
       "settings;groups;paramètres;groupes;تنظیمات;گروه;إعدادات;مجموعة"),
    GO(N_("Categories"), "category", "/settings/categories", NULL,
       "settings;marks;vip;paramètres;types;تنظیمات;گروه;إعدادات;تصنيف"),
    GO(N_("Tags"), "tag", "/settings/tags", NULL, "settings;labels;paramètres;تنظیمات;إعدادات"),
    GO(N_("Own fields"), "sheet", "/settings/fields", NULL,
       "settings;custom;columns;paramètres;personnalisés;تنظیمات;ستون;إعدادات;مخصص"),
    { .label = N_("Print"),
      .icon = "print",
      .to = "print",
      .kind = ACT_PROGRAM,
      .place = GENERAL,
      .also = "paper;pdf;papier;کاغذ;ورق" },
    { .label = N_("Keyboard shortcuts"),
      .icon = "keyboard",
      .to = "help",
      .key = "?",
      .kind = ACT_PROGRAM,
      .place = GENERAL,
      .also = "help;keys;aide;touches;راهنما;کلید;مساعدة;مفاتيح" },
    MINE(N_("Dark colours"), "eye", "scheme", "dark",
         "night;dark mode;mode sombre;nuit;شب;حالت تاریک;ليل;وضع داكن"),
    MINE(N_("Light colours"), "eye", "scheme", "light",
         "day;light mode;mode clair;jour;روز;حالت روشن;نهار;وضع فاتح"),
    MINE(N_("Colours as the device has them"), "eye", "scheme", "device",
         "dark mode;light mode;system;auto;système;خودکار;دستگاه;تلقائي;نظام"),
    MINE(N_("Show in Persian"), "person", "language", "fa",
         "فارسی;language;langue;persian;farsi;persan;زبان فارسی;الفارسية"),
    MINE(N_("Show in Arabic"), "person", "language", "ar",
         "العربية;language;langue;arabic;arabe;زبان عربی;اللغة العربية"),
    MINE(N_("Show in French"), "person", "language", "fr",
         "français;language;langue;french;زبان فرانسوی;اللغة الفرنسية"),
    MINE(N_("Show in English"), "person", "language", "en",
         "english;language;langue;anglais;زبان انگلیسی;اللغة الإنجليزية"),
    { .label = N_("Sign out"),
      .icon = "sign-out",
      .to = "/sign-out",
      .kind = ACT_POST,
      .place = GENERAL,
      .also = "log out;logout;quit;déconnexion;quitter;خروج;خروج از حساب;الخروج" },
};
const int acts_n = (int)(sizeof acts / sizeof *acts);

/* --- What was typed --- */

/* Arabic names of pages have the article, what is typed may have it or not. */
static struct str bare(struct str word) {
    struct str article = S("ال");
    return word.n > article.n && str_starts(word, article) ? str_sub(word, article.n, word.n)
                                                           : word;
}

static bool begins_a_word(const struct str *words, int n, struct str typed) {
    for (int i = 0; i < n; i++)
        if (str_starts(words[i], typed) || str_starts(bare(words[i]), bare(typed))) return true;
    return false;
}

/* The words of an act's names, folded, all languages in one row. */
static int words_of(struct ctx *c, const struct act *a, struct str *out, int most) {
    int n = 0;
    struct str names[2 * LANG_N + 1];
    int names_n = 0;
    for (int lang = 0; lang < LANG_N; lang++) {
        const char *plain = tr_as((enum lang)lang, WORD_CLIENT, a->label);
        const char *said = tr_as((enum lang)lang, c->loc->word, a->label);
        names[names_n++] = str_of(plain);
        if (said != plain) names[names_n++] = str_of(said);
    }
    names[names_n++] = str_of(a->also);
    for (int i = 0; i < names_n; i++) {
        struct str rest = fold(c->arena, names[i]), word;
        while (n < most && str_cut(&rest, ' ', &word))
            if (word.n) out[n++] = word;
    }
    return n;
}

int act_match(struct ctx *c, const struct act *a, const struct strs *asked) {
    struct str words[160];
    int n = words_of(c, a, words, COUNT(words));
    for (int i = 0; i < asked->n; i++)
        if (!begins_a_word(words, n, asked->v[i])) return 0;
    struct str own = fold(c->arena, str_of(T(c, a->label)));
    return asked->n && str_starts(own, asked->v[0]) ? 2 : 1;
}

/* --- Who may --- */

static struct str with_id(struct ctx *c, const char *to, int64_t id) {
    const char *at = strstr(to, "{id}");
    if (!at) return str_of(to);
    return str_printf(c->arena, "%.*s%lld%s", (int)(at - to), to, (long long)id,
                      at + strlen("{id}"));
}

bool act_allowed(struct req *r, const struct act *a, int64_t id, struct str *path) {
    *path = with_id(&r->c, a->to, id);
    if (a->kind == ACT_PROGRAM) return true;
    struct str rest = *path, plain;
    if (!str_cut(&rest, '?', &plain) || !r->app->router) return false;
    const struct route *to =
        router_find(r->app->router, a->kind == ACT_POST ? HTTP_POST : HTTP_GET, plain).route;
    if (!to || (int)r->c.who.role < (int)to->need) return false;
    /* What one sees of a client is not what one may write there. */
    bool writes = a->place == ON_CLIENT && a->kind == ACT_GO && a->name;
    return !writes || ctx_may(&r->c, entity_party.may_write);
}
