/* See matrix.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "core/entity/history.h"
#include "core/web/session.h"
#include "features/attachment/attachment.h"
#include "features/bond/bond.h"
#include "features/custom/custom.h"
#include "features/category/category.h"
#include "features/member/member.h"
#include "features/merge/merge.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "features/segment/segment.h"
#include "features/tag/tag.h"
#include "features/view/view.h"
#include "matrix.h"

const char *const people[PEOPLE_N] = { "nobody",        "reader", "accountant", "member (own)",
                                       "member (team)", "member", "manager",    "owner",
                                       "deactivated",   "revoked" };
const enum role roles[PEOPLE_N] = { ROLE_NONE,   ROLE_READER, ROLE_ACCOUNTANT, ROLE_MEMBER,
                                    ROLE_MEMBER, ROLE_MEMBER, ROLE_MANAGER,    ROLE_OWNER,
                                    ROLE_NONE,   ROLE_NONE };
const char *const records[RECORDS_N] = { "mine", "team's", "theirs", "binned", "secret", "absent" };
const char *const needles[NEEDLES_N] = { "Mineperson", "Teamperson",  "Quixperson",
                                         "Quixfirm",   "fieldsecret", "notesecret",
                                         "oldsecret",  "Binperson",   "quixlist" };

bool may_read(int who, enum needle n) {
    if (roles[who] == ROLE_NONE) return false;
    switch (n) {
    case N_MINE:
    case N_BINNED: return who != TEAM;
    case N_TEAMS: return who != OWN;
    case N_THEIRS:
    case N_FIRM: return who != OWN && who != TEAM;
    case N_FIELD: return roles[who] >= ROLE_MEMBER && who != TEAM;
    case N_NOTE:
    case N_OLD: return who == MEMBER || who == OWNER;
    case N_FILE: return roles[who] >= ROLE_MANAGER;
    default: return false;
    }
}

/* --- who sees what --- */

static bool sees_party(int who, int record) {
    if (record == ABSENT || roles[who] == ROLE_NONE) return false;
    if (who == OWN) return record == MINE || record == BINNED || record == HIDDEN;
    return who != TEAM || record == TEAMS;
}

static bool sees_note(int who, int record) {
    if (record == HIDDEN) return who == MEMBER || who == OWNER;
    return sees_party(who, record);
}

static bool sees_bond(int who, int record) {
    if (record == HIDDEN) return sees_party(who, THEIRS) && sees_party(who, MINE);
    return sees_party(who, record);
}

static bool sees_import(int who, int record) {
    if (record == MINE && who == OWN) return true;
    return record != ABSENT && roles[who] >= ROLE_MANAGER;
}

static bool sees_own(int who, int record) {
    return (record == MINE && who == OWN) || (record == THEIRS && who == OWNER);
}

static bool sees_view(int who, int record) {
    if (record == HIDDEN) return who == MEMBER || who == OWNER;
    return record != ABSENT && roles[who] != ROLE_NONE;
}

/* OWN's, and OWNER's: managers who see all clients look at both. */
static bool sees_bulk(int who, int record) {
    if (record != MINE && record != THEIRS) return false;
    return roles[who] >= ROLE_MANAGER || (record == MINE && who == OWN);
}

static bool sees_rule(int who, int record) {
    return record != ABSENT && roles[who] >= ROLE_MANAGER;
}

static bool sees_any(int who, int record) {
    return record != ABSENT && roles[who] != ROLE_NONE;
}

/* --- the book --- */

static const char *const names[RECORDS_N] = { "Mineperson", "Teamperson", "Quixperson",
                                              "Binperson" };
static const char *const firms[RECORDS_N] = { "Minefirm", "Teamfirm", "Quixfirm", "Binfirm" };

/* A picture as a file of the client, and as his photo. Each has one version, so that its id is that
 * of the file. */
static enum status make_file(struct ctx *c, struct book *b, int record, int64_t party,
                             const char *name) {
    struct stored_file f;
    struct attachment a;
    struct party p;
    enum attachment_added how;
    const char *files = filestore_folder(b->s.app, c->arena);
    struct str gif = S("GIF89a\1\0\1\0\x80\0\0\xff\0\0\0\0\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;");
    TRY(filestore_take_str(c->arena, files, gif, str_printf(c->arena, "%s.gif", name), &f));
    TRY(filestore_keep(c->arena, files, &f));
    TRY(attachment_add(c, party, &f, false, record == HIDDEN, &how, &a));
    if (a.versions.v[0].row.id != a.row.id) return BROKEN;
    b->file.id[record] = a.row.id;
    if (record == HIDDEN) return OK;
    TRY(store_load(c, &entity_party, party, &p));
    p.photo = a.versions.v[0].file;
    return store_save(c, &entity_party, &p);
}

