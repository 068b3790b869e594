/* The card «Files» of a client's page and the page of all his files. Routes: feature.c; the card is
 * called by features/client. Calls the store, preview.c, pages.html. */
#include "features/attachment/pages.h"

#include "features/attachment/pages.html.h"
#include "features/attachment/preview.h"
#include "features/member/member.h"
#include "lib/locale/number.h"

enum { ON_CARD = 6, ON_PAGE = 60, BINNED_SHOWN = 20 };

static const char *icon_of(struct str type) {
    static const struct {
        const char *starts, *icon;
    } icons[] = {
        { "image/", "image" },
        { "audio/", "music" },
        { "video/", "film" },
        { "application/vnd.openxmlformats-officedocument.spreadsheetml", "sheet" },
        { "application/vnd.oasis.opendocument.spreadsheet", "sheet" },
        { "application/zip", "archive" },
        { "application/gzip", "archive" },
        { "application/x-7z", "archive" },
        { "application/vnd.rar", "archive" },
        { "application/x-xz", "archive" },
        { "application/zstd", "archive" },
        { "application/x-bzip2", "archive" },
    };
    for (int i = 0; i < COUNT(icons); i++)
        if (str_starts(type, str_of(icons[i].starts))) return icons[i].icon;
    return "file";
}

void version_view_of(struct req *r, const struct attachment_version *v, struct version_view *out) {
    struct ctx *c = &r->c;
    struct stored_file f;
    struct arena *a = c->arena;
    *out = (struct version_view){
        .id = v->row.id,
        .download = url_printf(a, "/files/%lld", (long long)v->row.id),
        .name = v->name,
        .size = size_shown(c, v->bytes),
        .who = v->member ? entity_title(c, &entity_member, v->member) : NO_STR,
        .at = moment_of(c, v->at, INSTANT_RELATIVE),
        .icon = icon_of(v->type),
    };
    if (!out->who.n) out->who = str_of(T(c, N_("The program")));
    if (filestore_find(c, v->file, &f) != OK) return;
    if (!preview_likely(r->app, a, f.sha256, str_z(a, v->type))) return;
    out->small = url_printf(a, "/files/%lld/preview", (long long)v->row.id);
    out->large = url_printf(a, "/files/%lld/preview?large=1", (long long)v->row.id);
}

static struct file_views views_of(struct req *r, const struct attachments *list) {
    struct file_views out = { arena_array(r->c.arena, struct file_view, list->n + 1), list->n };
    for (int i = 0; i < list->n; i++) {
        const struct attachment *a = &list->v[i];
        struct version_view v;
        version_view_of(r, attachment_newest(a), &v);
        out.v[i] = (struct file_view){ .id = a->row.id,
                                       .to = url_printf(r->c.arena, "/attachments/%lld",
                                                        (long long)a->row.id),
                                       .download = v.download,
                                       .small = v.small,
                                       .large = v.large,
                                       .name = a->name,
                                       .size = v.size,
                                       .who = v.who,
                                       .at = v.at,
                                       .icon = v.icon,
                                       .versions_n = a->versions.n,
                                       .private = a->private };
    }
    return out;
}

static enum status fill(struct req *r, int64_t party, bool writes, bool page, int64_t below,
                        struct files_view *v, struct attachments *list) {
    struct ctx *c = &r->c;
    struct attachment_total total;
    TRY(attachment_of_party(c, party, false, below, page ? ON_PAGE : ON_CARD, list));
    TRY(attachment_total(c, party, &total));
    *v = (struct files_view){
        .party = party,
        .files_n = total.files_n,
        .size = size_shown(c, total.bytes),
        .limit = size_shown(c, LIMIT_UPLOAD),
        .limit_bytes = LIMIT_UPLOAD,
        .all = url_printf(c->arena, "/clients/%lld/files", (long long)party),
        .writes = writes,
        .page = page,
        .files = views_of(r, list),
    };
    struct url to = page ? v->all : url_query(c->arena, v->all, "from", S("card"));
    v->action = csrf_url(r, to);
    for (int i = 0; i < v->files.n; i++) v->shows |= v->files.v[i].large.s.n > 0;
    return OK;
}

enum status attachment_card_of(struct req *r, int64_t party, bool writes,
                               struct attachment_card *out) {
    struct files_view *v = arena_new_of(r->c.arena, struct files_view);
    struct attachments list;
    TRY(fill(r, party, writes, false, 0, v, &list));
    *out = (struct attachment_card){ party, v };
    return OK;
}

void attachment_card(struct out *o, const struct attachment_card *card) {
    files_card(o, card->view);
}

enum status files_show(struct req *r) {
    struct ctx *c = &r->c;
    struct files_view v;
    struct attachments list, binned;
    struct party p;
    int64_t id, below = 0;
    struct str asked = req_query(r, "before");
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (asked.n && (!str_to_i64(asked, &below) || below < 0)) return MALFORMED;
    TRY(store_load_binned(c, &entity_party, id, &p));
    bool writes = !p.row.deleted_at && ctx_may(c, entity_attachment.may_write);
    TRY(fill(r, id, writes, true, below, &v, &list));
    v.client = p.display_name;
    if (list.next) {
        struct str key = str_printf(c->arena, "%lld", (long long)list.next);
        v.older = url_query(c->arena, v.all, "before", key);
    }
    if (writes && !below) TRY(attachment_of_party(c, id, true, 0, BINNED_SHOWN, &binned));
    if (writes && !below) v.binned = views_of(r, &binned);
    const struct problem *problem = ctx_problem_at(c, S("file"));
    if (problem) v.problem = ctx_problem_text(c, problem);
    return PAGE(r, T(c, N_("Files")), "clients", files_page, &v);
}
