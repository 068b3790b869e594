/* Contacts out of free text. A line is searched for e-mails, web addresses and phones (any digits);
 * what is left is a name, or a note when it is long. Lines are gathered to contacts by blank lines
 * and by how names and numbers alternate. Called by sheet_text.c; calls lib/locale/phone and
 * lib/text. */
#include "core/exchange/sheet_lines.h"

#include "lib/locale/phone.h"
#include "lib/text/fold.h"
#include "lib/text/name.h"

enum { NAME_WORDS = 5, NAME_CHARS = 60, LINES_MAX = 400, PHONE_MIN = 7, PHONE_MAX = 15 };
#define CUT "\x1f" /* where something was taken out */

/* --- words in front of what they name, folded --- */

enum label {
    LABEL_NONE,
    LABEL_PHONE,
    LABEL_EMAIL,
    LABEL_WEB,
    LABEL_NAME,
    LABEL_COMPANY,
    LABEL_ADDRESS,
    LABEL_JOB
};
static const struct {
    const char *word;
    enum label is;
    const char *kind;
} labels[] = {
    { "tel", LABEL_PHONE, "" },
    { "phone", LABEL_PHONE, "" },
    { "telephone", LABEL_PHONE, "" },
    { "t", LABEL_PHONE, "" },
    { "p", LABEL_PHONE, "" },
    { "call", LABEL_PHONE, "" },
    { "mobile", LABEL_PHONE, "mobile" },
    { "mob", LABEL_PHONE, "mobile" },
    { "cell", LABEL_PHONE, "mobile" },
    { "m", LABEL_PHONE, "mobile" },
    { "portable", LABEL_PHONE, "mobile" },
    { "port", LABEL_PHONE, "mobile" },
    { "gsm", LABEL_PHONE, "mobile" },
    { "whatsapp", LABEL_PHONE, "mobile" },
    { "fax", LABEL_PHONE, "fax" },
    { "office", LABEL_PHONE, "work" },
    { "work", LABEL_PHONE, "work" },
    { "bureau", LABEL_PHONE, "work" },
    { "home", LABEL_PHONE, "home" },
    { "domicile", LABEL_PHONE, "home" },
    { "تلفن", LABEL_PHONE, "" },
    { "شماره", LABEL_PHONE, "" },
    { "تماس", LABEL_PHONE, "" },
    { "شماره تماس", LABEL_PHONE, "" },
    { "شماره تلفن", LABEL_PHONE, "" },
    { "تلفن همراه", LABEL_PHONE, "mobile" },
    { "موبایل", LABEL_PHONE, "mobile" },
    { "همراه", LABEL_PHONE, "mobile" },
    { "فکس", LABEL_PHONE, "fax" },
    { "نمابر", LABEL_PHONE, "fax" },
    { "دفتر", LABEL_PHONE, "work" },
    { "منزل", LABEL_PHONE, "home" },
    { "هاتف", LABEL_PHONE, "" },
    { "الهاتف", LABEL_PHONE, "" },
    { "رقم", LABEL_PHONE, "" },
    { "رقم الهاتف", LABEL_PHONE, "" },
    { "جوال", LABEL_PHONE, "mobile" },
    { "الجوال", LABEL_PHONE, "mobile" },
    { "فاکس", LABEL_PHONE, "fax" },
    { "email", LABEL_EMAIL, "" },
    { "e mail", LABEL_EMAIL, "" },
    { "mail", LABEL_EMAIL, "" },
    { "courriel", LABEL_EMAIL, "" },
    { "ایمیل", LABEL_EMAIL, "" },
    { "رایانامه", LABEL_EMAIL, "" },
    { "برید", LABEL_EMAIL, "" },
    { "البرید الالکترونی", LABEL_EMAIL, "" },
    { "web", LABEL_WEB, "" },
    { "website", LABEL_WEB, "" },
    { "site", LABEL_WEB, "" },
    { "site web", LABEL_WEB, "" },
    { "وب سایت", LABEL_WEB, "" },
    { "وبسایت", LABEL_WEB, "" },
    { "سایت", LABEL_WEB, "" },
    { "الموقع", LABEL_WEB, "" },
    { "name", LABEL_NAME, "" },
    { "nom", LABEL_NAME, "" },
    { "full name", LABEL_NAME, "" },
    { "نام", LABEL_NAME, "" },
    { "نام و نام خانوادگی", LABEL_NAME, "" },
    { "الاسم", LABEL_NAME, "" },
    { "company", LABEL_COMPANY, "" },
    { "societe", LABEL_COMPANY, "" },
    { "entreprise", LABEL_COMPANY, "" },
    { "شرکت", LABEL_COMPANY, "" },
    { "الشرکه", LABEL_COMPANY, "" },
    { "address", LABEL_ADDRESS, "" },
    { "adresse", LABEL_ADDRESS, "" },
    { "ادرس", LABEL_ADDRESS, "" },
    { "نشانی", LABEL_ADDRESS, "" },
    { "العنوان", LABEL_ADDRESS, "" },
    { "عنوان", LABEL_ADDRESS, "" },
    { "title", LABEL_JOB, "" },
    { "job title", LABEL_JOB, "" },
    { "fonction", LABEL_JOB, "" },
    { "سمت", LABEL_JOB, "" },
    { "الوظیفه", LABEL_JOB, "" },
};

