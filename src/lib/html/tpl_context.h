/* Where in HTML a template stands: follows the static text of a template, character by character,
 * and says what a value there may be. Also drops HTML comments and needless white space.
 * Used by tools/tplc at build time, and by whatever interprets users' templates to HTML. */
#ifndef TPL_CONTEXT_H
#define TPL_CONTEXT_H
#include "lib/base/buf.h"
#include "lib/html/tpl_parse.h"

enum html_state {
    HTML_TEXT,
    HTML_OPEN,         /* behind < */
    HTML_TAG_NAME,     /* also </name */
    HTML_TAG,          /* in a tag, behind a blank: an attribute may begin */
    HTML_TAG_END,      /* in a tag, behind a value: a blank, / or > must follow */
    HTML_ATTR_NAME,    /* */
    HTML_ATTR_AFTER,   /* behind a name and a blank */
    HTML_BEFORE_VALUE, /* behind = */
    HTML_VALUE,        /* between quotes */
    HTML_RAW,          /* <script>, <style>, … */
    HTML_RCDATA,       /* <title>, <textarea> */
    HTML_COMMENT,
    HTML_DECLARATION /* <!doctype */
};

enum html_url { /* how far the address in this attribute is written */
                HTML_URL_START,
                HTML_URL_SLASH, /* "/" */
                HTML_URL_OWN,   /* "/x": the host is ours, whatever follows */
                HTML_URL_TAIL,  /* behind ? or # */
                HTML_URL_FULL,  /* behind a struct url */
                HTML_URL_OTHER
};

struct html_context {
    enum html_state state;
    char quote;
    char tag[24], attr[32]; /* lower case, cut */
    bool closing;           /* </tag> */
    bool keep;              /* in <pre> */
    bool after_block;       /* white space here is not shown */
    enum html_url url;
};

enum html_place { /* what a value here must be */
                  HTML_PLACE_TEXT,
                  HTML_PLACE_PLAIN,      /* no tags: <title>, <textarea> */
                  HTML_PLACE_ATTR,       /* a quoted attribute */
                  HTML_PLACE_URL,        /* struct url */
                  HTML_PLACE_URL_NUMBER, /* an integer in the path of an own address */
                  HTML_PLACE_URL_PART,   /* behind ? or # of an own address */
                  HTML_PLACE_REFUSED
};

#define HTML_CONTEXT_START ((struct html_context){ .after_block = true })

/* Static text: appended to out as it should be sent. last: the template ends behind it. */
enum status html_feed(struct html_context *c, struct arena *a, struct str text, int line, bool last,
                      struct buf *out, struct tpl_error *error) MUST_USE;
/* A value stands here: what it must be; moves on. *why is set when it is refused. */
enum html_place html_value(struct html_context *c, const char **why);
/* A branch begins or ends here ({if}, {else}, {for}, …): false in the midst of a word of a tag. */
bool html_branch(struct html_context *c);
/* Two ways lead here: *c becomes what holds for both; false when they cannot be one. */
bool html_join(struct html_context *c, const struct html_context *other);

#endif
