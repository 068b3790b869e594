/* What is chosen for a print: read from an address or a form, checked, remembered (label.h). Called
 * by the pages and the command; calls core/app/preference.h. A table names each choice once. */
#include "core/app/preference.h"
#include "features/label/label.h"
#include "lib/locale/number.h"

static const char preference[] = "labels";
enum { CLIENTS_IN_ONE = 45, COPIES_MAX = 500, SENDER_MAX = 500, OFFSET_MAX = 2000 };

/* --- lengths --- */

bool cmm_parse(struct str typed, int *out) {
    int64_t value = 0;
    int decimals = -1, digits = 0;
    bool minus = false;
    for (struct str rest = str_trim(typed); rest.n;) {
        int32_t c = utf8_next(&rest);
        int d = digit_value(c);
        if (c == 0x200E || c == 0x200F || c == 0x61C || c == 0x2066 || c == 0x2069) continue;
        if (d >= 0) {
            value = value * 10 + d;
            digits++;
            if (decimals >= 0) decimals++;
        } else if ((c == '.' || c == ',' || c == 0x66B || c == '/') && decimals < 0 && digits) {
            decimals = 0;
        } else if ((c == '-' || c == 0x2212) && !digits && !minus) {
            minus = true;
        } else {
            return false;
        }
        if (digits > 7 || decimals > 2) return false;
    }
    if (!digits || decimals == 0) return false;
    for (int i = decimals < 0 ? 0 : decimals; i < 2; i++) value *= 10;
    *out = (int)(minus ? -value : value);
    return true;
}

struct str cmm_text(struct arena *a, int cmm) {
    const char *minus = cmm < 0 ? "-" : "";
    int n = cmm < 0 ? -cmm : cmm;
    if (n % 100 == 0) return str_printf(a, "%s%d", minus, n / 100);
    if (n % 10 == 0) return str_printf(a, "%s%d.%d", minus, n / 100, n % 100 / 10);
    return str_printf(a, "%s%d.%02d", minus, n / 100, n % 100);
}

/* --- the table --- */

enum how { AS_YESNO, AS_INT, AS_MM, AS_SHEET, AS_PAPER, AS_ENVELOPE, AS_WORD, AS_SENDER };
/* Words of a choice; what is stored is their place. */
static const char *const forms[] = { "labels", "envelopes", NULL };
static const char *const windows[] = { "none", "left", "right", NULL };
static const char *const sides[] = { "left", "right", NULL };
static const char *const sorts[] = { "name", "postcode", NULL };
static const char *const kinds[] = { "work", "home", "billing", "delivery", "other", NULL };

#define AT(member) offsetof(struct label_choice, member)
#define SHEET(m)   AT(sheet.m)
static const struct entry {
    const char *name;
    enum how how;
    size_t at;
    const char *const *words;
    int least, most; /* of AS_INT and AS_MM */
    bool once;       /* not remembered */
} entries[] = {
    { "form", AS_WORD, AT(form), forms, 0, 0, false },
    { "sheet", AS_SHEET, 0, NULL, 0, 0, false },
    { "paper", AS_PAPER, 0, NULL, 0, 0, false },
    { "paper_w", AS_MM, SHEET(paper_w), NULL, 5000, 50000, false },
    { "paper_h", AS_MM, SHEET(paper_h), NULL, 5000, 50000, false },
    { "w", AS_MM, SHEET(w), NULL, 1500, 50000, false },
    { "h", AS_MM, SHEET(h), NULL, 800, 50000, false },
    { "columns", AS_INT, SHEET(columns), NULL, 1, 20, false },
    { "rows", AS_INT, SHEET(rows), NULL, 1, 60, false },
    { "left", AS_MM, SHEET(left), NULL, 0, 20000, false },
    { "top", AS_MM, SHEET(top), NULL, 0, 20000, false },
    { "pitch_x", AS_MM, SHEET(pitch_x), NULL, 800, 50000, false },
    { "pitch_y", AS_MM, SHEET(pitch_y), NULL, 800, 50000, false },
    { "envelope", AS_ENVELOPE, 0, NULL, 0, 0, false },
    { "envelope_w", AS_MM, AT(envelope.w), NULL, 9000, 50000, false },
    { "envelope_h", AS_MM, AT(envelope.h), NULL, 7000, 50000, false },
    { "window", AS_WORD, AT(window), windows, 0, 0, false },
    { "start", AS_INT, AT(start), NULL, 1, 1200, true },
    { "x", AS_MM, AT(x_offset), NULL, -OFFSET_MAX, OFFSET_MAX, false },
    { "y", AS_MM, AT(y_offset), NULL, -OFFSET_MAX, OFFSET_MAX, false },
    { "from", AS_WORD, AT(from_right), sides, 0, 0, false },
    { "frames", AS_YESNO, AT(frames), NULL, 0, 0, false },
    { "size", AS_INT, AT(size_pt), NULL, 5, 30, false },
    { "least", AS_INT, AT(least_pt), NULL, 4, 30, false },
    { "country", AS_YESNO, AT(country), NULL, 0, 0, false },
    { "title", AS_YESNO, AT(title), NULL, 0, 0, false },
    { "organisation", AS_YESNO, AT(organisation), NULL, 0, 0, false },
    { "contact", AS_YESNO, AT(contact), NULL, 0, 0, false },
    { "no_postcode", AS_YESNO, AT(no_postcode_too), NULL, 0, 0, false },
    { "kind", AS_WORD, AT(kind), kinds, 0, 0, false },
    { "copies", AS_INT, AT(copies), NULL, 1, COPIES_MAX, true },
    { "sort", AS_WORD, AT(sort), sorts, 0, 0, false },
    { "sender", AS_SENDER, AT(sender), NULL, 0, 0, false },
};

