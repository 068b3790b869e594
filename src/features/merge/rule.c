/* Rules by which clients are merged without asking: the entity, the settings page, the job that
 * looks for whom they mean. Off until a manager ticks one; never across what somebody called not
 * the same, never again what was taken apart. Routes: feature.c. Calls merge.c. */
#include "features/merge/pages.h"

#include "features/merge/pages.html.h"
#include "lib/base/log.h"
#include "lib/text/fold.h"
#include "lib/text/namekey.h"

static const struct choice rule_choices[] = {
    { "own_id", N_("Rule|the same own number"), NULL },
    { "email_name", N_("Rule|the same e-mail and the same name"), NULL },
    { "email_sound", N_("Rule|the same e-mail and the same name, also in another script"), NULL },
    { "phone_name", N_("Rule|the same phone and the same name"), NULL },
    { "phone_sound", N_("Rule|the same phone and the same name, also in another script"), NULL },
    { "certain", N_("Rule|so much in common that no doubt is left"), NULL },
    { NULL, NULL, NULL },
};

static const char certain_about[] = N_(
    "Whatever it is that agrees: fewer than one such pair in a thousand is expected to be wrong.");

struct merge_rule {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/merge/merge_rule.def"
#undef FIELD
};
#define FIELD(...) ENTITY_FIELD(merge_rule, __VA_ARGS__)
static const struct field rule_fields[] = {
#include "features/merge/merge_rule.def"
};
#undef FIELD

enum { KEYS_N = 200, SHARED_MAX = 30, CERTAIN = 999000, MERGES_MAX = 20000, BUSY_MAX = 50 };

SQL(rule_ids, "SELECT id FROM merge_rule WHERE deleted_at IS NULL ORDER BY id LIMIT 100");
/* «A-12» and «a 12» are one number. */
#define OWN_KEY "lower(replace(replace(own_id, '-', ''), ' ', ''))"
SQL(rule_own_ids, "SELECT " OWN_KEY
                  " AS key FROM party WHERE own_id IS NOT NULL AND deleted_at IS NULL AND " OWN_KEY
                  " > :after GROUP BY " OWN_KEY " HAVING count(*) > 1 ORDER BY key LIMIT :limit");
SQL(rule_with_own_id,
    "SELECT id AS party, kind FROM party WHERE deleted_at IS NULL AND own_id IS NOT "
    "NULL AND " OWN_KEY " = :key ORDER BY id LIMIT :limit");
SQL(rule_emails, "SELECT email_key AS key FROM email WHERE email_key > :after GROUP BY email_key "
                 "HAVING count(*) > 1 ORDER BY key LIMIT :limit");
SQL(rule_with_email, "SELECT DISTINCT party, p.kind FROM email JOIN party p ON p.id = email.party "
                     "WHERE email_key = :key "
                     "AND p.deleted_at IS NULL ORDER BY party LIMIT :limit");
SQL(rule_phones, "SELECT e164 AS key FROM phone WHERE e164 > :after GROUP BY e164 HAVING count(*) "
                 "> 1 ORDER BY key LIMIT :limit");
SQL(rule_with_phone, "SELECT DISTINCT party, p.kind FROM phone JOIN party p ON p.id = phone.party "
                     "WHERE e164 = :key AND "
                     "p.deleted_at IS NULL ORDER BY party LIMIT :limit");
SQL(rule_certain, "SELECT a, b FROM duplicate WHERE certainty >= :least AND (a > :a OR (a = :a AND "
                  "b > :b)) ORDER BY a, b LIMIT :limit");
SQL(rule_parted, "SELECT 1 AS one FROM merge WHERE (kept = :a AND gone = :b) OR (kept = :b AND "
                 "gone = :a) UNION ALL SELECT 1 FROM not_same WHERE a = :a AND b = :b LIMIT 1");

static struct str title(struct ctx *c, const void *row) {
    const struct merge_rule *m = row;
    for (const struct choice *ch = rule_choices; ch->code; ch++)
        if (str_eq_z(m->agrees, ch->code)) return str_of(T(c, ch->label));
    return NO_STR;
}

const struct entity entity_merge_rule = { .name = "merge_rule",
                                          .plural = "merge_rules",
                                          .label = N_("Rule of merging"),
                                          .label_plural = N_("Rules of merging"),
                                          .size = sizeof(struct merge_rule),
                                          .fields = rule_fields,
                                          .fields_n = COUNT(rule_fields),
                                          .has_deleted = true,
                                          .may_read = ROLE_MANAGER,
                                          .may_write = ROLE_MANAGER,
                                          .title = title };

struct rules {
    struct merge_rule *v;
    int n;
};

static enum status rules_all(struct ctx *c, struct rules *out) {
    struct rows r;
    void *rows;
    TRY(db_query(c->tx, &rule_ids, &r));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    const struct member_who own = c->who; /* whether there is one is no secret of the job's */
    c->who.role = ROLE_OWNER;
    enum status st = store_load_all(c, &entity_merge_rule, ids, r.n, &rows, &out->n);
    c->who = own;
    out->v = rows;
    return st;
}

