/* The history of the firm: every piece of work with its changes, one piece by itself, and taking
 * back. Called through feature.c; calls core/entity/history.h, and for long undos the queue of
 * jobs. */
#include "features/history/pages.h"

#include "core/entity/store.h"
#include "core/job/job.h"
#include "features/history/history.html.h"
#include "features/member/member.h"
#include "features/merge/merge.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { BATCHES = 20, CHANGES_SHOWN = 3, CHANGES_PAGE = 50, COUNTED = 10000, UNDO_AT_ONCE = 500 };

#define BATCH_COLUMNS                                                                              \
    "SELECT batch.id, batch.at, batch.door, batch.title, batch.import, batch.undoes, "             \
    "batch.undone_by, "                                                                            \
    "member.name AS who, (SELECT count(*) FROM (SELECT 1 AS one FROM change WHERE "                \
    "change.batch = batch.id AND " VISIBLE_CHANGE " LIMIT :counted) AS few) AS changes_n "         \
    "FROM batch LEFT JOIN member ON member.id = batch.member "
#define BATCH_SEEN                                                                                 \
    "EXISTS (SELECT 1 FROM change WHERE change.batch = batch.id AND " VISIBLE_CHANGE ")"
SQL(history_batches,
    BATCH_COLUMNS "WHERE (:before = 0 OR batch.id < :before) "
                  "AND (:member = 0 OR batch.member = :member) "
                  "AND (CAST(:door AS TEXT) = '' OR batch.door = :door) AND " BATCH_SEEN
                  " ORDER BY batch.id DESC LIMIT :limit");
SQL(history_one_batch, BATCH_COLUMNS "WHERE batch.id = :batch AND " BATCH_SEEN);

SQL(history_take_back_state,
    "SELECT state FROM job WHERE once_key = :key ORDER BY id DESC LIMIT 1");

static struct str count_text(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    if (n >= COUNTED) return tr_fill(c->arena, T(c, N_("{n} changes or more")), &arg, 1);
    return tr_fill(c->arena, tr_n(c->loc, "{n} change", "{n} changes", n), &arg, 1);
}

static struct url batch_url(struct ctx *c, int64_t id) {
    return url_printf(c->arena, "/history/%lld", (long long)id);
}

/* --- the firm's --- */

/* A piece of work with several changes as one sentence. */
static struct event batch_event(struct ctx *c, const struct rows *r, int i, struct str door) {
    int64_t undoes = row_int(r, i, "undoes"), import = row_int(r, i, "import");
    struct event e = {
        .look = "lapis",
        .icon = "edit",
        .what = N_("{who} made {thing}"),
        .who = row_str(r, i, "who"),
        .thing = count_text(c, row_int(r, i, "changes_n")),
        .door = door,
        .title = row_str(r, i, "title"),
        .at = moment_of(c, row_int(r, i, "at"), INSTANT_TIME),
        .undone = !row_null(r, i, "undone_by"),
    };
    if (import) e.look = "good", e.icon = "import", e.what = N_("{who} imported a file: {thing}");
    if (undoes) e.look = "", e.icon = "undo", e.what = N_("{who} took something back: {thing}");
    if (!e.who.n) e.who = str_of(T(c, N_("The program")));
    return e;
}

static enum status read_batch(struct ctx *c, const struct rows *r, int i, struct batch_view *out) {
    struct history_list list;
    *out =
        (struct batch_view){ .id = row_int(r, i, "id"), .changes_n = row_int(r, i, "changes_n") };
    out->all = batch_url(c, out->id);
    TRY(history_read(c, 0, out->id, 0, CHANGES_SHOWN, &list));
    if (list.n == 0) return MISSING;
    if (out->changes_n == 1) {
        out->event = event_of(c, &list.v[0], 0);
        out->event.batch = row_int(r, i, "undoes") ? batch_url(c, row_int(r, i, "undoes"))
                                                   : (struct url){ NO_STR };
        return OK;
    }
    out->event = batch_event(c, r, i, list.v[0].door);
    out->event.batch = out->all;
    if (!out->event.undone && list.v[0].can_undo)
        out->event.undo = url_printf(c->arena, "/history/%lld/undo", (long long)out->id);
    out->shown.v = arena_array(c->arena, struct event, list.n);
    for (; out->shown.n < list.n; out->shown.n++) {
        struct event e = event_of(c, &list.v[out->shown.n], 0);
        e.undo = (struct url){ NO_STR };
        e.door = e.title = NO_STR;
        out->shown.v[out->shown.n] = e;
    }
    out->more = out->changes_n > list.n;
    return OK;
}

static void add_batch(struct ctx *c, struct history_view *v, int64_t at, struct batch_view b) {
    struct str label = date_show(c->arena, c->loc, zone_local(c->loc->zone, at).day, DATE_RELATIVE);
    if (v->days.n == 0 || !str_eq(v->days.v[v->days.n - 1].label, label)) {
        v->days.v[v->days.n] = (struct batch_day){ .label = label };
        v->days.v[v->days.n++].batches.v = arena_array(c->arena, struct batch_view, BATCHES);
    }
    struct batch_day *d = &v->days.v[v->days.n - 1];
    d->batches.v[d->batches.n++] = b;
}

