/* Files of clients, each with its versions, and the photo of a client. */
#ifndef ATTACHMENT_H
#define ATTACHMENT_H
#include "core/app/filestore.h"
#include "core/ask/ask.h"
#include "core/entity/store.h"
#include "core/web/req.h"
#include "features/party/party.h"

struct attachment_version {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/attachment/attachment_version.def"
};
struct attachment { /* versions: oldest first, at least one */
    struct row row;
#define MANY(list, child, ...)                                                                     \
    struct {                                                                                       \
        struct child *v;                                                                           \
        int n;                                                                                     \
    } list;
#include "features/attachment/attachment.def"
#undef MANY
#undef FIELD
};
extern const struct entity entity_attachment, entity_attachment_version;
extern const struct relation attachment_relation;

static inline const struct attachment_version *attachment_newest(const struct attachment *a) {
    return &a->versions.v[a->versions.n - 1];
}

struct attachments {
    struct attachment *v;
    int n;
    int64_t next; /* id to go on below; 0: the end */
};
/* Files of a client that the reader may see, newest first, below that id (0: newest). */
enum status attachment_of_party(struct ctx *c, int64_t party, bool binned, int64_t below, int limit,
                                struct attachments *out) MUST_USE;
struct attachment_total {
    int64_t files_n, bytes; /* of all versions */
};
enum status attachment_total(struct ctx *c, int64_t party, struct attachment_total *out) MUST_USE;

enum attachment_added { ATTACHMENT_NEW, ATTACHMENT_VERSION, ATTACHMENT_SAME };
/* A file that was kept becomes one of the client's: as a new version of the one with the same name
 * when as_version, else by itself. ATTACHMENT_SAME: its content is that one's newest already. */
enum status attachment_add(struct ctx *c, int64_t party, const struct stored_file *f,
                           bool as_version, bool private, enum attachment_added *how,
                           struct attachment *out) MUST_USE;
/* A further version of this one. */
enum status attachment_add_version(struct ctx *c, struct attachment *a, const struct stored_file *f,
                                   enum attachment_added *how) MUST_USE;

/* --- the card «Files» of a client's page: {call attachment_card(&v.files)} --- */
struct attachment_card {
    int64_t party;
    const struct files_view *view;
};
enum status attachment_card_of(struct req *r, int64_t party, bool writes,
                               struct attachment_card *out) MUST_USE;
void attachment_card(struct out *o, const struct attachment_card *card);

/* --- the photo --- */

/* /clients/{id}/photo; empty when he has none: for struct face. */
struct url party_photo_url(struct arena *a, const struct party *p);
/* Makes a picture the photo of a client who may be changed, as a change of the client (history,
 * undo, version). Two steps, for who holds the writer not too long: take and keep outside a
 * transaction, then party_photo_save in it; INVALID (a problem at "photo") when it is no picture
 * that can be shown. party_photo_set does both. */
enum status party_photo_take(struct ctx *c, struct app *app, struct str bytes, struct str name,
                             struct stored_file *out) MUST_USE;
enum status party_photo_save(struct ctx *c, int64_t party, const struct stored_file *f) MUST_USE;
enum status party_photo_set(struct ctx *c, struct app *app, int64_t party,
                            struct str bytes) MUST_USE;
/* Where the photo lies as it came (not made harmless: for vCard, never for a page), and what it is:
 * "image/jpeg", "image/png", "image/gif". MISSING: he has none. */
enum status party_photo_path(struct ctx *c, const struct app *app, const struct party *p,
                             const char **path, const char **type) MUST_USE;

#endif
