/* The words of the grammar: which term a phrase of any language is, and how periods and comparisons
 * are written in each. Called by parse.c, print.c, complete.c, value.c; calls the fold. */
#include "core/ask/words.h"

#include "core/ask/catalogue_in.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

static const char *const table[ASK_TERMS_N][LANG_N] = {
#define TERM(name, en, fr, fa, ar) [ASK_W_##name] = { en, fr, fa, ar },
#include "core/ask/words_table.h"
#undef TERM
};

struct phrase {
    uint64_t terms[LANG_N]; /* bits */
};
struct ask_words {
    struct map phrases; /* folded → struct phrase */
};

struct ask_words *ask_words_make(struct arena *a) {
    struct ask_words *w = arena_new_of(a, struct ask_words);
    w->phrases = map_new(a);
    for (int term = 0; term < ASK_TERMS_N; term++)
        for (int lang = 0; lang < LANG_N; lang++) {
            struct str rest = str_of(table[term][lang]), word;
            while (str_cut(&rest, ';', &word)) {
                struct str key = fold(a, word);
                if (!key.n) continue;
                struct phrase *at = map_get(&w->phrases, key);
                if (!at) *map_at(&w->phrases, key) = at = arena_new_of(a, struct phrase);
                at->terms[lang] |= 1ull << term;
            }
        }
    return w;
}

uint64_t ask_terms(struct ctx *c, struct str folded, uint64_t wanted) {
    const struct phrase *found = map_get(&ask_words(c)->phrases, folded);
    if (!found) return 0;
    uint64_t all = 0;
    if (c->loc->lang < LANG_N && (found->terms[c->loc->lang] & wanted))
        return found->terms[c->loc->lang] & wanted;
    for (int lang = 0; lang < LANG_N; lang++) all |= found->terms[lang];
    return all & wanted;
}

bool ask_word_is(struct ctx *c, enum ask_term term, struct str folded) {
    return ask_terms(c, folded, 1ull << term) != 0;
}

bool ask_word_taken(struct ctx *c, struct str folded, bool dated) {
    if (!folded.n || (folded.p[0] >= '0' && folded.p[0] <= '9')) return true;
    /* Those that a rule cannot begin with, and those that begin a period; a unit begins one with
     * «previous» behind it, which «before» is in two languages. */
    const uint64_t units =
        ASK_TERM(DAY) | ASK_TERM(WEEK) | ASK_TERM(MONTH) | ASK_TERM(QUARTER) | ASK_TERM(YEAR);
    const uint64_t begins = ASK_TERM(AND) | ASK_TERM(OR) | ASK_TERM(NOT) | ASK_TERM(HAS) |
                            ASK_TERM(NO) | ASK_TERM(SEGMENT) | ASK_TERM(IN) | ASK_TERM(THE) |
                            ASK_TERM(LAST) | ASK_TERM(LATEST) | ASK_TERM(NEXT) | ASK_TERM(THIS) |
                            ASK_TERM(PREVIOUS) | ASK_TERM(BEFORE) | ASK_TERM(AFTER) |
                            ASK_TERM(BETWEEN) | ASK_TERM(TODAY) | ASK_TERM(YESTERDAY) |
                            ASK_TERM(TOMORROW) | ASK_TERM(THIS_YEAR) | ASK_TERM(LAST_YEAR);
    return ask_terms(c, folded, begins | (dated ? units : 0)) != 0;
}

const char *ask_term_words(enum ask_term term, enum lang lang) {
    return lang < LANG_N ? table[term][lang] : "";
}

struct str ask_word_in(enum lang lang, enum ask_term term) {
    struct str rest = str_of(table[term][lang < LANG_N ? lang : LANG_EN]), word = NO_STR;
    str_cut(&rest, ';', &word);
    return word;
}

struct str ask_word_canonical(struct ctx *c, enum ask_term term) {
    return ask_word_in(c->loc->lang, term);
}

enum ask_term ask_fn_term(enum ask_fn fn) {
    static const enum ask_term terms[] = { ASK_W_COUNT, ASK_W_SUM, ASK_W_AVERAGE, ASK_W_LARGEST,
                                           ASK_W_SMALLEST };
    return terms[fn];
}

