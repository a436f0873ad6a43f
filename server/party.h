/* party.h - one running server: all its parts, opened in order and closed in reverse. */
#ifndef SERVER_PARTY_H
#define SERVER_PARTY_H
#include "server/config.h"

/* config (checked) and log outlive the party. The program's own files are found beside it. NULL
 * with issues. Signals should be blocked before: its threads inherit that. */
struct party;
struct party *party_open(const struct config *config, struct log *log, struct issues *issues);
/* Reads certificates, revocation lists and clients again; says in the log how that went. */
void party_reload(struct party *party);
/* Lets running requests end, then closes everything. */
void party_close(struct party *party);
#endif
