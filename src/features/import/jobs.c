/* The jobs "import" and "undo": {"import": 7}. Put into the queue by pages.c, run by core/job. */
#include "core/entity/history.h"
#include "features/import/work.h"
#include "lib/base/clock.h"
#include "lib/text/json.h"

enum { LOOK_ROWS = 500, UNDO_FIRST = 20, UNDO_MAX = 500, UNDO_US = 20000, BUSY_MAX = 50 };

static enum status argument(struct job *j, int64_t *id) {
    struct json *v;
    struct str why;
    if (json_parse(j->arena, j->argument, &v, &why) != OK) return MALFORMED;
    *id = json_int(json_get(v, S("import")));
    return *id > 0 ? OK : MALFORMED;
}

static enum status run_import(struct job *j) {
    int64_t id;
    struct work w = { .app = j->app, .bench = j->bench, .job = j };
    TRY(argument(j, &id));
    return import_work(&w, id, NULL, NULL);
}

/* --- taking an import back --- */

static struct str obstacles_json(struct ctx *c, const struct obstacles *o) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    jw_key(&w, "total");
    jw_int(&w, o->total);
    jw_key(&w, "obstacles");
    jw_array(&w);
    for (int i = 0; i < o->n; i++) {
        jw_object(&w);
        jw_key(&w, "name");
        jw_str(&w, o->v[i].name);
        jw_key(&w, "field");
        jw_str(&w, o->v[i].field);
        jw_key(&w, "who");
        jw_str(&w, o->v[i].who);
        jw_key(&w, "at");
        jw_int(&w, o->v[i].at);
        jw_key(&w, "party");
        jw_int(&w, o->v[i].party);
        jw_end(&w);
    }
    jw_end(&w);
    jw_end(&w);
    return buf_str(&b);
}

static enum status write_obstacles(struct job *j, int64_t id, struct str json) {
    struct ctx *c;
    enum status s = job_begin(j, &c);
    return s != OK ? s : job_end(j, import_set_problem(c, id, json));
}

/* One helping; *json is set when something stands in the way. */
static enum status undo_slice(struct job *j, int64_t id, int *limit, int64_t *left,
                              struct str *json) {
    struct ctx *c;
    struct import imp;
    struct obstacles o = { 0 };
    TRY(job_begin(j, &c));
    int64_t began = clock_mono_us();
    c->door = DOOR_IMPORT;
    enum status s = import_load(c, id, &imp);
    c->batch_title = imp.name;
    if (s == OK && imp.undone_by) {
        *left = 0;
        return job_end(j, OK);
    }
    if (s == OK) s = history_undo_looked(c, imp.batch, *limit, left, &o);
    if (s == CONFLICT) *json = str_dup(j->arena, obstacles_json(c, &o));
    int64_t took = clock_mono_us() - began;
    if (took < UNDO_US / 2 && *limit < UNDO_MAX) *limit *= 2;
    if (took > UNDO_US && *limit > 1) *limit /= 2;
    return job_end(j, s);
}

/* Is every record as the import left it? Outside the writer, in helpings. */
static enum status look(struct job *j, int64_t id, struct str *json) {
    int64_t below = 0;
    enum status s = OK;
    do {
        struct ctx *c;
        struct import imp;
        struct obstacles o = { 0 };
        TRY(job_read(j, &c));
        s = import_load(c, id, &imp);
        if (s == OK && imp.undone_by) {
            below = 0;
        } else if (s == OK) {
            s = history_undo_look(c, imp.batch, LOOK_ROWS, &below, &o);
        }
        if (s == CONFLICT) *json = str_dup(j->arena, obstacles_json(c, &o));
        enum status end = job_end(j, OK);
        if (s == OK) s = end;
        if (s == OK && job_stopping(j)) return BUSY;
    } while (s == OK && below);
    return s;
}

static enum status run_undo(struct job *j) {
    int64_t id, left = 1;
    int limit = UNDO_FIRST, busy = 0;
    struct str json = NO_STR;
    TRY(argument(j, &id));
    enum status seen = look(j, id, &json);
    if (seen == CONFLICT) TRY(write_obstacles(j, id, json));
    if (seen != OK) return seen;
    while (left > 0) {
        enum status s = undo_slice(j, id, &limit, &left, &json);
        if (s == CONFLICT) {
            TRY(write_obstacles(j, id, json));
            return CONFLICT;
        }
        if (s == BUSY && ++busy > BUSY_MAX) return BUSY;
        if (s != OK && s != BUSY) return s;
        if (s == BUSY) left = 1;
        if (left > 0 && job_stopping(j)) return BUSY;
    }
    return OK;
}

const struct job_kind import_jobs[2] = {
    { .name = "import", .run = run_import, .tries_max = 5 },
    { .name = "undo", .run = run_undo, .tries_max = 5 },
};
