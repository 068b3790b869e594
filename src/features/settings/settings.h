/* The business as a record, so that its changes are kept and can be taken back like all others. */
#ifndef FEATURE_SETTINGS_H
#define FEATURE_SETTINGS_H
#include "core/entity/store.h"
#include "core/web/parts.h"

struct firm_row {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/settings/firm.def"
#undef FIELD
};
extern const struct entity entity_firm;

enum status firm_load(struct ctx *c, struct firm_row *out) MUST_USE;
/* The inputs of the business's form, as set-up, welcome and settings show it. */
struct firm_inputs {
    struct input name, language, alphabet, calendar, digits, first_weekday, zone, currency, country,
        client_word;
};
void firm_inputs(struct req *r, const struct firm_row *now, struct firm_inputs *out);
void firm_two_factor_input(struct req *r, const struct firm_row *now, struct input *out);
/* What the form says into the record; problems stay in the context. */
enum status firm_read(struct req *r, struct firm_row *to) MUST_USE;
/* Choices that several forms offer, filled into an input. */
void choose_language(struct req *r, struct input *i);
void choose_calendar(struct req *r, struct input *i);
void choose_digits(struct req *r, struct input *i);
void choose_weekday(struct req *r, struct input *i);
void choose_zone(struct req *r, struct input *i);

#endif
