/* The register: persons and organisations with their phones, e-mails, addresses and tags. */
#ifndef PARTY_H
#define PARTY_H
#include "core/entity/store.h"
#include "lib/html/out.h"
#include "lib/locale/date.h"

#define FIELD(n, k, ...) ENTITY_C_##k n;
struct phone {
    struct row row;
#include "features/party/phone.def"
};
struct email {
    struct row row;
#include "features/party/email.def"
};
struct address {
    struct row row;
#include "features/party/address.def"
};
struct party_tag {
    struct row row;
#include "features/party/party_tag.def"
};
struct relative {
    struct row row;
#include "features/party/relative.def"
};
struct occasion {
    struct row row;
#include "features/party/occasion.def"
};
struct handle {
    struct row row;
#include "features/party/handle.def"
};
struct resource {
    struct row row;
#include "features/party/resource.def"
};
#define MANY(list, child, ...)                                                                     \
    struct {                                                                                       \
        struct child *v;                                                                           \
        int n;                                                                                     \
    } list;
struct party {
    struct row row;
#include "features/party/party.def"
};
#undef MANY
#undef FIELD

extern const struct entity entity_party, entity_phone, entity_email, entity_address,
    entity_party_tag, entity_relative, entity_occasion, entity_handle, entity_resource;

/* Given and family name (and title) as people of that script write them together. */
struct str party_full_name(struct arena *a, const struct party *p);
bool party_is_person(const struct party *p);
/* Age in whole years on the day of the context; -1 when the year of birth is not known. */
int party_age(struct ctx *c, const struct party *p);
/* Whether the member of the context sees him (as VISIBLE_PARTY in store.h says it). */
bool party_seen(const struct ctx *c, const struct party *p);
/* A live client with this e-mail, phone (E.164) or own number, for matching; 0: none. Only among
 * those that one sees, or a file would tell who is a client here. The own number is looked for
 * among all: it can be given only once. That of somebody who became a part of another leads to the
 * other. */
enum status party_by_email(struct ctx *c, struct str email, int64_t *id) MUST_USE;
enum status party_by_phone(struct ctx *c, struct str e164, int64_t *id) MUST_USE;
enum status party_by_own_id(struct ctx *c, struct str own_id, int64_t *id) MUST_USE;
/* Only of who became a part of another: the other one, who has a number of his own. */
enum status party_by_old_own_id(struct ctx *c, struct str own_id, int64_t *id) MUST_USE;
/* Under which terms of the index somebody of this name or birth date may stand (search.h; keys.c):
 * 'k' and the keys of lib/text/namekey.h, 'b' and the date. */
enum { PARTY_KEYS_VERSION = 1 };
void party_keys(struct ctx *c, const void *row, struct terms *out);
/* After a bond or a name of an organisation changed: words of organisations that a person lost and
 * got. */
enum status party_reindex(struct ctx *c, int64_t id, struct str lost, struct str got) MUST_USE;

/* --- for people's eyes --- */

/* The lines of an envelope in the order of the address's country (home: the firm's, when it has
 * none), the country last when it is not home. Bare numbers get their word where the country writes
 * one. */
struct strs address_lines(struct arena *a, enum lang lang, const struct address *ad,
                          const char *home);
/* The same with its recipient, as the posts want it (localisation.md 3.4): in France the six lines
 * of NF Z 10-011, lines 4 to 6 in capitals; abroad, when asked for, the country in a language that
 * the firm's post reads. Nothing is cut: what breaks a rule is told. */
enum envelope_flaws {
    ENVELOPE_EMPTY = 1,       /* neither street nor box nor anything else to deliver to */
    ENVELOPE_NO_POSTCODE = 2, /* its country needs one */
    ENVELOPE_LONG_LINE = 4,   /* France: over 38 characters with spaces */
    ENVELOPE_MANY_LINES = 8   /* France: over six lines, the country not counted */
};
struct envelope {
    struct strs lines;
    unsigned flaws;
    bool arabic; /* the address is written in Arabic letters */
};
struct envelope address_envelope(struct arena *a, enum lang firm, const char *home,
                                 const struct address *ad, struct strs recipient,
                                 bool with_country);
bool address_reachable(const struct address *ad); /* not ENVELOPE_EMPTY */
/* National form when it is a number of home ("IR"), else international; as typed when not
 * understood. */
struct str phone_shown(struct arena *a, const struct phone *p, const char *home);
/* What a phone is dialled by: E.164, or the digits that were typed; ";ext=12" behind. */
struct str phone_dialled(struct arena *a, const struct phone *p);
/* Where his name on a messenger or a network leads, as url_of_user takes it; empty when there is no
 * such address. */
struct url handle_url(struct arena *a, const struct handle *h);
enum status handle_check(struct ctx *c, void *row, const void *before) MUST_USE;
/* --- hours and days --- */

/* When somebody is best reached, in his zone. */
struct hours_span {
    unsigned days;           /* bit 0 Monday … 6 Sunday */
    int from_min, until_min; /* of the day; until may lie beyond midnight */
};
struct hours {
    struct hours_span v[8];
    int n;
};
/* false: not understood, the text says what it says. */
bool hours_parse(struct arena *a, struct str text, struct hours *out);
bool hours_fit(const struct hours *h, int iso_weekday, int minute);
/* Minutes until the next span begins; -1: never. */
int hours_until(const struct hours *h, int iso_weekday, int minute);

/* The next time a day comes round, today included. years: how many it will be then, -1 when its
 * year is not known. false: no day, or it has not been yet. */
struct coming {
    struct day day;
    int in_days, years;
};
bool coming_day(enum calendar_id reader, struct day today, struct str iso, struct coming *out);

#endif