enum ask_term ask_op_term(enum ask_op op) {
    switch (op) {
    case ASK_OVER: return ASK_W_OVER;
    case ASK_AT_LEAST: return ASK_W_AT_LEAST;
    case ASK_UNDER: return ASK_W_UNDER;
    case ASK_AT_MOST: return ASK_W_AT_MOST;
    case ASK_BETWEEN: return ASK_W_BETWEEN;
    default: return ASK_W_IS;
    }
}

/* --- how they are written --- */

struct unit_forms {         /* how a unit is called in a period; of Arabic: */
    const char *one, *many; /* 1 · 2 and more; Arabic: from 3 to 10 */
    const char *two, *much; /* Arabic: dual; from 11 to 99 */
    bool feminine;
};
static const struct unit_forms forms[LANG_N][ASK_YEAR + 1] = {
    [LANG_EN] = { { "day", "days", "", "", false },
                  { "week", "weeks", "", "", false },
                  { "month", "months", "", "", false },
                  { "quarter", "quarters", "", "", false },
                  { "year", "years", "", "", false } },
    [LANG_FR] = { { "jour", "jours", "", "", false },
                  { "semaine", "semaines", "", "", true },
                  { "mois", "mois", "", "", false },
                  { "trimestre", "trimestres", "", "", false },
                  { "année", "années", "", "", true } },
    [LANG_FA] = { { "روز", "روز", "", "", false },
                  { "هفته", "هفته", "", "", false },
                  { "ماه", "ماه", "", "", false },
                  { "فصل", "فصل", "", "", false },
                  { "سال", "سال", "", "", false } },
    [LANG_AR] = { { "يوم", "أيام", "يومين", "يوما", false },
                  { "أسبوع", "أسابيع", "أسبوعين", "أسبوعا", false },
                  { "شهر", "أشهر", "شهرين", "شهرا", false },
                  { "ربع", "أرباع", "ربعين", "ربعا", false },
                  { "سنة", "سنوات", "سنتين", "سنة", true } },
};

static const char *counted_arabic(const struct unit_forms *f, int n) {
    int rest = n % 100;
    return n == 1 ? f->one : rest >= 3 && rest <= 10 ? f->many : rest >= 11 ? f->much : f->one;
}

/* last or next n units */
static struct str counted(struct ctx *c, const struct ask_period *p) {
    enum lang lang = c->loc->lang < LANG_N ? c->loc->lang : LANG_EN;
    const struct unit_forms *f = &forms[lang][p->unit];
    bool last = p->when == ASK_LAST, one = p->n == 1;
    struct str n = number_show_plain(c->arena, c->loc, p->n);
    const char *unit = one ? f->one : f->many, *which;
    switch (lang) {
    case LANG_FR:
        which = last ? (f->feminine ? "dernière" : "dernier")
                     : (f->feminine ? "prochaine" : "prochain");
        return str_printf(c->arena, "%.*s %s%s %s", SF(n), which, one ? "" : "s", unit);
    case LANG_FA: return str_printf(c->arena, "%.*s %s %s", SF(n), unit, last ? "اخیر" : "آینده");
    case LANG_AR:
        if (p->n == 2 && last) return str_printf(c->arena, "آخر %s", f->two);
        if (p->n == 2)
            return str_printf(c->arena, "%s %s", f->two, f->feminine ? "القادمتين" : "القادمين");
        if (last) return str_printf(c->arena, "آخر %.*s %s", SF(n), counted_arabic(f, p->n));
        which = one && !f->feminine ? "القادم" : "القادمة";
        return str_printf(c->arena, "%.*s %s %s", SF(n), counted_arabic(f, p->n), which);
    default: return str_printf(c->arena, "%s %.*s %s", last ? "last" : "next", SF(n), unit);
    }
}

/* the unit after this one */
static struct str following(struct ctx *c, const struct ask_period *p) {
    enum lang lang = c->loc->lang < LANG_N ? c->loc->lang : LANG_EN;
    const struct unit_forms *f = &forms[lang][p->unit];
    if (p->unit == ASK_DAY) return ask_word_canonical(c, ASK_W_TOMORROW);
    switch (lang) {
    case LANG_FR:
        return str_printf(c->arena, "%s %s", f->one, f->feminine ? "prochaine" : "prochain");
    case LANG_FA: return str_printf(c->arena, "%s آینده", f->one);
    case LANG_AR:
        return str_printf(c->arena, "ال%s %s", f->one, f->feminine ? "القادمة" : "القادم");
    default: return str_printf(c->arena, "next %s", f->one);
    }
}

