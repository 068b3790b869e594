/* Files for people to keep: headers under which no browser runs or shows them (trust.md T-18),
 * under names that no header, shell or file system trips over (T-19; filestore_name). */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H
#include "core/web/req.h"

/* Content-Disposition: attachment with the name twice, in ASCII and whole (RFC 6266, RFC 8187), and
 * Content-Type. For text and files that we made. */
void download_as(struct req *r, struct str name, const char *standard, const char *type);
/* A file that a person brought, as it came: r->raw is set. Always to be kept, never to be shown;
 * type is what its bytes are (image_sniff). BROKEN: it is not there. */
enum status download_file(struct req *r, const char *path, struct str name,
                          const char *type) MUST_USE;
/* A picture of our own making, to be shown: with an ETag (made of `etag`), kept by the browser but
 * asked for each time, so that whoever lost the right does not see it any more. */
enum status show_picture(struct req *r, const char *path, const char *type,
                         struct str etag) MUST_USE;

#endif
