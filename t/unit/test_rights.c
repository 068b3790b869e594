/* What is in the answers (trust.md T-05, T-14, T-15, T-28): words that stand in one place are found
 * by those alone who may see that place, whichever route is asked; columns that somebody may not
 * read cannot be sorted, filtered, searched or exported by; a right that is gone between form and
 * submit is gone; no form and no call writes a column that is not its own. On both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/api/api.h"
#include "core/entity/list.h"
#include "core/app/secret.h"
#include "fixture.h"
#include "matrix.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* --- who reads which word, on every address that can be read --- */

static void look_for(struct book *b, int who, const char *target, const struct answered *got) {
    for (int n = 0; n < NEEDLES_N; n++)
        if (!may_read(who, (enum needle)n) && book_has(got->body, needles[n]))
            fail_msg("%s reads “%s” at %s", people[who], needles[n], target);
    (void)b;
}

static int look_everywhere(struct book *b, int who, bool *found) {
    int asked = 0;
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *t = &app_routes(i)->v[k];
            const struct registry *all = entity_registry();
            bool each = strstr(t->pattern, "{entity}") != NULL;
            if (t->method != HTTP_GET || (t->flags & ROUTE_SET_UP)) continue;
            for (int e = 0; e < (each ? all->n : 1); e++) {
                const char *plural = each ? all->entities[e]->plural : NULL;
                if (each && !api_shows(all->entities[e])) continue;
                const struct kind_ids *ids = book_ids(b, t->pattern, plural);
                for (int r = 0; r < (ids ? RECORDS_N : 1); r++) {
                    if (ids && !ids->id[r]) continue;
                    const char *target =
                        book_target(b->s.arena, t->pattern, plural, ids ? ids->id[r] : 0);
                    struct answered got = book_get(b, who, target);
                    look_for(b, who, target, &got);
                    for (int n = 0; n < NEEDLES_N; n++) found[n] |= book_has(got.body, needles[n]);
                    asked++;
                }
            }
        }
    return asked;
}

/* Searches whose words are parts of needles, so that an echo of the question is no answer. */
static const char *const questions[] = {
    "/search?q=quixpers",
    "/search?fragment=1&q=quixpers",
    "/search?fragment=1&q=quixfi",
    "/search?fragment=1&q=fieldsec",
    "/search?fragment=1&q=notesec",
    "/clients/pick?_other=quixfi",
    "/clients/pick?_other=quixpers&kind=person",
    "/clients?q=quixpers",
    "/clients?sort=-changed_at",
    "/clients?responsible=1",
    "/clients?responsible=me",
    "/clients?letter=q",
    "/clients/filters",
    "/history?by=1",
    "/history?by=3",
    "/history?door=cli",
    "/api/v1/parties?q=quixpers",
    "/api/v1/parties?sort=-display_name&limit=1",
    "/api/v1/parties?responsible=1",
    "/api/v1/notes?limit=200",
    "/api/v1/bonds?limit=200",
    "/clients/export?format=json",
    "/clients/export?format=csv",
    "/clients/export?q=quixpers",
};

static void test_words(bool pg, struct hasher *h) {
    static struct book b;
    book_open(&b, pg, h);
    int asked = 0;
    for (int who = 0; who < PEOPLE_N; who++) {
        bool found[NEEDLES_N] = { false };
        asked += look_everywhere(&b, who, found);
        for (int i = 0; i < N(questions); i++) {
            struct answered got = book_get(&b, who, questions[i]);
            look_for(&b, who, questions[i], &got);
            for (int n = 0; n < NEEDLES_N; n++) found[n] |= book_has(got.body, needles[n]);
        }
        for (int n = 0; n < NEEDLES_N; n++) /* or the words would prove nothing */
            if (may_read(who, (enum needle)n) && !found[n])
                fail_msg("%s finds “%s” nowhere", people[who], needles[n]);
    }
    print_message("%d answers read\n", asked);
    book_close(&b);
}

/* --- counts, totals, guesses --- */

