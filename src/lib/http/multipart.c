/* multipart/form-data (RFC 7578, and what WHATWG HTML says browsers send). The body lies in memory
 * or in a file; parts are found by searching the delimiter, content of files is never copied.
 * Called by upload handlers through http.h; calls only base and the file system. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/limits.h"
#include "lib/http/http.h"

enum { WINDOW = 65536, PART_HEAD_MAX = 8192, BOUNDARY_MAX = 70, PAD_MAX = 80 };

struct source { /* the body: bytes, or a file read through a window */
    struct str bytes;
    int fd; /* -1: bytes */
    int64_t size;
    char *window;
};

struct reader {
    struct arena *arena;
    struct source from;
    struct str delimiter; /* CRLF -- boundary */
    const char *path;
    struct http_pairs *fields;
    struct http_files *files;
    int parts_n;
    struct str *why;
};

static int64_t read_at(int fd, int64_t at, void *to, size_t n) {
    size_t got = 0;
    while (got < n) {
        ssize_t r = pread(fd, (char *)to + got, n - got, (off_t)(at + (int64_t)got));
        if (r < 0 && errno == EINTR) continue;
        if (r < 0) return -1;
        if (r == 0) break;
        got += (size_t)r;
    }
    return (int64_t)got;
}

/* Up to n bytes at an offset; in memory a view, else a copy in the arena. */
static enum status piece_at(struct reader *r, int64_t at, int64_t n, struct str *out) {
    if (at > r->from.size) at = r->from.size;
    if (n > r->from.size - at) n = r->from.size - at;
    if (r->from.fd < 0) {
        *out = str_sub(r->from.bytes, (size_t)at, (size_t)n);
        return OK;
    }
    char *to = arena_alloc(r->arena, (size_t)n + 1);
    if (read_at(r->from.fd, at, to, (size_t)n) != n) return BROKEN;
    *out = (struct str){ to, (size_t)n };
    return OK;
}

/* Offset of the next delimiter from at on; -1 in *found when there is none. */
static enum status find(struct reader *r, int64_t at, int64_t *found) {
    *found = -1;
    if (r->from.fd < 0) {
        ptrdiff_t hit = str_find(str_sub(r->from.bytes, (size_t)at, SIZE_MAX), r->delimiter);
        if (hit >= 0) *found = at + hit;
        return OK;
    }
    if (!r->from.window) r->from.window = arena_alloc(r->arena, WINDOW);
    while (at < r->from.size) {
        int64_t n = read_at(r->from.fd, at, r->from.window, WINDOW);
        if (n < 0) return BROKEN;
        if (n < (int64_t)r->delimiter.n) return OK;
        ptrdiff_t hit = str_find((struct str){ r->from.window, (size_t)n }, r->delimiter);
        if (hit >= 0) {
            *found = at + hit;
            return OK;
        }
        at += n - (int64_t)r->delimiter.n + 1;
    }
    return OK;
}

static enum status bad(struct reader *r, const char *why) {
    *r->why = str_of(why);
    return MALFORMED;
}

/* Cuts the next parameter of "form-data; name="x"; filename="y""; false at the end. In quotes only
 * \" and \\ are escapes, as old browsers sent whole Windows paths. */
static bool next_parameter(struct arena *a, struct str *rest, struct str *name, struct str *value) {
    *rest = str_trim(*rest);
    if (rest->n == 0 || rest->p[0] != ';') return false;
    *rest = str_trim(str_sub(*rest, 1, rest->n));
    ptrdiff_t eq = str_find_c(*rest, '=');
    if (eq <= 0) return false;
    *name = str_lower_ascii(a, str_trim(str_sub(*rest, 0, (size_t)eq)));
    *rest = str_trim(str_sub(*rest, (size_t)eq + 1, rest->n));
    if (rest->n == 0 || rest->p[0] != '"') {
        ptrdiff_t end = str_find_c(*rest, ';');
        size_t n = end < 0 ? rest->n : (size_t)end;
        *value = str_trim(str_sub(*rest, 0, n));
        *rest = str_sub(*rest, n, rest->n);
        return true;
    }
    char *to = arena_alloc(a, rest->n);
    size_t n = 0, i = 1;
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        bool escape = rest->p[i] == '\\' && i + 1 < rest->n &&
                      (rest->p[i + 1] == '"' || rest->p[i + 1] == '\\');
        if (escape) i++;
        to[n++] = rest->p[i];
    }
    if (i >= rest->n) return false;
    *value = (struct str){ to, n };
    *rest = str_sub(*rest, i + 1, rest->n);
    return true;
}

