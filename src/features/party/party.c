/* Fields and rules of the register. Called by the store (check, saved, terms, title) and by import;
 * calls lib/locale for phones and dates. */
#include "features/party/party.h"

#include "core/entity/list.h"
#include "core/entity/moved.h"

#include "core/search/search.h"
#include "features/category/category.h"
#include "features/member/member.h"
#include "features/notice/notice.h"
#include "features/tag/tag.h"
#include "lib/locale/date.h"
#include "lib/locale/phone.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"

static const struct choice party_kinds[] = {
    { "person", N_("Person"), "individual;contact;particulier;personne;حقیقی;شخص;فرد" },
    { "organisation", N_("Organisation"),
      "organization;company;firm;business;société;entreprise;حقوقی;شرکت;شركة;منشأة" },
    { NULL, NULL, NULL },
};
static const struct choice party_sexes[] = {
    { "f", N_("Woman"), "female;femme;féminin;w;mme;خانم;مونث;مؤنث;أنثى;انثى" },
    { "m", N_("Man"), "male;homme;masculin;h;آقا;مذکر;مرد;ذكر" },
    { NULL, NULL, NULL },
};
static const struct choice party_stages[] = {
    { "lead", N_("Lead"), "piste" },
    { "prospect", N_("Prospect"), NULL },
    { "new", N_("Stage|New"), "nouveau" },
    { "active", N_("Stage|Active"), "actif;client;customer" },
    { "quiet", N_("Stage|Quiet"), "inactive;inactif;dormant" },
    { "past", N_("Stage|Past"), "former;ancien;archived" },
    { "refused", N_("Stage|Refused"), "refusé" },
    { "parted", N_("Stage|Parted"), "parti" },
    { NULL, NULL, NULL },
};
static const struct choice party_channels[] = {
    { "phone", N_("Channel|Phone call"), "call;phone;appel;téléphone;تلفن" },
    { "sms", N_("Channel|Text message"), "sms;texto" },
    { "email", N_("Channel|E-mail"), "mail;courriel" },
    { "whatsapp", N_("WhatsApp"), NULL },
    { "telegram", N_("Telegram"), NULL },
    { "letter", N_("Channel|Letter"), "post;courrier" },
    { "visit", N_("Channel|In person"), "visit;visite" },
    { NULL, NULL, NULL },
};
static const struct choice phone_kinds[] = {
    { "mobile", N_("Phone|Mobile"), "cell;portable;gsm;موبایل;جوال" },
    { "work", N_("Phone|Work"), "office;bureau;travail;pro" },
    { "home", N_("Phone|Home"), "domicile;maison" },
    { "fax", N_("Fax"), "télécopie" },
    { "other", N_("Kind|Other"), "autre" },
    { NULL, NULL, NULL },
};
static const struct choice email_kinds[] = {
    { "work", N_("E-mail|Work"), "office;pro;travail" },
    { "home", N_("E-mail|Personal"), "private;personal;personnel" },
    { "other", N_("Kind|Other"), "autre" },
    { NULL, NULL, NULL },
};
static const struct choice address_kinds[] = {
    { "work", N_("Address|Work"), "office;bureau" },
    { "home", N_("Address|Home"), "domicile" },
    { "billing", N_("Address|Billing"), "facturation" },
    { "delivery", N_("Address|Delivery"), "livraison" },
    { "other", N_("Kind|Other"), "autre" },
    { NULL, NULL, NULL },
};
static const struct choice party_pleasant[] = {
    { "5", N_("Pleasant|A joy"), NULL },       { "4", N_("Pleasant|Pleasant"), NULL },
    { "3", N_("Pleasant|All right"), NULL },   { "2", N_("Pleasant|Difficult"), NULL },
    { "1", N_("Pleasant|Never again"), NULL }, { NULL, NULL, NULL },
};
static const struct choice party_answers[] = {
    { "hour", N_("Answers|Within the hour"), NULL }, { "day", N_("Answers|The same day"), NULL },
    { "days", N_("Answers|Within days"), NULL },     { "slowly", N_("Answers|Slowly"), NULL },
    { "never", N_("Answers|Never"), NULL },          { NULL, NULL, NULL },
};
static const struct choice relative_kinds[] = {
    { "child", N_("Relative|Child"),
      "children;kid;son;daughter;enfants;fils;fille;بچه;پسر;دختر;فرزندان;ابن;ابنة;الأبناء" },
    { "spouse", N_("Relative|Spouse"),
      "wife;husband;partner;époux;épouse;mari;femme;زن;شوهر;زوجة;زوج" },
    { "parent", N_("Relative|Parent"), "father;mother;père;mère;پدر;مادر;أب;أم" },
    { "sibling", N_("Relative|Sibling"), "brother;sister;frère;sœur;برادر;خواهر;أخ;أخت" },
    { "other", N_("Kind|Other"), "autre" },
    { NULL, NULL, NULL },
};
static const struct choice occasion_kinds[] = {
    { "anniversary", N_("Occasion|Anniversary"), "سالگرد" },
    { "wedding", N_("Occasion|Wedding day"), "mariage;wedding anniversary;ازدواج;عروسی;زواج" },
    { "name_day", N_("Occasion|Name day"), "fête" },
    { "founding", N_("Occasion|Founding day"), "founded;création;fondation;تأسیس;تاسیس;تأسيس" },
    { "other", N_("Kind|Other"), "autre" },
    { NULL, NULL, NULL },
};
static const struct choice handle_kinds[] = {
    { "telegram", N_("Telegram"), NULL },   { "whatsapp", N_("WhatsApp"), NULL },
    { "instagram", N_("Instagram"), NULL }, { "linkedin", N_("LinkedIn"), NULL },
    { "signal", N_("Signal"), NULL },       { "bale", N_("Bale"), NULL },
    { "eitaa", N_("Eitaa"), NULL },         { "rubika", N_("Rubika"), NULL },
    { "facebook", N_("Facebook"), NULL },   { "x", N_("X"), "twitter;توییتر;تويتر" },
    { "other", N_("Kind|Other"), "autre" }, { NULL, NULL, NULL },
};
static const struct choice resource_kinds[] = {
    { "brief", N_("Link|Brief"), "cahier des charges" },
    { "style_guide", N_("Link|Style guide"), "charte" },
    { "folder", N_("Link|Folder"), "drive;dossier" },
    { "contract", N_("Link|Contract"), "contrat" },
    { "work", N_("Link|Piece of work"), "projet" },
    { "other", N_("Kind|Other"), "autre" },
    { NULL, NULL, NULL },
};

