/* The business as an entity: fields, rules, and the inputs of its form. Called by the store, by
 * set-up, welcome and the settings. */
#include "features/settings/settings.h"

#include "core/app/app.h"
#include "core/entity/form.h"
#include "core/job/job.h"
#include "lib/locale/currency.h"
#include "lib/locale/date.h"
#include "lib/locale/region.h"
#include "lib/locale/zone.h"

static const struct choice firm_languages[] = {
    { "fa", "فارسی", NULL },   { "ar", "العربية", NULL }, { "fr", "Français", NULL },
    { "en", "English", NULL }, { NULL, NULL, NULL },
};
static const struct choice firm_alphabets[] = {
    { "fa", N_("Alphabet|Persian"), NULL },
    { "ar", N_("Alphabet|Arabic"), NULL },
    { "fr", N_("Alphabet|French"), NULL },
    { "en", N_("Alphabet|English"), NULL },
    { NULL, NULL, NULL },
};
static const struct choice firm_calendars[] = {
    { "persian", N_("Calendar|Solar Hijri"), NULL },
    { "umalqura", N_("Calendar|Islamic (Umm al-Qura)"), NULL },
    { "gregorian", N_("Calendar|Gregorian"), NULL },
    { NULL, NULL, NULL },
};
static const struct choice firm_digits[] = {
    { "arabext", "۰۱۲۳۴۵۶۷۸۹", NULL },
    { "arab", "٠١٢٣٤٥٦٧٨٩", NULL },
    { "latn", "0123456789", NULL },
    { NULL, NULL, NULL },
};

static const struct choice firm_words[] = {
    { "client", N_("Word|Client"), NULL },   { "patient", N_("Word|Patient"), NULL },
    { "student", N_("Word|Student"), NULL }, { "donor", N_("Word|Donor"), NULL },
    { "member", N_("Word|Member"), NULL },   { NULL, NULL, NULL },
};
static const struct choice firm_two_factor[] = {
    { "offered", N_("Two-factor|Everyone may use it"), NULL },
    { "owners", N_("Two-factor|Owners must use it"), NULL },
    { "everyone", N_("Two-factor|Everyone must use it"), NULL },
    { NULL, NULL, NULL },
};

#define FIELD(...) ENTITY_FIELD(firm_row, __VA_ARGS__)
static const struct field fields[] = {
#include "features/settings/firm.def"
};
#undef FIELD

static struct str title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct firm_row *)row)->name;
}

static enum status check(struct ctx *c, void *row, const void *before) {
    struct firm_row *f = row;
    if (!before) return CONFLICT; /* there is one, made at set-up */
    if (f->first_weekday < 1 || f->first_weekday > 7)
        ctx_problem(c, S("first_weekday"), N_("Choose a day of the week."));
    const struct firm_row *was = before;
    if (c->door == DOOR_API && !str_eq(was->two_factor, f->two_factor))
        ctx_problem(c, S("two_factor"),
                    N_("This is changed on the page alone, which asks once more who it is."));
    if (!currency_get(f->currency)) ctx_problem(c, S("currency"), N_("There is no such currency."));
    return c->problems.n ? INVALID : OK;
}

/* Another alphabet: the sort keys of all lists are made anew by a job. */
static enum status saved(struct ctx *c, const void *row, const void *before) {
    const struct firm_row *f = row, *was = before;
    int64_t job;
    if (!f || !was || str_eq(f->alphabet, was->alphabet)) return OK;
    return job_enqueue(c, "reorder", S("{}"), S("reorder"), 0, &job);
}

const struct entity entity_firm = { .name = "firm",
                                    .plural = "firms",
                                    .label = N_("Settings|The business"),
                                    .label_plural = N_("Settings|The business"),
                                    .size = sizeof(struct firm_row),
                                    .fields = fields,
                                    .fields_n = COUNT(fields),
                                    .has_deleted = true,
                                    .one_row = true,
                                    .may_read = ROLE_OWNER,
                                    .may_write = ROLE_OWNER,
                                    .check = check,
                                    .saved = saved,
                                    .title = title };

enum status firm_load(struct ctx *c, struct firm_row *out) {
    return store_load(c, &entity_firm, 1, out);
}

/* --- The form --- */

static void choose(struct req *r, struct input *i, const struct choice *all) {
    for (; all->code; all++) input_choice(r, i, all->code, str_of(T(&r->c, all->label)));
}

void choose_language(struct req *r, struct input *i) {
    i->type = "select";
    choose(r, i, firm_languages);
}