static struct str get(struct book *b, int who, const char *target, int want) {
    struct answered got = book_get(b, who, target);
    if (got.status != want) fail_msg("%s, %s: %d", people[who], target, got.status);
    return got.body;
}

/* What one may not see is as if it were not there: asking for it and for nonsense look alike. */
static void alike(struct book *b, int who, const char *one, const char *other) {
    struct answered x = book_get(b, who, one), y = book_get(b, who, other);
    if (x.status != y.status || !str_eq(x.body, y.body))
        fail_msg("%s tells %s (%d) from %s (%d)", people[who], one, x.status, other, y.status);
}

static void test_guesses(bool pg, struct hasher *h) {
    static struct book b;
    book_open(&b, pg, h);
    struct arena *a = b.s.arena;
    long long theirs = (long long)b.party.id[THEIRS], mine = (long long)b.party.id[MINE];
    for (int who = OWN; who <= TEAM; who++) {
        alike(&b, who, "/api/v1/parties?q=quixperson", "/api/v1/parties?q=xxxxxxxxxx");
        alike(&b, who, "/api/v1/parties?q=quixfirm", "/api/v1/parties?q=xxxxxxxx");
        alike(&b, who, str_printf(a, "/api/v1/notes?party=%lld", theirs).p,
              "/api/v1/notes?party=999999");
        alike(&b, who, str_printf(a, "/api/v1/bonds?organisation=%lld", theirs + 1).p,
              "/api/v1/bonds?organisation=999999");
        alike(&b, who, str_printf(a, "/api/v1/bonds?person=%lld", theirs).p,
              "/api/v1/bonds?person=999999");
    }
    alike(&b, READER, "/api/v1/parties?q=fieldsecret", "/api/v1/parties?q=xxxxxxxxxxx");
    alike(&b, MEMBER, "/api/v1/parties?q=notesecret", "/api/v1/parties?q=xxxxxxxxxx");
    static const struct {
        int who;
        const char *list;
        int total;
    } totals[] = { { OWN, "parties", 3 },   { TEAM, "parties", 2 },  { OWNER, "parties", 7 },
                   { MANAGER, "notes", 3 }, { OWNER, "notes", 4 },   { OWN, "notes", 1 },
                   { OWN, "bonds", 1 },     { MANAGER, "bonds", 4 }, { TEAM, "bonds", 1 } };
    for (int i = 0; i < N(totals); i++) {
        const char *list = str_printf(a, "/api/v1/%s", totals[i].list).p;
        struct str body = get(&b, totals[i].who, list, 200);
        if (!book_has(body, str_printf(a, "\"total\":%d}", totals[i].total).p))
            fail_msg("%s, %s: not %d: %.*s", people[totals[i].who], list, totals[i].total,
                     SF(str_sub(body, body.n > 40 ? body.n - 40 : 0, 40)));
    }
    /* another's number may not be given twice, but it is not said to whom it belongs */
    struct answered got =
        book_json(&b, OWNER, "PATCH", str_printf(a, "/api/v1/parties/%lld", theirs).p,
                  "{\"own_id\":\"Q-1\"}");
    assert_int_equal(got.status, 200);
    got = book_json(&b, OWN, "PATCH", str_printf(a, "/api/v1/parties/%lld", mine).p,
                    "{\"own_id\":\"Q-1\"}");
    assert_int_equal(got.status, 422);
    assert_false(book_has(got.body, "Quix"));
    book_close(&b);
}

/* --- T-05: columns that cannot be read --- */

static struct strs columns(struct book *b) {
    static const char *const more[] = { "firm_id",   "owner_id", "is_admin",   "number", "paid",
                                        "balance",   "token",    "consent_at", "rowid",  "ctid",
                                        "__proto__", "id ",      "ID",         "1",      "*" };
    struct strs out = served_columns(&b->s);
    out.v = arena_grow(b->s.arena, out.v, (size_t)out.n * sizeof *out.v,
                       (size_t)(out.n + N(more)) * sizeof *out.v);
    for (int i = 0; i < N(more); i++) out.v[out.n++] = str_of(more[i]);
    assert_true(out.n > 80);
    return out;
}

