/* An address in the order of its country: for a page (address_lines) and for an envelope, where a
 * post machine reads it (address_envelope). Orders: the table of localisation.md 3.4 (for France NF
 * Z 10-011, for Iran the post's big-to-small order) and, for the rest, the usual groups of the
 * Universal Postal Union. Called by the client's page and by labels; later by letters. */
#include "features/party/party.h"

#include "lib/locale/number.h"
#include "lib/locale/region.h"
#include "lib/text/fold.h"

/* A line of the envelope ends at '|'. s street, p number in the street, u unit, l second line,
 * n neighbourhood, t town, r region, z postcode, b PO box; ',' and ' ' stand between what is there.
 */
static const struct order {
    const char *countries, *lines;
} orders[] = {
    { "IR AF", "r,t,n|s,p,u|l|b|z" },
    { "FR MC MA DZ TN SN CI ML GN CM", "u|l|p s|n|b|z t" },
    { "EG SD LY", "p s|l,u|n|t|b|z" },
    { "SA KW BH OM QA JO", "p s|u|l|n|b|t z" },
    { "AE", "l|u|p s|n|b|t|r" },
    { "LB SY IQ PS YE", "s p|l,u|n|b|t z" },
    { "GB IE", "u|l|p s|n|b|t|r|z" },
    { "US CA AU", "p s, u|l|b|t, r z" },
    { "CH LI DE AT NL BE LU IT ES PT SE NO DK FI PL CZ TR RU UA BY KZ", "l|s p|u|n|b|z t" },
};
static const char any_order[] = "u|l|p s|n|b|z t|r";

static const char *order_of(struct str country) {
    for (int i = 0; i < COUNT(orders) && country.n == 2; i++)
        if (str_find(str_of(orders[i].countries), country) >= 0) return orders[i].lines;
    return any_order;
}

static bool arabic_script(struct str s) {
    while (s.n) {
        int32_t c = utf8_next(&s);
        if (c >= 0x620 && c <= 0x6FF && digit_value(c) < 0) return true;
    }
    return false;
}

static bool begins_with_digit(struct str s) {
    return s.n && digit_value(utf8_next(&s)) >= 0;
}

/* How a bare number is called on an envelope of that country and script: «پلاک ۱۲» is not typed by
 * people who fill in a field named پلاک. What has words already stays as it is. */
static struct str worded(struct arena *a, char part, struct str value, struct str country,
                         bool arabic) {
    bool iran = str_eq(country, S("IR"));
    const char *word = NULL;
    if (part == 'b')
        word = arabic ? (iran ? "صندوق پستی" : "ص.ب.") : str_eq(country, S("FR")) ? "BP" : "PO Box";
    if (part == 'p' && iran) word = arabic ? "پلاک" : "No.";
    if (part == 'u' && iran) word = arabic ? "واحد" : "Unit";
    if (part == 'z' && iran) word = arabic ? "کد پستی" : "Postal code";
    if (!word || !begins_with_digit(value)) return value;
    return str_printf(a, "%s %.*s", word, SF(value));
}

static struct str part_of(const struct address *ad, char part) {
    switch (part) {
    case 's': return ad->street;
    case 'p': return ad->plaque;
    case 'u': return ad->unit;
    case 'l': return ad->line2;
    case 'n': return ad->neighbourhood;
    case 't': return ad->town;
    case 'r': return ad->region;
    case 'z': return ad->postcode;
    case 'b': return ad->po_box;
    default: return NO_STR;
    }
}

static struct str line_of(struct arena *a, const struct address *ad, struct str parts,
                          struct str country, bool arabic) {
    struct buf b = { .arena = a };
    bool comma = false;
    for (size_t i = 0; i < parts.n; i++) {
        struct str value = part_of(ad, parts.p[i]);
        if (parts.p[i] == ',') comma = true;
        if (value.n == 0) continue;
        if (b.n) buf_add_z(&b, !comma ? " " : arabic ? "، " : ", ");
        buf_add(&b, worded(a, parts.p[i], value, country, arabic));
        comma = false;
    }
    return buf_str(&b);
}

static struct str country_of(const struct address *ad, const char *home) {
    return ad->country.n ? ad->country : str_of(home);
}

struct strs address_lines(struct arena *a, enum lang lang, const struct address *ad,
                          const char *home) {
    struct str country = country_of(ad, home);
    struct str rest = str_of(order_of(country)), parts;
    struct strs out = { arena_array(a, struct str, 12), 0 };
    bool arabic = arabic_script(ad->street) || arabic_script(ad->town);
    while (str_cut(&rest, '|', &parts)) {
        struct str line = line_of(a, ad, parts, country, arabic);
        if (line.n) out.v[out.n++] = line;
    }
    if (out.n && ad->country.n && !str_eq_z(ad->country, home))
        out.v[out.n++] = country_name(a, lang, ad->country);
    return out;
}

/* --- envelopes --- */

/* NF Z 10-011, and how many lines and characters it lets. */
enum { FRENCH_LINES = 6, FRENCH_LINE = 38, LINES_MAX = 24 };
static const char france[] = "FR MC GP MQ GF RE PM YT NC PF WF BL MF";
/* Where the post does not deliver, or not in time, without a code. */
static const char coded[] =
    "IR FR MC GP MQ GF RE PM YT NC PF DZ MA TN EG SA SN TR GB US CA AU NZ CH LI DE AT NL BE LU IT "
    "SM ES PT SE NO DK FI IS PL CZ SK HU RO BG GR HR SI EE LV LT UA RU CN JP KR IN PK BR MX";

