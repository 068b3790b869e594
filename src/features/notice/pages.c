/* GET /notices, marking them read, the list of colleagues behind a typed «@», and the same for
 * programs. Routes: feature.c. Reads and marks the table notice; calls lib/text/json. */
#include "features/notice/pages.h"

#include "core/entity/record_json.h"
#include "features/member/member.h"
#include "features/notice/pages.html.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { SHOWN = 100, PEOPLE_SHOWN = 8, LOOKED_AT = 200 };

SQL(notices_of_member,
    "SELECT notice.id, notice.kind, notice.party, notice.row_id, notice.by_member, notice.at, "
    "notice.seen_at, notice.count, who.name AS who FROM notice "
    "LEFT JOIN member who ON who.id = notice.by_member WHERE notice.member = :me "
    "AND (notice.party IS NULL OR EXISTS (SELECT 1 FROM party WHERE party.id = notice.party "
    "AND party.deleted_at IS NULL" VISIBLE_PARTY "))"
    " ORDER BY notice.seen_at IS NOT NULL, notice.id DESC LIMIT :limit");
SQL(notices_see_one,
    "UPDATE notice SET seen_at = coalesce(seen_at, :now) WHERE id = :id AND member = :me "
    "AND (party IS NULL OR EXISTS (SELECT 1 FROM party WHERE party.id = notice.party "
    "AND party.deleted_at IS NULL" VISIBLE_PARTY "))");
SQL(notices_see_all, "UPDATE notice SET seen_at = :now WHERE member = :me AND seen_at IS NULL");
SQL(notices_see_party, "UPDATE notice SET seen_at = :now WHERE member = :me AND party = :party "
                       "AND seen_at IS NULL");
SQL(notices_about_party, "SELECT count(*) AS n FROM notice WHERE member = :me AND party = :party "
                         "AND seen_at IS NULL");

static const struct entity *party(void) {
    return registry_find(entity_registry(), S("party"));
}

enum status notices_read(struct ctx *c, int limit, struct notices *out) {
    struct rows r;
    TRY(db_query(c->tx, &notices_of_member, &r, P("me", c->who.id), P("limit", limit),
                 P_VISIBLE(c)));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "party");
    TRY(entity_titles(c, party(), ids, r.n));
    out->n = r.n;
    out->v = arena_array(c->arena, struct notice, r.n + 1);
    for (int i = 0; i < r.n; i++)
        out->v[i] = (struct notice){
            .id = row_int(&r, i, "id"),
            .kind = row_str(&r, i, "kind"),
            .party = ids[i],
            .row = row_int(&r, i, "row_id"),
            .by = row_int(&r, i, "by_member"),
            .at = row_int(&r, i, "at"),
            .seen_at = row_int(&r, i, "seen_at"),
            .count = row_int(&r, i, "count"),
            .who = row_str(&r, i, "who"),
            .name = entity_title(c, party(), ids[i]),
        };
    return OK;
}

enum status notices_see(struct ctx *c, int64_t id) {
    if (!id) return db_run(c->tx, &notices_see_all, P("me", c->who.id), P("now", c->now_ms));
    TRY(db_run(c->tx, &notices_see_one, P("id", id), P("me", c->who.id), P("now", c->now_ms),
               P_VISIBLE(c)));
    return db_changed(c->tx) ? OK : MISSING;
}

/* --- a client's page is shown --- */

static enum status see_party(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return db_run(r->c.tx, &notices_see_party, P("me", r->c.who.id), P("party", id),
                  P("now", r->c.now_ms));
}

enum status notice_opened(struct req *r, int64_t id) {
    struct rows rows;
    if (!r->notices_n) return OK;
    TRY(db_query(r->c.tx, &notices_about_party, &rows, P("me", r->c.who.id), P("party", id)));
    int64_t n = row_int(&rows, 0, "n");
    if (!n) return OK;
    r->notices_n -= n < r->notices_n ? n : r->notices_n;
    r->after = see_party;
    return OK;
}

/* --- the page --- */

static struct notice_view view_of(struct ctx *c, const struct notice *n) {
    long long id = (long long)(n->party ? n->party : c->who.id);
    struct tr_arg count = { .name = "n", .value = number_show(c->arena, c->loc, n->count) };
    struct notice_view v = {
        .to = url_printf(c->arena, n->party ? "/clients/%lld" : "/clients?responsible=%lld", id),
        .see = url_printf(c->arena, "/notices/%lld/seen", (long long)n->id),
        .who = n->who.n ? n->who : str_of(T(c, N_("The program"))),
        .at = moment_of(c, n->at, INSTANT_RELATIVE),
        .what = N_("{who} gave you {name}"),
        .icon = "employee",
        .unread = n->seen_at == 0,
    };
    if (str_eq(n->kind, S("named"))) {
        v.what = N_("{who} mentioned you in a note on {name}");
        v.icon = "note";
    }
    struct str name = n->name;
    if (!n->party)
        name = tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n->count), &count, 1);
    v.name = name_link(c, v.to, name);
    return v;
}

enum status notices_show(struct req *r) {
    struct ctx *c = &r->c;
    struct notices all;
    struct notices_page p = { .unread = 0 };
    TRY(notices_read(c, SHOWN, &all));
    p.rows.v = arena_array(c->arena, struct notice_view, all.n + 1);
    for (int i = 0; i < all.n; i++) {
        p.rows.v[p.rows.n++] = view_of(c, &all.v[i]);
        p.unread += all.v[i].seen_at == 0;
    }
    r->narrow = true;
    return PAGE(r, T(c, N_("Notices")), "notices", notices_html, &p);
}

enum status notices_seen(struct req *r) {
    TRY(notices_see(&r->c, 0));
    return go(r, url_own(S("/notices")));
}