/* By the table of fields: may lists of it be cut or ordered by this name by that role? */
static bool usable(struct book *b, const struct entity *e, struct str name, unsigned is, int who) {
    struct list_field *all;
    int n = list_fields(b->s.arena, e, is, &all);
    bool low = roles[who] < ROLE_MEMBER;
    for (int i = 0; i < n; i++)
        if (str_eq(all[i].name, name) && !(all[i].field->is & SECRET))
            return !(low && (all[i].field->is & PRIVATE));
    return false;
}

static void refuses(struct book *b, int who, struct str target, struct str order,
                    const char *list) {
    struct answered got = book_get(b, who, str_z(b->s.arena, target));
    if (got.status != 400 && got.status != 404)
        fail_msg("%s, %.*s: %d", people[who], SF(target), got.status);
    if (!str_eq(order, book_get(b, who, list).body)) fail_msg("%s has another order", list);
}

static void columns_of(struct book *b, const struct entity *e, const struct strs *all, int who,
                       int *squares) {
    struct arena *a = b->s.arena;
    const char *list = str_printf(a, "/api/v1/%s", e->plural).p;
    struct str order = book_get(b, who, list).body;
    for (int i = 0; i < all->n; i++) {
        struct str name = all->v[i], safe = url_encode(a, name);
        bool header =
            str_eq_z(name, "id") || str_eq_z(name, "created_at") || str_eq_z(name, "changed_at");
        static const char *const own[] = { "sort", "limit", "after", "q" };
        bool param = false;
        for (int k = 0; k < N(own); k++) param |= str_eq_z(name, own[k]);
        if (!header && !usable(b, e, name, LISTED, who)) {
            refuses(b, who, str_printf(a, "%s?sort=%.*s", list, SF(safe)), order, list);
            refuses(b, who, str_printf(a, "%s?sort=-%.*s", list, SF(safe)), order, list);
        }
        if (!param && !usable(b, e, name, FILTERED, who))
            refuses(b, who, str_printf(a, "%s?%.*s=a", list, SF(safe)), order, list);
        refuses(b, who, str_printf(a, "%s?fields=%.*s", list, SF(safe)), order, list);
        *squares += 4;
    }
}

static void test_columns(bool pg, struct hasher *h) {
    static struct book b;
    book_open(&b, pg, h);
    struct strs all = columns(&b);
    struct arena *a = b.s.arena;
    const struct registry *entities = entity_registry();
    static const int who[] = { READER, ACCOUNTANT, OWN, OWNER };
    int squares = 0;
    for (int i = 0; i < entities->n; i++)
        for (int w = 0; w < N(who) && api_shows(entities->entities[i]); w++)
            if (w == 0 || entities->entities[i]->indexed || roles[who[w]] != ROLE_MEMBER)
                columns_of(&b, entities->entities[i], &all, who[w], &squares);
    const struct entity *party = api_entity(S("parties"));
    for (int i = 0; i < all.n; i++) { /* the pages of lists, and what is exported from them */
        struct str safe = url_encode(a, all.v[i]);
        static const char *const sorts[] = { "/clients?sort=%s", "/clients/export?sort=%s" };
        bool sortable = usable(&b, party, all.v[i], LISTED, ACCOUNTANT) ||
                        str_eq_z(all.v[i], "id") || str_eq_z(all.v[i], "created_at") ||
                        str_eq_z(all.v[i], "changed_at");
        for (int k = 0; k < N(sorts) && !sortable; k++) {
            char target[400];
            snprintf(target, sizeof target, sorts[k], str_z(a, safe));
            (void)get(&b, ACCOUNTANT, target, 400);
        }
        squares += 2;
    }
    struct str header = get(&b, ACCOUNTANT, "/clients/export?format=csv", 200), line;
    assert_true(str_cut(&header, '\n', &line) && book_has(line, "display_name"));
    assert_false(book_has(line, "notes_private"));
    assert_false(
        book_has(get(&b, ACCOUNTANT, "/clients/export?format=json", 200), "notes_private"));
    assert_false(book_has(get(&b, READER, "/api/v1/parties", 200), "notes_private"));
    assert_true(book_has(get(&b, MEMBER, "/api/v1/parties", 200), "notes_private"));
    const char *match = str_printf(a, "/import/%lld/columns", (long long)b.import.id[MINE]).p;
    struct answered got = book_post(&b, OWN, match, "match=password_hash&to.0=given_name");
    if (got.status < 400) fail_msg("matched by password_hash: %d", got.status);
    got = book_post(&b, OWN, match, "to.0=email_key");
    if (got.status < 400) fail_msg("imported into email_key: %d", got.status);
    print_message("%d squares\n", squares);
    book_close(&b);
}

