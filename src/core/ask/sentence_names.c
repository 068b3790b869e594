/* Names in plain sentences: runs of words that mean nothing else, and which values of which field
 * they are; and the nodes that rules are made of. Called by sentence_rules.c; asks the catalogue
 * what values are called, and the index which towns there are. */
#include "core/ask/sentence_rules.h"
#include "core/entity/kind.h"
#include "lib/base/buf.h"
#include "lib/locale/number.h"

const struct ask_node *rule_node(struct rules *r, struct ask_node n) {
    struct ask_node *p = arena_new_of(r->s->c->arena, struct ask_node);
    *p = n;
    return p;
}

const struct ask_node *rule_group(struct rules *r, enum ask_group g,
                                  const struct ask_node *const *items, int n) {
    const struct ask_node **v = arena_array(r->s->c->arena, const struct ask_node *, n + 1);
    for (int i = 0; i < n; i++) v[i] = items[i];
    return rule_node(r,
                     (struct ask_node){ .kind = ASK_GROUP, .group = g, .items = v, .items_n = n });
}

const struct ask_node *rule_is(struct rules *r, const char *field, const struct ask_value *v,
                               int n) {
    struct ask_value *own = arena_array(r->s->c->arena, struct ask_value, n + 1);
    for (int i = 0; i < n; i++) own[i] = v[i];
    return rule_node(r, (struct ask_node){ .kind = ASK_FIELD,
                                           .field = str_of(field),
                                           .op = ASK_IS,
                                           .values = own,
                                           .values_n = n });
}

/* Verbs of Persian stand behind what belongs to them. */
int rule_way(struct rules *r, int i) {
    enum say say = say_at(r, i);
    bool verb = say == SAY_SPEND || say == SAY_BUY || say == SAY_BUY_NOT || say == SAY_RELATION ||
                say == SAY_SPEAK ||
                (say == SAY_FIELD &&
                 (!strcmp(bit_at(r, i)->arg, "created") || !strcmp(bit_at(r, i)->arg, "changed")));
    return r->s->lang == LANG_FA && verb ? -1 : 1;
}

/* --- names --- */

struct str rule_text(struct rules *r, int from, int until) {
    const struct say_bit *a = bit_at(r, from), *b = bit_at(r, until - 1);
    return str_sub(r->s->text, (size_t)a->at, (size_t)(b->at + b->n - a->at));
}

/* A run of words that mean nothing else, from k on (forward): where it ends. */
int names_run(struct rules *r, int k) {
    for (int from = k; say_at(r, k) == SAY_WORD && bit_at(r, k) && !bit_at(r, k)->used; k++)
        if (k > from && bit_at(r, k)->gap) break;
    return k;
}

/* «Paris, Lyon or Tehran»: words behind a comma from k on are one more of the names if «or», «and»
 * comes at last; which of both. */
static enum say names_listed(struct rules *r, int k) {
    while (bit_at(r, k) && bit_at(r, k)->gap && say_at(r, k) == SAY_WORD && !bit_at(r, k)->used)
        k = names_run(r, k);
    bool more = say_at(r, k + 1) == SAY_WORD && bit_at(r, k + 1);
    return (say_at(r, k) == SAY_OR || say_at(r, k) == SAY_AND) && more ? say_at(r, k) : SAY_WORD;
}

