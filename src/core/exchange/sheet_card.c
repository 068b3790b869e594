/* One vCard as a row: names, what reaches the person, addresses, the rest. What has no column goes
 * to the note under its name. Called by sheet_vcard.c; calls lib/text/vcard, name, lib/locale. */
#include "core/exchange/sheet_card.h"

#include "lib/locale/region.h"
#include "lib/text/fold.h"
#include "lib/text/name.h"

enum { UID_MAX = 100, TAG_MAX = 60 };

struct reading {
    struct arena *a;
    const struct vcard *card;
    struct sheet_card *out;
    struct sheet_row *row;
    bool ours, organisation;
    struct str company;
};

static struct str text_of(struct reading *k, const char *name) {
    int at = 0;
    const struct vcard_prop *p = vcard_find(k->card, name, &at);
    return p ? vcard_text(k->a, p) : NO_STR;
}

static struct str part(const struct strs *s, int i) {
    return i < s->n ? s->v[i] : NO_STR;
}

static struct str join(struct arena *a, const struct str *v, int n, struct str between) {
    struct str kept[12];
    int kept_n = 0;
    for (int i = 0; i < n && kept_n < COUNT(kept); i++)
        if (v[i].n) kept[kept_n++] = v[i];
    return str_join(a, kept, kept_n, between);
}

/* --- labels --- */

/* Apple's word for a property: "home" of _$!<Home>!$_, else a person's own; empty: none. */
static struct str label_of(struct reading *k, const struct vcard_prop *p, bool *own) {
    *own = false;
    for (int i = 0; p->group.n && i < k->card->n; i++) {
        const struct vcard_prop *q = &k->card->v[i];
        if (!str_eq(q->group, p->group) || !str_eq_z(q->name, "X-ABLABEL")) continue;
        struct str s = vcard_text(k->a, q);
        *own = !str_starts(s, S("_$!<")) || !str_ends(s, S(">!$_"));
        return *own ? s : str_sub(s, 4, s.n - 8);
    }
    return NO_STR;
}

struct kind_word {
    const char *word, *kind;
};
static const struct kind_word phone_words[] = {
    { "fax", "fax" },       { "homefax", "fax" },  { "workfax", "fax" }, { "otherfax", "fax" },
    { "home fax", "fax" },  { "work fax", "fax" }, { "cell", "mobile" }, { "mobile", "mobile" },
    { "iphone", "mobile" }, { "work", "work" },    { "main", "work" },   { "home", "home" },
    { "other", "other" },   { "pager", "other" },  { "car", "other" },   { "isdn", "other" },
    { "video", "other" },   { "school", "other" },
};
static const struct kind_word email_words[] = {
    { "work", "work" },
    { "home", "home" },
    { "other", "other" },
    { "school", "other" },
};
static const struct kind_word address_words[] = {
    { "billing", "billing" }, { "delivery", "delivery" }, { "work", "work" },
    { "home", "home" },       { "other", "other" },       { "school", "other" },
};

/* Android's way: TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=D9=85…): */
static struct str android_label(struct arena *a, const struct vcard_prop *p) {
    for (int i = 0; i < p->params_n; i++) {
        if (!str_starts(p->params[i].name, S("X-CUSTOM("))) continue;
        struct str s = p->params[p->params_n - 1].value;
        s = vcard_unquote(a, str_ends(s, S(")")) ? str_sub(s, 0, s.n - 1) : s);
        return utf8_valid(s) ? s : NO_STR;
    }
    return NO_STR;
}

/* The kind that types or label say, the first of the table that is met; *own: a label of the
 * person's, which then stands in the note. */
static const char *kind_of(struct reading *k, const struct vcard_prop *p,
                           const struct kind_word *words, int n, struct str *own_label) {
    bool own;
    struct str label = label_of(k, p, &own);
    *own_label = NO_STR;
    if (!label.n && (label = android_label(k->a, p)).n) own = true;
    for (int i = 0; i < n; i++)
        if (vcard_has(p, "TYPE", words[i].word) || str_eq_ascii(label, str_of(words[i].word)))
            return words[i].kind;
    if (!label.n) return "";
    if (own) *own_label = label;
    return "other";
}

/* --- names --- */