static enum label label_of(struct arena *a, struct str words, const char **kind) {
    struct str key = fold(a, words);
    for (int i = 0; i < COUNT(labels) && key.n && key.n < 60; i++)
        if (str_eq_z(key, labels[i].word)) {
            if (kind && *labels[i].kind) *kind = labels[i].kind;
            return labels[i].is;
        }
    return LABEL_NONE;
}

/* --- finding --- */

struct entry { /* one contact as it is gathered */
    struct arena *a;
    const struct ctx *c;
    struct sheet_row *row;
    int reaches; /* phones, e-mails, web addresses so far */
};

static bool is_space(int32_t c) {
    return c == ' ' || c == '\t' || c == 0xA0 || c == 0x202F || c == 0x2009;
}

static bool is_mark(int32_t c) { /* direction, joiners */
    return c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200B || c == 0xFEFF;
}

static bool is_digit(int32_t c) {
    return (c >= '0' && c <= '9') || (c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9);
}

static bool ends_word(char c) {
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '<' || c == '>' || c == '(' ||
           c == ')' || c == '"' || c == '|' || c == '[' || c == ']' || (unsigned char)c >= 0x80 ||
           c == *CUT;
}

/* Takes a span out of the text: CUT stands there instead. */
static void take_out(struct arena *a, struct str *text, size_t from, size_t to) {
    *text = str_printf(a, "%.*s" CUT "%.*s", (int)from, text->p, (int)(text->n - to), text->p + to);
}

static void take_emails(struct entry *e, struct str *text) {
    for (size_t i = 0; i < text->n; i++) {
        if (text->p[i] != '@') continue;
        size_t from = i, to = i + 1;
        while (from > 0 && !ends_word(text->p[from - 1]) && text->p[from - 1] != ':') from--;
        while (to < text->n && !ends_word(text->p[to])) to++;
        while (to > i && strchr(".:!?'", text->p[to - 1])) to--;
        struct str word = str_sub(*text, from, to - from);
        int had = e->row->emails_n;
        if (from == i || str_find_c(str_sub(word, i - from, word.n), '.') < 0) continue;
        size_t noted = e->row->note.n;
        sheet_put_email(e->row, word, "");
        if (e->row->emails_n == had && e->row->note.n > noted) { /* no e-mail: stays in the text */
            e->row->note.n = noted;
            continue;
        }
        e->reaches++;
        take_out(e->a, text, from, to);
        i = from;
    }
}