static bool own_sheet(const struct label_choice *ch) {
    return strcmp(ch->sheet.code, "own") == 0;
}

static bool own_envelope(const struct label_choice *ch) {
    return strcmp(ch->envelope.code, "own") == 0;
}

/* Sizes count only where the person gives them. */
static bool counts(const struct label_choice *ch, const struct entry *e) {
    if (e->at >= SHEET(paper_w) && e->at < AT(envelope)) {
        bool paper = e->at == SHEET(paper_w) || e->at == SHEET(paper_h);
        return own_sheet(ch) && (!paper || strcmp(ch->sheet.paper, "own") == 0);
    }
    if (e->how == AS_PAPER) return own_sheet(ch);
    if (e->at == AT(envelope.w) || e->at == AT(envelope.h)) return own_envelope(ch);
    return true;
}

static enum status wrong(struct ctx *c, const struct entry *e, const char *text) {
    return ctx_problem(c, str_printf(c->arena, "label.%s", e->name), text);
}

static struct str bound_text(struct ctx *c, const struct entry *e, int n) {
    bool mm = e->how == AS_MM;
    return digits_show(c->arena, c->loc,
                       mm ? cmm_text(c->arena, n) : str_printf(c->arena, "%d", n));
}

static enum status set_number(struct ctx *c, const struct entry *e, struct str value, int *to) {
    int64_t n;
    int length;
    bool good = e->how == AS_MM ? cmm_parse(value, &length) : int_parse(value, &n);
    if (good && e->how == AS_MM) n = length;
    if (good && n >= e->least && n <= e->most) {
        *to = (int)n;
        return OK;
    }
    return ctx_problem(
        c, str_printf(c->arena, "label.%s", e->name), N_("Write a number from {least} to {most}."),
        ARG("least", bound_text(c, e, e->least)), ARG("most", bound_text(c, e, e->most)));
}

static enum status set_word(struct ctx *c, const struct entry *e, struct str value, char *at) {
    int i = 0;
    if (e->words == kinds) {
        struct str *to = (void *)at;
        *to = NO_STR;
        if (!value.n) return OK;
    }
    while (e->words[i] && !str_eq_z(value, e->words[i])) i++;
    if (!e->words[i]) return wrong(c, e, N_("Choose one of the list."));
    if (e->words == kinds)
        *(struct str *)(void *)at = str_of(kinds[i]);
    else if (e->words == sides)
        *(bool *)at = i == 1;
    else
        *(int *)(void *)at = i; /* the enums of label.h */
    return OK;
}

static enum status set_sheet(struct ctx *c, const struct entry *e, struct str value,
                             struct label_choice *ch) {
    const struct label_sheet *s = label_sheet_find(value);
    if (s)
        ch->sheet = *s;
    else if (str_eq(value, S("own")))
        ch->sheet.code = ch->sheet.name = "own";
    else
        return wrong(c, e, N_("There is no such sheet."));
    return OK;
}

static enum status set_paper(struct ctx *c, const struct entry *e, struct str value,
                             struct label_choice *ch) {
    static const struct {
        const char *name;
        int w, h;
    } papers[] = { { "A4", 21000, 29700 }, { "Letter", 21590, 27940 } };
    if (str_eq(value, S("own"))) {
        ch->sheet.paper = "own";
        return OK;
    }
    for (int i = 0; i < COUNT(papers); i++) {
        if (!str_eq_z(value, papers[i].name)) continue;
        ch->sheet.paper = papers[i].name;
        ch->sheet.paper_w = papers[i].w;
        ch->sheet.paper_h = papers[i].h;
        return OK;
    }
    return wrong(c, e, N_("Choose one of the list."));
}

