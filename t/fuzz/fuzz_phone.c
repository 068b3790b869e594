/* Typed telephone numbers: any bytes, some regions. What is valid is E.164 and understood again. */
#include "lib/locale/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char regions[][3] = { "IR", "FR", "US", "AR", "BR", "RU",
                                       "MA", "",   "JP", "IT", "SM" };
    if (size < 1 || size > 300) return 0;
    struct arena *a = arena_new();
    struct str typed = { (const char *)data + 1, size - 1 };
    struct phone_number p, again;
    if (phone_parse(a, typed, regions[data[0] % 11], &p)) {
        struct str e164 = str_of(p.e164), shown = phone_show_international(a, e164);
        if (!phone_valid(e164)) BUG("%s", p.e164);
        if (!phone_parse(a, shown, NULL, &again) || strcmp(p.e164, again.e164) != 0)
            BUG("«%.*s» became «%.*s»", SF(typed), SF(shown));
        phone_show_national(a, e164);
    } else if (p.e164[0]) {
        BUG("a number that is not valid");
    }
    phone_show_national(a, typed);
    phone_show_international(a, typed);
    arena_free(a);
    return 0;
}
