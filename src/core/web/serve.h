/* The one gate: every request comes in here, from the network and from tests. */
#ifndef SERVE_H
#define SERVE_H
#include "core/app/app.h"
#include "lib/http/http.h"

/* What the gate itself answers: /health. */
extern const struct routes web_routes;
extern const struct routes prove_routes; /* /prove: asking once more who it is (prove.c) */
struct routes;
/* Answers one request. worker is the bench. The reply lives in the arena. */
void web_serve(struct app *app, int worker, struct arena *arena, const struct http_request *http,
               struct http_reply *reply);
/* The same as struct http_app wants it; app is a struct app. */
void web_serve_http(void *app, int worker, struct arena *arena, const struct http_request *http,
                    struct http_reply *reply);
/* May this large body come in? Only for upload routes, after session, right and CSRF token. Runs on
 * the network's thread: reads the database once. */
enum status web_head(void *app, struct arena *arena, const struct http_request *http,
                     int64_t *max_body);

#endif
