/* Counting guesses (guess.h). Called by sign-in, by the settings and by the gate when it asks
 * again; calls the table guess, which nobody else touches. */
#include "core/web/guess.h"

#include "core/app/app.h"
#include "core/app/secret.h"

enum { SLOTS = 16384, TRIES = 4 };

SQL(guess_full, "SELECT tries FROM guess WHERE slot = :slot AND tries >= :most "
                "AND since > :from AND since <= :now");
SQL(guess_add,
    "INSERT INTO guess (slot, tries, since) VALUES (:slot, 1, :now) ON CONFLICT (slot) DO UPDATE "
    "SET tries = CASE WHEN guess.since > :from AND guess.since <= :now THEN guess.tries + 1 "
    "ELSE 1 END, "
    "since = CASE WHEN guess.since > :from AND guess.since <= :now THEN guess.since ELSE :now END "
    "WHERE guess.tries < :most OR guess.since <= :from OR guess.since > :now");
SQL(guess_back, "UPDATE guess SET tries = tries - 1 WHERE slot = :slot AND tries > 0");

struct guess guess_of(struct req *r, enum guess_kind kind, int64_t device, struct str name) {
    static const char *const purposes[2][2] = { { "password", "password of device" },
                                                { "code", "code of device" } };
    struct str text = device ? str_printf(r->c.arena, "%lld", (long long)device) : name;
    return (struct guess){ secret_slot(r->app, purposes[kind][device != 0], text, SLOTS),
                           kind == GUESS_CODE ? GUESS_CODES : GUESS_PASSWORDS };
}

static enum status look(struct req *r, struct guess g, bool *full) {
    struct tx *tx;
    struct rows rows;
    *full = false;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    enum status s = db_query(tx, &guess_full, &rows, P("slot", g.slot), P("most", g.most),
                             P("now", r->c.now_ms), P("from", r->c.now_ms - GUESS_WINDOW_MS));
    if (s == OK) *full = rows.n > 0;
    return db_end(tx, s);
}

static enum status add(struct req *r, struct guess g, bool *full) {
    struct tx *tx;
    TRY(db_write(r->app->db, r->c.arena, &tx));
    enum status s = db_run(tx, &guess_add, P("slot", g.slot), P("most", g.most),
                           P("now", r->c.now_ms), P("from", r->c.now_ms - GUESS_WINDOW_MS));
    if (s == OK) *full = db_changed(tx) == 0;
    return db_end(tx, s);
}

enum status guess_take(struct req *r, struct guess g) {
    bool full = false;
    enum status s = BUSY;
    for (int i = 0; i < TRIES && s == BUSY; i++) {
        s = look(r, g, &full);
        if (s == OK && !full) s = add(r, g, &full);
    }
    return s == OK && full ? TOO_MANY : s;
}

enum status guess_right(struct ctx *c, struct guess g) {
    return db_run(c->tx, &guess_back, P("slot", g.slot));
}
