/* daftar duplicates: compares all clients, then prints the pairs; with --truth, says how good that
 * was (truth.c). Called by app/cli.c; calls look.c. */
#include "features/duplicate/commands.h"
#include "features/duplicate/work.h"
#include "lib/text/csv.h"
#include "lib/text/json.h"

enum { STEP = 500 };

SQL(cli_pairs,
    "SELECT duplicate.a, duplicate.b, grp, certainty, weight, levels, one.display_name AS name_a, "
    "other.display_name AS name_b FROM duplicate JOIN party one ON one.id = duplicate.a JOIN party "
    "other ON other.id = duplicate.b WHERE certainty >= :least AND (certainty, duplicate.a, "
    "duplicate.b) < (:c, :a, :b) AND one.deleted_at IS NULL AND other.deleted_at IS NULL AND NOT "
    "EXISTS (SELECT 1 FROM not_same WHERE not_same.a = duplicate.a AND not_same.b = duplicate.b) "
    "ORDER BY certainty DESC, duplicate.a DESC, duplicate.b DESC LIMIT :limit");

enum format { TEXT, CSV, JSON };
struct printing {
    enum format format;
    int64_t least;
    struct pair_place at;
    int n; /* of the last step */
    bool more;
    struct json_out json;
};

struct line { /* one pair */
    int64_t a, b, group;
    double certainty, weight;
    struct str name_a, name_b, why, but;
};

static void add_csv(struct buf *b, const struct line *l) {
    struct str texts[] = { l->name_a, l->name_b, l->why, l->but };
    buf_printf(b, "%lld,%lld,%lld,%.6f,%.3f", (long long)l->a, (long long)l->b, (long long)l->group,
               l->certainty, l->weight);
    for (int i = 0; i < COUNT(texts); i++) {
        buf_add_c(b, ',');
        csv_write_cell(b, texts[i], ',', 0);
    }
    buf_add_z(b, "\r\n");
}

static void add_json(struct buf *b, const struct line *l, bool more) {
    struct json_out w = { .b = b };
    buf_add_z(b, more ? ",\n" : "\n");
    jw_object(&w);
    jw_key(&w, "a");
    jw_int(&w, l->a);
    jw_key(&w, "b");
    jw_int(&w, l->b);
    jw_key(&w, "group");
    jw_int(&w, l->group);
    char number[32];
    snprintf(number, sizeof number, "%.6f", l->certainty);
    jw_key(&w, "certainty");
    jw_raw(&w, str_of(number));
    snprintf(number, sizeof number, "%.3f", l->weight);
    jw_key(&w, "weight");
    jw_raw(&w, str_of(number));
    jw_key(&w, "name_a");
    jw_str(&w, l->name_a);
    jw_key(&w, "name_b");
    jw_str(&w, l->name_b);
    jw_key(&w, "why");
    jw_str(&w, l->why);
    jw_key(&w, "but");
    jw_str(&w, l->but);
    jw_end(&w);
}

static void add_text(struct buf *b, const struct line *l) {
    buf_printf(b, "%5.1f%%  %lld %.*s = %lld %.*s", l->certainty * 100, (long long)l->a,
               SF(l->name_a), (long long)l->b, SF(l->name_b));
    if (l->why.n) buf_printf(b, ": %.*s", SF(l->why));
    if (l->but.n) buf_printf(b, " (but: %.*s)", SF(l->but));
    buf_add_c(b, '\n');
}

