/* The HTML state machine of tpl_context.h: a small part of the WHATWG tokenizer, stricter (quotes
 * are a must, '<' is written &lt;). Called by tools/tplc; calls only lib/base. */
#include "lib/html/tpl_context.h"

struct feed {
    struct html_context *c;
    struct arena *arena;
    struct buf *out;
    struct tpl_error *error;
    int line;
};

static bool fail(struct feed *f, const char *text) {
    *f->error = (struct tpl_error){ f->line, text };
    return false;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_name(char c) {
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' ||
           c == '.' || c == '@';
}

static bool in_list(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *at = list; n && (at = strstr(at, word)); at++)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == 0)) return true;
    return false;
}

static bool starts(const char *z, const char *with) {
    return strncmp(z, with, strlen(with)) == 0;
}

/* Beside these, white space is not shown. */
static bool is_block(const char *tag) {
    return in_list(
        "html head body title meta link base script style template div p ul ol li dl dt dd table "
        "thead tbody tfoot tr td th caption colgroup col section article aside header footer nav "
        "main h1 h2 h3 h4 h5 h6 form fieldset legend option optgroup details summary figure "
        "figcaption hr dialog blockquote address hgroup search datalist symbol g defs path",
        tag);
}

static bool is_raw(const char *tag) {
    return in_list("script style iframe xmp noembed noframes plaintext", tag);
}

static bool is_rcdata(const char *tag) {
    return in_list("title textarea", tag);
}

/* htmx reads data-hx-get and hx-get:inherited as hx-get. Returns what it reads, in to. */
static const char *plain_name(const char *attr, char to[32]) {
    if (starts(attr, "data-hx-")) attr += 5;
    snprintf(to, 32, "%s", attr);
    char *colon = strchr(to, ':');
    if (colon && starts(to, "hx-")) *colon = 0;
    return to;
}

static bool is_url_attr(const char *attr) {
    return in_list("href src action formaction poster cite data background longdesc manifest ping "
                   "profile codebase classid usemap xlink:href hx-get hx-post hx-put hx-patch "
                   "hx-delete hx-action hx-push-url hx-replace-url",
                   attr);
}

static const char *attr_refusal(const char *tag, const char *attr) {
    if (starts(attr, "on") || starts(attr, "hx-on"))
        return "no value in an on… attribute: it would be run as a script";
    if (in_list("style srcdoc", attr)) return "no value in style= or srcdoc=";
    if (in_list("srcset imagesrcset http-equiv", attr)) return "no value in this attribute";
    if (in_list("hx-vals hx-vars hx-headers hx-trigger hx-request hx-config", attr))
        return "no value in this hx- attribute: use a hidden input or the address";
    if (in_list("animate set animatetransform animatemotion", tag))
        return "no value in attributes of SVG animations";
    return NULL;
}

static bool append(char *to, size_t size, char c) {
    size_t n = strlen(to);
    if (n + 1 >= size) return false;
    to[n] = lower(c);
    to[n + 1] = 0;
    return true;
}

/* --- White space in text --- */

static bool block_follows(struct str rest) {
    if (!str_starts(rest, S("<"))) return false;
    rest = str_sub(rest, 1, rest.n);
    if (str_starts(rest, S("/"))) rest = str_sub(rest, 1, rest.n);
    if (str_starts(rest, S("!"))) return true;
    char tag[16] = "";
    for (size_t i = 0; i < rest.n && is_name(rest.p[i]); i++)
        if (!append(tag, sizeof tag, rest.p[i])) return false;
    return is_block(tag);
}

/* The run of white space at rest: how long it is, and what is sent of it. */
static size_t white_space(struct feed *f, struct str rest, bool last) {
    size_t n = 0;
    bool line = false;
    for (; n < rest.n && is_blank(rest.p[n]); n++) line = line || rest.p[n] == '\n';
    if (!line)
        buf_add(f->out, str_sub(rest, 0, n));
    else if (!f->c->after_block && !(last && n == rest.n) &&
             !block_follows(str_sub(rest, n, rest.n)))
        buf_add_c(f->out, '\n');
    return n;
}

/* --- One character in each state --- */

static void tag_closed(struct feed *f, bool value_follows) {
    struct html_context *c = f->c;
    c->state = HTML_TEXT;
    c->after_block = is_block(c->tag);
    if (!strcmp(c->tag, "pre")) c->keep = !c->closing;
    if (c->closing) return;
    if (is_raw(c->tag)) c->state = HTML_RAW;
    if (is_rcdata(c->tag)) c->state = HTML_RCDATA;
    /* Browsers drop one line feed here: without ours they would drop one of the value. */
    if (value_follows && in_list("textarea pre", c->tag)) buf_add_c(f->out, '\n');
}

