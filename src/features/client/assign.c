/* Who is responsible for a client: the card on his page, and giving him to somebody by one click.
 * Called by show.c and through feature.c; the notice follows from the store. */
#include "features/client/show.h"
#include "features/member/member.h"

enum { OFFERED = 30 };

static void offer(struct ctx *c, const struct member *m, struct client_view *v) {
    v->assign.v[v->assign.n++] = (struct assign_view){
        .id = m->row.id,
        .name = m->row.id == c->who.id ? str_of(T(c, N_("Me"))) : m->name,
        .face = face_of(c->arena, m->name, ""),
    };
}

/* Oneself first, then the others by name; when they are too many, the form has them all. */
enum status client_assigns(struct ctx *c, const struct party *p, struct client_view *v) {
    struct members all;
    v->responsible_id = p->responsible;
    v->responsible = entity_title(c, &entity_member, p->responsible);
    v->responsible_face = face_of(c->arena, v->responsible, "");
    v->given_to_me = p->responsible == c->who.id;
    if (!v->writes || v->binned) return OK;
    TRY(member_all(c, &all));
    v->several = all.n > 1; /* who works alone need not choose */
    v->assign.v = arena_array(c->arena, struct assign_view, OFFERED + 1);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < all.n && v->assign.n < OFFERED; i++) {
            const struct member *m = &all.v[i];
            bool me = m->row.id == c->who.id;
            if (me == (pass == 0) && m->row.id != p->responsible) offer(c, m, v);
        }
    return OK;
}

/* The form says who was responsible when it was shown: of two who assign at once, the second is
 * told. */
enum status client_assign(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    int64_t id, was, now;
    for (int i = 0; i < r->form.n; i++)
        if (!str_eq_z(r->form.v[i].name, "was") && !str_eq_z(r->form.v[i].name, "responsible") &&
            !str_eq_z(r->form.v[i].name, "csrf"))
            return MALFORMED;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_party, id, &p));
    if (!str_to_i64(req_form(r, "was"), &was) || !str_to_i64(req_form(r, "responsible"), &now))
        return MALFORMED;
    if (was != p.responsible) return STALE;
    if (now && !entity_title(c, &entity_member, now).n) return MALFORMED;
    p.responsible = now;
    TRY(store_save(c, &entity_party, &p));
    return client_go_on(r, &p, N_("Saved."));
}