/* --- T-28: columns that are not the form's own --- */

static bool writable(const struct entity *e, struct str name) {
    const struct field *f = entity_field(e, name);
    return entity_many(e, name) || (f && !(f->is & SYSTEM));
}

static void test_writes(bool pg, struct hasher *h) {
    static struct book b;
    book_open(&b, pg, h);
    struct strs all = columns(&b);
    struct arena *a = b.s.arena;
    const struct registry *entities = entity_registry();
    struct str before = served_digest(&b.s);
    for (int i = 0; i < entities->n; i++) {
        const struct entity *e = entities->entities[i];
        if (!api_shows(e)) continue;
        const struct kind_ids *ids = book_ids(&b, "/api/v1/{entity}/{id}", e->plural);
        const char *list = str_printf(a, "/api/v1/%s", e->plural).p;
        const char *one = str_printf(a, "%s/%lld", list, (long long)ids->id[MINE]).p;
        for (int k = 0; k < all.n; k++) {
            const char *json = str_printf(a, "{\"%.*s\":1}", SF(all.v[k])).p;
            if (writable(e, all.v[k])) continue;
            if (book_json(&b, OWNER, "POST", list, json).status != 400 ||
                book_json(&b, OWNER, "PATCH", one, json).status != 400)
                fail_msg("%s takes %s", list, json);
        }
    }
    static const struct {
        const char *path, *entity;
        size_t ids;
    } forms[] = {
        { "/clients", "parties", 0 },
        { "/clients/{id}", "parties", offsetof(struct book, party) },
        { "/clients/{id}/notes", "notes", offsetof(struct book, party) },
        { "/clients/{id}/bonds", "bonds", offsetof(struct book, party) },
        { "/notes/{id}", "notes", offsetof(struct book, note) },
        { "/bonds/{id}", "bonds", offsetof(struct book, bond) },
        { "/settings/members", "members", 0 },
        { "/settings/members/{id}", "members", offsetof(struct book, member_ids) },
        { "/settings/teams", "teams", 0 },
        { "/settings/teams/{id}", "teams", offsetof(struct book, team_ids) },
        { "/settings/tags", "tags", 0 },
        { "/settings/tags/{id}", "tags", offsetof(struct book, tag) },
        { "/settings/categories", "categories", 0 },
        { "/settings/categories/{id}", "categories", offsetof(struct book, category) },
        { "/settings/me", NULL, 0 },
        { "/settings/firm", NULL, 0 },
    };
    static const char *const settings[] = { "name",       "language", "calendar",      "digits",
                                            "zone",       "currency", "first_weekday", "version",
                                            "alphabet",   "country",  "two_factor",    "csrf",
                                            "client_word" };
    for (int i = 0; i < N(forms); i++) {
        const struct entity *e = forms[i].entity ? api_entity(str_of(forms[i].entity)) : NULL;
        const struct kind_ids *ids =
            (const struct kind_ids *)(const void *)((const char *)&b + forms[i].ids);
        const char *target = book_target(a, forms[i].path, NULL, forms[i].ids ? ids->id[MINE] : 0);
        for (int k = 0; k < all.n; k++) {
            bool own = str_eq_z(all.v[k], "version") || str_eq_z(all.v[k], "csrf") ||
                       str_starts(all.v[k], S("_"));
            for (int s = 0; !e && s < N(settings); s++) own |= str_eq_z(all.v[k], settings[s]);
            if (own || (e && writable(e, all.v[k]))) continue;
            const char *form = str_printf(a, "version=1&%.*s=1", SF(url_encode(a, all.v[k]))).p;
            int status = book_post(&b, OWNER, target, form).status;
            if (status != 400) fail_msg("%s takes %s: %d", target, form, status);
        }
    }
    if (!str_eq(before, served_digest(&b.s))) fail_msg("something was changed all the same");
    book_close(&b);
}

