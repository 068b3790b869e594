/* Rules from the bits of a plain sentence: each verb, noun or field takes the period, the
 * comparison and the names that stand nearest to it; in Persian verbs look backward first. Called
 * by sentence.c; asks the catalogue what fields and values are called, and the index which towns
 * there are. */
#include "core/ask/sentence_in.h"
#include "core/entity/kind.h"
#include "lib/base/buf.h"
#include "lib/locale/number.h"

enum { UNITS_MAX = 40, VALUES_MAX = 20 };

struct unit { /* one thing that is asked, where in the sentence it began and ended */
    const struct ask_node *node;
    int first, last;
};
struct rules {
    struct saying *s;
    struct unit v[UNITS_MAX];
    int n;
    int bought; /* where the last verb of buying stands, -1: nowhere */
};

/* --- nodes --- */

static const struct ask_node *node(struct rules *r, struct ask_node n) {
    struct ask_node *p = arena_new_of(r->s->c->arena, struct ask_node);
    *p = n;
    return p;
}

static const struct ask_node *group(struct rules *r, enum ask_group g,
                                    const struct ask_node *const *items, int n) {
    const struct ask_node **v = arena_array(r->s->c->arena, const struct ask_node *, n + 1);
    for (int i = 0; i < n; i++) v[i] = items[i];
    return node(r, (struct ask_node){ .kind = ASK_GROUP, .group = g, .items = v, .items_n = n });
}

static void add(struct rules *r, const struct ask_node *n, bool denied, int first, int last) {
    if (!n || r->n == UNITS_MAX) return;
    if (denied) n = group(r, ASK_NONE, &n, 1);
    r->v[r->n++] = (struct unit){ n, first, last };
    for (int i = first; i <= last; i++)
        if (r->s->bits[i].say == SAY_NOISE) r->s->bits[i].used = true;
}

static struct str number_text(struct rules *r, int64_t scaled) {
    bool minus = scaled < 0;
    int64_t u = minus ? -scaled : scaled;
    struct str s = str_printf(r->s->c->arena, "%s%lld.%04lld", minus ? "-" : "",
                              (long long)(u / SAY_SCALE), (long long)(u % SAY_SCALE));
    while (str_ends(s, S("0"))) s = str_sub(s, 0, s.n - 1);
    return str_ends(s, S(".")) ? str_sub(s, 0, s.n - 1) : s;
}

static void compare_with(struct rules *r, struct ask_node *n, const struct say_bit *b) {
    n->op = b->op;
    n->number = number_text(r, b->number);
    if (b->op == ASK_BETWEEN) n->number2 = number_text(r, b->number2);
}

static const struct ask_node *field_is(struct rules *r, const char *field,
                                       const struct ask_value *v, int n) {
    struct ask_value *own = arena_array(r->s->c->arena, struct ask_value, n + 1);
    for (int i = 0; i < n; i++) own[i] = v[i];
    return node(r, (struct ask_node){ .kind = ASK_FIELD,
                                      .field = str_of(field),
                                      .op = ASK_IS,
                                      .values = own,
                                      .values_n = n });
}

/* --- looking round --- */

static struct say_bit *at(struct rules *r, int i) {
    return i >= 0 && i < r->s->n ? &r->s->bits[i] : NULL;
}

static enum say say_at(struct rules *r, int i) {
    return at(r, i) ? at(r, i)->say : SAY_NOISE;
}

static bool head(enum say say) {
    switch (say) {
    case SAY_SPEND:
    case SAY_BUY:
    case SAY_BUY_NOT:
    case SAY_NOTHING:
    case SAY_RELATION:
    case SAY_MEASURE:
    case SAY_FIELD:
    case SAY_SPEAK:
    case SAY_NAMED:
    case SAY_RULE:
    case SAY_MINE: return true;
    default: return false;
    }
}

/* Verbs of Persian stand behind what belongs to them. */
static int first_way(struct rules *r, int i) {
    enum say say = say_at(r, i);
    bool verb = say == SAY_SPEND || say == SAY_BUY || say == SAY_BUY_NOT || say == SAY_RELATION ||
                say == SAY_SPEAK ||
                (say == SAY_FIELD &&
                 (!strcmp(at(r, i)->arg, "created") || !strcmp(at(r, i)->arg, "changed")));
    return r->s->lang == LANG_FA && verb ? -1 : 1;
}

