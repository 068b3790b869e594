/* Everything of the business as a folder: every record and file is there under a name that every
 * system takes, whatever people called them; formulas are defused; a file that is gone is told. On
 * both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <unistd.h>

#include "core/app/filestore.h"
#include "features/export/whole.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "lib/text/json.h"
#include "visitor.h"

#define NOON 1774087200000LL

SQL(whole_test_attachment,
    "INSERT INTO attachment (party, name, created_at, created_by, changed_at) VALUES "
    "(:id, :name, 5, 1, 5) RETURNING id");
SQL(whole_test_version,
    "INSERT INTO attachment_version (attachment, position, file, name, type, bytes, at, member) "
    "VALUES (:attachment, :position, :file, :name, 'text/plain', :bytes, 5, 1)");
SQL(whole_test_import,
    "INSERT INTO import (file, state, charset, separator, columns, match, on_match, at) VALUES "
    "(:file, 'done', 'utf-8', ',', '[]', '', 'skip', 5)");
SQL(whole_test_photo, "UPDATE party SET photo = :file WHERE id = :id");

enum { CLIENTS = 1000, BINNED = 3 };

static const char *const hostile[] = {
    "../../../etc/passwd", "..\\..\\evil.txt", "NUL",           "con.txt",
    "COM1.log.txt",        "a:b*c?.pdf",       "trailing. . .", "C:\\Windows\\x",
    "…/…/x.pdf",           ".hidden",          "a..b..c",       "=cmd|' /C calc'!A0",
    "\xe2\x80\xaegnp.exe",
};

struct seeded {
    struct place *p;
    int64_t first;
    struct stored_file files[COUNT(hostile)], gone;
};

static enum status seed_client(struct ctx *c, int i, int64_t *id) {
    struct party *p = row_new(c, &entity_party);
    p->kind = S("organisation");
    p->display_name =
        i < COUNT(hostile) ? str_of(hostile[i]) : str_printf(c->arena, "Client %04d «Ñandú»", i);
    p->phones.v = arena_array(c->arena, struct phone, 1);
    p->phones.v[0].number =
        str_printf(c->arena, "+33 6 00 %02d %02d %02d", i / 100 % 100, i % 100, 7);
    p->phones.n = 1;
    TRY(store_save(c, &entity_party, p));
    *id = p->row.id;
    return OK;
}

static enum status attach(struct ctx *c, int64_t party, const struct stored_file *f,
                          const char *name, int versions) {
    struct rows r;
    int64_t file;
    TRY(filestore_row(c, f, &file));
    TRY(db_query(c->tx, &whole_test_attachment, &r, P("id", party), P("name", name)));
    for (int64_t i = 0; i < versions; i++)
        TRY(db_run(c->tx, &whole_test_version, P("attachment", row_int(&r, 0, "id")),
                   P("position", i), P("file", file), P("name", name), P("bytes", f->bytes)));
    return OK;
}

static enum status seed(struct ctx *c, void *arg) {
    struct seeded *s = arg;
    int64_t id, file;
    for (int i = 0; i < CLIENTS; i++) {
        TRY(seed_client(c, i, &id));
        if (i == 0) s->first = id;
        if (i >= CLIENTS - BINNED) TRY(store_delete(c, &entity_party, id, 0));
    }
    struct note *n = row_new(c, &entity_note);
    n->party = s->first;
    n->text = S("a note </script><script>alert(1)</script>");
    TRY(store_save(c, &entity_note, n));
    for (int i = 0; i < COUNT(hostile); i++)
        TRY(attach(c, s->first + i % 2, &s->files[i], hostile[i], i == 0 ? 3 : 1));
    TRY(attach(c, s->first, &s->gone, "gone.txt", 1));
    TRY(filestore_row(c, &s->files[2], &file));
    TRY(db_run(c->tx, &whole_test_import, P("file", file)));
    return db_run(c->tx, &whole_test_photo, P("file", file), P("id", s->first));
}

static void keep(struct place *p, struct str text, struct stored_file *out) {
    const char *files = filestore_folder(p->app, p->arena);
    assert_int_equal(filestore_take_str(p->arena, files, text, S("x"), out), OK);
    assert_int_equal(filestore_keep(p->arena, files, out), OK);
}

/* --- what came out --- */

static size_t root_n;
static int files_n, entries_n;

static bool name_is_plain(struct str name) {
    static const char *const bad[] = { "con", "nul", "com1", "con.txt", "com1.log.txt" };
    for (int i = 0; i < COUNT(bad); i++)
        if (str_eq_ascii(name, str_of(bad[i]))) return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || strchr("<>:\"\\|?*", name.p[i])) return false;
    return name.n < 200 && name.p[name.n - 1] != '.' && name.p[name.n - 1] != ' ' &&
           str_find(name, S("\xe2\x80\xae")) < 0 && str_find(name, S("..")) < 0;
}

static int look_at(const char *path, const struct stat *st, int flag, struct FTW *at) {
    (void)st;
    struct str name = str_of(path + at->base);
    if (at->level && !name_is_plain(name)) fail_msg("a bad name: %s", path);
    if (flag == FTW_F) entries_n++;
    if (flag == FTW_F && str_starts(str_of(path + root_n), S("/files/"))) files_n++;
    return 0;
}

static struct str read_all(struct arena *a, const char *folder, const char *name) {
    FILE *f = fopen(str_printf(a, "%s/%s", folder, name).p, "rb");
    struct buf b = { .arena = a };
    char piece[65536];
    if (!f) fail_msg("%s/%s is not there", folder, name);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){ piece, n });
    fclose(f);
    return buf_str(&b);
}

