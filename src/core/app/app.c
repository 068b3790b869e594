/* The parts that every door shares: database, zones, the firm's settings, contexts (app.h).
 * Called by app/, core/web, core/job; calls db, locale and the store's context. */
#include "core/app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "core/entity/order.h"
#include "core/entity/own.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/locale/collate.h"
#include "lib/locale/zone.h"
#include "lib/pdf/pdf.h"

SQL(app_firm_version, "SELECT version + fields_version AS version FROM firm WHERE id = 1");
SQL(app_firm_read, "SELECT version + fields_version AS version, name, language, alphabet, "
                   "calendar, digits, first_weekday, zone, "
                   "currency, country, client_word, welcomed, demo FROM firm WHERE id = 1");
SQL(app_member_read, "SELECT id, name, email, role, sees, team, language, calendar, digits, "
                     "first_weekday, zone FROM member "
                     "WHERE id = :id AND active = 1 AND deleted_at IS NULL");

/* One published version of the settings. Older ones stay until the end: requests may still read
 * them, and a business changes its settings a few times in its life. */
struct firm_version {
    int64_t version;
    struct firm firm;
    struct firm_version *before;
};
struct firm_cache {
    _Atomic(struct firm_version *) now;
    pthread_mutex_t lock; /* also for app->arena, once threads run */
};

