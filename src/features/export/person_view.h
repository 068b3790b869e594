/* What person.html shows: parts with a title, rows of two to four cells. */
#ifndef EXPORT_PERSON_VIEW_H
#define EXPORT_PERSON_VIEW_H
#include "lib/html/out.h"

struct person_cell {
    struct str s;
    struct url to;
};
struct person_line {
    struct {
        struct person_cell *v;
        int n;
    } cells;
};
struct person_part {
    const char *title; /* msgid */
    struct {
        struct person_line *v;
        int n, cap;
    } rows;
};
struct person_view {
    const char *lang, *dir;
    struct str name, firm, when;
    int64_t left_out;
    struct {
        struct person_part *v;
        int n;
    } parts;
};

#endif
