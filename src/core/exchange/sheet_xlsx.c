/* Workbooks as tables for the import (sheet.h): the reader of lib/text/xlsx.h run in a box, and
 * what it said turned into problems and faults for people. Called by sheet.c; calls lib/box. */
#include <errno.h>
#include <unistd.h>

#include "core/exchange/sheet.h"
#include "lib/locale/number.h"
#include "lib/text/xlsx.h"

enum { MEMORY_MB = 256, SECONDS = 10, TABLE_MB = 256, FAULT_BYTES = 150 };

/* --- in the box --- */

static enum status refused(struct box_call *call, enum status s, const char *why) {
    snprintf(call->said, sizeof call->said, "%s", why ? why : "");
    return s == MISSING ? INVALID : s;
}

static bool write_out(void *of, struct str bytes) {
    const struct box_call *call = of;
    while (bytes.n) {
        ssize_t n = write(call->out_fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

/* One line for each fault after the line of counts: row, kind, text; as many as there is room for.
 */
static void say_result(struct box_call *call, const struct xlsx_result *r) {
    struct buf b = { .arena = call->arena };
    buf_printf(&b, "%lld %lld\n", (long long)r->rows_n, (long long)r->faults_total);
    for (int i = 0; i < r->faults_n && b.n + FAULT_BYTES < sizeof call->said; i++) {
        const struct xlsx_fault *f = &r->faults[i];
        buf_printf(&b, "%lld %d ", (long long)f->row, (int)f->kind);
        for (size_t k = 0; k < f->what.n && k < FAULT_BYTES - 30; k++)
            buf_add_c(&b, (unsigned char)f->what.p[k] < ' ' ? ' ' : f->what.p[k]);
        buf_add_c(&b, '\n');
    }
    snprintf(call->said, sizeof call->said, "%.*s", SF(buf_str(&b)));
}

static enum status read_run(struct box_call *call) {
    struct xlsx_result *r = arena_new_of(call->arena, struct xlsx_result);
    struct xlsx_sink sink = { write_out, call };
    const char *why = "";
    enum status s = xlsx_read(call->arena, call->in_fd, call->argument, sink, r, &why);
    if (s != OK) return refused(call, s, why);
    say_result(call, r);
    return OK;
}

static enum status names_run(struct box_call *call) {
    struct buf b = { .arena = call->arena };
    struct strs names;
    const char *why = "";
    enum status s = xlsx_names(call->arena, call->in_fd, &names, &why);
    if (s != OK) return refused(call, s, why);
    for (int i = 0; i < names.n && b.n + names.v[i].n + 2 < sizeof call->said; i++) {
        buf_add(&b, names.v[i]);
        buf_add_c(&b, '\n');
    }
    snprintf(call->said, sizeof call->said, "%.*s", SF(buf_str(&b)));
    return OK;
}

static const struct box_task read_task = { .name = "workbook",
                                           .run = read_run,
                                           .memory_bytes = (int64_t)MEMORY_MB << 20,
                                           .output_bytes = (int64_t)TABLE_MB << 20,
                                           .cpu_seconds = SECONDS };
static const struct box_task names_task = { .name = "sheets",
                                            .run = names_run,
                                            .memory_bytes = (int64_t)MEMORY_MB << 20,
                                            .output_bytes = 1,
                                            .cpu_seconds = SECONDS };

/* --- outside: what was said is a stranger's word --- */

static enum status problem(struct ctx *c, enum status s, const char *text, int64_t max) {
    (void)ctx_problem(c, S("file"), text, ARG("max", number_show(c->arena, c->loc, max)));
    return s;
}

static enum status not_read(struct ctx *c, enum status s, struct str said) {
    const char *sentence = xlsx_sentence(said);
    if (s == MISSING) return BROKEN; /* our own copy of the file is gone */
    if (sentence) return problem(c, s, sentence, xlsx_sentence_max(sentence));
    if (s == TOO_BIG && str_eq_z(said, "memory"))
        return problem(c, s, N_("This workbook takes more than {max} MB of memory to read."),
                       MEMORY_MB);
    if (s == TOO_BIG && str_eq_z(said, "time"))
        return problem(c, s, N_("This workbook takes more than {max} seconds to read."), SECONDS);
    if (s == TOO_BIG)
        return problem(c, s, N_("The table of this workbook would be larger than {max} MB."),
                       TABLE_MB);
    return problem(c, INVALID, N_("This workbook cannot be read."), 0);
}

static const char *const fault_texts[XLSX_FAULT_KINDS] = {
    [XLSX_NO_VALUE] = N_("{what} holds a formula without a value. Open the file in a spreadsheet "
                         "program and save it again."),
    [XLSX_ERROR_VALUE] = N_("{what} is an error of the spreadsheet; the cell is left empty."),
    [XLSX_NO_DATE] = N_("{what} is shown as a date but is none; the cell is left empty."),
    [XLSX_NO_NUMBER] = N_("{what} is no number; the cell is left empty."),
    [XLSX_ABOVE] = N_("“{what}” stands alone above the table and is left out."),
};

/* "7 1 C7: #N/A" */
static bool read_fault(struct ctx *c, struct str line, struct sheet_fault *f) {
    struct str row, kind;
    int64_t k;
    if (!str_cut(&line, ' ', &row) || !str_cut(&line, ' ', &kind) || !str_to_i64(row, &f->line) ||
        !str_to_i64(kind, &k) || k < 0 || k >= XLSX_FAULT_KINDS || !utf8_valid(line))
        return false;
    f->text = fault_texts[k];
    f->what = str_dup(c->arena, line);
    return true;
}

static bool read_said(struct ctx *c, struct str said, struct sheet_faults *faults,
                      int64_t *rows_n) {
    struct str line, rows;
    *faults =
        (struct sheet_faults){ .v = arena_array(c->arena, struct sheet_fault, XLSX_FAULTS_KEPT) };
    if (!str_cut(&said, '\n', &line) || !str_cut(&line, ' ', &rows) || !str_to_i64(rows, rows_n) ||
        !str_to_i64(line, &faults->total))
        return false;
    while (faults->n < XLSX_FAULTS_KEPT && str_cut(&said, '\n', &line))
        if (read_fault(c, line, &faults->v[faults->n])) faults->n++;
    return true;
}

enum status sheet_from_xlsx(struct ctx *c, struct box *b, const char *in_path, struct str sheet,
                            const char *out_path, struct sheet_faults *faults, int64_t *rows_n) {
    struct str said;
    enum status s = box_run(b, c->arena, &read_task, in_path, out_path, sheet, &said);
    if (s != OK) return not_read(c, s, said);
    if (!read_said(c, said, faults, rows_n)) return BROKEN;
    if (*rows_n > 0) --*rows_n; /* the header */
    return OK;
}

enum status sheet_xlsx_names(struct ctx *c, struct box *b, const char *in_path,
                             struct sheet_names *out) {
    struct str said, name;
    enum status s = box_run(b, c->arena, &names_task, in_path, NULL, NO_STR, &said);
    *out = (struct sheet_names){ .v = arena_array(c->arena, struct str, BOX_SAID) };
    if (s != OK) return not_read(c, s, said);
    while (str_cut(&said, '\n', &name))
        if (name.n && utf8_valid(name)) out->v[out->n++] = name;
    return OK;
}
