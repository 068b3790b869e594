/* Contacts out of free text: chats, signatures, lines that somebody typed. Called by sheet_text.c
 * only. */
#ifndef SHEET_LINES_H
#define SHEET_LINES_H
#include "core/exchange/sheet_cells.h"

struct sheet_lines {
    const struct ctx *c;
    bool telling; /* the second walk: faults are told */
    struct sheet_faults *faults;
    sheet_row_taken *taken;
    void *arg;
};
/* Every contact of the text as a row; line: of its first line in the whole, from 1. */
void sheet_lines_walk(struct sheet_lines *w, struct str text, int64_t line);

/* Does a message of a chat begin here («[12/03/2024, 10:22] Ali: …»)? *rest: what was written. */
bool sheet_chat_line(struct str line, struct str *who, struct str *when, struct str *rest);
/* Has the text a phone, an e-mail or a web address? */
bool sheet_reaches(const struct ctx *c, struct arena *a, struct str text);

#endif
