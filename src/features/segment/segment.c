/* Saved segments: their rules, reading them, freezing. Called by the store, by core/ask through
 * app/features.c, by the list's page and the palette; calls core/ask. */
#include "features/segment/segment.h"

#include "core/ask/run.h"
#include "core/entity/kind.h"
#include "core/entity/moved.h"
#include "core/search/bits.h"
#include "features/party/party.h"
#include "features/segment/pages.h"
#include "lib/text/fold.h"

enum { CHUNK_BITS = 16, NEST_MOST = 20 };

static const struct choice segment_calendars[] = {
    { "persian", N_("Calendar|Solar Hijri"), NULL },
    { "umalqura", N_("Calendar|Islamic (Umm al-Qura)"), NULL },
    { "gregorian", N_("Calendar|Gregorian"), NULL },
    { NULL, NULL, NULL },
};
static enum status parse_question(struct ctx *c, const struct field *f, struct str at,
                                  struct str typed, struct value *out) {
    return kind_area.parse(c, f, at, typed, out);
}

/* In a history: «sex:female», in the reader's words; what cannot be read, as it is kept. */
static struct str show_question(struct ctx *c, const struct field *f, struct value v) {
    const struct ask_node *tree;
    (void)f;
    if (ask_json_read(c->arena, v.s, &tree) != OK) return v.s;
    struct str line = ask_print(c, ask_catalogue(c), ask_normal(c->arena, tree));
    return line.n ? line : v.s;
}

const struct kind kind_question = { .name = "question",
                                    .widget = "area",
                                    .parse = parse_question,
                                    .show = show_question,
                                    .edit = kind_as_is,
                                    .plain = kind_as_is,
                                    .json_type = "string" };

#define FIELD(...) ENTITY_FIELD(segment, __VA_ARGS__)
static const struct field segment_fields[] = {
#include "features/segment/segment.def"
};
#undef FIELD

SQL(segment_list, "SELECT id, version, name, private, frozen FROM segment WHERE deleted_at IS NULL "
                  "AND (private = 0 OR created_by = :me) ORDER BY private DESC, position, id "
                  "LIMIT 200");
SQL(segment_trees, "SELECT id, name, tree, private, created_by FROM segment WHERE deleted_at IS "
                   "NULL AND id <> :id AND tree LIKE '%segment%' ORDER BY id");
SQL(segment_members, "SELECT bits FROM segment_frozen WHERE segment = :id AND at = :at ORDER BY "
                     "chunk");
SQL(segment_members_drop, "DELETE FROM segment_frozen WHERE segment = :id AND at = :at");
SQL(segment_members_add, "INSERT INTO segment_frozen (segment, at, chunk, bits) VALUES (:id, :at, "
                         ":chunk, :bits)");

struct str segment_calendar_name(struct ctx *c, struct str code) {
    for (const struct choice *k = segment_calendars; k->code; k++)
        if (str_eq_z(code, k->code)) return str_of(T(c, k->label));
    return code;
}

/* --- trees --- */

bool segment_in_tree(const struct ask_node *n, int64_t id) {
    if (n->kind == ASK_SEGMENT && (n->segment == id || id == 0)) return true;
    for (int i = 0; i < n->items_n; i++)
        if (segment_in_tree(n->items[i], id)) return true;
    return n->where && segment_in_tree(n->where, id);
}

enum status segment_tree_of(struct ctx *c, const struct segment *s, const struct ask_node **tree) {
    enum status st = ask_json_read(c->arena, s->tree, tree);
    return st == OK ? OK : INVALID;
}

/* A tree of JSON or a line of text, made sure of: what is printed must be read again as the same.
 */
