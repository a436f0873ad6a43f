/* receive.h - records that another party's server sends here as copies: whose they are, and which
 * version wins. */
#ifndef SERVER_EXCHANGE_RECEIVE_H
#define SERVER_EXCHANGE_RECEIVE_H
#include "server/interactions/write.h"

/* A write is a copy when its resource has an identifier `<viewer's base>|<Type>/<id>` and a
 * meta.source
 * `<viewer's base>/<Type>/<id>/_history/<version>`. Fills *version; false when it is none. */
bool receive_is_copy(const struct viewer *viewer, const cJSON *resource, uint64_t *version);

/* Settles a set whose identities are decided: copies belong to the viewer's organization; an older
 * version of the source never replaces a newer one: that write is skipped, with a warning
 * source-version-stale at its place. False with an issue when a record that exists here and is no
 * copy of that source would be taken over. */
bool receive_settle(struct write_set *set);
/* Whether the identifiers of a resource are the viewer's to give, as its index rows hold them: one
 * of another registered party's base would stand in the way of the copy that comes from there, and
 * one of our own base may only be the record's own address. False with an issue identifier-foreign.
 */
bool receive_check_identifiers(struct write_set *set, const struct write *write,
                               const struct index_rows *index);
#endif