/* --- T-15, T-14 --- */

static void test_meanwhile(bool pg, struct hasher *h) {
    static struct book b;
    book_open(&b, pg, h);
    struct arena *a = b.s.arena;
    long long mine = (long long)b.party.id[MINE], note = (long long)b.note.id[MINE];
    long long bond = (long long)b.bond.id[MINE], batch = (long long)b.batch.id[MINE];
    const char *client = str_printf(a, "/clients/%lld", mine).p;
    /* the form is open; then the client is given to somebody else */
    (void)get(&b, OWN, str_printf(a, "%s/edit", client).p, 200);
    const char *key = "{\"given_name\":\"Replayed\"}";
    struct call once = { .method = "POST",
                         .who = &b.who[OWN],
                         .target = "/api/v1/parties",
                         .body = str_of(key),
                         .type = "application/json" };
    http_pairs_add(a, &once.headers, S("idempotency-key"), S("k"));
    struct answered first = served_call(&b.s, &once);
    assert_int_equal(first.status, 201);
    struct str where = answered_header(&first, "location");
    assert_int_equal(book_json(&b, OWNER, "PATCH", str_z(a, where), "{\"responsible\":1}").status,
                     200);
    assert_int_equal(book_json(&b, OWNER, "PATCH", str_printf(a, "/api/v1/parties/%lld", mine).p,
                               "{\"responsible\":1}")
                         .status,
                     200);
    struct str before = served_digest(&b.s);
    const struct {
        const char *target, *form;
    } all[] = {
        { client, "version=2&special=late" },
        { str_printf(a, "%s/notes", client).p, "text=late" },
        { str_printf(a, "%s/bonds", client).p, "_other=Late&_make=1" },
        { str_printf(a, "%s/bin", client).p, "" },
        { str_printf(a, "/notes/%lld", note).p, "version=1&text=late" },
        { str_printf(a, "/notes/%lld/delete", note).p, "" },
        { str_printf(a, "/bonds/%lld", bond).p, "version=1&job_title=late" },
        { str_printf(a, "/bonds/%lld/end", bond).p, "" },
        { str_printf(a, "/bonds/%lld/remove", bond).p, "" },
        { str_printf(a, "/history/%lld/undo", batch).p, "" },
    };
    for (int i = 0; i < N(all); i++) {
        int status = book_post(&b, OWN, all[i].target, all[i].form).status;
        if (status != 404) fail_msg("%s after the right was gone: %d", all[i].target, status);
    }
    assert_int_equal(served_call(&b.s, &once).status, 404); /* no replay either */
    if (!str_eq(before, served_digest(&b.s))) fail_msg("something was changed all the same");
    book_close(&b);
}

