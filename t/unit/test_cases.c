/* Golden cases: src/features/NAME/t/THING.case, run through the gate on both databases.
 * `make accept` (DAFTAR_ACCEPT=1) rewrites what is expected; a person reads the diff.
 *
 *   === title                    a case; its sections follow in the order in which they happen
 *   --- empty                    no firm, no members (else: a firm, owner manager member reader)
 *   --- firm fa                  the firm's language (standard en); first of all
 *   --- setup                    a set-up link; {setup} is its token
 *   --- member NAME ROLE SEES    one more member, without a password; {NAME} is the id
 *   --- make party ali           a record through the store, from the JSON below; {ali} is its id
 *   --- sql                      one statement
 *   --- later 15 minutes         time stands at 2026-03-21 10:00 UTC until told (seconds, hours,
 * days)
 *   --- jobs                     everything in the queue is done
 *   --- as owner language=fa     who asks; columns of his row may be set; nocsrf leaves the token
 * out; owner#2 is his second session POST /clients                the request; then headers; then
 * an empty line and the body, or given_name=Ali               name=value lines (sent as a form),
 * {…} or […] (JSON), file=@list.csv               with a --- file section: multipart
 *   --- file list.csv            what the lines below hold (written before the request)
 *   --- expect 303
 *   < Location: /clients/{ali}   a header, exactly
 *   text                         stands in the body, behind what was found before; … is a gap;
 *   !text                        does not stand there; white space is one blank
 *   = name TEXT                  {name} is what follows TEXT, up to " ' < & or a blank
 *   --- rows party kind, version where id = {ali}
 *   person | 1                   */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "core/entity/history.h"
#include "core/entity/record_json.h"
#include "features/setup/setup.h"
#include "fixture.h"
#include "served.h"

enum { CASES_MAX = 600, SECTIONS_MAX = 200, NAMES_MAX = 60 };

struct section {
    struct str head; /* behind "--- " */
    struct strs lines;
    struct strs accepted; /* what the lines should be, in accept mode */
    struct str accepted_head;
};
struct golden {
    const char *file;
    struct str title;
    struct section *v;
    int n;
};
struct suite {
    struct arena *arena;
    struct hasher *hasher;
    bool accept;
    struct golden *cases;
    int cases_n;
};
struct run {
    struct suite *suite;
    struct golden *golden;
    bool pg;
    struct served s;
    struct str names[NAMES_MAX], values[NAMES_MAX];
    int names_n;
    struct served_who who[NAMES_MAX];
    struct str who_names[NAMES_MAX];
    int who_n;
    bool has_firm;
    struct answered last;
};

/* --- Reading case files --- */

static struct str read_all(struct arena *a, const char *path) {
    struct buf b = { .arena = a };
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s", path);
    for (size_t n = 1; n;) {
        buf_reserve(&b, 65536);
        n = fread(b.p + b.n, 1, 65536, f);
        b.n += n;
    }
    fclose(f);
    return buf_str(&b);
}

static void add_line(struct arena *a, struct strs *to, struct str line) {
    to->v =
        arena_grow(a, to->v, (size_t)to->n * sizeof *to->v, ((size_t)to->n + 1) * sizeof *to->v);
    to->v[to->n++] = line;
}

static void read_file(struct suite *suite, const char *path) {
    struct arena *a = suite->arena;
    struct str rest = read_all(a, path), line;
    struct golden *g = NULL;
    while (rest.n && str_cut(&rest, '\n', &line)) {
        if (str_starts(line, S("=== "))) {
            if (suite->cases_n == CASES_MAX) fail_msg("more than %d cases", CASES_MAX);
            g = &suite->cases[suite->cases_n++];
            *g = (struct golden){ .file = path, .title = str_sub(line, 4, line.n) };
            g->v = arena_array(a, struct section, SECTIONS_MAX);
        } else if (!g) {
            if (line.n && line.p[0] != '#') fail_msg("%s: text before the first case", path);
        } else if (str_starts(line, S("--- "))) {
            if (g->n == SECTIONS_MAX) fail_msg("%s: too many sections", path);
            g->v[g->n++] = (struct section){ .head = str_trim(str_sub(line, 4, line.n)) };
        } else if (g->n) {
            add_line(a, &g->v[g->n - 1].lines, line);
        } else if (line.n && line.p[0] != '#') {
            fail_msg("%s, %.*s: text before the first section", path, SF(g->title));
        }
    }
}