enum status notice_seen(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(notices_see(&r->c, id));
    return go(r, url_own(S("/notices")));
}

/* --- «@» --- */

SQL(notice_who_sees,
    "SELECT m.id FROM member m JOIN party ON party.id = :party WHERE m.active = 1 AND "
    "m.deleted_at IS NULL AND m.id <> :me AND (m.sees = 'all' OR party.responsible = m.id OR "
    "(m.sees = 'team' AND party.team = m.team)) ORDER BY m.name, m.id LIMIT :limit");

/* Every word of what was typed begins a word of the name. */
static bool fits(struct ctx *c, struct str name, struct str typed) {
    struct str rest = fold(c->arena, typed), word;
    struct strs words;
    fold_words(c->arena, name, &words);
    while (str_cut(&rest, ' ', &word)) {
        bool has = false;
        for (int i = 0; i < words.n && !has; i++) has = str_starts(words.v[i], word);
        if (!has) return false;
    }
    return true;
}

enum status notice_people(struct req *r) {
    struct ctx *c = &r->c;
    struct rows rows;
    struct people_page p = { .rows = { arena_array(c->arena, struct person_view, PEOPLE_SHOWN),
                                       0 } };
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, party(), id, arena_alloc(c->arena, party()->size)));
    TRY(db_query(c->tx, &notice_who_sees, &rows, P("party", id), P("me", c->who.id),
                 P("limit", LOOKED_AT)));
    for (int i = 0; i < rows.n && p.rows.n < PEOPLE_SHOWN; i++) {
        struct str name = entity_title(c, &entity_member, row_int(&rows, i, "id"));
        if (!fits(c, name, req_query(r, "q"))) continue;
        p.rows.v[p.rows.n++] =
            (struct person_view){ .face = face_of(c->arena, name, ""), .name = name };
    }
    people_html(page_begin(r), &p);
    return fragment_end(r);
}

/* --- programs --- */

const char notices_api_text[] =
    "{\"operationId\":\"notices_get\",\"summary\":\"One's own notices, unread first\",\"tags\":["
    "\"notices\"],\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{\"application/json\":"
    "{\"schema\":{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":"
    "\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\",\"kind\",\"at\",\"seen\"],"
    "\"properties\":{\"id\":{\"type\":\"integer\"},\"kind\":{\"type\":\"string\",\"enum\":[\"given"
    "\",\"named\"]},\"party\":{\"type\":[\"integer\",\"null\"]},\"note\":{\"type\":[\"integer\","
    "\"null\"]},\"by\":{\"type\":[\"integer\",\"null\"]},\"count\":{\"type\":\"integer\"},\"at\":{"
    "\"type\":\"string\",\"format\":\"date-time\"},\"seen\":{\"type\":\"boolean\"}}}}}}}}},\"400\":"
    "{\"$ref\":\"#/components/responses/Problem\"},\"401\":{\"$ref\":\"#/components/responses/"
    "Problem\"}}}";
const char notices_api_seen_text[] =
    "{\"operationId\":\"notices_post_seen\",\"summary\":\"Mark all as read\",\"tags\":[\"notices\"]"
    ",\"responses\":{\"204\":{\"description\":\"Done\"},\"400\":{\"$ref\":\"#/components/responses/"
    "Problem\"},\"401\":{\"$ref\":\"#/components/responses/Problem\"}}}";
const char notice_api_seen_text[] =
    "{\"operationId\":\"notices_post_one_seen\",\"summary\":\"Mark one as read\",\"tags\":["
    "\"notices\"],\"parameters\":[{\"$ref\":\"#/components/parameters/Id\"}],\"responses\":{\"204\""
    ":{\"description\":\"Done\"},\"400\":{\"$ref\":\"#/components/responses/Problem\"},\"401\":{"
    "\"$ref\":\"#/components/responses/Problem\"},\"404\":{\"$ref\":\"#/components/responses/"
    "Problem\"}}}";

static enum status no_query(struct req *r) {
    if (r->http->query.n == 0) return OK;
    ctx_problem(&r->c, r->http->query.v[0].name, N_("There is no such parameter here."));
    return MALFORMED;
}

enum status notices_api(struct req *r) {
    struct ctx *c = &r->c;
    struct notices all;
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    TRY(no_query(r));
    TRY(notices_read(c, SHOWN, &all));
    jw_object(&w);
    jw_key(&w, "items");
    jw_array(&w);
    for (int i = 0; i < all.n; i++) {
        const struct notice *n = &all.v[i];
        bool named = str_eq(n->kind, S("named"));
        jw_object(&w);
        jw_id(&w, "id", n->id);
        jw_key(&w, "kind");
        jw_str(&w, n->kind);
        jw_id(&w, "party", n->party);
        jw_id(&w, "note", named ? n->row : 0);
        jw_id(&w, "by", n->by);
        jw_id(&w, "count", n->count);
        jw_key(&w, "at");
        jw_str(&w, instant_iso(c->arena, n->at));
        jw_key(&w, "seen");
        jw_bool(&w, n->seen_at != 0);
        jw_end(&w);
    }
    jw_end(&w);
    jw_end(&w);
    return reply_text(r, "application/json; charset=utf-8", buf_str(&b));
}

static enum status nothing_more(struct req *r) {
    r->body = (struct buf){ .arena = r->c.arena };
    r->status = 204;
    return OK;
}

enum status notices_api_seen(struct req *r) {
    TRY(no_query(r));
    TRY(notices_see(&r->c, 0));
    return nothing_more(r);
}

enum status notice_api_seen(struct req *r) {
    int64_t id;
    TRY(no_query(r));
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(notices_see(&r->c, id));
    return nothing_more(r);
}
