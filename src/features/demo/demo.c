/* Makes the clients of the demonstration and of the benchmarks. Called by daftar demo; calls the
 * store. */
#include "features/demo/demo.h"

#include "core/entity/loader.h"
#include "core/search/search.h"
#include "features/bond/bond.h"
#include "features/demo/data.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/tag/tag.h"
#include "lib/locale/date.h"
#include "lib/text/fold.h"

enum { FIRST_TWIN = 24 };

SQL(demo_categories,
    "SELECT id, code FROM category WHERE deleted_at IS NULL ORDER BY position, id");

static int64_t below(struct demo *d, int64_t n) {
    return dice_below(&d->dice, n);
}

static bool percent(struct demo *d, int p) {
    return below(d, 100) < p;
}

static const char *word(struct demo *d, const char *const *list) {
    int n = 0;
    while (list[n]) n++;
    return list[below(d, n)];
}

/* Names are not all alike common: the front of a list comes more often. */
static const struct demo_name *name(struct demo *d, const struct demo_name *list) {
    int64_t n = 0;
    while (list[n].name) n++;
    int64_t a = below(d, n), b = below(d, n);
    return &list[a < b ? a : b];
}

static struct str digits(struct ctx *c, struct demo *d, const char *shape) {
    char *p = str_z(c->arena, str_of(shape));
    for (char *at = p; *at; at++)
        if (*at == '#') *at = (char)('0' + below(d, 10));
    return str_of(p);
}

static struct str in_digits(struct ctx *c, enum lang lang, struct str ascii) {
    struct buf b = { .arena = c->arena };
    for (size_t i = 0; i < ascii.n; i++) {
        char ch = ascii.p[i];
        if (ch >= '0' && ch <= '9' && lang == LANG_FA)
            buf_add_utf8(&b, 0x06F0 + ch - '0');
        else if (ch >= '0' && ch <= '9' && lang == LANG_AR)
            buf_add_utf8(&b, 0x0660 + ch - '0');
        else
            buf_add_c(&b, ch);
    }
    return buf_str(&b);
}

static void phone(struct ctx *c, struct demo *d, enum lang lang, const char *country, bool firm,
                  struct party *p) {
    const struct demo_phone *shape = demo_phones;
    while (shape->country && strcmp(shape->country, country) != 0) shape++;
    if (!shape->country) return;
    struct phone *v = arena_array(c->arena, struct phone, 2);
    int n = firm || percent(d, 12) ? 2 : 1;
    for (int i = 0; i < n; i++) {
        bool land = firm ? i == 0 : i == 1;
        v[i].number = digits(c, d, land ? shape->land : shape->mobile);
        if (v[i].number.p[0] == '0' && percent(d, 30))
            v[i].number = in_digits(c, lang, v[i].number);
        v[i].kind = land ? S("work") : S("mobile");
    }
    p->phones.v = v;
    p->phones.n = n;
}

static struct str mail_part(struct ctx *c, const char *latin) {
    struct buf b = { .arena = c->arena };
    struct str ascii = str_lower_ascii(c->arena, str_of(latin));
    for (size_t i = 0; i < ascii.n; i++)
        if (ascii.p[i] >= 'a' && ascii.p[i] <= 'z') buf_add_c(&b, ascii.p[i]);
    return buf_str(&b);
}

static void email(struct ctx *c, struct demo *d, const struct demo_name *given,
                  const struct demo_name *family, int64_t number, struct party *p) {
    static const char *const hosts[] = { "example.com", "example.org", "mail.example",
                                         "post.example" };
    struct email *v = arena_new_of(c->arena, struct email);
    struct str a = mail_part(c, given->latin ? given->latin : given->name);
    struct str b = mail_part(c, family->latin ? family->latin : family->name);
    v->email =
        str_printf(c->arena, "%.*s.%.*s%lld@%s", SF(a.n ? a : S("info")), SF(b.n ? b : S("post")),
                   (long long)number + 1, hosts[below(d, COUNT(hosts))]);
    v->kind = percent(d, 60) ? S("work") : S("home");
    p->emails.v = v;
    p->emails.n = 1;
}

static void address(struct ctx *c, struct demo *d, enum lang lang, const struct demo_town *town,
                    struct party *p) {
    struct address *v = arena_new_of(c->arena, struct address);
    v->kind = percent(d, 50) ? S("work") : S("home");
    v->town = str_of(town->town);
    v->region = str_of(town->region);
    v->country = str_of(town->country);
    if (town->postcode[0]) v->postcode = digits(c, d, town->postcode);
    v->street = str_of(word(d, demo_words[lang].streets));
    v->plaque = in_digits(c, lang, str_printf(c->arena, "%lld", (long long)below(d, 180) + 1));
    if (percent(d, 30))
        v->unit = in_digits(c, lang, str_printf(c->arena, "%lld", (long long)below(d, 12) + 1));
    p->addresses.v = v;
    p->addresses.n = 1;
}

