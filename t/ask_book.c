/* See ask_book.h. */
#include "ask_book.h"

#include "core/ask/words.h"
#include "lib/base/buf.h"
#include "lib/locale/date.h"

#define ENTITY(e, rows)                                                                            \
    {                                                                                              \
        .name = e, .plural = e "s", .label = e, .label_plural = e "s", .fields = rows,             \
        .fields_n = COUNT(rows), .party_column = "party", .may_read = ROLE_READER                  \
    }

static const struct choice states[] = {
    { "open", "Open", "ouvert;باز;مفتوح" },
    { "closed", "Closed", "fermé;بسته;مغلق" },
    { NULL, NULL, NULL },
};
static const struct choice kinds[] = {
    { "complaint", "Complaint", "plainte;شکایت;شكوى" },
    { "question", "Question to us", "demande;پرسش;سؤال" },
    { NULL, NULL, NULL },
};
static const struct choice groups[] = {
    { "at-risk", "At risk", "à-risque;در-خطر;معرض-للخطر" },
    { "champions", "Champions", "champions;قهرمان;الأبطال" },
    { NULL, NULL, NULL },
};
static const struct field invoice_fields[] = {
    { .name = "due", .kind = &kind_money, .label = "Due", .also = "dû;مانده;المستحق" },
    { .name = "overdue", .kind = &kind_int, .label = "Overdue", .also = "retard;تأخیر;التأخر" },
};
static const struct field ticket_fields[] = {
    { .name = "status",
      .kind = &kind_choice,
      .label = "Status of it",
      .choices = states,
      .also = "status;état;وضعیت;الحالة" },
    { .name = "kind",
      .kind = &kind_choice,
      .label = "Kind of it",
      .choices = kinds,
      .also = "kind;type;نوع;النوع" },
};
static const struct field survey_fields[] = {
    { .name = "nps", .kind = &kind_int, .label = "NPS" },
};
static const struct field message_fields[] = {
    { .name = "subject", .kind = &kind_text, .label = "Subject of it" },
};
static const struct field rfm = {
    .name = "rfm", .kind = &kind_choice, .label = "RFM", .choices = groups
};
static const struct entity invoice = ENTITY("invoice", invoice_fields),
                           ticket = ENTITY("ticket", ticket_fields),
                           survey = ENTITY("survey", survey_fields),
                           message = ENTITY("message", message_fields);
static const struct relation more[] = {
    { .name = "invoices",
      .label = "Invoices sent",
      .entity = &invoice,
      .date = "date",
      .amount = "due",
      .also = "invoices;factures;صورتحساب‌ها;الفواتير" },
    { .name = "tickets",
      .label = "Tickets",
      .entity = &ticket,
      .date = "date",
      .also = "demandes;درخواست‌ها;الطلبات-الخدمية" },
    { .name = "surveys",
      .label = "Surveys",
      .entity = &survey,
      .date = "date",
      .also = "enquêtes;نظرسنجی‌ها;الاستبيانات" },
    { .name = "messages",
      .label = "Messages of his",
      .entity = &message,
      .date = "date",
      .also = "messages;پیام‌ها;الرسائل" },
};
static const struct ask_field fields[] = {
    { .name = "consent.email",
      .label = "Consent to e-mails",
      .type = ASK_YESNO,
      .from = ASK_FROM_NOWHERE,
      .also = "accord.courriel;رضایت.ایمیل;موافقة.البريد" },
    { .name = "value.next-year",
      .label = "Value of the next year",
      .type = ASK_NUMBER,
      .from = ASK_FROM_NOWHERE,
      .also = "valeur.an-prochain;ارزش.سال-آینده;القيمة.السنة-القادمة" },
    { .name = "alive",
      .label = "Chance to be alive",
      .type = ASK_NUMBER,
      .from = ASK_FROM_NOWHERE,
      .also = "vivant;احتمال-بازگشت;احتمال-البقاء" },
    { .name = "rfm", .label = "RFM", .type = ASK_CODE, .field = &rfm },
};

static enum status segment_find(struct ctx *c, struct str name, int64_t *id) {
    static const char *const names[] = { "spring", "printemps", "بهار", "الربيع" };
    (void)c;
    *id = 0;
    for (int i = 0; i < COUNT(names); i++)
        if (str_eq_z(name, names[i])) *id = 7;
    return OK;
}