static bool among(const char *countries, struct str country) {
    return country.n == 2 && str_find(str_of(countries), country) >= 0;
}

/* Capitals without accents and punctuation; a line that is not all Latin stays as it is. */
static struct str capitals(struct arena *a, struct str line) {
    struct buf b = { .arena = a };
    for (struct str rest = line; rest.n;) {
        int32_t c = utf8_next(&rest);
        bool apostrophe = c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x2BC || c == '`';
        buf_add_utf8(&b, apostrophe ? ' ' : c);
    }
    struct str folded = fold(a, buf_str(&b));
    char *p = str_z(a, folded);
    for (size_t i = 0; i < folded.n; i++) {
        if ((unsigned char)p[i] >= 0x80) return line;
        if (p[i] >= 'a' && p[i] <= 'z') p[i] = (char)(p[i] - 'a' + 'A');
    }
    return (struct str){ p, folded.n };
}

static void add_line(struct strs *to, struct str line) {
    if (line.n && to->n < LINES_MAX) to->v[to->n++] = line;
}

static struct str two(struct arena *a, struct str one, struct str other) {
    if (!one.n || !other.n) return one.n ? one : other;
    return str_printf(a, "%.*s %.*s", SF(one), SF(other));
}

/* Lines 1 to 3 as people write them, 4 to 6 (street; hamlet or box; code and town) in capitals.
 * Unit and building share a line when each of them would make it one too many. */
static void french_lines(struct arena *a, const struct address *ad, struct strs recipient,
                         struct envelope *out) {
    struct str fr = S("FR"), unit = line_of(a, ad, S("u"), fr, false), building = ad->line2;
    struct str street = capitals(a, line_of(a, ad, S("p s"), fr, false));
    struct str place = capitals(a, line_of(a, ad, S("n b"), fr, false));
    struct str town = capitals(a, line_of(a, ad, S("z t"), fr, false));
    int n = recipient.n + (street.n > 0) + (place.n > 0) + (town.n > 0);
    if (unit.n && building.n && n + 2 > FRENCH_LINES) {
        unit = two(a, unit, building);
        building = NO_STR;
    }
    for (int i = 0; i < recipient.n; i++) add_line(&out->lines, recipient.v[i]);
    add_line(&out->lines, unit);
    add_line(&out->lines, building);
    add_line(&out->lines, street);
    add_line(&out->lines, place);
    add_line(&out->lines, town);
    if (out->lines.n > FRENCH_LINES) out->flaws |= ENVELOPE_MANY_LINES;
    for (int i = 0; i < out->lines.n; i++)
        if (utf8_count(out->lines.v[i]) > FRENCH_LINE) out->flaws |= ENVELOPE_LONG_LINE;
}

/* The Royal Mail wants town and code in capitals. */
static struct address british(struct arena *a, const struct address *ad) {
    struct address out = *ad;
    struct str *parts[] = { &out.town, &out.postcode };
    for (int i = 0; i < COUNT(parts); i++) {
        char *p = str_z(a, *parts[i]);
        for (size_t k = 0; k < parts[i]->n; k++)
            if (p[k] >= 'a' && p[k] <= 'z') p[k] = (char)(p[k] - 'a' + 'A');
        parts[i]->p = p;
    }
    return out;
}

static void other_lines(struct arena *a, const struct address *ad, struct strs recipient,
                        struct str country, struct envelope *out) {
    struct address own = among("GB", country) ? british(a, ad) : *ad;
    struct str rest = str_of(order_of(country)), parts;
    for (int i = 0; i < recipient.n; i++) add_line(&out->lines, recipient.v[i]);
    while (str_cut(&rest, '|', &parts)) {
        struct str line = line_of(a, &own, parts, country, out->arabic);
        struct str above = out->lines.n ? out->lines.v[out->lines.n - 1] : NO_STR;
        if (!str_eq(line, above)) add_line(&out->lines, line); /* the town Dubai in Dubai */
    }
}

/* The post that takes the letter reads this line: its own country's language, in capitals where the
 * script has them; English below a Latin address from where neither French nor English is
 * spoken (Universal Postal Convention: a language known in the country of origin). */
static struct str country_line(struct arena *a, enum lang firm, struct str country, bool arabic) {
    bool reads_arabic = firm == LANG_FA || firm == LANG_AR;
    if (reads_arabic && arabic) return country_name(a, firm, country);
    return capitals(a, country_name(a, reads_arabic ? LANG_EN : firm, country));
}

bool address_reachable(const struct address *ad) {
    bool place = ad->street.n || ad->line2.n || ad->neighbourhood.n || ad->po_box.n;
    return place || (ad->town.n && ad->postcode.n);
}

struct envelope address_envelope(struct arena *a, enum lang firm, const char *home,
                                 const struct address *ad, struct strs recipient,
                                 bool with_country) {
    struct str country = country_of(ad, home);
    struct envelope out = { .lines = { arena_array(a, struct str, LINES_MAX + 1), 0 } };
    out.arabic = arabic_script(ad->street) || arabic_script(ad->town);
    if (!address_reachable(ad)) out.flaws |= ENVELOPE_EMPTY;
    if (!ad->postcode.n && among(coded, country)) out.flaws |= ENVELOPE_NO_POSTCODE;
    if (among(france, country))
        french_lines(a, ad, recipient, &out);
    else
        other_lines(a, ad, recipient, country, &out);
    if (with_country && country.n && !str_eq_z(country, home))
        out.lines.v[out.lines.n++] = country_line(a, firm, country, out.arabic);
    return out;
}
