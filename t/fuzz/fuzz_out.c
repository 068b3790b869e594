/* Any bytes through the escapers: what comes out is UTF-8 and holds no character that could end a
 * text or an attribute; what passes as somebody's address has one of four schemes. */
#include <stddef.h>
#include <stdint.h>

#include "lib/html/out.h"

static void check_html(struct str s) {
    if (!utf8_valid(s)) BUG("not UTF-8");
    for (size_t i = 0; i < s.n; i++)
        if (strchr("<>\"'", s.p[i])) BUG("raw %02x", (unsigned char)s.p[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena *a = arena_new();
    struct str s = { n ? (const char *)data : NULL, n };
    struct locale loc = { .lang = LANG_FA, .digits = DIGITS_ARABEXT };
    struct out o = { .b = { .arena = a }, .loc = &loc };
    out_text(&o, s);
    check_html(buf_str(&o.b));
    o.b.n = 0;
    struct out_arg args[] = { out_arg_str("a", s), out_arg_i64("n", (int64_t)n) };
    out_filled_plain(&o, str_z(a, s), args, 2);
    check_html(buf_str(&o.b));
    o.b.n = 0;
    out_encoded(&o, s);
    check_html(buf_str(&o.b));
    struct url u = url_of_user(s);
    if (u.s.n) {
        struct str low = str_lower_ascii(a, u.s);
        if (!str_starts(low, S("https://")) && !str_starts(low, S("http://")) &&
            !str_starts(low, S("mailto:")) && !str_starts(low, S("tel:")))
            BUG("let through: %.*s", SF(u.s));
    }
    struct url q = url_query(a, url_own(S("/a#b")), "k", s);
    if (!str_starts(q.s, S("/a?k=")) || !str_ends(q.s, S("#b"))) BUG("query broke out");
    check_html(url_mailto(a, s).s);
    arena_free(a);
    return 0;
}