static bool make_folder(const char *path) {
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

const char *app_path(const struct app *app, struct arena *a, const char *below) {
    return str_printf(a, "%s/%s", app->config.data, below).p;
}

static enum status make_folders(struct app *app) {
    static const char *const names[] = { "files", "previews", "journal", "keys", "tmp" };
    const char *data = app->config.data;
    bool good = make_folder(data);
    struct arena *a = arena_new();
    for (size_t i = 0; good && i < sizeof names / sizeof *names; i++)
        good = make_folder(app_path(app, a, names[i]));
    arena_free(a);
    if (!good) log_warn("cannot make the folder %s: %s", data, strerror(errno));
    return good ? OK : BROKEN;
}

/* Connections for reading: of SQLite, more would take memory without answering more at once; of
 * PostgreSQL, threads wait for its answers. A thread that finds none waits for the next. */
enum { READERS_MOST = 8, READERS_MOST_PG = 12 };

enum status app_open(struct app **out, const struct app_config *config) {
    struct app *app = calloc(1, sizeof *app);
    if (!app) BUG("out of memory");
    app->config = *config;
    if (app->config.threads < 1) app->config.threads = 1;
    int threads = app->config.threads + 1; /* and the network's */
    if (!app->config.data) app->config.data = "daftar-files";
    random_bytes(app->secret, sizeof app->secret);
    app->firms = calloc(1, sizeof *app->firms);
    app->benches = calloc((size_t)app->config.threads, sizeof *app->benches);
    if (!app->firms || !app->benches) BUG("out of memory");
    pthread_mutex_init(&app->firms->lock, NULL);
    app->arena = arena_new();
    app->zones = zones_new(NULL);
    app->orders = orders_new();
    app->fonts = pdf_fonts_new();
    enum status s = config->create || config->database ? make_folders(app) : OK;
    int readers_most = config->database ? READERS_MOST_PG : READERS_MOST;
    struct db_config db = { .where = config->database ? config->database : config->data,
                            .create = config->create,
                            .readers = threads < readers_most ? threads : readers_most,
                            .checkpoints = config->serves };
    if (s == OK) s = db_open(&app->db, &db);
    if (s == OK && !config->create && !config->database) s = make_folders(app);
    if (s == OK) s = secret_keys_open(app);
    if (s == OK) s = migrate_up(app->db, app->arena);
    if (s != OK) {
        app_close(app);
        return s;
    }
    *out = app;
    return OK;
}

void app_close(struct app *app) {
    if (!app) return;
    if (app->db) db_close(app->db);
    for (int i = 0; app->benches && i < app->config.threads; i++)
        if (app->benches[i].collator) collator_close(app->benches[i].collator);
    free(app->benches);
    arena_free(app->arena);
    pthread_mutex_destroy(&app->firms->lock);
    free(app->firms);
    zones_free(app->zones);
    orders_free(app->orders);
    pdf_fonts_free(app->fonts);
    free(app);
}

int64_t app_now_ms(const struct app *app) {
    return app->config.now_ms ? app->config.now_ms : clock_now_ms();
}

static void firm_fill(struct app *app, struct arena *a, const struct rows *r, struct firm *f) {
    f->facts.name = str_dup(a, row_str(r, 0, "name"));
    f->facts.alphabet = str_dup(a, row_str(r, 0, "alphabet"));
    f->facts.currency = str_dup(a, row_str(r, 0, "currency"));
    f->facts.zone = str_dup(a, row_str(r, 0, "zone"));
    f->facts.language = str_dup(a, row_str(r, 0, "language"));
    struct str country = row_str(r, 0, "country");
    if (country.n == 2) memcpy(f->facts.country, country.p, 2);
    f->facts.version = row_int(r, 0, "version");
    if (!lang_of(f->facts.language, &f->lang)) f->lang = LANG_EN;
    if (!client_word_of(row_str(r, 0, "client_word"), &f->word)) f->word = WORD_CLIENT;
    if (!calendar_of(row_str(r, 0, "calendar"), &f->calendar)) f->calendar = CAL_GREGORIAN;
    if (!digits_of(row_str(r, 0, "digits"), &f->digits)) f->digits = DIGITS_LATN;
    f->first_weekday = (int)row_int(r, 0, "first_weekday");
    f->facts.first_weekday = f->first_weekday;
    f->zone = f->facts.clock = zone_get(app->zones, f->facts.zone);
    f->welcomed = row_int(r, 0, "welcomed") != 0;
    f->demo = row_int(r, 0, "demo") != 0;
}

enum status app_firm(struct app *app, struct tx *tx, int64_t version, const struct firm **out) {
    struct rows r, fields;
    if (version < 0) {
        TRY(db_query(tx, &app_firm_version, &r));
        if (r.n == 0) return MISSING;
        version = row_int(&r, 0, "version");
    }
    struct firm_version *now = atomic_load_explicit(&app->firms->now, memory_order_acquire);
    if (now && now->version == version) {
        *out = &now->firm;
        return OK;
    }
    TRY(db_query(tx, &app_firm_read, &r));
    if (r.n == 0) return MISSING;
    TRY(own_rows(tx, &fields));
    if (tx_writes(tx)) { /* may be rolled back: nobody else must see it */
        struct firm *seen = arena_new_of(tx_arena(tx), struct firm);
        firm_fill(app, tx_arena(tx), &r, seen);
        seen->own = own_make(tx_arena(tx), &fields);
        *out = seen;
        return OK;
    }
    pthread_mutex_lock(&app->firms->lock);
    struct firm_version *made = arena_new_of(app->arena, struct firm_version);
    firm_fill(app, app->arena, &r, &made->firm);
    made->firm.own = own_make(app->arena, &fields);
    made->version = made->firm.facts.version;
    made->before = atomic_load_explicit(&app->firms->now, memory_order_relaxed);
    atomic_store_explicit(&app->firms->now, made, memory_order_release);
    pthread_mutex_unlock(&app->firms->lock);
    *out = &made->firm;
    return OK;
}

enum status app_own(struct app *app, struct tx *tx, const struct own **out) {
    const struct firm *firm;
    TRY(app_firm(app, tx, -1, &firm));
    *out = firm->own;
    return OK;
}

struct collator *app_collator(struct app *app, int i, struct str alphabet) {
    if (i < 0 || i >= app->config.threads) BUG("bench %d of %d", i, app->config.threads);
    struct bench *b = &app->benches[i];
    if (b->collator && str_eq_z(alphabet, b->alphabet)) return b->collator;
    if (b->collator) collator_close(b->collator);
    snprintf(b->alphabet, sizeof b->alphabet, "%.*s", SF(alphabet));
    b->collator = collator_open(b->alphabet);
    return b->collator;
}

enum status app_context(struct app *app, int bench, struct arena *a, struct tx *tx, enum door door,
                        struct ctx *c) {
    *c = (struct ctx){
        .arena = a, .tx = tx, .door = door, .now_ms = app_now_ms(app), .orders = app->orders
    };
    random_bytes(&c->dice.state, sizeof c->dice.state);
    const struct firm *firm = NULL;
    enum status s = tx ? app_firm(app, tx, -1, &firm) : MISSING;
    if (s != OK && s != MISSING) return s;
    app_choose(app, c, firm, NO_STR, NO_STR, NO_STR, 0, NO_STR);
    c->collator = app_collator(app, bench, firm ? firm->facts.alphabet : S("en"));
    return OK;
}

void app_choose(struct app *app, struct ctx *c, const struct firm *firm, struct str language,
                struct str calendar, struct str digits, int64_t first_weekday, struct str zone) {
    struct locale *l = arena_new_of(c->arena, struct locale);
    *l = (struct locale){ .first_weekday = 1, .now_ms = c->now_ms };
    if (firm) {
        c->firm = firm->facts;
        c->own = firm->own;
        *l = (struct locale){ .lang = firm->lang,
                              .word = firm->word,
                              .calendar = firm->calendar,
                              .digits = firm->digits,
                              .first_weekday = firm->first_weekday,
                              .zone = firm->zone,
                              .now_ms = c->now_ms };
        memcpy(l->country, firm->facts.country, sizeof l->country);
    }
    (void)lang_of(language, &l->lang);
    (void)calendar_of(calendar, &l->calendar);
    (void)digits_of(digits, &l->digits);
    if (first_weekday >= 1 && first_weekday <= 7) l->first_weekday = (int)first_weekday;
    if (zone.n) l->zone = zone_get(app->zones, zone);
    c->loc = l;
}

static enum status become(struct app *app, struct ctx *c, const struct rows *r) {
    struct member_who *w = &c->who;
    w->id = row_int(r, 0, "id");
    w->team = row_int(r, 0, "team");
    w->name = row_str(r, 0, "name");
    w->email = row_str(r, 0, "email");
    if (!role_of(row_str(r, 0, "role"), &w->role)) return BROKEN;
    if (!sees_of(row_str(r, 0, "sees"), &w->sees)) return BROKEN;
    const struct firm *firm;
    TRY(app_firm(app, c->tx, -1, &firm));
    app_choose(app, c, firm, row_str(r, 0, "language"), row_str(r, 0, "calendar"),
               row_str(r, 0, "digits"), row_int(r, 0, "first_weekday"), row_str(r, 0, "zone"));
    return OK;
}

enum status app_become(struct app *app, struct ctx *c, int64_t member) {
    struct rows r;
    TRY(db_query(c->tx, &app_member_read, &r, P("id", member)));
    if (r.n == 0) return MISSING;
    return become(app, c, &r);
}

void app_become_program(struct ctx *c) {
    c->who = (struct member_who){ .role = ROLE_OWNER, .sees = SEES_ALL };
}

static const char *const sees_codes[] = {
    [SEES_ALL] = "all", [SEES_TEAM] = "team", [SEES_OWN] = "own"
};

bool sees_of(struct str code, enum sees *out) {
    for (int i = 0; i < 3; i++) {
        if (!str_eq_z(code, sees_codes[i])) continue;
        *out = (enum sees)i;
        return true;
    }
    return false;
}

const char *sees_code(enum sees s) {
    return sees_codes[s];
}

const struct firm_proposal *firm_propose(enum lang lang) {
    static const struct firm_proposal all[LANG_N] = {
        [LANG_EN] = { "en", "gregorian", "latn", "Europe/London", "GBP", "GB", 1 },
        [LANG_FR] = { "fr", "gregorian", "latn", "Europe/Paris", "EUR", "FR", 1 },
        [LANG_FA] = { "fa", "persian", "arabext", "Asia/Tehran", "IRR", "IR", 6 },
        [LANG_AR] = { "ar", "gregorian", "arab", "Asia/Riyadh", "SAR", "SA", 7 },
    };
    return &all[lang < LANG_N ? lang : LANG_EN];
}
