/* Secrets and digests: passwords (argon2id), SHA-256, signatures of short-lived values, comparing
 * without telling. secret.c is the one home of libsodium. */
#ifndef SECRET_H
#define SECRET_H
#include "core/app/app.h"

#define SHA256_N 32
struct sha256 { /* of a stream: begin, add…, end */
    _Alignas(16) unsigned char state[128];
};
void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, struct str bytes);
void sha256_end(struct sha256 *h, unsigned char out[SHA256_N]);
/* In the arena, as a value for a BLOB column. */
struct blob sha256_blob(struct arena *a, struct str bytes);
struct str sha256_hex(struct arena *a, struct str bytes); /* lower case */
/* Of a whole file, in hex; BROKEN when it cannot be read (logged). */
enum status sha256_file(struct arena *a, const char *path, struct str *hex) MUST_USE;

/* Takes the same time wherever they differ (their lengths may be told). */
bool secret_equal(struct str a, struct str b);
/* 22 characters that only this process can make for text; purpose keeps uses apart. */
struct str secret_sign(const struct app *app, struct arena *a, const char *purpose,
                       struct str text);

/* The key that lies outside the database: DATA/keys/seal.key, 32 bytes, made at the first start,
 * mode 0600. Called by app_open. BROKEN (the reason is in the log) when others may read it, or it
 * cannot be read or made. Whoever loses it loses what was sealed with it, nothing else. */
enum status secret_keys_open(struct app *app) MUST_USE;
/* plain, readable only with that key and only for this purpose and id (XChaCha20-Poly1305; format
 * 1: a byte 1, 24 of nonce, the text, 16 of tag). */
struct blob secret_seal(const struct app *app, struct arena *a, const char *purpose, int64_t id,
                        struct str plain);
/* False: sealed with another key, for something else, or changed. */
bool secret_unseal(const struct app *app, struct arena *a, const char *purpose, int64_t id,
                   struct blob sealed, struct str *plain);
/* 0 to n - 1, the same after a restart, and nobody without the key can tell which. */
int64_t secret_slot(const struct app *app, const char *purpose, struct str text, int64_t n);

/* Passwords: argon2id, t=2, m=19 MiB (OWASP; trust.md 4.4 item 51), one at a time, so that memory
 * and processor stay bounded; 32 may wait, the next gets BUSY. */
struct hasher *hasher_new(void);
struct hasher *hasher_new_cheap(void); /* for tests that need thousands: one pass, 8 KiB */
void hasher_free(struct hasher *h);
enum status password_hash(struct hasher *h, struct arena *a, struct str password,
                          struct str *hash) MUST_USE;
/* True when the hash was made with less work than we ask now: make it anew at the next sign-in. */
bool password_outdated(struct arena *a, struct str hash);
/* hash empty: nobody has that name; takes as long, and *good is false. */
enum status password_verify(struct hasher *h, struct arena *a, struct str hash, struct str password,
                            bool *good) MUST_USE;

#endif
