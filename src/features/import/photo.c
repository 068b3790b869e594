/* The photo in a cell of a file (data:image/jpeg;base64,…, as cards become tables) as the photo of
 * the client. It was made harmless where it came from a card; whatever it is, pages show only what
 * the box draws from it. Called by shape.c; calls core/app/filestore and features/attachment. */
#include "core/app/filestore.h"
#include "features/attachment/attachment.h"
#include "features/import/import.h"
#include "lib/image/image.h"
#include "lib/text/vcard.h"

static bool picture_of(struct arena *a, struct str cell, struct str *bytes) {
    ptrdiff_t comma = str_find_c(cell, ',');
    if (comma < 0 || !vcard_unbase64(a, str_sub(cell, (size_t)comma + 1, cell.n), bytes))
        return false;
    const char *type = image_sniff(*bytes);
    return strncmp(type, "image/", 6) == 0 && image_can_preview(type);
}

void import_photo_check(struct ctx *c, struct str cell) {
    struct str bytes;
    if (cell.n && !picture_of(c->arena, cell, &bytes))
        ctx_problem(c, S("photo"), N_("The photo cannot be read."));
}

enum status import_photo_save(struct ctx *c, const struct party *p, struct str cell) {
    struct stored_file f;
    struct str bytes;
    if (!c->app || !cell.n || p->photo || !picture_of(c->arena, cell, &bytes)) return OK;
    const char *files = filestore_folder(c->app, c->arena);
    TRY(filestore_take_str(c->arena, files, bytes, S("photo"), &f));
    TRY(filestore_keep(c->arena, files, &f));
    return party_photo_save(c, p->row.id, &f);
}