#define FIELD(...) ENTITY_FIELD(phone, __VA_ARGS__)
static const struct field phone_fields[] = {
#include "features/party/phone.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(email, __VA_ARGS__)
static const struct field email_fields[] = {
#include "features/party/email.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(address, __VA_ARGS__)
static const struct field address_fields[] = {
#include "features/party/address.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(party_tag, __VA_ARGS__)
static const struct field party_tag_fields[] = {
#include "features/party/party_tag.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(relative, __VA_ARGS__)
static const struct field relative_fields[] = {
#include "features/party/relative.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(occasion, __VA_ARGS__)
static const struct field occasion_fields[] = {
#include "features/party/occasion.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(handle, __VA_ARGS__)
static const struct field handle_fields[] = {
#include "features/party/handle.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(resource, __VA_ARGS__)
static const struct field resource_fields[] = {
#include "features/party/resource.def"
};
#undef FIELD
#define MANY(...)
#define FIELD(...) ENTITY_FIELD(party, __VA_ARGS__)
static const struct field party_fields[] = {
#include "features/party/party.def"
};
#undef FIELD
#undef MANY
#define FIELD(...)
#define MANY(...) ENTITY_MANY(party, __VA_ARGS__)
static const struct many party_manys[] = {
#include "features/party/party.def"
};
#undef FIELD
#undef MANY

/* The first of them: by ORDER BY and LIMIT SQLite would make a table to sort in each time. */
SQL(party_find_email, "SELECT min(email.party) AS id FROM email "
                      "JOIN party ON party.id = email.party "
                      "WHERE email.email_key = :key AND party.deleted_at IS NULL" VISIBLE_PARTY);
SQL(party_find_phone, "SELECT min(phone.party) AS id FROM phone "
                      "JOIN party ON party.id = phone.party "
                      "WHERE phone.e164 = :key AND party.deleted_at IS NULL" VISIBLE_PARTY);
SQL(party_find_own_id, "SELECT id FROM party WHERE own_id = :key AND deleted_at IS NULL");
/* Of who became a part of another: his number leads to that one. */
SQL(party_find_moved_own_id,
    "SELECT id FROM party JOIN moved ON moved.entity = 'party' AND moved.from_id = party.id "
    "WHERE own_id = :key AND deleted_at IS NOT NULL ORDER BY id DESC LIMIT 1");
SQL(party_organisation_names,
    "SELECT party.display_name AS name FROM bond JOIN party ON party.id = bond.organisation "
    "WHERE bond.person = :id AND bond.deleted_at IS NULL" VISIBLE_PARTY
    " ORDER BY bond.id LIMIT 100");
SQL(party_people,
    "SELECT person AS id FROM bond WHERE organisation = :id AND deleted_at IS NULL ORDER BY id");

static enum status find(struct ctx *c, const struct sql *sql, struct str key, int64_t *id) {
    struct rows r;
    *id = 0;
    if (key.n == 0) return OK;
    TRY(sql == &party_find_own_id ? db_query(c->tx, sql, &r, P("key", key))
                                  : db_query(c->tx, sql, &r, P("key", key), P_VISIBLE(c)));
    if (r.n) *id = row_int(&r, 0, "id");
    return OK;
}

enum status party_by_email(struct ctx *c, struct str email, int64_t *id) {
    return find(c, &party_find_email, fold_email(c->arena, email), id);
}

enum status party_by_phone(struct ctx *c, struct str e164, int64_t *id) {
    return find(c, &party_find_phone, e164, id);
}

enum status party_by_old_own_id(struct ctx *c, struct str own_id, int64_t *id) {
    struct rows r;
    *id = 0;
    if (own_id.n == 0) return OK;
    TRY(db_query(c->tx, &party_find_moved_own_id, &r, P("key", own_id)));
    return r.n ? moved_to(c, &entity_party, row_int(&r, 0, "id"), id) : OK;
}

enum status party_by_own_id(struct ctx *c, struct str own_id, int64_t *id) {
    TRY(find(c, &party_find_own_id, own_id, id));
    return *id ? OK : party_by_old_own_id(c, own_id, id);
}

/* Whom a text names: by own number, e-mail, phone or the very name, if only one client has it. */
static enum status find_called(struct ctx *c, struct str text, int64_t *id) {
    struct list_query q = {
        .entity = &entity_party, .search = text, .limit = 50, .no_total = true
    };
    struct list_page page;
    struct phone_number phone;
    int n = 0;
    *id = 0;
    if (text.n > LIMIT_QUERY) return OK;
    TRY(party_by_own_id(c, text, id));
    if (*id && entity_title(c, &entity_party, *id).n == 0) *id = 0;
    if (!*id && str_find_c(text, '@') > 0) return party_by_email(c, text, id);
    if (!*id && phone_parse(c->arena, text, ctx_country(c), &phone))
        TRY(party_by_phone(c, str_of(phone.e164), id));
    if (*id) return OK;
    TRY(list_run(c, &q, &page));
    struct str wanted = fold(c->arena, text);
    TRY(entity_titles(c, &entity_party, page.ids, page.n));
    for (int i = 0; i < page.n; i++) {
        if (!str_eq(fold(c->arena, entity_title(c, &entity_party, page.ids[i])), wanted)) continue;
        *id = page.ids[i];
        n++;
    }
    if (n > 1) *id = 0;
    return OK;
}

bool party_is_person(const struct party *p) {
    return !str_eq(p->kind, S("organisation"));
}

struct str party_full_name(struct arena *a, const struct party *p) {
    struct str parts[2];
    int n = 0;
    if (p->given_name.n) parts[n++] = p->given_name;
    if (p->family_name.n) parts[n++] = p->family_name;
    return str_join(a, parts, n, S(" "));
}

int party_age(struct ctx *c, const struct party *p) {
    struct day born;
    if (!day_of_iso(p->birth_date, &born) || born.year == 0) return -1;
    return date_age(born, zone_local(c->loc->zone, c->now_ms).day);
}

static enum status phone_check(struct ctx *c, void *row, const void *before) {
    struct phone *p = row;
    struct phone_number found;
    (void)before;
    p->e164 = NO_STR;
    if (phone_parse(c->arena, p->number, ctx_country(c), &found)) {
        p->e164 = str_dup(c->arena, str_of(found.e164));
        if (found.ext[0] && !p->ext.n) p->ext = str_dup(c->arena, str_of(found.ext));
    }
    return OK;
}

static enum status email_check(struct ctx *c, void *row, const void *before) {
    struct email *e = row;
    (void)before;
    e->email_key = fold_email(c->arena, e->email);
    return OK;
}

/* A name from its parts, or nothing to compose: then the name itself is asked for. A composed name
 * follows its parts; one that was written otherwise stays. */
static void compose_name(struct ctx *c, struct party *p, const struct party *before) {
    struct str whole = party_full_name(c->arena, p);
    bool composed = before && str_eq(before->display_name, party_full_name(c->arena, before));
    bool same = before && str_eq(before->display_name, p->display_name);
    if (whole.n && (p->display_name.n == 0 || (composed && same))) p->display_name = whole;
    if (p->display_name.n == 0 && p->nickname.n) p->display_name = p->nickname;
    if (p->display_name.n == 0 && p->latin_name.n) p->display_name = p->latin_name;
}

bool party_seen(const struct ctx *c, const struct party *p) {
    return c->who.sees == SEES_ALL || p->responsible == c->who.id ||
           (c->who.sees == SEES_TEAM && c->who.team && p->team == c->who.team);
}

/* Who sees only some clients keeps those that he adds: his team's, else his own. Whom he names
 * himself stays named. */
static void stay_seen(struct ctx *c, struct party *p) {
    if (c->who.sees == SEES_TEAM && c->who.team && !p->team && !party_seen(c, p))
        p->team = c->who.team;
    if (!p->responsible && !party_seen(c, p)) p->responsible = c->who.id;
}

/* A day without its year that lies ahead is the next such day; one that lies behind, the last. */
static void with_year(struct ctx *c, struct str *iso, bool ahead) {
    struct day day, today = zone_local(c->loc->zone, c->now_ms).day;
    if (!day_of_iso(*iso, &day) || day.year) return;
    day.year = today.year;
    int64_t away = day_number(day) - day_number(today);
    if (ahead && away < 0) day.year++;
    if (!ahead && away > 0) day.year--;
    while (!day_valid(day)) day.year += ahead ? 1 : -1; /* 29 February */
    *iso = day_iso(c->arena, day);
}

static enum status check(struct ctx *c, void *row, const void *was) {
    struct party *p = row;
    const struct party *before = was;
    struct day born;
    compose_name(c, p, before);
    if (!before) stay_seen(c, p);
    with_year(c, &p->next_date, true);
    with_year(c, &p->goals_reviewed, false);
    if (p->display_name.n == 0)
        return ctx_problem(c, S("display_name"),
                           N_("Write a name: at least one of the name fields."));
    if (day_of_iso(p->birth_date, &born) && born.year &&
        day_number(born) > day_number(zone_local(c->loc->zone, c->now_ms).day))
        ctx_problem(c, S("birth_date"), N_("A date of birth cannot be in the future."));
    int64_t other;
    if (p->own_id.n && (!before || !str_eq(before->own_id, p->own_id))) {
        TRY(party_by_own_id(c, p->own_id, &other));
        struct str name = entity_title(c, &entity_party, other);
        if (other && other != p->row.id && name.n)
            ctx_problem(c, S("own_id"), N_("Another client has this number: {name}."),
                        ARG("name", name));
        else if (other && other != p->row.id) /* of somebody whom he may not see */
            ctx_problem(c, S("own_id"), N_("This number is taken."));
    }
    return c->problems.n ? INVALID : OK;
}

static struct str title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct party *)row)->display_name;
}

static struct str email_title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct email *)row)->email;
}

static struct str phone_title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct phone *)row)->number;
}

