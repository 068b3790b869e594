/* Names that the language of questions has, and this register has otherwise or not: «consent.email»
 * is the contrary of «do not e-mail»; invoices, tickets, surveys and forecasts are refused with a
 * sentence that says why. Called by parse.c and parse_rule.c; calls the fold and the catalogue. */
#include "core/ask/parse.h"
#include "lib/text/fold.h"

static bool called(struct parser *p, struct str folded, const char *words) {
    struct str rest = str_of(words), word;
    while (str_cut(&rest, ';', &word))
        if (str_eq(folded, fold(p->c->arena, word))) return true;
    return false;
}

const struct ask_field *ask_consent_here(struct parser *p) {
    static const struct {
        const char *field, *words;
    } all[] = {
        { "no_mail", "consent.email;consent.mail;accord.courriel;accord.e-mail;accord.email;"
                     "رضایت.ایمیل;موافقة.البريد" },
        { "no_call", "consent.phone;consent.call;accord.téléphone;رضایت.تلفن;موافقة.الهاتف" },
        { "no_sms", "consent.sms;consent.text;accord.sms;رضایت.پیامک;موافقة.الرسائل" },
    };
    if (p->of || tok(p)->kind != TOK_WORD) return NULL;
    for (int i = 0; i < COUNT(all); i++)
        if (called(p, tok(p)->folded, all[i].words)) {
            const struct ask_field *f = ask_field(p->k, NULL, str_of(all[i].field));
            return f && f->type == ASK_YESNO ? f : NULL;
        }
    return NULL;
}

bool ask_refuse_other(struct parser *p) {
    static const char words[] =
        "invoices;factures;صورتحساب‌ها;الفواتير;tickets;demandes;"
        "درخواست‌ها;"
        "الطلبات-"
        "الخدمية;"
        "surveys;"
        "enquêtes;نظرسنجی‌ها;الاستبيانات;messages;پیام‌ها;"
        "الرسائل;"
        "value;"
        "valeur;"
        "ارزش;"
        "القيمة;"
        "alive;"
        "vivant;احتمال-بازگشت;احتمال-البقاء;rfm;nps;overdue;retard;تأخیر;التأخر";
    struct str text = tok(p)->text, first;
    if (tok(p)->kind != TOK_WORD) return false;
    str_cut(&text, '.', &first);
    if (!called(p, fold(p->c->arena, first), words)) return false;
    ask_fail_here(p, N_("This register keeps nothing that “{word}” could ask for."));
    return true;
}