static int seek_one_way(struct rules *r, int i, enum say say, int way) {
    for (int k = i + way; at(r, k) && !head(say_at(r, k)); k += way)
        if (say_at(r, k) == say && !at(r, k)->used) return k;
    return -1;
}

/* Against the usual way: not beyond «and», «but», «or». */
static int seek_other_way(struct rules *r, int i, enum say say, int way) {
    int k = seek_one_way(r, i, say, way);
    for (int j = i + way; k >= 0 && j != k; j += way)
        if (say_at(r, j) == SAY_AND || say_at(r, j) == SAY_OR) return -1;
    return k;
}

static int seek(struct rules *r, int i, enum say say) {
    int way = first_way(r, i), k = seek_one_way(r, i, say, way);
    return k >= 0 ? k : seek_other_way(r, i, say, -way);
}

static const struct say_bit *take(struct rules *r, int k) {
    if (k < 0) return NULL;
    at(r, k)->used = true;
    return at(r, k);
}

/* Is it denied by words before it? */
static bool denied_before(struct rules *r, int i) {
    bool no = false;
    for (int k = i - 1; at(r, k) && !head(say_at(r, k)); k--) {
        enum say say = say_at(r, k);
        if (say == SAY_OR || (say == SAY_AND && no)) break;
        if ((say == SAY_NOT || say == SAY_WITHOUT) && !at(r, k)->used) {
            at(r, k)->used = true;
            no = true;
        }
        if (say == SAY_HAVE || say == SAY_HAVE_NOT) break;
    }
    return no;
}

/* The same, or of Persian by a verb behind it. */
static bool denied(struct rules *r, int i) {
    bool no = denied_before(r, i);
    for (int k = i + 1; at(r, k) && !head(say_at(r, k)); k++) {
        enum say say = say_at(r, k);
        if (say == SAY_OR || say == SAY_AND) break;
        if ((say == SAY_HAVE || say == SAY_HAVE_NOT) && !at(r, k)->used) {
            at(r, k)->used = true;
            no = no || say == SAY_HAVE_NOT;
            break;
        }
    }
    return no;
}

/* «never … ever», «لم … أبدا»: a second word that denies the same. */
static void deny_again(struct rules *r, int i) {
    for (int k = i + 1; at(r, k) && !head(say_at(r, k)); k++) {
        if (say_at(r, k) == SAY_AND || say_at(r, k) == SAY_OR) return;
        if (say_at(r, k) == SAY_NOT) at(r, k)->used = true;
    }
}

/* --- names --- */

static struct str text_of(struct rules *r, int from, int until) {
    const struct say_bit *a = at(r, from), *b = at(r, until - 1);
    return str_sub(r->s->text, (size_t)a->at, (size_t)(b->at + b->n - a->at));
}

/* A run of words that mean nothing else, from k on (forward): where it ends. */
static int run_end(struct rules *r, int k) {
    for (int from = k; say_at(r, k) == SAY_WORD && at(r, k) && !at(r, k)->used; k++)
        if (k > from && at(r, k)->gap) break;
    return k;
}

/* «Paris, Lyon or Tehran»: words behind a comma from k on are one more of the names if «or», «and»
 * comes at last; which of both. */
static enum say listed(struct rules *r, int k) {
    while (at(r, k) && at(r, k)->gap && say_at(r, k) == SAY_WORD) k = run_end(r, k);
    bool more = say_at(r, k + 1) == SAY_WORD && at(r, k + 1);
    return (say_at(r, k) == SAY_OR || say_at(r, k) == SAY_AND) && more ? say_at(r, k) : SAY_WORD;
}

static bool passes(enum say say) {
    return say == SAY_NOISE || say == SAY_OF || say == SAY_THIS;
}

struct names {
    struct str v[VALUES_MAX];
    int from[VALUES_MAX], until[VALUES_MAX];
    int n, first, last;
    bool all; /* «gold and vip»: joined by «and» */
};