/* Empty lines at the end of a section only part it from the next. */
static int lines_n(const struct section *s) {
    int n = s->lines.n;
    while (n && str_trim(s->lines.v[n - 1]).n == 0) n--;
    return n;
}

/* --- Names --- */

static void set_name(struct run *r, struct str name, struct str value) {
    int i = 0;
    while (i < r->names_n && !str_eq(r->names[i], name)) i++;
    if (i == NAMES_MAX) fail_msg("too many names");
    r->names[i] = name;
    r->values[i] = str_dup(r->s.arena, value);
    if (i == r->names_n) r->names_n++;
}

/* {name} becomes its value, any other brace stays. */
static struct str fill(struct run *r, struct str text) {
    struct buf b = { .arena = r->s.arena };
    for (size_t i = 0; i < text.n; i++) {
        bool done = false;
        for (int k = 0; text.p[i] == '{' && k < r->names_n && !done; k++) {
            struct str after = str_sub(text, i + 1, r->names[k].n);
            if (!str_eq(after, r->names[k]) || i + 1 + after.n >= text.n) continue;
            if (text.p[i + 1 + after.n] != '}') continue;
            buf_add(&b, r->values[k]);
            i += after.n + 1;
            done = true;
        }
        if (!done) buf_add_c(&b, text.p[i]);
    }
    return b.n ? buf_str(&b) : S("");
}

static struct str word(struct str *rest) {
    struct str piece = S("");
    *rest = str_trim(*rest);
    if (rest->n) (void)str_cut(rest, ' ', &piece);
    return piece;
}

static const char *z(struct run *r, struct str s) {
    return str_z(r->s.arena, s);
}

/* --- Seeds --- */

static void need_firm(struct run *r) {
    if (r->has_firm) return;
    r->has_firm = true;
    served_firm(&r->s, LANG_EN);
}

struct make {
    const struct entity *entity;
    struct str json;
    int64_t id;
};

static enum status make_record(struct ctx *c, void *arg) {
    struct make *m = arg;
    struct json *j;
    struct str why;
    void *row = row_new(c, m->entity);
    c->who.id = 1;
    if (json_parse(c->arena, m->json, &j, &why) != OK) fail_msg("%.*s", SF(why));
    TRY(record_from_json(c, m->entity, j, row));
    TRY(store_save(c, m->entity, row));
    m->id = row_head(row)->id;
    return OK;
}

static struct str joined(struct run *r, const struct section *s, int from) {
    struct buf b = { .arena = r->s.arena };
    for (int i = from; i < lines_n(s); i++) {
        if (i > from) buf_add_c(&b, '\n');
        buf_add(&b, s->lines.v[i]);
    }
    return b.n ? buf_str(&b) : S("");
}

static void do_make(struct run *r, struct str rest, const struct section *s) {
    struct str entity = word(&rest), name = word(&rest);
    struct make m = { .entity = registry_find(entity_registry(), entity),
                      .json = fill(r, joined(r, s, 0)) };
    if (!m.entity) fail_msg("no entity %.*s", SF(entity));
    served_work(&r->s, make_record, &m);
    if (name.n) set_name(r, name, str_printf(r->s.arena, "%lld", (long long)m.id));
}

static enum status make_setup_link(struct ctx *c, void *arg) {
    return setup_link(c, arg);
}

static enum status run_sql(struct ctx *c, void *arg) {
    const struct str *text = arg;
    return db_query_made(c->tx, *text, NULL, NULL, 0);
}

static void do_member(struct run *r, struct str rest) {
    struct str name = word(&rest), role = word(&rest), sees = word(&rest);
    int64_t id = served_member(&r->s, z(r, name), z(r, role), sees.n ? z(r, sees) : "all");
    set_name(r, name, str_printf(r->s.arena, "%lld", (long long)id));
}

static void do_later(struct run *r, struct str rest) {
    int64_t n = 0;
    struct str count = word(&rest), unit = word(&rest);
    int64_t ms = str_starts(unit, S("second"))   ? 1000
                 : str_starts(unit, S("minute")) ? 60000
                 : str_starts(unit, S("hour"))   ? 3600000
                 : str_starts(unit, S("day"))    ? 86400000
                                                 : 0;
    if (!ms || !str_to_i64(count, &n)) fail_msg("later %.*s", SF(rest));
    r->s.app->config.now_ms += n * ms;
}

/* --- Requests --- */

