/* Any bytes through lib/text/json: refused with a place, or written and read back equal. */
#include "lib/text/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str shown(struct arena *a, const struct json *j) {
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    jw_json(&w, j);
    return buf_str(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *a = arena_new();
    struct json *j = NULL, *again = NULL;
    struct str why = NO_STR;
    if (json_parse(a, (struct str){ (const char *)data, size }, &j, &why) == OK) {
        struct str text = shown(a, j);
        if (!utf8_valid(text) || str_find_c(text, '<') >= 0) BUG("unsafe text");
        if (json_parse(a, text, &again, &why) != OK) BUG("refused our own: %.*s", SF(why));
        if (!str_eq(shown(a, again), text)) BUG("another value came back");
    } else if (!str_starts(why, S("line ")) || j) {
        BUG("no place: %.*s", SF(why));
    }
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    jw_str(&w, (struct str){ (const char *)data, size });
    if (!memchr(data, 0, size) && size && size < 10000 &&
        json_parse(a, buf_str(&b), &j, &why) != OK)
        BUG("a string that cannot be read: %.*s", SF(why));
    arena_free(a);
    return 0;
}