static enum status read_tree(struct ctx *c, struct segment *s, const struct ask_node **tree) {
    const struct ask_catalogue *k = ask_catalogue(c);
    struct ask_problem why = { 0 };
    struct str line = s->tree;
    if (str_starts(str_trim(line), S("{"))) {
        if (ask_json_read(c->arena, line, tree) != OK)
            return ctx_problem(c, S("tree"), N_("This question cannot be read."));
        line = ask_print(c, k, ask_normal(c->arena, *tree));
    }
    enum status st = ask_parse(c, k, line, tree, &why);
    if (st == INVALID) {
        struct str text = tr_fill(c->arena, T(c, why.text), why.args, why.args_n);
        return ctx_problem(c, S("tree"), "{what}", { .name = "what", .value = text });
    }
    TRY(st);
    if (!ask_rules_n(*tree)) return ctx_problem(c, S("tree"), N_("Nothing is asked yet."));
    s->tree = ask_json(c->arena, *tree);
    return OK;
}

/* --- rules --- */

/* What all see is the managers' to make and to change. */
static bool may_touch(struct ctx *c, const struct segment *s) {
    return !s || s->private || ctx_may(c, ROLE_MANAGER);
}

struct nesting {
    int64_t self;
    bool shared;
    int depth;
};

/* Through all segments that it names: none may lead back, a shared one may not lean on a private
 * one. */
static enum status check_nested(struct ctx *c, const struct ask_node *n, struct nesting in) {
    if (n->kind == ASK_SEGMENT) {
        struct segment other;
        if (n->segment == in.self)
            return ctx_problem(c, S("tree"), N_("A segment cannot contain itself."));
        if (++in.depth > NEST_MOST)
            return ctx_problem(c, S("tree"), N_("Too many segments inside each other."));
        enum status st = store_load(c, &entity_segment, n->segment, &other);
        if (st == MISSING) return OK;
        TRY(st);
        if (in.shared && other.private)
            return ctx_problem(c, S("tree"),
                               N_("“{name}” is private: a shared segment cannot use it."),
                               ARG("name", other.name));
        const struct ask_node *tree;
        if (segment_tree_of(c, &other, &tree) == OK) return check_nested(c, tree, in);
    }
    for (int i = 0; i < n->items_n; i++) TRY(check_nested(c, n->items[i], in));
    return n->where ? check_nested(c, n->where, in) : OK;
}

static enum status check_name(struct ctx *c, const struct segment *s) {
    struct segment_lines all;
    struct str folded = fold(c->arena, s->name);
    TRY(segment_all(c, &all));
    for (int i = 0; i < all.n; i++)
        if (all.v[i].id != s->row.id && str_eq(fold(c->arena, all.v[i].name), folded))
            return ctx_problem(c, S("name"), N_("There is a segment of that name already."));
    return OK;
}

static enum status check_private(struct ctx *c, const struct segment *s) {
    struct segment_uses uses;
    TRY(segment_uses_of(c, s->row.id, &uses));
    for (int i = 0; i < uses.n; i++)
        if (uses.v[i].shared)
            return ctx_problem(c, S("private"), N_("“{name}” is shared and uses it."),
                               ARG("name", uses.v[i].name));
    return OK;
}

static enum status checked(enum status st) {
    return st == INVALID ? OK : st; /* its problem is noted: look for more */
}

static enum status check(struct ctx *c, void *row, const void *was) {
    struct segment *s = row;
    const struct segment *before = was;
    const struct ask_node *tree = NULL;
    if (!may_touch(c, s) || !may_touch(c, before)) return DENIED;
    s->name = str_trim(s->name);
    if (s->name.n && (!before || !str_eq(s->name, before->name))) TRY(checked(check_name(c, s)));
    bool other = !before || !str_eq(s->tree, before->tree);
    if (other && s->tree.n) {
        TRY(checked(read_tree(c, s, &tree)));
        if (before && s->frozen == before->frozen) s->frozen = 0; /* they answered another one */
    } else if (before && before->private != s->private && s->tree.n) {
        TRY(checked(segment_tree_of(c, s, &tree)));
    }
    if (tree && !c->problems.n)
        TRY(checked(check_nested(c, tree, (struct nesting){ s->row.id, !s->private, 0 })));
    if (before && !before->private && s->private) TRY(checked(check_private(c, s)));
    if (!s->calendar.n) s->calendar = str_of(calendar_code(c->loc->calendar));
    return OK;
}