static enum status make_client(struct ctx *c, struct book *b, int record) {
    struct party *p = row_new(c, &entity_party), *firm = row_new(c, &entity_party);
    struct note *n = row_new(c, &entity_note);
    struct bond *bond = row_new(c, &entity_bond);
    struct purchase *bought = row_new(c, &entity_purchase);
    int64_t responsible = record == MINE || record == BINNED ? b->member[OWN] : b->member[OWNER];
    p->given_name = str_of(names[record]);
    p->responsible = firm->responsible = responsible;
    if (record == TEAMS) p->team = firm->team = b->team;
    if (record == MINE) p->notes_private = S("fieldsecret");
    firm->kind = S("organisation");
    firm->display_name = str_of(firms[record]);
    c->batch = 0;
    TRY(store_save(c, &entity_party, p));
    TRY(store_save(c, &entity_party, firm));
    n->party = p->row.id;
    n->text = S("note");
    TRY(store_save(c, &entity_note, n));
    bond->person = p->row.id;
    bond->organisation = firm->row.id;
    TRY(store_save(c, &entity_bond, bond));
    bought->party = p->row.id;
    bought->date = S("2026-11-01");
    bought->amount = 100;
    bought->product = str_of(names[record]);
    TRY(store_save(c, &entity_purchase, bought));
    b->purchase.id[record] = bought->row.id;
    b->party.id[record] = p->row.id;
    b->note.id[record] = n->row.id;
    b->bond.id[record] = bond->row.id;
    b->batch.id[record] = c->batch;
    return make_file(c, b, record, p->row.id, names[record]);
}

/* MEMBER writes a note, then makes it private; MINE works for the organisation of THEIRS too. */
static enum status make_secrets(struct ctx *c, struct book *b) {
    struct note *n = row_new(c, &entity_note);
    struct bond theirs, *bond = row_new(c, &entity_bond);
    struct rows r = { 0 };
    (void)r;
    c->who = (struct member_who){ .id = b->member[MEMBER], .role = ROLE_MEMBER };
    c->batch = 0;
    n->party = b->party.id[MINE];
    n->text = S("oldsecret");
    TRY(store_save(c, &entity_note, n));
    c->batch = 0;
    n->text = S("notesecret");
    n->private = 1;
    TRY(store_save(c, &entity_note, n));
    b->note.id[HIDDEN] = n->row.id;
    b->batch.id[HIDDEN] = c->batch;
    c->batch = 0;
    TRY(make_file(c, b, HIDDEN, n->party, "notesecret"));
    c->who = (struct member_who){ .id = 1, .role = ROLE_OWNER };
    c->batch = 0;
    TRY(store_load(c, &entity_bond, b->bond.id[THEIRS], &theirs));
    bond->person = b->party.id[MINE];
    bond->organisation = theirs.organisation;
    TRY(store_save(c, &entity_bond, bond));
    b->bond.id[HIDDEN] = bond->row.id;
    struct party p; /* a change of nothing but the private field */
    c->batch = 0;
    TRY(store_load(c, &entity_party, b->party.id[MINE], &p));
    p.notes_private = S("fieldsecret, twice");
    TRY(store_save(c, &entity_party, &p));
    return OK;
}

SQL(matrix_changes, "SELECT batch, min(id) AS id FROM change GROUP BY batch");
SQL(matrix_no_notices, "DELETE FROM notice");
SQL(matrix_notice, "INSERT INTO notice (member, kind, party, by_member, batch, at) VALUES "
                   "(:member, 'given', :party, 2, 1, 0) RETURNING id");
SQL(matrix_session, "SELECT max(id) AS id FROM session WHERE member = :member");
SQL(matrix_token, "SELECT max(id) AS id FROM token WHERE member = :member");
SQL(matrix_bulk, "INSERT INTO bulk (member, at, action, title, ids, total, state) VALUES "
                 "(:member, 0, 'delete', :title, :ids, 0, 'done') RETURNING id");
SQL(matrix_category, "SELECT min(id) AS id FROM category");

static enum status made(struct ctx *c, struct rows *r, int64_t *id) {
    (void)c;
    *id = row_int(r, 0, "id");
    return OK;
}

