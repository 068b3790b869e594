/* The rules for passwords (password.h). Called by set-up, members and settings; calls text/fold. */
#include "core/web/password.h"

#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/text/fold.h"

struct str password_clean(struct arena *a, struct str typed) {
    return text_clean(a, typed, CLEAN_LINE);
}

/* What the table of published leaks (password_table, mostly English) does not have: words of our
 * four languages and keyboards, folded. A password is refused when it is one of these or of the
 * table, perhaps with digits and signs before or behind. */
static const char *const common[] = {
    "password",   "passwort",   "passw0rd",      "motdepasse",     "iloveyou",   "princess",
    "sunshine",   "football",   "baseball",      "basketball",     "superman",   "batman",
    "pokemon",    "starwars",   "whatever",      "trustno1",       "letmein",    "welcome",
    "dragon",     "monkey",     "master",        "shadow",         "michael",    "jennifer",
    "jordan",     "charlie",    "freedom",       "computer",       "internet",   "samsung",
    "google",     "facebook",   "administrator", "administrateur", "admin",      "changeme",
    "secret",     "default",    "qwerty",        "qwertyuiop",     "qwertyui",   "azerty",
    "azertyuiop", "asdfghjkl",  "asdfghjkl;",    "zxcvbnm",        "wxcvbn",     "qazwsx",
    "qazwsxedc",  "1qaz2wsx",   "1qaz2wsx3edc",  "1q2w3e4r",       "1q2w3e4r5t", "q1w2e3r4",
    "q1w2e3r4t5", "abcdefghij", "abcd1234",      "abc123",         "a1b2c3d4",   "aa123456",
    "soleil",     "doudou",     "chouchou",      "loulou",         "marseille",  "bonjour",
    "jetaime",    "liverpool",  "chelsea",       "arsenal",        "barcelona",  "realmadrid",
    "cristiano",  "ronaldo",    "messi",         "neymar",         "daftar",     "company",
    "business",   "customer",   "summer",        "winter",         "spring",     "autumn",
    "january",    "september",  "november",      "december",       "monday",     "iran",
    "tehran",     "persepolis", "esteghlal",     "mohammad",       "muhammad",   "mohammed",
    "ali",        "allah",      "bismillah",     "inshallah",      "hossein",    "fatemeh",
    "zahra",      "maryam",     "رمزعبور",       "گذرواژه",        "ایران",      "سلام",
    "محمد",       "دوستتدارم",  "کلمهالمرور",    "مرحبا",          "computer",   "lovely",
    "flower",     "hello",      "hunter",        "killer",         "soccer",     "mustang",
    "harley",     "ranger",     "thomas",        "robert",         "daniel",     "andrew",
    "jessica",    "pepper",     "ginger",        "cookie",         "cheese",     "banana",
    "orange",     "purple",     "silver",        "diamond",        "babygirl",   "lovelove",
    "fuckyou",    "asshole",    "blink182",      "matrix",         "phoenix",    "tigger",
    "maggie",     "buster",
};

static const char *const rows[] = { "qwertyuiop",
                                    "asdfghjkl",
                                    "zxcvbnm",
                                    "azertyuiop",
                                    "qsdfghjklm",
                                    "wxcvbn",
                                    "abcdefghijklmnopqrstuvwxyz",
                                    "01234567890123456789",
                                    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
                                    "1q2w3e4r5t6y7u8i9o0p",
                                    "ضصثقفغعهخحجچ",
                                    "شسیبلاتنمکگ",
                                    "ظطزرذدئو" };

/* Every pair of neighbours in s stands side by side in one of the rows, in one direction. */
static bool is_run(struct arena *a, struct str s) {
    struct str back = { str_z(a, s), s.n };
    for (size_t i = 0; i < s.n; i++) ((char *)(uintptr_t)back.p)[i] = s.p[s.n - 1 - i];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_find(str_of(rows[i]), s) >= 0 || str_find(str_of(rows[i]), back) >= 0) return true;
    return false;
}

/* The whole is one piece of at most a third of it, said again and again. */
static bool repeats(struct str s) {
    for (size_t n = 1; n <= s.n / 2; n++) {
        size_t i = n;
        while (i < s.n && s.p[i] == s.p[i - n]) i++;
        if (i == s.n) return true;
    }
    return false;
}

static bool ascii_letter(char c) {
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Without what people put around a word when digits and signs are asked for. */
static struct str core_of(struct str s) {
    while (s.n && !ascii_letter(s.p[0])) s.p++, s.n--;
    while (s.n && !ascii_letter(s.p[s.n - 1])) s.n--;
    return s;
}

static bool in_table(struct str s) {
    uint64_t want = hash_bytes(s.p, s.n, 0);
    int low = 0, high = password_table_n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (password_table[middle] < want)
            low = middle + 1;
        else
            high = middle;
    }
    return s.n >= 3 && low < password_table_n && password_table[low] == want;
}

enum { AROUND_MAX = 8 }; /* signs around a word that make it no better: a whole date */

static bool is_common(struct arena *a, struct str folded) {
    struct str core = core_of(folded);
    if (in_table(folded) || (folded.n - core.n <= AROUND_MAX && in_table(core))) return true;
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (str_eq_z(folded, common[i]) || str_eq_z(core, common[i])) return true;
    size_t around = folded.n - core.n;
    if (core.n == 0) return is_run(a, folded) || repeats(folded);
    return (is_run(a, folded) || repeats(folded)) || (around >= core.n && (is_run(a, core)));
}

static struct str joined(struct arena *a, struct str text) {
    struct str f = fold(a, text);
    struct buf b = { .arena = a };
    for (size_t i = 0; i < f.n; i++)
        if (f.p[i] != ' ') buf_add_c(&b, f.p[i]);
    return buf_str(&b);
}

/* The password is little more than something that is known of the person. */
static bool is_known(struct arena *a, struct str folded, const struct str *known, int n) {
    for (int i = 0; i < n; i++) {
        ptrdiff_t at = str_find_c(known[i], '@');
        struct str words[] = { known[i], at > 0 ? str_sub(known[i], 0, (size_t)at) : NO_STR };
        for (int k = 0; k < 2; k++) {
            struct str word = joined(a, words[k]);
            if (word.n >= 4 && str_find(folded, word) >= 0 && folded.n < word.n + 6) return true;
        }
    }
    return false;
}

enum status password_check(struct ctx *c, struct str field, struct str cleaned,
                           const struct str *known, int known_n) {
    if (cleaned.n > LIMIT_PASSWORD) return ctx_problem(c, field, N_("This password is too long."));
    if (utf8_count(cleaned) < PASSWORD_LEAST)
        return ctx_problem(c, field,
                           N_("A password has at least 10 characters. Four words that have "
                              "nothing to do with each other make a good one."));
    struct str folded = joined(c->arena, cleaned);
    if (folded.n == 0) folded = cleaned;
    if (is_common(c->arena, folded) || repeats(cleaned))
        return ctx_problem(c, field,
                           N_("This password is among the first that others would try. "
                              "Four words that have nothing to do with each other make a "
                              "good one."));
    if (is_known(c->arena, folded, known, known_n))
        return ctx_problem(c, field,
                           N_("This password holds your name, your e-mail or the name of "
                              "the business: others would try it early."));
    return OK;
}

const char *password_hint(void) {
    return N_("At least 10 characters; without two-factor sign-in better 15. Four words that have "
              "nothing to do with each other make a good one.");
}
