/* SQL of any entity from its table of fields, and values between rows and structs. For store*.c
 * only. */
#ifndef STORE_SQL_H
#define STORE_SQL_H
#include "core/entity/store.h"

struct made_params {
    struct param *v;
    int n;
};
/* " AND …": the rows of parties, or of what belongs to a party, that this member may see; nothing
 * where all see all. Its parameters, up to SQL_VISIBLE_N. */
enum { SQL_VISIBLE_N = 4 };
void sql_visible(struct buf *b, const struct entity *e);
void sql_visible_params(struct ctx *c, const struct entity *e, struct made_params *p);
struct str sql_select(struct arena *a, const struct entity *e, bool pg,
                      bool one); /* :id or :ids "[1,2]" */
struct str sql_select_children(struct arena *a, const struct entity *child, bool pg, bool one);
/* For db_insert_made; with_id: a row that was there before gets its old one. */
struct str sql_insert(struct arena *a, const struct entity *e, bool pg, bool with_id);
struct str sql_update(struct arena *a, const struct entity *e);
struct str sql_bin(struct arena *a, const struct entity *e); /* sets deleted_at to :deleted */
struct str sql_child_delete(struct arena *a, const struct entity *child);
struct made_params sql_field_params(struct ctx *c, const struct entity *e, const void *row,
                                    const struct param *head, int head_n);
void sql_param(struct made_params *p, struct param one);
enum status sql_read(struct ctx *c, const struct entity *e, const struct rows *r, int i,
                     void *row) MUST_USE;
int64_t sql_read_child(const struct entity *e, const struct rows *r, int i,
                       void *row);                                  /* its party */
struct str sql_id_list(struct arena *a, const int64_t *ids, int n); /* "[1,2,3]" */

#endif
