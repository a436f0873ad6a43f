/* inifile.c - cutting INI text into lines and lines into names and values. */
#include "server/inifile.h"

#include <string.h>

static bool read_line(struct str line, struct str *section, struct str *name, struct str *value)
{
    if (line.data[0] == '[') {
        *section = str_trim(str_slice(line, 1, line.len - 1));
        *name = *value = (struct str){ NULL, 0 };
        return line.data[line.len - 1] == ']' && section->len &&
               str_find(*section, ']', 0) == section->len;
    }
    size_t equals = str_find(line, '=', 0);
    *name = str_trim(str_slice(line, 0, equals));
    *value = str_trim(str_slice(line, equals + 1, line.len));
    return equals < line.len && name->len;
}

bool inifile_read(struct str text, inifile_entry entry, void *context, struct issues *issues)
{
    struct str rest = text, section = { NULL, 0 }, name, value;
    while (rest.data) {
        long offset = rest.data - text.data;
        struct str line = str_trim(str_cut(&rest, '\n'));
        if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';')
            continue;
        struct place at = { NULL, "line", NULL, -1, offset };
        if (memchr(line.data, '\0', line.len) || !read_line(line, &section, &name, &value))
            return issue_add(issues, &at, ISSUE_CONFIGURATION,
                             "neither [section] nor name = value: '" STR_FMT "'",
                             STR_ARG(str_slice(line, 0, 60)));
        if (!entry(context, section, name, value, &at, issues))
            return false;
    }
    return true;
}

bool inifile_item(struct str *rest, struct str *item)
{
    size_t begin = 0, end;
    while (begin < rest->len && strchr(", \t", rest->data[begin]))
        begin++;
    for (end = begin; end < rest->len && !strchr(", \t", rest->data[end]);)
        end++;
    *item = str_slice(*rest, begin, end);
    *rest = str_slice(*rest, end, rest->len);
    return item->len > 0;
}
