/* The rules of own fields: what may be changed of one that has values, codes of choices that stay
 * when names change, what has to be prepared when one is ticked as a criterion or a column.
 * Called by the store; calls core/entity/own and core/search for who has a value. */
#include "features/custom/custom.h"

#include "core/entity/own.h"
#include "core/job/job.h"
#include "core/search/search.h"
#include "lib/base/buf.h"
#include "lib/locale/currency.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { FIELDS_MAX = OWN_FIELDS_MAX, CHOICES_MAX = 200, DECIMALS_MAX = 6 };

static const struct choice custom_kinds[] = {
    { "text", N_("Field|Text"), "line;texte;متن;نص" },
    { "area", N_("Field|Long text"), "texte long;متن بلند;نص طويل" },
    { "number", N_("Field|Number"), "nombre;عدد;رقم" },
    { "money", N_("Field|Money"), "montant;مبلغ" },
    { "date", N_("Field|Date"), "تاریخ;تاريخ" },
    { "choice", N_("Field|Choice"), "select;choix;انتخاب;اختيار" },
    { "choices", N_("Field|Several choices"), "multiselect;choix multiples" },
    { "yesno", N_("Field|Yes or no"), "checkbox;oui ou non" },
    { "url", N_("Field|Link"), "lien;پیوند;رابط" },
    { "party", N_("Field|Another client"), "client" },
    { NULL, NULL, NULL },
};
static const struct choice custom_of[] = {
    { "person", N_("Persons only"), NULL },
    { "organisation", N_("Organisations only"), NULL },
    { NULL, NULL, NULL },
};

#define FIELD(...) ENTITY_FIELD(custom_field, __VA_ARGS__)
static const struct field custom_fields[] = {
#include "features/custom/custom.def"
};
#undef FIELD

SQL(custom_ids, "SELECT id FROM custom_field WHERE deleted_at IS NULL ORDER BY position, id");
SQL(custom_binned, "SELECT id FROM custom_field WHERE deleted_at IS NOT NULL "
                   "ORDER BY deleted_at DESC, id DESC LIMIT 100");
SQL(custom_last, "SELECT coalesce(max(position), 0) AS last, count(*) AS n FROM custom_field "
                 "WHERE deleted_at IS NULL");

enum status custom_all(struct ctx *c, bool binned, struct custom_fields *out) {
    struct rows r;
    void *rows;
    TRY(db_query(c->tx, binned ? &custom_binned : &custom_ids, &r));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    TRY(store_load_all(c, &entity_custom_field, ids, r.n, &rows, &out->n));
    out->v = rows;
    return OK;
}

enum status custom_used(struct ctx *c, int64_t id, struct str choice, int64_t *n) {
    struct search *s;
    struct bits *b;
    struct str term = choice.n ? str_printf(c->arena, "fcf_%lld=%.*s", (long long)id, SF(choice))
                               : str_printf(c->arena, "hcf_%lld", (long long)id);
    *n = 0;
    if (!id) return OK;
    TRY(search_open(c->tx, NULL, &s));
    TRY(search_term(s, term, &b));
    *n = bits_count(b);
    bits_free(b);
    return OK;
}

static bool has_choices(const struct custom_field *f) {
    return str_eq_z(f->kind, "choice") || str_eq_z(f->kind, "choices");
}

/* --- choices --- */

static bool code_taken(const struct choice *v, int n, struct str code) {
    for (int i = 0; i < n; i++)
        if (v[i].code && str_eq_z(code, v[i].code)) return true;
    return false;
}

/* A code that programs can read: the name in small Latin letters where it is such, else a number.
 */
