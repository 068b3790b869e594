/* Collects the body of one request, in memory or in a temporary file. Internal to lib/http. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H
#include "lib/http/http.h"

#define BODY_FILE_PREFIX "upload-"

struct body {       /* all zero: none, and nothing may come */
    int64_t n, max; /* bytes so far; more than max are counted, but not kept */
    char *p;        /* in memory */
    size_t cap;     /* room at p */
    char *path;     /* or in this file, open at fd */
    int fd;
    bool lost; /* the file could not be written: it is gone, and what still comes is only counted */
};

/* A new file in temp_dir, readable by nobody else. BROKEN: the disk is full or gone. */
enum status body_to_file(struct body *, const char *temp_dir) MUST_USE;
void body_add(struct body *, const char *p, size_t n); /* what is over max is only counted */
enum status body_end(struct body *) MUST_USE;          /* closes the file, which stays */
void body_free(struct body *);                         /* unlinks the file */
void body_sweep(const char *temp_dir);                 /* unlinks what a crash has left behind */
/* A file that is sent as a reply: a descriptor, or -1 for anything but a plain readable file. */
int body_open_file(const char *path, int64_t *size);

#endif
