/* What a property of a vCard says: text, components, lists, dates, data. Called by the readers of
 * core/exchange and, for repair and parameters, by vcard.c. */
#include "lib/text/vcard_value.h"

enum { PREF_NONE = 101 };

struct str vcard_repair(struct arena *a, struct str bytes) {
    struct buf b = { .arena = a };
    if (utf8_valid(bytes)) return bytes;
    while (bytes.n) buf_add_utf8(&b, utf8_next(&bytes));
    return buf_str(&b);
}

struct str vcard_param_text(struct arena *a, struct str raw) {
    raw = str_trim(raw);
    if (raw.n >= 2 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"') raw = str_sub(raw, 1, raw.n - 2);
    char *p = str_z(a, raw);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char next = i + 1 < raw.n ? raw.p[i + 1] : 0;
        bool code = raw.p[i] == '^' && (next == 'n' || next == '\'' || next == '^');
        if (code) i++;
        p[n++] = !code ? raw.p[i] : next == 'n' ? '\n' : next == '\'' ? '"' : '^';
    }
    return vcard_repair(a, (struct str){ p, n });
}

bool vcard_has(const struct vcard_prop *p, const char *param, const char *value) {
    for (int i = 0; i < p->params_n; i++)
        if (str_eq_z(p->params[i].name, param) && str_eq_ascii(p->params[i].value, str_of(value)))
            return true;
    return false;
}

struct str vcard_param(const struct vcard_prop *p, const char *param) {
    for (int i = 0; i < p->params_n; i++)
        if (str_eq_z(p->params[i].name, param)) return p->params[i].value;
    return NO_STR;
}

int vcard_pref(const struct vcard_prop *p) {
    int64_t n;
    if (vcard_has(p, "TYPE", "PREF")) return 1;
    return str_to_i64(vcard_param(p, "PREF"), &n) && n >= 1 && n <= 100 ? (int)n : PREF_NONE;
}

const struct vcard_prop *vcard_find(const struct vcard *card, const char *name, int *at) {
    while (*at < card->n) {
        const struct vcard_prop *p = &card->v[(*at)++];
        if (!p->of_agent && str_eq_z(p->name, name)) return p;
    }
    return NULL;
}

/* --- text --- */

/* An escape: what stands behind the backslash, or 0 when the backslash is only itself. Apple also
 * escapes the colon; quoted-printable has its own way to say a line break. */
static char escaped(const struct vcard_prop *p, char next) {
    switch (next) {
    case 'n':
    case 'N': return p->unquoted ? 0 : '\n';
    case '\\':
    case ',':
    case ';':
    case ':': return next;
    default: return 0;
    }
}

static struct str unescape(struct arena *a, const struct vcard_prop *p, struct str s,
                           const char *comma) {
    struct buf b = { .arena = a };
    for (size_t i = 0; i < s.n; i++) {
        char to = s.p[i] == '\\' && i + 1 < s.n ? escaped(p, s.p[i + 1]) : 0;
        if (to) {
            buf_add_c(&b, to);
            i++;
        } else if (s.p[i] == ',' && comma) {
            buf_add_z(&b, comma);
        } else if (s.p[i] == '\r') {
            buf_add_c(&b, '\n');
            if (i + 1 < s.n && s.p[i + 1] == '\n') i++;
        } else if (s.p[i]) {
            buf_add_c(&b, s.p[i]);
        }
    }
    return str_trim(buf_str(&b));
}

struct str vcard_text(struct arena *a, const struct vcard_prop *p) {
    return unescape(a, p, p->value, NULL);
}

/* Cuts at a sep that is not escaped. */
static bool cut(const struct vcard_prop *p, struct str *rest, char sep, struct str *piece) {
    size_t i = 0;
    if (!rest->p) return false;
    while (i < rest->n && rest->p[i] != sep)
        i += rest->p[i] == '\\' && i + 1 < rest->n && escaped(p, rest->p[i + 1]) ? 2 : 1;
    if (i > rest->n) i = rest->n;
    *piece = str_sub(*rest, 0, i);
    *rest = i < rest->n ? str_sub(*rest, i + 1, rest->n) : NO_STR;
    return true;
}

static struct strs split(struct arena *a, const struct vcard_prop *p, char sep, const char *comma) {
    struct str rest = p->value, piece;
    struct strs out = { 0 };
    int n = 1;
    for (size_t i = 0; i < p->value.n; i++) n += p->value.p[i] == sep;
    out.v = arena_array(a, struct str, n);
    while (cut(p, &rest, sep, &piece)) out.v[out.n++] = unescape(a, p, piece, comma);
    return out;
}

struct strs vcard_parts(struct arena *a, const struct vcard_prop *p, const char *comma) {
    return split(a, p, ';', comma);
}

struct strs vcard_list(struct arena *a, const struct vcard_prop *p) {
    return split(a, p, ',', NULL);
}

