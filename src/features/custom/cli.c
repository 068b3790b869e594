/* daftar field: own fields listed, made, renamed, removed and brought back from the command line,
 * through the store: the same rules, the same history as in the settings. Called by app/cli.c.
 */
#include "core/entity/own.h"
#include "core/app/command.h"
#include "features/custom/custom.h"

struct order {
    struct cli *cli;
    const char *act;
    int64_t id;
};

static enum status list(struct ctx *c, void *arg) {
    struct custom_fields all;
    (void)arg;
    TRY(custom_all(c, false, &all));
    for (int i = 0; i < all.n; i++) {
        int64_t used;
        TRY(custom_used(c, all.v[i].row.id, NO_STR, &used));
        printf("cf_%lld\t%.*s\t%.*s\t%lld\n", (long long)all.v[i].row.id, SF(all.v[i].kind),
               SF(all.v[i].name), (long long)used);
    }
    return OK;
}

/* What --name, --kind … say; what is not said stays. */
static enum status fill(const struct cli *cli, struct ctx *c, struct custom_field *f) {
    for (int i = 0; i < entity_custom_field.fields_n; i++) {
        const struct field *field = &entity_custom_field.fields[i];
        const char *typed = cli_get(cli, str_printf(c->arena, "--%s", field->name).p);
        struct value v;
        if (!typed) continue;
        if (field->kind == &kind_yesno) typed = "1"; /* an option that takes nothing */
        TRY(field->kind->parse(c, field, str_of(field->name), str_of(typed), &v));
        field_set(field, f, v);
    }
    return OK;
}

static enum status change(struct ctx *c, void *arg) {
    struct order *o = arg;
    struct custom_field *f = row_new(c, &entity_custom_field);
    if (!strcmp(o->act, "remove")) return store_delete(c, &entity_custom_field, o->id, 0);
    if (!strcmp(o->act, "restore")) return store_restore(c, &entity_custom_field, o->id);
    if (o->id) TRY(store_load(c, &entity_custom_field, o->id, f));
    TRY(fill(o->cli, c, f));
    TRY(store_save(c, &entity_custom_field, f));
    o->id = f->row.id;
    return OK;
}

static enum status run(struct cli *cli) {
    static const char *const acts[] = { "list", "add", "rename", "remove", "restore" };
    struct order o = { .cli = cli, .act = cli->words[0] };
    bool known = false;
    for (int i = 0; i < COUNT(acts); i++) known |= !strcmp(o.act, acts[i]);
    bool named = strcmp(o.act, "list") && strcmp(o.act, "add");
    struct str which = str_of(cli->words_n > 1 ? cli->words[1] : NULL);
    if (!known) return cli_say(cli, MALFORMED, "it is list, add, rename, remove or restore");
    if (named != (cli->words_n == 2)) return cli_say(cli, MALFORMED, "which one? cf_ID");
    if (named && (!str_starts(which, S("cf_")) || !str_to_i64(str_sub(which, 3, SIZE_MAX), &o.id)))
        return cli_say(cli, MALFORMED, "a field is cf_ID, as daftar field list says");
    if (!strcmp(o.act, "list")) return cli_read(cli, list, &o);
    if (strcmp(o.act, "remove") && strcmp(o.act, "restore") && !cli_has(cli, "--name"))
        return cli_say(cli, MALFORMED, "--name is missing");
    enum status s = cli_write(cli, change, &o);
    if (s == MISSING) return cli_say(cli, s, "there is no field %s", cli->words[1]);
    if (s == OK) printf("cf_%lld\n", (long long)o.id);
    return s;
}

static const struct option options[] = {
    { .name = "--name", .takes = "NAME", .help = "what people call it" },
    { .name = "--kind",
      .takes = "KIND",
      .help = "text (standard), area, number, money, date, choice, choices, yesno, url or party" },
    { .name = "--choices", .takes = "LINES", .help = "of a choice, one on each line" },
    { .name = "--currency", .takes = "CODE", .help = "of money; the business's unless given" },
    { .name = "--decimals", .takes = "N", .help = "of a number" },
    { .name = "--section", .takes = "NAME", .help = "where it stands in the form" },
    { .name = "--required", .help = "it must be filled in" },
    { .name = "--filtered", .help = "clients can be filtered by it" },
    { .name = "--listed", .help = "it can be a column of the list" },
    { .name = NULL },
};
const struct command command_field = {
    .name = "field",
    .usage = "list|add|rename|remove|restore [cf_ID] --data DIR [--name NAME] [--kind KIND] …",
    .help = "Lists own fields with how many clients have a value, makes, renames and removes them.",
    .options = options,
    .words_min = 1,
    .words_max = 2,
    .flags = COMMAND_SET_UP,
    .run = run,
};
