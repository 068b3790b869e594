/* The pages of segments: all of them, one of them, asking (three faces of one question), saving,
 * freezing, removing. Routes: feature.c. Calls line.c, answer.c, builder.c and the store. */
#include "core/entity/position.h"
#include "core/web/list_address.h"
#include "features/party/party.h"
#include "features/segment/pages.h"
#include "features/segment/segment.html.h"
#include "lib/base/clock.h"
#include "lib/locale/number.h"

enum { SAMPLE_N = 6, PAGE_SAMPLE_N = 12, COUNTING_MS_MOST = 400 };
static const char path[] = "/segments";

static struct url one_url(struct ctx *c, int64_t id, const char *rest) {
    return url_printf(c->arena, "%s/%lld%s", path, (long long)id, rest);
}

/* --- examples, in the reader's own words --- */

void examples_of(struct ctx *c, struct example **v, int *n) {
    static const struct {
        const char *line, *label;
    } all[] = {
        { "sex:female sum(purchases, last 30 days) over 500",
          N_("Women who spent more than five hundred in the last thirty days") },
        { "count(purchases) at least 3 no(purchases, last 90 days)",
          N_("Regulars who stopped buying: three purchases or more, none in ninety days") },
        { "birthday in next 7 days", N_("Whose birthday comes in the next seven days") },
    };
    const struct ask_catalogue *k = ask_catalogue(c);
    *v = arena_array(c->arena, struct example, COUNT(all));
    *n = 0;
    for (int i = 0; i < COUNT(all); i++) {
        const struct ask_node *tree;
        struct ask_problem why = { 0 };
        if (ask_parse(c, k, str_of(all[i].line), &tree, &why) != OK) continue;
        struct str line = ask_print(c, k, tree);
        (*v)[(*n)++] = (struct example){ .line = line,
                                         .label = str_of(T(c, all[i].label)),
                                         .to = url_query(c->arena, url_own(S("/segments/new")),
                                                         "where", line) };
    }
}

/* --- all of them --- */

static enum status read_item(struct req *r, const struct segment_line *v, bool count,
                             struct segment_item *out) {
    struct ctx *c = &r->c;
    struct segment s;
    struct answer a;
    const struct ask_node *tree;
    *out = (struct segment_item){ .id = v->id,
                                  .name = v->name,
                                  .to = one_url(c, v->id, ""),
                                  .shared = v->shared,
                                  .may_write = v->may_write,
                                  .is_frozen = v->frozen != 0,
                                  .later = !count };
    if (v->frozen) out->frozen = moment_of(c, v->frozen, INSTANT_SHORT);
    TRY(store_load(c, &entity_segment, v->id, &s));
    if (segment_tree_of(c, &s, &tree) == OK) said_of(c, tree, &out->said);
    if (!count) return OK;
    TRY(answer_of(r, segment_node(c->arena, v->id), c->loc->calendar, 0, &a));
    out->count = a.count;
    out->n = a.n;
    out->problem = a.problem;
    return OK;
}

enum status segment_index(struct req *r) {
    struct ctx *c = &r->c;
    struct segment_lines all;
    struct segments_page v = { .writes = ctx_may(c, entity_segment.may_write) };
    int64_t start = clock_mono_us() / 1000;
    TRY(segment_all(c, &all));
    v.own.v = arena_array(c->arena, struct segment_item, all.n + 1);
    v.shared.v = arena_array(c->arena, struct segment_item, all.n + 1);
    for (int i = 0; i < all.n; i++) {
        struct segment_item *to = all.v[i].shared ? &v.shared.v[v.shared.n++] : &v.own.v[v.own.n++];
        TRY(read_item(r, &all.v[i], clock_mono_us() / 1000 - start < COUNTING_MS_MOST, to));
    }
    if (v.own.n) v.own.v[0].first = v.own.v[v.own.n - 1].last = true;
    if (v.shared.n) v.shared.v[0].first = v.shared.v[v.shared.n - 1].last = true;
    examples_of(c, &v.examples.v, &v.examples.n);
    r->narrow = true;
    return PAGE(r, T(c, N_("Segments")), "segments", segments_index, &v);
}

enum status segment_count(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    struct answer a;
    TRY(req_record(r, &entity_segment, &s));
    TRY(answer_of(r, segment_node(c->arena, s.row.id), c->loc->calendar, 0, &a));
    segment_counted(page_begin(r), &a);
    return fragment_end(r);
}

/* --- one of them --- */