static const struct served_who *who_is(struct run *r, struct str name) {
    static const char *const roles[] = { "owner", "manager", "member", "reader" };
    int64_t id = 0;
    struct str whole = name, plain = NO_STR;
    for (int i = 0; i < r->who_n; i++)
        if (str_eq(r->who_names[i], name)) return &r->who[i];
    (void)str_cut(&whole, '#', &plain);
    whole = name;
    name = plain;
    for (int i = 0; i < 4; i++)
        if (str_eq_z(name, roles[i])) id = i + 1;
    if (str_eq_z(name, "accountant")) id = served_member(&r->s, "accountant", "accountant", "all");
    for (int i = 0; i < r->names_n; i++)
        if (str_eq(r->names[i], name)) (void)str_to_i64(r->values[i], &id);
    if (!id) fail_msg("nobody is called %.*s", SF(name));
    r->who_names[r->who_n] = whole;
    r->who[r->who_n] = served_sign_in(&r->s, id);
    return &r->who[r->who_n++];
}

static void add_escaped(struct buf *b, struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == ' ')
            buf_add_c(b, '+');
        else if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
                 strchr("-._~", c))
            buf_add_c(b, (char)c);
        else
            buf_printf(b, "%%%02X", c);
    }
}

static void add_part(struct run *r, struct buf *b, struct str name, struct str value) {
    buf_add_z(b, "--BOUNDARY\r\nContent-Disposition: form-data; name=\"");
    buf_add(b, name);
    if (str_starts(value, S("@"))) {
        struct str file = str_sub(value, 1, value.n);
        buf_printf(b, "\"; filename=\"%.*s\"\r\nContent-Type: text/csv\r\n\r\n", SF(file));
        buf_add(b, fill(r, str_printf(r->s.arena, "{file %.*s}", SF(file))));
    } else {
        buf_printf(b, "\"\r\n\r\n%.*s", SF(value));
    }
    buf_add_z(b, "\r\n");
}

/* name=value lines: a form, or multipart when a value is a file. \n in a value is a new line. */
static struct str form_body(struct run *r, const struct section *s, int from, const char **type) {
    struct buf b = { .arena = r->s.arena };
    bool multipart = false;
    for (int i = from; i < lines_n(s); i++) multipart |= str_find(s->lines.v[i], S("=@")) >= 0;
    for (int i = from; i < lines_n(s); i++) {
        struct str value = fill(r, s->lines.v[i]), name = S("");
        (void)str_cut(&value, '=', &name);
        struct buf lines = { .arena = r->s.arena };
        for (size_t k = 0; k < value.n; k++) {
            bool new_line = value.p[k] == '\\' && k + 1 < value.n && value.p[k + 1] == 'n';
            buf_add_c(&lines, new_line ? '\n' : value.p[k]);
            k += new_line;
        }
        value = lines.n ? buf_str(&lines) : S("");
        if (multipart) {
            add_part(r, &b, name, value);
            continue;
        }
        if (b.n) buf_add_c(&b, '&');
        add_escaped(&b, name);
        buf_add_c(&b, '=');
        add_escaped(&b, value);
    }
    if (multipart) buf_add_z(&b, "--BOUNDARY--\r\n");
    if (multipart) *type = "multipart/form-data; boundary=BOUNDARY";
    return b.n ? buf_str(&b) : NO_STR;
}

static bool is_header(struct str line) {
    ptrdiff_t at = str_find(line, S(": "));
    for (ptrdiff_t i = 0; i < at; i++)
        if (line.p[i] != '-' && ((line.p[i] | 32) < 'a' || (line.p[i] | 32) > 'z')) return false;
    return at > 0;
}

/* "language=fa": a column of his row. */
static void set_columns(struct run *r, const struct served_who *who, struct str rest,
                        bool *no_csrf) {
    for (struct str w; (w = word(&rest)).n;) {
        struct str name;
        if (str_eq_z(w, "nocsrf")) {
            *no_csrf = true;
            continue;
        }
        if (!str_cut(&w, '=', &name) || !who) fail_msg("as …: %.*s", SF(name));
        struct str sql = str_printf(r->s.arena, "UPDATE member SET %.*s = '%.*s' WHERE id = %lld",
                                    SF(name), SF(w), (long long)who->member);
        served_work(&r->s, run_sql, &sql);
    }
}

/* Letters that a browser would write as %XX. */
static struct str wire_target(struct run *r, struct str s) {
    struct buf b = { .arena = r->s.arena };
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x80)
            buf_add_c(&b, s.p[i]);
        else
            buf_printf(&b, "%%%02X", (unsigned char)s.p[i]);
    }
    return buf_str(&b);
}

