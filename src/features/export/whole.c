/* The steps of an export of everything, one after another (whole.h). Called by pages.c and
 * command.c; calls whole_csv.c, whole_json.c, whole_book.c, whole_files.c. */
#include "features/export/whole.h"

#include "core/entity/list.h"
#include "core/web/journal.h"

enum { BUSY_MAX = 5 };

static whole_step *const steps[] = {
    whole_book_frame,  whole_clients_csv,   whole_cards,       whole_entities_csv,
    whole_history_csv, whole_entities_json, whole_binned_json, whole_tables_json,
    whole_book_list,   whole_book_clients,  whole_book_names,  whole_attached,
    whole_photos,      whole_sources,       whole_missing,
};

struct whole *whole_open(struct app *app, const struct ctx *c, struct sink *sink) {
    struct arena *a = arena_new();
    struct whole *w = arena_new_of(a, struct whole);
    *w = (struct whole){ .arena = a, .app = app, .loc = *c->loc, .sink = sink };
    w->as = (struct ctx){
        .loc = &w->loc, .firm = c->firm, .who = c->who, .door = c->door, .now_ms = c->now_ms
    };
    w->as.who.sees = SEES_ALL; /* everything is everything */
    struct str *texts[] = { &w->as.firm.name, &w->as.firm.alphabet, &w->as.firm.currency,
                            &w->as.firm.zone, &w->as.firm.language, &w->as.who.name,
                            &w->as.who.email };
    for (int i = 0; i < COUNT(texts); i++) *texts[i] = str_dup(a, *texts[i]);
    return w;
}

void whole_close(struct whole *w) {
    if (w) arena_free(w->arena);
}

int64_t whole_clients(const struct whole *w) {
    return w->at.clients_n;
}

enum status whole_ids(struct ctx *c, const struct entity *e, bool binned, int64_t *after,
                      int64_t *ids, int cap, int *n) {
    struct list_query q = { .entity = e, .binned = binned };
    *n = 0;
    if (e->one_row) {
        if (*after == 0 && !binned) ids[(*n)++] = *after = 1;
        return OK;
    }
    return list_walk(c, &q, after, ids, cap, n);
}

static enum status write_piece(struct whole *w, const struct piece *p) {
    if (p->entry.n) TRY(sink_entry(w->sink, p->entry, p->bytes, p->at_ms));
    return sink_write(w->sink, buf_str(&p->out));
}

static enum status step(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    if (!w->sees_own) TRY(app_own(w->app, c->tx, &w->as.own));
    w->sees_own = true;
    c->own = w->as.own;
    return steps[w->at.step](w, c, p, done);
}

static enum status try_piece(struct whole *w, struct arena *a, struct piece *p, bool *done) {
    struct ctx c = w->as;
    c.arena = a;
    p->out = (struct buf){ .arena = a };
    p->entry = NO_STR;
    p->bytes = -1;
    p->at_ms = w->as.now_ms;
    *done = false;
    TRY(db_read(w->app->db, a, &c.tx));
    return db_end(c.tx, step(w, &c, p, done));
}

enum status whole_piece(struct whole *w, bool *more) {
    enum status s = BUSY;
    *more = true;
    for (int i = 0; s == BUSY && i < BUSY_MAX; i++) {
        struct arena *a = arena_new();
        struct whole_at before = w->at;
        struct piece p;
        bool done;
        s = try_piece(w, a, &p, &done);
        if (s != OK) w->at = before;
        if (s == OK) s = write_piece(w, &p);
        if (s == OK && done) {
            w->at.step++;
            w->at.sub = 0;
            w->at.after = w->at.after2 = w->at.done = 0;
        }
        arena_free(a);
    }
    if (s == OK && w->at.step == COUNT(steps)) {
        *more = false;
        s = sink_end(w->sink);
        journal_export(w->app, &w->as, "party", w->at.clients_n);
    }
    return s;
}
