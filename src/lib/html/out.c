/* The HTML output of out.h: escaping, numbers in the reader's digits, filled translations.
 * Called by the C that tools/tplc makes from templates; calls lib/base and lib/locale/catalogue.
 * Addresses are made in url.c. */
#include "lib/html/out.h"

#define ISOLATE     "\u2068"
#define ISOLATE_LTR "\u2066"
#define ISOLATE_END "\u2069"

static const char *escape_of(unsigned char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case 0: return "\uFFFD";
    default: return NULL;
    }
}

void out_text(struct out *o, struct str s) {
    size_t from = 0, at = 0;
    while (at < s.n) {
        unsigned char c = (unsigned char)s.p[at];
        size_t n = 1;
        const char *instead = NULL;
        if (c < 0x80) {
            instead = escape_of(c);
        } else {
            struct str rest = str_sub(s, at, s.n - at);
            if (utf8_next(&rest) == 0xFFFD) instead = "\uFFFD";
            n = s.n - at - rest.n;
        }
        if (instead) {
            buf_add(&o->b, str_sub(s, from, at - from));
            buf_add_z(&o->b, instead);
            from = at + n;
        }
        at += n;
    }
    buf_add(&o->b, str_sub(s, from, at - from));
}

void out_text_z(struct out *o, const char *z) {
    out_text(o, str_of(z));
}

static const char *digit(enum digits digits, int d) {
    static const char *const arabext[] = { "۰", "۱", "۲", "۳", "۴", "۵", "۶", "۷", "۸", "۹" };
    static const char *const arab[] = { "٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩" };
    static const char *const latn[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };
    return digits == DIGITS_ARABEXT ? arabext[d] : digits == DIGITS_ARAB ? arab[d] : latn[d];
}

/* CLDR 42, symbols of fa (arabext), ar (arab), fr and en (latn). The mark before the minus keeps it
 * on the side where that script reads it. */
static void number(struct out *o, bool minus, uint64_t n) {
    enum digits digits = o->loc->digits;
    const char *group = digits != DIGITS_LATN ? "٬" : o->loc->lang == LANG_FR ? "\u202F" : ",";
    const char *sign = digits == DIGITS_ARABEXT ? "\u200E\u2212"
                       : digits == DIGITS_ARAB  ? "\u061C-"
                       : lang_rtl(o->loc->lang) ? "\u200E-"
                                                : "-";
    int d[20], d_n = 0;
    do {
        d[d_n++] = (int)(n % 10);
        n /= 10;
    } while (n);
    if (minus) buf_add_z(&o->b, sign);
    while (d_n--) {
        buf_add_z(&o->b, digit(digits, d[d_n]));
        if (d_n && d_n % 3 == 0) buf_add_z(&o->b, group);
    }
}

void out_i64(struct out *o, int64_t n) {
    number(o, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void out_u64(struct out *o, uint64_t n) {
    number(o, false, n);
}

void out_ascii_i64(struct out *o, int64_t n) {
    buf_printf(&o->b, "%lld", (long long)n);
}

void out_ascii_u64(struct out *o, uint64_t n) {
    buf_printf(&o->b, "%llu", (unsigned long long)n);
}

void out_bool(struct out *o, bool b) {
    buf_add_z(&o->b, b ? "true" : "false");
}

void out_markup(struct out *o, struct markup m) {
    buf_add(&o->b, m.s);
}

void out_url(struct out *o, struct url u) {
    out_text(o, u.s);
}

void out_code(struct out *o, struct code c) {
    out_static(o, "<bdi dir=\"ltr\">");
    out_text(o, c.s);
    out_static(o, "</bdi>");
}

void out_code_plain(struct out *o, struct code c) {
    out_text(o, c.s);
}

struct out_arg out_arg_str(const char *name, struct str s) {
    return (struct out_arg){ name, OUT_ARG_STR, { .s = s } };
}

struct out_arg out_arg_z(const char *name, const char *z) {
    return (struct out_arg){ name, OUT_ARG_Z, { .z = z } };
}

struct out_arg out_arg_i64(const char *name, int64_t i) {
    return (struct out_arg){ name, OUT_ARG_I64, { .i = i } };
}

struct out_arg out_arg_u64(const char *name, uint64_t u) {
    return (struct out_arg){ name, OUT_ARG_U64, { .u = u } };
}

struct out_arg out_arg_markup(const char *name, struct markup m) {
    return (struct out_arg){ name, OUT_ARG_MARKUP, { .s = m.s } };
}

struct out_arg out_arg_code(const char *name, struct code c) {
    return (struct out_arg){ name, OUT_ARG_CODE, { .s = c.s } };
}

static void arg_in(struct out *o, const struct out_arg *arg, const char *before,
                   const char *after) {
    buf_add_z(&o->b, before);
    out_text(o, arg->u.s);
    buf_add_z(&o->b, after);
}

static void put_arg(struct out *o, const struct out_arg *arg, bool plain) {
    switch (arg->kind) {
    case OUT_ARG_STR:
        arg_in(o, arg, plain ? ISOLATE : "<bdi>", plain ? ISOLATE_END : "</bdi>");
        break;
    case OUT_ARG_CODE:
        arg_in(o, arg, plain ? ISOLATE_LTR : "<bdi dir=\"ltr\">", plain ? ISOLATE_END : "</bdi>");
        break;
    case OUT_ARG_Z: out_text_z(o, arg->u.z); break;
    case OUT_ARG_I64: out_i64(o, arg->u.i); break;
    case OUT_ARG_U64: out_u64(o, arg->u.u); break;
    case OUT_ARG_MARKUP:
        if (plain) BUG("markup in an attribute");
        buf_add(&o->b, arg->u.s);
        break;
    }
}

static void filled(struct out *o, const char *text, const struct out_arg *args, int n, bool plain) {
    struct str rest = str_of(text), before, name;
    while (tr_placeholder(&rest, &before, &name)) {
        out_text(o, before);
        int i = 0;
        while (i < n && !str_eq_z(name, args[i].name)) i++;
        if (i < n) {
            put_arg(o, &args[i], plain);
        } else {
            out_static(o, "{");
            out_text(o, name);
            out_static(o, "}");
        }
    }
    out_text(o, before);
}

void out_filled(struct out *o, const char *text, const struct out_arg *args, int n) {
    filled(o, text, args, n, false);
}

void out_filled_plain(struct out *o, const char *text, const struct out_arg *args, int n) {
    filled(o, text, args, n, true);
}

void out_encoded(struct out *o, struct str s) {
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            buf_add_c(&o->b, (char)c);
        else
            buf_add(&o->b, (struct str){ (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3 });
    }
}

void out_encoded_z(struct out *o, const char *z) {
    out_encoded(o, str_of(z));
}
