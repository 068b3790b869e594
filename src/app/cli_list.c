/* daftar list ENTITY: what the list page shows, on the command line; daftar count. Called by cli.c;
 * calls list.c.
 */
#include "app/commands.h"
#include "core/ask/run.h"
#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/record_json.h"
#include "core/entity/store.h"
#include "lib/text/csv.h"

struct asked {
    struct cli *cli;
    const struct entity *entity;
    struct list_query q;
    struct strs columns;
    int64_t left;
    const char *format;
    struct buf out;
    struct json_out json;
};

static const struct entity *entity_of(struct str name) {
    const struct registry *r = entity_registry();
    for (int i = 0; i < r->n; i++)
        if (str_eq_z(name, r->entities[i]->name) || str_eq_z(name, r->entities[i]->plural))
            return r->entities[i];
    return NULL;
}

/* FIELD=VALUE of what lists are filtered by is as fast as ever, and works for all records; whatever
 * else is said of clients is a question. */
static bool is_filter(struct cli *cli, const struct entity *e, struct str field, struct str value) {
    struct list_field *fields;
    if (!e->indexed || str_eq_z(value, "-") || str_starts(field, S("cf_"))) return true;
    int n = list_fields(cli->arena, e, FILTERED, &fields);
    for (int i = 0; i < n; i++)
        if (str_eq(fields[i].name, field) && !str_ends(value, S("*"))) return true;
    return false;
}

static enum status where_sentence(struct cli *cli, struct list_query *q) {
    enum lang lang;
    const char *text = cli_get(cli, "--where");
    if (!lang_of(str_of(cli_get(cli, "--sentence")), &lang) || lang >= LANG_N)
        return cli_say(cli, MALFORMED, "--sentence is fa, ar, fr or en");
    if (!text || cli_get_at(cli, "--where", 1))
        return cli_say(cli, MALFORMED, "--sentence says in which language one --where is");
    q->within = ask_within_line(cli->arena, str_of(text), lang);
    return OK;
}

enum status cli_where(struct cli *cli, struct list_query *q) {
    const char *one;
    bool sentence = cli_has(cli, "--sentence");
    if (sentence) TRY(where_sentence(cli, q));
    for (int i = 0; !sentence && (one = cli_get_at(cli, "--where", i)); i++) {
        struct str rest = str_of(one), field;
        bool pair = str_cut(&rest, '=', &field) && rest.p && field.n;
        if (!pair && !q->entity->indexed)
            return cli_say(cli, MALFORMED, "--where takes FIELD=VALUE, not %s", one);
        if (!pair || !is_filter(cli, q->entity, field, rest)) {
            q->within = ask_within_both(cli->arena, q->within,
                                        ask_within_line(cli->arena, str_of(one), LANG_N));
            continue;
        }
        if (q->filters_n == LIMIT_FILTERS_N)
            return cli_say(cli, TOO_MANY, "at most %d times --where", LIMIT_FILTERS_N);
        q->filters[q->filters_n++] = (struct list_filter){ field, rest };
    }
    q->search = str_of(cli_get(cli, "--search"));
    return OK;
}

/* The text of a column: a field, or a field of the first child ("phone", "town"). */
static bool column_text(struct ctx *c, const struct entity *e, const void *row, struct str name,
                        struct str *out) {
    struct list_field *fields;
    e = entity_now(c, e);
    int n = list_fields(c->arena, e, ~0u, &fields);
    *out = NO_STR;
    if (str_eq_z(name, "id")) {
        *out = str_printf(c->arena, "%lld", (long long)row_head_of(row)->id);
        return true;
    }
    if (str_eq_z(name, "created_at") || str_eq_z(name, "changed_at")) {
        *out = instant_iso(c->arena, str_eq_z(name, "created_at") ? row_head_of(row)->created_at
                                                                  : row_head_of(row)->changed_at);
        return true;
    }
    const struct many *list = entity_many(e, name);
    if (list) {
        struct many_rows r = many_get(list, row);
        struct str v[LIMIT_MANY_N];
        int k = 0;
        for (; k < r.n && k < LIMIT_MANY_N; k++) v[k] = list->child->title(c, many_at(list, r, k));
        *out = str_join(c->arena, v, k, S(", "));
        return true;
    }
    for (int i = 0; i < n; i++) {
        if (!str_eq(fields[i].name, name)) continue;
        const void *of = row;
        if (fields[i].many) {
            struct many_rows r = many_get(fields[i].many, row);
            if (r.n == 0) return true;
            of = many_at(fields[i].many, r, 0);
        }
        struct value v = field_get(fields[i].field, of);
        bool ref = fields[i].field->kind == &kind_ref;
        if (!value_empty(fields[i].field, v))
            *out = ref ? fields[i].field->kind->show(c, fields[i].field, v)
                       : fields[i].field->kind->plain(c, field_in(c, fields[i].field, of), v);
        return true;
    }
    return false;
}