static void split_name(struct reading *k, struct str whole) {
    struct name_parts n;
    struct str *cells = k->row->cells;
    name_split(k->a, whole, lang_code(k->row->c.loc->lang), &n);
    sheet_put(k->row, SHEET_GIVEN_NAME, N_("First name"), n.given);
    sheet_put(k->row, SHEET_FAMILY_NAME, N_("Last name"), n.family);
    sheet_put(k->row, SHEET_TITLE, N_("Title|Title"), n.title);
    sheet_put(k->row, SHEET_NICKNAME, N_("Nickname"), n.nickname);
    if (n.sex && !cells[SHEET_SEX].n) cells[SHEET_SEX] = n.sex == 'f' ? S("f") : S("m");
}

/* "Dr. Sara Lang" is listed as "Sara Lang": the title has a column of its own. */
static struct str without_title(struct str name, struct str title) {
    if (!title.n || !str_starts(name, title)) return name;
    struct str rest = str_trim(str_sub(name, title.n, name.n));
    return rest.n ? rest : name;
}

static void put_parts(struct sheet_row *row, const struct strs *n, struct str full) {
    struct arena *a = row->c.arena;
    struct str given[] = { part(n, 1), part(n, 2) }, suffix = part(n, 4);
    struct str family[] = { part(n, 0), str_find(full, suffix) >= 0 ? NO_STR : suffix };
    sheet_put(row, SHEET_GIVEN_NAME, N_("First name"), join(a, given, 2, S(" ")));
    sheet_put(row, SHEET_FAMILY_NAME, N_("Last name"), join(a, family, 2, S(" ")));
    sheet_put(row, SHEET_TITLE, N_("Title|Title"), part(n, 3));
}

static void read_person(struct reading *k, const struct strs *n, struct str full) {
    struct str alone = !part(n, 0).n ? part(n, 1) : !part(n, 1).n ? part(n, 0) : NO_STR;
    bool one =
        alone.n && !part(n, 2).n && str_find_c(alone, ' ') > 0 && (!full.n || str_eq(full, alone));
    bool none = !part(n, 0).n && !part(n, 1).n && !part(n, 2).n;
    struct str whole = one ? alone : full;
    if (!k->ours && (one || none) && whole.n && !looks_like_organisation(whole)) {
        sheet_put(k->row, SHEET_TITLE, N_("Title|Title"), part(n, 3));
        split_name(k, whole);
    } else {
        put_parts(k->row, n, full);
    }
    if (!k->ours) full = without_title(full, k->row->cells[SHEET_TITLE]);
    sheet_put(k->row, SHEET_DISPLAY_NAME, N_("Full name"), full);
}

/* The card of an organisation may name a person too: he gets a row of his own. */
static void read_contact(struct reading *k, const struct strs *n, struct str name) {
    struct str parts[] = { part(n, 1), part(n, 0) };
    struct str person = join(k->a, parts, 2, S(" "));
    if (!person.n || str_eq(person, name)) return;
    k->out->has_contact = true;
    put_parts(&k->out->contact, n, NO_STR);
    sheet_put(&k->out->contact, SHEET_COMPANY, N_("Company"), name);
}

static void read_names(struct reading *k) {
    int at = 0;
    const struct vcard_prop *p = vcard_find(k->card, "N", &at), *more;
    struct strs n = p ? vcard_parts(k->a, p, " ") : (struct strs){ 0 };
    at = 0;
    p = vcard_find(k->card, "ORG", &at);
    struct strs org = p ? vcard_parts(k->a, p, ",") : (struct strs){ 0 };
    struct str full = text_of(k, "FN"), kind = text_of(k, "KIND"), company = part(&org, 0);
    bool person = part(&n, 0).n || part(&n, 1).n || part(&n, 2).n;
    k->organisation = str_eq_ascii(kind, S("org")) ||
                      str_eq_ascii(text_of(k, "X-ABSHOWAS"), S("COMPANY")) ||
                      (!person && company.n && (!full.n || str_eq(full, company)));
    if (k->organisation) {
        struct str name = full.n ? full : company;
        k->row->cells[SHEET_KIND] = S("organisation");
        sheet_put(k->row, SHEET_DISPLAY_NAME, N_("Full name"), name);
        read_contact(k, &n, name);
        if (company.n && !str_eq(company, name)) sheet_note(k->row, N_("Company"), company);
    } else {
        read_person(k, &n, full);
        sheet_put(k->row, SHEET_COMPANY, N_("Company"), company);
    }
    for (int i = 1; i < org.n; i++) sheet_note(k->row, N_("Department"), org.v[i]);
    while (p && (more = vcard_find(k->card, "ORG", &at)))
        sheet_note(k->row, N_("Company"), vcard_text(k->a, more));
    at = 0;
    if (vcard_find(k->card, "FN", &at))
        while ((more = vcard_find(k->card, "FN", &at))) {
            struct str other = vcard_text(k->a, more);
            if (vcard_has(more, "SCRIPT", "Latn")) /* RFC 9554 */
                sheet_put(k->row, SHEET_LATIN_NAME, N_("Name in Latin letters"), other);
            else if (!str_eq(other, full))
                sheet_note(k->row, N_("Full name"), other);
        }
}

