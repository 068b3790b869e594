/* daftar import: a file of any source in, counts out. Runs in this process, also while a server
 * works on the same data; killed and started again with the same file it goes on where it was.
 * Called by app/cli.c.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/import/work.h"
#include "features/import/import.h"
#include "lib/base/clock.h"

enum { REFUSED_ROWS = 500, TOLD_EACH_MS = 500, DRY_SHOWN = 1000, DRY_TOLD = 20 };

struct order {
    struct cli *cli;
    const char *path; /* where the file lay before it was kept */
    struct intake in;
    struct import imp;
    int64_t id;
    int64_t told_us;
};

/* --- what was asked --- */

static enum status read_kind(struct cli *cli, const struct exchange_shape **out) {
    const char *given = cli_get(cli, "--kind");
    *out = given ? import_shape_of(str_of(given)) : &party_shape;
    return *out ? OK : cli_say(cli, MALFORMED, "--kind is party or purchase");
}

static enum status read_match(struct cli *cli, const struct exchange_shape *shape,
                              struct import_plan *plan) {
    const char *given = cli_get(cli, "--match"), *on = cli_get(cli, "--on-match");
    if (on && !on_match_of(str_of(on), &plan->on_match))
        return cli_say(cli, MALFORMED, "--on-match is skip, fill or overwrite");
    if (!given) return OK;
    struct str rest = str_of(given), by;
    plan->match = strcmp(given, "none") == 0 ? S("") : rest;
    if (!plan->match.n) return OK;
    while (str_cut(&rest, ',', &by)) {
        bool known = false;
        for (const char *const *m = shape->match_by; *m; m++) known |= str_eq_z(by, *m);
        if (!known)
            return cli_say(cli, MALFORMED, "--match is none, or some of %s",
                           shape == &party_shape ? "email,phone,own_id,uid" : "reference");
    }
    return OK;
}

static enum status read_doubtful(struct cli *cli, const struct exchange_shape *shape,
                                 struct import_plan *plan) {
    const char *given = cli_get(cli, "--doubtful");
    if (!given) return OK;
    plan->hold_doubts = strcmp(given, "refuse") == 0;
    if (!plan->hold_doubts && strcmp(given, "import") != 0)
        return cli_say(cli, MALFORMED, "--doubtful is import or refuse");
    if (!shape->doubt) return cli_say(cli, MALFORMED, "--doubtful is for clients");
    return OK;
}

static enum status read_separator(struct cli *cli, char *out) {
    const char *given = cli_get(cli, "--separator");
    *out = 0;
    if (!given) return OK;
    *out = strcmp(given, "tab") == 0 ? '\t' : given[0];
    if (*out != '\t' && (!strchr(",;|\t", *out) || given[1]))
        return cli_say(cli, MALFORMED, "--separator is , ; | or tab");
    return OK;
}

static enum status read_format(struct cli *cli, enum sheet_format *out) {
    const char *given = cli_get(cli, "--format");
    if (given && !sheet_format_of(str_of(given), out))
        return cli_say(cli, MALFORMED, "--format is csv, xlsx, vcard or text");
    return OK;
}

static void tell_faults(struct ctx *c, const struct sheet_faults *f) {
    for (int i = 0; i < f->n && i < DRY_TOLD; i++) {
        struct str text = tr_fill(c->arena, T(c, f->v[i].text),
                                  (struct tr_arg[]){ ARG("what", f->v[i].what) }, 1);
        fprintf(stderr, "line %lld: %.*s\n", (long long)f->v[i].line, SF(text));
    }
    if (f->total > f->n || f->n > DRY_TOLD)
        fprintf(stderr, "%lld places in all could not be understood\n", (long long)f->total);
}

static enum status look(struct ctx *c, void *arg) {
    struct order *o = arg;
    char separator;
    enum sheet_format format;
    TRY(read_separator(o->cli, &separator));
    TRY(read_format(o->cli, &format));
    o->in.from.sheet = str_of(cli_get(o->cli, "--sheet"));
    TRY(import_intake(o->cli->app, c, &o->in, cli_has(o->cli, "--format") ? &format : NULL,
                      str_of(cli_get(o->cli, "--charset")), separator));
    tell_faults(c, &o->in.faults);
    return OK;
}

/* --- the file --- */

/* "-" is the standard input, which may be a pipe. */
static FILE *open_file(struct cli *cli, enum status *s) {
    const char *path = cli->words[0];
    struct stat st;
    *s = OK;
    if (strcmp(path, "-") == 0) return stdin;
    FILE *f = fopen(path, "rb");
    if (f && fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode)) return f;
    *s = cli_say(cli, f ? INVALID : MISSING, "cannot read %s: %s", path,
                 f ? "it is no file" : strerror(errno));
    if (f) fclose(f);
    return NULL;
}

