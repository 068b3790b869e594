/* What the files of this feature share. */
#ifndef CUSTOM_PAGES_H
#define CUSTOM_PAGES_H
#include "core/job/job.h"

enum status custom_prepare(struct job *j) MUST_USE;

#endif