static enum status write_row(struct ctx *c, struct asked *a, const void *row) {
    if (!strcmp(a->format, "json")) {
        record_json(c, &a->json, a->entity, row);
        return OK;
    }
    bool csv = !strcmp(a->format, "csv");
    for (int i = 0; i < a->columns.n; i++) {
        struct str text;
        if (!column_text(c, a->entity, row, a->columns.v[i], &text))
            return cli_say(a->cli, MALFORMED, "there is no column %.*s", SF(a->columns.v[i]));
        if (i) buf_add_c(&a->out, csv ? ',' : '\t');
        if (csv)
            csv_write_cell(&a->out, text, ',', CSV_NUMERIC);
        else
            for (size_t k = 0; k < text.n; k++)
                buf_add_c(&a->out, (unsigned char)text.p[k] < 32 ? ' ' : text.p[k]);
    }
    buf_add_z(&a->out, csv ? "\r\n" : "\n");
    return OK;
}

static enum status page(struct ctx *c, void *arg) {
    struct asked *a = arg;
    struct list_page p;
    void *rows;
    int n;
    a->q.limit = a->left < LIMIT_PAGE_N ? (int)a->left : LIMIT_PAGE_N;
    enum status st = list_run(c, &a->q, &p);
    if (st != OK) {
        cli_problems(a->cli, c);
        return st;
    }
    TRY(store_load_all(c, a->entity, p.ids, p.n, &rows, &n));
    for (int i = 0; i < n; i++) TRY(write_row(c, a, (char *)rows + a->entity->size * (size_t)i));
    a->left = p.next.n ? a->left - p.n : 0;
    a->q.after = str_dup(a->cli->arena, p.next);
    return OK;
}

/* The criteria and the order of that view; those of --where come to them. */
static enum status use_view(struct ctx *c, void *arg) {
    struct asked *a = arg;
    struct list_query q;
    const char *name = cli_get(a->cli, "--view");
    if (!a->entity->indexed)
        return cli_say(a->cli, MALFORMED, "--view is for clients: daftar list party");
    if (app_view_query(c, str_of(name), &q) != OK)
        return cli_say(a->cli, MISSING, "there is no view %s", name);
    if (!a->q.search.n) a->q.search = str_dup(a->cli->arena, q.search);
    if (!a->q.sort.n) a->q.sort = str_dup(a->cli->arena, q.sort);
    if (q.within && q.within->text.n) /* the view's own lives in this context's arena */
        a->q.within = ask_within_both(
            a->cli->arena, a->q.within,
            ask_within_line(a->cli->arena, str_dup(a->cli->arena, q.within->text), LANG_N));
    for (int i = 0; i < q.filters_n; i++) {
        if (a->q.filters_n == LIMIT_FILTERS_N)
            return cli_say(a->cli, TOO_MANY, "at most %d criteria", LIMIT_FILTERS_N);
        a->q.filters[a->q.filters_n++] =
            (struct list_filter){ str_dup(a->cli->arena, q.filters[i].field),
                                  str_dup(a->cli->arena, q.filters[i].value) };
    }
    return OK;
}

static void header(struct asked *a) {
    if (!strcmp(a->format, "json")) {
        a->json.b = &a->out;
        jw_array(&a->json);
        return;
    }
    for (int i = 0; i < a->columns.n; i++)
        buf_printf(&a->out, "%s%.*s", i ? !strcmp(a->format, "csv") ? "," : "\t" : "",
                   SF(a->columns.v[i]));
    buf_add_z(&a->out, !strcmp(a->format, "csv") ? "\r\n" : "\n");
}

static void flush(struct asked *a) {
    fwrite(a->out.p, 1, a->out.n, stdout);
    a->out.n = 0;
}