/* Names from k on: one run, and more behind «or», «and». */
static void names_forward(struct rules *r, int k, struct names *out) {
    *out = (struct names){ .first = k, .last = k };
    while (out->n < VALUES_MAX) {
        int end = run_end(r, k);
        if (end == k) return;
        out->v[out->n] = text_of(r, k, end);
        out->from[out->n] = k;
        out->until[out->n++] = end;
        out->last = end - 1;
        enum say joins = say_at(r, end);
        if (joins == SAY_WORD && at(r, end) && at(r, end)->gap && listed(r, end) != SAY_WORD) {
            out->all |= listed(r, end) == SAY_AND;
            k = end;
            continue;
        }
        if (joins != SAY_OR && joins != SAY_AND) return;
        if (joins == SAY_AND && say_at(r, end + 1) == SAY_WORD) out->all = true;
        bool either = joins == SAY_OR; /* «or in France»; «and live in …» is another thing */
        for (k = end + 1; either && (passes(say_at(r, k)) || say_at(r, k) == SAY_IN) && at(r, k);)
            k++;
        if (say_at(r, k) != SAY_WORD) return;
    }
}

/* Of a head before k: a comma ends what belongs to it. */
static void names_behind(struct rules *r, int k, struct names *out) {
    *out = (struct names){ .first = k, .last = k };
    if (at(r, k) && !at(r, k)->gap) names_forward(r, k, out);
}

static void names_near(struct rules *r, int i, struct names *out) {
    int k = i + first_way(r, i);
    if (first_way(r, i) > 0) {
        while (at(r, k) && passes(say_at(r, k))) k++;
        names_behind(r, k, out);
        return;
    }
    while (at(r, k) && (passes(say_at(r, k)) || say_at(r, k) == SAY_NOT)) k--;
    int end = k + 1;
    while (k >= 0 &&
           (say_at(r, k) == SAY_WORD || ((say_at(r, k) == SAY_OR || say_at(r, k) == SAY_AND) &&
                                         say_at(r, k - 1) == SAY_WORD)) &&
           !at(r, k)->used)
        k--;
    *out = (struct names){ .first = i, .last = i };
    if (k + 1 < end) names_forward(r, k + 1, out);
}

static void names_use(struct rules *r, const struct names *n) {
    for (int i = n->first; i <= n->last; i++) at(r, i)->used = true;
}

/* A choice or a record by its name, in Persian and Arabic with an ending or a prefix too. */
static bool value_of(struct rules *r, const struct ask_field *f, struct str name,
                     struct ask_value *out) {
    struct str forms[VALUES_MAX], before = NO_STR, word = name;
    if (ask_value_called(r->s->c, f, name, out)) return true;
    if (f->type != ASK_CODE || r->s->lang == LANG_EN || r->s->lang == LANG_FR) return false;
    for (size_t i = name.n; i > 0 && !before.n; i--)
        if (name.p[i - 1] == ' ') {
            before = str_sub(name, 0, i);
            word = str_sub(name, i, SIZE_MAX);
        }
    int n = sentence_forms(r->s, word, forms, COUNT(forms));
    for (int i = 0; i < n; i++)
        if (ask_value_called(r->s->c, f,
                             str_printf(r->s->c->arena, "%.*s%.*s", SF(before), SF(forms[i])), out))
            return true;
    if (!before.n) return false;
    struct buf b = { .arena = r->s->c->arena }; /* «هتل هایی» */
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != ' ') buf_add_c(&b, name.p[i]);
    n = sentence_forms(r->s, buf_str(&b), forms, COUNT(forms));
    for (int i = 0; i < n; i++)
        if (ask_value_called(r->s->c, f, forms[i], out)) return true;
    return false;
}

/* What is no phone number and no address is none of its values: «تلفن دارن». */
static bool looks_like(const struct ask_field *f, struct str value) {
    const struct kind *kind = f->field ? f->field->kind : NULL;
    if (kind == &kind_email) return str_find_c(value, '@') >= 0;
    if (kind != &kind_phone) return true;
    while (value.n)
        if (digit_value(utf8_next(&value)) >= 0) return true;
    return false;
}

/* All names as values of a field; 0: one of them is none of its values. */
static int values_of(struct rules *r, const struct ask_field *f, const struct names *n,
                     struct ask_value *out) {
    for (int i = 0; i < n->n; i++)
        if (!looks_like(f, n->v[i]) || !value_of(r, f, n->v[i], &out[i])) return 0;
    return n->n;
}

static const struct ask_field *client_field(struct rules *r, const char *name) {
    return ask_field(r->s->k, NULL, str_of(name));
}