static struct str address_title(struct ctx *c, const void *row) {
    const struct address *a = row;
    struct str parts[3] = { a->street, a->town, a->country }, some[3];
    int n = 0;
    for (int i = 0; i < 3; i++)
        if (parts[i].n) some[n++] = parts[i];
    return str_join(c->arena, some, n,
                    c->loc->lang == LANG_FA || c->loc->lang == LANG_AR ? S("، ") : S(", "));
}

static struct str party_tag_title(struct ctx *c, const void *row) {
    return entity_title(c, &entity_tag, ((const struct party_tag *)row)->tag);
}

static struct str relative_title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct relative *)row)->name;
}

/* «Wedding day: 12 May», what it is first. */
static struct str occasion_title(struct ctx *c, const void *row) {
    const struct occasion *o = row;
    const struct field *kind = &occasion_fields[0], *date = &occasion_fields[2];
    struct str day = date->kind->show(c, date, (struct value){ .s = o->day });
    struct str what = o->label.n  ? o->label
                      : o->kind.n ? kind->kind->show(c, kind, (struct value){ .s = o->kind })
                                  : NO_STR;
    if (!what.n) return day;
    return str_printf(c->arena, "%.*s: %.*s", SF(what), SF(day));
}

static struct str handle_title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct handle *)row)->handle;
}

