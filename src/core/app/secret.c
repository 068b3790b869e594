/* Passwords, digests and signatures (secret.h); the one file that includes sodium.h.
 * Called by sessions, tokens, the journal, backup and import; calls libsodium. */
#include <sodium.h> /* before ours: it uses a name that banned.h poisons */

#include "core/app/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "lib/base/log.h"

enum { ARGON_PASSES = 2, ARGON_BYTES = 19 << 20, WAITING_MAX = 32 };

_Static_assert(sizeof(struct sha256) >= sizeof(crypto_hash_sha256_state), "state too small");
_Static_assert(SHA256_N == crypto_hash_sha256_BYTES, "SHA-256 has 32 bytes");

static const unsigned char *bytes_of(struct str s) {
    return (const unsigned char *)(s.p ? s.p : "");
}

void sha256_begin(struct sha256 *h) {
    crypto_hash_sha256_init((crypto_hash_sha256_state *)(void *)h->state);
}

void sha256_add(struct sha256 *h, struct str s) {
    crypto_hash_sha256_update((crypto_hash_sha256_state *)(void *)h->state, bytes_of(s), s.n);
}

void sha256_end(struct sha256 *h, unsigned char out[SHA256_N]) {
    crypto_hash_sha256_final((crypto_hash_sha256_state *)(void *)h->state, out);
}

struct blob sha256_blob(struct arena *a, struct str s) {
    unsigned char *out = arena_alloc(a, SHA256_N);
    crypto_hash_sha256(out, bytes_of(s), s.n);
    return (struct blob){ out, SHA256_N };
}

struct str sha256_hex(struct arena *a, struct str s) {
    return str_hex(a, sha256_blob(a, s).p, SHA256_N);
}

enum status sha256_file(struct arena *a, const char *path, struct str *hex) {
    enum { PIECE = 1 << 16 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        log_warn("cannot read %s: %s", path, strerror(errno));
        return BROKEN;
    }
    struct sha256 h;
    unsigned char out[SHA256_N];
    char *piece = malloc(PIECE);
    if (!piece) BUG("out of memory");
    ssize_t n;
    sha256_begin(&h);
    while ((n = read(fd, piece, PIECE)) > 0) sha256_add(&h, (struct str){ piece, (size_t)n });
    if (n < 0) log_warn("cannot read %s: %s", path, strerror(errno));
    free(piece);
    close(fd);
    sha256_end(&h, out);
    *hex = str_hex(a, out, sizeof out);
    return n < 0 ? BROKEN : OK;
}

bool secret_equal(struct str a, struct str b) {
    return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

struct str secret_sign(const struct app *app, struct arena *a, const char *purpose,
                       struct str text) {
    unsigned char out[16];
    crypto_generichash_state h;
    crypto_generichash_init(&h, app->secret, sizeof app->secret, sizeof out);
    crypto_generichash_update(&h, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&h, bytes_of(text), text.n);
    crypto_generichash_final(&h, out, sizeof out);
    char *to = arena_alloc(a, 32);
    sodium_bin2base64(to, 32, out, sizeof out, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(to);
}

struct hasher {
    pthread_mutex_t one;
    atomic_int waiting;
    char nobody[crypto_pwhash_STRBYTES]; /* for names that do not exist */
};

static bool hash(struct str password, char out[crypto_pwhash_STRBYTES]) {
    return crypto_pwhash_argon2id_str(out, password.p ? password.p : "", password.n, ARGON_PASSES,
                                      ARGON_BYTES) == 0;
}

struct hasher *hasher_new(void) {
    if (sodium_init() < 0) BUG("libsodium does not start");
    struct hasher *h = calloc(1, sizeof *h);
    if (!h) BUG("out of memory");
    pthread_mutex_init(&h->one, NULL);
    char password[32];
    random_bytes(password, sizeof password);
    if (!hash((struct str){ password, sizeof password }, h->nobody)) BUG("no memory for argon2");
    return h;
}

void hasher_free(struct hasher *h) {
    if (!h) return;
    pthread_mutex_destroy(&h->one);
    free(h);
}

static enum status enter(struct hasher *h) {
    if (atomic_fetch_add(&h->waiting, 1) >= WAITING_MAX) {
        atomic_fetch_sub(&h->waiting, 1);
        return TOO_MANY;
    }
    pthread_mutex_lock(&h->one);
    return OK;
}

static void leave(struct hasher *h) {
    pthread_mutex_unlock(&h->one);
    atomic_fetch_sub(&h->waiting, 1);
}

enum status password_hash(struct hasher *h, struct arena *a, struct str password, struct str *out) {
    char text[crypto_pwhash_STRBYTES];
    if (password.n > LIMIT_PASSWORD) return TOO_BIG;
    TRY(enter(h));
    bool good = hash(password, text);
    leave(h);
    if (!good) BUG("no memory for argon2");
    *out = str_dup(a, str_of(text));
    return OK;
}

enum status password_verify(struct hasher *h, struct arena *a, struct str stored,
                            struct str password, bool *good) {
    *good = false;
    if (password.n > LIMIT_PASSWORD) return TOO_BIG;
    const char *against = stored.n ? str_z(a, stored) : h->nobody;
    TRY(enter(h));
    bool same =
        crypto_pwhash_argon2id_str_verify(against, password.p ? password.p : "", password.n) == 0;
    leave(h);
    *good = same && stored.n > 0;
    return OK;
}

bool password_outdated(struct arena *a, struct str hash) {
    return crypto_pwhash_argon2id_str_needs_rehash(str_z(a, hash), ARGON_PASSES, ARGON_BYTES) != 0;
}