static enum status saved(struct ctx *c, const void *row, const void *before) {
    return may_touch(c, row) && may_touch(c, before) ? OK : DENIED;
}

static struct str title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct segment *)row)->name;
}

static enum status find(struct ctx *c, struct str name, int64_t *id) {
    struct segment_lines all;
    struct str folded = fold(c->arena, name);
    *id = 0;
    TRY(segment_all(c, &all));
    for (int i = 0; i < all.n && !*id; i++)
        if (str_eq(all.v[i].name, name)) *id = all.v[i].id;
    for (int i = 0; i < all.n && !*id; i++)
        if (str_eq(fold(c->arena, all.v[i].name), folded)) *id = all.v[i].id;
    return OK;
}

const struct entity entity_segment = { .name = "segment",
                                       .plural = "segments",
                                       .label = N_("Segment"),
                                       .label_plural = N_("Segments"),
                                       .size = sizeof(struct segment),
                                       .fields = segment_fields,
                                       .fields_n = COUNT(segment_fields),
                                       .has_deleted = true,
                                       .private_column = "private",
                                       .may_read = ROLE_READER,
                                       .may_write = ROLE_MEMBER,
                                       .check = check,
                                       .saved = saved,
                                       .title = title,
                                       .find = find };

/* --- reading --- */

enum status segment_all(struct ctx *c, struct segment_lines *out) {
    struct rows r;
    TRY(db_query(c->tx, &segment_list, &r, P("me", c->who.id)));
    *out = (struct segment_lines){ arena_array(c->arena, struct segment_line, r.n + 1), r.n };
    for (int i = 0; i < r.n; i++) {
        struct segment_line *v = &out->v[i];
        *v = (struct segment_line){ .id = row_int(&r, i, "id"),
                                    .version = row_int(&r, i, "version"),
                                    .name = row_str(&r, i, "name"),
                                    .frozen = row_int(&r, i, "frozen"),
                                    .shared = row_int(&r, i, "private") == 0 };
        v->may_write = ctx_may(c, v->shared ? ROLE_MANAGER : entity_segment.may_write);
    }
    return OK;
}

const struct ask_node *segment_node(struct arena *a, int64_t id) {
    struct ask_node *n = arena_new_of(a, struct ask_node);
    n->kind = ASK_SEGMENT;
    n->segment = id;
    return n;
}

struct url segment_url(struct ctx *c, int64_t id) {
    struct str line = ask_print_steady(c, ask_catalogue(c), segment_node(c->arena, id));
    return url_query(c->arena, url_own(S("/clients")), "where", line);
}

static struct str lookup_name(struct ctx *c, int64_t id) {
    return entity_title(c, &entity_segment, id);
}

static enum status lookup_tree(struct ctx *c, int64_t id, const struct ask_node **tree,
                               enum calendar_id *calendar, struct bits **frozen) {
    struct segment s;
    struct rows r;
    *frozen = NULL;
    TRY(store_load(c, &entity_segment, id, &s));
    if (!calendar_of(s.calendar, calendar)) *calendar = c->loc->calendar;
    TRY(segment_tree_of(c, &s, tree));
    if (!s.frozen) return OK;
    TRY(db_query(c->tx, &segment_members, &r, P("id", id), P("at", s.frozen)));
    *frozen = bits_new();
    for (int i = 0; i < r.n; i++)
        if (!bits_read(*frozen, row_blob(&r, i, "bits"))) return BROKEN;
    return moved_follow(c, &entity_party, *frozen);
}

const struct ask_segments segment_lookup = { .find = find,
                                             .name = lookup_name,
                                             .tree = lookup_tree };

/* --- where it is used --- */

