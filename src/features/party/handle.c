/* Names on messengers and networks: an address that was pasted becomes the name and its service,
 * and back. Called by the store through party.c and by pages that link to them. */
#include "features/party/party.h"

static const struct {
    const char *kind;
    const char *hosts; /* what an address of it begins with, after www. */
    const char *link;  /* "%.*s" is the name; NULL: no page of its own */
} services[] = {
    { "telegram", "t.me/ telegram.me/", "https://t.me/%.*s" },
    { "whatsapp", "wa.me/", "https://wa.me/%.*s" },
    { "instagram", "instagram.com/", "https://www.instagram.com/%.*s" },
    { "linkedin", "linkedin.com/in/", "https://www.linkedin.com/in/%.*s" },
    { "signal", "signal.me/#p/", "https://signal.me/#p/+%.*s" },
    { "bale", "ble.ir/", "https://ble.ir/%.*s" },
    { "eitaa", "eitaa.com/", "https://eitaa.com/%.*s" },
    { "rubika", "rubika.ir/", "https://rubika.ir/%.*s" },
    { "facebook", "facebook.com/ fb.com/", "https://www.facebook.com/%.*s" },
    { "x", "x.com/ twitter.com/", "https://x.com/%.*s" },
};

static struct str without(struct str s, const char *start) {
    return str_starts(s, str_of(start)) ? str_sub(s, strlen(start), SIZE_MAX) : s;
}

/* «https://www.instagram.com/sara.k/?hl=fa» is sara.k on Instagram. */
static struct str name_in(struct str s, int *service) {
    struct str bare = without(without(without(s, "https://"), "http://"), "www."), host;
    for (int i = 0; i < COUNT(services); i++) {
        struct str hosts = str_of(services[i].hosts);
        while (str_cut(&hosts, ' ', &host)) {
            struct str rest = str_sub(bare, host.n, SIZE_MAX), name;
            if (!str_starts(bare, host)) continue;
            *service = i;
            if (!str_cut(&rest, '?', &name)) return NO_STR;
            return str_ends(name, S("/")) ? str_sub(name, 0, name.n - 1) : name;
        }
    }
    *service = -1;
    return s;
}

enum status handle_check(struct ctx *c, void *row, const void *before) {
    struct handle *h = row;
    int service;
    (void)c, (void)before;
    struct str name = str_trim(without(name_in(h->handle, &service), "@"));
    if (!name.n) return OK; /* what is left is no name: keep what was written */
    h->handle = name;
    if (service >= 0) h->kind = str_of(services[service].kind);
    return OK;
}

static bool is_name(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool word = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z');
        if (!word && !strchr("._-+", ch) && ch < 128) return false;
    }
    return s.n > 0;
}

struct url handle_url(struct arena *a, const struct handle *h) {
    struct str name = h->handle;
    for (int i = 0; i < COUNT(services); i++) {
        if (!str_eq_z(h->kind, services[i].kind)) continue;
        if (str_eq(h->kind, S("whatsapp")) || str_eq(h->kind, S("signal"))) {
            name = without(name, "+");
            name = without(name, "00");
            for (size_t k = 0; k < name.n; k++)
                if (name.p[k] < '0' || name.p[k] > '9') return (struct url){ NO_STR };
        }
        if (!is_name(name)) return (struct url){ NO_STR };
        name = url_encode(a, name);
        return url_of_user(str_printf(a, services[i].link, SF(name)));
    }
    return url_of_user(name);
}
