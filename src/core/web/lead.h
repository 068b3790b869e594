/* The address of a client who became a part of another leads to the other. */
#ifndef LEAD_H
#define LEAD_H
#include "core/web/req.h"

/* For a GET below /clients/{id} or /api/v1/parties/{id}, before its handler: OK and r->go (a page,
 * 303) or r->status 301 with Location (API) when that client became a part of another; MISSING when
 * he did, and the other one is not for these eyes; OK alone when there is nothing to do. */
enum status lead_on(struct req *r) MUST_USE;

#endif