static void do_as(struct run *r, struct str rest, const struct section *s) {
    struct str name = word(&rest), method, target;
    struct call call = { .who = NULL };
    if (!str_eq_z(name, "nobody")) need_firm(r);
    if (!str_eq_z(name, "nobody")) call.who = who_is(r, name);
    set_columns(r, call.who, rest, &call.no_csrf);
    if (s->lines.n == 0) fail_msg("as %.*s: no request", SF(name));
    target = fill(r, s->lines.v[0]);
    method = word(&target);
    call.method = z(r, method);
    call.target = z(r, wire_target(r, str_trim(target)));
    int i = 1;
    for (; i < s->lines.n && is_header(s->lines.v[i]); i++) {
        struct str value = fill(r, s->lines.v[i]), key;
        (void)str_cut(&value, ':', &key);
        key = str_lower_ascii(r->s.arena, key);
        if (str_eq_z(key, "content-type"))
            call.type = z(r, str_trim(value));
        else
            http_pairs_add(r->s.arena, &call.headers, key, str_trim(value));
    }
    if (i < s->lines.n && s->lines.v[i].n == 0) i++;
    struct str plain = joined(r, s, i);
    bool json = plain.n && (plain.p[0] == '{' || plain.p[0] == '[');
    if (json || call.type)
        call.body = fill(r, plain);
    else
        call.body = form_body(r, s, i, &call.type);
    if (json && !call.type) call.type = "application/json";
    r->last = served_call(&r->s, &call);
}

/* --- Expectations --- */

static struct str one_blank(struct arena *a, struct str s) {
    struct buf b = { .arena = a };
    buf_reserve(&b, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r';
        if (!blank)
            buf_add_c(&b, s.p[i]);
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_add_c(&b, ' ');
    }
    return b.n ? buf_str(&b) : S("");
}

/* Where the pieces of text, parted by …, stand one after another; -1: nowhere. *end is behind. */
static ptrdiff_t find(struct str body, size_t from, struct str text, size_t *end) {
    ptrdiff_t begin = -1;
    size_t at = from;
    while (text.n) {
        ptrdiff_t gap = str_find(text, S("…"));
        struct str piece = gap < 0 ? text : str_sub(text, 0, (size_t)gap);
        text = gap < 0 ? NO_STR : str_sub(text, (size_t)gap + 3, text.n);
        ptrdiff_t found = str_find(str_sub(body, at, body.n), piece);
        if (found < 0) return -1;
        if (begin < 0) begin = (ptrdiff_t)at + found;
        at += (size_t)found + piece.n;
    }
    *end = at;
    return begin < 0 ? (ptrdiff_t)from : begin;
}

static void say_body(struct run *r) {
    struct str body = str_sub(r->last.body, 0, 20000);
    print_message("--- the answer was %d\n", r->last.status);
    for (int i = 0; i < r->last.headers.n; i++)
        print_message("< %.*s: %.*s\n", SF(r->last.headers.v[i].name),
                      SF(r->last.headers.v[i].value));
    print_message("%.*s\n---\n", SF(body));
}

static void wrong(struct run *r, const char *what, struct str line) {
    if (r->suite->accept) return;
    say_body(r);
    fail_msg("%s: %s: %.*s", r->golden->file, what, SF(line));
}

/* How many trigrams of the line stand in the other: what `accept` puts in its place. */
static int alike(struct str a, struct str b) {
    int n = 0;
    for (size_t i = 0; i + 3 <= a.n; i++) n += str_find(b, str_sub(a, i, 3)) >= 0;
    return n;
}

static struct str nearest(struct run *r, struct str text) {
    struct str rest = r->last.body, line, best = S("");
    int most = -1;
    while (rest.n && str_cut(&rest, '\n', &line)) {
        int n = alike(text, line) * 4 - (int)(line.n / 8);
        if (n > most && str_trim(line).n) most = n, best = str_trim(line);
    }
    return str_sub(best, 0, 300);
}

static struct str want_header(struct run *r, struct str line) {
    struct str value = fill(r, str_sub(line, 2, line.n)), key;
    (void)str_cut(&value, ':', &key);
    struct str got = answered_header(&r->last, z(r, key));
    size_t end;
    ptrdiff_t at = find(got, 0, str_trim(value), &end);
    bool good = got.p && at == 0 && end == got.n;
    if (!got.p && str_trim(value).n == 0) good = true;
    if (good) return line;
    wrong(r, "header", line);
    return str_printf(r->s.arena, "< %.*s: %.*s", SF(key), SF(got));
}