static struct str base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    struct str name = str_of(slash ? slash + 1 : path);
    if (str_eq(name, S("-"))) return S("standard input");
    return utf8_valid(name) ? name : S("file.csv");
}

static enum status take(struct order *o) {
    enum status s;
    struct cli *cli = o->cli;
    FILE *f = open_file(cli, &s);
    if (!f) return s;
    struct csv_source from = csv_from_file(f);
    s = filestore_take(cli->arena, import_files(cli->app, cli->arena), from.read, from.of,
                       base_name(cli->words[0]), "file.csv", &o->in.file);
    if (f != stdin) fclose(f);
    o->path = o->in.file.path;
    return s;
}

/* --- running --- */

static void tell(void *arg, int64_t done, int64_t rows) {
    struct order *o = arg;
    int64_t now = clock_mono_us();
    if (now - o->told_us < TOLD_EACH_MS * 1000 && done < rows) return;
    o->told_us = now;
    fprintf(stderr, "\r%lld of %lld rows%s", (long long)done, (long long)rows,
            done >= rows ? "\n" : "");
}

static enum status make(struct ctx *c, void *arg) {
    struct order *o = arg;
    TRY(import_unfinished(c, &o->in.file, &o->in.from, &o->in.plan, &o->id));
    if (o->id) return import_load(c, o->id, &o->imp);
    TRY(import_new(c, &o->in.file, &o->in.from, &o->in.plan, &o->id));
    return import_set_state(c, o->id, "running", S(IMPORT_UNTOLD));
}

/* The counts were printed: the same file again is a new import from here on. */
static enum status told_all(struct ctx *c, void *arg) {
    struct order *o = arg;
    return import_set_problem(c, o->id, NO_STR);
}

static enum status load(struct ctx *c, void *arg) {
    struct order *o = arg;
    return import_load(c, o->id, &o->imp);
}

static void print_counts(const struct import_counts *n, bool held) {
    if (n->doubts)
        fprintf(stderr, "%lld of the %s rows may be clients who are here already\n",
                (long long)n->doubts, held ? "refused" : "new");
    if (n->twice)
        fprintf(stderr, "%lld of the skipped rows stood in the file before, word for word\n",
                (long long)n->twice);
    printf("created %lld changed %lld skipped %lld refused %lld\n", (long long)n->n[IMPORT_CREATED],
           (long long)n->n[IMPORT_CHANGED], (long long)n->n[IMPORT_SKIPPED],
           (long long)n->n[IMPORT_REFUSED]);
}

static enum status refused_to(struct order *o, struct work *w, FILE *to) {
    int64_t after = -1;
    bool more = true;
    while (more) {
        struct ctx *c;
        TRY(work_read(w, &c));
        struct buf b = { .arena = c->arena };
        enum status s = import_refused_csv(c, o->id, ',', &after, REFUSED_ROWS, &b, &more);
        if (s == OK && b.n && fwrite(b.p, 1, b.n, to) != b.n) s = BROKEN;
        enum status end = work_end(w, OK);
        if (s != OK) return s;
        TRY(end);
    }
    return OK;
}

static enum status write_refused(struct order *o, struct work *w) {
    const char *path = cli_get(o->cli, "--refused");
    if (!path) return OK;
    FILE *f = fopen(path, "wb");
    if (!f) return cli_say(o->cli, BROKEN, "cannot write %s: %s", path, strerror(errno));
    enum status s = refused_to(o, w, f);
    if (fclose(f) != 0 && s == OK) s = BROKEN;
    return s == OK ? OK : cli_say(o->cli, s, "cannot write %s", path);
}

static enum status run_real(struct order *o, struct work *w) {
    struct cli *cli = o->cli;
    enum status s = filestore_keep(cli->arena, import_files(cli->app, cli->arena), &o->in.file);
    if (s == OK) s = cli_write(cli, make, o);
    if (s != OK) return s;
    if (o->imp.done_rows)
        fprintf(stderr, "daftar import: going on behind row %lld, where it was interrupted\n",
                (long long)o->imp.done_rows);
    s = import_work(w, o->id, isatty(STDERR_FILENO) ? tell : NULL, o);
    if (s == STALE) return cli_say(cli, s, "another process goes on with this import");
    if (s != OK) return cli_say(cli, s, "the import stopped; start it again to go on");
    TRY(cli_read(cli, load, o));
    TRY(write_refused(o, w));
    print_counts(&o->imp.counts, true);
    if (fflush(stdout) != 0) return cli_say(cli, BROKEN, "cannot write the output");
    return cli_write(cli, told_all, o);
}