static bool in_open(struct feed *f, char ch) {
    struct html_context *c = f->c;
    bool fresh = !c->closing;
    if (ch == '/' && fresh) {
        c->closing = true;
    } else if (ch == '!' && fresh) {
        c->state = HTML_DECLARATION;
    } else if (lower(ch) >= 'a' && lower(ch) <= 'z') {
        c->state = HTML_TAG_NAME;
        append(c->tag, sizeof c->tag, ch);
    } else {
        return fail(f, "'<' in text is written &lt;");
    }
    return true;
}

static bool in_tag(struct feed *f, struct str rest) {
    struct html_context *c = f->c;
    char ch = rest.p[0];
    if (ch == '>') {
        tag_closed(f, rest.n == 1);
    } else if (is_blank(ch)) {
        if (c->state != HTML_ATTR_NAME && c->state != HTML_ATTR_AFTER)
            c->state = HTML_TAG;
        else
            c->state = HTML_ATTR_AFTER;
    } else if (ch == '/') {
        c->state = HTML_TAG_END;
    } else if (ch == '=' && (c->state == HTML_ATTR_NAME || c->state == HTML_ATTR_AFTER)) {
        c->state = HTML_BEFORE_VALUE;
    } else if (!is_name(ch)) {
        return fail(f, "this character may not stand in a tag");
    } else if (c->state == HTML_TAG_END) {
        return fail(f, "a blank must stand before an attribute");
    } else if (c->state == HTML_TAG_NAME) {
        append(c->tag, sizeof c->tag, ch);
    } else {
        if (c->state != HTML_ATTR_NAME) c->attr[0] = 0;
        c->state = HTML_ATTR_NAME;
        if (!append(c->attr, sizeof c->attr, ch)) return fail(f, "name of attribute too long");
    }
    return true;
}

static bool in_before_value(struct feed *f, char ch) {
    struct html_context *c = f->c;
    if (is_blank(ch)) return true;
    if (ch != '"' && ch != '\'') return fail(f, "values of attributes stand in quotes");
    c->state = HTML_VALUE;
    c->quote = ch;
    char attr[32];
    c->url = is_url_attr(plain_name(c->attr, attr)) ? HTML_URL_START : HTML_URL_OTHER;
    if (starts(c->attr, "on")) return fail(f, "no on… attributes: scripts stand in assets/js");
    return true;
}

static void in_value(struct html_context *c, char ch) {
    if (ch == c->quote) {
        c->state = HTML_TAG_END;
        return;
    }
    bool tail = ch == '?' || ch == '#';
    bool plain = is_name(ch) && ch != ':' && ch != '@';
    switch (c->url) {
    case HTML_URL_START:
        c->url = ch == '/' ? HTML_URL_SLASH : tail ? HTML_URL_TAIL : HTML_URL_OTHER;
        break;
    case HTML_URL_SLASH:
        c->url = tail ? HTML_URL_TAIL : plain ? HTML_URL_OWN : HTML_URL_OTHER;
        break;
    case HTML_URL_OWN:
    case HTML_URL_FULL:
        if (tail) c->url = HTML_URL_TAIL;
        break;
    case HTML_URL_TAIL:
    case HTML_URL_OTHER: break;
    }
}

/* </script> and </title> end their text, nothing else does. */
static bool ends_element(const struct html_context *c, struct str rest) {
    size_t n = strlen(c->tag);
    return str_starts(rest, S("</")) &&
           str_eq_ascii(str_sub(rest, 2, n), (struct str){ c->tag, n }) &&
           (rest.n == n + 2 || !is_name(rest.p[n + 2]));
}

static void open_tag(struct html_context *c) {
    c->state = HTML_OPEN;
    c->closing = false;
    c->tag[0] = c->attr[0] = 0;
}

/* What stands at rest, more than one character at a time: how many were read, 0 for none of these.
 */
static size_t in_runs(struct feed *f, struct str rest, bool last) {
    struct html_context *c = f->c;
    if (c->state == HTML_COMMENT) {
        ptrdiff_t end = str_find(rest, S("-->"));
        if (end < 0) return rest.n;
        c->state = HTML_TEXT;
        return (size_t)end + 3;
    }
    if (c->state == HTML_TEXT && str_starts(rest, S("<!--"))) {
        c->state = HTML_COMMENT;
        return 4;
    }
    if (c->state == HTML_TEXT && is_blank(rest.p[0]) && !c->keep) return white_space(f, rest, last);
    if (c->state >= HTML_TAG_NAME && c->state <= HTML_ATTR_AFTER && is_blank(rest.p[0])) {
        size_t n = 0;
        while (n < rest.n && is_blank(rest.p[n])) n++;
        if (n == rest.n || rest.p[n] != '>') buf_add_c(f->out, ' ');
        in_tag(f, rest);
        return n;
    }
    return 0;
}