static bool is_latin(struct str s) {
    while (s.n)
        if (utf8_next(&s) >= 0x250) return false;
    return true;
}

/* How a name is spoken, written in Latin letters, finds the person too. */
static void read_phonetic(struct reading *k) {
    struct str v[] = { text_of(k, "X-PHONETIC-FIRST-NAME"), text_of(k, "X-PHONETIC-MIDDLE-NAME"),
                       text_of(k, "X-PHONETIC-LAST-NAME") };
    struct str name = join(k->a, v, COUNT(v), S(" "));
    if (!name.n) name = text_of(k, "X-PHONETIC-ORG");
    if (name.n && is_latin(name))
        sheet_put(k->row, SHEET_LATIN_NAME, N_("Name in Latin letters"), name);
    else
        sheet_note(k->row, N_("Pronounced"), name);
}

/* --- what reaches him --- */

/* Properties of that name, the preferred ones first. */
static int in_order(struct reading *k, const char *name, const struct vcard_prop **out) {
    int n = 0, at = 0;
    const struct vcard_prop *p;
    while ((p = vcard_find(k->card, name, &at))) {
        int i = n++;
        for (; i > 0 && vcard_pref(out[i - 1]) > vcard_pref(p); i--) out[i] = out[i - 1];
        out[i] = p;
    }
    return n;
}

static struct str extended(struct reading *k, const struct strs *s, const int *at, int n) {
    struct str v[6];
    for (int i = 0; i < n; i++) v[i] = part(s, at[i]);
    return join(k->a, v, n, S(", "));
}

/* The seven components of old, and the eleven of RFC 9554 that take the street apart. */
enum { ADR_STREET_NUMBER = 10, ADR_STREET_NAME = 11 };
static const int adr_unit[] = { 8, 7, 9 }, adr_line2[] = { 12, 13, 16, 17 },
                 adr_district[] = { 14, 15 };

static void put_street(struct reading *k, struct str street, struct sheet_address *ad) {
    struct str rest = street, first;
    struct buf more = { .arena = k->a };
    if (!str_cut(&rest, '\n', &first)) return;
    ad->v[PART_STREET] = str_trim(first);
    for (struct str line; str_cut(&rest, '\n', &line);) {
        if (more.n) buf_add_z(&more, ", ");
        buf_add(&more, str_trim(line));
    }
    ad->v[PART_LINE2] = buf_str(&more);
}

static struct str country_of(struct reading *k, const struct vcard_prop *p, struct str name) {
    struct str code = vcard_param(p, "CC"), found;
    if (code.n && sheet_country(k->row, code).n) return code;
    if (name.n && (found = sheet_country(k->row, name)).n) return found;
    for (int i = 0; p->group.n && i < k->card->n; i++) {
        const struct vcard_prop *q = &k->card->v[i];
        if (!str_eq(q->group, p->group) || !str_eq_z(q->name, "X-ABADR")) continue;
        if ((found = sheet_country(k->row, vcard_text(k->a, q))).n) return found;
    }
    return name;
}

