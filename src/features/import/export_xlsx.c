/* XLSX as a format of an export: the same columns as CSV with types kept. A workbook can only be
 * given when it is whole, so rows go into it as they are read and the file follows in pieces at the
 * end. Listed by export_format.c; calls core/exchange and lib/text/xlsx_write. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "features/import/export.h"
#include "features/import/import.h"
#include "lib/base/log.h"
#include "lib/text/xlsx_write.h"

enum { PIECE = 256 << 10, NARROW = 12, USUAL = 20, WIDE = 30, WIDEST = 50 };

struct workbook {
    struct export_sheet *sheet;
    struct xlsx_sheet_look look;
    const char *path;
    struct xlsx_writer *writer; /* from the first row on, until the file is made */
    int fd;                     /* the file; -1: not yet */
};

static int width_of(const struct kind *kind, struct str header) {
    int width = USUAL, least = (int)header.n + 4; /* and the arrow of the filter */
    if (kind == &kind_date || kind == &kind_yesno || kind == &kind_int) width = NARROW;
    if (kind == &kind_email || kind == &kind_url) width = WIDE;
    if (kind == &kind_area) width = WIDEST;
    return width < least ? least : width;
}

static enum status xlsx_begin(struct export_work *w, struct ctx *c, struct buf *out) {
    struct workbook *b = arena_new_of(w->arena, struct workbook);
    struct ctx own = *c;
    (void)out;
    own.arena = w->arena;
    b->fd = -1;
    TRY(export_sheet_new(&own, w->shape, &b->sheet));
    int n = export_columns_n(b->sheet);
    struct xlsx_column *columns = arena_array(w->arena, struct xlsx_column, n);
    for (int i = 0; i < n; i++) {
        struct str header = export_column_header(b->sheet, i);
        columns[i] =
            (struct xlsx_column){ header, width_of(export_column_kind(b->sheet, i), header) };
    }
    b->look = (struct xlsx_sheet_look){ .name = str_of(tr(w->loc, w->shape->entity->label_plural)),
                                        .right_to_left = lang_rtl(w->loc->lang),
                                        .columns = columns,
                                        .columns_n = n };
    struct str name = random_token(w->arena, 12);
    b->path = app_path(w->app, w->arena, str_printf(w->arena, "tmp/export-%.*s", SF(name)).p);
    w->state = b;
    return OK;
}

/* A transaction that is run again must find the workbook as it was: here cells become bytes (length
 * and text), and only xlsx_keep() puts them into it. */
static enum status xlsx_rows(struct export_work *w, struct ctx *c, const void *rows, int n,
                             struct buf *out) {
    const struct workbook *b = w->state;
    struct str *cells;
    TRY(export_cells(c, b->sheet, rows, n, &cells));
    for (int i = 0; i < n * b->look.columns_n; i++) {
        uint32_t length = (uint32_t)cells[i].n;
        buf_add(out, (struct str){ (const char *)&length, sizeof length });
        buf_add(out, cells[i]);
    }
    return OK;
}

static enum xlsx_cell type_of(const struct kind *kind) {
    if (kind == &kind_int || kind == &kind_number || kind == &kind_money) return XLSX_CELL_NUMBER;
    if (kind == &kind_yesno) return XLSX_CELL_YESNO;
    return kind == &kind_date ? XLSX_CELL_DAY : XLSX_CELL_TEXT;
}

static enum status xlsx_keep(struct export_work *w, struct buf *out, size_t from) {
    struct workbook *b = w->state;
    const char *tmp = app_path(w->app, w->arena, "tmp");
    if (!b->writer) TRY(xlsx_writer_open(w->arena, b->path, tmp, &b->look, &b->writer));
    size_t at = from;
    for (int column = 0; at < out->n;) {
        uint32_t length;
        memcpy(&length, out->p + at, sizeof length);
        at += sizeof length;
        xlsx_writer_cell(b->writer, type_of(export_column_kind(b->sheet, column)),
                         (struct str){ out->p + at, length });
        at += length;
        if (++column < b->look.columns_n) continue;
        column = 0;
        TRY(xlsx_writer_row(b->writer));
    }
    out->n = from;
    return OK;
}

static enum status make_file(struct workbook *b) {
    if (xlsx_writer_cut_n(b->writer))
        log_warn("export: %lld texts were too long for a cell of a workbook",
                 (long long)xlsx_writer_cut_n(b->writer));
    enum status s = xlsx_writer_close(b->writer);
    b->writer = NULL;
    if (s != OK) return s;
    b->fd = open(b->path, O_RDONLY | O_CLOEXEC);
    unlink(b->path);
    return b->fd >= 0 ? OK : BROKEN;
}

static enum status xlsx_end(struct export_work *w, struct buf *out, bool *more) {
    struct workbook *b = w->state;
    ssize_t n;
    if (b->fd < 0) TRY(make_file(b));
    buf_reserve(out, PIECE);
    do n = read(b->fd, out->p + out->n, PIECE);
    while (n < 0 && errno == EINTR);
    if (n < 0) return BROKEN;
    out->n += (size_t)n;
    *more = n > 0;
    return OK;
}

static void xlsx_close(struct export_work *w) {
    struct workbook *b = w->state;
    if (!b) return;
    if (b->writer) xlsx_writer_drop(b->writer);
    if (b->fd >= 0) close(b->fd);
}

const struct export_format export_xlsx = {
    .code = "xlsx",
    .type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    .ending = "xlsx",
    .begin = xlsx_begin,
    .rows = xlsx_rows,
    .keep = xlsx_keep,
    .end = xlsx_end,
    .close = xlsx_close
};