static enum status print_some(struct ctx *c, void *arg) {
    struct printing *p = arg;
    struct rows r;
    struct buf b = { .arena = c->arena };
    TRY(db_query(c->tx, &cli_pairs, &r, P("least", p->least), P("c", p->at.certainty),
                 P("a", p->at.a), P("b", p->at.b), P("limit", STEP)));
    for (int i = 0; i < r.n; i++) {
        struct match_part parts[COLUMNS_N];
        struct line l = { .a = row_int(&r, i, "a"),
                          .b = row_int(&r, i, "b"),
                          .group = row_int(&r, i, "grp"),
                          .certainty = (double)row_int(&r, i, "certainty") / 1e6,
                          .weight = (double)row_int(&r, i, "weight") / 1e3,
                          .name_a = row_str(&r, i, "name_a"),
                          .name_b = row_str(&r, i, "name_b") };
        duplicate_levels_read(c->arena, row_str(&r, i, "levels"), parts);
        duplicate_words(c, parts, NULL, NULL, &l.why, &l.but);
        if (p->format == CSV)
            add_csv(&b, &l);
        else if (p->format == JSON)
            add_json(&b, &l, p->more);
        else
            add_text(&b, &l);
        p->more = true;
        p->at = (struct pair_place){ row_int(&r, i, "certainty"), l.a, l.b };
    }
    p->n = r.n;
    return fwrite(b.p, 1, b.n, stdout) == b.n ? OK : BROKEN;
}

static enum status print_all(struct cli *cli, enum format format, int64_t least) {
    struct printing p = { .format = format, .least = least, .at = { .certainty = 2000000 } };
    if (format == CSV) printf("a,b,group,certainty,weight,name_a,name_b,why,but\r\n");
    if (format == JSON) printf("[");
    do TRY(cli_read(cli, print_some, &p));
    while (p.n == STEP);
    if (format == JSON) printf("\n]\n");
    return fflush(stdout) == 0 ? OK : BROKEN;
}

static bool format_of(const char *given, enum format *out) {
    static const char *const codes[] = { "text", "csv", "json" };
    *out = TEXT;
    for (int i = 0; given && i < COUNT(codes); i++)
        if (!strcmp(given, codes[i])) {
            *out = (enum format)i;
            return true;
        }
    return !given;
}

static enum status run(struct cli *cli) {
    enum format format;
    int64_t least;
    if (!format_of(cli_get(cli, "--format"), &format))
        return cli_say(cli, MALFORMED, "--format is text, csv or json");
    TRY(cli_number(cli, "--min", 50, 100, 50, &least));
    least *= 10000;
    if (!cli_has(cli, "--no-look")) {
        struct look l = { .app = cli->app, .threads = 2 };
        TRY(duplicate_look(&l));
        fprintf(stderr,
                "%lld clients, %lld pairs compared, %lld kept; read %.1f s, learned %.1f s, "
                "compared %.1f s, wrote %.1f s\n",
                (long long)l.clients_n, (long long)l.compared_n, (long long)l.pairs_n,
                (double)l.read_ms / 1e3, (double)l.train_ms / 1e3, (double)l.find_ms / 1e3,
                (double)l.write_ms / 1e3);
    }
    if (cli_has(cli, "--near")) return duplicate_time_near(cli);
    if (cli_has(cli, "--truth")) return duplicate_against_truth(cli, least);
    return print_all(cli, format, least);
}

static const struct option options[] = {
    { .name = "--format", .takes = "NAME", .help = "text (standard), csv or json" },
    { .name = "--min",
      .takes = "N",
      .help = "only pairs of at least so many per cent, 50 unless given" },
    { .name = "--no-look", .help = "prints what the last look found and compares nothing" },
    { .name = "--truth",
      .takes = "FILE",
      .help = "what the demo planted (daftar demo --truth FILE): prints precision and recall" },
    { .name = "--near",
      .takes = "N",
      .help = "asks for N clients whom they may be, as while typing, and prints the times" },
    { .name = NULL },
};
const struct command command_duplicates = {
    .name = "duplicates",
    .usage = "--data DIR [--format csv|text|json] [--min N] [--truth FILE]",
    .help = "Compares all clients with each other and prints who may be one and the same.",
    .options = options,
    .flags = COMMAND_SET_UP,
    .threads = 2,
    .run = run,
};