static void read_address(struct reading *k, const struct vcard_prop *p) {
    struct strs s = vcard_parts(k->a, p, ",");
    struct sheet_address ad = { 0 };
    struct str own, label = vcard_param(p, "LABEL");
    bool any = false;
    for (int i = 0; i < s.n; i++) any |= s.v[i].n > 0;
    if (!any) { /* only what stands on the envelope */
        put_street(k, label, &ad);
    } else {
        put_street(k, part(&s, 2), &ad);
        ad.v[PART_UNIT] = part(&s, 1);
        ad.v[PART_TOWN] = part(&s, 3);
        ad.v[PART_REGION] = part(&s, 4);
        ad.v[PART_POSTCODE] = part(&s, 5);
        ad.v[PART_COUNTRY] = country_of(k, p, part(&s, 6));
        ad.v[PART_PO_BOX] = part(&s, 0);
    }
    if (part(&s, ADR_STREET_NUMBER).n || part(&s, ADR_STREET_NAME).n) {
        ad.v[PART_STREET] = part(&s, ADR_STREET_NAME);
        ad.v[PART_PLAQUE] = part(&s, ADR_STREET_NUMBER);
        ad.v[PART_LINE2] = NO_STR;
    }
    struct str unit = extended(k, &s, adr_unit, 3), line2 = extended(k, &s, adr_line2, 4);
    if (unit.n) ad.v[PART_UNIT] = unit;
    if (line2.n) ad.v[PART_LINE2] = line2;
    ad.v[PART_NEIGHBOURHOOD] = extended(k, &s, adr_district, 2);
    ad.v[PART_KIND] = str_of(kind_of(k, p, address_words, COUNT(address_words), &own));
    struct str town = ad.v[PART_TOWN].n ? ad.v[PART_TOWN] : ad.v[PART_STREET];
    sheet_put_address(k->row, &ad);
    if (own.n) sheet_note(k->row, str_z(k->a, own), town);
}

static void read_reach(struct reading *k) {
    const struct vcard_prop **v = arena_array(k->a, const struct vcard_prop *, k->card->n + 1);
    struct str own;
    int n = in_order(k, "TEL", v);
    for (int i = 0; i < n; i++) {
        const char *kind = kind_of(k, v[i], phone_words, COUNT(phone_words), &own);
        struct str number = vcard_text(k->a, v[i]);
        sheet_put_phone(k->row, number, kind, vcard_param(v[i], "X-EXT"));
        if (own.n) sheet_note(k->row, str_z(k->a, own), number);
    }
    n = in_order(k, "EMAIL", v);
    for (int i = 0; i < n; i++) {
        const char *kind = kind_of(k, v[i], email_words, COUNT(email_words), &own);
        struct str email = vcard_text(k->a, v[i]);
        sheet_put_email(k->row, email, kind);
        if (own.n) sheet_note(k->row, str_z(k->a, own), email);
    }
    n = in_order(k, "ADR", v);
    for (int i = 0; i < n; i++) read_address(k, v[i]);
    int labels = n ? 0 : in_order(k, "LABEL", v); /* beside an ADR it says the same again */
    for (int i = 0; i < labels; i++) {
        struct sheet_address ad = { 0 };
        put_street(k, vcard_text(k->a, v[i]), &ad);
        sheet_put_address(k->row, &ad);
    }
    n = in_order(k, "URL", v);
    for (int i = 0; i < n; i++)
        sheet_put(k->row, SHEET_WEBSITE, N_("Website"), vcard_text(k->a, v[i]));
}

/* --- the rest --- */

static void read_birthday(struct reading *k, const struct vcard_prop *p) {
    struct str iso, text = vcard_text(k->a, p), calendar = vcard_param(p, "CALSCALE");
    if (vcard_date(k->a, p, &iso))
        sheet_put(k->row, SHEET_BIRTH_DATE, N_("Date of birth"), iso);
    else if (calendar.n && !str_eq_ascii(calendar, S("gregorian")))
        sheet_note(k->row, N_("Date of birth"), text);
    else /* a year of another calendar: as the person who imports writes dates */
        sheet_put(k->row, SHEET_BIRTH_DATE, N_("Date of birth"), text);
}

static void read_language(struct reading *k, const struct vcard_prop *p) {
    struct str tag = vcard_text(k->a, p), rest = tag, first = tag;
    if (!language_find(k->a, tag).n && str_cut(&rest, '-', &first) && !language_find(k->a, first).n)
        first = tag;
    sheet_put(k->row, SHEET_LANGUAGE, N_("Language"), first);
}