static struct str segment_name(struct ctx *c, int64_t id) {
    static const char *const names[] = { "spring", "printemps", "بهار", "الربيع" };
    return id == 7 ? str_of(names[c->loc->lang]) : NO_STR;
}

struct ask_catalogue *ask_book(struct ctx *c) {
    static const struct ask_segments segments = { .find = segment_find, .name = segment_name };
    int n;
    const struct relation *const *product = ask_relations(c->arena, &n);
    const struct relation **all = arena_array(c->arena, const struct relation *, n + COUNT(more));
    for (int i = 0; i < n; i++) all[i] = product[i];
    for (int i = 0; i < COUNT(more); i++) all[n + i] = &more[i];
    struct ask_catalogue *k = ask_catalogue_of(c, all, n + COUNT(more));
    for (int i = 0; i < COUNT(fields); i++) ask_catalogue_add(k, &fields[i]);
    ask_catalogue_segments(k, &segments);
    return k;
}

void ask_book_reader(struct ctx *c, struct locale *loc, enum lang lang) {
    loc->lang = lang;
    loc->calendar = lang == LANG_FA ? CAL_PERSIAN : CAL_GREGORIAN;
    loc->digits = lang == LANG_FA ? DIGITS_ARABEXT : lang == LANG_AR ? DIGITS_ARAB : DIGITS_LATN;
    memcpy(loc->country,
           lang == LANG_FA   ? "IR"
           : lang == LANG_AR ? "SA"
           : lang == LANG_FR ? "FR"
                             : "GB",
           3);
    c->asked = NULL;
    c->titles = (struct map){ 0 };
}

/* --- random trees --- */

static int below(struct dice *d, int n) {
    return (int)dice_below(d, n);
}

static struct str number(struct ctx *c, struct dice *d) {
    int64_t whole = below(d, 3) ? below(d, 1000) : below(d, 1000000000);
    const char *sign = below(d, 6) || !whole ? "" : "-";
    static const char *const behind[] = { "", "", "", ".5", ".25", ".125", ".0001" };
    return str_printf(c->arena, "%s%lld%s", sign, (long long)whole,
                      behind[below(d, COUNT(behind))]);
}

static struct str day(struct ctx *c, struct dice *d) {
    return day_iso(c->arena, day_of_number(below(d, 73000) - 36500));
}

static struct str text(struct dice *d) {
    static const char *const texts[] = {
        "Paris",       "پاریس",
        "باريس",       "Saint-Étienne",
        "a b",         "empty",
        "خالی",        "vide",
        "me",          "75",
        "75*",         "a\\*",
        "\"x\"",       "«ب»",
        "a:b",         "a,b",
        "الف، ب",      "not",
        "(a)",         "last 30 days",
        "a..b",        "رضایی‌نژاد",
        "o'Neill",     "۱۲۳",
        "1.000",       "x=y",
        "~z",          "-5",
        "#7",          "https://e.com/?a=b&c",
        "a@b.example", "+98 912 345 6789",
        "AND",         "or",
        "یا",          "\\",
        "a\\",         "“q”",
        "<b>",         "ى ي",
    };
    return str_of(texts[below(d, COUNT(texts))]);
}

static struct ask_period period(struct ctx *c, struct dice *d, bool ever) {
    struct ask_period p = { .when = (enum ask_when)(ever ? below(d, 9) : 1 + below(d, 8)) };
    static const int ns[] = {
        1, 2, 3, 7, 10, 11, 12, 30, 90, 99, 100, 101, 102, 103, 111, 365, 9999
    };
    switch (p.when) {
    case ASK_EVER: break;
    case ASK_LAST:
    case ASK_NEXT: p.n = ns[below(d, COUNT(ns))]; /* fall through */
    case ASK_THIS:
    case ASK_PREVIOUS:
    case ASK_FOLLOWING: p.unit = (enum ask_unit)below(d, 5); break;
    case ASK_RANGE: p.from = day(c, d), p.until = below(d, 4) ? day(c, d) : p.from; break;
    case ASK_BEFORE: p.until = day(c, d); break;
    case ASK_AFTER: p.from = day(c, d); break;
    }
    return p;
}

static void number_op(struct ctx *c, struct dice *d, struct ask_node *n) {
    n->op = (enum ask_op)(ASK_OVER + below(d, 6));
    n->number = number(c, d);
    if (n->op == ASK_BETWEEN) n->number2 = number(c, d);
}