static struct str resource_title(struct ctx *c, const void *row) {
    const struct resource *r = row;
    (void)c;
    return r->label.n ? r->label : r->url;
}

static void words_of(struct ctx *c, struct str text, struct terms *out) {
    struct strs words;
    fold_words(c->arena, text, &words);
    for (int i = 0; i < words.n; i++) terms_word(out, words.v[i]);
}

/* A person is found by the names of his organisations too. */
static enum status terms(struct ctx *c, const void *row, struct terms *out) {
    const struct party *p = row;
    struct rows r;
    if (!p->row.id || !party_is_person(p)) return OK;
    TRY(db_query(c->tx, &party_organisation_names, &r, P("id", p->row.id), P_VISIBLE(c)));
    for (int i = 0; i < r.n; i++) words_of(c, row_str(&r, i, "name"), out);
    return OK;
}

enum status party_reindex(struct ctx *c, int64_t id, struct str lost, struct str got) {
    struct terms gone = { .arena = c->arena }, come = { .arena = c->arena };
    words_of(c, lost, &gone);
    words_of(c, got, &come);
    return store_reindex(c, &entity_party, id, &gone, &come);
}

/* Who is given a client is told. An organisation's new name is a new word of its people. */
static enum status saved(struct ctx *c, const void *row, const void *was) {
    const struct party *p = row, *before = was;
    struct rows r;
    bool restored = p && !before && p->row.version > 1;
    if (p && !restored)
        TRY(notice_given(c, p->row.id, before ? before->responsible : 0, p->responsible));
    if (!p || !before || party_is_person(p) || str_eq(p->display_name, before->display_name))
        return OK;
    TRY(db_query(c->tx, &party_people, &r, P("id", p->row.id)));
    for (int i = 0; i < r.n; i++)
        TRY(party_reindex(c, row_int(&r, i, "id"), before->display_name, p->display_name));
    return OK;
}