static enum status make_owned(struct ctx *c, struct book *b, int record, int who) {
    struct rows r;
    TRY(db_query(c->tx, &matrix_notice, &r, P("member", b->member[who]), param_null("party")));
    TRY(made(c, &r, &b->notice.id[record]));
    TRY(db_query(c->tx, &matrix_session, &r, P("member", b->member[who])));
    TRY(made(c, &r, &b->session.id[record]));
    TRY(db_query(c->tx, &matrix_bulk, &r, P("member", b->member[who]),
                 P("title", record == THEIRS ? "quixlist" : "minelist"),
                 param_blob("ids", (struct blob){ "", 0 })));
    TRY(made(c, &r, &b->bulk.id[record]));
    TRY(db_query(c->tx, &matrix_token, &r, P("member", b->member[who])));
    return made(c, &r, &b->token.id[record]);
}

static enum status make_settings(struct ctx *c, struct book *b) {
    struct rows r;
    struct tag *t = row_new(c, &entity_tag);
    t->name = S("sometag");
    c->batch = 0;
    TRY(store_save(c, &entity_tag, t));
    b->tag.id[MINE] = t->row.id;
    b->team_ids.id[MINE] = b->team;
    b->member_ids.id[MINE] = b->member[READER];
    struct custom_field *f = row_new(c, &entity_custom_field);
    f->name = S("somefield");
    TRY(store_save(c, &entity_custom_field, f));
    b->custom.id[MINE] = f->row.id;
    TRY(db_query(c->tx, &matrix_category, &r));
    return made(c, &r, &b->category.id[MINE]);
}

/* Somebody became a part of OWN's client, and of OWNER's; a rule. */
static enum status make_merges(struct ctx *c, struct book *b) {
    static const int of[2] = { MINE, THEIRS };
    for (int i = 0; i < 2; i++) {
        struct party *gone = row_new(c, &entity_party);
        struct merge_plan plan;
        gone->given_name = S("Merged");
        gone->responsible = b->member[of[i] == MINE ? OWN : OWNER];
        c->batch = 0;
        TRY(store_save(c, &entity_party, gone));
        TRY(merge_plan(c, b->party.id[of[i]], gone->row.id, &plan));
        TRY(merge_do(c, &plan, 0, &b->merge.id[of[i]]));
        c->batch_whole = false;
    }
    void *rule = row_new(c, &entity_merge_rule);
    const struct field *agrees = entity_field(&entity_merge_rule, S("agrees"));
    field_set(agrees, rule, (struct value){ .s = S("own_id") });
    c->batch = 0;
    TRY(store_save(c, &entity_merge_rule, rule));
    b->rule.id[MINE] = row_head(rule)->id;
    return OK;
}

/* A view for all, and one that MEMBER keeps for himself. */
static enum status make_views(struct ctx *c, struct book *b) {
    struct saved_view *all = row_new(c, &entity_saved_view), *own = row_new(c, &entity_saved_view);
    c->batch = 0;
    all->name = S("For all");
    all->private = 0;
    TRY(store_save(c, &entity_saved_view, all));
    b->view.id[MINE] = all->row.id;
    c->who = (struct member_who){ .id = b->member[MEMBER], .role = ROLE_MEMBER };
    own->name = S("notesecret view");
    own->query = S("stage=lead");
    TRY(store_save(c, &entity_saved_view, own));
    b->view.id[HIDDEN] = own->row.id;
    c->who = (struct member_who){ .id = 1, .role = ROLE_OWNER };
    return OK;
}

/* A segment for all, and one that MEMBER keeps for himself. */
static enum status make_segments(struct ctx *c, struct book *b) {
    struct segment *all = row_new(c, &entity_segment), *own = row_new(c, &entity_segment);
    c->batch = 0;
    all->name = S("Asked by all");
    all->tree = S("stage:lead");
    all->private = 0;
    TRY(store_save(c, &entity_segment, all));
    b->segment.id[MINE] = all->row.id;
    c->who = (struct member_who){ .id = b->member[MEMBER], .role = ROLE_MEMBER };
    own->name = S("notesecret segment");
    own->tree = S("stage:active");
    TRY(store_save(c, &entity_segment, own));
    b->segment.id[HIDDEN] = own->row.id;
    c->who = (struct member_who){ .id = 1, .role = ROLE_OWNER };
    return OK;
}

static void kind_of(struct kind_ids *k, bool (*sees)(int, int)) {
    k->sees = sees;
    k->id[ABSENT] = 999999;
}

