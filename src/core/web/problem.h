/* What a handler of the API says when it refuses, beyond its status and the problems of the
 * context: the gate writes it into the problem (RFC 9457). A ROUTE_API handler points r->kept to
 * one. */
#ifndef PROBLEM_H
#define PROBLEM_H
#include "lib/base/str.h"

struct problem_more {
    struct str detail;  /* in the person's language; empty: what the status says of itself */
    struct str members; /* further members as JSON, without braces: "\"version\":4"; empty: none */
};

#endif