enum status segment_show(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    struct segment_page v = { 0 };
    const struct ask_node *tree;
    enum calendar_id calendar;
    TRY(req_record(r, &entity_segment, &s));
    struct segment_line line = { .id = s.row.id,
                                 .version = s.row.version,
                                 .frozen = s.frozen,
                                 .name = s.name,
                                 .shared = !s.private,
                                 .may_write = ctx_may(c, s.private ? entity_segment.may_write
                                                                   : ROLE_MANAGER) };
    TRY(read_item(r, &line, false, &v.item));
    TRY(answer_of(r, segment_node(c->arena, s.row.id), c->loc->calendar, PAGE_SAMPLE_N, &v.answer));
    if (segment_tree_of(c, &s, &tree) == OK) v.line = ask_print(c, ask_catalogue(c), tree);
    if (calendar_of(s.calendar, &calendar) && calendar != c->loc->calendar)
        v.calendar = segment_calendar_name(c, s.calendar);
    v.list = segment_url(c, s.row.id);
    v.edit = one_url(c, s.row.id, "/edit");
    for (int i = 0; i < v.answer.sample.n; i++)
        v.answer.sample.v[i].why =
            url_query(c->arena, one_url(c, s.row.id, "/why"), "client",
                      str_printf(c->arena, "%lld", (long long)v.answer.sample.v[i].id));
    TRY(segment_uses_of(c, s.row.id, &v.uses));
    r->narrow = true;
    return PAGE(r, str_z(c->arena, s.name), "segments", segment_page, &v);
}

/* --- three faces of one question --- */

struct faces {
    struct asked asked;
    struct ask_box *boxes;
    struct str line;
    bool whole;
};

static void from_line(struct ctx *c, struct str line, struct faces *f) {
    const struct ask_catalogue *k = ask_catalogue(c);
    const struct ask_node *again;
    asked_read(c, line, &f->asked);
    f->line = f->asked.line;
    f->boxes = ask_boxes_of(c, k, f->asked.tree);
    f->whole = ask_boxes_tree(c, k, f->boxes, &again); /* gives the rows their fields */
}

/* The line when it was changed since the boxes were shown, else the boxes. */
static void from_form(struct req *r, struct faces *f) {
    struct ctx *c = &r->c;
    const struct ask_catalogue *k = ask_catalogue(c);
    struct str line = str_trim(req_form(r, "where"));
    *f = (struct faces){ 0 };
    if (req_form(r, "where").p && !str_eq(line, str_trim(req_form(r, "was")))) {
        from_line(c, line, f);
        if (!f->asked.refused) return;
    }
    struct asked refused = f->asked;
    f->boxes = ask_boxes_draft(c->arena, &r->form);
    if (req_form(r, "do").n) ask_boxes_act(c->arena, f->boxes, req_form(r, "do"));
    const struct ask_node *tree;
    f->whole = ask_boxes_tree(c, k, f->boxes, &tree);
    if (refused.refused) {
        f->asked = refused;
        return;
    }
    /* The line stays as it was typed, with what was not understood of it, while it says the same.
     */
    asked_read(c, line, &f->asked);
    f->line = line;
    if (!f->asked.refused && ask_equal(f->asked.tree, tree)) return;
    f->line = tree_empty(tree) ? NO_STR : ask_print(c, k, tree);
    f->asked = (struct asked){ .line = f->line, .tree = tree };
}

static enum status fill_faces(struct req *r, const struct faces *f, struct builder_page *v) {
    struct ctx *c = &r->c;
    const struct ask_catalogue *k = ask_catalogue(c);
    v->asked = f->asked;
    v->line = f->line;
    v->was = f->asked.refused ? req_form(r, "was") : f->line;
    if (!f->boxes->items.n) (void)ask_boxes_act(c->arena, f->boxes, S("add ask"));
    said_of(c, f->asked.tree, &v->said);
    TRY(answer_of(r, f->asked.tree, c->loc->calendar, SAMPLE_N, &v->answer));
    return builder_view(c, k, f->boxes, &v->boxes);
}

static enum status show_builder(struct req *r, const struct faces *f, struct builder_page *v) {
    struct ctx *c = &r->c;
    TRY(fill_faces(r, f, v));
    if (tree_empty(f->asked.tree) && !f->line.n) examples_of(c, &v->examples.v, &v->examples.n);
    v->may_share = ctx_may(c, ROLE_MANAGER);
    v->may_save = ctx_may(c, entity_segment.may_write);
    v->name_input = input_of(r, "name", "text", N_("Name"), v->title);
    v->name_input.required = true;
    v->action = v->id ? one_url(c, v->id, "") : url_own(str_of(path));
    v->back = v->id ? one_url(c, v->id, "") : url_own(str_of(path));
    const char *title = v->id ? T(c, N_("Change the segment")) : T(c, N_("Ask"));
    return PAGE(r, title, "segments", segment_builder, v);
}

