/* version.h - the version of the program, the same as in package.json. */
#ifndef SERVER_VERSION_H
#define SERVER_VERSION_H
#define TANDEM_VERSION "0.1.0"
#endif
