/* What the templates of page.html show: one member of each type that has a way to HTML. */
#ifndef TPLC_PAGE_H
#define TPLC_PAGE_H
#include "core/web/assets.h"
#include "lib/html/out.h"

#define MANY 3

struct who {
    struct str name;
    int age;
};
struct client {
    struct str name;
    bool vip;
    struct who who, *boss;
    struct url url;
};
struct page {
    struct {
        struct client *v;
        int n;
    } clients;
    struct {
        const struct who **v;
        size_t n;
    } bosses;
    struct strs tags;
    struct str text;
    const char *label;
    char letters[8];
    struct url url;
    struct code phone;
    struct markup markup;
    bool yes;
    int8_t small;
    uint8_t byte;
    short shorter;
    int n;
    unsigned count;
    int64_t big;
    uint64_t huge;
    enum { KIND_PERSON, KIND_ORGANISATION } kind;
    void (*write)(struct out *o, const struct page *p);
};

#endif
