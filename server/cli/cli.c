/* cli.c - what the commands share: the program's own files, reading a file, printing issues. */
#include "server/cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/xml/xml.h"

const char *cli_find_file(const char *name, struct arena *arena)
{
    static const char *const FOLDERS[] = { "", "/../share/tandem", "/.." };
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return NULL;
    while (length > 0 && self[length - 1] != '/')
        length--;
    struct str folder = { self, length > 0 ? (size_t)length - 1 : 0 };
    for (size_t i = 0; i < COUNT(FOLDERS); i++) {
        struct str path = str_print(arena, STR_FMT "%s/%s", STR_ARG(folder), FOLDERS[i], name);
        if (access(path.data, R_OK) == 0)
            return path.data;
    }
    return NULL;
}

static void close_file(FILE **file)
{
    if (*file)
        fclose(*file);
}

bool cli_read_file(struct str *text, const char *path, size_t most, struct arena *arena,
                   struct issues *issues)
{
    FILE *file __attribute__((cleanup(close_file))) = fopen(path, "rb");
    if (!file)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: %s", path, strerror(errno));
    struct buf buf;
    buf_init(&buf, arena, most);
    char block[65536];
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&buf, (struct str){ block, count });
    if (ferror(file))
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: it could not be read", path);
    if (buf.is_over)
        return issue_add(issues, NULL, ISSUE_TOO_LARGE, "%s: more than %zu bytes", path, most);
    *text = buf_str(&buf);
    return true;
}

cJSON *cli_parse(struct str text, struct definitions *definitions, struct arena *arena,
                 struct issues *issues)
{
    struct str head = str_slice(text, str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0, text.len);
    if (str_starts(str_trim(head), STR("<")))
        return xml_parse_partly(text, definitions, arena, issues);
    return json_parse(text, arena, issues);
}

void cli_print_issues(const char *file, const struct issues *issues)
{
    for (const struct issue *issue = issues->first; issue; issue = issue->next) {
        fprintf(stderr, "%s:%d:%d: %s: " STR_FMT ": " STR_FMT, file, issue->line, issue->column,
                issue_severity_code(issue->severity), STR_ARG(issue->key), STR_ARG(issue->text));
        if (issue->diagnostics.len)
            fprintf(stderr, " (" STR_FMT ")", STR_ARG(issue->diagnostics));
        if (issue->expression.len)
            fprintf(stderr, " at " STR_FMT, STR_ARG(issue->expression));
        fputc('\n', stderr);
    }
}