static enum status fill(struct ctx *c, void *arg) {
    struct book *b = arg;
    struct rows r;
    c->who.id = 1;
    for (int i = MINE; i <= BINNED; i++) TRY(make_client(c, b, i));
    b->party.id[HIDDEN] = b->party.id[MINE];
    TRY(make_secrets(c, b));
    TRY(store_delete(c, &entity_note, b->note.id[BINNED], 0));
    TRY(store_delete(c, &entity_bond, b->bond.id[BINNED], 0));
    TRY(store_delete(c, &entity_attachment, b->file.id[BINNED], 0));
    TRY(store_delete(c, &entity_purchase, b->purchase.id[BINNED], 0));
    TRY(store_delete(c, &entity_party, b->party.id[BINNED], 0));
    TRY(make_settings(c, b));
    TRY(make_views(c, b));
    TRY(make_merges(c, b));
    TRY(make_segments(c, b));
    TRY(db_query(c->tx, &matrix_changes, &r));
    for (int i = 0; i < r.n; i++)
        for (int k = 0; k < ABSENT; k++)
            if (row_int(&r, i, "batch") == b->batch.id[k]) b->change.id[k] = row_int(&r, i, "id");
    TRY(db_run(c->tx, &matrix_no_notices)); /* a page that is opened marks none as read */
    TRY(make_owned(c, b, MINE, OWN));
    TRY(make_owned(c, b, THEIRS, OWNER));
    TRY(db_query(c->tx, &matrix_notice, &r, P("member", b->member[OWN]),
                 P("party", b->party.id[BINNED])));
    return made(c, &r, &b->notice.id[BINNED]);
}

static enum status end_two(struct ctx *c, void *arg) {
    int64_t *ids = arg;
    struct member m;
    TRY(token_revoke_all(c, ids[1]));
    TRY(session_end_all(c, ids[1], 0));
    TRY(store_load(c, &entity_member, ids[0], &m));
    m.active = 0;
    return store_save(c, &entity_member, &m);
}

static enum status join_team(struct ctx *c, void *arg) {
    struct book *b = arg;
    struct team *t = row_new(c, &entity_team);
    struct member m;
    t->name = S("Team");
    TRY(store_save(c, &entity_team, t));
    b->team = t->row.id;
    TRY(store_load(c, &entity_member, b->member[TEAM], &m));
    m.sees = S("team");
    m.team = b->team;
    return store_save(c, &entity_member, &m);
}

/* An import as a person makes it, by the page. */
static int64_t make_import(struct book *b, int who, const char *name) {
    struct str body = str_printf(b->s.arena,
                                 "--x\r\nContent-Disposition: form-data; name=\"file\"; "
                                 "filename=\"%s.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                                 "First name,Last name\r\nA,B\r\n\r\n--x--\r\n",
                                 name);
    struct str target = str_printf(b->s.arena, "/import?csrf=%.*s", SF(b->who[who].csrf));
    struct call call = { .method = "POST",
                         .target = target.p,
                         .who = &b->who[who],
                         .body = body,
                         .type = "multipart/form-data; boundary=x" };
    struct answered a = served_call(&b->s, &call);
    struct str to = answered_header(&a, "location"), rest = str_sub(to, 8, 20);
    int64_t id = 0;
    if (a.status != 303 || !str_to_i64(rest, &id)) fail_msg("the import answers %d", a.status);
    return id;
}

void book_open(struct book *b, bool pg, struct hasher *h) {
    memset(b, 0, sizeof *b);
    served_open(&b->s, pg, h);
    served_firm(&b->s, LANG_EN);
    b->member[OWNER] = 1, b->member[MANAGER] = 2, b->member[MEMBER] = 3, b->member[READER] = 4;
    b->member[ACCOUNTANT] = served_member(&b->s, "accountant", "accountant", "all");
    b->member[OWN] = served_member(&b->s, "own", "member", "own");
    b->member[TEAM] = served_member(&b->s, "teammate", "member", "own");
    b->member[GONE] = served_member(&b->s, "gone", "owner", "all");
    b->member[REVOKED] = served_member(&b->s, "revoked", "owner", "all");
    served_work(&b->s, join_team, b);
    for (int i = 1; i < PEOPLE_N; i++) b->who[i] = served_sign_in(&b->s, b->member[i]);
    kind_of(&b->party, sees_party), kind_of(&b->note, sees_note), kind_of(&b->bond, sees_bond);
    kind_of(&b->purchase, sees_note);
    kind_of(&b->merge, sees_party), kind_of(&b->rule, sees_rule);
    kind_of(&b->file, sees_note), kind_of(&b->batch, sees_note), kind_of(&b->change, sees_note);
    kind_of(&b->import, sees_import), kind_of(&b->notice, sees_own);
    kind_of(&b->session, sees_own), kind_of(&b->token, sees_own);
    kind_of(&b->member_ids, sees_any), kind_of(&b->team_ids, sees_any);
    kind_of(&b->category, sees_any), kind_of(&b->tag, sees_any);
    kind_of(&b->view, sees_view);
    kind_of(&b->segment, sees_view);
    kind_of(&b->custom, sees_any);
    kind_of(&b->bulk, sees_bulk);
    served_work(&b->s, fill, b);
    b->import.id[MINE] = make_import(b, OWN, "minelist");
    b->import.id[THEIRS] = make_import(b, OWNER, "quixlist");
    int64_t ended[2] = { b->member[GONE], b->member[REVOKED] };
    served_work(&b->s, end_two, ended);
}