static enum status choices(struct ctx *c, struct str by, struct str door, struct history_view *v) {
    static const struct {
        const char *code, *label;
    } doors[] = { { "web", N_("Door|Pages") },
                  { "api", N_("Door|API") },
                  { "import", N_("Door|Import") },
                  { "cli", N_("Door|Command line") },
                  { "job", N_("Door|The program") } };
    struct members all;
    TRY(member_all(c, &all));
    options_add(c->arena, &v->members, NO_STR, str_of(T(c, N_("Everybody"))), by);
    for (int i = 0; i < all.n; i++)
        options_add(c->arena, &v->members, str_printf(c->arena, "%lld", (long long)all.v[i].row.id),
                    all.v[i].name, by);
    options_add(c->arena, &v->doors, NO_STR, str_of(T(c, N_("Every door"))), door);
    for (int i = 0; i < COUNT(doors); i++)
        options_add(c->arena, &v->doors, str_of(doors[i].code), str_of(T(c, doors[i].label)), door);
    return OK;
}

static bool number_asked(struct req *r, const char *name, int64_t *out) {
    struct str text = req_query(r, name);
    *out = 0;
    return text.n == 0 || (str_to_i64(text, out) && *out >= 0);
}

enum status history_page(struct req *r) {
    struct ctx *c = &r->c;
    struct rows rows;
    int64_t before, member;
    struct str by = req_query(r, "by"), door = req_query(r, "door");
    struct history_view v = { .newest = url_own(S("/history")), .filtered = by.n || door.n };
    if (!number_asked(r, "before", &before) || !number_asked(r, "by", &member)) return MALFORMED;
    TRY(db_query(c->tx, &history_batches, &rows, P("before", before), P("member", member),
                 P("door", door.n ? door : S("")), P("counted", COUNTED), P("limit", BATCHES + 1),
                 P_VISIBLE_CHANGE(c)));
    TRY(choices(c, by, door, &v));
    v.days.v = arena_array(c->arena, struct batch_day, BATCHES);
    for (int i = 0; i < rows.n && i < BATCHES; i++) {
        struct batch_view b;
        TRY(read_batch(c, &rows, i, &b));
        add_batch(c, &v, row_int(&rows, i, "at"), b);
    }
    if (rows.n > BATCHES) {
        struct str last =
            str_printf(c->arena, "%lld", (long long)row_int(&rows, BATCHES - 1, "id"));
        v.older = url_query(c->arena, v.newest, "before", last);
        if (by.n) v.older = url_query(c->arena, v.older, "by", by);
        if (door.n) v.older = url_query(c->arena, v.older, "door", door);
    }
    if (before == 0) v.newest = (struct url){ NO_STR };
    if (ctx_may(c, ROLE_OWNER)) v.journal = url_own(S("/journal"));
    r->narrow = true;
    return PAGE(r, T(c, N_("History")), "history", history_html, &v);
}

/* --- one piece of work --- */

static enum status one_batch(struct ctx *c, int64_t id, struct rows *r) {
    TRY(db_query(c->tx, &history_one_batch, r, P("batch", id), P("counted", COUNTED),
                 P_VISIBLE_CHANGE(c)));
    return r->n ? OK : MISSING;
}

/* How its long taking back stands, when one was asked for. */
static enum status read_work(struct ctx *c, struct batch_page *v) {
    struct rows r;
    TRY(db_query(c->tx, &history_take_back_state, &r,
                 P("key", str_printf(c->arena, "take_back %lld", (long long)v->id))));
    if (r.n == 0 || v->undone) return OK;
    struct str state = row_str(&r, 0, "state");
    v->failed = str_eq(state, S("failed"));
    v->at_work = !v->failed && !str_eq(state, S("done"));
    return OK;
}

enum status history_batch_page(struct req *r) {
    struct ctx *c = &r->c;
    struct rows rows;
    struct history_list list;
    int64_t id, before;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (!number_asked(r, "before", &before)) return MALFORMED;
    TRY(one_batch(c, id, &rows));
    TRY(history_read(c, 0, id, before, CHANGES_PAGE, &list));
    struct batch_page v = {
        .id = id,
        .who = row_str(&rows, 0, "who"),
        .title = row_str(&rows, 0, "title"),
        .count = count_text(c, row_int(&rows, 0, "changes_n")),
        .at = moment_of(c, row_int(&rows, 0, "at"), INSTANT_LONG),
        .undone = !row_null(&rows, 0, "undone_by"),
    };
    if (!v.who.n) v.who = str_of(T(c, N_("The program")));
    if (row_int(&rows, 0, "undoes")) v.undid = batch_url(c, row_int(&rows, 0, "undoes"));
    if (row_int(&rows, 0, "import"))
        v.import = url_printf(c->arena, "/import/%lld", (long long)row_int(&rows, 0, "import"));
    bool may = false;
    for (int i = 0; i < list.n; i++) {
        struct event e = event_of(c, &list.v[i], 0);
        v.door = e.door;
        may = may || list.v[i].can_undo;
        e.door = e.title = NO_STR;
        event_add(c, &v.days, e, list.v[i].at);
    }
    TRY(read_work(c, &v));
    if (may && !v.at_work) v.undo = url_printf(c->arena, "/history/%lld/undo", (long long)id);
    if (list.next)
        v.older = url_query(c->arena, batch_url(c, id), "before",
                            str_printf(c->arena, "%lld", (long long)list.next));
    if (before) v.newest = batch_url(c, id);
    r->narrow = true;
    return PAGE(r, T(c, N_("One change")), "history", batch_html, &v);
}

