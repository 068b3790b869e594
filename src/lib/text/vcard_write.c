/* The vCard writer of vcard.h. Called by core/exchange/export_vcard.c. */
#include "lib/text/vcard.h"

enum { LINE_OCTETS = 75 };

/* Folds at 75 octets, never inside a character: a line that continues has a space in front. */
static void put_line(struct vcard_out *o, struct str line) {
    size_t room = LINE_OCTETS;
    while (line.n > room) {
        size_t n = room;
        while (n > 1 && ((unsigned char)line.p[n] & 0xC0) == 0x80) n--;
        buf_add(o->to, str_sub(line, 0, n));
        buf_add_z(o->to, "\r\n ");
        line = str_sub(line, n, line.n);
        room = LINE_OCTETS - 1;
    }
    buf_add(o->to, line);
    buf_add_z(o->to, "\r\n");
}

static bool is_control(char c) {
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7F;
}

static void escape(struct buf *b, struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\\' || c == ';' || c == ',') buf_add_c(b, '\\');
        if (c == '\n' || (c == '\r' && (i + 1 == s.n || s.p[i + 1] != '\n')))
            buf_add_z(b, "\\n");
        else if (!is_control(c))
            buf_add_c(b, c);
    }
}

static void put_values(struct vcard_out *o, const char *head, const struct str *v, int n,
                       char between) {
    struct buf line = { 0 };
    buf_add_z(&line, head);
    buf_add_c(&line, ':');
    for (int i = 0; i < n; i++) {
        if (i) buf_add_c(&line, between);
        escape(&line, v[i]);
    }
    put_line(o, buf_str(&line));
    buf_free(&line);
}

void vcard_write_begin(struct vcard_out *o) {
    buf_add_z(o->to, "BEGIN:VCARD\r\n");
    buf_add_z(o->to, o->version == VCARD_40 ? "VERSION:4.0\r\n" : "VERSION:3.0\r\n");
}

void vcard_write_end(struct vcard_out *o) {
    buf_add_z(o->to, "END:VCARD\r\n");
}

void vcard_write_text(struct vcard_out *o, const char *head, struct str value) {
    put_values(o, head, &value, 1, 0);
}

void vcard_write_parts(struct vcard_out *o, const char *head, const struct str *v, int n) {
    put_values(o, head, v, n, ';');
}

void vcard_write_list(struct vcard_out *o, const char *head, const struct str *v, int n) {
    put_values(o, head, v, n, ',');
}

void vcard_write_raw(struct vcard_out *o, const char *head, struct str value) {
    struct buf line = { 0 };
    buf_add_z(&line, head);
    buf_add_c(&line, ':');
    for (size_t i = 0; i < value.n; i++)
        if (!is_control(value.p[i])) buf_add_c(&line, value.p[i]);
    put_line(o, buf_str(&line));
    buf_free(&line);
}

void vcard_base64(struct buf *to, struct str bytes) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buf_reserve(to, bytes.n / 3 * 4 + 4);
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        unsigned v = (unsigned)(unsigned char)bytes.p[i] << 16;
        if (left > 1) v |= (unsigned)(unsigned char)bytes.p[i + 1] << 8;
        if (left > 2) v |= (unsigned char)bytes.p[i + 2];
        char four[4] = { letters[v >> 18], letters[v >> 12 & 63],
                         left > 1 ? letters[v >> 6 & 63] : '=', left > 2 ? letters[v & 63] : '=' };
        buf_add(to, (struct str){ four, 4 });
    }
}

void vcard_write_data(struct vcard_out *o, const char *name, const char *type, struct str bytes) {
    struct buf line = { 0 };
    const char *short_type = strrchr(type, '/');
    bool png = short_type && strcmp(short_type, "/png") == 0;
    if (o->version == VCARD_40)
        buf_printf(&line, "%s:data:%s;base64,", name, type);
    else
        buf_printf(&line, "%s;ENCODING=b;TYPE=%s:", name, png ? "PNG" : "JPEG");
    vcard_base64(&line, bytes);
    put_line(o, buf_str(&line));
    buf_free(&line);
}
