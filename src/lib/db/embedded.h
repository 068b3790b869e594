/* Files that tools/embed has turned into C: their bytes are part of the program. */
#ifndef EMBEDDED_H
#define EMBEDDED_H
#include "lib/base/str.h"

struct embedded {
    const char *name; /* the file's name */
    struct str text;
};

/* migrations/NNNN_name.{sqlite,pg}.sql, in order of their names (build/gen/migrations.c). */
extern const struct embedded migrations_all[];
extern const int migrations_all_n;

#endif
