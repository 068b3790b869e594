/* A ZIP archive made by hand for tests: every field can be a lie. Entries are stored. */
#ifndef ZIP_RAW_H
#define ZIP_RAW_H
#include "lib/base/buf.h"

struct zip_raw_entry {
    struct str name, bytes;
    struct str local_name;   /* empty: the same */
    int64_t at;              /* where the directory says it is, -1: where it is */
    int64_t packed;          /* what the directory says, -1: the truth */
    uint16_t flags, method;  /* method 0: stored */
    struct str packed_bytes; /* with method 8: what stands there; whole says bytes.n */
};

static inline void zip_raw_16(struct buf *b, uint32_t v) {
    buf_add_c(b, (char)(v & 255));
    buf_add_c(b, (char)(v >> 8 & 255));
}
static inline void zip_raw_32(struct buf *b, uint32_t v) {
    zip_raw_16(b, v & 0xffff);
    zip_raw_16(b, v >> 16);
}
static inline uint32_t zip_raw_crc(struct str s) {
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < s.n; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}
/* version, flags, method, time, date, crc, packed, whole, length of name */
static inline void zip_raw_facts(struct buf *b, const struct zip_raw_entry *e, uint32_t packed,
                                 struct str name) {
    zip_raw_16(b, 20);
    zip_raw_16(b, e->flags);
    zip_raw_16(b, e->method);
    zip_raw_16(b, 0);
    zip_raw_16(b, 0x21);
    zip_raw_32(b, zip_raw_crc(e->bytes));
    zip_raw_32(b, packed);
    zip_raw_32(b, (uint32_t)e->bytes.n);
    zip_raw_16(b, (uint32_t)name.n);
    zip_raw_16(b, 0);
}
static inline void zip_raw(struct buf *b, const struct zip_raw_entry *v, int n, int say_n) {
    uint32_t *at = calloc((size_t)n + 1, sizeof *at);
    for (int i = 0; i < n; i++) {
        struct str name = v[i].local_name.n ? v[i].local_name : v[i].name;
        struct str data = v[i].method ? v[i].packed_bytes : v[i].bytes;
        at[i] = (uint32_t)b->n;
        zip_raw_32(b, 0x04034b50);
        zip_raw_facts(b, &v[i], (uint32_t)data.n, name);
        buf_add(b, name);
        buf_add(b, data);
    }
    uint32_t directory = (uint32_t)b->n;
    for (int i = 0; i < n; i++) {
        struct str data = v[i].method ? v[i].packed_bytes : v[i].bytes;
        zip_raw_32(b, 0x02014b50);
        zip_raw_16(b, 20);
        zip_raw_facts(b, &v[i], v[i].packed >= 0 ? (uint32_t)v[i].packed : (uint32_t)data.n,
                      v[i].name);
        for (int k = 0; k < 5; k++) zip_raw_16(b, 0);
        zip_raw_32(b, v[i].at >= 0 ? (uint32_t)v[i].at : at[i]);
        buf_add(b, v[i].name);
    }
    uint32_t bytes = (uint32_t)b->n - directory;
    zip_raw_32(b, 0x06054b50);
    zip_raw_32(b, 0);
    zip_raw_16(b, (uint32_t)(say_n >= 0 ? say_n : n));
    zip_raw_16(b, (uint32_t)(say_n >= 0 ? say_n : n));
    zip_raw_32(b, bytes);
    zip_raw_32(b, directory);
    zip_raw_16(b, 0);
    free(at);
}
#endif
