/* See own_fields.h. */
#include "own_fields.h"

#include "core/entity/own.h"
#include "features/custom/custom.h"
#include "features/party/party.h"

static const struct {
    const char *name, *kind;
    bool filtered;
} all[OWN_KINDS_N] = {
    { "Motto", "text", true },     { "Story", "area", false },      { "Height", "number", true },
    { "Budget", "money", true },   { "Since", "date", true },       { "Size", "choice", true },
    { "Sports", "choices", true }, { "Subscriber", "yesno", true }, { "Profile", "url", true },
    { "Sent by", "party", true },
};

enum status own_fields_make(struct ctx *c, const char *mark) {
    for (int i = 0; i < OWN_KINDS_N; i++) {
        struct custom_field *f = row_new(c, &entity_custom_field);
        struct str kind = str_of(all[i].kind);
        bool choices = str_eq_z(kind, "choice") || str_eq_z(kind, "choices");
        f->name = str_printf(c->arena, "%s%s", all[i].name, mark);
        f->kind = kind;
        f->section = str_printf(c->arena, "Own%s", mark);
        f->hint = str_printf(c->arena, "Hint%s", mark);
        f->currency = str_eq_z(kind, "money") ? S("EUR") : NO_STR;
        f->decimals = str_eq_z(kind, "number") ? 2 : 0;
        if (choices) f->choices = str_printf(c->arena, "one: First%s\ntwo: Second%s", mark, mark);
        f->filtered = all[i].filtered;
        f->listed = 1;
        TRY(store_save(c, &entity_custom_field, f));
    }
    return OK;
}

enum status own_fields_see(struct ctx *c) {
    struct rows r;
    TRY(own_rows(c->tx, &r));
    c->own = own_make(c->arena, &r);
    return OK;
}

struct str own_fields_sample(struct ctx *c, const struct field *f, int64_t party) {
    if (f->kind == &kind_number || f->kind == &kind_money) return S("12.50");
    if (f->kind == &kind_date) return S("2001-02-03");
    if (f->kind == &kind_choice) return S("one");
    if (f->kind == &kind_choices) return S("one,two");
    if (f->kind == &kind_yesno) return S("1");
    if (f->kind == &kind_url) return S("https://example.com/me");
    if (f->kind == &kind_ref) return str_printf(c->arena, "%lld", (long long)party);
    return S("Carpe diem");
}

enum status own_fields_fill(struct ctx *c, void *row, int64_t party) {
    const struct entity *e = entity_now(c, &entity_party);
    row_ready(c, e, row);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v;
        if (!f->custom || (f->kind == &kind_ref && !party)) continue;
        TRY(f->kind->parse(c, f, str_of(f->name), own_fields_sample(c, f, party), &v));
        field_set(f, row, v);
    }
    return OK;
}