static struct str replace(struct ctx *c, const char *pattern, const char *firm, const char *family,
                          const char *town) {
    struct tr_arg args[] = { { .name = "w", .value = str_of(firm) },
                             { .name = "f", .value = str_of(family) },
                             { .name = "t", .value = str_of(town) } };
    return tr_fill(c->arena, pattern, args, COUNT(args));
}

static void business(struct ctx *c, struct demo *d, enum lang lang, struct party *p) {
    static const char *const stages[] = { "active", "active", "active",   "active", "quiet",
                                          "quiet",  "new",    "prospect", "lead",   "past" };
    static const char *const channels[] = {
        "phone", "sms", "email", "whatsapp", "telegram", "visit"
    };
    p->stage = str_of(stages[below(d, COUNT(stages))]);
    int64_t k = below(d, 100), at = k < 8 ? 1 : k < 13 ? 2 : k < 15 ? 3 : k < 75 ? 0 : -1;
    if (at >= 0) p->category = d->categories[at];
    p->language = str_of(lang_code(lang));
    if (percent(d, 40)) p->prefers = str_of(channels[below(d, COUNT(channels))]);
    if (percent(d, 4)) p->no_call = 1;
    if (percent(d, 6)) p->no_mail = 1;
    if (percent(d, 8)) p->special = str_of(word(d, demo_words[lang].special));
    if (percent(d, 6)) p->notes_private = str_of(word(d, demo_words[lang].notes));
    if (percent(d, 25) && c->who.id) p->responsible = c->who.id;
    if (percent(d, 20)) {
        struct party_tag *t = arena_new_of(c->arena, struct party_tag);
        t->tag = d->tags[lang][below(d, 3)];
        p->tags.v = t;
        p->tags.n = 1;
    }
}

static void person(struct ctx *c, struct demo *d, enum lang lang, int64_t number, struct party *p) {
    const struct demo_words *w = &demo_words[lang];
    bool woman = percent(d, 52);
    const struct demo_name *given = name(d, woman ? w->women : w->men),
                           *family = name(d, w->families);
    p->kind = S("person");
    p->given_name = str_of(given->name);
    p->family_name = str_of(family->name);
    if (percent(d, 10)) { /* compound family names keep a million clients apart */
        const struct demo_name *second = name(d, w->families);
        if (second != family)
            p->family_name = str_printf(c->arena, lang == LANG_FR ? "%s-%s" : "%s %s", family->name,
                                        second->name);
    }
    p->sex = woman ? S("f") : S("m");
    if (given->latin && percent(d, 25))
        p->latin_name = str_printf(c->arena, "%s %s", given->latin, family->latin);
    if (lang == LANG_FA && percent(d, 15)) p->father_name = str_of(name(d, w->men)->name);
    if (percent(d, 55)) {
        struct day born =
            day_of_number(day_number((struct day){ 1950, 1, 1 }) + below(d, 365 * 56));
        if (percent(d, 8)) born.year = 0;
        p->birth_date = day_iso(c->arena, born);
    }
    const struct demo_town *town = w->towns;
    int towns = 0;
    while (town[towns].town) towns++;
    town += below(d, towns);
    phone(c, d, lang, town->country, false, p);
    if (percent(d, 60)) email(c, d, given, family, number, p);
    if (percent(d, 70)) address(c, d, lang, town, p);
}

static void organisation(struct ctx *c, struct demo *d, enum lang lang, int64_t number,
                         struct party *p) {
    const struct demo_words *w = &demo_words[lang];
    static const struct demo_name info = { "info", NULL };
    const struct demo_town *town = w->towns;
    int towns = 0;
    while (town[towns].town) towns++;
    town += below(d, towns);
    const char *firm = word(d, w->firms);
    p->kind = S("organisation");
    p->display_name =
        replace(c, w->firm_pattern[below(d, 4)], firm, name(d, w->families)->name, town->town);
    p->website = str_printf(c->arena, "https://firm%lld.example", (long long)number + 1);
    phone(c, d, lang, town->country, true, p);
    email(c, d, &info, &info, number, p);
    address(c, d, lang, town, p);
}