static enum status set_envelope(struct ctx *c, const struct entry *e, struct str value,
                                struct label_choice *ch) {
    for (int i = 0; i < label_envelopes_n; i++)
        if (str_eq_z(value, label_envelopes[i].code)) {
            ch->envelope = label_envelopes[i];
            return OK;
        }
    if (!str_eq(value, S("own"))) return wrong(c, e, N_("Choose one of the list."));
    ch->envelope.code = ch->envelope.name = "own";
    ch->envelope.left = ch->envelope.right = (struct box_cmm){ 0 };
    return OK;
}

static enum status set_entry(struct ctx *c, struct label_choice *ch, const struct entry *e,
                             struct str value) {
    char *at = (char *)ch + e->at;
    switch (e->how) {
    case AS_YESNO: *(bool *)at = value.n && !str_eq(value, S("0")); return OK;
    case AS_INT:
    case AS_MM: return set_number(c, e, value, (int *)(void *)at);
    case AS_SHEET: return set_sheet(c, e, value, ch);
    case AS_PAPER: return set_paper(c, e, value, ch);
    case AS_ENVELOPE: return set_envelope(c, e, value, ch);
    case AS_WORD: return set_word(c, e, value, at);
    case AS_SENDER:
        if (value.n > SENDER_MAX) return wrong(c, e, N_("This is too long."));
        ch->sender = str_trim(value);
        return OK;
    }
    return OK;
}

/* One client, or several with dots between, so that many have room in an address. */
static enum status add_clients(struct ctx *c, struct label_choice *ch, struct str value) {
    struct str one;
    int64_t id;
    if (!ch->clients) ch->clients = arena_array(c->arena, int64_t, LABEL_CLIENTS_MAX);
    while (str_cut(&value, '.', &one)) {
        if (!str_to_i64(one, &id) || id < 1 || ch->clients_n == LABEL_CLIENTS_MAX)
            return ctx_problem(c, S("label.client"), N_("Choose one of the list."));
        bool there = false;
        for (int i = 0; i < ch->clients_n; i++) there |= ch->clients[i] == id;
        if (!there) ch->clients[ch->clients_n++] = id;
    }
    return OK;
}

enum status label_set(struct ctx *c, struct label_choice *ch, struct str name, struct str value) {
    if (str_eq(name, S("client"))) return add_clients(c, ch, value);
    for (int i = 0; i < COUNT(entries); i++)
        if (str_eq_z(name, entries[i].name))
            return counts(ch, &entries[i]) ? set_entry(c, ch, &entries[i], value) : OK;
    return OK;
}

/* --- all of them --- */

void label_defaults(struct ctx *c, struct label_choice *out) {
    bool letter = strcmp(c->firm.country, "US") == 0 || strcmp(c->firm.country, "CA") == 0;
    *out = (struct label_choice){ .sheet = *label_sheet_find(letter ? S("5160") : S("L7160")),
                                  .envelope = label_envelopes[letter ? 4 : 0],
                                  .start = 1,
                                  .size_pt = 11,
                                  .least_pt = 6,
                                  .country = true,
                                  .title = true,
                                  .organisation = true,
                                  .copies = 1,
                                  .sort = SORT_NAME,
                                  .sender = c->firm.name };
    /* Who reads from the right takes labels off the sheet from there, so the sorted stack and the
     * drawing on the page run the same way; who has it otherwise says so once. */
    out->from_right = lang_rtl(c->loc->lang);
}

/* In the order of the table, because a sheet decides whether its sizes count. */
static enum status apply(struct ctx *c, const struct http_pairs *pairs, struct label_choice *ch) {
    for (int i = 0; i < COUNT(entries); i++) {
        const char *name = str_printf(c->arena, "label.%s", entries[i].name).p;
        struct str value = http_pairs_get(pairs, name);
        bool said = value.p != NULL;
        bool unticked = entries[i].how == AS_YESNO && http_pairs_get(pairs, "label.set").p;
        if ((said || unticked) && label_set(c, ch, str_of(entries[i].name), value) != OK)
            continue; /* all problems at once */
    }
    for (int i = 0; i < pairs->n; i++)
        if (str_eq(pairs->v[i].name, S("label.client")) &&
            add_clients(c, ch, pairs->v[i].value) != OK)
            continue;
    return c->problems.n ? INVALID : OK;
}

