/* daftar labels: labels or envelopes of clients as a PDF; what is left out goes to stderr, one a
 * line. Called by app/cli.c; calls gather.c and draw.c as the pages do. */
#include <errno.h>

#include "core/app/command.h"
#include "features/label/pages.h"

struct order {
    struct cli *cli;
    struct list_query q;
    struct label_choice ch;
    struct buf out;
    int good, left_out, pages;
};

/* "1.5,-2": as two choices. */
static enum status add_offset(struct cli *cli, struct arena *a, struct http_pairs *to) {
    const char *given = cli_get(cli, "--offset");
    struct str rest = str_of(given), x;
    int ignored;
    if (!given) return OK;
    if (!str_cut(&rest, ',', &x) || !cmm_parse(x, &ignored) || !cmm_parse(rest, &ignored))
        return cli_say(cli, MALFORMED, "--offset is X,Y in millimetres, for instance 0.5,-1.2");
    http_pairs_add(a, to, S("label.x"), x);
    http_pairs_add(a, to, S("label.y"), rest);
    return OK;
}

static enum status read_choice(struct order *o, struct ctx *c) {
    static const struct {
        const char *option, *choice;
    } all[] = { { "--sheet", "label.sheet" },  { "--envelope", "label.envelope" },
                { "--start", "label.start" },  { "--size", "label.size" },
                { "--least", "label.least" },  { "--copies", "label.copies" },
                { "--sort", "label.sort" },    { "--kind", "label.kind" },
                { "--from", "label.from" },    { "--sender", "label.sender" },
                { "--window", "label.window" } };
    struct http_pairs pairs = { 0 };
    for (int i = 0; i < COUNT(all); i++)
        if (cli_has(o->cli, all[i].option))
            http_pairs_add(c->arena, &pairs, str_of(all[i].choice),
                           str_of(cli_get(o->cli, all[i].option)));
    if (cli_has(o->cli, "--envelope"))
        http_pairs_add(c->arena, &pairs, S("label.form"), S("envelopes"));
    TRY(add_offset(o->cli, c->arena, &pairs));
    return label_read(c, &pairs, &o->ch);
}

static enum status draw(struct order *o, struct ctx *c, struct pdf *pdf, struct labels *labels) {
    struct label_drawing d = { .pdf = pdf,
                               .arena = c->arena,
                               .ch = &o->ch,
                               .labels = labels,
                               .home = c->firm.country,
                               .first = true };
    if (cli_has(o->cli, "--frame")) {
        label_frame_page(pdf, c, &o->ch);
        return pdf_end(pdf, &o->out);
    }
    label_fit(pdf, &o->ch, labels);
    for (int i = 0; i < labels->n; i++)
        if (labels->v[i].fault != LABEL_GOOD)
            fprintf(stderr, "client %lld: %s\n", (long long)labels->v[i].party,
                    label_fault_text(labels->v[i].fault));
    struct label_count n = label_count(&o->ch, labels);
    o->good = n.good * o->ch.copies;
    o->left_out = n.left_out;
    o->pages = n.pages;
    if (!o->good) return cli_say(o->cli, MISSING, "there is nothing to print");
    while (label_page(&d)) continue;
    return pdf_end(pdf, &o->out);
}

static enum status work(struct ctx *c, void *arg) {
    struct order *o = arg;
    struct labels labels = { 0 };
    struct pdf *pdf;
    o->out.n = 0;
    TRY(read_choice(o, c));
    if (!cli_has(o->cli, "--frame")) TRY(label_gather(c, &o->q, &o->ch, 0, &labels));
    TRY(label_document(c, o->cli->app->fonts, T(c, "Labels"), &pdf));
    enum status s = draw(o, c, pdf, &labels);
    pdf_close(pdf);
    return s;
}

static enum status run(struct cli *cli) {
    const char *path = cli_get(cli, "--output");
    struct order o = { .cli = cli, .q = { .entity = &entity_party } };
    TRY(cli_where(cli, &o.q));
    enum status s = cli_read(cli, work, &o);
    FILE *f = s == OK ? fopen(path, "wb") : NULL;
    if (s == OK && (!f || fwrite(o.out.p, 1, o.out.n, f) != o.out.n))
        s = cli_say(cli, BROKEN, "cannot write %s: %s", path, strerror(errno));
    if (f && fclose(f) != 0 && s == OK) s = cli_say(cli, BROKEN, "cannot write %s", path);
    if (s == OK && !cli_has(cli, "--frame"))
        printf("labels %d pages %d left-out %d\n", o.good, o.pages, o.left_out);
    buf_free(&o.out);
    return s;
}

static const struct option options[] = {
    { .name = "--output", .takes = "FILE", .help = "the PDF", .required = true },
    { .name = "--sheet",
      .takes = "CODE",
      .help = "L7160 (standard on A4), L7162, L7163, L7165, L8651, 5160, 5163" },
    { .name = "--envelope", .takes = "CODE", .help = "envelopes instead: DL, C6, C5, C4, US10" },
    { .name = "--window",
      .takes = "SIDE",
      .help = "of the envelope: none (standard), left, right" },
    { .name = "--sender",
      .takes = "TEXT",
      .help = "on envelopes; the name of the business by itself" },
    { .name = "--start", .takes = "N", .help = "the first label that is still on the sheet" },
    { .name = "--offset", .takes = "X,Y", .help = "moves all of it right and down, millimetres" },
    { .name = "--from", .takes = "SIDE", .help = "where rows begin: left, right; by the language" },
    { .name = "--size", .takes = "N", .help = "of the letters, points (11)" },
    { .name = "--least", .takes = "N", .help = "the smallest size for long addresses (6)" },
    { .name = "--copies", .takes = "N", .help = "of each" },
    { .name = "--sort", .takes = "HOW", .help = "name (standard) or postcode" },
    { .name = "--kind",
      .takes = "KIND",
      .help = "of address that goes first: work, home, billing, delivery" },
    { .name = "--where",
      .takes = "FIELD=VALUE",
      .help = "only those: town=Lyon; or any question: 'sex:f age over 60'",
      .many = true },
    { .name = "--sentence", .takes = "LANG", .help = CLI_SENTENCE_HELP },
    { .name = "--search", .takes = "TEXT", .help = "only those that the search finds" },
    { .name = "--frame", .help = "a test page with the frames instead" },
    { .name = NULL },
};
const struct command command_labels = {
    .name = "labels",
    .usage = "--data DIR --output FILE.pdf [--sheet L7160 | --envelope DL] [--start N] "
             "[--offset X,Y] [--where FIELD=VALUE]… [--frame]",
    .help = "Writes mailing labels or envelopes as a PDF; says who is left out, and why.",
    .options = options,
    .flags = COMMAND_SET_UP,
    .run = run,
};
