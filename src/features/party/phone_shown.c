/* A phone as people read it and as a dialler wants it (RFC 3966). Called by pages of clients and by
 * search; calls lib/locale/phone.h. */
#include "features/party/party.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"

struct str phone_shown(struct arena *a, const struct phone *p, const char *home) {
    if (p->e164.n == 0) return p->number;
    struct str code = str_printf(a, "+%d", phone_calling_code(home));
    bool ours = str_starts(p->e164, code);
    return ours ? phone_show_national(a, p->e164) : phone_show_international(a, p->e164);
}

struct str phone_dialled(struct arena *a, const struct phone *p) {
    struct str number = p->e164.n ? p->e164 : fold_digits(a, p->number);
    struct str ext = fold_digits(a, p->ext);
    return ext.n && number.n ? str_printf(a, "%.*s;ext=%.*s", SF(number), SF(ext)) : number;
}