static int records(struct arena *a, const char *folder, const char *name) {
    struct json *j;
    struct str why;
    if (json_parse(a, read_all(a, folder, name), &j, &why) != OK)
        fail_msg("%s: %.*s", name, SF(why));
    return json_n(j);
}

static void take(struct place *p, struct sink *sink) {
    struct ctx c;
    struct tx *tx;
    struct arena *a = arena_new();
    bool more = true;
    assert_int_equal(db_read(p->app->db, a, &tx), OK);
    assert_int_equal(app_context(p->app, 0, a, tx, DOOR_WEB, &c), OK);
    app_become_program(&c);
    assert_int_equal(db_end(tx, OK), OK);
    struct whole *w = whole_open(p->app, &c, sink);
    while (more) assert_int_equal(whole_piece(w, &more), OK);
    assert_int_equal(whole_clients(w), CLIENTS - BINNED);
    whole_close(w);
    arena_free(a);
}

/* Every file of people stands under its client, its bytes as they were. */
static void files_are_there(struct place *p, struct seeded *s, const char *folder) {
    struct arena *a = p->arena;
    struct json *j;
    struct str why;
    for (int part = 0; part < 2; part++) {
        int64_t id = s->first + part;
        struct str js = read_all(a, folder, "book/data/clients-0.js");
        js = str_sub(js, strlen("book.clients("), js.n - strlen("book.clients(") - 3);
        assert_int_equal(json_parse(a, js, &j, &why), OK);
        const struct json *one = json_get(j, str_printf(a, "%lld", (long long)id));
        const struct json *files = json_get(one, S("files"));
        int want = part ? COUNT(hostile) / 2 : (COUNT(hostile) + 1) / 2 + 2 + 1 + 1;
        assert_int_equal(json_n(files), want);
        for (int i = 0; i < json_n(files); i++) {
            struct str name = json_str(json_get(json_at(files, i), S("name")));
            struct str path = json_str(json_get(json_at(files, i), S("path")));
            if (str_eq(name, S("gone.txt"))) continue;
            struct str bytes = read_all(a, folder, str_z(a, path));
            bool photo = str_eq(name, S("x"));
            for (int k = 0; k < COUNT(hostile) && !photo; k++)
                if (str_eq_z(name, hostile[k]))
                    assert_true(str_ends(bytes, str_printf(a, " %d.", k)));
        }
    }
}

static void whole(bool pg) {
    struct place p = { .config = { .now_ms = NOON } };
    struct seeded s = { .p = &p };
    struct sink *sink;
    struct str why;
    place_open(&p, pg);
    place_set_up(&p);
    struct arena *a = p.arena;
    for (int i = 0; i < COUNT(hostile); i++) { /* one is larger than a piece */
        struct buf b = { .arena = a };
        for (int k = 0; k < (i == 1 ? 100000 : 3); k++) buf_add_z(&b, "content ");
        buf_printf(&b, " %d.", i);
        keep(&p, buf_str(&b), &s.files[i]);
    }
    keep(&p, S("soon gone"), &s.gone);
    place_write(&p, OK, seed, &s);
    assert_int_equal(unlink(s.gone.path), 0);

    const char *folder = str_printf(a, "%s/out", p.dir).p;
    assert_int_equal(sink_folder(a, folder, &sink, &why), OK);
    take(&p, sink);
    sink_free(sink);
    root_n = strlen(folder);
    files_n = entries_n = 0;
    assert_int_equal(nftw(folder, look_at, 16, FTW_PHYS), 0);
    assert_int_equal(files_n, COUNT(hostile) + 2 + 1); /* two older versions, the photo */
    assert_int_equal(records(a, folder, "json/parties.json"), CLIENTS - BINNED);
    assert_int_equal(records(a, folder, "json/bin-parties.json"), BINNED);
    assert_int_equal(records(a, folder, "json/notes.json"), 1);
    assert_true(records(a, folder, "json/tables/change.json") >= CLIENTS + BINNED + 1);
    assert_int_equal(records(a, folder, "json/tables/attachment_version.json"),
                     COUNT(hostile) + 2 + 1);
    assert_true(str_find(read_all(a, folder, "files-missing.txt"), S("gone")) > 0);
    assert_true(str_find(read_all(a, folder, "csv/clients.csv"), S("'=cmd")) > 0);
    assert_true(str_find(read_all(a, folder, "csv/clients.csv"), S(",=cmd")) < 0);
    assert_true(str_find(read_all(a, folder, "book/data/clients-0.js"), S("</script")) < 0);
    struct str cards = read_all(a, folder, "vcard/clients.vcf");
    int cards_n = 0;
    for (ptrdiff_t at; (at = str_find(cards, S("BEGIN:VCARD"))) >= 0; cards_n++)
        cards = str_sub(cards, (size_t)at + 1, cards.n);
    assert_int_equal(cards_n, CLIENTS - BINNED);
    files_are_there(&p, &s, folder);
    assert_int_equal(sink_folder(a, folder, &sink, &why), CONFLICT);
    place_close(&p);
}

static void test_whole(void **state) {
    (void)state;
    whole(false);
}
static void test_whole_pg(void **state) {
    (void)state;
    if (!getenv("DAFTAR_TEST_PG")) skip();
    whole(true);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_whole),
                                        cmocka_unit_test(test_whole_pg) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
