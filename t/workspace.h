/* What the tests' ways to a workspace stand on (fixture.h: the store; served.h: requests as bytes;
 * visitor.h: a person who clicks): a temporary folder, a database of either kind, the parts of the
 * gate without threads. Include it after cmocka.h. */
#ifndef WORKSPACE_H
#define WORKSPACE_H
#include "core/app/app.h"

/* Makes a folder and says where the database is: the folder itself, or a schema named after it in
 * $DAFTAR_TEST_PG. The text lies in a. */
const char *workspace_dir(struct arena *a, char (*dir)[64], bool pg);
void workspace_dir_remove(const char *dir);

/* The same for a whole program: config gets data, database, create. */
void workspace_config(struct arena *a, char (*dir)[64], bool pg, struct app_config *config);
/* Opens it with router, rates and memo. The hasher stays the caller's. */
struct app *workspace_open(struct arena *a, const struct app_config *config, struct hasher *hasher);
void workspace_close(struct app *app);

/* Work of the program itself in one writing transaction; what became of it. Prints its problems. */
enum status workspace_work(struct app *app, struct arena *a,
                           enum status (*work)(struct ctx *c, void *arg), void *arg) MUST_USE;
/* A session of that member: secret is what his cookie carries. */
enum status workspace_session(struct ctx *c, int64_t member, struct str secret,
                              struct str csrf) MUST_USE;

#endif