/* --- taking back --- */

/* Where the person sees what he took back: the client when it was about one alone, else the undo
 * itself. */
static enum status go_back(struct req *r, int64_t batch) {
    struct ctx *c = &r->c;
    struct history_list list;
    TRY(history_read(c, 0, batch, 0, CHANGES_SHOWN, &list));
    struct url to = batch_url(c, batch);
    int64_t party = list.n ? list.v[0].party : 0;
    for (int i = 0; i < list.n; i++)
        if (list.v[i].party != party) party = 0;
    if (party && !list.next) to = url_printf(c->arena, "/clients/%lld", (long long)party);
    return go_toast(r, to, N_("Taken back."), batch);
}

static enum status keep(struct req *r, enum status st, const struct obstacles *found) {
    struct obstacles *kept = arena_new_of(r->c.arena, struct obstacles);
    *kept = *found;
    r->kept = kept;
    return st;
}

/* A file's rows go the import's own way, whose page shows how far it is. */
static enum status take_back_later(struct req *r, int64_t batch, int64_t import) {
    struct ctx *c = &r->c;
    const char *kind = import ? "undo" : "take_back";
    long long id = (long long)(import ? import : batch);
    struct str argument = str_printf(c->arena, "{\"%s\":%lld}", import ? "import" : "batch", id);
    int64_t job;
    TRY(job_enqueue(c, kind, argument, str_printf(c->arena, "%s %lld", kind, id), 0, &job));
    struct url to = import ? url_printf(c->arena, "/import/%lld", id) : batch_url(c, batch);
    return go_toast(r, to, N_("It is being taken back; that may take a while."), 0);
}

enum status history_undo_batch_post(struct req *r) {
    struct ctx *c = &r->c;
    struct rows rows;
    struct obstacles found = { 0 };
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(one_batch(c, id, &rows));
    if (row_int(&rows, 0, "changes_n") <= UNDO_AT_ONCE) {
        enum status st = history_undo_batch(c, id, &found);
        return st == OK ? go_back(r, c->batch) : st == CONFLICT ? keep(r, st, &found) : st;
    }
    return take_back_later(r, id, row_int(&rows, 0, "import"));
}

enum status history_undo_change_post(struct req *r) {
    struct ctx *c = &r->c;
    struct obstacles found = { 0 };
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    enum status st = history_undo_change(c, id, &found);
    return st == OK ? go_back(r, c->batch) : st == CONFLICT ? keep(r, st, &found) : st;
}

/* Where a batch is shown: that of a merging on the merging's page, which takes it apart with what
 * came since. */
static enum status place_of(struct ctx *c, int64_t batch, struct url *to, bool *merge) {
    int64_t id;
    TRY(merge_of_batch(c, batch, &id));
    *merge = id > 0;
    *to = id ? url_printf(c->arena, "/merges/%lld", (long long)id) : batch_url(c, batch);
    return OK;
}

enum status history_obstacles(struct req *r) {
    struct ctx *c = &r->c;
    const struct obstacles *found = r->kept;
    struct obstacles_page v = { .back = url_own(S("/history")) };
    int n = found ? found->n : 0;
    int64_t asked;
    bool merge = false, other;
    bool of_batch = str_starts(r->http->path, S("/history/")) && req_arg_id(r, 0, &asked);
    if (n && of_batch) TRY(place_of(c, asked, &v.merge, &merge));
    if (!merge) v.merge = (struct url){ NO_STR };
    v.list.v = arena_array(c->arena, struct obstacle_view, n + 1);
    for (; v.list.n < n; v.list.n++) {
        const struct obstacle *o = &found->v[v.list.n];
        v.list.v[v.list.n] =
            (struct obstacle_view){ .name = o->name,
                                    .field = o->field,
                                    .at = moment_of(c, o->at, INSTANT_RELATIVE),
                                    .who = o->who.n ? o->who : str_of(T(c, N_("The program"))) };
        TRY(place_of(c, o->batch, &v.list.v[v.list.n].to, &other));
    }
    v.more = found ? found->total - found->n : 0;
    v.done_before = n == 0;
    r->narrow = true;
    return PAGE(r, T(c, N_("This cannot be taken back")), "history", obstacles_html, &v);
}
