/* uuid.h - random ids for what the server makes (RFC 4122 version 4). */
#ifndef SERVER_STORE_UUID_H
#define SERVER_STORE_UUID_H
#include "resources/base/str.h"

enum { UUID_LENGTH = 36 };
/* 122 random bits from the system, lower case; nobody can guess one id from another. */
struct str uuid_make(struct arena *arena);
/* Fills bytes from the system's random source. */
void uuid_random(void *bytes, size_t len);
#endif
