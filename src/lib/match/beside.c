/* A few records compared by a model that was read once and serves many, several threads at a time:
 * the weights are copied, the frequencies of values and the names that were made ready are looked
 * up in it. Called while somebody is typed and for each row of an import; calls intern and namekey.
 */
#include "lib/match/match_in.h"

struct match *match_beside(const struct match *model) {
    struct match_column columns[MATCH_COLUMNS_N];
    if (!model->trained) BUG("a model is used before it was read");
    for (int i = 0; i < model->columns_n; i++)
        columns[i] = (struct match_column){ model->column[i].name, model->column[i].kind };
    struct match *m = match_new(columns, model->columns_n);
    for (int i = 0; i < m->columns_n; i++) {
        struct column *to = &m->column[i];
        const struct column *from = &model->column[i];
        to->dead = from->dead;
        to->rarity_other = from->rarity_other;
        to->best = from->best;
        to->far = from->far;
        memcpy(to->weight, from->weight, sizeof to->weight);
    }
    memcpy(m->bond, model->bond, sizeof m->bond);
    m->bonds_n = model->bonds_n;
    m->lambda = model->lambda;
    m->prior = model->prior;
    return m;
}

static void take_rarity(struct column *to, const struct column *from) {
    uint32_t n = to->pool->n + 1;
    float *rarity = calloc(n, sizeof *rarity);
    if (!rarity) BUG("out of memory");
    for (uint32_t id = 1; id < n; id++) {
        uint32_t there = intern_find(from->pool, intern_str(to->pool, id));
        rarity[id] = there && there < from->rarity_n ? from->rarity[there] : from->rarity_other;
    }
    free(to->rarity);
    to->rarity = rarity;
    to->rarity_n = n;
}

void match_ready(struct match *m, const struct match *model) {
    if (m->trained || m->columns_n != model->columns_n) BUG("records of another model");
    for (int i = 0; i < m->columns_n; i++) take_rarity(&m->column[i], &model->column[i]);
    names_prepare_beside(m, model);
    m->trained = true;
}