static enum status run(struct cli *cli) {
    struct asked a = { .cli = cli, .format = "table" };
    struct str rest, one;
    a.entity = entity_of(str_of(cli->words[0]));
    if (!a.entity) return cli_say(cli, MISSING, "there is nothing called %s", cli->words[0]);
    a.q.entity = a.entity;
    a.q.no_total = true;
    TRY(cli_where(cli, &a.q));
    TRY(cli_number(cli, "--limit", 1, INT64_MAX, 50, &a.left));
    a.q.sort = str_of(cli_get(cli, "--sort"));
    if (cli_has(cli, "--view")) TRY(cli_read(cli, use_view, &a));
    if (cli_get(cli, "--format")) a.format = cli_get(cli, "--format");
    if (strcmp(a.format, "table") && strcmp(a.format, "csv") && strcmp(a.format, "json"))
        return cli_say(cli, MALFORMED, "--format is table, csv or json");
    const char *standard = a.entity->indexed ? "id,display_name,phone,email,town" : "id,name";
    if (a.entity->party_column && !a.entity->indexed) standard = "id,created_at";
    rest = str_of(cli_get(cli, "--columns") ? cli_get(cli, "--columns") : standard);
    a.columns.v = arena_array(cli->arena, struct str, rest.n + 1);
    while (str_cut(&rest, ',', &one)) a.columns.v[a.columns.n++] = str_trim(one);
    header(&a);
    while (a.left > 0) {
        enum status st = cli_read(cli, page, &a);
        if (st != OK) {
            buf_free(&a.out);
            return st;
        }
        flush(&a);
    }
    if (!strcmp(a.format, "json")) {
        jw_end(&a.json);
        buf_add_c(&a.out, '\n');
    }
    flush(&a);
    buf_free(&a.out);
    return OK;
}

static const struct option options[] = {
    { .name = "--where",
      .takes = "FIELD=VALUE",
      .help = "only those; of clients any question: 'sex:f age over 60'; may be given again",
      .many = true },
    { .name = "--sentence", .takes = "LANG", .help = CLI_SENTENCE_HELP },
    { .name = "--search", .takes = "TEXT", .help = "only those that search finds" },
    { .name = "--view", .takes = "NAME", .help = "those of this saved view, in its order" },
    { .name = "--sort", .takes = "FIELD", .help = "by this field; -FIELD the other way round" },
    { .name = "--columns", .takes = "a,b", .help = "what to show" },
    { .name = "--format", .takes = "FORMAT", .help = "table (standard), csv or json" },
    { .name = "--limit", .takes = "N", .help = "at most so many, 50 unless given" },
    { .name = NULL },
};
const struct command command_list = {
    .name = "list",
    .usage = "party --data DIR [--where EXPR]… [--search TEXT] [--view NAME] [--sort FIELD] "
             "[--columns a,b] [--format table|csv|json] [--limit N]",
    .help = "Lists clients, or another kind of record.",
    .options = options,
    .words_min = 1,
    .words_max = 1,
    .flags = COMMAND_SET_UP,
    .run = run,
};

/* --- daftar count --- */

static enum status count(struct ctx *c, void *arg) {
    struct asked *a = arg;
    return list_count(c, &a->q, &a->left);
}

static enum status run_count(struct cli *cli) {
    struct asked a = { .cli = cli, .entity = entity_of(str_of(cli->words[0])) };
    if (!a.entity) return cli_say(cli, MISSING, "there is nothing called %s", cli->words[0]);
    a.q.entity = a.entity;
    TRY(cli_where(cli, &a.q));
    if (cli_has(cli, "--view")) TRY(cli_read(cli, use_view, &a));
    TRY(cli_read(cli, count, &a));
    printf("%lld\n", (long long)a.left);
    return OK;
}

static const struct option count_options[] = {
    { .name = "--where",
      .takes = "FIELD=VALUE",
      .help = "only those; of clients any question: 'sex:f age over 60'; may be given again",
      .many = true },
    { .name = "--sentence", .takes = "LANG", .help = CLI_SENTENCE_HELP },
    { .name = "--search", .takes = "TEXT", .help = "only those that search finds" },
    { .name = "--view", .takes = "NAME", .help = "those of this saved view" },
    { .name = NULL },
};
const struct command command_count = {
    .name = "count",
    .usage = "party --data DIR [--where EXPR]… [--sentence LANG] [--search TEXT] [--view NAME]",
    .help = "Says how many clients, or other records, there are.",
    .options = count_options,
    .words_min = 1,
    .words_max = 1,
    .flags = COMMAND_SET_UP,
    .run = run_count,
};