/* Of tags, of which a client has several, «and» means each of them. */
static const struct ask_node *named_field(struct rules *r, const char *field,
                                          const struct names *n) {
    struct ask_value v[VALUES_MAX];
    const struct ask_node *each[VALUES_MAX];
    const struct ask_field *f = client_field(r, field);
    int k = f && n->n ? values_of(r, f, n, v) : 0;
    bool all = k > 1 && n->all && !strcmp(field, "tag");
    for (int i = 0; i < k && all; i++) each[i] = field_is(r, field, &v[i], 1);
    if (all) return group(r, ASK_ALL, each, k);
    return k ? field_is(r, field, v, k) : NULL;
}

/* «the North territory», «clients Sara looks after»: the longest run of words right before that are
 * one value of the field. */
static const struct ask_node *named_before(struct rules *r, int i, const char *field,
                                           struct names *out) {
    int end = i;
    while (end > 0 && passes(say_at(r, end - 1))) end--;
    int from = end;
    while (from > 0 && end - from < 4 && say_at(r, from - 1) == SAY_WORD && !at(r, from - 1)->used)
        from--;
    for (; from < end; from++) {
        *out = (struct names){ .n = 1, .first = from, .last = end - 1 };
        out->v[0] = text_of(r, from, end);
        const struct ask_node *made = named_field(r, field, out);
        if (made) return made;
    }
    return NULL;
}

static const struct ask_node *place(struct rules *r, const struct names *n, bool sure) {
    const struct ask_node *country = named_field(r, "country", n);
    if (country) return country;
    for (int i = 0; i < n->n; i++) {
        unsigned char first = (unsigned char)n->v[i].p[0];
        bool small = first >= 'a' && first <= 'z'; /* «à relancer» is no town */
        if ((!sure || small) && !sentence_town_known(r->s, n->v[i])) return NULL;
    }
    return named_field(r, "town", n);
}

/* --- purchases and other records --- */

static const struct ask_node *which_product(struct rules *r, const struct names *n) {
    struct ask_value v[VALUES_MAX];
    const struct relation *of = ask_relation(r->s->k, S("purchases"));
    const struct ask_field *f = of ? ask_field(r->s->k, of, S("product")) : NULL;
    int k = f && n->n ? values_of(r, f, n, v) : 0;
    return k ? field_is(r, "product", v, k) : NULL;
}

struct about { /* what was said of records */
    const char *relation;
    const struct say_bit *when, *compare;
    const struct ask_node *where;
    bool no;
};

static const struct ask_node *records(struct rules *r, const struct about *a, enum ask_fn fn) {
    struct ask_node n = { .kind = ASK_HAS,
                          .relation = str_of(a->relation),
                          .no = a->no && !a->compare,
                          .where = a->where };
    if (!ask_relation(r->s->k, n.relation)) return NULL;
    if (a->when) n.period = a->when->period;
    if (a->compare) {
        n.kind = ASK_MEASURE;
        n.fn = fn;
        if (fn != ASK_COUNT) n.field = str_of(ask_relation(r->s->k, n.relation)->amount);
        compare_with(r, &n, a->compare);
    }
    return node(r, n);
}

/* «not in over six months» */
static const struct say_bit *long_ago(struct rules *r, int i) {
    int k = seek(r, i, SAY_AGO);
    return k >= 0 && at(r, k)->op == ASK_OVER ? take(r, k) : NULL;
}

/* «bought tea and coffee»: both. */
static const struct ask_node *each_product(struct rules *r, const struct about *a,
                                           const struct names *n) {
    const struct ask_node *each[VALUES_MAX];
    struct about one = *a;
    for (int i = 0; i < n->n; i++) {
        struct names name = { .n = 1 };
        name.v[0] = n->v[i];
        one.where = which_product(r, &name);
        each[i] = records(r, &one, ASK_SUM);
    }
    return group(r, ASK_ALL, each, n->n);
}

static void verb_of_buying(struct rules *r, int i) {
    struct say_bit *b = at(r, i);
    struct names n = { .first = i, .last = i };
    struct about a = { .relation = "purchases", .no = denied(r, i) || b->say == SAY_BUY_NOT };
    bool later = b->say == SAY_NOTHING;
    a.no = a.no || later;
    if (a.no) deny_again(r, i);
    if (b->say == SAY_BUY || b->say == SAY_BUY_NOT) names_near(r, i, &n);
    a.when = take(r, seek(r, i, SAY_WHEN));
    if (!a.when && a.no) a.when = long_ago(r, i);
    if (!later) a.compare = take(r, seek(r, i, SAY_COMPARE));
    if (n.n) a.where = which_product(r, &n);
    if (a.where) names_use(r, &n);
    b->used = true;
    r->bought = i;
    const struct ask_node *made =
        a.where && n.all && !a.no && !a.compare
            ? each_product(r, &a, &n)
            : records(r, &a, a.compare && a.compare->unit == 't' ? ASK_COUNT : ASK_SUM);
    add(r, made, a.no && a.compare, n.first < i ? n.first : i, n.last > i ? n.last : i);
}