/* this or the previous unit */
static struct str single(struct ctx *c, const struct ask_period *p) {
    enum lang lang = c->loc->lang < LANG_N ? c->loc->lang : LANG_EN;
    const struct unit_forms *f = &forms[lang][p->unit];
    bool this_one = p->when == ASK_THIS;
    switch (lang) {
    case LANG_FR:
        if (this_one) return str_printf(c->arena, "%s %s", f->feminine ? "cette" : "ce", f->one);
        return str_printf(c->arena, "%s %s", f->one, f->feminine ? "précédente" : "précédent");
    case LANG_FA:
        if (this_one && p->unit == ASK_YEAR) return S("امسال");
        if (this_one && p->unit == ASK_DAY) return S("امروز");
        return this_one ? str_printf(c->arena, "این %s", f->one)
                        : str_printf(c->arena, "%s قبل", f->one);
    case LANG_AR:
        if (this_one) return str_printf(c->arena, "%s ال%s", f->feminine ? "هذه" : "هذا", f->one);
        return str_printf(c->arena, "ال%s %s", f->one, f->feminine ? "الماضية" : "الماضي");
    default:
        if (p->unit == ASK_DAY) return this_one ? S("today") : S("yesterday");
        return str_printf(c->arena, "%s %s", this_one ? "this" : "previous", f->one);
    }
}

struct str ask_period_text(struct ctx *c, const struct ask_period *p) {
    struct str from = NO_STR, until = NO_STR, word;
    switch (p->when) {
    case ASK_EVER: return NO_STR;
    case ASK_LAST:
    case ASK_NEXT: return counted(c, p);
    case ASK_THIS:
    case ASK_PREVIOUS: return single(c, p);
    case ASK_FOLLOWING: return following(c, p);
    case ASK_RANGE:
        from = ask_day_shown(c, p->from);
        if (str_eq(p->from, p->until)) return from;
        until = ask_day_shown(c, p->until);
        return str_printf(c->arena, "%.*s..%.*s", SF(from), SF(until));
    case ASK_BEFORE:
    case ASK_AFTER:
        word = ask_word_canonical(c, p->when == ASK_BEFORE ? ASK_W_BEFORE : ASK_W_AFTER);
        from = ask_day_shown(c, p->when == ASK_BEFORE ? p->until : p->from);
        return str_printf(c->arena, "%.*s %.*s", SF(word), SF(from));
    }
    return NO_STR;
}

struct str ask_compare_text(struct ctx *c, const struct ask_node *n) {
    struct str word = ask_word_canonical(c, ask_op_term(n->op));
    struct str number = ask_number_shown(c, n->number);
    if (n->op != ASK_BETWEEN) return str_printf(c->arena, "%.*s %.*s", SF(word), SF(number));
    struct str to = ask_word_canonical(c, ASK_W_TO), number2 = ask_number_shown(c, n->number2);
    return str_printf(c->arena, "%.*s %.*s %.*s %.*s", SF(word), SF(number), SF(to), SF(number2));
}

/* With the article that a sentence needs: «the last 30 days», «les 30 derniers jours». */
struct str ask_period_said(struct ctx *c, const struct ask_period *p) {
    struct str text = ask_period_text(c, p);
    bool counted_one = p->when == ASK_LAST || p->when == ASK_NEXT,
         previous = p->when == ASK_PREVIOUS;
    const struct unit_forms *fr = &forms[LANG_FR][p->unit];
    const char *article = "";
    if (c->loc->lang == LANG_EN && (counted_one || (previous && p->unit != ASK_DAY)))
        article = "the ";
    if (c->loc->lang == LANG_FR && counted_one && p->n > 1) article = "les ";
    previous = previous || (p->when == ASK_FOLLOWING && p->unit != ASK_DAY);
    if (c->loc->lang == LANG_FR && previous)
        article = p->unit == ASK_YEAR ? "l’" : fr->feminine ? "la " : "le ";
    return str_printf(c->arena, "%s%.*s", article, SF(text));
}
