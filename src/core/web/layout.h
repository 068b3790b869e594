/* What the shell around every page shows; filled by answer.c, read by layout.html. */
#ifndef LAYOUT_H
#define LAYOUT_H
#include "core/web/parts.h"
#include "core/web/req.h"

struct toast {
    bool shown;
    struct str text;
    int64_t undo; /* batch; 0: nothing to undo */
};
struct layout {
    struct str title, firm, name, email, query;
    struct face face;
    const char *lang, *dir, *menu; /* menu: "" when no entry is current */
    const char *scheme;            /* "dark" "light" "" */
    int64_t notices_n;
    bool narrow, writes, manages, keys_off;
    bool list, client; /* pages of many clients, of one: they bring parts of their own */
    bool ask;          /* pages where one asks: theirs */
    struct markup content;
    struct toast toast;
};
void page_shell(struct out *o, const struct layout *l);
void page_bare(struct out *o, const struct layout *l);

/* refuse.c → error.html */
struct refusal {
    struct str code; /* "404" in the reader's digits */
    const char *title, *text;
    bool bad, home, sign_in, retry;
    struct strs problems;
};
void page_refusal(struct out *o, const struct refusal *f);
void part_refusal(struct out *o, const struct refusal *f);

#endif
