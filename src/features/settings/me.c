/* My own settings: language, calendar, digits, week, zone, name. Routes: feature.c. Calls the store
 * (the person's own member record). */
#include "core/app/preference.h"
#include "core/entity/form.h"
#include "features/member/member.h"
#include "features/settings/pages.h"
#include "lib/locale/zone.h"

static enum status load_me(struct req *r, struct member *m) {
    return store_load(&r->c, &entity_member, r->c.who.id, m);
}

/* --- What is shown --- */

/* An input whose first choice is to do as the business does. */
static struct input own_choice(struct req *r, const char *name, const char *label, struct str value,
                               void (*choose)(struct req *r, struct input *i)) {
    struct input i = input_of(r, name, "select", label, value);
    if (choose != choose_zone) input_choice(r, &i, "", str_of(T(&r->c, "As the business")));
    choose(r, &i);
    return i;
}

enum status me_show(struct req *r) {
    struct ctx *c = &r->c;
    struct member m;
    TRY(load_me(r, &m));
    struct str day = m.first_weekday ? str_printf(c->arena, "%d", (int)m.first_weekday) : S("");
    struct me_page p = { .version = m.row.version };
    p.name = input_of(r, "name", "text", N_("Your name"), m.name);
    p.name.required = true;
    p.language = own_choice(r, "language", N_("Language"), m.language, choose_language);
    p.calendar = own_choice(r, "calendar", N_("Calendar"), m.calendar, choose_calendar);
    p.digits = own_choice(r, "digits", N_("Digits"), m.digits, choose_digits);
    p.first_weekday =
        own_choice(r, "first_weekday", N_("First day of the week"), day, choose_weekday);
    p.zone = own_choice(r, "zone", N_("Time zone"), m.zone, choose_zone);
    p.zone.hint = N_("Empty: as the business.");
    p.scheme = input_of(r, "scheme", "select", N_("Colours"), str_of(r->wishes.scheme));
    input_choice(r, &p.scheme, "device", str_of(T(c, N_("As the device"))));
    input_choice(r, &p.scheme, "light", str_of(T(c, N_("Light"))));
    input_choice(r, &p.scheme, "dark", str_of(T(c, N_("Dark"))));
    struct str keys = r->wishes.keys_off ? S("off") : S("on");
    p.keys = input_of(r, "keys", "select", N_("Keyboard shortcuts"), keys);
    input_choice(r, &p.keys, "on", str_of(T(c, N_("Single letters and Ctrl K"))));
    input_choice(r, &p.keys, "off", str_of(T(c, N_("Only Ctrl K"))));
    r->narrow = true;
    return PAGE(r, T(c, "My settings"), "settings", page_me, &p);
}

/* --- What is changed --- */

/* What is a preference and no field of the record is kept; *record is the form without it. */
static enum status take_wishes(struct req *r, struct http_pairs *record) {
    struct page_wishes w = r->wishes;
    *record = (struct http_pairs){ 0 };
    for (int i = 0; i < r->form.n; i++) {
        struct str value = r->form.v[i].value;
        bool keys = str_eq_z(r->form.v[i].name, "keys");
        bool scheme = str_eq_z(r->form.v[i].name, "scheme");
        if (keys && !str_eq_z(value, "on") && !str_eq_z(value, "off")) return MALFORMED;
        if (keys) w.keys_off = str_eq_z(value, "off");
        if (scheme) w.scheme = page_wishes_of(value).scheme;
        if (scheme && !w.scheme[0] && !str_eq_z(value, "device")) return MALFORMED;
        if (!keys && !scheme && !str_eq_z(r->form.v[i].name, "next"))
            http_pairs_add(r->c.arena, record, r->form.v[i].name, value);
    }
    return preference_set(&r->c, "page", page_wishes_words(r->c.arena, w));
}

enum status me_save(struct req *r) {
    static const char *const allowed[] = { "name",   "language", "calendar", "digits",
                                           "zone",   "csrf",     "version",  "first_weekday",
                                           "scheme", "keys",     "next" };
    struct ctx *c = &r->c;
    struct member m;
    for (int i = 0; i < r->form.n; i++) {
        bool known = false;
        for (int k = 0; k < COUNT(allowed); k++) known |= str_eq_z(r->form.v[i].name, allowed[k]);
        if (!known) return MALFORMED;
    }
    TRY(load_me(r, &m));
    struct http_pairs record;
    TRY(take_wishes(r, &record));
    TRY(form_read(c, &record, &entity_member, &m));
    if (m.zone.n && !zone_get(r->app->zones, m.zone))
        return ctx_problem(c, S("zone"),
                           N_("There is no time zone “{value}”. It looks like Asia/Tehran."),
                           ARG("value", m.zone));
    /* The entity is the managers' to write; these fields of one's own record are everybody's. */
    enum role own = c->who.role;
    if (c->who.role < ROLE_MANAGER) c->who.role = ROLE_MANAGER;
    enum status s = store_save(c, &entity_member, &m);
    c->who.role = own;
    TRY(s);
    struct str next = req_form(r, "next");
    return go_toast(r, next.n ? req_next(r, next) : url_own(S("/settings")), N_("Saved."), 0);
}