static struct ask_value one_value(struct ctx *c, const struct ask_field *f, struct dice *d) {
    const struct field *field = f->field;
    if (f->type == ASK_TEXT) {
        struct ask_value v = { .text = text(d), .prefix = below(d, 3) == 0 };
        return str_eq_z(v.text, "\\") ? (struct ask_value){ .text = S("x\\") } : v;
    }
    if (f->type == ASK_YESNO) return (struct ask_value){ .text = below(d, 2) ? S("1") : S("0") };
    if (field->choices && field->choices[0].code) {
        int n = 0;
        while (field->choices[n].code) n++;
        return (struct ask_value){ .text = str_of(field->choices[below(d, n)].code) };
    }
    if (field->kind == &kind_ref) {
        if (!strcmp(field->ref->name, "member") && below(d, 2))
            return (struct ask_value){ .text = S("me") };
        return (struct ask_value){ .text = str_printf(c->arena, "%d", 1 + below(d, 9)) };
    }
    static const char *const languages[] = { "fa", "ar", "fr", "en" };
    static const char *const countries[] = { "FR", "IR", "DZ", "US" };
    bool language = field->kind == &kind_language, country = field->kind == &kind_country;
    return (struct ask_value){ .text = language  ? str_of(languages[below(d, 4)])
                                       : country ? str_of(countries[below(d, 4)])
                                                 : S("Asia/Tehran") };
}

static void field_rule(struct ctx *c, const struct ask_catalogue *k, const struct relation *of,
                       struct dice *d, struct ask_node *n) {
    const struct ask_field *const *all;
    int all_n = ask_fields(k, of, &all);
    const struct ask_field *f = all[below(d, all_n)];
    bool dated = f->type == ASK_DATE || f->type == ASK_INSTANT || f->type == ASK_ANNUAL;
    bool counted = f->type == ASK_NUMBER || f->type == ASK_MONEY;
    *n = (struct ask_node){ .kind = ASK_FIELD, .field = str_of(f->name) };
    if (f->type == ASK_NAME) {
        n->op = ASK_SOUNDS;
    } else if (below(d, 5) == 0) {
        n->op = below(d, 2) ? ASK_FILLED : ASK_EMPTY;
        return;
    } else if (dated) {
        n->op = ASK_IN;
        n->period = period(c, d, false);
        return;
    } else if (counted) {
        number_op(c, d, n);
        return;
    }
    int count = n->op == ASK_SOUNDS ? 1 : 1 + below(d, 3);
    struct ask_value *v = arena_array(c->arena, struct ask_value, count);
    for (int i = 0; i < count; i++)
        v[i] = n->op == ASK_SOUNDS ? (struct ask_value){ .text = text(d) } : one_value(c, f, d);
    if (n->op == ASK_SOUNDS && str_eq_z(v[0].text, "\\")) v[0].text = S("رضایی");
    n->values = v;
    n->values_n = count;
}

static const struct ask_node *node(struct ctx *c, const struct ask_catalogue *k,
                                   const struct relation *of, struct dice *d, int room,
                                   int *measures);

static void related(struct ctx *c, const struct ask_catalogue *k, const struct relation *r,
                    struct dice *d, int room, int *measures, struct ask_node *n) {
    n->relation = str_of(r->name);
    n->period = period(c, d, true);
    if (!r->date) n->period.when = ASK_EVER;
    if (room > 0 && below(d, 2)) n->where = node(c, k, r, d, room - 1, measures);
}

static bool measured(struct ctx *c, const struct ask_catalogue *k, const struct relation *r,
                     struct dice *d, struct ask_node *n) {
    const struct ask_field *const *all;
    int all_n = ask_fields(k, r, &all), tries = 20;
    n->fn = (enum ask_fn)below(d, 5);
    while (n->fn != ASK_COUNT && !n->field.n && tries-- > 0) {
        const struct ask_field *f = all[below(d, all_n)];
        if (f->type == ASK_NUMBER || f->type == ASK_MONEY) n->field = str_of(f->name);
    }
    if (!n->field.n) n->fn = ASK_COUNT;
    number_op(c, d, n);
    return true;
}