/* Where the client works, of the organisations made so far; 0: nowhere. */
static int64_t employer(struct demo *d, const struct party *p) {
    if (!party_is_person(p) || !d->firms_n || !percent(d, 30)) return 0;
    int64_t n = d->firms_n < COUNT(d->firms) ? d->firms_n : COUNT(d->firms);
    return d->firms[below(d, n)];
}

/* In bulk the rules of a bond, which hold here, are not asked once more, and the words that the
 * organisation lends its people go straight into the index. */
static enum status employ(struct ctx *c, const struct demo *d, struct bond *b) {
    struct entity plain = entity_bond;
    struct terms come = { .arena = c->arena };
    struct strs words;
    if (!d->loader) return store_save(c, &entity_bond, b);
    plain.check = NULL;
    plain.saved = NULL;
    TRY(store_save(c, &plain, b));
    fold_words(c->arena, entity_title(c, &entity_party, b->organisation), &words);
    for (int i = 0; i < words.n; i++) terms_word(&come, words.v[i]);
    terms_sort(&come);
    loader_terms(d->loader, b->person, &come);
    return OK;
}

static enum status hang_on(struct ctx *c, struct demo *d, enum lang lang, const struct party *p) {
    const struct demo_words *w = &demo_words[lang];
    int64_t notes = percent(d, 55) ? below(d, 3) + 1 : 0, works_at = employer(d, p);
    if (!party_is_person(p)) {
        d->firms[d->firms_n++ % COUNT(d->firms)] = p->row.id;
        notes = below(d, 2);
    } else if (works_at) {
        struct bond b = { .person = p->row.id,
                          .organisation = works_at,
                          .job_title = str_of(word(d, w->jobs)) };
        TRY(employ(c, d, &b));
    }
    int64_t gap = (d->end_ms - d->start_ms) / d->clients;
    for (int64_t i = 0; i < notes;
         i++) { /* before the next client comes: the history is in order */
        c->now_ms += below(d, gap / 4) + 1;
        c->batch = 0;
        struct note n = { .party = p->row.id,
                          .text = str_of(word(d, w->notes)),
                          .private = percent(d, 15) };
        TRY(store_save(c, &entity_note, &n));
    }
    return OK;
}

enum status demo_begin(struct ctx *c, struct demo *d, uint64_t seed, int64_t clients) {
    int64_t day = 86400000, today = c->now_ms / day * day;
    struct rows r;
    *d = (struct demo){ .dice = { seed * 0x9E3779B97F4A7C15u + 1 },
                        .clients = clients,
                        .start_ms = today - 400 * day,
                        .end_ms = today };
    TRY(db_query(c->tx, &demo_categories, &r));
    for (int i = 0; i < COUNT(d->categories) && i < r.n; i++)
        d->categories[i] = row_int(&r, i, "id");
    for (int lang = 0; lang < 4; lang++)
        for (int i = 0; i < 4 && demo_words[lang].tags[i]; i++)
            TRY(tag_make(c, str_of(demo_words[lang].tags[i]), &d->tags[lang][i]));
    return OK;
}

/* One in twenty is there already; of its own dice, so that the others stay as they are. */
static enum status maybe_twin(struct ctx *c, struct demo *d, int64_t number, struct party **p) {
    struct dice dice = { c->dice.state * 31 + 7 };
    d->last.of = 0;
    return number >= FIRST_TWIN && dice_below(&dice, 100) < 5 ? demo_twin(c, d, &dice, p) : OK;
}

enum status demo_client(struct ctx *c, struct demo *d, int64_t number) {
    int64_t k = below(d, 100);
    enum lang lang = k < 42 ? LANG_FA : k < 64 ? LANG_AR : k < 86 ? LANG_FR : LANG_EN;
    struct party *p = row_new(c, &entity_party);
    c->now_ms = d->start_ms + (d->end_ms - d->start_ms) / d->clients * number;
    c->batch = 0; /* as if each had been entered by itself */
    c->dice = (struct dice){ d->dice.state ^ (uint64_t)number };
    if (percent(d, 10))
        organisation(c, d, lang, number, p);
    else
        person(c, d, lang, number, p);
    business(c, d, lang, p);
    TRY(maybe_twin(c, d, number, &p));
    demo_more(c, lang, number, d->end_ms, p);
    TRY(d->loader ? loader_save(c, d->loader, &entity_party, p) : store_save(c, &entity_party, p));
    d->last.id = p->row.id;
    if (!d->last.of) d->people[d->people_n++ % COUNT(d->people)] = p->row.id;
    TRY(demo_files(c, d, lang, p->row.id, party_is_person(p), number));
    return hang_on(c, d, lang, p);
}