static void read_sex(struct reading *k, struct str text) {
    struct str rest = text, code = text, *cell = &k->row->cells[SHEET_SEX];
    str_cut(&rest, ';', &code);
    code = str_lower_ascii(k->a, str_trim(code));
    if (str_eq_z(code, "f") || str_eq_z(code, "female"))
        *cell = S("f");
    else if (str_eq_z(code, "m") || str_eq_z(code, "male"))
        *cell = S("m");
    else
        sheet_note(k->row, N_("Sex"), rest.n ? rest : code);
}

/* What would part two tags in a cell. */
static struct str one_tag(struct arena *a, struct str s) {
    struct buf b = { .arena = a };
    while (s.n) {
        bool arabic = str_starts(s, S("،")) || str_starts(s, S("؛"));
        bool parts = arabic || s.p[0] == ',' || s.p[0] == ';' || s.p[0] == '\n';
        buf_add_c(&b, parts ? ' ' : s.p[0]);
        s = str_sub(s, arabic ? 2 : 1, s.n);
    }
    return text_clean(a, buf_str(&b), CLEAN_LINE);
}

static void add_tags(struct reading *k, const struct strs *names) {
    struct str *cell = &k->row->cells[SHEET_TAGS];
    for (int i = 0; i < names->n; i++) {
        struct str tag = one_tag(k->a, names->v[i]), rest = *cell, one;
        if (str_starts(tag, S("* "))) tag = str_sub(tag, 2, tag.n); /* Google's own groups */
        if (!tag.n || str_eq_ascii(tag, S("myContacts"))) continue;
        int n = 0;
        bool there = false;
        for (; str_cut(&rest, ',', &one); n++) there |= str_eq(str_trim(one), tag);
        if (there) continue;
        if (n == LIMIT_MANY_N || utf8_count(tag) > TAG_MAX)
            sheet_note(k->row, N_("Tag"), tag);
        else
            *cell = cell->n ? str_printf(k->a, "%.*s, %.*s", SF(*cell), SF(tag)) : tag;
    }
}

/* Android keeps what vCard has no name for: vnd.android.cursor.item/nickname;Bob;1;;… */
static void read_android(struct reading *k, const struct vcard_prop *p) {
    struct strs s = vcard_parts(k->a, p, ",");
    if (str_ends(part(&s, 0), S("/nickname")))
        sheet_put(k->row, SHEET_NICKNAME, N_("Nickname"), part(&s, 1));
    else if (str_ends(part(&s, 0), S("/relation")))
        sheet_note(k->row, N_("Related"), part(&s, 1));
    else
        sheet_note(k->row, NULL, part(&s, 1));
}

/* Properties that are read elsewhere, and those that say nothing about the person. */
static const char *const silent[] = {
    "FN",
    "N",
    "ORG",
    "TEL",
    "EMAIL",
    "ADR",
    "LABEL",
    "URL",
    "KIND",
    "UID",
    "MEMBER",
    "PRODID",
    "REV",
    "SORT-STRING",
    "MAILER",
    "CLASS",
    "PROFILE",
    "NAME",
    "SOURCE",
    "CLIENTPIDMAP",
    "CREATED",
    "CALURI",
    "CAPURI",
    "FBURL",
    "X-ABLABEL",
    "X-ABADR",
    "X-ABUID",
    "X-ABSHOWAS",
    "X-IMAGETYPE",
    "X-IMAGEHASH",
    "X-SHARED-PHOTO-DISPLAY-PREF",
    "X-MOZILLA-HTML",
    "X-GENERATOR",
    "X-FILE-AS",
    "X-ACCOUNT",
    "X-RADICALE-NAME",
    "X-CLASS",
    "X-DEFAULT",
    "TITLE",
    "ROLE",
};
static const char *const silent_families[] = {
    "X-PHONETIC-",      "X-ADDRESSBOOKSERVER-", "X-APPLE-",
    "X-EVOLUTION-FILE", "X-EVOLUTION-WEBDAV",   "X-MS-",
    "X-SYNCMLREF",      "X-THUNDERBIRD-",
};
static const struct {
    const char *name, *label;
} noted[] = {
    { "IMPP", N_("Messenger") },
    { "X-SOCIALPROFILE", N_("Profile") },
    { "SOCIALPROFILE", N_("Profile") },
    { "ANNIVERSARY", N_("Anniversary") },
    { "X-ANNIVERSARY", N_("Anniversary") },
    { "X-EVOLUTION-ANNIVERSARY", N_("Anniversary") },
    { "X-SPOUSE", N_("Spouse") },
    { "X-EVOLUTION-SPOUSE", N_("Spouse") },
    { "RELATED", N_("Related") },
    { "X-ABRELATEDNAMES", N_("Related") },
    { "GEO", N_("Place on the map") },
    { "X-SKYPE", "Skype" },
    { "X-SKYPE-USERNAME", "Skype" },
    { "X-JABBER", "Jabber" },
    { "X-TELEGRAM", "Telegram" },
    { "X-WHATSAPP", "WhatsApp" },
};

