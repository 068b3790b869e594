/* The feature «settings»: the business, my own settings, tokens. Named in app/features.c. */
#include "core/web/feature.h"
#include "features/settings/pages.h"

enum status firm_show(struct req *r) {
    struct firm_row f;
    struct firm_page p = { .version = 0 };
    TRY(firm_load(&r->c, &f));
    firm_inputs(r, &f, &p.f);
    firm_two_factor_input(r, &f, &p.two_factor);
    p.version = f.row.version;
    r->narrow = true;
    return PAGE(r, T(&r->c, "Settings|The business"), "settings", page_firm, &p);
}

enum status firm_save(struct req *r) {
    struct firm_row f;
    TRY(firm_load(&r->c, &f));
    struct str two_factor = f.two_factor;
    TRY(firm_read(r, &f));
    if (!str_eq(two_factor, f.two_factor)) TRY(req_prove(r));
    TRY(store_save(&r->c, &entity_firm, &f));
    return go_toast(r, url_own(S("/settings/firm")), N_("Saved."), r->c.batch);
}

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/settings",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = me_show },
    { .method = HTTP_POST,
      .pattern = "/settings/me",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = me_save,
      .again = me_show },
    { .method = HTTP_GET,
      .pattern = "/settings/security",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = security_show },
    { .method = HTTP_GET,
      .pattern = "/settings/password",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = security_show },
    { .method = HTTP_POST,
      .pattern = "/settings/password",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .prepare = password_prepare,
      .handler = password_save,
      .again = security_show },
    { .method = HTTP_GET,
      .pattern = "/settings/two-factor",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = two_factor_show,
      .flags = ROUTE_FACTOR_FIRST },
    { .method = HTTP_POST,
      .pattern = "/settings/two-factor/begin",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = two_factor_begin,
      .flags = ROUTE_PROVEN | ROUTE_FACTOR_FIRST },
    { .method = HTTP_POST,
      .pattern = "/settings/two-factor/confirm",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .prepare = two_factor_confirm_prepare,
      .handler = two_factor_confirm,
      .again = two_factor_show,
      .flags = ROUTE_FACTOR_FIRST },
    { .method = HTTP_POST,
      .pattern = "/settings/two-factor/off",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .prepare = two_factor_off_prepare,
      .handler = two_factor_off,
      .again = two_factor_show },
    { .method = HTTP_POST,
      .pattern = "/settings/two-factor/codes",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = two_factor_codes,
      .flags = ROUTE_PROVEN },
    { .method = HTTP_POST,
      .pattern = "/settings/two-factor/codes/file",
      .need = NEED_READER,
      .access = ACCESS_NONE,
      .handler = two_factor_file,
      .flags = ROUTE_FACTOR_FIRST },
    { .method = HTTP_POST,
      .pattern = "/settings/sessions/{id}/end",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = session_stop },
    { .method = HTTP_POST,
      .pattern = "/settings/sessions/others/end",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = session_stop_others },
    { .method = HTTP_GET,
      .pattern = "/settings/tokens",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = tokens_show },
    { .method = HTTP_POST,
      .pattern = "/settings/tokens",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = tokens_add,
      .again = tokens_show,
      .flags = ROUTE_PROVEN },
    { .method = HTTP_POST,
      .pattern = "/settings/tokens/{id}/revoke",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = token_stop },
    { .method = HTTP_GET,
      .pattern = "/settings/firm",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = firm_show },
    { .method = HTTP_POST,
      .pattern = "/settings/firm",
      .need = NEED_OWNER,
      .access = ACCESS_WRITE,
      .handler = firm_save,
      .again = firm_show },
};
static const char *const needs[] = { "member", NULL };
static const struct command *const commands[] = { &command_token };
const struct feature feature_settings = { .name = "settings",
                                          .needs = needs,
                                          .routes = { routes, COUNT(routes) },
                                          .commands = commands,
                                          .commands_n = COUNT(commands) };
