/* An address as it stands on an envelope of its country, without the recipient. Orders: the table
 * of localisation.md 3.4 (for France NF Z 10-011, for Iran the post's big-to-small order) and, for
 * the rest, the usual groups of the Universal Postal Union. Called by the client's page; later by
 * letters. */
#include "features/party/party.h"

#include "lib/locale/number.h"
#include "lib/locale/region.h"

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
    { "CH LI DE AT NL BE LU IT ES PT SE NO DK FI PL CZ TR", "l|s p|u|n|b|z t" },
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

struct strs address_lines(struct arena *a, enum lang lang, const struct address *ad,
                          const char *home) {
    struct str country = ad->country.n ? ad->country : str_of(home);
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
