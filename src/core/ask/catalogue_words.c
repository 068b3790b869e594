/* Words by which fields are called in questions, where their labels and the names they have in
 * files (field.also) do not do: the first of each language is what is written. Called by
 * catalogue.c. */
#include "core/ask/catalogue_in.h"

/* Lists in the order of enum lang: English, French, Persian, Arabic. */
static const struct own_words {
    const char *name;
    const char *words[LANG_N];
} client[] = {
    { "display_name", { "full-name", "nom-complet", "نام-کامل", "الاسم-الكامل" } },
    { "given_name", { "first-name", "prénom", "نام-کوچک", "الاسم-الأول" } },
    { "sex", { "sex;gender", "sexe;genre", "جنسیت;جنس", "الجنس;النوع-الاجتماعي" } },
    { "birth_date", { "birth-date;born", "date-de-naissance;né;née", "تاریخ-تولد;متولد", "تاريخ-الميلاد;مولود" } },
    { "birthday", { "birthday", "anniversaire", "زادروز;تولد;روز-تولد", "عيد-الميلاد;يوم-الميلاد" } },
    { "age", { "age", "âge", "سن", "العمر;السن" } },
    { "created", { "created;added", "créé;créée;ajouté", "ایجاد;ایجاد-شده;ثبت;تاریخ-ایجاد", "أنشئ;الإنشاء;تاريخ-الإنشاء;أضيف" } },
    { "changed", { "changed;updated;modified", "modifié;modifiée", "تغییر;آخرین-تغییر;ویرایش", "عدل;التعديل;آخر-تعديل" } },
    { "responsible", { "responsible;owner", "responsable", "مسئول;مسوول", "المسؤول" } },
    { "town", { "town;city", "ville", "شهر", "المدينة" } },
    { "postcode", { "postcode;postal-code;zip", "code-postal", "کدپستی;کد-پستی", "الرمز-البريدي" } },
    { "region", { "region;province;state", "région;département", "استان", "المحافظة;الولاية" } },
    { "country", { "country", "pays", "کشور", "البلد;الدولة" } },
    { "plaque", { "house-number", "numéro-de-rue", "پلاک", "رقم-المبنى" } },
    { "tag", { "tag;label", "étiquette;tag", "برچسب;تگ", "وسم;الوسم" } },
    { "phone", { "phone", "téléphone", "تلفن;شماره-تلفن", "الهاتف" } },
    { "email", { "email;e-mail;mail", "e-mail;courriel", "ایمیل", "البريد;البريد-الإلكتروني" } },
    { "relative", { "relative", "proche", "خویشاوند", "القريب" } },
    { "relative_kind", { "relative-kind;kinship", "parenté;lien-de-parenté", "نسبت", "القرابة" } },
    { "relative_birth_date", { "relative-birth-date", "naissance-du-proche", "تولد-خویشاوند", "ميلاد-القريب" } },
    { "occasion", { "special-day", "date-à-retenir", "مناسبت", "المناسبة" } },
    { "occasion_kind", { "special-day-kind", "type-de-date", "نوع-مناسبت", "نوع-المناسبة" } },
    { "occasion_label", { "special-day-name", "intitulé-de-la-date", "عنوان-مناسبت", "عنوان-المناسبة" } },
    { "handle_kind", { "messenger", "messagerie", "پیام‌رسان", "تطبيق-المراسلة" } },
    { "resource", { "link", "lien", "لینک", "الرابط" } },
    { "resource_kind", { "link-kind", "type-de-lien", "نوع-لینک", "نوع-الرابط" } },
    { "resource_label", { "link-name", "intitulé-du-lien", "عنوان-لینک", "عنوان-الرابط" } },
    { "phone_kind", { "phone-kind", "type-de-téléphone", "نوع-تلفن", "نوع-الهاتف" } },
    { "email_kind", { "e-mail-kind", "type-d’e-mail", "نوع-ایمیل", "نوع-البريد" } },
    { "address_kind", { "address-kind", "type-d’adresse", "نوع-نشانی", "نوع-العنوان" } },
    { "name", { "name", "nom", "نام", "الاسم" } },
}, related[] = {
    { "amount", { "amount;total", "montant;total", "مبلغ;جمع", "المبلغ;الإجمالي" } },
    { "product", { "product", "produit", "کالا", "المنتج" } },
    { "product_kind", { "product-kind;product-category", "type-de-produit", "نوع-کالا", "نوع-المنتج" } },
    { "text", { "text;note", "texte;note", "متن;یادداشت", "النص;الملاحظة" } },
    { "from_date", { "from-date", "date-de-début", "از-تاریخ", "تاريخ-البدء" } },
    { "until_date", { "until-date", "date-de-fin", "تا-تاریخ", "تاريخ-الانتهاء" } },
};

const char *catalogue_words(const struct relation *of, const char *name, enum lang lang) {
    const struct own_words *table = of ? related : client;
    int n = of ? COUNT(related) : COUNT(client);
    for (int i = 0; i < n; i++)
        if (!strcmp(table[i].name, name)) return lang < LANG_N ? table[i].words[lang] : NULL;
    return NULL;
}