const struct entity entity_phone = { .name = "phone",
                                     .plural = "phones",
                                     .label = N_("Phone"),
                                     .label_plural = N_("Phones"),
                                     .size = sizeof(struct phone),
                                     .fields = phone_fields,
                                     .fields_n = COUNT(phone_fields),
                                     .is_child = true,
                                     .check = phone_check,
                                     .title = phone_title };
const struct entity entity_email = { .name = "email",
                                     .plural = "emails",
                                     .label = N_("E-mail"),
                                     .label_plural = N_("E-mails"),
                                     .size = sizeof(struct email),
                                     .fields = email_fields,
                                     .fields_n = COUNT(email_fields),
                                     .is_child = true,
                                     .check = email_check,
                                     .title = email_title };
const struct entity entity_address = { .name = "address",
                                       .plural = "addresses",
                                       .label = N_("Address"),
                                       .label_plural = N_("Addresses"),
                                       .size = sizeof(struct address),
                                       .fields = address_fields,
                                       .fields_n = COUNT(address_fields),
                                       .is_child = true,
                                       .title = address_title };
const struct entity entity_party_tag = { .name = "party_tag",
                                         .plural = "party_tags",
                                         .label = N_("Tag"),
                                         .label_plural = N_("Tags"),
                                         .size = sizeof(struct party_tag),
                                         .fields = party_tag_fields,
                                         .fields_n = COUNT(party_tag_fields),
                                         .is_child = true,
                                         .title = party_tag_title };
