/* Rules from the bits of a plain sentence: each verb, noun or field takes the period, the
 * comparison and the names that stand nearest to it; in Persian verbs look backward first. Called
 * by sentence.c; asks the catalogue what fields and values are called, and the index which towns
 * there are. */
#include "core/ask/sentence_rules.h"

/* --- nodes --- */

static void add(struct rules *r, const struct ask_node *n, bool denied, int first, int last) {
    if (!n || r->n == UNITS_MAX) return;
    if (denied) n = rule_group(r, ASK_NONE, &n, 1);
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

/* --- looking round --- */

static bool head(enum say say) {
    switch (say) {
    case SAY_SPEND:
    case SAY_BUY:
    case SAY_BUY_NOT:
    case SAY_NOTHING:
    case SAY_RELATION:
    case SAY_RELATION_NOT:
    case SAY_ONCE:
    case SAY_MEASURE:
    case SAY_FIELD:
    case SAY_SPEAK:
    case SAY_NAMED:
    case SAY_RULE:
    case SAY_MINE: return true;
    default: return false;
    }
}

static int seek_one_way(struct rules *r, int i, enum say say, int way) {
    for (int k = i + way; bit_at(r, k) && !head(say_at(r, k)); k += way)
        if (say_at(r, k) == say && !bit_at(r, k)->used) return k;
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
    int way = rule_way(r, i), k = seek_one_way(r, i, say, way);
    return k >= 0 ? k : seek_other_way(r, i, say, -way);
}

static const struct say_bit *take(struct rules *r, int k) {
    if (k < 0) return NULL;
    bit_at(r, k)->used = true;
    return bit_at(r, k);
}

/* Is it denied by words before it? */
static bool denied_before(struct rules *r, int i) {
    bool no = false, parted = false;
    for (int k = i - 1; bit_at(r, k) && !head(say_at(r, k)); k--) {
        enum say say = say_at(r, k);
        /* «not in London, has e-mail»: what was denied stands between. */
        parted |= say == SAY_AND || bit_at(r, k + 1)->gap;
        if (say == SAY_OR || (say == SAY_AND && no)) break;
        if (parted && (say == SAY_WORD || say == SAY_IN || say == SAY_WHEN)) break;
        if ((say == SAY_NOT || say == SAY_WITHOUT) && !bit_at(r, k)->used) {
            bit_at(r, k)->used = true;
            no = true;
        }
        if (say == SAY_HAVE || say == SAY_HAVE_NOT) break;
    }
    return no;
}

/* «vip نه»: a last word that denies what stands before it. */
static bool not_behind(struct rules *r, int k) {
    bool last = !bit_at(r, k + 1) || bit_at(r, k + 1)->gap || say_at(r, k + 1) == SAY_AND;
    return r->s->lang == LANG_FA && last && !bit_at(r, k)->used &&
           str_eq_z(rule_text(r, k, k + 1), "نه");
}

/* The same, or of Persian by a verb behind it. */
static bool denied(struct rules *r, int i) {
    bool no = denied_before(r, i);
    for (int k = i + 1; bit_at(r, k) && !head(say_at(r, k)); k++) {
        enum say say = say_at(r, k);
        if (say == SAY_OR || say == SAY_AND) break;
        if ((say == SAY_HAVE || say == SAY_HAVE_NOT) && !bit_at(r, k)->used) {
            bit_at(r, k)->used = true;
            no = no || say == SAY_HAVE_NOT;
            break;
        }
        if (say == SAY_NOT && not_behind(r, k)) {
            bit_at(r, k)->used = no = true;
            break;
        }
    }
    return no;
}

/* «never … ever», «لم … أبدا»: a second word that denies the same. */
static void deny_again(struct rules *r, int i) {
    for (int k = i + 1; bit_at(r, k) && !head(say_at(r, k)); k++) {
        if (say_at(r, k) == SAY_AND || say_at(r, k) == SAY_OR) return;
        if (say_at(r, k) == SAY_NOT) bit_at(r, k)->used = true;
    }
}

/* --- purchases and other records --- */

static const struct ask_node *which_product(struct rules *r, const struct names *n) {
    struct ask_value v[VALUES_MAX];
    const struct relation *of = ask_relation(r->s->k, S("purchases"));
    const struct ask_field *f = of ? ask_field(r->s->k, of, S("product")) : NULL;
    int k = f && n->n ? values_of(r, f, n, v) : 0;
    return k ? rule_is(r, "product", v, k) : NULL;
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
    return rule_node(r, n);
}

/* «not in over six months» */
static const struct say_bit *long_ago(struct rules *r, int i) {
    int k = seek(r, i, SAY_AGO);
    return k >= 0 && bit_at(r, k)->op == ASK_OVER ? take(r, k) : NULL;
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
    return rule_group(r, ASK_ALL, each, n->n);
}

/* «in March and April»: the second period behind the first, and whether «or» joins them. */
static int another_period(struct rules *r, const struct say_bit *first, enum say *joint) {
    int k = (int)(first - r->s->bits) + 1;
    bool next_to = say_at(r, k) == SAY_WHEN && bit_at(r, k); /* «مارس وأبريل» */
    *joint = next_to ? SAY_AND : say_at(r, k);
    if (*joint != SAY_AND && *joint != SAY_OR) return -1;
    if (!next_to) k++;
    while (bit_at(r, k) && (say_at(r, k) == SAY_NOISE || say_at(r, k) == SAY_IN)) k++;
    return bit_at(r, k) && say_at(r, k) == SAY_WHEN && !bit_at(r, k)->used ? k : -1;
}

static const struct ask_node *in_each_period(struct rules *r, const struct about *a, int k,
                                             enum say joint) {
    const struct ask_node *each[2] = { records(r, a, ASK_SUM) };
    struct about then = *a;
    then.when = take(r, k);
    for (int i = (int)(a->when - r->s->bits); i < k; i++) bit_at(r, i)->used = true;
    each[1] = records(r, &then, ASK_SUM);
    return rule_group(r, joint == SAY_OR ? ASK_ANY : ASK_ALL, each, 2);
}

static void verb_of_buying(struct rules *r, int i) {
    struct say_bit *b = bit_at(r, i);
    struct names n = { .first = i, .last = i };
    struct about a = { .relation = "purchases", .no = denied(r, i) || b->say == SAY_BUY_NOT };
    bool later = b->say == SAY_NOTHING;
    int behind = i + 1;
    while (say_at(r, behind) == SAY_NOISE && bit_at(r, behind)) behind++;
    if (b->say == SAY_BUY && say_at(r, behind) == SAY_NOTHING && !bit_at(r, behind)->used)
        a.no = bit_at(r, behind)->used = true,
        bit_at(r, behind)->say = SAY_NOISE; /* «who bought nothing this year» */
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
    enum say joint = SAY_WORD;
    int more = a.when && !a.compare ? another_period(r, a.when, &joint) : -1;
    const struct ask_node *made =
        more >= 0 ? in_each_period(r, &a, more, joint)
        : a.where && n.all && !a.no && !a.compare
            ? each_product(r, &a, &n)
            : records(r, &a, a.compare && a.compare->unit == 't' ? ASK_COUNT : ASK_SUM);
    add(r, made, a.no && a.compare, n.first < i ? n.first : i, n.last > i ? n.last : i);
}

/* «at least 5 purchases», «no notes in …», «purchases over 500». */
static void noun_of_records(struct rules *r, int i) {
    struct say_bit *b = bit_at(r, i);
    int before = i - 1, behind;
    while (bit_at(r, before) && say_passes(say_at(r, before))) before--;
    struct about a = { .relation = b->arg, .no = denied(r, i) || b->say == SAY_RELATION_NOT };
    enum ask_fn fn = ASK_COUNT;
    bool purchases = !strcmp(b->arg, "purchases");
    if (say_at(r, before) == SAY_COMPARE && !bit_at(r, before)->used)
        a.compare = take(r, before);
    else if (!purchases && say_at(r, i + 1) == SAY_COMPARE && bit_at(r, i + 1)->unit != 'c')
        a.compare = take(r, i + 1); /* «ملف واحد على الأقل» */
    else if (purchases && (behind = seek_one_way(r, i, SAY_COMPARE, 1)) >= 0) {
        a.compare = take(r, behind);
        fn = a.compare->unit == 't' ? ASK_COUNT : ASK_SUM;
    }
    a.when = take(r, seek(r, i, SAY_WHEN));
    if (!a.when && a.no) a.when = long_ago(r, i);
    b->used = true;
    enum say joint = SAY_WORD;
    int more = a.when && !a.compare ? another_period(r, a.when, &joint) : -1;
    const struct ask_node *made =
        more >= 0 ? in_each_period(r, &a, more, joint) : records(r, &a, fn);
    add(r, made, a.no && a.compare, i, i);
}

/* Bought once and never again. */
static void once(struct rules *r, int i) {
    struct about a = { .relation = "purchases" };
    struct say_bit one = { .op = ASK_EXACTLY, .number = SAY_SCALE };
    a.compare = &one;
    bit_at(r, i)->used = true;
    add(r, records(r, &a, ASK_COUNT), false, i, i);
}

static void measure(struct rules *r, int i) {
    struct say_bit *b = bit_at(r, i);
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
    v[1] = rule_node(
        r, (struct ask_node){
               .kind = ASK_FIELD, .field = str_of(f->name), .op = ASK_IN, .period = b->period });
    if (b->op == ASK_UNDER) return v[1];
    v[1] = rule_group(r, ASK_NONE, &v[1], 1);
    v[0] = rule_node(
        r, (struct ask_node){ .kind = ASK_FIELD, .field = str_of(f->name), .op = ASK_FILLED });
    return rule_group(r, ASK_ALL, v, 2);
}

static const struct ask_node *field_in_period(struct rules *r, int i, const struct ask_field *f) {
    struct ask_period p;
    const char *name = f->name;
    int k = seek(r, i, SAY_WHEN), year = seek(r, i, SAY_NUMBER);
    if (k >= 0 && bit_at(r, k)->bare && !strcmp(name, "next_date"))
        return NULL; /* of which year? */
    if (k >= 0) {
        if (bit_at(r, k)->bare && !strcmp(name, "birth_date") && rule_field(r, "birthday"))
            name = "birthday";
        p = take(r, k)->period;
    } else if (year >= 0 && sentence_year(r->s, bit_at(r, year)->number / SAY_SCALE, &p))
        (void)take(r, year);
    else
        return field_ago(r, i, f);
    return rule_node(r, (struct ask_node){
                            .kind = ASK_FIELD, .field = str_of(name), .op = ASK_IN, .period = p });
}

static const struct ask_node *field_compared(struct rules *r, int i, const struct ask_field *f) {
    struct ask_node n = { .kind = ASK_FIELD, .field = str_of(f->name) };
    int k = seek(r, i, SAY_COMPARE);
    if (k < 0) k = seek(r, i, SAY_AGE);
    if (k < 0) return NULL;
    compare_with(r, &n, take(r, k));
    return rule_node(r, n);
}

/* «whose postal code starts with 75»: the beginning stands before or behind the verb. */
static const struct ask_node *field_starts(struct rules *r, int i, const struct ask_field *f) {
    struct ask_value v;
    int verb = seek_one_way(r, i, SAY_STARTS, 1);
    if (verb < 0) verb = seek_one_way(r, i, SAY_STARTS, -1);
    if (verb < 0 || f->type != ASK_TEXT) return NULL;
    int k = r->s->lang == LANG_FA ? -1 : verb + 1;
    while (k >= 0 && say_at(r, k) == SAY_NOISE && bit_at(r, k + 1) &&
           (say_at(r, k + 1) == SAY_WORD || say_at(r, k + 1) == SAY_NUMBER) &&
           !bit_at(r, k + 1)->gap)
        k++;
    if (k < 0 || !bit_at(r, k) || head(say_at(r, k)) || bit_at(r, k)->used)
        k = seek(r, i, SAY_NUMBER);
    if (k < 0) k = seek(r, i, SAY_WORD);
    if (k < 0 || !ask_value_called(r->s->c, f, rule_text(r, k, k + 1), &v)) return NULL;
    v.prefix = true;
    bit_at(r, k)->used = bit_at(r, verb)->used = true;
    return rule_is(r, f->name, &v, 1);
}

static bool begins_unknown(struct rules *r, int i) {
    return seek_one_way(r, i, SAY_STARTS, 1) >= 0 || seek_one_way(r, i, SAY_STARTS, -1) >= 0;
}

static void field(struct rules *r, int i, const char *name) {
    const struct ask_field *f = rule_field(r, name);
    struct names n;
    bool no;
    if (!f) return;
    const struct ask_node *made = has_days(f)     ? field_in_period(r, i, f)
                                  : has_number(f) ? field_compared(r, i, f)
                                                  : field_starts(r, i, f);
    int last = i;
    if (!made && (has_number(f) || f->type == ASK_ANNUAL || f->from != ASK_FROM_FIELD)) return;
    if (!made && f->type == ASK_TEXT && begins_unknown(r, i)) return;
    int k = i + 1, first = i;
    while (bit_at(r, k) && (say_passes(say_at(r, k)) || say_at(r, k) == SAY_IN)) k++;
    bool when_unknown = bit_at(r, k) && !bit_at(r, k)->used && !bit_at(r, k)->gap &&
                        r->s->lang != LANG_FA &&
                        (say_at(r, k) == SAY_WORD || say_at(r, k) == SAY_NUMBER);
    if (!made && has_days(f) && when_unknown) return; /* «born in the 80s» */
    no = denied(r, i);
    names_behind(r, k, &n);
    if (!made && n.n && !has_days(f) && (made = named_field(r, name, &n))) {
        names_use(r, &n);
        last = n.last;
    }
    if (!made && f->type == ASK_TEXT && say_at(r, k) == SAY_NUMBER && bit_at(r, k) &&
        !bit_at(r, k)->used && !bit_at(r, k)->gap) { /* «code postal 69003» */
        n = (struct names){ .n = 1, .first = k, .last = k };
        n.v[0] = rule_text(r, k, k + 1);
        if ((made = named_field(r, name, &n))) names_use(r, &n), last = k;
    }
    bool may_precede = f->type == ASK_CODE || (r->s->lang == LANG_EN && !strcmp(name, "territory"));
    if (!made && may_precede && (made = named_before(r, i, name, &n))) {
        names_use(r, &n);
        first = n.first;
    }
    bit_at(r, i)->used = true;
    if (!made && f->type == ASK_YESNO) {
        struct ask_value v = { .text = no ? S("0") : S("1") };
        made = rule_is(r, name, &v, 1);
        no = false;
    }
    if (!made) {
        made = rule_node(r, (struct ask_node){ .kind = ASK_FIELD,
                                               .field = str_of(f->name),
                                               .op = no ? ASK_EMPTY : ASK_FILLED });
        no = false;
    }
    add(r, made, no, first, last);
}

static void rule(struct rules *r, int i) {
    struct str rest = str_of(bit_at(r, i)->arg), name;
    if (!str_cut(&rest, '=', &name)) return;
    const struct ask_field *f = ask_field(r->s->k, NULL, name);
    struct ask_value v = { .text = rest };
    int before = i - 1;
    while (bit_at(r, before) && say_at(r, before) == SAY_NOISE) before--;
    const struct say_bit *in = say_at(r, before) == SAY_IN ? bit_at(r, before) : NULL;
    bool outside = in && in->arg && str_eq_z(name, "country");
    bit_at(r, i)->used = f != NULL;
    if (f) add(r, rule_is(r, f->name, &v, 1), denied_before(r, i) != outside, i, i);
}

static void mine(struct rules *r, int i) {
    struct ask_value v = { .text = S("me") };
    bit_at(r, i)->used = true;
    add(r, rule_is(r, "responsible", &v, 1), denied_before(r, i), i, i);
}

static void age(struct rules *r, int i) {
    struct ask_node n = { .kind = ASK_FIELD, .field = S("age") };
    if (bit_at(r, i)->used || !rule_field(r, "age")) return;
    compare_with(r, &n, bit_at(r, i));
    bit_at(r, i)->used = true;
    bool no = denied_before(r, i);
    int k = i + 1;
    while (bit_at(r, k) && say_passes(say_at(r, k))) k++;
    if (say_at(r, k) == SAY_HAVE_NOT && !bit_at(r, k)->used) no = bit_at(r, k)->used = true;
    add(r, rule_node(r, n), no, i, i);
}

static void place_behind(struct rules *r, int i) {
    struct names n;
    int k = i + 1, before = i - 1;
    bool not_there = false;
    for (; bit_at(r, k) &&
           (say_at(r, k) == SAY_IN || (say_at(r, k) == SAY_NOT && !bit_at(r, k)->used));
         k++)
        not_there |= say_at(r, k) == SAY_NOT;
    names_behind(r, k, &n);
    enum say said = bit_at(r, before) ? say_at(r, before) : SAY_WORD;
    bool subject = said == SAY_CLIENT || said == SAY_RULE || said == SAY_MINE, no;
    bool sure = say_at(r, i) == SAY_IN || said == SAY_NOT, outside = bit_at(r, i)->arg != NULL;
    if (!n.n || (!sure && !subject)) return;
    const struct ask_node *made = names_place(r, &n, sure);
    if (!made) return;
    no = denied(r, i) || not_there;
    for (k = i; k < n.first; k++) bit_at(r, k)->used = true;
    names_use(r, &n);
    add(r, made, no != outside, i, n.last);
}

/* «مشتری‌های پاریس»: a place, a category or a kind right behind the noun. */
static void noun_behind(struct rules *r, int i) {
    static const char *const fields[] = { "category", "stage", "tag", "responsible" };
    struct names n;
    const struct ask_node *made = NULL;
    int k = i + 1;
    while (bit_at(r, k) && say_passes(say_at(r, k))) k++;
    names_behind(r, k, &n);
    for (int j = 0; n.n && j < COUNT(fields) && !made; j++) made = named_field(r, fields[j], &n);
    bool side_by_side = r->s->lang == LANG_FA || r->s->lang == LANG_AR;
    if (!made && n.n && side_by_side && k == i + 1) made = names_place(r, &n, false);
    if (!made) return;
    names_use(r, &n);
    add(r, made, denied(r, n.first), n.first, n.last);
}

/* «vip clients», «Sara's clients»: a category, a tag or a person right before the noun. */
static void noun_before(struct rules *r, int i) {
    static const char *const fields[] = { "tag", "category", "responsible" };
    struct names n;
    const struct ask_node *made = NULL;
    if (r->s->lang == LANG_FA || r->s->lang == LANG_AR) return;
    for (int j = 0; j < COUNT(fields) && !made; j++) made = named_before(r, i, fields[j], &n);
    if (!made) return;
    names_use(r, &n);
    add(r, made, denied_before(r, n.first), n.first, n.last);
}

/* «که شیراز نیستند»: a town that somebody lives in, and «are not» behind it. */
static void not_there(struct rules *r, int i) {
    struct names n = { .n = 1, .first = i - 1, .last = i - 1 };
    if (say_at(r, i - 1) != SAY_WORD || !bit_at(r, i - 1) || bit_at(r, i - 1)->used) return;
    n.v[0] = rule_text(r, i - 1, i);
    const struct ask_node *made = names_place(r, &n, false);
    if (!made) return;
    bit_at(r, i - 1)->used = bit_at(r, i)->used = true;
    add(r, made, true, i - 1, i);
}

static void words_of_head(struct rules *r, int i, const char *name) {
    struct names n;
    names_near(r, i, &n);
    const struct ask_node *made = named_field(r, name, &n);
    if (!made) made = named_before(r, i, name, &n);
    if (!made) return;
    bit_at(r, i)->used = true;
    names_use(r, &n);
    add(r, made, denied(r, i), n.first < i ? n.first : i, n.last > i ? n.last : i);
}

static void name_sounds(struct rules *r, int i) {
    struct names n;
    names_behind(r, i + 1, &n);
    if (!n.n || !rule_field(r, "name")) return;
    struct ask_value *v = arena_new_of(r->s->c->arena, struct ask_value);
    v->text = n.v[0];
    bit_at(r, i)->used = true;
    names_use(r, &n);
    add(r,
        rule_node(r, (struct ask_node){ .kind = ASK_FIELD,
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
    case SAY_BUY_NOT: verb_of_buying(r, i); return;
    case SAY_NOTHING:
        if (!bit_at(r, i)->used) verb_of_buying(r, i);
        return;
    case SAY_RELATION:
    case SAY_RELATION_NOT: noun_of_records(r, i); return;
    case SAY_ONCE: once(r, i); return;
    case SAY_MEASURE: measure(r, i); return;
    case SAY_FIELD: field(r, i, bit_at(r, i)->arg); return;
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
    while (bit_at(r, k) && say_passes(say_at(r, k))) k--;
    if (r->bought < 0 || r->bought > i || say_at(r, k) != SAY_NOT || bit_at(r, k)->used)
        return false;
    names_forward(r, i, &n);
    struct about a = { .relation = "purchases", .no = true, .where = which_product(r, &n) };
    if (!a.where) return false;
    bit_at(r, k)->used = true;
    names_use(r, &n);
    add(r, records(r, &a, ASK_SUM), false, i, n.last);
    return true;
}

/* A field of the catalogue, or a value of a category, by its name in one to four words. */
static bool known_word(struct rules *r, int i) {
    int end = names_run(r, i);
    for (int until = end < i + 4 ? end : i + 4; until > i; until--) {
        struct names n = { .n = 1, .first = i, .last = until - 1 };
        n.v[0] = rule_text(r, i, until);
        const struct ask_node *made = named_field(r, "category", &n);
        if (!made) made = named_field(r, "tag", &n);
        if (!made && until <= i + 2) made = names_place(r, &n, false);
        if (made) {
            names_use(r, &n);
            add(r, made, denied(r, i), i, until - 1);
            return true;
        }
        const struct ask_field *f = ask_field_called(r->s->k, NULL, n.v[0]);
        if (!f) continue;
        int had = r->n;
        for (int k = i; k < until - 1; k++) bit_at(r, k)->used = true;
        bit_at(r, until - 1)->say = SAY_FIELD;
        bit_at(r, until - 1)->arg = f->name;
        field(r, until - 1, f->name);
        if (r->n > had) return true;
        bit_at(r, until - 1)->say = SAY_WORD;
        for (int k = i; k < until; k++) bit_at(r, k)->used = false;
    }
    return false;
}

/* «people under 18»: of whom nothing else is counted. */
static void age_alone(struct rules *r, int i) {
    const struct say_bit *b = bit_at(r, i);
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
        if (bit_at(r, i)->used && say != SAY_RULE && say != SAY_MINE && say != SAY_AGE) continue;
        if (say == SAY_IN || say == SAY_OF) place_behind(r, i);
        if (say == SAY_CLIENT || say == SAY_RULE || say == SAY_MINE || say == SAY_AGE)
            noun_behind(r, i);
        if (say == SAY_CLIENT) noun_before(r, i);
        if (say == SAY_HAVE_NOT) not_there(r, i);
    }
    for (int i = 0; i < r->s->n; i++) {
        if (bit_at(r, i)->used) continue;
        if (say_at(r, i) == SAY_WORD && !more_products(r, i)) (void)known_word(r, i);
        if (say_at(r, i) == SAY_COMPARE) age_alone(r, i);
    }
}

/* --- words that mean something else beside others --- */

static bool is_text(const struct saying *s, int i, const char *word) {
    return i >= 0 && i < s->n &&
           str_eq_z(str_sub(s->text, (size_t)s->bits[i].at, (size_t)s->bits[i].n), word);
}

/* «n'ont commandé qu'une fois»: only once; nothing is denied. */
static void only_french(struct saying *s, int i) {
    bool only = is_text(s, i, "qu") || is_text(s, i, "que");
    if (!only || i + 1 >= s->n || s->bits[i + 1].say != SAY_COMPARE) return;
    for (int k = i - 1; k >= 0 && k > i - 5; k--)
        if (is_text(s, k, "n") || is_text(s, k, "ne")) {
            s->bits[k].say = SAY_NOISE;
            return;
        }
}

/* «مشتری های طلایی من»: mine. */
static void mine_persian(struct saying *s, int i) {
    int k = i - 1;
    if (s->bits[i].say != SAY_NOISE || !is_text(s, i, "من")) return;
    while (k >= 0 && k > i - 4 && s->bits[k].say == SAY_WORD) k--;
    if (k >= 0 && (s->bits[k].say == SAY_CLIENT || s->bits[k].say == SAY_RULE))
        s->bits[i].say = SAY_MINE;
}

/* «hasn't been in since March» */
static void been_in(struct saying *s, int i) {
    bool been = is_text(s, i, "been") && i + 1 < s->n && is_text(s, i + 1, "in");
    enum say behind = i + 2 < s->n ? s->bits[i + 2].say : SAY_WHEN;
    if (been && (behind == SAY_WHEN || behind == SAY_AGO || behind == SAY_NOISE)) {
        s->bits[i + 1].say = SAY_BUY;
        s->bits[i].used = true;
    }
}

/* «With files added this month»: the files were added. */
static void records_added(struct saying *s, int i) {
    int k = i - 1;
    if (s->bits[i].say != SAY_FIELD || strcmp(s->bits[i].arg, "created") || s->bits[i].gap) return;
    while (k >= 0 && s->bits[k].say == SAY_NOISE) k--;
    if (k < 0 || s->bits[k].say != SAY_RELATION || !strcmp(s->bits[k].arg, "purchases")) return;
    s->bits[i].say = SAY_NOISE;
}

/* «Whose child's birthday is this month»: not the client's; such a day cannot be asked for. */
static void birthday_of_child(struct saying *s, int i) {
    static const char *const words[] = { "child",    "children", "kid",     "kids",  "son",
                                         "daughter", "enfant",   "enfants", "fils",  "fille",
                                         "بچه",      "فرزند",    "پسرش",    "دخترش", "أطفال",
                                         "طفل",      "أولاد",    "ابن",     "ابنة" };
    if (s->bits[i].say != SAY_FIELD || strcmp(s->bits[i].arg, "birthday")) return;
    for (int k = i - 1; k >= 0 && k > i - 4; k--) {
        const struct say_bit *b = &s->bits[k];
        struct str text = str_sub(s->text, (size_t)b->at, (size_t)b->n);
        for (int j = 0; b->say == SAY_WORD && j < COUNT(words); j++)
            if (str_starts(text, str_of(words[j]))) s->bits[i].say = SAY_TOLD;
    }
}

static void words_that_turn(struct saying *s) {
    for (int i = 0; i < s->n; i++) {
        if (s->lang == LANG_FR) only_french(s, i);
        if (s->lang == LANG_FA) mine_persian(s, i);
        if (s->lang == LANG_EN) been_in(s, i);
        if (s->lang != LANG_FA) records_added(s, i);
        birthday_of_child(s, i);
    }
}

/* --- together --- */

static int by_place(const void *a, const void *b) {
    const struct unit *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static bool or_between(struct rules *r, int from, int until) {
    for (int i = from + 1; i < until; i++)
        if (say_at(r, i) == SAY_OR && !bit_at(r, i)->used) {
            bit_at(r, i)->used = true;
            return true;
        }
    return false;
}

/* «hôtels et grossistes», «women and men»: a client has one of these, so either is meant. */
static bool has_one(struct str field) {
    static const char *const fields[] = { "category", "stage", "sex", "kind", "town", "country" };
    for (int i = 0; i < COUNT(fields); i++)
        if (str_eq_z(field, fields[i])) return true;
    return false;
}

static int either(struct rules *r, const struct ask_node **v, int n) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
        const struct ask_node *a = kept ? v[kept - 1] : NULL, *b = v[i];
        bool same = a && a->kind == ASK_FIELD && b->kind == ASK_FIELD && a->op == ASK_IS &&
                    b->op == ASK_IS && str_eq(a->field, b->field) && has_one(a->field);
        if (!same) {
            v[kept++] = b;
            continue;
        }
        struct ask_value *both =
            arena_array(r->s->c->arena, struct ask_value, a->values_n + b->values_n);
        for (int k = 0; k < a->values_n + b->values_n; k++)
            both[k] = k < a->values_n ? a->values[k] : b->values[k - a->values_n];
        v[kept - 1] = rule_is(r, str_z(r->s->c->arena, a->field), both, a->values_n + b->values_n);
    }
    return kept;
}

const struct ask_node *sentence_rules(struct saying *s) {
    struct rules *r = arena_new_of(s->c->arena, struct rules);
    const struct ask_node *all[UNITS_MAX], *any[UNITS_MAX];
    int all_n = 0;
    *r = (struct rules){ .s = s, .bought = -1 };
    words_that_turn(s);
    for (int i = 0; i < s->n; i++) one_head(r, i);
    rest(r);
    if (!r->n) return NULL;
    qsort(r->v, (size_t)r->n, sizeof *r->v, by_place);
    for (int i = 0; i < r->n;) {
        int n = 0;
        do any[n++] = r->v[i++].node;
        while (i < r->n && or_between(r, r->v[i - 1].last, r->v[i].first));
        n = either(r, any, n);
        all[all_n++] = n == 1 ? any[0] : rule_group(r, ASK_ANY, any, n);
    }
    all_n = either(r, all, all_n);
    return ask_normal(s->c->arena, rule_group(r, ASK_ALL, all, all_n));
}
