/* report.h - what `tandem validate` says of each file: lines, OperationOutcomes or JUnit XML. */
#ifndef SERVER_CLI_REPORT_H
#define SERVER_CLI_REPORT_H
#include <stdio.h>

#include "resources/base/issue.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_JUNIT };

/* A resource that was judged. line: of a file of many resources, the one where this one stands; 0
 * when the file is one resource. */
struct report_subject {
    const char *file;
    size_t line;
    struct str type; /* its resourceType, may be empty */
};

/* What is printed of one resource, in the issues' arena. */
struct str report_print(enum report_format format, const struct report_subject *subject,
                        const struct issues *issues);

/* The whole of a run, on standard output; on a terminal standard error shows how far it is. */
struct report {
    enum report_format format;
    FILE *out; /* JUnit's counts stand at its head: it waits in a temporary file */
    size_t files, done, resources, broken, errors, warnings;
    bool is_shown;
    double began, shown;
};
/* files: how many there are. False when there is no room for a temporary file. */
bool report_open(struct report *report, enum report_format format, size_t files);
/* is_last: nothing more comes of the file. */
void report_add(struct report *report, struct str text, size_t errors, size_t warnings,
                bool is_last);
/* False when it could not be written. */
bool report_close(struct report *report);
#endif