const struct entity entity_relative = { .name = "relative",
                                        .plural = "relatives",
                                        .label = N_("Relative"),
                                        .label_plural = N_("Family"),
                                        .size = sizeof(struct relative),
                                        .fields = relative_fields,
                                        .fields_n = COUNT(relative_fields),
                                        .is_child = true,
                                        .title = relative_title };
const struct entity entity_occasion = { .name = "occasion",
                                        .plural = "occasions",
                                        .label = N_("Special day"),
                                        .label_plural = N_("Special days"),
                                        .size = sizeof(struct occasion),
                                        .fields = occasion_fields,
                                        .fields_n = COUNT(occasion_fields),
                                        .is_child = true,
                                        .title = occasion_title };
const struct entity entity_handle = { .name = "handle",
                                      .plural = "handles",
                                      .label = N_("Handle"),
                                      .label_plural = N_("Messengers and networks"),
                                      .size = sizeof(struct handle),
                                      .fields = handle_fields,
                                      .fields_n = COUNT(handle_fields),
                                      .is_child = true,
                                      .check = handle_check,
                                      .title = handle_title };
const struct entity entity_resource = { .name = "resource",
                                        .plural = "resources",
                                        .label = N_("Link"),
                                        .label_plural = N_("Links"),
                                        .size = sizeof(struct resource),
                                        .fields = resource_fields,
                                        .fields_n = COUNT(resource_fields),
                                        .is_child = true,
                                        .title = resource_title };
const struct entity entity_party = { .name = "party",
                                     .plural = "parties",
                                     .label = N_("Client"),
                                     .label_plural = N_("Clients"),
                                     .size = sizeof(struct party),
                                     .fields = party_fields,
                                     .fields_n = COUNT(party_fields),
                                     .manys = party_manys,
                                     .manys_n = COUNT(party_manys),
                                     .has_uid = true,
                                     .has_deleted = true,
                                     .indexed = true,
                                     .has_own = true,
                                     .party_column = "id",
                                     .may_read = ROLE_READER,
                                     .may_write = ROLE_MEMBER,
                                     .check = check,
                                     .saved = saved,
                                     .title = title,
                                     .find = find_called,
                                     .terms = terms,
                                     .keys = party_keys,
                                     .keys_version = PARTY_KEYS_VERSION };