static bool is_domain(struct arena *a, struct str word) {
    static const char *const ends[] = { "com",    "org",   "net", "ir",   "fr", "ae", "sa",
                                        "eg",     "ma",    "dz",  "tn",   "de", "co", "io",
                                        "me",     "info",  "app", "shop", "uk", "us", "eu",
                                        "online", "store", "qa",  "iq",   "lb" };
    struct str rest = str_lower_ascii(a, word), host, last = NO_STR, part;
    if (!str_cut(&rest, '/', &host)) return false;
    for (size_t i = 0; i < host.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", host.p[i])) return false;
    rest = host;
    int parts = 0;
    for (; str_cut(&rest, '.', &part); parts++) {
        if (!part.n) return false;
        last = part;
    }
    for (int i = 0; parts > 1 && i < COUNT(ends); i++)
        if (str_eq_z(last, ends[i])) return true;
    return false;
}

static void take_urls(struct entry *e, struct str *text) {
    for (size_t i = 0; i < text->n;) {
        size_t to = i;
        while (to < text->n && !ends_word(text->p[to])) to++;
        while (to > i && strchr(".:!?'", text->p[to - 1])) to--;
        struct str word = str_sub(*text, i, to - i), low = str_lower_ascii(e->a, word);
        bool web = str_starts(low, S("http://")) || str_starts(low, S("https://")) ||
                   str_starts(low, S("www.")) || is_domain(e->a, word);
        if (web && word.n > 4) {
            sheet_put(e->row, SHEET_WEBSITE, N_("Website"), word);
            e->reaches++;
            take_out(e->a, text, i, to);
        }
        i = web ? i + 1 : to + 1;
        while (i < text->n && ((unsigned char)text->p[i] & 0xC0) == 0x80) i++;
    }
}

/* 12/03/2024, 1403-01-02: numbers of a date, not of a telephone. */
static bool is_date(struct str run) {
    int groups = 0, lengths[4] = { 0 };
    bool other = false;
    for (struct str s = run; s.n;) {
        int32_t c = utf8_next(&s);
        if (is_digit(c)) {
            if (groups < 4) lengths[groups]++;
        } else if (c == '/' || c == '.' || c == '-') {
            if (++groups >= 4) return false;
        } else if (!is_mark(c)) {
            other = true;
        }
    }
    if (other || groups != 2) return false;
    return lengths[1] <= 2 && lengths[1] > 0 &&
           ((lengths[0] <= 2 && (lengths[2] == 4 || lengths[2] == 2)) ||
            (lengths[0] == 4 && lengths[2] <= 2));
}

/* The last words before a place say what stands there. */
static const char *kind_before(struct arena *a, struct str before) {
    const char *kind = "";
    struct str s = str_trim(before);
    while (s.n && strchr(":.-(", s.p[s.n - 1])) s = str_trim(str_sub(s, 0, s.n - 1));
    size_t from = s.n;
    while (from > 0 && !strchr(" \t,;|" CUT, s.p[from - 1])) from--;
    (void)label_of(a, str_sub(s, from, s.n), &kind);
    return kind;
}

/* Where a run of digits and what may stand between them ends. */
static size_t run_end(struct str text, size_t from) {
    struct str s = str_sub(text, from, text.n);
    size_t end = from;
    int spaces = 0;
    while (s.n) {
        int32_t c = utf8_next(&s);
        if (is_digit(c)) {
            end = text.n - s.n;
            spaces = 0;
        } else if (is_space(c)) {
            if (++spaces > 2) break;
        } else if (c != '+' && c != '-' && c != '.' && c != '(' && c != ')' && c != '/' &&
                   c != 0x2010 && c != 0x2011 && c != 0x2013 && !is_mark(c)) {
            break;
        }
    }
    return end;
}

/* The longest beginning that is a number of some plan; from when there is none. */
static size_t phone_end(struct entry *e, struct str text, size_t from, size_t to) {
    struct phone_number n;
    for (size_t end = to; end > from;) {
        struct str part = str_sub(text, from, end - from);
        size_t digits = fold_digits(e->a, part).n;
        if (digits < PHONE_MIN) break;
        if (digits <= PHONE_MAX && !is_date(part) && phone_parse(e->a, part, ctx_country(e->c), &n))
            return end;
        do end--;
        while (end > from && !strchr(" /-.\t", text.p[end]));
    }
    return from;
}

/* The first number inside a run; where none is sure, the whole if it may be one. False: none. */
static bool find_phone(struct entry *e, struct str text, size_t *from, size_t *to) {
    size_t digits = fold_digits(e->a, str_sub(text, *from, *to - *from)).n;
    for (size_t i = *from; i < *to; i++) {
        size_t end = i == *from || text.p[i - 1] == ' ' ? phone_end(e, text, i, *to) : i;
        if (end == i) continue;
        *from = i;
        *to = end;
        return true;
    }
    return digits > PHONE_MIN && digits <= PHONE_MAX && !is_date(str_sub(text, *from, *to - *from));
}

static void take_phones(struct entry *e, struct str *text) {
    for (size_t i = 0; i < text->n;) {
        struct str s = str_sub(*text, i, text->n);
        int32_t c = utf8_next(&s);
        struct str behind = s;
        bool starts = is_digit(c) || ((c == '+' || c == '(') && is_digit(utf8_next(&behind)));
        if (!starts) {
            i = text->n - s.n;
            continue;
        }
        size_t from = i, end = run_end(*text, i), to = end;
        if (!find_phone(e, *text, &from, &to)) {
            i = end;
            continue;
        }
        sheet_put_phone(e->row, str_sub(*text, from, to - from),
                        kind_before(e->a, str_sub(*text, 0, from)), NO_STR);
        e->reaches++;
        take_out(e->a, text, from, to);
        i = from + 1;
    }
}

/* --- what is left --- */

static int words_n(struct str s) {
    int n = 0;
    struct str word;
    while (str_cut(&s, ' ', &word)) n += word.n > 0;
    return n;
}

static bool has_letter(struct str s) {
    while (s.n) {
        int32_t c = utf8_next(&s);
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            (c >= 0xC0 && c < 0x2000 && !is_digit(c) && c != 0x60C && c != 0x61B && c != 0x61F))
            return true;
    }
    return false;
}

