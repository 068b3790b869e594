/* The one file that names all features: what they bring is collected here for the gate, the store,
 * the queue of jobs and the command line. To add a feature, add it to the lists below. */
#include "app/commands.h"
#include "core/api/api.h"
#include "core/ask/catalogue.h"
#include "core/app/filestore.h"
#include "core/entity/history.h"
#include "core/job/rebuild.h"
#include "core/job/tick.h"
#include "core/measure/measure.h"
#include "core/web/feature.h"
#include "core/web/journal_look.h"
#include "core/web/serve.h"
#include "core/web/session.h"
#include "features/attachment/attachment.h"
#include "features/bond/bond.h"
#include "features/category/category.h"
#include "features/custom/custom.h"
#include "features/member/member.h"
#include "features/merge/merge.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "features/segment/segment.h"
#include "features/settings/settings.h"
#include "features/setup/setup.h"
#include "features/tag/tag.h"
#include "features/view/view.h"

/* One a line, so that two people can add one each. */
/* clang-format off */
extern const struct feature
    feature_sign_in,
    feature_setup,
    feature_settings,
    feature_member,
    feature_merge,
    feature_party,
    feature_bond,
    feature_category,
    feature_custom,
    feature_note,
    feature_notice,
    feature_purchase,
    feature_duplicate,
    feature_tag,
    feature_attachment,
    feature_view,
    feature_segment,
    feature_bulk,
    feature_timeline,
    feature_client,
    feature_history,
    feature_demo,
    feature_journal,
    feature_label,
    feature_palette,
    feature_export,
    feature_import;

static const struct feature *const features[] = {
    &feature_sign_in,
    &feature_setup,
    &feature_settings,
    &feature_member,
    &feature_merge,
    &feature_party,
    &feature_bond,
    &feature_category,
    &feature_custom,
    &feature_note,
    &feature_notice,
    &feature_purchase,
    &feature_duplicate,
    &feature_tag,
    &feature_attachment,
    &feature_view,
    &feature_segment,
    &feature_bulk,
    &feature_timeline,
    &feature_client,
    &feature_history,
    &feature_demo,
    &feature_journal,
    &feature_label,
    &feature_palette,
    &feature_export,
    &feature_import,
};
/* clang-format on */

static enum status app_taken_back(struct ctx *c, int64_t batch);

/* Every entity that has a page, an address in the API or a history. */
const struct registry *entity_registry(void) {
    static const struct entity *const all[] = {
        &entity_party,      &entity_bond,       &entity_category,     &entity_note,
        &entity_tag,        &entity_member,     &entity_team,         &entity_firm,
        &entity_attachment, &entity_saved_view, &entity_custom_field, &entity_purchase,
        &entity_merge_rule, &entity_segment,
    };
    static const struct registry registry = { all, COUNT(all), app_taken_back };
    return &registry;
}

/* What each feature says of its records that can be asked for: «has(purchases, last 30 days)». */
const struct relation *ask_relation_at(int i) {
    for (int f = 0; f < COUNT(features); f++)
        if (features[f]->relation && i-- == 0) return features[f]->relation;
    return NULL;
}

/* Saved segments, for segment:name; without that feature there are none. */
const struct ask_segments *ask_segments(void) {
    static const struct ask_segments none = { 0 };
    for (int f = 0; f < COUNT(features); f++)
        if (features[f]->segments) return features[f]->segments;
    return &none;
}

/* A batch was taken back from the history. */
static enum status app_taken_back(struct ctx *c, int64_t batch) {
    for (int f = 0; f < COUNT(features); f++)
        if (features[f]->taken_back) TRY(features[f]->taken_back(c, batch));
    return OK;
}

/* Routes that belong to no feature: the gate's own, the API's. */
static const struct routes *const other_routes[] = {
    &web_routes,
    &prove_routes,
    &api_routes,
};

int app_routes_n(void) {
    return COUNT(features) + COUNT(other_routes);
}

const struct routes *app_routes(int i) {
    if (i < COUNT(features)) return &features[i]->routes;
    return other_routes[i - COUNT(features)];
}

/* Kinds of jobs that belong to no feature. */
static const struct job_kind *const other_jobs[] = {
    &job_reorder,
    &job_keys,
};

const struct job_kind *app_job_kind(struct str name) {
    for (int i = 0; i < COUNT(features); i++)
        for (int k = 0; k < features[i]->jobs_n; k++)
            if (str_eq_z(name, features[i]->jobs[k].name)) return &features[i]->jobs[k];
    for (int i = 0; i < COUNT(other_jobs); i++)
        if (str_eq_z(name, other_jobs[i]->name)) return other_jobs[i];
    return NULL;
}

const struct measure_source *measure_source_at(int i) {
    for (int f = 0; f < COUNT(features); f++)
        if (features[f]->measure && i-- == 0) return features[f]->measure;
    return NULL;
}

/* What comes round by itself, beside what core/job/tick.c does. */
const struct tick_part *app_ticks(int *n) {
    static const struct tick_part all[] = {
        { .name = "noting the use of sessions", .run = seen_write },
        { .name = "removing files that nothing names", .hourly = true, .run = filestore_collect },
        { .name = "looking at the keys of names", .hourly = true, .run = keys_tick },
        { .name = "anchoring the journal", .run = journal_anchor },
        { .name = "deleting sessions that are over", .hourly = true, .run = session_clean },
    };
    *n = COUNT(all);
    return all;
}

/* The commands of the program itself; those of features stand in their records. */
static const struct command *const own_commands[] = {
    &command_serve,   &command_backup, &command_check,
    &command_rebuild, &command_list,   &command_count,
};

const struct command *app_command(int i) {
    if (i < COUNT(own_commands)) return own_commands[i];
    i -= COUNT(own_commands);
    for (int f = 0; f < COUNT(features); f++) {
        if (i < features[f]->commands_n) return features[f]->commands[i];
        i -= features[f]->commands_n;
    }
    return NULL;
}

enum status app_setup_link(struct ctx *c, struct str *token) {
    return setup_link(c, token);
}

enum status app_view_query(struct ctx *c, struct str name, struct list_query *q) {
    struct view_line v;
    TRY(view_named(c, name, &v));
    return view_query(c, v.query, q);
}