/* Browsers write ", CR and LF in names as %22, %0D and %0A (WHATWG HTML, multipart/form-data). */
static struct str unescape_name(struct arena *a, struct str s) {
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct str three = str_sub(s, i, 3);
        if (str_eq_ascii(three, S("%22"))) {
            to[n++] = '"';
            i += 2;
        } else if (str_eq_ascii(three, S("%0d")) || str_eq_ascii(three, S("%0a"))) {
            to[n++] = ' ';
            i += 2;
        } else {
            to[n++] = s.p[i];
        }
    }
    return (struct str){ to, n };
}

/* The last part of a path, control characters and broken UTF-8 replaced: to be shown, never opened.
 */
static struct str base_name(struct arena *a, struct str s) {
    for (size_t i = s.n; i > 0; i--) {
        if (s.p[i - 1] != '/' && s.p[i - 1] != '\\') continue;
        s = str_sub(s, i, s.n);
        break;
    }
    struct buf out = { .arena = a };
    for (int32_t c; (c = utf8_next(&s)) >= 0;) buf_add_utf8(&out, c < ' ' || c == 127 ? '_' : c);
    return buf_str(&out);
}

struct part {
    struct str name, filename, type;
    bool is_file;
    int64_t at, size;
};

static enum status read_disposition(struct reader *r, struct str value, struct part *part) {
    struct str rest = value, name, v;
    ptrdiff_t semicolon = str_find_c(value, ';');
    struct str kind = semicolon < 0 ? value : str_sub(value, 0, (size_t)semicolon);
    if (!str_eq_ascii(str_trim(kind), S("form-data"))) return bad(r, "a part is not form-data");
    rest = semicolon < 0 ? NO_STR : str_sub(value, (size_t)semicolon, value.n);
    while (next_parameter(r->arena, &rest, &name, &v)) {
        if (str_eq_z(name, "name")) {
            if (part->name.p) return bad(r, "a part with two names");
            part->name = unescape_name(r->arena, v);
        } else if (str_eq_z(name, "filename")) {
            if (part->is_file) return bad(r, "a part with two file names");
            part->is_file = true;
            part->filename = base_name(r->arena, unescape_name(r->arena, v));
        }
    }
    if (str_trim(rest).n) return bad(r, "a part's Content-Disposition cannot be read");
    return OK;
}

static enum status read_part_head(struct reader *r, struct str head, struct part *part) {
    struct str rest = head, line;
    bool seen = false;
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        ptrdiff_t colon = str_find_c(line, ':');
        if (line.n == 0) continue;
        if (colon <= 0) return bad(r, "a part's header has no colon");
        struct str name = str_sub(line, 0, (size_t)colon);
        struct str value = str_trim(str_sub(line, (size_t)colon + 1, line.n));
        if (str_eq_ascii(name, S("content-disposition"))) {
            if (seen) return bad(r, "a part with two Content-Dispositions");
            seen = true;
            TRY(read_disposition(r, value, part));
        } else if (str_eq_ascii(name, S("content-type"))) {
            part->type = str_dup(r->arena, value);
        } else if (str_eq_ascii(name, S("content-transfer-encoding"))) {
            bool plain = str_eq_ascii(value, S("binary")) || str_eq_ascii(value, S("8bit")) ||
                         str_eq_ascii(value, S("7bit"));
            if (!plain) return bad(r, "a part's transfer encoding is not taken");
        }
    }
    if (part->name.n == 0) return bad(r, "a part has no field name");
    if (!utf8_valid(part->name) || str_find_c(part->name, 0) >= 0)
        return bad(r, "a field name is not UTF-8 text");
    return OK;
}