static const char *new_code(struct ctx *c, const struct choice *v, int n, const char *label) {
    struct buf b = { .arena = c->arena };
    struct str folded = fold(c->arena, str_of(label));
    for (size_t i = 0; i < folded.n && b.n < 30; i++) {
        char ch = folded.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
        if (!plain && ch != ' ') {
            b.n = 0;
            break;
        }
        buf_add_c(&b, plain ? ch : '_');
    }
    struct str code = buf_str(&b);
    if (code.n && !code_taken(v, n, code)) return str_z(c->arena, code);
    for (int i = 1;; i++) {
        code = str_printf(c->arena, "c%d", i);
        if (!code_taken(v, n, code)) return code.p;
    }
}

static bool labels_differ(struct ctx *c, const struct choice *v, int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            if (v[i].code && v[k].code && !strcmp(v[i].code, v[k].code)) return false;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            if (!choice_retired(&v[i]) && !choice_retired(&v[k]) &&
                str_eq(fold(c->arena, str_of(v[i].label)), fold(c->arena, str_of(v[k].label))))
                return false;
    return true;
}

/* One that went from the text but is in use stays, not offered any more. */
static enum status keep_used(struct ctx *c, struct custom_field *f, const struct custom_field *was,
                             struct choice *v, int *n) {
    struct choice *old;
    int old_n = was ? own_choices(c->arena, was->choices, &old) : 0;
    for (int i = 0; i < old_n; i++) {
        int64_t used;
        if (!old[i].code || code_taken(v, *n, str_of(old[i].code))) continue;
        TRY(custom_used(c, f->row.id, str_of(old[i].code), &used));
        if (!used) continue;
        v[*n] = old[i];
        v[(*n)++].also = CHOICE_RETIRED;
    }
    return OK;
}

static struct str choices_text(struct ctx *c, const struct choice *v, int n) {
    struct buf b = { .arena = c->arena };
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s%s%s: %s", i ? "\n" : "", choice_retired(&v[i]) ? "-" : "", v[i].code,
                   v[i].label);
    return buf_str(&b);
}

static enum status check_choices(struct ctx *c, struct custom_field *f,
                                 const struct custom_field *was) {
    struct choice *typed, *old;
    int n = own_choices(c->arena, f->choices, &typed);
    int old_n = was ? own_choices(c->arena, was->choices, &old) : 0;
    struct choice *v = arena_array(c->arena, struct choice, n + old_n + 1);
    for (int i = 0; i < n; i++) v[i] = typed[i];
    for (int i = 0; i < n; i++) { /* a line without a code that is there already is that one */
        for (int k = 0; k < old_n && !v[i].code; k++)
            if (!strcmp(v[i].label, old[k].label) && !code_taken(v, n, str_of(old[k].code)))
                v[i].code = old[k].code;
        if (!v[i].code) v[i].code = new_code(c, v, n, v[i].label);
    }
    TRY(keep_used(c, f, was, v, &n));
    int offered = 0;
    for (int i = 0; i < n; i++) offered += !choice_retired(&v[i]);
    if (offered == 0) ctx_problem(c, S("choices"), N_("Write at least one choice."));
    if (n > CHOICES_MAX)
        ctx_problem(c, S("choices"), N_("At most {max} of these."),
                    ARG("max", str_printf(c->arena, "%d", CHOICES_MAX)));
    if (!labels_differ(c, v, n)) ctx_problem(c, S("choices"), N_("Two choices are the same."));
    f->choices = choices_text(c, v, n);
    return OK;
}

/* --- the other rules --- */

static enum status check_name(struct ctx *c, const struct custom_field *f) {
    struct custom_fields all;
    TRY(custom_all(c, false, &all));
    for (int i = 0; i < all.n; i++)
        if (all.v[i].row.id != f->row.id &&
            str_eq(fold(c->arena, all.v[i].name), fold(c->arena, f->name)))
            ctx_problem(c, S("name"), N_("There is a field with this name already."));
    return OK;
}

static enum status check_money(struct ctx *c, struct custom_field *f) {
    if (!str_eq_z(f->kind, "money")) return OK;
    if (!f->currency.n) f->currency = c->firm.currency;
    if (!currency_get(f->currency))
        ctx_problem(c, S("currency"), N_("There is no currency “{value}”."),
                    ARG("value", f->currency));
    return OK;
}