/* White space, dashes, bullets and brackets at the ends. */
static struct str strip(struct str s) {
    static const char *const edge[] = { " ",           "\t", "-",  ":",        ".",
                                        "(",           ")",  "<",  ">",        "*",
                                        "/",           "=",  "[",  "]",        "\"",
                                        "،",           "؛",  "–",  "—",        "•",
                                        "·",           "|",  "\r", "\xC2\xA0", "\xE2\x80\x8E",
                                        "\xE2\x80\x8F" };
    for (bool more = true; more && s.n;) {
        more = false;
        for (int i = 0; i < COUNT(edge) && s.n; i++) {
            struct str one = str_of(edge[i]);
            if (str_starts(s, one)) s = str_sub(s, one.n, s.n), more = true;
            if (str_ends(s, one) && s.n) s = str_sub(s, 0, s.n - one.n), more = true;
        }
    }
    return s;
}

static bool is_person_name(struct str s) {
    for (struct str rest = s; rest.n;)
        if (is_digit(utf8_next(&rest))) return false;
    return has_letter(s) && words_n(s) <= NAME_WORDS && utf8_count(s) <= NAME_CHARS;
}

static bool named(const struct entry *e) {
    return e->row->cells[SHEET_DISPLAY_NAME].n > 0;
}

static void put_labelled(struct entry *e, enum label is, struct str text) {
    struct sheet_address ad = { 0 };
    switch (is) {
    case LABEL_NAME: sheet_put(e->row, SHEET_DISPLAY_NAME, N_("Full name"), text); break;
    case LABEL_COMPANY: sheet_put(e->row, SHEET_COMPANY, N_("Company"), text); break;
    case LABEL_ADDRESS:
        ad.v[PART_STREET] = text;
        sheet_put_address(e->row, &ad);
        break;
    case LABEL_JOB:
    default: sheet_note(e->row, N_("Job title"), text);
    }
}

static void put_text(struct entry *e, struct str text) {
    ptrdiff_t colon = str_find_c(text, ':');
    enum label is = colon > 0 ? label_of(e->a, str_sub(text, 0, (size_t)colon), NULL) : LABEL_NONE;
    struct str behind = colon > 0 ? strip(str_sub(text, (size_t)colon + 1, text.n)) : NO_STR;
    if (is != LABEL_NONE &&
        (!behind.n || is == LABEL_PHONE || is == LABEL_EMAIL || is == LABEL_WEB))
        sheet_note(e->row, NULL, behind);
    else if (is != LABEL_NONE)
        put_labelled(e, is, behind);
    else if (!named(e) && is_person_name(text))
        sheet_put(e->row, SHEET_DISPLAY_NAME, N_("Full name"), text);
    else if (named(e) && !e->row->cells[SHEET_COMPANY].n && looks_like_organisation(text) &&
             is_person_name(text))
        sheet_put(e->row, SHEET_COMPANY, N_("Company"), text);
    else
        sheet_note(e->row, NULL, text);
}

/* The word before something that was taken out only named it. */
static struct str without_label(struct arena *a, struct str piece, bool taken_behind) {
    struct str s = str_trim(piece);
    while (s.n && (s.p[s.n - 1] == ':' || s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '-'))
        s = str_sub(s, 0, s.n - 1);
    if (taken_behind && label_of(a, s, NULL) != LABEL_NONE) return NO_STR;
    for (size_t i = s.n; taken_behind && i > 0; i--) {
        if (s.p[i - 1] != ' ') continue;
        enum label is = label_of(a, strip(str_sub(s, i, s.n)), NULL);
        if (is == LABEL_PHONE || is == LABEL_EMAIL || is == LABEL_WEB)
            return strip(str_sub(s, 0, i));
        break;
    }
    return s;
}

