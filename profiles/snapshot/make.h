/* make.h - one snapshot made from its base's and a differential. */
#ifndef PROFILES_SNAPSHOT_MAKE_H
#define PROFILES_SNAPSHOT_MAKE_H
#include "profiles/snapshot/maker.h"

/* Makes book->tree, the base's first. False with issues; then the tree is of no use. */
bool snapshot_make_book(struct book *book, struct shelf *shelf);
#endif