/* What a list is asked from its bar: a good question goes straight back to it. */
static bool for_list(struct req *r, const struct faces *f, struct url *to) {
    struct ctx *c = &r->c;
    struct list_query q;
    struct http_pairs pairs;
    struct str why;
    const struct ask_catalogue *k = ask_catalogue(c);
    if (!req_query(r, "go").n || f->asked.refused || f->asked.left) return false;
    *to = url_own(S("/clients"));
    if (http_form(c->arena, req_query(r, "kept"), &pairs, &why) == OK &&
        list_address_read(c, &pairs, "where", &entity_party, &q) == OK) {
        q.within = NULL;
        *to = list_address(c->arena, "/clients", &q);
    }
    if (!tree_empty(f->asked.tree))
        *to = url_query(c->arena, *to, "where", ask_print_steady(c, k, f->asked.tree));
    return true;
}

enum status segment_new(struct req *r) {
    struct faces f = { 0 };
    struct builder_page v = { 0 };
    struct url to;
    from_line(&r->c, req_query(r, "where"), &f);
    v.small = req_query(r, "small").n > 0;
    if (req_query(r, "fragment").n) {
        TRY(fill_faces(r, &f, &v));
        segment_live(page_begin(r), &v);
        return fragment_end(r);
    }
    if (for_list(r, &f, &to)) return go(r, to);
    return show_builder(r, &f, &v);
}

static void typed_about(struct req *r, struct builder_page *v) {
    v->title = req_form(r, "name");
    v->shared = req_form(r, "_shared").n > 0;
    v->frozen = str_eq(req_form(r, "_frozen"), S("1"));
}

/* Shown anew after a change of any face: a page, or with fragment=1 what has changed. */
enum status segment_build(struct req *r) {
    struct faces f;
    struct segment s = { 0 };
    struct builder_page v = { .small = req_form(r, "small").n > 0 };
    from_form(r, &f);
    if (req_form(r, "fragment").n) {
        TRY(fill_faces(r, &f, &v));
        segment_live(page_begin(r), &v);
        return fragment_end(r);
    }
    if (str_to_i64(req_form(r, "id"), &v.id)) TRY(store_load(&r->c, &entity_segment, v.id, &s));
    v.version = s.row.version;
    typed_about(r, &v);
    return show_builder(r, &f, &v);
}

enum status segment_complete(struct req *r) {
    struct ctx *c = &r->c;
    struct ask_completion all[8];
    struct str line = req_query(r, "where"), head = req_query(r, "before");
    struct completions v = { 0 };
    int from = 0;
    if (!str_starts(line, head)) return MALFORMED;
    int n = ask_complete(c, ask_catalogue(c), line, (int)head.n, all, COUNT(all), &from);
    v.lines.v = arena_array(c->arena, struct completion_line, n + 1);
    for (int i = 0; i < n; i++)
        v.lines.v[v.lines.n++] =
            (struct completion_line){ .put = str_printf(c->arena, "%.*s%.*s", from,
                                                        head.p ? head.p : "", SF(all[i].word)),
                                      .word = all[i].word,
                                      .label = all[i].label,
                                      .n = i };
    segment_completions(page_begin(r), &v);
    return fragment_end(r);
}

/* --- saving --- */

static enum status read_form(struct req *r, struct segment *s) {
    struct ctx *c = &r->c;
    struct faces f;
    from_form(r, &f);
    s->name = str_trim(req_form(r, "name"));
    s->private = !req_form(r, "_shared").n;
    if (f.asked.refused) ctx_problem(c, S("where"), N_("The line is not understood yet."));
    if (f.asked.left) ctx_problem(c, S("where"), N_("A part of the sentence is not understood."));
    if (!f.whole) ctx_problem(c, NO_STR, N_("A rule is not finished."));
    if (f.whole && !f.asked.refused && tree_empty(f.asked.tree))
        ctx_problem(c, S("where"), N_("Nothing is asked yet."));
    if (!s->name.n) ctx_problem(c, S("name"), N_("This may not be empty."));
    if (c->problems.n) return INVALID;
    struct str tree = ask_json(c->arena, f.asked.tree);
    if (!str_eq(tree, s->tree)) s->calendar = str_of(calendar_code(c->loc->calendar));
    s->tree = tree;
    return OK;
}

