/* The rows that the converters of sheet.h make out of cards and of pasted text, and the table they
 * become: only columns that somebody fills, named so that match.c knows them. A value that its
 * column would refuse goes to the note with its label: nothing is lost, nobody is refused for one
 * bad line. For core/exchange only. */
#ifndef SHEET_CELLS_H
#define SHEET_CELLS_H
#include "core/exchange/sheet.h"

enum sheet_column {
    SHEET_KIND,
    SHEET_DISPLAY_NAME,
    SHEET_TITLE,
    SHEET_GIVEN_NAME,
    SHEET_FAMILY_NAME,
    SHEET_NICKNAME,
    SHEET_LATIN_NAME,
    SHEET_SEX,
    SHEET_BIRTH_DATE,
    SHEET_LANGUAGE,
    SHEET_ZONE,
    SHEET_WEBSITE,
    SHEET_SPECIAL,
    SHEET_NOTES,
    SHEET_TAGS,
    SHEET_COMPANY,
    SHEET_JOB_TITLE,
    SHEET_UID,
    SHEET_PHOTO,
    SHEET_COLUMNS_N
};
enum sheet_address_part {
    PART_KIND,
    PART_STREET,
    PART_PLAQUE,
    PART_UNIT,
    PART_LINE2,
    PART_NEIGHBOURHOOD,
    PART_TOWN,
    PART_REGION,
    PART_POSTCODE,
    PART_COUNTRY,
    PART_PO_BOX,
    PARTS_N
};
/* What does not fit goes to the note. 200 columns of a file hold them all. */
enum { SHEET_PHONES = 20, SHEET_EMAILS = 15, SHEET_ADDRESSES = 8, SHEET_NOTE_MAX = 20000 };

struct sheet_address {
    struct str v[PARTS_N];
};
struct sheet_row {
    struct ctx c; /* the caller's with the row's own arena */
    struct str cells[SHEET_COLUMNS_N];
    struct {
        struct str number, kind, ext;
    } phones[SHEET_PHONES];
    struct {
        struct str email, kind;
    } emails[SHEET_EMAILS];
    struct sheet_address addresses[SHEET_ADDRESSES];
    int phones_n, emails_n, addresses_n;
    struct buf note;
    bool note_cut;         /* it was longer than a note may be */
    struct map *countries; /* what names of countries mean, kept for the whole file; may be NULL */
};

/* How the columns are declared, for the test that compares them with the entity's. */
struct sheet_column_is {
    const char *name;
    const struct kind *kind; /* NULL: the converter writes nothing else than what is understood */
    int max;
};
extern const struct sheet_column_is sheet_columns[SHEET_COLUMNS_N], sheet_parts[PARTS_N];

/* Empty; everything of it lives in a. */
void sheet_row_begin(struct sheet_row *row, const struct ctx *c, struct arena *a);
/* Label: a msgid or, where a source has its own word, that; NULL: none. What is there already
 * stays. */
void sheet_put(struct sheet_row *row, enum sheet_column at, const char *label, struct str text);
void sheet_put_phone(struct sheet_row *row, struct str number, const char *kind, struct str ext);
void sheet_put_email(struct sheet_row *row, struct str email, const char *kind);
void sheet_put_address(struct sheet_row *row, struct sheet_address *address);
/* The code of a country, empty when unknown. */
struct str sheet_country(struct sheet_row *row, struct str text);
void sheet_note(struct sheet_row *row, const char *label, struct str text);
/* Settles the row: a name for those who have none (their e-mail or phone), the note into its
 * column. False: there is nothing in it. */
bool sheet_row_end(struct sheet_row *row);

struct sheet_table {
    int phones_n, emails_n, addresses_n; /* of the row that has most */
    bool used[SHEET_COLUMNS_N], parts[PARTS_N], exts;
    FILE *to;
    struct buf out;
    int64_t rows_n;
};
void sheet_measure(struct sheet_table *t, const struct sheet_row *row);
/* BROKEN: the file cannot be written (why is in the log). */
enum status sheet_table_begin(struct sheet_table *t, const char *path) MUST_USE;
void sheet_table_add(struct sheet_table *t, struct sheet_row *row);
enum status sheet_table_end(struct sheet_table *t) MUST_USE;

/* Keeps the first hundred, counts all; text is a msgid with {what}. Lives in a. */
void sheet_fault_add(struct arena *a, struct sheet_faults *faults, int64_t line, const char *text,
                     struct str what);

/* --- cards (sheet_vcard.c), also those inside pasted text --- */

/* What is remembered between the two walks over a source: first all is measured, then written. */
struct sheet_cards {
    const struct ctx *c;
    struct box *box;
    struct arena *a;      /* of groups; c->arena of faults */
    struct map countries; /* see struct sheet_row */
    struct map groups;    /* key of a member → struct sheet_member */
    int64_t members_n;
    const char *fallback;   /* the encoding that the first walk found, NULL: UTF-8 */
    struct buf strange;     /* what it was found from */
    bool writing;           /* the second walk: faults are told, photos read */
    const char *photo_path; /* beside it pictures are made small */
    struct sheet_faults *faults;
};
void sheet_cards_begin(struct sheet_cards *k, const struct ctx *c, struct box *b,
                       const char *out_path, struct sheet_faults *faults);
void sheet_cards_end(struct sheet_cards *k);
/* Every card of the source as a row, which lives until the call returns. line: of its first line in
 * the whole, from 1. BROKEN: it cannot be read. */
typedef void sheet_row_taken(void *arg, struct sheet_row *row);
enum status sheet_cards_walk(struct sheet_cards *k, struct csv_source from, int64_t line,
                             sheet_row_taken *taken, void *arg) MUST_USE;
/* Between the walks: was an encoding found, so that all is to be measured again? */
bool sheet_cards_settle(struct sheet_cards *k);
/* The photo as a data: URI that fits a cell, made small by image_preview in the box; false: it is
 * no picture (sheet_photo.c). */
bool sheet_photo_cell(struct sheet_cards *k, struct arena *a, struct str bytes, struct str *cell);
/* After the second walk: who is in a group and not in the file. */
void sheet_cards_missing(struct sheet_cards *k);

#endif
