/* What was changed and how to take it back, for programs: the history of a client as fields with
 * their values before and after, and the undo of a batch. Called by the gate; calls history.c,
 * undo.c and record_json.c. */
#include "core/api/api_in.h"
#include "core/entity/store.h"
#include "core/web/journal.h"

enum { UNDO_CHANGES = 500 }; /* of one call: the writer is not held for longer */

static void write_text(struct json_out *w, const char *key, struct str text) {
    jw_key(w, key);
    if (text.n)
        jw_str(w, text);
    else
        jw_null(w);
}

static void write_changes(struct ctx *c, struct json_out *w, const struct history_entry *h) {
    const struct entity *e = h->entity;
    jw_array(w);
    for (int i = 0; e && i < e->fields_n; i++) {
        if (!h->mask[i] || (e->fields[i].is & DERIVED)) continue;
        if (!field_readable(c, &e->fields[i])) continue;
        jw_object(w);
        write_text(w, "field", str_of(e->fields[i].name));
        jw_key(w, "before");
        record_json_value(c, w, &e->fields[i], h->was);
        jw_key(w, "after");
        record_json_value(c, w, &e->fields[i], h->is);
        jw_end(w);
    }
    for (int i = 0; e && i < e->manys_n; i++) {
        if (!h->mask[e->fields_n + i]) continue;
        jw_object(w);
        write_text(w, "field", str_of(e->manys[i].name));
        jw_key(w, "before");
        record_json_list(c, w, &e->manys[i], h->was);
        jw_key(w, "after");
        record_json_list(c, w, &e->manys[i], h->is);
        jw_end(w);
    }
    jw_end(w);
}

static void write_entry(struct ctx *c, struct json_out *w, const struct history_entry *h) {
    jw_object(w);
    jw_key(w, "id");
    jw_int(w, h->id);
    jw_key(w, "batch");
    jw_int(w, h->batch);
    jw_key(w, "at");
    jw_str(w, instant_iso(c->arena, h->at));
    jw_id(w, "member", h->member);
    write_text(w, "who", h->who);
    jw_key(w, "door");
    jw_str(w, h->door_code);
    jw_key(w, "action");
    jw_str(w, str_of(action_code(h->action)));
    write_text(w, "entity", h->entity ? str_of(h->entity->name) : NO_STR);
    jw_key(w, "record");
    jw_int(w, h->row_id);
    write_text(w, "name", h->name);
    write_text(w, "title", h->title);
    jw_id(w, "import", h->import);
    jw_key(w, "undone");
    jw_bool(w, h->undone);
    jw_id(w, "undoes", h->undoes);
    jw_key(w, "changes");
    write_changes(c, w, h);
    jw_end(w);
}

/* limit and after, as lists have them; after is the id of a change. */
static enum status read_place(struct req *r, int *limit, int64_t *before) {
    const struct http_pairs *q = &r->http->query;
    *limit = 50;
    *before = 0;
    for (int i = 0; i < q->n; i++) {
        int64_t n;
        bool is_limit = str_eq_z(q->v[i].name, "limit"), after = str_eq_z(q->v[i].name, "after");
        bool number = str_to_i64(q->v[i].value, &n) && n > 0 && q->v[i].value.p[0] != '0';
        for (int k = 0; k < i; k++) number &= !str_eq(q->v[k].name, q->v[i].name);
        if (is_limit && number && n <= LIMIT_PAGE_N)
            *limit = (int)n;
        else if (after && number)
            *before = n;
        else {
            ctx_problem(&r->c, q->v[i].name,
                        is_limit ? N_("This must be a whole number from 1 to 200.")
                        : after  ? N_("This page of the list does not exist.")
                                 : N_("There is no such parameter here."));
            return MALFORMED;
        }
    }
    return OK;
}

enum status api_history(struct req *r) {
    struct history_list list;
    int64_t party, before;
    int limit;
    const struct entity *e = api_entity(S("parties"));
    r->kept = arena_new_of(r->c.arena, struct api_call);
    if (!e || !req_arg_id(r, 0, &party)) return MISSING;
    TRY(read_place(r, &limit, &before));
    /* what is in the bin has a history too: who put it there */
    TRY(store_load_binned(&r->c, e, party, arena_alloc(r->c.arena, e->size)));
    TRY(history_read(&r->c, party, 0, before, limit, &list));
    struct json_out w = api_answer_begin(r);
    jw_object(&w);
    jw_key(&w, "items");
    jw_array(&w);
    for (int i = 0; i < list.n; i++) write_entry(&r->c, &w, &list.v[i]);
    jw_end(&w);
    write_text(&w, "next",
               list.next ? str_printf(r->c.arena, "%lld", (long long)list.next) : NO_STR);
    jw_end(&w);
    api_answer_end(r, &w);
    journal_read(r->app, &r->c, e->name, &party, 1);
    return OK;
}

enum status api_undo_prepare(struct req *r) {
    r->kept = arena_new_of(r->c.arena, struct api_call);
    TRY(api_no_query(r));
    return api_no_body(r, r->kept);
}

static struct str obstacles_json(struct ctx *c, const struct obstacles *o) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_array(&w);
    for (int i = 0; i < o->n; i++) {
        jw_object(&w);
        write_text(&w, "name", o->v[i].name);
        write_text(&w, "field", o->v[i].field);
        write_text(&w, "who", o->v[i].who);
        jw_key(&w, "at");
        jw_str(&w, instant_iso(c->arena, o->v[i].at));
        jw_id(&w, "party", o->v[i].party);
        jw_id(&w, "batch", o->v[i].batch);
        jw_end(&w);
    }
    jw_end(&w);
    return str_printf(c->arena, "\"obstacles_total\":%lld,\"obstacles\":%.*s", (long long)o->total,
                      SF(buf_str(&b)));
}

enum status api_undo(struct req *r) {
    struct obstacles o = { 0 };
    int64_t batch, left = 0;
    if (!req_arg_id(r, 0, &batch)) return MISSING;
    enum status st = history_undo_some(&r->c, batch, UNDO_CHANGES, &left, &o);
    if (st == CONFLICT && o.total == 0)
        return api_refuse(r, CONFLICT, N_("This was taken back already."));
    if (st == CONFLICT) {
        api_call_of(r)->said.members = obstacles_json(&r->c, &o);
        return api_refuse(r, CONFLICT,
                          N_("It was changed again since: see what stands in the way."));
    }
    TRY(st);
    struct json_out w = api_answer_begin(r);
    jw_object(&w);
    jw_id(&w, "batch", r->c.batch);
    jw_id(&w, "undoes", batch);
    jw_key(&w, "left");
    jw_int(&w, left);
    jw_end(&w);
    api_answer_end(r, &w);
    return OK;
}
