/* Between filestore.c and filestore_collect.c. */
#ifndef FILESTORE_IN_H
#define FILESTORE_IN_H
#include "core/app/filestore.h"

/* A descriptor that holds the lock of the folder until it is closed; -1 when it cannot be had. */
int filestore_lock(const char *files, bool alone);

#endif
