/* limits.h - the limits that are constants of the program, gathered for --help. */
#ifndef SERVER_CLI_LIMITS_H
#define SERVER_CLI_LIMITS_H
#include "resources/base/buf.h"

void limits_print(struct buf *text);
#endif