static bool is_silent(struct str name) {
    for (int i = 0; i < COUNT(silent); i++)
        if (str_eq_z(name, silent[i])) return true;
    for (int i = 0; i < COUNT(silent_families); i++)
        if (str_starts(name, str_of(silent_families[i]))) return true;
    return false;
}

static void note_other(struct reading *k, const struct vcard_prop *p) {
    bool own;
    struct str label = label_of(k, p, &own), type = vcard_param(p, "TYPE");
    const char *name = NULL;
    if (p->base64) {
        k->out->left = p;
        return;
    }
    for (int i = 0; i < COUNT(noted); i++)
        if (str_eq_z(p->name, noted[i].name)) name = noted[i].label;
    struct str word = label.n ? label : name && str_find(p->name, S("RELAT")) >= 0 ? type : NO_STR;
    if (word.n) name = str_z(k->a, word);
    struct strs parts = vcard_parts(k->a, p, ",");
    sheet_note(k->row, name ? name : str_z(k->a, p->name),
               join(k->a, parts.v, parts.n < 12 ? parts.n : 12, S(", ")));
}

static void read_other(struct reading *k, const struct vcard_prop *p) {
    struct str name = p->name;
    struct strs list;
    if (p->of_agent) {
        bool told = str_eq_z(name, "FN") || str_eq_z(name, "TEL") || str_eq_z(name, "EMAIL");
        if (told) sheet_note(k->row, N_("Agent"), vcard_text(k->a, p));
    } else if (str_eq_z(name, "BDAY")) {
        read_birthday(k, p);
    } else if (str_eq_z(name, "NICKNAME") || str_eq_z(name, "X-NICKNAME")) {
        list = vcard_list(k->a, p);
        for (int i = 0; i < list.n; i++)
            sheet_put(k->row, SHEET_NICKNAME, N_("Nickname"), list.v[i]);
    } else if (str_eq_z(name, "NOTE")) {
        if (k->ours)
            sheet_put(k->row, SHEET_SPECIAL, NULL, vcard_text(k->a, p));
        else
            sheet_note(k->row, NULL, vcard_text(k->a, p));
    } else if (str_eq_z(name, "CATEGORIES") || str_eq_z(name, "CATEGORY")) {
        list = vcard_list(k->a, p);
        add_tags(k, &list);
    } else if (str_eq_z(name, "TZ")) {
        sheet_put(k->row, SHEET_ZONE, N_("Time zone"), vcard_text(k->a, p));
    } else if (str_eq_z(name, "LANG") || str_eq_z(name, "LANGUAGE")) {
        read_language(k, p);
    } else if (str_eq_z(name, "GENDER") || str_eq_z(name, "X-GENDER")) {
        read_sex(k, vcard_text(k->a, p));
    } else if (str_eq_z(name, "X-ANDROID-CUSTOM")) {
        read_android(k, p);
    } else if (str_eq_z(name, "PHOTO")) {
        if (!k->out->photo && p->value.n) k->out->photo = p;
    } else if (!is_silent(name)) {
        note_other(k, p);
    }
}