/* «at least 5 purchases», «no notes in …», «purchases over 500». */
static void noun_of_records(struct rules *r, int i) {
    struct say_bit *b = at(r, i);
    int before = i - 1, behind;
    while (at(r, before) && passes(say_at(r, before))) before--;
    struct about a = { .relation = b->arg, .no = denied(r, i) };
    enum ask_fn fn = ASK_COUNT;
    if (say_at(r, before) == SAY_COMPARE && !at(r, before)->used)
        a.compare = take(r, before);
    else if (!strcmp(b->arg, "purchases") && (behind = seek_one_way(r, i, SAY_COMPARE, 1)) >= 0) {
        a.compare = take(r, behind);
        fn = a.compare->unit == 't' ? ASK_COUNT : ASK_SUM;
    }
    a.when = take(r, seek(r, i, SAY_WHEN));
    if (!a.when && a.no) a.when = long_ago(r, i);
    b->used = true;
    add(r, records(r, &a, fn), a.no && a.compare, i, i);
}

static void measure(struct rules *r, int i) {
    struct say_bit *b = at(r, i);
    bool no = denied(r, i);
    struct about a = { .relation = "purchases", .no = no };
    a.compare = take(r, seek(r, i, SAY_COMPARE));
    if (!a.compare) return;
    a.when = take(r, seek(r, i, SAY_WHEN));
    enum ask_fn fn = *b->arg == 'a'   ? ASK_AVERAGE
                     : *b->arg == 'l' ? ASK_LARGEST
                     : *b->arg == 's' ? ASK_SMALLEST
                                      : ASK_SUM;
    b->used = true;
    add(r, records(r, &a, fn), no, i, i);
}

/* --- fields --- */

static bool has_days(const struct ask_field *f) {
    return f->type == ASK_DATE || f->type == ASK_INSTANT || f->type == ASK_ANNUAL;
}

static bool has_number(const struct ask_field *f) {
    return f->type == ASK_NUMBER || f->type == ASK_MONEY;
}

/* «whose last purchase was over six months ago»: there is one, but none since. */
static const struct ask_node *field_ago(struct rules *r, int i, const struct ask_field *f) {
    int k = seek(r, i, SAY_AGO);
    if (k < 0 || f->type == ASK_ANNUAL) return NULL;
    const struct say_bit *b = take(r, k);
    const struct ask_node *v[2];
    v[1] = node(
        r, (struct ask_node){
               .kind = ASK_FIELD, .field = str_of(f->name), .op = ASK_IN, .period = b->period });
    if (b->op == ASK_UNDER) return v[1];
    v[1] = group(r, ASK_NONE, &v[1], 1);
    v[0] =
        node(r, (struct ask_node){ .kind = ASK_FIELD, .field = str_of(f->name), .op = ASK_FILLED });
    return group(r, ASK_ALL, v, 2);
}

static const struct ask_node *field_in_period(struct rules *r, int i, const struct ask_field *f) {
    struct ask_period p;
    const char *name = f->name;
    int k = seek(r, i, SAY_WHEN), year = seek(r, i, SAY_NUMBER);
    if (k >= 0 && at(r, k)->bare && !strcmp(name, "next_date")) return NULL; /* of which year? */
    if (k >= 0) {
        if (at(r, k)->bare && !strcmp(name, "birth_date") && client_field(r, "birthday"))
            name = "birthday";
        p = take(r, k)->period;
    } else if (year >= 0 && sentence_year(r->s, at(r, year)->number / SAY_SCALE, &p))
        (void)take(r, year);
    else
        return field_ago(r, i, f);
    return node(r, (struct ask_node){
                       .kind = ASK_FIELD, .field = str_of(name), .op = ASK_IN, .period = p });
}