enum status merge_by_rules(struct ctx *c) {
    struct rules all;
    TRY(rules_all(c, &all));
    for (int i = 0; i < all.n; i++)
        if (all.v[i].active) return merge_job(c, "merge_rules", S("{}"), S("merge_rules"));
    return OK;
}

/* --- the settings --- */

static struct merge_rule *rule_of(const struct rules *all, const char *code) {
    for (int i = 0; i < all->n; i++)
        if (str_eq_z(all->v[i].agrees, code)) return &all->v[i];
    return NULL;
}

enum status rules_page(struct req *r) {
    struct ctx *c = &r->c;
    struct rules all;
    struct rules_page v = { .merges = url_own(S("/merges")) };
    TRY(rules_all(c, &all));
    v.rules.v = arena_array(c->arena, struct rule_view, COUNT(rule_choices));
    for (const struct choice *ch = rule_choices; ch->code; ch++) {
        const struct merge_rule *m = rule_of(&all, ch->code);
        v.rules.v[v.rules.n++] = (struct rule_view){ .code = str_of(ch->code),
                                                     .label = str_of(T(c, ch->label)),
                                                     .about = str_eq_z(S("certain"), ch->code)
                                                                  ? str_of(T(c, certain_about))
                                                                  : NO_STR,
                                                     .on = m && m->active };
    }
    return PAGE(r, T(c, N_("Merging by itself")), "settings", rules_html, &v);
}

static bool ticked(const struct req *r, const char *code) {
    for (int i = 0; i < r->form.n; i++)
        if (str_eq_z(r->form.v[i].name, "on") && str_eq_z(r->form.v[i].value, code)) return true;
    return false;
}

enum status rules_save(struct req *r) {
    struct ctx *c = &r->c;
    struct rules all;
    TRY(rules_all(c, &all));
    for (const struct choice *ch = rule_choices; ch->code; ch++) {
        struct merge_rule *m = rule_of(&all, ch->code);
        bool on = ticked(r, ch->code);
        if (!m && !on) continue;
        if (!m) {
            m = row_new(c, &entity_merge_rule);
            m->agrees = str_of(ch->code);
        }
        m->active = on;
        TRY(store_save(c, &entity_merge_rule, m));
    }
    return go_toast(r, url_own(S("/settings/merging")), N_("Saved."), c->batch);
}

/* --- looking for whom they mean --- */

struct look {
    struct job *job;
    int64_t rule;
    struct str agrees;
    struct str after; /* the key that was looked at last */
    int64_t after_a, after_b;
    bool end;
    struct {
        int64_t a, b;
    } pairs[KEYS_N * SHARED_MAX];
    int pairs_n, merged_n;
};

/* The words of a name, whichever way round. */
static struct str name_key(struct ctx *c, struct str name) {
    struct str rest = fold(c->arena, name), words[20];
    int n = 0;
    while (n < 20 && str_cut(&rest, ' ', &words[n])) {
        int at = n++;
        for (; at > 0 && str_cmp(words[at], words[at - 1]) < 0; at--) {
            struct str one = words[at];
            words[at] = words[at - 1];
            words[at - 1] = one;
        }
    }
    return str_join(c->arena, words, n, S(" "));
}

static void add_pair(struct look *l, int64_t a, int64_t b) {
    if (l->pairs_n == COUNT(l->pairs)) return;
    l->pairs[l->pairs_n].a = a < b ? a : b;
    l->pairs[l->pairs_n++].b = a < b ? b : a;
}

enum by { BY_KEY_ALONE, BY_NAME, BY_SOUND };
struct named { /* one of those who share a key */
    int64_t id;
    struct str kind, name;        /* name: its words, BY_NAME */
    const struct namekey *sounds; /* BY_SOUND */
};

static struct named named_of(struct ctx *c, const struct rows *r, int i, enum by by) {
    struct named n = { .id = row_int(r, i, "party"), .kind = row_str(r, i, "kind") };
    if (by == BY_KEY_ALONE) return n;
    struct str name = entity_title(c, &entity_party, n.id);
    if (by == BY_NAME)
        n.name = name_key(c, name);
    else
        n.sounds = namekey_new(c->arena, name,
                               str_eq_z(n.kind, "person") ? NAMEKEY_PERSON : NAMEKEY_ORGANISATION);
    return n;
}

static bool alike(const struct named *x, const struct named *y, enum by by) {
    if (by == BY_NAME) return str_eq(x->name, y->name);
    if (by == BY_SOUND)
        return str_eq(x->kind, y->kind) && namekey_compare(x->sounds, y->sounds) == NAMEKEY_SAME;
    return true;
}

/* Those who share a key: each with the first of the same name (of an own number: with the first).
 */
