/* GET /clients/{id}/data asks in which language; POST sends the ZIP file; daftar person writes it.
 * Routes: feature.c. Calls person.c. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/entity/store.h"
#include "features/export/pages.h"
#include "features/export/pages.html.h"
#include "features/export/person.h"
#include "features/party/party.h"

enum { PIECE_BYTES = 64 << 10 };

enum status person_form_page(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    int64_t id;
    enum lang lang;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load_binned(c, &entity_party, id, &p));
    if (!lang_of(p.language, &lang)) lang = c->loc->lang;
    struct person_form v = { .id = id, .name = p.display_name, .owner = ctx_may(c, ROLE_OWNER) };
    for (int i = 0; i < LANG_N; i++)
        options_add(c->arena, &v.languages, str_of(lang_code((enum lang)i)),
                    str_of(lang_name((enum lang)i)), str_of(lang_code(lang)));
    r->narrow = true;
    return PAGE(r, T(c, N_("All data of this person")), "clients", person_form_html, &v);
}

struct sending {
    struct arena *arena;
    struct sink *sink;
    struct person *person;
};

static enum status next(void *of, struct buf *out, bool *more) {
    struct sending *s = of;
    size_t had = out->n;
    *more = true;
    while (*more && out->n - had < PIECE_BYTES) {
        TRY(person_piece(s->person, more));
        sink_take(s->sink, out);
    }
    return OK;
}

static void done(void *of) {
    struct sending *s = of;
    person_close(s->person);
    sink_free(s->sink);
    arena_free(s->arena);
}

enum status person_send(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    struct person_wish wish = { .internal = req_form(r, "without_internal").n == 0 };
    if (!req_arg_id(r, 0, &wish.id)) return MISSING;
    TRY(store_load_binned(c, &entity_party, wish.id, &p));
    if (!lang_of(req_form(r, "language"), &wish.lang)) wish.lang = c->loc->lang;
    struct arena *a = arena_new();
    struct sending *s = arena_new_of(a, struct sending);
    s->arena = a;
    s->sink = sink_zip(a);
    s->person = person_open(r->app, c, &wish, s->sink);
    export_send_as(r, str_printf(c->arena, "client-%lld.zip", (long long)wish.id));
    r->raw = arena_new_of(c->arena, struct http_reply);
    *r->raw = (struct http_reply){ .stream = next, .stream_ctx = s, .stream_done = done };
    return OK;
}

/* --- the command --- */

struct opened {
    struct cli *cli;
    struct sink *sink;
    struct person_wish wish;
    struct person *person;
};

static enum status open_person(struct ctx *c, void *arg) {
    struct opened *o = arg;
    struct party p;
    TRY(store_load_binned(c, &entity_party, o->wish.id, &p));
    if (o->wish.lang == LANG_N && !lang_of(p.language, &o->wish.lang)) o->wish.lang = c->loc->lang;
    o->person = person_open(o->cli->app, c, &o->wish, o->sink);
    return OK;
}

static enum status write_out(struct opened *o, FILE *f) {
    struct buf b = { .n = 0 };
    bool more = true;
    enum status s = OK;
    while (s == OK && more) {
        s = person_piece(o->person, &more);
        b.n = 0;
        sink_take(o->sink, &b);
        if (s == OK && b.n && fwrite(b.p, 1, b.n, f) != b.n)
            s = cli_say(o->cli, BROKEN, "cannot write the output: %s", strerror(errno));
    }
    buf_free(&b);
    return s;
}

static enum status run(struct cli *cli) {
    struct opened o = { .cli = cli, .wish = { .lang = LANG_N } };
    const char *path = cli_get(cli, "--output"), *language = cli_get(cli, "--language");
    o.wish.internal = !cli_has(cli, "--without-internal");
    if (!str_to_i64(str_of(cli->words[0]), &o.wish.id) || o.wish.id < 1)
        return cli_say(cli, MALFORMED, "name the client by his number");
    if (language && !lang_of(str_of(language), &o.wish.lang))
        return cli_say(cli, MALFORMED, "--language is fa, ar, fr or en");
    o.sink = sink_zip(cli->arena);
    enum status s = cli_read(cli, open_person, &o);
    if (s == MISSING) (void)cli_say(cli, s, "there is no client %s", cli->words[0]);
    int fd = s == OK ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    if (s == OK && !f) s = cli_say(cli, BROKEN, "cannot write %s: %s", path, strerror(errno));
    if (f) s = write_out(&o, f);
    if (f && fclose(f) != 0 && s == OK) s = cli_say(cli, BROKEN, "cannot write %s", path);
    person_close(o.person);
    sink_free(o.sink);
    return s;
}

static const struct option options[] = {
    { .name = "--output", .takes = "FILE.zip", .help = "where it goes", .required = true },
    { .name = "--language",
      .takes = "CODE",
      .help = "of the page to read: fa, ar, fr or en; the client's own (standard)" },
    { .name = "--without-internal", .help = "leaves out private notes, fields and files" },
    { .name = NULL },
};
const struct command command_person = {
    .name = "person",
    .usage = "--data DIR ID --output FILE.zip [--language fa] [--without-internal]",
    .help = "Writes all that is held about one client, to be given to him.",
    .options = options,
    .words_min = 1,
    .words_max = 1,
    .flags = COMMAND_SET_UP,
    .run = run,
};
