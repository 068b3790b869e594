/* Any bytes through lib/text/fold: results are UTF-8, folding and cleaning twice change nothing. */
#include "lib/text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *a = arena_new();
    struct str text = { (const char *)data, size };
    struct str once = fold(a, text);
    struct strs words;
    if (!utf8_valid(once) || !str_eq(fold(a, once), once)) BUG("fold is not stable");
    for (int i = fold_words(a, text, &words); i-- > 0;)
        if (!utf8_valid(words.v[i]) || str_find_c(words.v[i], ' ') >= 0) BUG("bad word");
    for (int i = fold_email_words(a, text, &words); i-- > 0;)
        if (!utf8_valid(words.v[i]) || str_find_c(words.v[i], ' ') >= 0) BUG("bad e-mail word");
    fold_digits(a, text);
    for (int how = 0; how < 4; how++) {
        struct str clean = text_clean(a, text, (enum text_clean_how)how);
        if (!utf8_valid(clean)) BUG("cleaned text is not UTF-8");
        if (!str_eq(text_clean(a, clean, (enum text_clean_how)how), clean)) BUG("not clean");
    }
    arena_free(a);
    return 0;
}