static const struct ask_node *field_compared(struct rules *r, int i, const struct ask_field *f) {
    struct ask_node n = { .kind = ASK_FIELD, .field = str_of(f->name) };
    int k = seek(r, i, SAY_COMPARE);
    if (k < 0) k = seek(r, i, SAY_AGE);
    if (k < 0) return NULL;
    compare_with(r, &n, take(r, k));
    return node(r, n);
}

/* «whose postal code starts with 75»: the beginning stands before or behind the verb. */
static const struct ask_node *field_starts(struct rules *r, int i, const struct ask_field *f) {
    struct ask_value v;
    int verb = seek_one_way(r, i, SAY_STARTS, 1);
    if (verb < 0) verb = seek_one_way(r, i, SAY_STARTS, -1);
    if (verb < 0 || f->type != ASK_TEXT) return NULL;
    int k = r->s->lang == LANG_FA ? -1 : verb + 1;
    while (k >= 0 && say_at(r, k) == SAY_NOISE && say_at(r, k + 1) == SAY_WORD &&
           !at(r, k + 1)->gap)
        k++;
    if (k < 0 || !at(r, k) || head(say_at(r, k)) || at(r, k)->used) k = seek(r, i, SAY_NUMBER);
    if (k < 0) k = seek(r, i, SAY_WORD);
    if (k < 0 || !ask_value_called(r->s->c, f, text_of(r, k, k + 1), &v)) return NULL;
    v.prefix = true;
    at(r, k)->used = at(r, verb)->used = true;
    return field_is(r, f->name, &v, 1);
}

static bool begins_unknown(struct rules *r, int i) {
    return seek_one_way(r, i, SAY_STARTS, 1) >= 0 || seek_one_way(r, i, SAY_STARTS, -1) >= 0;
}

static void field(struct rules *r, int i, const char *name) {
    const struct ask_field *f = client_field(r, name);
    struct names n;
    bool no;
    if (!f) return;
    const struct ask_node *made = has_days(f)     ? field_in_period(r, i, f)
                                  : has_number(f) ? field_compared(r, i, f)
                                                  : field_starts(r, i, f);
    int last = i;
    if (!made && (has_number(f) || f->type == ASK_ANNUAL || f->from != ASK_FROM_FIELD)) return;
    if (!made && f->type == ASK_TEXT && begins_unknown(r, i)) return;
    no = denied(r, i);
    int k = i + 1, first = i;
    while (at(r, k) && (passes(say_at(r, k)) || say_at(r, k) == SAY_IN)) k++;
    names_behind(r, k, &n);
    if (!made && n.n && !has_days(f) && (made = named_field(r, name, &n))) {
        names_use(r, &n);
        last = n.last;
    }
    bool may_precede = f->type == ASK_CODE || (r->s->lang == LANG_EN && !strcmp(name, "territory"));
    if (!made && may_precede && (made = named_before(r, i, name, &n))) {
        names_use(r, &n);
        first = n.first;
    }
    at(r, i)->used = true;
    if (!made && f->type == ASK_YESNO) {
        struct ask_value v = { .text = no ? S("0") : S("1") };
        made = field_is(r, name, &v, 1);
        no = false;
    }
    if (!made) {
        made = node(r, (struct ask_node){ .kind = ASK_FIELD,
                                          .field = str_of(f->name),
                                          .op = no ? ASK_EMPTY : ASK_FILLED });
        no = false;
    }
    add(r, made, no, first, last);
}

static void rule(struct rules *r, int i) {
    struct str rest = str_of(at(r, i)->arg), name;
    if (!str_cut(&rest, '=', &name)) return;
    const struct ask_field *f = ask_field(r->s->k, NULL, name);
    struct ask_value v = { .text = rest };
    at(r, i)->used = f != NULL;
    if (f) add(r, field_is(r, f->name, &v, 1), denied_before(r, i), i, i);
}

static void mine(struct rules *r, int i) {
    struct ask_value v = { .text = S("me") };
    at(r, i)->used = true;
    add(r, field_is(r, "responsible", &v, 1), denied_before(r, i), i, i);
}

static void age(struct rules *r, int i) {
    struct ask_node n = { .kind = ASK_FIELD, .field = S("age") };
    if (at(r, i)->used || !client_field(r, "age")) return;
    compare_with(r, &n, at(r, i));
    at(r, i)->used = true;
    bool no = denied_before(r, i);
    int k = i + 1;
    while (at(r, k) && passes(say_at(r, k))) k++;
    if (say_at(r, k) == SAY_HAVE_NOT && !at(r, k)->used) no = at(r, k)->used = true;
    add(r, node(r, n), no, i, i);
}