/* What parts a name from the rest, as commas. */
static struct str with_commas(struct arena *a, struct str s) {
    static const char *const between[] = { "،",   "؛",   "|",   ";",   " - ", " – ",
                                           " — ", " • ", " · ", " / ", "\t" };
    struct buf b = { .arena = a };
    while (s.n) {
        size_t n = 0;
        for (int i = 0; i < COUNT(between) && !n; i++)
            if (str_starts(s, str_of(between[i]))) n = strlen(between[i]);
        buf_add_c(&b, n ? ',' : s.p[0]);
        s = str_sub(s, n ? n : 1, s.n);
    }
    return buf_str(&b);
}

static void put_rest(struct entry *e, struct str text) {
    struct str rest = text, part;
    while (str_cut(&rest, *CUT, &part)) {
        struct str s = without_label(e->a, part, rest.p != NULL), piece;
        if (utf8_count(s) > 2 * NAME_CHARS || words_n(s) > 2 * NAME_WORDS) {
            sheet_note(e->row, NULL, s);
            continue;
        }
        for (s = with_commas(e->a, s); str_cut(&s, ',', &piece);)
            if ((piece = strip(piece)).n) put_text(e, piece);
    }
}

static void read_line(struct entry *e, struct str line) {
    struct str text = str_dup(e->a, line);
    take_emails(e, &text);
    take_urls(e, &text);
    take_phones(e, &text);
    put_rest(e, text);
}

/* --- lines to contacts --- */

enum line_is { LINE_TEXT, LINE_DATA, LINE_BOTH };

static enum line_is look(const struct ctx *c, struct arena *a, struct str line) {
    struct sheet_row *row = arena_new_of(a, struct sheet_row);
    struct entry e = { .a = a, .c = c, .row = row };
    sheet_row_begin(row, c, a);
    read_line(&e, line);
    if (e.reaches == 0) return LINE_TEXT;
    return row->cells[SHEET_DISPLAY_NAME].n ? LINE_BOTH : LINE_DATA;
}

bool sheet_reaches(const struct ctx *c, struct arena *a, struct str text) {
    return look(c, a, text) != LINE_TEXT;
}

struct block {
    struct str lines[LINES_MAX], who, when;
    int64_t line_no[LINES_MAX];
    int n;
    bool chat;
};

/* A contact begins with its name, before its numbers or alone on the line above them. */
static bool begins(const struct block *b, const enum line_is *is, int i) {
    if (is[i] != LINE_TEXT) return is[i] == LINE_BOTH;
    return i + 1 < b->n && is[i + 1] == LINE_DATA && is_person_name(strip(b->lines[i]));
}

/* Several contacts without a blank line between them. What is none of them is said of the one
 * before. */
static bool are_several(const struct block *b, const enum line_is *is) {
    int n = 0;
    for (int i = 0; i < b->n; i++) n += begins(b, is, i);
    return n > 1 && begins(b, is, 0);
}

static void fault(struct sheet_lines *w, int64_t line, struct str what) {
    size_t n = what.n < 120 ? what.n : 120;
    while (n && n < what.n && ((unsigned char)what.p[n] & 0xC0) == 0x80) n--;
    if (w->telling)
        sheet_fault_add(w->c->arena, w->faults, line, N_("There is no contact here: {what}"),
                        str_sub(what, 0, n));
}

static void take_lines(struct sheet_lines *w, struct arena *a, const struct block *b, int from,
                       int to) {
    struct sheet_row *row = arena_new_of(a, struct sheet_row);
    struct entry e = { .a = a, .c = w->c, .row = row };
    sheet_row_begin(row, w->c, a);
    for (int i = from; i < to; i++) read_line(&e, b->lines[i]);
    if (b->chat && e.reaches == 0) {
        for (int i = from; i < to; i++) fault(w, b->line_no[i], b->lines[i]);
        return;
    }
    if (b->who.n && !named(&e)) /* his own number */
        sheet_put(row, SHEET_DISPLAY_NAME, N_("Full name"), b->who);
    else if (b->who.n)
        sheet_note(row, N_("Sent by"), str_printf(a, "%.*s, %.*s", SF(b->who), SF(b->when)));
    if (sheet_row_end(row))
        w->taken(w->arg, row);
    else
        fault(w, b->line_no[from], b->lines[from]);
}