/* --- dates --- */

static bool digits(struct str *s, int n, int *out) {
    if (s->n < (size_t)n) return false;
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9') return false;
        *out = *out * 10 + s->p[i] - '0';
    }
    *s = str_sub(*s, (size_t)n, s->n);
    return true;
}

static bool skip(struct str *s, char c) {
    if (!s->n || s->p[0] != c) return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

static bool day_exists(int year, int month, int day) {
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1]) return false;
    return leap || month != 2 || day != 29;
}

/* YYYY-MM-DD, YYYYMMDD, --MM-DD, --MMDD, each with a time behind it. Years before 1604 are another
 * calendar's. */
bool vcard_date(struct arena *a, const struct vcard_prop *p, struct str *iso) {
    struct str s = str_trim(p->value), omit = vcard_param(p, "X-APPLE-OMIT-YEAR");
    struct str calendar = vcard_param(p, "CALSCALE");
    int64_t omitted = 1604;
    int year = 0, month, day;
    if (calendar.n && !str_eq_ascii(calendar, S("gregorian"))) return false;
    if (vcard_has(p, "VALUE", "TEXT")) return false;
    if (omit.n && !str_to_i64(omit, &omitted)) return false;
    bool no_year = str_starts(s, S("--"));
    if (no_year) s = str_sub(s, 2, s.n);
    if (!no_year && !digits(&s, 4, &year)) return false;
    if (!no_year) skip(&s, '-');
    if (!digits(&s, 2, &month)) return false;
    skip(&s, '-');
    if (!digits(&s, 2, &day)) return false;
    if (s.n && s.p[0] != 'T' && s.p[0] != 't' && s.p[0] != ' ') return false;
    if (year == omitted || year == 1604) year = 0;
    if (!day_exists(year, month, day) || (year && year < 1604)) return false;
    *iso = year ? str_printf(a, "%04d-%02d-%02d", year, month, day)
                : str_printf(a, "--%02d-%02d", month, day);
    return true;
}

/* --- data --- */

static int sextet(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool vcard_unbase64(struct arena *a, struct str text, struct str *bytes) {
    char *p = arena_alloc(a, text.n / 4 * 3 + 4);
    size_t n = 0, read = 0;
    unsigned bits = 0;
    bool padded = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        int six = sextet(c);
        if (c == '=') {
            padded = true;
            continue;
        }
        if (six < 0 || padded) return false;
        bits = (bits << 6 | (unsigned)six) & 0xFFFFFFu;
        if (++read % 4 == 0) {
            p[n++] = (char)(bits >> 16);
            p[n++] = (char)(bits >> 8 & 0xFF);
            p[n++] = (char)(bits & 0xFF);
        }
    }
    if (read % 4 == 1) return false;
    if (read % 4 >= 2) p[n++] = (char)(read % 4 == 2 ? bits >> 4 & 0xFF : bits >> 10 & 0xFF);
    if (read % 4 == 3) p[n++] = (char)(bits >> 2 & 0xFF);
    *bytes = (struct str){ p, n };
    return n > 0;
}

/* data:image/jpeg;base64,… (RFC 2397); without base64 it is no picture that anybody writes. */
static enum vcard_data data_uri(struct arena *a, struct str s, struct str *type,
                                struct str *bytes) {
    ptrdiff_t comma = str_find_c(s, ',');
    if (comma < 0) return VCARD_DATA_BAD;
    struct str head = str_sub(s, 5, (size_t)comma - 5), kind;
    bool base64 = str_find(str_lower_ascii(a, head), S(";base64")) >= 0;
    struct str rest = head;
    *type = str_cut(&rest, ';', &kind) ? kind : NO_STR;
    if (!base64 || !vcard_unbase64(a, str_sub(s, (size_t)comma + 1, s.n), bytes))
        return VCARD_DATA_BAD;
    return VCARD_DATA_BYTES;
}

enum vcard_data vcard_data(struct arena *a, const struct vcard_prop *p, struct str *type,
                           struct str *out) {
    struct str s = str_trim(p->value), text = s;
    *type = vcard_param(p, "MEDIATYPE");
    if (!type->n) *type = vcard_param(p, "TYPE");
    *out = NO_STR;
    if (!s.n) return VCARD_DATA_NONE;
    if (str_find_c(str_sub(s, 0, 200), '\\') >= 0) text = vcard_text(a, p); /* data\:image… */
    if (s.n >= 5 && str_eq_ascii(str_sub(text, 0, 5), S("data:")))
        return data_uri(a, text, type, out);
    if (str_find(str_sub(text, 0, 40), S("://")) > 0 || str_starts(text, S("cid:"))) {
        *out = text;
        return VCARD_DATA_URI;
    }
    /* Some write no ENCODING; what decodes is data. */
    return vcard_unbase64(a, s, out) ? VCARD_DATA_BYTES : VCARD_DATA_BAD;
}