static enum status check(struct ctx *c, const struct label_choice *ch) {
    const struct label_sheet *s = &ch->sheet;
    if (ch->form == FORM_LABELS && own_sheet(ch)) {
        if ((s->columns > 1 && s->pitch_x < s->w) || (s->rows > 1 && s->pitch_y < s->h))
            ctx_problem(c, S("label.pitch_x"),
                        N_("From one label to the next it cannot be less than the label itself."));
        if (s->left + (s->columns - 1) * s->pitch_x + s->w > s->paper_w ||
            s->top + (s->rows - 1) * s->pitch_y + s->h > s->paper_h)
            ctx_problem(c, S("label.sheet"), N_("The labels do not fit on this paper."));
    }
    if (ch->least_pt > ch->size_pt)
        ctx_problem(c, S("label.least"), N_("The smallest size cannot be above the size itself."));
    struct box_cmm in = ch->window == WINDOW_LEFT ? ch->envelope.left : ch->envelope.right;
    if (ch->form == FORM_ENVELOPES && ch->window != WINDOW_NONE && !in.w)
        ctx_problem(c, S("label.window"), N_("This envelope is not made with a window there."));
    return c->problems.n ? INVALID : OK;
}

enum status label_read(struct ctx *c, const struct http_pairs *pairs, struct label_choice *out) {
    label_defaults(c, out);
    if (!http_pairs_get(pairs, "label.set").p) {
        struct str kept, why;
        struct http_pairs last = { 0 };
        struct ctx quiet = *c; /* what was good once may not be now: then the standard stands */
        TRY(preference_get(c, preference, &kept));
        if (kept.n && http_form(c->arena, kept, &last, &why) == OK &&
            apply(&quiet, &last, out) != OK)
            label_defaults(c, out);
    }
    TRY(apply(c, pairs, out));
    int last = label_per_page(out);
    if (out->start > last) out->start = last;
    return check(c, out);
}

int label_per_page(const struct label_choice *ch) {
    return ch->form == FORM_LABELS ? ch->sheet.columns * ch->sheet.rows : 1;
}

static struct str value_of(struct arena *a, const struct label_choice *ch, const struct entry *e) {
    const char *at = (const char *)ch + e->at;
    switch (e->how) {
    case AS_YESNO: return *(const bool *)at ? S("1") : S("0");
    case AS_INT: return str_printf(a, "%d", *(const int *)(const void *)at);
    case AS_MM: return cmm_text(a, *(const int *)(const void *)at);
    case AS_SHEET: return str_of(ch->sheet.code);
    case AS_PAPER: return str_of(ch->sheet.paper);
    case AS_ENVELOPE: return str_of(ch->envelope.code);
    case AS_SENDER: return ch->sender;
    case AS_WORD: break;
    }
    if (e->words == kinds) return ch->kind;
    if (e->words == sides) return str_of(sides[ch->from_right]);
    return str_of(e->words[*(const int *)(const void *)at]);
}

void label_client_pairs(struct arena *a, const int64_t *ids, int n, struct http_pairs *out) {
    for (int i = 0; i < n;) {
        struct buf b = { .arena = a };
        for (int k = 0; k < CLIENTS_IN_ONE && i < n; k++, i++)
            buf_printf(&b, k ? ".%lld" : "%lld", (long long)ids[i]);
        http_pairs_add(a, out, S("label.client"), buf_str(&b));
    }
}

void label_pairs(struct arena *a, const struct label_choice *ch, bool remembered,
                 struct http_pairs *out) {
    http_pairs_add(a, out, S("label.set"), S("1"));
    for (int i = 0; i < COUNT(entries); i++) {
        if (!counts(ch, &entries[i]) || (remembered && entries[i].once)) continue;
        http_pairs_add(a, out, str_printf(a, "label.%s", entries[i].name),
                       value_of(a, ch, &entries[i]));
    }
    if (!remembered) label_client_pairs(a, ch->clients, ch->clients_n, out);
}

enum status label_remember(struct ctx *c, const struct label_choice *ch) {
    struct http_pairs pairs = { 0 };
    struct buf b = { .arena = c->arena };
    label_pairs(c->arena, ch, true, &pairs);
    for (int i = 0; i < pairs.n; i++) {
        if (b.n) buf_add_c(&b, '&');
        buf_add(&b, http_escape(c->arena, pairs.v[i].name));
        buf_add_c(&b, '=');
        buf_add(&b, http_escape(c->arena, pairs.v[i].value));
    }
    return preference_set(c, preference, buf_str(&b));
}
