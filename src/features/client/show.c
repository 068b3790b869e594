/* GET /clients/{id}: one client. Called through feature.c; what stands in his cards is made in
 * show_cards.c and show_next.c, where they stand in show_sections.c, what happened in
 * features/timeline. */
#include "core/web/journal.h"
#include "features/client/show.h"
#include "features/client/show.html.h"
#include "features/notice/notice.h"

/* What the buttons of the head do: the first phone and e-mail, unless he does not want that. */
static void acts(struct ctx *c, const struct party *p, struct client_view *v) {
    if (p->phones.n && !p->no_call) v->call = phone_link(c, &p->phones.v[0]);
    if (p->emails.n && !p->no_mail) v->mail = url_mailto(c->arena, p->emails.v[0].email);
    for (int i = 0; i < v->ways.n && !v->message.s.n; i++)
        for (int k = 0; k < v->ways.v[i].acts.n && !v->message.s.n; k++)
            if (!strcmp(v->ways.v[i].acts.v[k].icon, "message"))
                v->message = v->ways.v[i].acts.v[k].to;
}

static enum status category(struct ctx *c, const struct party *p, struct client_view *v) {
    struct category cat;
    if (!p->category) return OK;
    enum status st = store_load(c, &entity_category, p->category, &cat);
    if (st == MISSING) return OK;
    TRY(st);
    v->has_mark = true;
    v->mark = category_mark(c, &cat);
    v->warning = cat.warning;
    return OK;
}

static enum status tags(struct ctx *c, const struct party *p, struct client_view *v) {
    int64_t *ids = arena_array(c->arena, int64_t, p->tags.n + 1);
    void *rows;
    int n = 0;
    for (int i = 0; i < p->tags.n; i++) ids[i] = p->tags.v[i].tag;
    if (p->tags.n) TRY(store_load_all(c, &entity_tag, ids, p->tags.n, &rows, &n));
    v->tags.v = arena_array(c->arena, struct tag_view, n + 1);
    for (int i = 0; i < n; i++) {
        const struct tag *t = (const struct tag *)rows + i;
        v->tags.v[v->tags.n++] =
            (struct tag_view){ t->name, hue_class(t->colour),
                               url_printf(c->arena, "/clients?tag=%lld", (long long)t->row.id) };
    }
    return OK;
}

static enum status time_line(struct req *r, int64_t id, struct client_view *v) {
    struct timeline_view *time;
    struct url part = url_printf(r->c.arena, "/clients/%lld/timeline", (long long)id);
    TRY(timeline_view_of(r, id, v->here, part, &time));
    v->time = time;
    return OK;
}

enum status client_show_view(struct req *r, int64_t id) {
    struct ctx *c = &r->c;
    struct party p;
    TRY(store_load_binned(c, &entity_party, id, &p));
    bool person = party_is_person(&p), binned = p.row.deleted_at != 0;
    struct client_view v = {
        .id = id,
        .name = p.display_name,
        .face = face_of(c->arena, p.display_name, person ? "big" : "firm big"),
        .person = person,
        .binned = binned,
        .writes = ctx_may(c, entity_party.may_write),
        .exports = ctx_may(c, ROLE_ACCOUNTANT),
        .owns = ctx_may(c, ROLE_OWNER),
        .manages = ctx_may(c, ROLE_MANAGER),
        .stage = stage_mark(c, p.stage),
        .here = client_here(r, id),
        .arranging = req_query(r, "arrange").n > 0,
        .note_text = req_form(r, "text"),
    };
    const struct problem *problem = ctx_problem_at(c, S("text"));
    if (problem) v.note_problem = ctx_problem_text(c, problem);
    v.edits = v.writes && !binned;
    if (binned) v.binned_at = moment_of(c, p.row.deleted_at, INSTANT_RELATIVE);
    if (!binned) TRY(duplicate_of(c, id, &v.twins));
    TRY(category(c, &p, &v));
    TRY(tags(c, &p, &v));
    client_ways(c, &p, &v);
    acts(c, &p, &v);
    client_next(c, &p, &v);
    client_facts(c, &p, &v);
    client_clock(r, &p, &v);
    TRY(client_assigns(c, &p, &v));
    TRY(client_bonds(c, &p, &v));
    TRY(client_beside(r, id, &v.beside));
    v.face.picture = party_photo_url(c->arena, &p);
    TRY(attachment_card_of(r, id, v.writes && !binned, &v.files));
    TRY(purchase_card_of(r, id, v.writes && !binned, &v.purchases));
    TRY(time_line(r, id, &v));
    TRY(merge_notes_of(c, id, &v.merged));
    TRY(client_sections(c, &v));
    if (!binned) TRY(notice_opened(r, id));
    journal_read(r->app, c, "party", &id, 1);
    return PAGE(r, p.display_name, "clients", show_page, &v);
}

enum status client_show(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return client_show_view(r, id);
}