/* Each with today's date, so that one sees what one chooses. */
void choose_calendar(struct req *r, struct input *i) {
    struct arena *a = r->c.arena;
    i->type = "radio";
    i->all = true;
    for (const struct choice *k = firm_calendars; k->code; k++) {
        struct locale l = *r->c.loc;
        (void)calendar_of(str_of(k->code), &l.calendar);
        struct str today = date_show(a, &l, date_today(&l), DATE_LONG);
        input_choice(r, i, k->code, str_printf(a, "%s · %.*s", T(&r->c, k->label), SF(today)));
    }
}

/* Each with what the pages will say. */
static void choose_word(struct req *r, struct input *i) {
    struct arena *a = r->c.arena;
    i->type = "radio";
    i->all = true;
    for (const struct choice *k = firm_words; k->code; k++) {
        struct locale l = *r->c.loc;
        (void)client_word_of(str_of(k->code), &l.word);
        input_choice(r, i, k->code,
                     str_printf(a, "%s · %s", T(&r->c, k->label), tr(&l, N_("All clients"))));
    }
}

void choose_digits(struct req *r, struct input *i) {
    i->type = "radio";
    i->all = true;
    choose(r, i, firm_digits);
}

void choose_weekday(struct req *r, struct input *i) {
    static const char *const codes[] = { "6", "7", "1", "2", "3", "4", "5" };
    i->type = "select";
    for (int k = 0; k < COUNT(codes); k++)
        input_choice(r, i, codes[k], str_of(weekday_name(r->c.loc->lang, codes[k][0] - '0')));
}

void choose_zone(struct req *r, struct input *i) {
    struct strs names = zone_names(r->app->zones, r->c.arena);
    i->type = "text";
    i->list = "zones";
    i->ltr = true;
    for (int k = 0; k < names.n; k++) input_choice(r, i, str_z(r->c.arena, names.v[k]), names.v[k]);
}

static void choose_currency(struct req *r, struct input *i) {
    int n;
    const struct currency *all = currency_list(&n);
    i->type = "select";
    for (int k = 0; k < n; k++) {
        struct str name = currency_name(r->c.arena, r->c.loc->lang, str_of(all[k].code));
        input_choice(r, i, all[k].code,
                     str_printf(r->c.arena, "%s \u2013 %.*s", all[k].code, SF(name)));
    }
}

static void choose_country(struct req *r, struct input *i) {
    struct arena *a = r->c.arena;
    struct strs codes = country_codes(a);
    i->type = "select";
    for (int k = 0; k < codes.n; k++)
        input_choice(r, i, str_z(a, codes.v[k]), country_name(a, r->c.loc->lang, codes.v[k]));
}

/* The field's own label and hint on an input of its name. */
static struct input of_field(struct req *r, const char *name, struct str value) {
    const struct field *f = entity_field(&entity_firm, str_of(name));
    struct input i = input_of(r, name, "text", f->label, value);
    i.hint = f->hint;
    i.required = (f->is & REQUIRED) != 0;
    return i;
}

void firm_inputs(struct req *r, const struct firm_row *now, struct firm_inputs *out) {
    struct str day = str_printf(r->c.arena, "%d", (int)now->first_weekday);
    out->name = of_field(r, "name", now->name);
    out->language = of_field(r, "language", now->language);
    choose_language(r, &out->language);
    out->alphabet = of_field(r, "alphabet", now->alphabet);
    out->alphabet.type = "select";
    choose(r, &out->alphabet, firm_alphabets);
    out->calendar = of_field(r, "calendar", now->calendar);
    choose_calendar(r, &out->calendar);
    out->digits = of_field(r, "digits", now->digits);
    choose_digits(r, &out->digits);
    out->first_weekday = of_field(r, "first_weekday", day);
    choose_weekday(r, &out->first_weekday);
    out->zone = of_field(r, "zone", now->zone);
    choose_zone(r, &out->zone);
    out->client_word = of_field(r, "client_word", now->client_word);
    choose_word(r, &out->client_word);
    out->currency = of_field(r, "currency", now->currency);
    choose_currency(r, &out->currency);
    out->country = of_field(r, "country", now->country);
    choose_country(r, &out->country);
}

void firm_two_factor_input(struct req *r, const struct firm_row *now, struct input *out) {
    *out = of_field(r, "two_factor", now->two_factor);
    out->type = "radio";
    out->all = true;
    choose(r, out, firm_two_factor);
}

enum status firm_read(struct req *r, struct firm_row *to) {
    enum status s = form_read(&r->c, &r->form, &entity_firm, to);
    if (s == OK && !zone_get(r->app->zones, to->zone))
        s = ctx_problem(&r->c, S("zone"),
                        N_("There is no time zone “{value}”. It looks like Asia/Tehran."),
                        ARG("value", to->zone));
    return s;
}