/* What is stored means something else in another kind: then it stays what it is. */
static enum status check_kind(struct ctx *c, const struct custom_field *f,
                              const struct custom_field *was) {
    int64_t n;
    bool money = str_eq_z(f->kind, "money"), number = str_eq_z(f->kind, "number");
    const char *at = NULL;
    if (number && f->decimals != was->decimals) at = "decimals";
    if (money && !str_eq(f->currency, was->currency)) at = "currency";
    if (!str_eq(f->kind, was->kind)) at = "kind";
    if (!at) return OK;
    TRY(custom_used(c, f->row.id, NO_STR, &n));
    if (n)
        ctx_problem(c, str_of(at),
                    N_("Clients have values of this kind already: make another field."));
    return OK;
}

enum { INDEX_NONE, INDEX_MAKING, INDEX_READY }; /* as in own.c */

static enum status prepare(struct ctx *c, struct custom_field *f, const struct custom_field *was) {
    int64_t n;
    f->indexed = was ? was->indexed : INDEX_NONE;
    if (f->indexed != INDEX_NONE || !(f->filtered || f->listed)) return OK;
    TRY(custom_used(c, f->row.id, NO_STR, &n));
    f->indexed = n ? INDEX_MAKING : INDEX_READY;
    return OK;
}

static enum status check(struct ctx *c, void *row, const void *before) {
    struct custom_field *f = row;
    const struct custom_field *was = before;
    struct rows r;
    TRY(db_query(c->tx, &custom_last, &r));
    if (!was && !f->position) f->position = row_int(&r, 0, "last") + 1;
    if (!was && row_int(&r, 0, "n") >= FIELDS_MAX)
        ctx_problem(c, NO_STR,
                    N_("There are {max} fields already; that is as many as there can be."),
                    ARG("max", number_show(c->arena, c->loc, FIELDS_MAX)));
    TRY(check_name(c, f));
    TRY(check_money(c, f));
    if (f->decimals < 0 || f->decimals > DECIMALS_MAX)
        ctx_problem(c, S("decimals"), N_("Between 0 and {max}."),
                    ARG("max", number_show(c->arena, c->loc, DECIMALS_MAX)));
    if (has_choices(f)) TRY(check_choices(c, f, was));
    if (str_eq_z(f->kind, "area")) f->filtered = 0;
    if (was) TRY(check_kind(c, f, was));
    return c->problems.n ? INVALID : prepare(c, f, was);
}

static enum status saved(struct ctx *c, const void *row, const void *before) {
    const struct custom_field *f = row;
    int64_t job;
    (void)before;
    TRY(own_changed(c->tx));
    if (!f || f->indexed != INDEX_MAKING) return OK;
    struct str what = str_printf(c->arena, "{\"field\":%lld}", (long long)f->row.id);
    struct str once = str_printf(c->arena, "prepare_field %lld", (long long)f->row.id);
    return job_enqueue(c, "prepare_field", what, once, 0, &job);
}

static struct str title(struct ctx *c, const void *row) {
    const struct custom_field *f = row;
    struct str in[LANG_N] = { [LANG_EN] = f->name_en,
                              [LANG_FR] = f->name_fr,
                              [LANG_FA] = f->name_fa,
                              [LANG_AR] = f->name_ar };
    return c->loc->lang < LANG_N && in[c->loc->lang].n ? in[c->loc->lang] : f->name;
}

const struct entity entity_custom_field = { .name = "custom_field",
                                            .plural = "custom_fields",
                                            .label = N_("Own field"),
                                            .label_plural = N_("Own fields"),
                                            .size = sizeof(struct custom_field),
                                            .fields = custom_fields,
                                            .fields_n = COUNT(custom_fields),
                                            .has_deleted = true,
                                            .may_read = ROLE_READER,
                                            .may_write = ROLE_MANAGER,
                                            .check = check,
                                            .saved = saved,
                                            .title = title };