/* Names from k on: one run, and more behind «or», «and». */
void names_forward(struct rules *r, int k, struct names *out) {
    *out = (struct names){ .first = k, .last = k };
    while (out->n < VALUES_MAX) {
        int end = names_run(r, k);
        if (end == k) return;
        out->v[out->n] = rule_text(r, k, end);
        out->from[out->n] = k;
        out->until[out->n++] = end;
        out->last = end - 1;
        enum say joins = say_at(r, end);
        if (joins == SAY_WORD && bit_at(r, end) && bit_at(r, end)->gap &&
            names_listed(r, end) != SAY_WORD) {
            out->all |= names_listed(r, end) == SAY_AND;
            k = end;
            continue;
        }
        if (joins != SAY_OR && joins != SAY_AND) return;
        if (joins == SAY_AND && say_at(r, end + 1) == SAY_WORD) out->all = true;
        bool either = joins == SAY_OR; /* «or in France»; «and live in …» is another thing */
        for (k = end + 1;
             either && (say_passes(say_at(r, k)) || say_at(r, k) == SAY_IN) && bit_at(r, k);)
            k++;
        if (say_at(r, k) != SAY_WORD) return;
    }
}

/* Of a head before k: a comma ends what belongs to it. */
void names_behind(struct rules *r, int k, struct names *out) {
    *out = (struct names){ .first = k, .last = k };
    if (bit_at(r, k) && !bit_at(r, k)->gap) names_forward(r, k, out);
}

void names_near(struct rules *r, int i, struct names *out) {
    int k = i + rule_way(r, i);
    if (rule_way(r, i) > 0) {
        while (bit_at(r, k) && say_passes(say_at(r, k))) k++;
        names_behind(r, k, out);
        return;
    }
    while (bit_at(r, k) && (say_passes(say_at(r, k)) || say_at(r, k) == SAY_NOT)) k--;
    int end = k + 1;
    while (k >= 0 &&
           (say_at(r, k) == SAY_WORD || ((say_at(r, k) == SAY_OR || say_at(r, k) == SAY_AND) &&
                                         say_at(r, k - 1) == SAY_WORD)) &&
           !bit_at(r, k)->used)
        k--;
    *out = (struct names){ .first = i, .last = i };
    if (k + 1 < end) names_forward(r, k + 1, out);
}

void names_use(struct rules *r, const struct names *n) {
    for (int i = n->first; i <= n->last; i++) bit_at(r, i)->used = true;
}

