/* Numbers of a workbook as people see them: which formats are dates, and what their numbers mean.
 * Internal to xlsx.c; tested by itself. */
#ifndef TEXT_XLSX_NUMBER_H
#define TEXT_XLSX_NUMBER_H
#include "lib/base/str.h"

enum xlsx_class { XLSX_PLAIN, XLSX_DATE, XLSX_TIME, XLSX_DATE_TIME, XLSX_DURATION };
struct xlsx_format {
    enum xlsx_class is;
    int zeros; /* "00000": at least so many digits */
};
/* ECMA-376 part 1, 18.8.30: formats that have a number only; others are XLSX_PLAIN. */
struct xlsx_format xlsx_format_of_id(int64_t id);
/* A format as it is written: "yyyy\-mm\-dd", "[$-429]d mmmm yyyy;@", "[h]:mm", "00000". */
struct xlsx_format xlsx_format_of_code(struct str code);

/* The text of a number. False: not a number, or a date before 1900 (1904) or after 9999. */
bool xlsx_number_text(struct arena *a, struct str number, struct xlsx_format format, bool date1904,
                      struct str *out);

#endif