static void place_behind(struct rules *r, int i) {
    struct names n;
    int k = i + 1, before = i - 1;
    bool not_there = false;
    for (; at(r, k) && (say_at(r, k) == SAY_IN || (say_at(r, k) == SAY_NOT && !at(r, k)->used));
         k++)
        not_there |= say_at(r, k) == SAY_NOT;
    names_behind(r, k, &n);
    enum say said = at(r, before) ? say_at(r, before) : SAY_WORD;
    bool subject = said == SAY_CLIENT || said == SAY_RULE || said == SAY_MINE, no;
    bool sure = say_at(r, i) == SAY_IN || said == SAY_NOT, outside = at(r, i)->arg != NULL;
    if (!n.n || (!sure && !subject)) return;
    const struct ask_node *made = place(r, &n, sure);
    if (!made) return;
    no = denied(r, i) || not_there;
    for (k = i; k < n.first; k++) at(r, k)->used = true;
    names_use(r, &n);
    add(r, made, no != outside, i, n.last);
}

/* «مشتری‌های پاریس»: a place, a category or a kind right behind the noun. */
static void noun_behind(struct rules *r, int i) {
    static const char *const fields[] = { "category", "stage", "tag", "responsible" };
    struct names n;
    const struct ask_node *made = NULL;
    int k = i + 1;
    while (at(r, k) && passes(say_at(r, k))) k++;
    names_behind(r, k, &n);
    for (int j = 0; n.n && j < COUNT(fields) && !made; j++) made = named_field(r, fields[j], &n);
    bool side_by_side = r->s->lang == LANG_FA || r->s->lang == LANG_AR;
    if (!made && n.n && side_by_side && k == i + 1) made = place(r, &n, false);
    if (!made) return;
    names_use(r, &n);
    add(r, made, denied(r, n.first), n.first, n.last);
}

/* «که شیراز نیستند»: a town that somebody lives in, and «are not» behind it. */
static void not_there(struct rules *r, int i) {
    struct names n = { .n = 1, .first = i - 1, .last = i - 1 };
    if (say_at(r, i - 1) != SAY_WORD || !at(r, i - 1) || at(r, i - 1)->used) return;
    n.v[0] = text_of(r, i - 1, i);
    const struct ask_node *made = place(r, &n, false);
    if (!made) return;
    at(r, i - 1)->used = at(r, i)->used = true;
    add(r, made, true, i - 1, i);
}

static void words_of_head(struct rules *r, int i, const char *name) {
    struct names n;
    names_near(r, i, &n);
    const struct ask_node *made = named_field(r, name, &n);
    if (!made) made = named_before(r, i, name, &n);
    if (!made) return;
    at(r, i)->used = true;
    names_use(r, &n);
    add(r, made, denied(r, i), n.first < i ? n.first : i, n.last > i ? n.last : i);
}

static void name_sounds(struct rules *r, int i) {
    struct names n;
    names_behind(r, i + 1, &n);
    if (!n.n || !client_field(r, "name")) return;
    struct ask_value *v = arena_new_of(r->s->c->arena, struct ask_value);
    v->text = n.v[0];
    at(r, i)->used = true;
    names_use(r, &n);
    add(r,
        node(r, (struct ask_node){ .kind = ASK_FIELD,
                                   .field = S("name"),
                                   .op = ASK_SOUNDS,
                                   .values = v,
                                   .values_n = 1 }),
        false, i, n.last);
}

static void one_head(struct rules *r, int i) {
    switch (say_at(r, i)) {
    case SAY_SPEND:
    case SAY_BUY:
    case SAY_BUY_NOT:
    case SAY_NOTHING: verb_of_buying(r, i); return;
    case SAY_RELATION: noun_of_records(r, i); return;
    case SAY_MEASURE: measure(r, i); return;
    case SAY_FIELD: field(r, i, at(r, i)->arg); return;
    case SAY_RULE: rule(r, i); return;
    case SAY_MINE: mine(r, i); return;
    case SAY_AGE: age(r, i); return;
    case SAY_SPEAK: words_of_head(r, i, "language"); return;
    case SAY_NAMED:
        if (begins_unknown(r, i))
            field(r, i, "display_name");
        else
            name_sounds(r, i);
        return;
    default: return;
    }
}

