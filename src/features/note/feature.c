/* The feature «note»: notes. Its entities and this record are named in app/features.c. */
#include "core/web/feature.h"
#include "features/note/note.h"

static const char *const needs[] = { "notice", "party", NULL };
const struct feature feature_note = { .name = "note", .needs = needs, .relation = &note_relation };