/* Those of its kind in their order: all shared ones, or one's own. ids has room for all. */
static enum status of_kind(struct ctx *c, bool shared, int64_t **ids, int *n) {
    struct segment_lines all;
    TRY(segment_all(c, &all));
    *ids = arena_array(c->arena, int64_t, all.n + 1);
    *n = 0;
    for (int i = 0; i < all.n; i++)
        if (all.v[i].shared == shared) (*ids)[(*n)++] = all.v[i].id;
    return OK;
}

enum status segment_create(struct req *r) {
    struct ctx *c = &r->c;
    struct segment *s = row_new(c, &entity_segment);
    int64_t *ids;
    int n;
    TRY(read_form(r, s));
    TRY(of_kind(c, !s->private, &ids, &n));
    s->position = n + 1; /* behind the others */
    TRY(store_save(c, &entity_segment, s));
    if (str_eq(req_form(r, "_frozen"), S("1"))) TRY(segment_freeze(c, s->row.id));
    return go_toast(r, one_url(c, s->row.id, ""), N_("The segment is saved."), c->batch);
}

enum status segment_again(struct req *r) {
    struct faces f;
    struct segment s = { 0 };
    struct builder_page v = { 0 };
    if (req_arg_id(r, 0, &v.id)) TRY(req_record(r, &entity_segment, &s));
    from_form(r, &f);
    int64_t version;
    v.version = str_to_i64(req_form(r, "version"), &version) ? version : s.row.version;
    typed_about(r, &v);
    return show_builder(r, &f, &v);
}

enum status segment_edit(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    struct faces f = { 0 };
    const struct ask_node *tree, *again;
    const struct ask_catalogue *k = ask_catalogue(c);
    TRY(req_record(r, &entity_segment, &s));
    if (!s.private && !ctx_may(c, ROLE_MANAGER)) return go(r, one_url(c, s.row.id, ""));
    if (segment_tree_of(c, &s, &tree) != OK) return BROKEN;
    f.boxes = ask_boxes_of(c, k, tree);
    f.whole = ask_boxes_tree(c, k, f.boxes, &again);
    f.line = ask_print(c, k, tree);
    f.asked = (struct asked){ .line = f.line, .tree = tree };
    struct builder_page v = { .id = s.row.id,
                              .version = s.row.version,
                              .title = s.name,
                              .shared = !s.private,
                              .frozen = s.frozen != 0 };
    TRY(segment_uses_of(c, s.row.id, &v.uses));
    return show_builder(r, &f, &v);
}

enum status segment_change(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    int64_t version;
    TRY(req_record(r, &entity_segment, &s));
    int64_t was = s.frozen;
    if (str_to_i64(req_form(r, "version"), &version)) s.row.version = version;
    TRY(read_form(r, &s));
    bool freeze = str_eq(req_form(r, "_frozen"), S("1"));
    if (!freeze) s.frozen = 0;
    TRY(store_save(c, &entity_segment, &s));
    if (freeze && (!was || !s.frozen)) TRY(segment_freeze(c, s.row.id));
    return go_toast(r, one_url(c, s.row.id, ""), N_("The segment is saved."), c->batch);
}

enum status segment_freeze_now(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(segment_freeze(&r->c, id));
    return go_toast(r, one_url(&r->c, id, ""), N_("Frozen: these clients stay in it."), r->c.batch);
}

enum status segment_thaw_now(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(segment_thaw(&r->c, id));
    return go_toast(r, one_url(&r->c, id, ""), N_("Alive again: whoever matches is in it."),
                    r->c.batch);
}

/* What others lean on goes only when one has read where. */
enum status segment_remove(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    struct segment_uses uses;
    TRY(req_record(r, &entity_segment, &s));
    TRY(segment_uses_of(c, s.row.id, &uses));
    if ((uses.n || uses.hidden) && !req_form(r, "_sure").n)
        return ctx_problem(c, S("_sure"),
                           N_("It is used elsewhere. Tick the box below to remove it all the "
                              "same."));
    TRY(store_delete(c, &entity_segment, s.row.id, 0));
    return go_toast(r, url_own(str_of(path)), N_("The segment is removed."), c->batch);
}

enum status segment_move(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    int64_t *ids;
    int n;
    TRY(req_record(r, &entity_segment, &s));
    TRY(of_kind(c, !s.private, &ids, &n));
    TRY(position_move(c, &entity_segment, ids, n, s.row.id, req_form(r, "up").n > 0));
    return go(r, url_own(str_of(path)));
}