/* --- what no head took --- */

/* «but never tea»: of the verb before it. */
static bool more_products(struct rules *r, int i) {
    struct names n;
    int k = i - 1;
    while (at(r, k) && passes(say_at(r, k))) k--;
    if (r->bought < 0 || r->bought > i || say_at(r, k) != SAY_NOT || at(r, k)->used) return false;
    names_forward(r, i, &n);
    struct about a = { .relation = "purchases", .no = true, .where = which_product(r, &n) };
    if (!a.where) return false;
    at(r, k)->used = true;
    names_use(r, &n);
    add(r, records(r, &a, ASK_SUM), false, i, n.last);
    return true;
}

/* A field of the catalogue, or a value of a category, by its name in one to four words. */
static bool known_word(struct rules *r, int i) {
    int end = run_end(r, i);
    for (int until = end < i + 4 ? end : i + 4; until > i; until--) {
        struct names n = { .n = 1, .first = i, .last = until - 1 };
        n.v[0] = text_of(r, i, until);
        const struct ask_node *made = named_field(r, "category", &n);
        if (made) {
            names_use(r, &n);
            add(r, made, denied(r, i), i, until - 1);
            return true;
        }
        const struct ask_field *f = ask_field_called(r->s->k, NULL, n.v[0]);
        if (!f) continue;
        int had = r->n;
        for (int k = i; k < until - 1; k++) at(r, k)->used = true;
        at(r, until - 1)->say = SAY_FIELD;
        at(r, until - 1)->arg = f->name;
        field(r, until - 1, f->name);
        if (r->n > had) return true;
        at(r, until - 1)->say = SAY_WORD;
        for (int k = i; k < until; k++) at(r, k)->used = false;
    }
    return false;
}

/* «people under 18»: of whom nothing else is counted. */
static void age_alone(struct rules *r, int i) {
    const struct say_bit *b = at(r, i);
    enum say before = say_at(r, i - 1);
    bool subject =
        before == SAY_CLIENT || before == SAY_RULE || before == SAY_MINE || before == SAY_SPEAK;
    if (b->used || b->unit || !subject || b->number > 120 * SAY_SCALE || b->number < SAY_SCALE)
        return;
    age(r, i);
}

static void rest(struct rules *r) {
    for (int i = 0; i < r->s->n; i++) {
        enum say say = say_at(r, i);
        if (at(r, i)->used && say != SAY_RULE && say != SAY_MINE && say != SAY_AGE) continue;
        if (say == SAY_IN || say == SAY_OF) place_behind(r, i);
        if (say == SAY_CLIENT || say == SAY_RULE || say == SAY_MINE || say == SAY_AGE)
            noun_behind(r, i);
        if (say == SAY_HAVE_NOT) not_there(r, i);
    }
    for (int i = 0; i < r->s->n; i++) {
        if (at(r, i)->used) continue;
        if (say_at(r, i) == SAY_WORD && !more_products(r, i)) (void)known_word(r, i);
        if (say_at(r, i) == SAY_COMPARE) age_alone(r, i);
    }
}

/* --- together --- */

static int by_place(const void *a, const void *b) {
    const struct unit *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static bool or_between(struct rules *r, int from, int until) {
    for (int i = from + 1; i < until; i++)
        if (say_at(r, i) == SAY_OR && !at(r, i)->used) {
            at(r, i)->used = true;
            return true;
        }
    return false;
}

const struct ask_node *sentence_rules(struct saying *s) {
    struct rules *r = arena_new_of(s->c->arena, struct rules);
    const struct ask_node *all[UNITS_MAX], *any[UNITS_MAX];
    int all_n = 0;
    *r = (struct rules){ .s = s, .bought = -1 };
    for (int i = 0; i < s->n; i++) one_head(r, i);
    rest(r);
    if (!r->n) return NULL;
    qsort(r->v, (size_t)r->n, sizeof *r->v, by_place);
    for (int i = 0; i < r->n;) {
        int n = 0;
        do any[n++] = r->v[i++].node;
        while (i < r->n && or_between(r, r->v[i - 1].last, r->v[i].first));
        all[all_n++] = n == 1 ? any[0] : group(r, ASK_ANY, any, n);
    }
    return ask_normal(s->c->arena, group(r, ASK_ALL, all, all_n));
}
