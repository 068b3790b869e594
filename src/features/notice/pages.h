/* Between the files of this folder. */
#ifndef NOTICE_PAGES_H
#define NOTICE_PAGES_H
#include "core/web/pieces.h"
#include "features/notice/notice.h"

struct notice { /* as it is read */
    int64_t id, party, by, row, at, seen_at, count;
    struct str kind, who, name; /* name: of the client, empty when there are several */
};
struct notices {
    struct notice *v;
    int n;
};
/* One's own, unread first, then newest first; those about what one no longer sees are left out. */
enum status notices_read(struct ctx *c, int limit, struct notices *out) MUST_USE;
enum status notices_see(struct ctx *c, int64_t id) MUST_USE; /* 0: all; MISSING: not one's own */

struct notice_view {
    struct url to, see;
    struct str who, thing;
    struct markup name;
    struct moment at;
    const char *what, *icon; /* msgid */
    bool unread;
};
struct notices_page {
    struct {
        struct notice_view *v;
        int n;
    } rows;
    int64_t unread;
};
struct person_view {
    struct face face;
    struct str name, email;
};
struct people_page {
    struct {
        struct person_view *v;
        int n;
    } rows;
};

enum status notices_show(struct req *r) MUST_USE;
enum status notices_seen(struct req *r) MUST_USE;
enum status notice_seen(struct req *r) MUST_USE;
enum status notice_people(struct req *r) MUST_USE;
enum status notices_api(struct req *r) MUST_USE;
enum status notices_api_seen(struct req *r) MUST_USE;
enum status notice_api_seen(struct req *r) MUST_USE;
extern const char notices_api_text[], notices_api_seen_text[], notice_api_seen_text[];

#endif
