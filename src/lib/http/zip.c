/* Gzip for replies on their way (zip.h). The one home of zlib. Called by core/web/answer.c. */
#include "lib/http/zip.h"

#include <zlib.h>

enum { LEVEL = 5, NAME_MAX_N = 100 };

struct str http_gzip(struct arena *a, struct str body, int noise) {
    Bytef name[NAME_MAX_N + 1];
    gz_header head = { .os = 255, .name = name, .name_max = sizeof name };
    z_stream z = { 0 };
    if (noise < 1 || noise > NAME_MAX_N) BUG("a name of %d bytes", noise);
    if (body.n > UINT32_MAX / 2) return NO_STR;
    memset(name, '-', sizeof name);
    name[noise] = 0;
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        BUG("zlib cannot start");
    if (deflateSetHeader(&z, &head) != Z_OK) BUG("zlib refuses a name");
    size_t room = deflateBound(&z, (uLong)body.n) + sizeof name;
    char *out = arena_alloc(a, room);
    z.next_in = (Bytef *)(uintptr_t)body.p;
    z.avail_in = (uInt)body.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    int end = deflate(&z, Z_FINISH);
    size_t n = z.total_out;
    deflateEnd(&z);
    return end == Z_STREAM_END && n < body.n ? (struct str){ out, n } : NO_STR;
}
