/* One vCard as a row of sheet_cells.h. Called by sheet_vcard.c only. */
#ifndef SHEET_CARD_H
#define SHEET_CARD_H
#include "core/exchange/sheet_cells.h"
#include "lib/text/vcard.h"

/* By PRODID: what we wrote is taken literally. */
#define SHEET_PRODID "-//Daftar//"

struct sheet_card {
    struct sheet_row row;
    struct sheet_row contact; /* the person whom the card of an organisation names too */
    bool has_contact;
    const struct vcard_prop *photo; /* NULL: none */
    const struct vcard_prop *left;  /* data that has no place here (sound, logo, key), NULL: none */
};
/* tags: of the groups that name this card; countries: see struct sheet_row. Everything lives in a.
 */
void sheet_card_read(const struct ctx *c, struct arena *a, const struct vcard *card,
                     const struct strs *tags, struct map *countries, struct sheet_card *out);

/* A card that only lists others (RFC 6350 KIND:group, Apple's lists). */
bool sheet_card_is_group(const struct vcard *card);
struct str sheet_card_group_name(struct arena *a, const struct vcard *card);
/* What a group calls its member, and what the member's card calls itself: "abc…" for urn:uuid:ABC…,
 * "mailto:…" folded. */
struct str sheet_card_key(struct arena *a, struct str uri);
/* Those keys of a card, at most cap. */
int sheet_card_keys(struct arena *a, const struct vcard *card, struct str *out, int cap);

#endif
