/* Reading all pages that one can reach by links, for tests that judge each. Include it after
 * cmocka.h. */
#ifndef CRAWL_H
#define CRAWL_H
#include "served.h"

enum { CRAWL_MAX = 400 };
struct crawl {
    struct served *s;
    const struct served_who *who;
    struct str paths[CRAWL_MAX];
    int n, seen;
};
void crawl_path(struct crawl *k, struct str path); /* one more page, unless it is known */
/* The links of a page. Fails the test when one of them runs something (javascript:, data: …). */
void crawl_links(struct crawl *k, struct str body);
/* Where every crawl begins: all that stands in no page's link. */
void crawl_starts(struct crawl *k);
/* Asks page after page, also those that come to light, and gives each answer to judge. */
void crawl_all(struct crawl *k, void (*judge)(void *arg, const struct answered *a, struct str path),
               void *arg);

#endif
