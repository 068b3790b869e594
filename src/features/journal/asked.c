/* What an address of the journal asks for: who, whom, when, by which door. Shared by the page and
 * the file; called by pages.c and csv.c. */
#include "features/journal/pages.h"
#include "features/party/party.h"
#include "lib/locale/zone.h"

#define DAY_MS 86400000LL

SQL(journal_files, "SELECT id FROM attachment WHERE party = :id ORDER BY id");

static const struct {
    const char *code;
    unsigned kinds;
    bool bulk;
} shows[] = { { "", 0, false },
              { "opened", 1u << LOOK_OPENED, false },
              { "exports", 1u << LOOK_EXPORT | 1u << LOOK_LEFT, false },
              { "bulk", 0, true },
              { "doors", 1u << LOOK_EVENT, false } };

static int64_t day_begins(struct ctx *c, struct day day) {
    return zone_ms(c->loc->zone, day, 0);
}

static struct str bad_date(struct ctx *c, const struct date_problem *why) {
    return tr_fill(c->arena, T(c, why->msgid), why->args, why->args_n);
}

static void read_time(struct ctx *c, struct journal_asked *k) {
    struct day day;
    struct date_problem why = { .msgid = NULL };
    int64_t n;
    if (str_to_i64(k->days, &n) && n > 0) {
        day = day_of_number(day_number(date_today(c->loc)) - (n - 1));
        k->q.from_ms = day_begins(c, day);
    }
    if (k->from.n && date_parse(c->arena, c->loc, k->from, &day, &why))
        k->q.from_ms = day_begins(c, day);
    else if (k->from.n)
        k->from_problem = bad_date(c, &why);
    if (k->until.n && date_parse(c->arena, c->loc, k->until, &day, &why))
        k->q.until_ms = day_begins(c, day_of_number(day_number(day) + 1));
    else if (k->until.n)
        k->until_problem = bad_date(c, &why);
}

static bool number_of(struct req *r, const char *name, int64_t absent, int64_t *out) {
    struct str text = req_query(r, name);
    *out = absent;
    return text.n == 0 || (str_to_i64(text, out) && *out >= 0);
}

enum status journal_asked(struct req *r, struct journal_asked *out) {
    struct ctx *c = &r->c;
    int64_t first, last;
    *out = (struct journal_asked){ .by = req_query(r, "by"),
                                   .door = req_query(r, "door"),
                                   .days = req_query(r, "days"),
                                   .from = req_query(r, "from"),
                                   .until = req_query(r, "until"),
                                   .show = req_query(r, "show") };
    struct look_query *q = &out->q;
    q->door = -1;
    if (!number_of(r, "by", -1, &q->member) || !number_of(r, "client", 0, &out->client) ||
        !number_of(r, "before", 0, &q->before) || !number_of(r, "first", 0, &first) ||
        !number_of(r, "last", 0, &last))
        return MALFORMED;
    TRY(journal_about(c, out->client, q));
    for (int i = DOOR_WEB; i <= DOOR_JOB; i++)
        if (str_eq_z(out->door, door_code((enum door)i))) q->door = i;
    if (out->door.n && q->door < 0) return MALFORMED;
    bool known = false;
    for (int i = 0; i < COUNT(shows); i++)
        if (str_eq_z(out->show, shows[i].code)) {
            q->kinds = shows[i].kinds;
            q->bulk = shows[i].bulk;
            known = true;
        }
    if (!known) return MALFORMED;
    read_time(c, out);
    if (first && last) { /* the lines of one run */
        q->from_ms = first;
        q->until_ms = last + 1;
        q->apart = true;
    }
    return OK;
}

enum status journal_about(struct ctx *c, int64_t client, struct look_query *q) {
    struct rows r;
    q->id = client;
    if (!client) return OK;
    TRY(db_query(c->tx, &journal_files, &r, P("id", client)));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    q->files = ids;
    q->files_n = r.n;
    return OK;
}

struct url journal_url(struct ctx *c, const char *path, const struct journal_asked *k) {
    const struct {
        const char *name;
        struct str value;
    } all[] = { { "by", k->by },     { "door", k->door },   { "days", k->days },
                { "from", k->from }, { "until", k->until }, { "show", k->show } };
    struct url u = url_own(str_of(path));
    for (int i = 0; i < COUNT(all); i++)
        if (all[i].value.n) u = url_query(c->arena, u, all[i].name, all[i].value);
    if (k->client)
        u = url_query(c->arena, u, "client", str_printf(c->arena, "%lld", (long long)k->client));
    return u;
}