static void add_file(struct reader *r, const struct part *part) {
    struct http_files *files = r->files;
    if (part->filename.n == 0 && part->size == 0) return; /* the file input was left empty */
    if ((files->n & (files->n - 1)) == 0) {               /* room is a power of two */
        size_t bytes = (size_t)files->n * sizeof *files->v;
        files->v = arena_grow(r->arena, files->v, bytes, bytes ? bytes * 2 : sizeof *files->v);
    }
    files->v[files->n++] = (struct http_file){
        .field = part->name,
        .name = part->filename,
        .type = part->type.p ? part->type : S("application/octet-stream"),
        .bytes =
            r->from.fd < 0 ? str_sub(r->from.bytes, (size_t)part->at, (size_t)part->size) : NO_STR,
        .path = r->from.fd < 0 ? NULL : r->path,
        .offset = part->at,
        .size = part->size,
    };
}

static enum status add_field(struct reader *r, const struct part *part) {
    struct str raw;
    if (part->size > LIMIT_FIELD) {
        *r->why = S("a field is too long");
        return TOO_BIG;
    }
    TRY(piece_at(r, part->at, part->size, &raw));
    if (!utf8_valid(raw) || str_find_c(raw, 0) >= 0) return bad(r, "a field is not UTF-8 text");
    char *to = arena_alloc(r->arena, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] == '\n' && n && to[n - 1] == '\r') n--;
        to[n++] = raw.p[i];
    }
    to[n] = 0;
    http_pairs_add(r->arena, r->fields, part->name, (struct str){ to, n });
    return OK;
}

/* One part, whose delimiter ends at at; *at moves to the next delimiter, or to -1 after the last.
 */
static enum status read_part(struct reader *r, int64_t *at) {
    struct str pad, head;
    struct part part = { 0 };
    TRY(piece_at(r, *at, PAD_MAX, &pad));
    if (str_starts(pad, S("--"))) {
        *at = -1;
        return OK;
    }
    size_t spaces = 0;
    while (spaces < pad.n && (pad.p[spaces] == ' ' || pad.p[spaces] == '\t')) spaces++;
    if (!str_starts(str_sub(pad, spaces, 2), S("\r\n"))) return bad(r, "a boundary is cut off");
    if (++r->parts_n > LIMIT_FORM_FIELDS_N) {
        *r->why = S("too many fields");
        return TOO_MANY;
    }
    int64_t head_at = *at + (int64_t)spaces, end;
    struct arena_mark before = arena_mark(r->arena);
    TRY(piece_at(r, head_at, PART_HEAD_MAX, &head));
    ptrdiff_t head_n = str_find(head, S("\r\n\r\n"));
    if (head_n < 0) return bad(r, "a part's head is cut off or too long");
    if (r->from.fd >= 0) { /* the window may have been 8 KiB: keep the head alone */
        arena_back(r->arena, before);
        TRY(piece_at(r, head_at, head_n, &head));
    }
    TRY(read_part_head(r, str_sub(head, 0, (size_t)head_n), &part));
    part.at = head_at + head_n + 4;
    TRY(find(r, part.at, &end));
    if (end < 0) return bad(r, "the last part has no end");
    part.size = end - part.at;
    if (part.is_file) add_file(r, &part);
    if (!part.is_file) TRY(add_field(r, &part));
    *at = end + (int64_t)r->delimiter.n;
    return OK;
}

static bool boundary_char(char c) { /* RFC 2046 section 5.1.1 */
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return true;
    return c && strchr("'()+_,-./:=? ", c);
}