/* A choice or a record by its name, in Persian and Arabic with an ending or a prefix too. */
static bool names_value(struct rules *r, const struct ask_field *f, struct str name,
                        struct ask_value *out) {
    struct str forms[VALUES_MAX], before = NO_STR, word = name;
    if (ask_value_called(r->s->c, f, name, out)) return true;
    bool whose = r->s->lang == LANG_EN && f->type == ASK_CODE &&
                 (str_ends(name, S("'s")) || str_ends(name, S("’s")));
    bool many = (r->s->lang == LANG_EN || r->s->lang == LANG_FR) && f->type == ASK_CODE &&
                name.n > 3 && str_ends(name, S("s")) && !whose;
    if (many) /* «vips» */
        return ask_value_called(r->s->c, f, str_sub(name, 0, name.n - 1), out);
    if (whose) /* «Sara's» */
        return ask_value_called(
            r->s->c, f, str_sub(name, 0, name.n - strlen(str_ends(name, S("'s")) ? "'s" : "’s")),
            out);
    if (f->type != ASK_CODE || r->s->lang == LANG_EN || r->s->lang == LANG_FR) return false;
    if (r->s->lang == LANG_AR && str_starts(name, S("و")) &&
        ask_value_called(r->s->c, f, str_sub(name, strlen("و"), SIZE_MAX), out))
        return true;
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
int values_of(struct rules *r, const struct ask_field *f, const struct names *n,
              struct ask_value *out) {
    for (int i = 0; i < n->n; i++)
        if (!looks_like(f, n->v[i]) || !names_value(r, f, n->v[i], &out[i])) return 0;
    return n->n;
}

const struct ask_field *rule_field(struct rules *r, const char *name) {
    return ask_field(r->s->k, NULL, str_of(name));
}

/* Of tags, of which a client has several, «and» means each of them. */
const struct ask_node *named_field(struct rules *r, const char *field, const struct names *n) {
    struct ask_value v[VALUES_MAX];
    const struct ask_node *each[VALUES_MAX];
    const struct ask_field *f = rule_field(r, field);
    int k = f && n->n ? values_of(r, f, n, v) : 0;
    bool all = k > 1 && n->all && !strcmp(field, "tag");
    for (int i = 0; i < k && all; i++) each[i] = rule_is(r, field, &v[i], 1);
    if (all) return rule_group(r, ASK_ALL, each, k);
    return k ? rule_is(r, field, v, k) : NULL;
}

/* «Arabic or Persian speakers»: one more value before «or», «and». */
static const struct ask_node *more_before(struct rules *r, const char *field, struct names *n,
                                          const struct ask_node *made) {
    enum say joint = say_at(r, n->first - 1);
    struct names both = *n;
    bool word = say_at(r, n->first - 2) == SAY_WORD && bit_at(r, n->first - 2) &&
                !bit_at(r, n->first - 2)->used;
    if ((joint != SAY_OR && joint != SAY_AND) || !word) return made;
    both.v[1] = both.v[0];
    both.v[0] = rule_text(r, n->first - 2, n->first - 1);
    both.n = 2;
    both.all = joint == SAY_AND;
    both.first -= 2;
    const struct ask_node *more = named_field(r, field, &both);
    if (more) *n = both;
    return more ? more : made;
}

/* «the North territory», «clients Sara looks after»: the longest run of words right before that are
 * one value of the field. */
const struct ask_node *named_before(struct rules *r, int i, const char *field, struct names *out) {
    int end = i;
    while (end > 0 && say_passes(say_at(r, end - 1))) end--;
    int from = end;
    while (from > 0 && end - from < 4 && say_at(r, from - 1) == SAY_WORD &&
           !bit_at(r, from - 1)->used)
        from--;
    for (; from < end; from++) {
        *out = (struct names){ .n = 1, .first = from, .last = end - 1 };
        out->v[0] = rule_text(r, from, end);
        const struct ask_node *made = named_field(r, field, out);
        if (made) return more_before(r, field, out, made);
    }
    return NULL;
}

/* «تهرانی ها» is one word. */
static struct str squeezed(struct rules *r, struct str text) {
    struct buf b = { .arena = r->s->c->arena };
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != ' ') buf_add_c(&b, text.p[i]);
    return buf_str(&b);
}

/* Each town, and what else it is called in the register. */
static const struct ask_node *towns(struct rules *r, const struct names *n) {
    struct names all = *n;
    for (int i = 0; i < n->n && all.n < VALUES_MAX; i++) {
        int more = sentence_towns_alike(r->s, n->v[i], all.v + all.n, VALUES_MAX - all.n);
        for (; more > 0; more--, all.n++) {
            all.from[all.n] = n->from[i];
            all.until[all.n] = n->until[i];
        }
    }
    return named_field(r, "town", &all);
}

const struct ask_node *names_place(struct rules *r, const struct names *n, bool sure) {
    const struct ask_node *country = named_field(r, "country", n);
    if (country) return country;
    struct str forms[VALUES_MAX]; /* «تهرانی‌ها»: those of Tehran */
    int forms_n = !sure && n->n == 1 && r->s->lang == LANG_FA && n->first == n->last
                      ? sentence_forms(r->s, squeezed(r, n->v[0]), forms, VALUES_MAX)
                      : 0;
    for (int i = 1; i < forms_n; i++)
        if (forms[i].n > 4 && sentence_town_known(r->s, forms[i])) {
            struct names one = *n;
            one.v[0] = forms[i];
            return towns(r, &one);
        }
    for (int i = 0; i < n->n; i++) {
        unsigned char first = (unsigned char)n->v[i].p[0];
        bool small = first >= 'a' && first <= 'z'; /* «à relancer» is no town */
        if ((!sure || small) && !sentence_town_known(r->s, n->v[i])) return NULL;
    }
    return towns(r, n);
}
