/* Passwords, digests and signatures (secret.h); the one file that includes sodium.h.
 * Called by sessions, tokens, the journal, backup and import; calls libsodium. */
#include <sodium.h> /* before ours: it uses a name that banned.h poisons */

#include "core/app/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"

enum { ARGON_PASSES = 2, ARGON_BYTES = 19 << 20, WAITING_MAX = 32 };
enum { SEAL_FORMAT = 1, NONCE_N = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
enum { TAG_N = crypto_aead_xchacha20poly1305_ietf_ABYTES };

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

/* --- The key outside the database --- */

enum { KEY_N = 32 };
_Static_assert(KEY_N == crypto_kdf_KEYBYTES, "a key to derive from has 32 bytes");
_Static_assert(KEY_N == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key to seal with, too");

static enum status key_fails(const char *what, const char *path) {
    log_warn("cannot %s %s: %s", what, path, strerror(errno));
    return BROKEN;
}

/* Under its name only when it is whole: two that start at once both read what one of them made. */
static enum status make_key(const char *path, const char *folder, struct arena *a) {
    unsigned char key[KEY_N];
    const char *fresh = str_printf(a, "%s.%ld", path, (long)getpid()).p;
    random_bytes(key, sizeof key);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return key_fails("make", fresh);
    bool good = write(fd, key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0;
    close(fd);
    sodium_memzero(key, sizeof key);
    if (good && link(fresh, path) != 0 && errno != EEXIST) good = false;
    enum status s = good ? OK : key_fails("make", path);
    unlink(fresh);
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        if (fsync(dir) != 0) s = key_fails("sync", folder);
        close(dir);
    }
    return s;
}

static enum status read_key(int fd, const char *path, unsigned char key[KEY_N]) {
    struct stat st;
    if (fstat(fd, &st) != 0) return key_fails("read", path);
    if (st.st_mode & 077) {
        log_warn("%s can be read by others (mode %03o): make it yours alone with chmod 600", path,
                 (unsigned)st.st_mode & 0777);
        return BROKEN;
    }
    if (st.st_size != KEY_N || read(fd, key, KEY_N) != KEY_N) {
        log_warn("%s is not a key: it has %lld bytes instead of %d", path, (long long)st.st_size,
                 KEY_N);
        return BROKEN;
    }
    return OK;
}

enum status secret_keys_open(struct app *app) {
    if (sodium_init() < 0) BUG("libsodium does not start");
    struct arena *a = arena_new();
    const char *folder = app_path(app, a, "keys"), *path = app_path(app, a, "keys/seal.key");
    unsigned char key[KEY_N];
    enum status s = OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        s = make_key(path, folder, a);
        fd = s == OK ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    }
    if (s == OK) s = fd < 0 ? key_fails("read", path) : read_key(fd, path, key);
    if (fd >= 0) close(fd);
    if (s == OK) {
        crypto_kdf_derive_from_key(app->seal_key, sizeof app->seal_key, 1, "daftar01", key);
        crypto_kdf_derive_from_key(app->slot_key, sizeof app->slot_key, 2, "daftar01", key);
    }
    sodium_memzero(key, sizeof key);
    arena_free(a);
    return s;
}

struct blob secret_seal(const struct app *app, struct arena *a, const char *purpose, int64_t id,
                        struct str plain) {
    size_t n = 1 + NONCE_N + plain.n + TAG_N;
    unsigned char *out = arena_alloc(a, n), *nonce = out + 1;
    struct str bound = str_printf(a, "%s %lld", purpose, (long long)id);
    out[0] = SEAL_FORMAT;
    random_bytes(nonce, NONCE_N);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_N, NULL, bytes_of(plain), plain.n,
                                               bytes_of(bound), bound.n, NULL, nonce,
                                               app->seal_key);
    return (struct blob){ out, n };
}

bool secret_unseal(const struct app *app, struct arena *a, const char *purpose, int64_t id,
                   struct blob sealed, struct str *plain) {
    const unsigned char *in = sealed.p;
    struct str bound = str_printf(a, "%s %lld", purpose, (long long)id);
    *plain = NO_STR;
    if (sealed.n < 1 + NONCE_N + TAG_N || in[0] != SEAL_FORMAT) return false;
    size_t n = sealed.n - 1 - NONCE_N - TAG_N;
    unsigned char *out = arena_alloc(a, n + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + 1 + NONCE_N, n + TAG_N,
                                                   bytes_of(bound), bound.n, in + 1,
                                                   app->seal_key) != 0)
        return false;
    *plain = (struct str){ (const char *)out, n };
    return true;
}

int64_t secret_slot(const struct app *app, const char *purpose, struct str text, int64_t n) {
    unsigned char out[16];
    uint64_t number;
    crypto_generichash_state h;
    crypto_generichash_init(&h, app->slot_key, sizeof app->slot_key, sizeof out);
    crypto_generichash_update(&h, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&h, bytes_of(text), text.n);
    crypto_generichash_final(&h, out, sizeof out);
    memcpy(&number, out, sizeof number);
    return (int64_t)(number % (uint64_t)n);
}

/* --- Passwords --- */

struct hasher {
    pthread_mutex_t one;
    atomic_int waiting;
    int passes, bytes;
    char nobody[crypto_pwhash_STRBYTES]; /* for names that do not exist */
};

static bool hash(const struct hasher *h, struct str password, char out[crypto_pwhash_STRBYTES]) {
    return crypto_pwhash_argon2id_str(out, password.p ? password.p : "", password.n,
                                      (unsigned long long)h->passes, (size_t)h->bytes) == 0;
}

/* A hash that no password is known to give, and as much work to compare with as any other: its
 * parts are drawn, not made, so starting takes no hash. */
static void nobody(struct hasher *h) {
    enum { SUM_BYTES = 32, SALT_ROOM = 24, SUM_ROOM = 48 };
    unsigned char salt[crypto_pwhash_argon2id_SALTBYTES], sum[SUM_BYTES];
    char salt_text[SALT_ROOM], sum_text[SUM_ROOM];
    random_bytes(salt, sizeof salt);
    random_bytes(sum, sizeof sum);
    sodium_bin2base64(salt_text, SALT_ROOM, salt, sizeof salt,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    sodium_bin2base64(sum_text, SUM_ROOM, sum, sizeof sum,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    snprintf(h->nobody, sizeof h->nobody, "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", h->bytes / 1024,
             h->passes, salt_text, sum_text);
}

static struct hasher *make(int passes, int bytes) {
    if (sodium_init() < 0) BUG("libsodium does not start");
    struct hasher *h = calloc(1, sizeof *h);
    if (!h) BUG("out of memory");
    h->passes = passes;
    h->bytes = bytes;
    pthread_mutex_init(&h->one, NULL);
    nobody(h);
    return h;
}

struct hasher *hasher_new(void) {
    return make(ARGON_PASSES, ARGON_BYTES);
}

struct hasher *hasher_new_cheap(void) {
    return make(1, crypto_pwhash_argon2id_MEMLIMIT_MIN);
}

void hasher_free(struct hasher *h) {
    if (!h) return;
    pthread_mutex_destroy(&h->one);
    free(h);
}

static enum status enter(struct hasher *h) {
    if (atomic_fetch_add(&h->waiting, 1) >= WAITING_MAX) {
        atomic_fetch_sub(&h->waiting, 1);
        return BUSY;
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
    bool good = hash(h, password, text);
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