void book_close(struct book *b) {
    served_close(&b->s);
}

/* --- routes --- */

/* The first that the pattern begins with: longer ones before shorter ones. */
static const struct {
    const char *starts;
    size_t offset;
} id_table[] = {
    { "/clients/{id}", offsetof(struct book, party) },
    { "/files/{id}", offsetof(struct book, file) },
    { "/attachments/{id}", offsetof(struct book, file) },
    { "/api/v1/attachments/{id}", offsetof(struct book, file) },
    { "/notes/{id}", offsetof(struct book, note) },
    { "/bonds/{id}", offsetof(struct book, bond) },
    { "/purchases/{id}", offsetof(struct book, purchase) },
    { "/merges/{id}", offsetof(struct book, merge) },
    { "/api/v1/merges/{id}", offsetof(struct book, merge) },
    { "/api/v1/merge_rules/{id}", offsetof(struct book, rule) },
    { "/api/v1/purchases/{id}", offsetof(struct book, purchase) },
    { "/history/change/{id}", offsetof(struct book, change) },
    { "/history/{id}", offsetof(struct book, batch) },
    { "/import/{id}", offsetof(struct book, import) },
    { "/notices/{id}", offsetof(struct book, notice) },
    { "/settings/members/{id}", offsetof(struct book, member_ids) },
    { "/settings/teams/{id}", offsetof(struct book, team_ids) },
    { "/settings/categories/{id}", offsetof(struct book, category) },
    { "/settings/tags/{id}", offsetof(struct book, tag) },
    { "/bulk/{id}", offsetof(struct book, bulk) },
    { "/views/{id}", offsetof(struct book, view) },
    { "/segments/{id}", offsetof(struct book, segment) },
    { "/api/v1/segments/{id}", offsetof(struct book, segment) },
    { "/settings/sessions/{id}", offsetof(struct book, session) },
    { "/settings/tokens/{id}", offsetof(struct book, token) },
    { "/api/v1/notices/{id}", offsetof(struct book, notice) },
    { "/api/v1/parties/{id}", offsetof(struct book, party) },
    { "/api/v1/notes/{id}", offsetof(struct book, note) },
    { "/api/v1/bonds/{id}", offsetof(struct book, bond) },
    { "/api/v1/members/{id}", offsetof(struct book, member_ids) },
    { "/api/v1/teams/{id}", offsetof(struct book, team_ids) },
    { "/api/v1/categories/{id}", offsetof(struct book, category) },
    { "/api/v1/tags/{id}", offsetof(struct book, tag) },
    { "/api/v1/saved_views/{id}", offsetof(struct book, view) },
    { "/api/v1/custom_fields/{id}", offsetof(struct book, custom) },
    { "/settings/fields/{id}", offsetof(struct book, custom) },
    { "/api/v1/batches/{id}", offsetof(struct book, batch) },
};

static struct str with_plural(struct arena *a, const char *pattern, const char *plural) {
    const char *hole = strstr(pattern, "{entity}");
    if (!hole) return str_of(pattern);
    return str_printf(a, "%.*s%s%s", (int)(hole - pattern), pattern, plural, hole + 8);
}

const struct kind_ids *book_ids(const struct book *b, const char *pattern, const char *plural) {
    struct str p = with_plural(b->s.arena, pattern, plural);
    if (str_find(p, S("{id}")) < 0) return NULL;
    for (size_t i = 0; i < sizeof id_table / sizeof *id_table; i++)
        if (str_starts(p, str_of(id_table[i].starts)))
            return (const struct kind_ids *)(const void *)((const char *)b + id_table[i].offset);
    fail_msg("what is the {id} of %.*s? Say it in id_table of t/matrix.c", SF(p));
    return NULL;
}