enum status segment_uses_of(struct ctx *c, int64_t id, struct segment_uses *out) {
    struct rows r;
    TRY(db_query(c->tx, &segment_trees, &r, P("id", id)));
    *out = (struct segment_uses){ .v = arena_array(c->arena, struct segment_use, r.n + 101) };
    for (int i = 0; i < r.n; i++) {
        const struct ask_node *tree;
        bool shared = row_int(&r, i, "private") == 0;
        bool seen = shared || row_int(&r, i, "created_by") == c->who.id;
        if (ask_json_read(c->arena, row_str(&r, i, "tree"), &tree) != OK ||
            !segment_in_tree(tree, id))
            continue;
        if (!seen) {
            out->hidden++;
            continue;
        }
        out->v[out->n++] = (struct segment_use){ .name = row_str(&r, i, "name"),
                                                 .to = url_printf(c->arena, "/segments/%lld",
                                                                  (long long)row_int(&r, i, "id")),
                                                 .shared = shared };
    }
    return segment_view_uses(c, id, out);
}

/* --- freezing --- */

/* Keeps what it met: the list has the rights already. */
struct catching {
    const struct ask_node *tree;
    enum calendar_id calendar;
    struct bits *caught;
};

static enum status meet_and_keep(struct ctx *c, struct search *s, const struct list_within *w,
                                 struct bits *with) {
    struct catching *k = *(struct catching *const *)w->arg;
    TRY(ask_meet(c, s, k->tree, k->calendar, with));
    bits_free(k->caught);
    k->caught = bits_copy(with);
    return OK;
}

static enum status write_chunk(struct ctx *c, int64_t id, int64_t at, int64_t chunk,
                               struct bits **part) {
    enum status st = OK;
    if (*part)
        st = db_run(c->tx, &segment_members_add, P("id", id), P("at", at), P("chunk", chunk),
                    P("bits", bits_write(c->arena, *part)));
    if (*part) bits_free(*part);
    *part = NULL;
    return st;
}

static enum status write_members(struct ctx *c, int64_t id, int64_t at, const struct bits *all) {
    uint32_t numbers[1024];
    int64_t after = -1, chunk = -1;
    struct bits *part = NULL;
    enum status st = db_run(c->tx, &segment_members_drop, P("id", id), P("at", at));
    for (int n = 1; n && st == OK;) {
        n = bits_next(all, after, numbers, COUNT(numbers));
        for (int i = 0; i < n && st == OK; i++) {
            if (numbers[i] >> CHUNK_BITS != chunk) st = write_chunk(c, id, at, chunk, &part);
            if (!part) part = bits_new();
            chunk = numbers[i] >> CHUNK_BITS;
            after = numbers[i];
            bits_add(part, numbers[i]);
        }
    }
    if (st == OK) return write_chunk(c, id, at, chunk, &part);
    if (part) bits_free(part);
    return st;
}

enum status segment_freeze(struct ctx *c, int64_t id) {
    struct segment s;
    struct catching keep = { .caught = bits_new() }, *const arg = &keep;
    struct list_within within = { .meet = meet_and_keep, .arg = &arg };
    struct list_query q = { .entity = &entity_party, .within = &within };
    int64_t n;
    enum status st = store_load(c, &entity_segment, id, &s);
    if (st == OK) st = segment_tree_of(c, &s, &keep.tree);
    if (st == OK && !may_touch(c, &s)) st = DENIED;
    if (st == OK && !calendar_of(s.calendar, &keep.calendar)) keep.calendar = c->loc->calendar;
    if (st == OK) st = list_count(c, &q, &n);
    s.frozen = c->now_ms;
    if (st == OK) st = write_members(c, id, s.frozen, keep.caught);
    bits_free(keep.caught);
    return st == OK ? store_save(c, &entity_segment, &s) : st;
}

enum status segment_thaw(struct ctx *c, int64_t id) {
    struct segment s;
    TRY(store_load(c, &entity_segment, id, &s));
    s.frozen = 0;
    return store_save(c, &entity_segment, &s);
}
