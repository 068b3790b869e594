/* HTML output with escaping by type. Templates compiled by tools/tplc call this; handlers build the
 * values. A type without a way to HTML does not compile. Grammar of templates: docs/templates.md.
 */
#ifndef OUT_H
#define OUT_H
#include "lib/base/buf.h"
#include "lib/locale/catalogue.h"
#include "lib/locale/locale.h"

struct out {
    struct buf b;
    const struct locale *loc; /* never NULL */
    void *user;               /* for partials that need more than their parameters */
};

struct markup { /* HTML that this program made: passes as it is */
    struct str s;
};
struct url { /* made only by the functions below; empty when it was refused */
    struct str s;
};
struct code { /* left to right in any text: phone, IBAN, number of an invoice */
    struct str s;
};

/* A path of this program; BUG unless it begins with one '/'. */
struct url url_own(struct str path);
struct url url_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* base with ?key=value or &key=value behind (before a #fragment), both percent-encoded. */
struct url url_query(struct arena *a, struct url base, const char *key, struct str value);
/* What somebody typed or imported. http, https, mailto, tel only (case and blanks as browsers see
 * them, T-07 of reference/trust.md); anything else gives an empty url: show it as text. */
struct url url_of_user(struct str s);
/* A file beside a page that is opened from disk: "files/a b.pdf", each part percent-encoded. */
struct url url_beside(struct arena *a, struct str path);
struct url url_tel(struct arena *a, struct str e164);
struct url url_mailto(struct arena *a, struct str mail);
/* s with everything but RFC 3986's unreserved characters percent-encoded. */
struct str url_encode(struct arena *a, struct str s);

/* --- What compiled templates call --- */
#define out_static(o, lit) buf_add(&(o)->b, S(lit))
void out_text(struct out *o, struct str s); /* & < > " ' escaped; NUL and broken UTF-8 as U+FFFD */
void out_text_z(struct out *o, const char *z);
void out_i64(struct out *o, int64_t n); /* the reader's digits and grouping */
void out_u64(struct out *o, uint64_t n);
void out_ascii_i64(struct out *o, int64_t n); /* plain ASCII digits, for attributes */
void out_ascii_u64(struct out *o, uint64_t n);
void out_bool(struct out *o, bool b); /* true or false, for aria-… */
void out_markup(struct out *o, struct markup m);
void out_url(struct out *o, struct url u); /* the only way into href, src, action, hx-get, … */
void out_code(struct out *o, struct code c);
void out_code_plain(struct out *o, struct code c);
void out_encoded(struct out *o,
                 struct str s); /* percent-encoded, behind ? or # of an own address */
void out_encoded_z(struct out *o, const char *z);

/* Lists the integer types once: each expands to "type: function,". */
#define OUT_INTS_(signed_f, unsigned_f)                                                            \
    signed char : signed_f,                                                                        \
                  short : signed_f,                                                                \
                          int : signed_f,                                                          \
                                long : signed_f,                                                   \
                                       long long : signed_f,                                       \
                                                   unsigned char : unsigned_f,                     \
                                                                   unsigned short : unsigned_f,    \
                                                                                    unsigned       \
        : unsigned_f,                                                                              \
          unsigned long : unsigned_f,                                                              \
                          unsigned long long : unsigned_f

/* A value in text. */
#define out_value(o, x)                                                                            \
    _Generic((x), struct str: out_text, const char *: out_text_z, char *: out_text_z,              \
             struct markup: out_markup, struct url: out_url, struct code: out_code,                \
             OUT_INTS_(out_i64, out_u64))(o, x)
/* A value where no tags may stand: <title>, <textarea>. */
#define out_plain(o, x)                                                                            \
    _Generic((x), struct str: out_text, const char *: out_text_z, char *: out_text_z,              \
             struct url: out_url, struct code: out_code_plain, OUT_INTS_(out_i64, out_u64))(o, x)
/* A value in a quoted attribute that is no address. */
#define out_attr(o, x)                                                                             \
    _Generic((x), struct str: out_text, const char *: out_text_z, char *: out_text_z,              \
             struct url: out_url, struct code: out_code_plain, bool: out_bool,                     \
             OUT_INTS_(out_ascii_i64, out_ascii_u64))(o, x)
/* Behind the written beginning of an own address: a number; behind ? or #, text too. */
#define out_url_number(o, x) _Generic((x), OUT_INTS_(out_ascii_i64, out_ascii_u64))(o, x)
#define out_url_part(o, x)                                                                         \
    _Generic((x), struct str: out_encoded, const char *: out_encoded_z, char *: out_encoded_z,     \
             OUT_INTS_(out_ascii_i64, out_ascii_u64))(o, x)

/* {t} and {tn}: a translated text with {name} in it. */
struct out_arg {
    const char *name;
    enum { OUT_ARG_STR, OUT_ARG_Z, OUT_ARG_I64, OUT_ARG_U64, OUT_ARG_MARKUP, OUT_ARG_CODE } kind;
    union {
        struct str s;
        const char *z;
        int64_t i;
        uint64_t u;
    } u;
};
struct out_arg out_arg_str(const char *name, struct str s);
struct out_arg out_arg_z(const char *name, const char *z);
struct out_arg out_arg_i64(const char *name, int64_t i);
struct out_arg out_arg_u64(const char *name, uint64_t u);
struct out_arg out_arg_markup(const char *name, struct markup m);
struct out_arg out_arg_code(const char *name, struct code c);
#define out_arg(name, x)                                                                           \
    _Generic((x), struct str: out_arg_str, const char *: out_arg_z, char *: out_arg_z,             \
             struct markup: out_arg_markup, struct code: out_arg_code,                             \
             OUT_INTS_(out_arg_i64, out_arg_u64))(name, x)
#define out_arg_attr(name, x)                                                                      \
    _Generic((x), struct str: out_arg_str, const char *: out_arg_z, char *: out_arg_z,             \
             struct code: out_arg_code, OUT_INTS_(out_arg_i64, out_arg_u64))(name, x)
/* In text: struct str in <bdi>, struct code in <bdi dir="ltr">. */
void out_filled(struct out *o, const char *text, const struct out_arg *args, int n);
/* In attributes, <title>, <textarea>: U+2068…U+2069 and U+2066…U+2069 around them instead. */
void out_filled_plain(struct out *o, const char *text, const struct out_arg *args, int n);

/* {if}: text and lists that are not empty, numbers that are not 0, pointers that are not NULL. */
static inline bool out_true_str(struct str s) {
    return s.n > 0;
}
static inline bool out_true_z(const char *z) {
    return z && *z;
}
static inline bool out_true_strs(struct strs s) {
    return s.n > 0;
}
static inline bool out_true_markup(struct markup m) {
    return m.s.n > 0;
}
static inline bool out_true_url(struct url u) {
    return u.s.n > 0;
}
static inline bool out_true_code(struct code c) {
    return c.s.n > 0;
}
static inline bool out_true_number(uint64_t n) {
    return n != 0;
}
static inline bool out_true_pointer(const void *p) {
    return p != NULL;
}
#define out_true(x)                                                                                \
    _Generic((x), struct str: out_true_str, const char *: out_true_z, char *: out_true_z,          \
             struct strs: out_true_strs, struct markup: out_true_markup,                           \
             struct url: out_true_url, struct code: out_true_code, bool: out_true_number,          \
             OUT_INTS_(out_true_number, out_true_number), default: out_true_pointer)(x)

/* Comparisons: text bytewise, numbers as numbers; the two sides of one kind. */
static inline struct str out_str_str(struct str s) {
    return s;
}
static inline struct str out_str_code(struct code c) {
    return c.s;
}
#define out_str(x)                                                                                 \
    _Generic((x), struct str: out_str_str, const char *: str_of, char *: str_of,                   \
             struct code: out_str_code)(x)
static inline int out_cmp_z(const char *a, const char *b) {
    return str_cmp(str_of(a), str_of(b));
}
static inline int out_cmp_zs(const char *a, struct str b) {
    return str_cmp(str_of(a), b);
}
static inline int out_cmp_sz(struct str a, const char *b) {
    return str_cmp(a, str_of(b));
}
static inline int64_t out_number_i64(int64_t n) {
    return n;
}
/* Compared with a number: text does not compile. */
#define out_number(x)                                                                              \
    _Generic((x), bool : out_number_i64, OUT_INTS_(out_number_i64, out_number_i64))(x)
static inline int out_cmp_i64(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}
#define out_cmp(x, y)                                                                              \
    _Generic((x), struct str: OUT_CMP_TO_(y, str_cmp, out_cmp_sz),                                 \
             const char *: OUT_CMP_TO_(y, out_cmp_zs, out_cmp_z),                                  \
             char *: OUT_CMP_TO_(y, out_cmp_zs, out_cmp_z), bool: out_cmp_i64,                     \
             OUT_INTS_(out_cmp_i64, out_cmp_i64))(x, y)
#define OUT_CMP_TO_(y, str_f, z_f) _Generic((y), struct str : str_f, default : z_f)

/* {for}: the address of element i, or the element itself where the list holds pointers. */
#define out_each(list, i)                                                                          \
    _Generic((list).v[0], const char *: &(list).v[i], char *: &(list).v[i],                        \
             default: __builtin_choose_expr(__builtin_classify_type((list).v[0]) == 5,             \
                                            (list).v[i], &(list).v[i]))

#endif