static void take_name(struct run *r, struct str body, struct str line) {
    struct str rest = str_sub(line, 2, line.n), name = word(&rest);
    size_t end;
    if (find(body, 0, fill(r, rest), &end) < 0) {
        wrong(r, "nothing to take", line);
        return;
    }
    size_t to = end;
    while (to < body.n && !strchr("\"'<>& )", body.p[to])) to++;
    set_name(r, name, str_sub(body, end, to - end));
}

static void do_expect(struct run *r, struct str rest, struct section *s) {
    int64_t status = 0;
    struct str body = one_blank(r->s.arena, r->last.body);
    size_t at = 0;
    s->accepted_head = str_printf(r->suite->arena, "expect %d", r->last.status);
    if (!str_to_i64(word(&rest), &status) || status != r->last.status)
        wrong(r, "the status is another one than", s->head);
    for (int i = 0; i < s->lines.n; i++) {
        struct str line = s->lines.v[i], keep = line;
        struct str text = one_blank(r->s.arena, fill(r, line));
        size_t end = 0;
        if (str_starts(line, S("< "))) {
            keep = want_header(r, line);
        } else if (str_starts(line, S("= "))) {
            take_name(r, body, line);
        } else if (str_starts(line, S("!"))) {
            if (find(body, 0, str_sub(text, 1, text.n), &end) >= 0) wrong(r, "stands there", line);
        } else if (str_trim(line).n) {
            ptrdiff_t found = find(body, at, text, &end);
            if (found >= 0)
                at = end;
            else {
                wrong(r, "does not stand there (or not behind the line before)", line);
                keep = nearest(r, text);
            }
        }
        add_line(r->suite->arena, &s->accepted, str_dup(r->suite->arena, keep));
    }
}

static void do_rows(struct run *r, struct str rest, struct section *s) {
    struct str table = word(&rest), columns = fill(r, rest), more = S("");
    ptrdiff_t where = str_find(columns, S(" where ")), order = str_find(columns, S(" order by "));
    ptrdiff_t cut = where >= 0 ? where : order;
    if (cut >= 0) {
        more = str_sub(columns, (size_t)cut, columns.n);
        columns = str_sub(columns, 0, (size_t)cut);
    }
    if (order < 0) more = str_printf(r->s.arena, "%.*s ORDER BY 1, 2", SF(more));
    if (order < 0 && str_find_c(columns, ',') < 0) more = str_sub(more, 0, more.n - 3);
    struct str got = served_rows(&r->s, z(r, columns), z(r, table), z(r, more));
    struct str rest_got = got, line;
    for (int i = 0; i < lines_n(s); i++) {
        struct str text = fill(r, s->lines.v[i]);
        bool same = rest_got.n && str_cut(&rest_got, '\n', &line) && str_eq(line, text);
        if (same || r->suite->accept) continue;
        fail_msg("%s: rows %.*s:\n%.*s--- expected\n%.*s", r->golden->file, SF(s->head), SF(got),
                 SF(text));
    }
    if (rest_got.n && !r->suite->accept)
        fail_msg("%s: more rows in %.*s:\n%.*s", r->golden->file, SF(s->head), SF(rest_got));
    bool equal = str_eq(str_trim(got), str_trim(fill(r, joined(r, s, 0))));
    for (int i = 0; equal && i < s->lines.n; i++)
        add_line(r->suite->arena, &s->accepted, s->lines.v[i]);
    for (rest_got = got; !equal && rest_got.n && str_cut(&rest_got, '\n', &line);)
        add_line(r->suite->arena, &s->accepted, str_dup(r->suite->arena, line));
    if (!equal && lines_n(s) < s->lines.n) add_line(r->suite->arena, &s->accepted, S(""));
}

/* --- A case --- */