static const struct ask_node *leaf(struct ctx *c, const struct ask_catalogue *k,
                                   const struct relation *of, struct dice *d, int room,
                                   int *measures) {
    struct ask_node *n = arena_new_of(c->arena, struct ask_node);
    const struct relation *const *relations;
    int relations_n = ask_relations_of(k, &relations), what = of ? 0 : below(d, 10);
    const struct relation *r = relations[below(d, relations_n)];
    if (what == 9) {
        *n = (struct ask_node){ .kind = ASK_WORDS, .words = text(d) };
        if (str_eq_z(n->words, "\\")) n->words = S("words");
    } else if (what == 8) {
        *n =
            (struct ask_node){ .kind = ASK_SEGMENT, .segment = below(d, 2) ? 7 : 1 + below(d, 90) };
    } else if (what == 7) {
        *n = (struct ask_node){ .kind = ASK_HAS, .no = below(d, 2) };
        related(c, k, r, d, room, measures, n);
    } else if (what == 6 && (*measures)++ < ASK_MEASURES_MOST) {
        *n = (struct ask_node){ .kind = ASK_MEASURE };
        measured(c, k, r, d, n);
        related(c, k, r, d, room, measures, n);
    } else {
        field_rule(c, k, of, d, n);
    }
    return n;
}

static const struct ask_node *node(struct ctx *c, const struct ask_catalogue *k,
                                   const struct relation *of, struct dice *d, int room,
                                   int *measures) {
    if (room <= 0 || below(d, 3) == 0) return leaf(c, k, of, d, room, measures);
    struct ask_node *n = arena_new_of(c->arena, struct ask_node);
    n->items_n = 1 + below(d, 3);
    n->group = (enum ask_group)below(d, 3);
    const struct ask_node **items = arena_array(c->arena, const struct ask_node *, n->items_n);
    for (int i = 0; i < n->items_n; i++) items[i] = node(c, k, of, d, room - 1, measures);
    n->items = items;
    return n;
}

const struct ask_node *ask_book_random(struct ctx *c, const struct ask_catalogue *k,
                                       struct dice *dice) {
    for (;;) {
        int measures = 0;
        const struct ask_node *n =
            node(c, k, NULL, dice, below(dice, ASK_DEPTH_MOST + 1), &measures);
        n = ask_normal(c->arena, n);
        if (ask_rules_n(n) <= ASK_RULES_MOST && ask_depth(n) <= ASK_DEPTH_MOST) return n;
    }
}

/* --- random lines --- */

static void put_random(struct buf *b, struct dice *d) {
    static const char *const signs[] = {
        ":",      "(",      ")",      ",",  "،", " ", "  ", "~", "<",  ">=",
        "=",      "..",     "*",      "\"", "«", "»", "-",  "“", "\\", "\u200f",
        "\u2068", "\u00a0", "\u202f", "/",  "#", "%", ".",  "'", "；", "（",
    };
    static const char *const others[] = {
        "5",    "30",         "1,000",      "۳۰",
        "٣٠",   "2024-01-01", "۱۴۰۲/۱۰/۱۱", "1405",
        "-7.5", "me",         "Paris",      "fa",
        "75*",  "\"a b\"",    "#7",         "99999999999999999999",
        "0",    "00",         "vip",        "1 March 2024",
    };
    int what = below(d, 12);
    if (what < 4)
        buf_add_z(b, signs[below(d, COUNT(signs))]);
    else if (what < 6)
        buf_add_z(b, others[below(d, COUNT(others))]);
    else if (what == 6)
        buf_add_utf8(b, (int32_t)below(d, 0x3000));
    else if (what == 7)
        buf_add_c(b, (char)below(d, 256));
}

struct str ask_book_line(struct ctx *c, const struct ask_catalogue *k, struct dice *dice) {
    struct buf b = { .arena = c->arena };
    const struct relation *const *relations;
    const struct ask_field *const *all;
    int relations_n = ask_relations_of(k, &relations);
    for (int n = 1 + below(dice, 24); n > 0; n--) {
        int what = below(dice, 8);
        if (what < 2) {
            struct str rest = str_of(ask_term_words((enum ask_term)below(dice, ASK_TERMS_N),
                                                    (enum lang)below(dice, LANG_N))),
                       word = NO_STR;
            for (int i = below(dice, 3); i >= 0; i--) str_cut(&rest, ';', &word);
            buf_add(&b, word);
        } else if (what == 2) {
            int set = below(dice, relations_n + 1) - 1;
            int count = ask_fields(k, set < 0 ? NULL : relations[set], &all);
            buf_add(&b, ask_field_word(c, all[below(dice, count)]));
        } else if (what == 3) {
            buf_add(&b, ask_relation_word(c, relations[below(dice, relations_n)]));
        } else {
            put_random(&b, dice);
        }
        if (below(dice, 3)) buf_add_c(&b, ' ');
    }
    return buf_str(&b);
}