static bool one(struct feed *f, struct str rest) {
    struct html_context *c = f->c;
    char ch = rest.p[0];
    /* A closing '>' may make a line feed follow it, so the character itself goes first. */
    buf_add_c(f->out, ch);
    switch (c->state) {
    case HTML_TEXT:
        c->after_block = false;
        if (ch == '<') open_tag(c);
        return true;
    case HTML_RAW:
    case HTML_RCDATA:
        if (ends_element(c, rest)) open_tag(c);
        return true;
    case HTML_OPEN: return in_open(f, ch);
    case HTML_TAG_NAME:
    case HTML_TAG:
    case HTML_TAG_END:
    case HTML_ATTR_NAME:
    case HTML_ATTR_AFTER: return in_tag(f, rest);
    case HTML_BEFORE_VALUE: return in_before_value(f, ch);
    case HTML_VALUE: in_value(c, ch); return true;
    case HTML_DECLARATION:
        if (ch != '>') return true;
        c->state = HTML_TEXT;
        c->after_block = true;
        return true;
    case HTML_COMMENT: break;
    }
    return true;
}

enum status html_feed(struct html_context *c, struct arena *a, struct str text, int line, bool last,
                      struct buf *out, struct tpl_error *error) {
    struct feed f = { c, a, out, error, line };
    while (text.n) {
        size_t n = in_runs(&f, text, last);
        if (n == 0) {
            if (!one(&f, text)) return MALFORMED;
            n = 1;
        }
        for (size_t i = 0; i < n; i++) f.line += text.p[i] == '\n';
        text = str_sub(text, n, text.n);
    }
    return OK;
}

static enum html_place url_place(struct html_context *c, const char **why) {
    switch (c->url) {
    case HTML_URL_START: c->url = HTML_URL_FULL; return HTML_PLACE_URL;
    case HTML_URL_OWN: return HTML_PLACE_URL_NUMBER;
    case HTML_URL_TAIL: return HTML_PLACE_URL_PART;
    default:
        *why = "an address is one struct url, or begins with /name and takes numbers, or takes "
               "values behind ? or #";
        return HTML_PLACE_REFUSED;
    }
}

enum html_place html_value(struct html_context *c, const char **why) {
    char attr[32];
    switch (c->state) {
    case HTML_TEXT: c->after_block = false; return HTML_PLACE_TEXT;
    case HTML_RCDATA: return HTML_PLACE_PLAIN;
    case HTML_VALUE:
        *why = attr_refusal(c->tag, plain_name(c->attr, attr));
        if (*why) return HTML_PLACE_REFUSED;
        if (is_url_attr(attr)) return url_place(c, why);
        return HTML_PLACE_ATTR;
    case HTML_RAW: *why = "no value in <script> or <style>"; break;
    case HTML_BEFORE_VALUE: *why = "values of attributes stand in quotes"; break;
    case HTML_COMMENT: *why = "no value in a comment"; break;
    default: *why = "a value stands in text or in a quoted attribute, not in a tag"; break;
    }
    return HTML_PLACE_REFUSED;
}

bool html_branch(struct html_context *c) {
    switch (c->state) {
    case HTML_OPEN:
    case HTML_BEFORE_VALUE:
    case HTML_COMMENT:
    case HTML_DECLARATION: return false;
    case HTML_TAG_NAME:
    case HTML_ATTR_NAME:
    case HTML_ATTR_AFTER: c->state = HTML_TAG_END; return true;
    default: return true;
    }
}

bool html_join(struct html_context *c, const struct html_context *other) {
    bool tags = (c->state == HTML_TAG || c->state == HTML_TAG_END) &&
                (other->state == HTML_TAG || other->state == HTML_TAG_END);
    if (tags && c->state != other->state)
        c->state = HTML_TAG_END;
    else if (c->state != other->state)
        return false;
    c->after_block = c->after_block && other->after_block;
    if (c->keep != other->keep) return false;
    if (c->state == HTML_TEXT) return true;
    if (strcmp(c->tag, other->tag) != 0 || c->closing != other->closing) return false;
    if (c->state != HTML_VALUE) return true;
    if (strcmp(c->attr, other->attr) != 0 || c->quote != other->quote) return false;
    if (c->url != other->url) c->url = HTML_URL_OTHER;
    return true;
}