static enum status of_key(struct ctx *c, struct look *l, const struct sql *with, struct str key,
                          enum by by) {
    struct rows r;
    struct named all[SHARED_MAX];
    TRY(db_query(c->tx, with, &r, P("key", key), P("limit", SHARED_MAX)));
    for (int i = 0; i < r.n; i++) {
        all[i] = named_of(c, &r, i, by);
        for (int k = 0; k < i; k++)
            if (alike(&all[k], &all[i], by)) {
                add_pair(l, all[k].id, all[i].id);
                break;
            }
    }
    return OK;
}

static enum status certain(struct ctx *c, struct look *l) {
    struct rows r;
    TRY(db_query(c->tx, &rule_certain, &r, P("least", CERTAIN), P("a", l->after_a),
                 P("b", l->after_b), P("limit", KEYS_N)));
    for (int i = 0; i < r.n; i++) {
        l->after_a = row_int(&r, i, "a"), l->after_b = row_int(&r, i, "b");
        add_pair(l, l->after_a, l->after_b);
    }
    l->end = r.n < KEYS_N;
    return OK;
}

static enum status look(struct ctx *c, struct look *l) {
    static const struct {
        const char *agrees;
        const struct sql *keys, *with;
        enum by by;
    } kinds[] = { { "own_id", &rule_own_ids, &rule_with_own_id, BY_KEY_ALONE },
                  { "email_name", &rule_emails, &rule_with_email, BY_NAME },
                  { "email_sound", &rule_emails, &rule_with_email, BY_SOUND },
                  { "phone_name", &rule_phones, &rule_with_phone, BY_NAME },
                  { "phone_sound", &rule_phones, &rule_with_phone, BY_SOUND } };
    struct rows r;
    l->pairs_n = 0;
    l->end = true;
    if (str_eq(l->agrees, S("certain"))) return certain(c, l);
    for (int i = 0; i < COUNT(kinds); i++) {
        if (!str_eq_z(l->agrees, kinds[i].agrees)) continue;
        TRY(db_query(c->tx, kinds[i].keys, &r, P("after", l->after), P("limit", KEYS_N)));
        for (int k = 0; k < r.n; k++)
            TRY(of_key(c, l, kinds[i].with, row_str(&r, k, "key"), kinds[i].by));
        l->end = r.n < KEYS_N;
        if (r.n) l->after = str_dup(l->job->arena, row_str(&r, r.n - 1, "key"));
    }
    return OK;
}

struct pair {
    int64_t a, b, rule;
    bool merged;
};

/* Each by itself, so that each can be taken apart by itself. */
static enum status merge_pair(struct ctx *c, void *arg) {
    struct pair *p = arg;
    struct merge_plan plan;
    struct rows r;
    int64_t merge;
    TRY(db_query(c->tx, &rule_parted, &r, P("a", p->a), P("b", p->b)));
    if (r.n) return OK;
    enum status st = merge_plan(c, p->a, p->b, &plan);
    if (st == MISSING || st == INVALID) return OK; /* gone already, or of two kinds */
    TRY(st);
    p->merged = true;
    return merge_do(c, &plan, p->rule, &merge);
}

static enum status merge_pairs(struct look *l) {
    for (int i = 0; i < l->pairs_n && l->merged_n < MERGES_MAX; i++) {
        struct pair p = { l->pairs[i].a, l->pairs[i].b, l->rule, false };
        enum status st = job_write(l->job, merge_pair, &p);
        if (st == INVALID || st == CONFLICT) { /* too many phones together, say: a person decides */
            log_info("a rule could not merge %lld and %lld", (long long)p.a, (long long)p.b);
            continue;
        }
        TRY(st);
        l->merged_n += p.merged;
        if (job_stopping(l->job)) return BUSY;
    }
    return OK;
}

static enum status by_rule(struct job *j, int64_t rule, struct str agrees) {
    struct look *l = arena_new_of(j->arena, struct look);
    struct ctx *c;
    *l = (struct look){ .job = j, .rule = rule, .agrees = agrees, .after = S("") };
    while (!l->end) {
        TRY(job_read(j, &c));
        enum status st = look(c, l);
        TRY(job_end(j, st));
        TRY(merge_pairs(l));
    }
    return OK;
}

enum status merge_rules_job(struct job *j) {
    struct rules all;
    struct ctx *c;
    TRY(job_read(j, &c));
    enum status st = rules_all(c, &all);
    struct merge_rule *rules = arena_array(j->arena, struct merge_rule, 101);
    int n = 0;
    for (int i = 0; st == OK && i < all.n; i++) {
        if (!all.v[i].active) continue;
        rules[n] = all.v[i];
        rules[n++].agrees = str_dup(j->arena, all.v[i].agrees);
    }
    TRY(job_end(j, st));
    for (int i = 0; i < n; i++) TRY(by_rule(j, rules[i].row.id, rules[i].agrees));
    return OK;
}