/* A job title without an organisation would have no place. */
static void read_job(struct reading *k) {
    struct sheet_row *to = k->out->has_contact ? &k->out->contact : k->row;
    int at = 0;
    const struct vcard_prop *p;
    bool place = k->out->has_contact || k->row->cells[SHEET_COMPANY].n > 0;
    static const struct {
        const char *name, *label;
    } from[] = { { "TITLE", N_("Job title") }, { "ROLE", N_("Role") } };
    for (int i = 0; i < COUNT(from); i++)
        for (at = 0; (p = vcard_find(k->card, from[i].name, &at));)
            if (place)
                sheet_put(to, SHEET_JOB_TITLE, from[i].label, vcard_text(k->a, p));
            else
                sheet_note(k->row, from[i].label, vcard_text(k->a, p));
}

/* --- who it is --- */

/* Longer than any program makes: not used. */
static struct str uid_of(struct reading *k) {
    struct str uid = text_clean(k->a, text_of(k, "UID"), CLEAN_LINE);
    if (!uid.n) uid = text_clean(k->a, text_of(k, "X-ABUID"), CLEAN_LINE);
    return utf8_count(uid) <= UID_MAX ? uid : NO_STR;
}

void sheet_card_read(const struct ctx *c, struct arena *a, const struct vcard *card,
                     const struct strs *tags, struct map *countries, struct sheet_card *out) {
    struct reading k = { .a = a, .card = card, .out = out, .row = &out->row };
    sheet_row_begin(&out->row, c, a);
    sheet_row_begin(&out->contact, c, a);
    out->row.countries = countries;
    out->has_contact = false;
    out->photo = out->left = NULL;
    k.ours = str_starts(text_of(&k, "PRODID"), S(SHEET_PRODID));
    read_names(&k);
    read_phonetic(&k);
    read_reach(&k);
    read_job(&k);
    add_tags(&k, tags);
    for (int i = 0; i < card->n; i++) read_other(&k, &card->v[i]);
    out->row.cells[SHEET_UID] = uid_of(&k);
    if (!out->has_contact || !out->row.cells[SHEET_UID].n) return;
    struct str uid = str_sub(out->row.cells[SHEET_UID], 0, UID_MAX - 8);
    while (!utf8_valid(uid)) uid.n--;
    out->contact.cells[SHEET_UID] = str_printf(a, "%.*s-contact", SF(uid));
}

/* --- groups --- */

bool sheet_card_is_group(const struct vcard *card) {
    int at = 0;
    const struct vcard_prop *p = vcard_find(card, "KIND", &at);
    if (p) return str_eq_ascii(str_trim(p->value), S("group"));
    at = 0;
    p = vcard_find(card, "X-ADDRESSBOOKSERVER-KIND", &at);
    return p && str_eq_ascii(str_trim(p->value), S("group"));
}

struct str sheet_card_group_name(struct arena *a, const struct vcard *card) {
    int at = 0;
    const struct vcard_prop *p = vcard_find(card, "FN", &at);
    struct str name = p ? vcard_text(a, p) : NO_STR;
    at = 0;
    if (!name.n && (p = vcard_find(card, "N", &at))) {
        struct strs n = vcard_parts(a, p, " ");
        name = join(a, n.v, n.n < 5 ? n.n : 5, S(" "));
    }
    return text_clean(a, name, CLEAN_LINE);
}

struct str sheet_card_key(struct arena *a, struct str uri) {
    struct str s = str_lower_ascii(a, str_trim(uri));
    if (str_starts(s, S("urn:uuid:"))) s = str_sub(s, 9, s.n);
    ptrdiff_t colon = str_find(s, S(":abperson"));
    if (colon > 0) s = str_sub(s, 0, (size_t)colon);
    if (str_starts(s, S("mailto:")))
        s = str_printf(a, "mailto:%.*s", SF(fold_email(a, str_sub(s, 7, s.n))));
    return s;
}

int sheet_card_keys(struct arena *a, const struct vcard *card, struct str *out, int cap) {
    int n = 0;
    for (int i = 0; i < card->n && n < cap; i++) {
        const struct vcard_prop *p = &card->v[i];
        if (p->of_agent) continue;
        if (str_eq_z(p->name, "UID") || str_eq_z(p->name, "X-ABUID"))
            out[n++] = sheet_card_key(a, vcard_text(a, p));
        else if (str_eq_z(p->name, "EMAIL"))
            out[n++] = str_printf(a, "mailto:%.*s", SF(fold_email(a, vcard_text(a, p))));
    }
    return n;
}
