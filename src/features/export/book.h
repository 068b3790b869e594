/* What book.html shows. */
#ifndef EXPORT_BOOK_H
#define EXPORT_BOOK_H
#include "lib/html/out.h"

struct book_page {
    const char *lang, *dir;
    struct str firm;
};

#endif