static void take_block(struct sheet_lines *w, struct arena *a, struct block *b) {
    enum line_is *is = arena_array(a, enum line_is, b->n + 1);
    for (int i = 0; i < b->n; i++) is[i] = look(w->c, a, b->lines[i]);
    bool none = true;
    for (int i = 0; i < b->n; i++) none &= is[i] == LINE_TEXT && is_person_name(b->lines[i]);
    bool several = b->n > 0 && are_several(b, is);
    if (several || (none && b->n > 1 && !b->chat)) {
        for (int from = 0, i = 1; i <= b->n; i++)
            if (i == b->n || (several ? begins(b, is, i) : is[i] != LINE_DATA)) {
                take_lines(w, a, b, from, i);
                from = i;
            }
    } else if (b->n) {
        take_lines(w, a, b, 0, b->n);
    }
    b->n = 0;
    arena_reset(a);
}

void sheet_lines_walk(struct sheet_lines *w, struct str text, int64_t line_no) {
    struct arena *a = arena_new();
    struct block *b = calloc(1, sizeof *b);
    struct str rest = text, line, who, when, said;
    if (!b) BUG("out of memory");
    for (; str_cut(&rest, '\n', &line); line_no++) {
        if (sheet_chat_line(line, &who, &when, &said)) {
            take_block(w, a, b);
            b->chat = true;
            b->who = who;
            b->when = when;
            line = said;
            if (!strip(line).n) continue;
        } else if (!strip(line).n || b->n == LINES_MAX) {
            take_block(w, a, b);
            if (!strip(line).n) continue;
        }
        b->line_no[b->n] = line_no;
        b->lines[b->n++] = line;
    }
    take_block(w, a, b);
    free(b);
    arena_free(a);
}

/* --- chats --- */

/* Digits of a day and of a time, and nothing but what stands among them. */
static bool is_moment(struct str s) {
    int digits = 0, colons = 0, letters = 0;
    while (s.n) {
        int32_t c = utf8_next(&s);
        if (is_digit(c))
            digits++;
        else if (c == ':')
            colons++;
        else if (!is_space(c) && !is_mark(c) && c != '/' && c != '.' && c != '-' && c != ',' &&
                 c != 0x60C)
            letters++; /* AM, ق.ظ, Oct */
    }
    return digits >= 5 && colons >= 1 && letters <= 6;
}

static struct str skip_marks(struct str s) {
    for (struct str next = s; s.n && is_mark(utf8_next(&next)); s = next) continue;
    return s;
}

static void cut_sender(struct str behind, struct str *who, struct str *rest) {
    ptrdiff_t colon = str_find(behind, S(": "));
    *who = NO_STR;
    *rest = behind;
    if (colon < 0 && str_ends(behind, S(":"))) colon = (ptrdiff_t)behind.n - 1;
    if (colon <= 0 || utf8_count(str_sub(behind, 0, (size_t)colon)) > NAME_CHARS) return;
    *who = strip(str_sub(behind, 0, (size_t)colon));
    *rest = str_trim(str_sub(behind, (size_t)colon + 1, behind.n));
}

bool sheet_chat_line(struct str line, struct str *who, struct str *when, struct str *rest) {
    line = skip_marks(str_trim(line));
    ptrdiff_t open = str_find_c(line, '['), close = str_find_c(line, ']');
    if (open >= 0 && close > open + 5) {
        struct str moment = str_sub(line, (size_t)open + 1, (size_t)(close - open - 1));
        struct str behind = str_trim(str_sub(line, (size_t)close + 1, line.n));
        *when = str_trim(moment);
        if (is_moment(moment) && open == 0) { /* [12/03/2024, 10:22] Ali: … */
            cut_sender(skip_marks(behind), who, rest);
            return true;
        }
        if (is_moment(moment) && !behind.n) { /* Ali, [12.03.2024 10:22] */
            *who = strip(str_sub(line, 0, (size_t)open));
            while (who->n && who->p[who->n - 1] == ',') *who = strip(str_sub(*who, 0, who->n - 1));
            *rest = NO_STR;
            return true;
        }
    }
    ptrdiff_t dash = str_find(line, S(" - ")); /* 12/03/2024, 10:22 - Ali: … */
    struct str first = line;
    if (dash <= 0 || dash > 40 || !first.n || !is_digit(utf8_next(&first))) return false;
    if (!is_moment(str_sub(line, 0, (size_t)dash))) return false;
    *when = str_trim(str_sub(line, 0, (size_t)dash));
    cut_sender(skip_marks(str_sub(line, (size_t)dash + 3, line.n)), who, rest);
    return true;
}
