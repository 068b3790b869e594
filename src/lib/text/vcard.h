/* vCard: a streaming reader of 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350, 6868, 9554) as phones,
 * Outlook, Apple, Google and others really write them, and a writer of 3.0 and 4.0. Bytes in,
 * values out; nothing is fetched. One card at a time is in memory; what cannot be read becomes a
 * fault and the rest goes on. Limits: limits.h, LIMIT_VCARD_…. */
#ifndef TEXT_VCARD_H
#define TEXT_VCARD_H
#include "lib/text/csv.h"

enum vcard_version { VCARD_21, VCARD_30, VCARD_40 };

struct vcard_param {
    struct str name, value; /* name in capitals; one for each value of TYPE=HOME,VOICE */
};
struct vcard_prop {
    struct str group; /* "item1", or empty */
    struct str name;  /* in capitals */
    /* UTF-8, unfolded, quoted-printable undone, escapes still there; base64 as in the file. */
    struct str value;
    struct vcard_param *params;
    int params_n;
    int64_t line;          /* of the file, from 1 */
    bool base64, unquoted; /* unquoted: it was quoted-printable */
    bool of_agent;         /* belongs to the card of somebody else inside this one */
};

enum vcard_fault_kind {
    VCARD_NO_LINE,     /* not NAME:value; what: the line */
    VCARD_TOO_LONG,    /* a value over LIMIT_VCARD_VALUE, left out; what: the name */
    VCARD_TOO_MANY,    /* over LIMIT_VCARD_LINES_N or LIMIT_VCARD_CARD; the rest is left out */
    VCARD_NOT_CLOSED,  /* END:VCARD is missing; the card was taken */
    VCARD_OUTSIDE,     /* text between cards; what: its first line */
    VCARD_BAD_CHARSET, /* no such encoding; what: its name */
    VCARD_BAD_BYTES,   /* characters that the encoding does not have; what: the name */
    VCARD_FAULTS_N
};
struct vcard_fault {
    enum vcard_fault_kind kind;
    int64_t line;
    struct str what;
};
struct vcard {
    enum vcard_version version; /* 3.0 where the card does not say */
    struct vcard_prop *v;       /* without BEGIN, VERSION and END */
    int n;
    int64_t line; /* of BEGIN */
    /* Since the card before this one; at most 100, faults_n counts all. */
    struct vcard_fault *faults;
    int faults_n;
};

enum vcard_event {
    VCARD_CARD,
    VCARD_END,       /* no more; faults of what came behind the last card are in the struct */
    VCARD_UNREADABLE /* the source failed */
};
struct vcard_reader;
/* UTF-16 is found by itself. fallback: the encoding (charset.h) of values that are neither UTF-8
 * nor say what they are in; NULL: none is known. The source stays the caller's. */
struct vcard_reader *vcard_open(struct csv_source from, const char *fallback);
void vcard_close(struct vcard_reader *r);
/* The next card; everything of it lives in a. */
enum vcard_event vcard_next(struct vcard_reader *r, struct arena *a, struct vcard *out);
/* Values met so far that wanted a fallback and had none, to guess it from (at most 64 KiB). */
struct str vcard_strange(const struct vcard_reader *r);

/* --- what a property says --- */

bool vcard_has(const struct vcard_prop *p, const char *param, const char *value); /* any case */
struct str vcard_param(const struct vcard_prop *p, const char *param); /* the first, or empty */
/* 1 (first) to 100; 101 where nothing is preferred. */
int vcard_pref(const struct vcard_prop *p);
/* The first property of that name, or NULL; at: where to go on, begin with 0. */
const struct vcard_prop *vcard_find(const struct vcard *card, const char *name, int *at);
/* The whole value as text, its escapes undone. */
struct str vcard_text(struct arena *a, const struct vcard_prop *p);
/* The components between semicolons; commas that separate values become `comma`. */
struct strs vcard_parts(struct arena *a, const struct vcard_prop *p, const char *comma);
/* The values between commas. */
struct strs vcard_list(struct arena *a, const struct vcard_prop *p);
/* A date: "1980-04-15" or, without its year, "--04-15", whatever precision, time or zone it has;
 * false when it is no day of a year. X-APPLE-OMIT-YEAR and 1604 mean no year. */
bool vcard_date(struct arena *a, const struct vcard_prop *p, struct str *iso);
/* PHOTO and the like. *type as written ("image/jpeg", "JPEG"), may be empty. */
enum vcard_data { VCARD_DATA_NONE, VCARD_DATA_BYTES, VCARD_DATA_URI, VCARD_DATA_BAD };
enum vcard_data vcard_data(struct arena *a, const struct vcard_prop *p, struct str *type,
                           struct str *bytes_or_uri);
/* Quoted-printable undone: any bytes; what is no code stays. */
struct str vcard_unquote(struct arena *a, struct str text);
/* Base64 with white space, with or without its padding; false for anything else. */
bool vcard_unbase64(struct arena *a, struct str text, struct str *bytes);

/* --- writing (vcard_write.c) --- */

/* UTF-8, CR LF, folded at 75 octets between characters; version VCARD_30 or VCARD_40. head is the
 * name with its parameters as they stand in the file: "TEL;TYPE=cell". */
struct vcard_out {
    struct buf *to;
    enum vcard_version version;
};
void vcard_write_begin(struct vcard_out *o); /* with VERSION */
void vcard_write_end(struct vcard_out *o);
void vcard_write_text(struct vcard_out *o, const char *head, struct str value); /* escaped */
void vcard_write_parts(struct vcard_out *o, const char *head, const struct str *v, int n); /* ; */
void vcard_write_list(struct vcard_out *o, const char *head, const struct str *v, int n);  /* , */
/* As it is: a URI, a date, base64. Control characters are left out: no line is ever broken. */
void vcard_write_raw(struct vcard_out *o, const char *head, struct str value);
/* Base64 in lines of `head`: 4.0 as a data: URI of that type, 3.0 as ENCODING=b. */
void vcard_write_data(struct vcard_out *o, const char *name, const char *type, struct str bytes);
void vcard_base64(struct buf *to, struct str bytes);

#endif