const char *book_target(struct arena *a, const char *pattern, const char *plural, int64_t id) {
    struct buf out = { .arena = a };
    struct str rest = with_plural(a, pattern, plural), piece;
    while (str_cut(&rest, '/', &piece)) {
        if (piece.n == 0) continue;
        buf_add_c(&out, '/');
        if (str_eq(piece, S("{id}")))
            buf_printf(&out, "%lld", (long long)id);
        else if (piece.p[0] == '{')
            buf_add(&out, S("unknown"));
        else
            buf_add(&out, piece);
    }
    return out.n ? str_z(a, buf_str(&out)) : "/";
}

/* Forms that would do something to who may. */
static const char *form_of(const char *pattern) {
    static const char *const forms[][2] = {
        { "/clients/{id}", "version=1&special=x" },
        { "/clients/{id}/notes", "text=hello" },
        { "/clients/{id}/cell", "field=special&value=x&was=" },
        { "/clients/{id}/field", "field=special&special=x&was=" },
        { "/clients/cells", "ids=1&cols=special&block=x" },
        { "/clients/columns", "col=town:140" },
        { "/clients/{id}/bonds", "_other=Somebody+new&_make=1" },
        { "/notes/{id}", "version=1&text=x" },
        { "/attachments/{id}", "version=1&name=x" },
        { "/clients/{id}/photo/choose", "version=1" },
        { "/bonds/{id}", "version=1&job_title=x" },
        { "/clients/{id}/purchases", "date=2026-11-02&amount=5" },
        { "/purchases/{id}", "version=1&product=x" },
        { "/settings/tags/{id}", "version=1&name=x" },
        { "/settings/teams/{id}", "version=1&name=x" },
        { "/settings/categories/{id}/move", "up=1" },
        { "/views/{id}", "version=1&name=x" },
        { "/segments/{id}", "version=1&name=x&where=stage:lead" },
        { "/segments/{id}/move", "up=1" },
        { "/views/{id}/update", "query=stage%3Dlead" },
        { "/views/{id}/move", "up=1" },
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!strcmp(forms[i][0], pattern)) return forms[i][1];
    return "";
}

struct answered book_ask(struct book *b, const struct route *t, const char *plural, int who,
                         int64_t id) {
    struct call call = { .method = http_method_name(t->method),
                         .who = &b->who[who],
                         .target = book_target(b->s.arena, t->pattern, plural, id) };
    bool api = t->flags & ROUTE_API;
    struct http_pairs match = { .v = NULL };
    if (api && (t->method == HTTP_POST || t->method == HTTP_PATCH)) {
        bool create = str_ends(str_of(t->pattern), S("{entity}"));
        call.body = create ? S("{\"kind\":\"robot\"}") : S("{}");
        call.type = "application/json";
    }
    if (!api && t->method == HTTP_POST) call.body = str_of(form_of(t->pattern));
    if (api && (t->method == HTTP_PATCH || t->method == HTTP_DELETE))
        http_pairs_add(b->s.arena, &match, S("if-match"), S("\"v1\""));
    call.headers = match;
    b->s.app->config.now_ms += 500; /* who asks with a dead token is slowed otherwise */
    return served_call(&b->s, &call);
}

struct answered book_get(struct book *b, int who, const char *target) {
    b->s.app->config.now_ms += roles[who] == ROLE_NONE ? 500 : 0;
    struct call call = { .method = "GET", .who = &b->who[who], .target = target };
    return served_call(&b->s, &call);
}

struct answered book_post(struct book *b, int who, const char *target, const char *form) {
    struct call call = {
        .method = "POST", .who = &b->who[who], .target = target, .body = str_of(form)
    };
    return served_call(&b->s, &call);
}

struct answered book_json(struct book *b, int who, const char *verb, const char *target,
                          const char *json) {
    struct call call = { .method = verb,
                         .who = &b->who[who],
                         .target = target,
                         .body = str_of(json),
                         .type = "application/json" };
    if (!strcmp(verb, "PATCH")) http_pairs_add(b->s.arena, &call.headers, S("if-match"), S("*"));
    return served_call(&b->s, &call);
}

bool book_has(struct str body, const char *word) {
    return str_find(body, str_of(word)) >= 0;
}
