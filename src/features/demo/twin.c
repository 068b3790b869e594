/* The same people a second time, as registers have them: in the other script, with a slip of the
 * pen, under a nickname, with both names swapped, a new phone, a married name, after a move. Which
 * is whom is known (demo.last), so that finding them can be measured. Called by demo.c; calls the
 * store. */
#include "features/demo/data.h"
#include "features/demo/demo.h"
#include "lib/base/buf.h"
#include "lib/locale/date.h"
#include "lib/locale/phone.h"

static const struct {
    const char *name, *nick;
} nicknames[] = {
    { "Robert", "Bob" },    { "William", "Bill" },     { "Michael", "Mike" },
    { "Thomas", "Tom" },    { "Daniel", "Dan" },       { "Samuel", "Sam" },
    { "Edward", "Ted" },    { "Patrick", "Paddy" },    { "Elizabeth", "Liz" },
    { "Rebecca", "Becky" }, { "Charlotte", "Lottie" }, { "Margaret", "Peggy" },
    { "James", "Jim" },     { "Henry", "Harry" },      { "Oliver", "Ollie" },
    { "Peter", "Pete" },
};

enum change { OTHER_SCRIPT, TYPO, NICKNAME, SWAPPED, NEW_PHONE, MARRIED, MOVED, CHANGES };
static const char *const change_codes[CHANGES] = { "script", "typo",    "nickname", "swapped",
                                                   "phone",  "married", "moved" };

static bool percent(struct dice *dice, int p) {
    return dice_below(dice, 100) < p;
}

static const char *latin_in(const struct demo_name *list, struct str name) {
    for (; list->name; list++)
        if (str_eq_z(name, list->name)) return list->latin;
    return NULL;
}

/* "X" or "X Y" in Latin letters, by the lists; empty when they do not know it. */
static struct str latin_of(struct ctx *c, const struct demo_name *list, struct str name) {
    const char *whole = latin_in(list, name);
    if (whole) return str_of(whole);
    for (size_t i = 0; i < name.n; i++) { /* a compound name: cut where both halves are known */
        if (name.p[i] != ' ') continue;
        const char *a = latin_in(list, str_sub(name, 0, i)),
                   *b = latin_in(list, str_sub(name, i + 1, SIZE_MAX));
        if (a && b) return str_printf(c->arena, "%s %s", a, b);
    }
    return NO_STR;
}

/* One letter wrong: left out, doubled, or two of them the other way round. */
static struct str slip(struct ctx *c, struct dice *dice, struct str s) {
    struct str letters[64], rest = s;
    int n = 0;
    while (rest.n && n < 64) {
        struct str before = rest;
        utf8_next(&rest);
        letters[n++] = str_sub(before, 0, before.n - rest.n);
    }
    if (n < 4 || rest.n) return s;
    int at = 1 + (int)dice_below(dice, n - 2), how = (int)dice_below(dice, 3);
    struct buf b = { .arena = c->arena };
    for (int i = 0; i < n; i++) {
        if (how == 0 && i == at) continue;
        if (how == 2 && i == at && i + 1 < n) {
            buf_add(&b, letters[i + 1]);
            buf_add(&b, letters[i]);
            i++;
            continue;
        }
        buf_add(&b, letters[i]);
        if (how == 1 && i == at) buf_add(&b, letters[i]);
    }
    return buf_str(&b);
}

static struct str nickname_of(struct str name) {
    for (int i = 0; i < COUNT(nicknames); i++)
        if (str_eq_z(name, nicknames[i].name)) return str_of(nicknames[i].nick);
    return NO_STR;
}

/* The number as somebody else would have typed it. */
static struct str other_form(struct ctx *c, struct dice *dice, const struct phone *p) {
    if (!p->e164.n) return p->number;
    if (percent(dice, 50)) return p->e164;
    return percent(dice, 50) ? phone_show_international(c->arena, p->e164)
                             : phone_show_national(c->arena, p->e164);
}

/* Day and month the other way round, or one digit off. */
static struct str near_day(struct ctx *c, struct dice *dice, struct str iso) {
    struct day d;
    if (!day_of_iso(iso, &d)) return iso;
    if (d.day <= 12 && d.day != d.month && percent(dice, 50)) {
        int month = d.day;
        d.day = d.month;
        d.month = month;
    } else {
        d.day += d.day % 10 < 8 ? 1 : -1;
    }
    return day_valid(d) ? day_iso(c->arena, d) : iso;
}

/* What makes somebody known besides his name. */
static int ties(const struct party *p) {
    return (p->phones.n > 0) + (p->emails.n > 0) + (p->birth_date.n == 10 && p->addresses.n > 0);
}

