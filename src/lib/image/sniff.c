/* What a file is by its first bytes (image.h). Called for every file that comes in; calls nothing.
 * Signatures after the formats' own specifications; a type is only said when the bytes are sure.
 * Nothing that a browser would run has a type of its own here: HTML, SVG, XML, scripts are text. */
#include "lib/image/image.h"

struct signature {
    int at, n;
    const char *bytes, *type;
};
static const struct signature signatures[] = {
    { 0, 8, "\x89PNG\r\n\x1a\n", "image/png" },
    { 0, 3, "\xff\xd8\xff", "image/jpeg" },
    { 0, 6, "GIF87a", "image/gif" },
    { 0, 6, "GIF89a", "image/gif" },
    { 0, 4, "II*\0", "image/tiff" },
    { 0, 4, "MM\0*", "image/tiff" },
    { 4, 8, "ftypheic", "image/heic" },
    { 4, 8, "ftypmif1", "image/heif" },
    { 4, 8, "ftypavif", "image/avif" },
    { 0, 5, "%PDF-", "application/pdf" },
    { 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage" },
    { 0, 5, "{\\rtf", "application/rtf" },
    { 0, 3, "\x1f\x8b\x08", "application/gzip" },
    { 0, 6, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed" },
    { 0, 6, "Rar!\x1a\x07", "application/vnd.rar" },
    { 0, 6,
      "\xfd"
      "7zXZ\0",
      "application/x-xz" },
    { 0, 4, "\x28\xb5\x2f\xfd", "application/zstd" },
    { 0, 3, "BZh", "application/x-bzip2" },
    { 0, 3, "ID3", "audio/mpeg" },
    { 0, 4, "OggS", "audio/ogg" },
    { 0, 4, "fLaC", "audio/flac" },
    { 4, 7, "ftypM4A", "audio/mp4" },
    { 4, 6, "ftypqt", "video/quicktime" },
    { 4, 4, "ftyp", "video/mp4" },
    { 0, 4, "\x1a\x45\xdf\xa3", "video/webm" },
};

static bool has(struct str head, int at, const char *bytes, int n) {
    return head.n >= (size_t)(at + n) && memcmp(head.p + at, bytes, (size_t)n) == 0;
}

/* RIFF holds pictures, sounds and films. */
static const char *riff(struct str head) {
    if (!has(head, 0, "RIFF", 4)) return NULL;
    if (has(head, 8, "WEBP", 4)) return "image/webp";
    if (has(head, 8, "WAVE", 4)) return "audio/wav";
    if (has(head, 8, "AVI ", 4)) return "video/x-msvideo";
    return NULL;
}

/* BITMAPFILEHEADER: its reserved words are 0, and one of the known headers follows. "BM" alone may
 * begin a text. */
static const char *bitmap(struct str head) {
    static const char header_sizes[] = { 12, 40, 52, 56, 108, 124 };
    if (!has(head, 0, "BM", 2) || !has(head, 6, "\0\0\0\0", 4) || head.n < 18) return NULL;
    for (size_t i = 0; i < sizeof header_sizes; i++)
        if (head.p[14] == header_sizes[i] && has(head, 15, "\0\0\0", 3)) return "image/bmp";
    return NULL;
}

/* Papers of office programs are ZIP files whose first entries tell which. */
static const char *zip(struct str head) {
    static const struct {
        const char *holds, *type;
    } papers[] = {
        { "mimetypeapplication/vnd.oasis.opendocument.text",
          "application/vnd.oasis.opendocument.text" },
        { "mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
          "application/vnd.oasis.opendocument.spreadsheet" },
        { "mimetypeapplication/vnd.oasis.opendocument.presentation",
          "application/vnd.oasis.opendocument.presentation" },
        { "word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
    };
    if (!has(head, 0, "PK\3\4", 4) && !has(head, 0, "PK\5\6", 4)) return NULL;
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
        if (str_find(head, str_of(papers[i].holds)) >= 0) return papers[i].type;
    return "application/zip";
}

/* Text: no control characters but white space and form feed. A sequence of UTF-8 that the end of
 * the head cuts is none of its fault, and older encodings are text too. */
static bool is_text(struct str head) {
    if (head.n == 0) return false;
    if (has(head, 0, "\xff\xfe", 2) || has(head, 0, "\xfe\xff", 2)) return true; /* UTF-16 */
    for (size_t i = 0; i < head.n; i++) {
        unsigned char b = (unsigned char)head.p[i];
        if ((b < ' ' && !strchr("\t\n\f\r\x1b", b)) || b == 0 || b == 0x7f) return false;
    }
    return true;
}

const char *image_sniff(struct str head) {
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (has(head, signatures[i].at, signatures[i].bytes, signatures[i].n))
            return signatures[i].type;
    const char *type = riff(head);
    if (!type) type = bitmap(head);
    if (!type) type = zip(head);
    if (type) return type;
    return is_text(head) ? "text/plain" : "application/octet-stream";
}
