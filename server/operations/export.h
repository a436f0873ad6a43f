/* export.h - the limits of an export. */
#ifndef SERVER_OPERATIONS_EXPORT_H
#define SERVER_OPERATIONS_EXPORT_H

enum {
    EXPORT_MOST_FILE = 4 << 20, /* bytes, unless one record alone is larger */
    EXPORT_MOST_FILES = 512,
    EXPORT_MOST_MEMBERS = 10000 /* patients of a Group */
};
#endif