static bool media_type_is_multipart(struct str type, struct str *parameters) {
    ptrdiff_t semicolon = str_find_c(type, ';');
    struct str media = semicolon < 0 ? type : str_sub(type, 0, (size_t)semicolon);
    *parameters = semicolon < 0 ? NO_STR : str_sub(type, (size_t)semicolon, type.n);
    return str_eq_ascii(str_trim(media), S("multipart/form-data"));
}

static enum status find_boundary(struct reader *r, struct str content_type) {
    struct str rest, name, value, boundary = NO_STR;
    if (!media_type_is_multipart(content_type, &rest)) return bad(r, "not multipart/form-data");
    while (next_parameter(r->arena, &rest, &name, &value)) {
        if (!str_eq_z(name, "boundary")) continue;
        if (boundary.p) return bad(r, "two boundaries");
        boundary = value;
    }
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX || boundary.p[boundary.n - 1] == ' ')
        return bad(r, "no usable boundary");
    for (size_t i = 0; i < boundary.n; i++)
        if (!boundary_char(boundary.p[i])) return bad(r, "no usable boundary");
    r->delimiter = str_printf(r->arena, "\r\n--%.*s", SF(boundary));
    return OK;
}

static enum status read_all(struct reader *r) {
    /* Before the first part the line break belongs to the text before, or there is none of both. */
    struct str first = str_sub(r->delimiter, 2, r->delimiter.n), start;
    int64_t at;
    TRY(piece_at(r, 0, (int64_t)first.n, &start));
    if (str_eq(start, first)) {
        at = (int64_t)first.n;
    } else {
        TRY(find(r, 0, &at));
        if (at < 0) return bad(r, "no part at all");
        at += (int64_t)r->delimiter.n;
    }
    while (at >= 0) TRY(read_part(r, &at));
    return OK;
}

enum status multipart_parse(struct arena *a, const struct http_request *req,
                            struct http_pairs *fields, struct http_files *files, struct str *why) {
    struct reader r = { .arena = a, .fields = fields, .files = files, .why = why };
    *fields = (struct http_pairs){ 0 };
    *files = (struct http_files){ 0 };
    *why = NO_STR;
    r.from = (struct source){ .bytes = req->body, .fd = -1, .size = (int64_t)req->body.n };
    TRY(find_boundary(&r, http_header(req, "content-type")));
    if (!req->body_file) return read_all(&r);
    r.path = req->body_file;
    r.from = (struct source){ .fd = open(r.path, O_RDONLY | O_CLOEXEC), .size = req->body_n };
    if (r.from.fd < 0) return BROKEN;
    enum status s = read_all(&r);
    close(r.from.fd);
    return s;
}

bool http_is_multipart(const struct http_request *req) {
    struct str parameters;
    return media_type_is_multipart(http_header(req, "content-type"), &parameters);
}

int64_t http_file_read(const struct http_file *f, int64_t from, void *to, size_t n) {
    if (from < 0 || from >= f->size) return 0;
    if ((int64_t)n > f->size - from) n = (size_t)(f->size - from);
    if (n == 0) return 0;
    if (!f->path) {
        memcpy(to, f->bytes.p + from, n);
        return (int64_t)n;
    }
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    int64_t got = read_at(fd, f->offset + from, to, n);
    close(fd);
    return got;
}

static enum status write_all(int fd, const char *p, size_t n) {
    while (n) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return BROKEN;
        p += put;
        n -= (size_t)put;
    }
    return OK;
}

enum status http_file_copy(const struct http_file *f, int to_fd) {
    if (!f->path) return write_all(to_fd, f->bytes.p, f->bytes.n);
    char piece[16384];
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return BROKEN;
    enum status s = OK;
    for (int64_t at = 0; s == OK && at < f->size;) {
        int64_t want = f->size - at < (int64_t)sizeof piece ? f->size - at : (int64_t)sizeof piece;
        int64_t got = read_at(fd, f->offset + at, piece, (size_t)want);
        s = got == want ? write_all(to_fd, piece, (size_t)got) : BROKEN;
        at += want;
    }
    close(fd);
    return s;
}