/* A file, an undo, a new client of who sees only some: T-14. */
static void test_second_order(bool pg, struct hasher *h) {
    static struct book b;
    book_open(&b, pg, h);
    struct arena *a = b.s.arena;
    long long theirs = (long long)b.party.id[THEIRS];
    struct answered got =
        book_json(&b, OWNER, "PATCH", str_printf(a, "/api/v1/parties/%lld", theirs).p,
                  "{\"emails\":[{\"email\":\"quix@example.com\"}]}");
    assert_int_equal(got.status, 200);
    /* a file that names his address makes a client of one's own, and says nothing of the other */
    struct str body = S("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\""
                        "\r\n\r\nFirst name,E-mail,Company\r\nGuess,quix@example.com,Quixfirm\r\n"
                        "\r\n--x--\r\n");
    struct call up = { .method = "POST",
                       .who = &b.who[OWN],
                       .target = str_printf(a, "/import?csrf=%.*s", SF(b.who[OWN].csrf)).p,
                       .body = body,
                       .type = "multipart/form-data; boundary=x" };
    got = served_call(&b.s, &up);
    assert_int_equal(got.status, 303);
    const char *import = str_z(a, answered_header(&got, "location"));
    assert_false(book_has(get(&b, OWN, str_printf(a, "%s/preview", import).p, 200), "Quixper"));
    assert_int_equal(book_post(&b, OWN, str_printf(a, "%s/run", import).p, "").status, 303);
    served_jobs(&b.s);
    assert_true(book_has(
        served_rows(&b.s, "created_n, refused_n", "import", "ORDER BY id DESC LIMIT 1"), "1 | 0"));
    struct str made =
        served_rows(&b.s, "display_name, responsible", "party", "ORDER BY id DESC LIMIT 2");
    long long own = (long long)b.member[OWN], team = (long long)b.member[TEAM];
    assert_true(book_has(made, str_printf(a, "Guess | %lld", own).p));
    assert_true(book_has(made, str_printf(a, "Quixfirm | %lld", own).p));
    /* a client of who sees his team's alone is the team's */
    got = book_post(&b, TEAM, "/clients", "given_name=Fresh");
    assert_int_equal(got.status, 303);
    (void)get(&b, TEAM, str_z(a, answered_header(&got, "location")), 200);
    assert_true(book_has(served_rows(&b.s, "team", "party", "WHERE given_name = 'Fresh'"),
                         str_printf(a, "%lld", (long long)b.team).p));
    /* given away on making: it is said, and he is not lost */
    got = book_post(&b, OWN, "/clients", "given_name=Away&responsible=1&_organisation=Elsewhere");
    assert_int_equal(got.status, 303);
    assert_true(str_eq_z(answered_header(&got, "location"), "/clients"));
    /* nobody opens more to himself or to others than he has */
    char form[200];
    snprintf(form, sizeof form, "version=2&name=t&email=teammate@example.com&role=member&sees=all");
    assert_int_equal(
        book_post(&b, TEAM, str_printf(a, "/settings/members/%lld", team).p, form).status, 403);
    book_close(&b);
}

/* No child entity has private fields, nor has one that the index would tell of: store.c and the
 * search know nothing of such. */
static void test_tables(void **state) {
    (void)state;
    const struct registry *all = entity_registry();
    for (int i = 0; i < all->n; i++) {
        const struct entity *e = all->entities[i];
        for (int k = 0; k < e->fields_n; k++)
            if ((e->fields[k].is & PRIVATE) &&
                (e->fields[k].is & (LISTED | FILTERED | SEARCHED | MATCHED)))
                fail_msg("%s.%s is private, and the index would tell it", e->name,
                         e->fields[k].name);
        for (int m = 0; m < e->manys_n; m++)
            for (int k = 0; k < e->manys[m].child->fields_n; k++)
                if (e->manys[m].child->fields[k].is & PRIVATE)
                    fail_msg("%s.%s", e->manys[m].child->name, e->manys[m].child->fields[k].name);
        if (e->private_column) assert_non_null(entity_field(e, str_of(e->private_column)));
    }
}

#define BOTH(name)                                                                                 \
    static void name##_lite(void **state) {                                                        \
        name(false, *state);                                                                       \
    }                                                                                              \
    static void name##_pg(void **state) {                                                          \
        if (!fixture_has_pg()) skip();                                                             \
        name(true, *state);                                                                        \
    }
BOTH(test_words)
BOTH(test_guesses)
BOTH(test_columns)
BOTH(test_writes)
BOTH(test_meanwhile)
BOTH(test_second_order)
#define TWO(name) cmocka_unit_test_prestate(name##_lite, h), cmocka_unit_test_prestate(name##_pg, h)

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = { TWO(test_words),
                                        TWO(test_guesses),
                                        TWO(test_columns),
                                        TWO(test_writes),
                                        TWO(test_meanwhile),
                                        TWO(test_second_order),
                                        cmocka_unit_test(test_tables) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