static enum status run_dry(struct order *o, struct work *w) {
    struct import imp = { .plan = o->in.plan, .rows_n = o->in.plan.rows_n };
    struct import_preview p;
    int told = 0;
    TRY(import_trial(w, o->cli->arena, &imp, o->in.table, DRY_SHOWN, INT64_MAX, INT32_MAX,
                     isatty(STDERR_FILENO) ? tell : NULL, o, &p));
    for (int i = 0; i < p.rows.n; i++) {
        const struct import_preview_row *row = &p.rows.v[i];
        for (int k = 0; k < row->problems.n && told < DRY_TOLD; k++, told++)
            fprintf(stderr, "line %lld: %.*s\n", (long long)row->line, SF(row->problems.v[k]));
        if (row->doubt && !imp.plan.hold_doubts && told++ < DRY_TOLD)
            fprintf(stderr, "line %lld: %.*s\n", (long long)row->line, SF(row->doubt_words));
    }
    if (o->in.shape->doubt && p.compared < p.tried)
        fprintf(stderr, "only the first %lld rows were compared with clients who are here\n",
                (long long)p.compared);
    print_counts(&p.counts, imp.plan.hold_doubts);
    return OK;
}

static enum status run(struct cli *cli) {
    struct order o = { .cli = cli };
    struct work w = { .app = cli->app };
    TRY(read_kind(cli, &o.in.shape));
    TRY(read_match(cli, o.in.shape, &o.in.plan)); /* before anything is read */
    TRY(read_doubtful(cli, o.in.shape, &o.in.plan));
    enum status s = take(&o);
    if (s != OK) return s;
    s = cli_read(cli, look, &o);
    if (s == OK) s = read_match(cli, o.in.shape, &o.in.plan);
    if (s == OK) s = read_doubtful(cli, o.in.shape, &o.in.plan);
    bool dry = cli_has(cli, "--dry-run");
    if (s == OK) s = dry ? run_dry(&o, &w) : run_real(&o, &w);
    if (strcmp(o.path, o.in.file.path) == 0) { /* nothing came of it: no trace */
        const struct sheet_source from = { o.path, o.in.file.sha256, o.in.from.sheet,
                                           o.in.from.format };
        filestore_drop(&o.in.file);
        sheet_drop(cli->arena, app_path(cli->app, cli->arena, "tmp"), &from);
    }
    return s;
}

static const struct option options[] = {
    { .name = "--kind",
      .takes = "KIND",
      .help = "what the file is of: party (clients, standard) or purchase" },
    { .name = "--dry-run", .help = "says what would happen and writes nothing" },
    { .name = "--match",
      .takes = "LIST",
      .help =
          "what a client who is there is known by: email,phone (standard), own_id, uid; or none. "
          "A purchase: reference (with client and date), or none" },
    { .name = "--on-match",
      .takes = "HOW",
      .help =
          "such a client: skip (standard), fill what is empty, overwrite with what the file says" },
    { .name = "--doubtful",
      .takes = "HOW",
      .help = "a row that matches nobody but may be a client who is here: import (standard; listed "
              "under duplicates) or refuse, with the reason" },
    { .name = "--refused",
      .takes = "FILE",
      .help = "writes refused rows with their reasons there, as CSV" },
    { .name = "--format",
      .takes = "NAME",
      .help = "csv, xlsx, vcard or text (a chat, cards); found by itself when not given" },
    { .name = "--sheet", .takes = "NAME", .help = "of a workbook; the first when not given" },
    { .name = "--charset",
      .takes = "NAME",
      .help = "UTF-8, UTF-16LE, windows-1256 …; found by itself when not given" },
    { .name = "--separator", .takes = "C", .help = ", ; | or tab; found by itself when not given" },
    { .name = NULL },
};
const struct command command_import = {
    .name = "import",
    .usage = "--data DIR FILE|- [--kind party|purchase] [--dry-run] [--format csv|xlsx|vcard|text] "
             "[--sheet NAME] "
             "[--match email,phone] [--on-match skip|fill|overwrite] "
             "[--doubtful import|refuse] [--refused FILE]",
    .help = "Imports clients (or their purchases) from CSV, XLSX, vCard or text; ends with what "
            "became of the rows.",
    .options = options,
    .words_min = 1,
    .words_max = 1,
    .flags = COMMAND_SET_UP,
    .run = run,
};