static void do_section(struct run *r, struct section *s) {
    struct str rest = s->head, what = word(&rest), token;
    if (str_eq_z(what, "empty")) {
        r->has_firm = true;
    } else if (str_eq_z(what, "firm")) {
        enum lang lang = LANG_EN;
        if (r->has_firm || !lang_of(rest, &lang)) fail_msg("firm %.*s", SF(rest));
        r->has_firm = true;
        served_firm(&r->s, lang);
    } else if (str_eq_z(what, "setup")) {
        served_work(&r->s, make_setup_link, &token);
        set_name(r, S("setup"), token);
    } else if (str_eq_z(what, "file")) {
        set_name(r, str_printf(r->s.arena, "file %.*s", SF(rest)),
                 str_printf(r->s.arena, "%.*s\n", SF(joined(r, s, 0))));
    } else if (str_eq_z(what, "expect")) {
        do_expect(r, rest, s);
    } else if (str_eq_z(what, "later")) {
        do_later(r, rest);
    } else {
        need_firm(r);
        struct str sql = fill(r, joined(r, s, 0));
        if (str_eq_z(what, "make"))
            do_make(r, rest, s);
        else if (str_eq_z(what, "member"))
            do_member(r, rest);
        else if (str_eq_z(what, "sql"))
            served_work(&r->s, run_sql, &sql);
        else if (str_eq_z(what, "jobs"))
            served_jobs(&r->s);
        else if (str_eq_z(what, "as"))
            do_as(r, rest, s);
        else if (str_eq_z(what, "rows"))
            do_rows(r, rest, s);
        else
            fail_msg("%s: no such section: %.*s", r->golden->file, SF(s->head));
    }
}

static void run_case(void **state) {
    struct run *r = *state;
    if (r->pg && !fixture_has_pg()) skip();
    served_open(&r->s, r->pg, r->suite->hasher);
    for (int i = 0; i < r->golden->n; i++) do_section(r, &r->golden->v[i]);
}

static int close_case(void **state) {
    struct run *r = *state;
    if (r->s.app) served_close(&r->s);
    return 0;
}

/* --- Accepting --- */

static void write_section(FILE *f, const struct section *s) {
    struct str head = s->accepted_head.n ? s->accepted_head : s->head;
    const struct strs *lines = s->accepted_head.n || s->accepted.n ? &s->accepted : &s->lines;
    fprintf(f, "--- %.*s\n", SF(head));
    for (int i = 0; i < lines->n; i++) fprintf(f, "%.*s\n", SF(lines->v[i]));
}

static void write_accepted(struct suite *suite) {
    const char *open = NULL;
    FILE *f = NULL;
    for (int i = 0; i < suite->cases_n; i++) {
        struct golden *g = &suite->cases[i];
        if (g->file != open) {
            struct str rest = read_all(suite->arena, g->file), line;
            if (f) fclose(f);
            f = fopen(g->file, "wb");
            if (!f) fail_msg("%s", g->file);
            open = g->file;
            while (rest.n && str_cut(&rest, '\n', &line) && !str_starts(line, S("=== ")))
                fprintf(f, "%.*s\n", SF(line));
        }
        fprintf(f, "=== %.*s\n", SF(g->title));
        for (int k = 0; k < g->n; k++) write_section(f, &g->v[k]);
    }
    if (f) fclose(f);
}

int main(int argc, char **argv) {
    struct suite suite = { .arena = arena_new(), .accept = getenv("DAFTAR_ACCEPT") != NULL };
    glob_t files;
    suite.cases = arena_array(suite.arena, struct golden, CASES_MAX);
    if (glob("src/features/*/t/*.case", 0, NULL, &files) != 0) return 2;
    for (size_t i = 0; i < files.gl_pathc; i++)
        if (argc < 2 || strstr(files.gl_pathv[i], argv[1])) read_file(&suite, files.gl_pathv[i]);
    suite.hasher = hasher_new();
    int n = 0;
    struct CMUnitTest *tests = arena_array(suite.arena, struct CMUnitTest, suite.cases_n * 2 + 1);
    for (int pg = 0; pg < (suite.accept ? 1 : 2); pg++)
        for (int i = 0; i < suite.cases_n; i++) {
            struct golden *g = &suite.cases[i];
            struct run *r = arena_new_of(suite.arena, struct run);
            *r = (struct run){ .suite = &suite, .golden = g, .pg = pg };
            const char *name = strstr(g->file, "features/") + 9;
            tests[n++] = (struct CMUnitTest){
                .name = str_printf(suite.arena, "%s: %.*s (%s)", name, SF(g->title),
                                   pg ? "PostgreSQL" : "SQLite")
                            .p,
                .test_func = run_case,
                .teardown_func = close_case,
                .initial_state = r,
            };
        }
    int failed = _cmocka_run_group_tests("golden cases", tests, (size_t)n, NULL, NULL);
    if (suite.accept && !failed) write_accepted(&suite);
    globfree(&files);
    hasher_free(suite.hasher);
    arena_free(suite.arena);
    return failed;
}
