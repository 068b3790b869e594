/* The telephone numbering plans of the world, as tools/phonec writes them at build time from the
 * metadata of libphonenumber-js (MIT licence; Google's libphonenumber, Apache 2.0). Only for
 * phone.c.
 *
 * A pattern is an offset into phone_code (0: no pattern): a little program over digits, run by
 * backtracking. One instruction is 16 bits, operation in the upper three, argument below. */
#ifndef PHONE_TABLE_H
#define PHONE_TABLE_H
#include <stdint.h>

enum phone_op {
    PHONE_SET,   /* one digit of the set in the lower ten bits */
    PHONE_SPLIT, /* go on here; if that fails, argument instructions further */
    PHONE_JUMP,  /* argument instructions further */
    PHONE_SAVE,  /* remember the place: 2 k where group k begins, 2 k + 1 where it ends */
    PHONE_END,   /* only at the end of the number */
    PHONE_MATCH
};
#define PHONE_OP(op, argument) (uint16_t)((op) << 13 | (argument))
#define PHONE_GROUPS_N         6 /* groups 1 to 5; the whole is number 0 */

struct phone_format {
    uint32_t pattern, leading;            /* of the national number; leading: how it must begin */
    const char *national, *international; /* "$1 $2", groups of the pattern */
    const char *rule; /* what the first group becomes in the national form, "0$1"; NULL: itself */
};
struct phone_kind { /* fixed, mobile, toll-free… numbers of a region */
    uint32_t pattern;
    uint32_t lengths; /* bit n: n digits are possible */
    uint8_t type;     /* enum phone_type */
};
struct phone_region {
    char code[3]; /* ISO 3166; "" for numbers of no country (+800…) */
    uint16_t calling;
    uint16_t formats_at, formats_n, kinds_at, kinds_n;
    uint32_t idd;       /* prefix for calls abroad */
    uint32_t number;    /* the national number, whole */
    uint32_t lengths;   /* bit n: n digits are possible */
    uint32_t prefix;    /* what may stand before it: trunk 0, carrier codes */
    uint32_t leading;   /* digits by which regions of one calling code are told apart */
    const char *change; /* what a matched prefix becomes, "9$1"; NULL: nothing */
};
struct phone_calling { /* the regions of a calling code, the main one first */
    uint16_t at, n;
};

extern const uint16_t phone_code[];
extern const struct phone_format phone_formats[];
extern const struct phone_kind phone_kinds[];
extern const struct phone_region phone_regions[]; /* by code; those without one last */
extern const int phone_regions_n;                 /* of those with a code */
extern const uint16_t phone_shared[];             /* indices of phone_regions */
extern const struct phone_calling phone_callings[1000];

#endif