static bool rename_twin(struct ctx *c, struct dice *dice, enum lang lang, enum change how,
                        struct party *p) {
    const struct demo_words *w = &demo_words[lang];
    struct str given = p->given_name, latin[2];
    bool woman = str_eq(p->sex, S("f"));
    switch (how) {
    case OTHER_SCRIPT:
        latin[0] = latin_of(c, woman ? w->women : w->men, p->given_name);
        latin[1] = latin_of(c, w->families, p->family_name);
        if (!latin[0].n || !latin[1].n) return false;
        p->given_name = latin[0];
        p->family_name = latin[1];
        p->latin_name = p->father_name = NO_STR;
        return true;
    case TYPO:
        if (percent(dice, 60))
            p->family_name = slip(c, dice, p->family_name);
        else
            p->given_name = slip(c, dice, p->given_name);
        return true;
    case NICKNAME:
        given = nickname_of(p->given_name);
        if (given.n) p->given_name = given;
        return given.n > 0;
    case SWAPPED:
        p->given_name = p->family_name;
        p->family_name = given;
        return true;
    case MARRIED: {
        int n = 0;
        while (w->families[n].name) n++;
        struct str name = str_of(w->families[dice_below(dice, n)].name);
        if (!woman || str_eq(name, p->family_name)) return false;
        p->family_name = name;
        p->latin_name = NO_STR;
        return true;
    }
    default: return true;
    }
}

/* What a second card of the same person lacks or has newly; `fresh` gives what is new. */
static void change_rest(struct ctx *c, struct dice *dice, enum change how,
                        const struct party *fresh, struct party *p) {
    if (how == NEW_PHONE || how == MOVED)
        p->phones = fresh->phones;
    else if (p->phones.n) {
        struct phone *one = arena_new_of(c->arena, struct phone);
        *one = (struct phone){ .number = other_form(c, dice, &p->phones.v[0]),
                               .kind = p->phones.v[0].kind };
        p->phones.v = one;
        p->phones.n = 1;
    }
    if (how == MOVED || how == MARRIED)
        p->addresses = fresh->addresses;
    else if (percent(dice, 40))
        p->addresses.n = 0;
    if (how != MOVED && how != NEW_PHONE && percent(dice, 40)) p->emails.n = 0;
    if (p->phones.n && how != MOVED && how != NEW_PHONE && percent(dice, 25))
        p->birth_date = NO_STR;
    else if (percent(dice, 10))
        p->birth_date = near_day(c, dice, p->birth_date);
    if (percent(dice, 60)) p->father_name = NO_STR;
}

/* The children of a loaded record belong to it: a twin has new ones. */
static void without_ids(struct party *p) {
    for (int i = 0; i < entity_party.manys_n; i++) {
        struct many_rows rows = many_get(&entity_party.manys[i], p);
        for (int k = 0; k < rows.n; k++)
            *row_head(many_at(&entity_party.manys[i], rows, k)) = (struct row){ 0 };
    }
}

static bool enough(enum change how, const struct party *was) {
    if (how == NEW_PHONE || how == MOVED) /* then the rest must say it */
        return was->birth_date.n == 10 && was->birth_date.p[0] != '0' && was->emails.n;
    if (how == SWAPPED || how == OTHER_SCRIPT || how == MARRIED) return ties(was) > 0;
    return was->phones.n > 0;
}

static struct party *copy_of(struct ctx *c, const struct party *was) {
    struct party *p = row_copy(c, &entity_party, was);
    p->row = (struct row){ 0 };
    p->display_name = party_is_person(p) ? NO_STR : was->display_name;
    p->photo = 0;
    p->own_id = NO_STR;
    p->relatives.n = p->occasions.n = p->handles.n = p->resources.n = p->tags.n = 0;
    without_ids(p);
    return p;
}

/* A company once more: with another form of its name, found by phone, e-mail or website. */
static void twin_firm(struct ctx *c, struct dice *dice, struct party *p) {
    struct str name = p->display_name, head, rest = name;
    static const char *const forms[] = { "SARL ", "شرکت ", "شركة ", " Ltd", " SAS" };
    for (int i = 0; i < COUNT(forms); i++) {
        struct str form = str_of(forms[i]);
        if (str_starts(name, form)) name = str_sub(name, form.n, SIZE_MAX);
        if (str_ends(name, form)) name = str_sub(name, 0, name.n - form.n);
    }
    if (name.n == p->display_name.n && str_cut(&rest, ' ', &head) && rest.n > 6) name = rest;
    p->display_name = str_trim(name);
    for (int i = 0; i < p->phones.n; i++)
        p->phones.v[i].number = other_form(c, dice, &p->phones.v[i]);
    if (percent(dice, 40)) p->website = NO_STR;
    if (percent(dice, 40)) p->addresses.n = 0;
}

enum status demo_twin(struct ctx *c, struct demo *d, struct dice *dice, struct party **p) {
    struct party was, *fresh = *p, *twin = NULL;
    int64_t n = d->people_n < COUNT(d->people) ? d->people_n : COUNT(d->people);
    enum lang lang;
    if (!n) return OK;
    int64_t of = d->people[dice_below(dice, n)];
    enum status st = store_load(c, &entity_party, of, &was);
    if (st == MISSING) return OK;
    TRY(st);
    if (!lang_of(was.language, &lang)) return OK;
    const char *what = "firm";
    for (int i = 0; i < 20 && !twin; i++) {
        enum change how = (enum change)dice_below(dice, CHANGES);
        twin = copy_of(c, &was);
        if (!party_is_person(&was)) {
            twin_firm(c, dice, twin);
        } else if (enough(how, &was) && rename_twin(c, dice, lang, how, twin)) {
            change_rest(c, dice, how, fresh, twin);
            what = change_codes[how];
        } else {
            twin = NULL;
        }
    }
    if (!twin) return OK;
    *p = twin;
    d->last.of = of;
    d->last.what = what;
    return OK;
}
