/* report.c - what `tandem validate` says of each file: lines, OperationOutcomes or JUnit XML. */
#include "server/cli/report.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/buf.h"
#include "server/interactions/outcome.h"

enum { MOST_TEXT = 64 << 20 };

#define FILE_EXTENSION "http://hl7.org/fhir/StructureDefinition/operationoutcome-file"
static const double SHOW_EVERY_SECONDS = 0.1;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_line(struct buf *out, const struct report_subject *subject,
                       const struct issue *issue)
{
    size_t line = subject->line ? subject->line - 1 + (size_t)(issue->line ? issue->line : 1)
                                : (size_t)issue->line;
    buf_print(out, "%s:%zu:%d: %s: " STR_FMT, subject->file, line, issue->column,
              issue_severity_code(issue->severity), STR_ARG(issue->expression));
    buf_print(out, "%s" STR_FMT ": " STR_FMT, issue->expression.len ? ": " : "",
              STR_ARG(issue->key), STR_ARG(issue->text));
    if (issue->diagnostics.len)
        buf_print(out, " (" STR_FMT ")", STR_ARG(issue->diagnostics));
    if (issue->profile.len)
        buf_print(out, " [" STR_FMT "]", STR_ARG(issue->profile));
    buf_add_char(out, '\n');
}

static void print_lines(struct buf *out, const struct report_subject *subject,
                        const struct issues *issues)
{
    size_t shown = 0;
    for (const struct issue *issue = issues->first; issue; issue = issue->next, shown++)
        print_line(out, subject, issue);
    if (issues->count > shown)
        buf_print(out, "%s: %zu further issues are not shown\n", subject->file,
                  issues->count - shown);
}

static struct str name_of(const struct report_subject *subject, struct arena *arena)
{
    return subject->line ? str_print(arena, "%s:%zu", subject->file, subject->line)
                         : str_of(subject->file);
}

/* The OperationOutcome, which begins with its type, and the name of the file in it. */
static void print_outcome(struct buf *out, const struct report_subject *subject,
                          const struct issues *issues)
{
    const struct str head = STR("{\"resourceType\":\"OperationOutcome\",");
    struct str outcome = outcome_print(issues);
    if (!str_starts(outcome, head)) {
        buf_add(out, outcome);
    } else {
        buf_add(out, head);
        buf_add(out, STR("\"extension\":[{\"url\":\"" FILE_EXTENSION "\",\"valueString\":"));
        buf_add_json_string(out, name_of(subject, issues->arena));
        buf_add(out, STR("}],"));
        buf_add(out, str_slice(outcome, head.len, outcome.len));
    }
    buf_add_char(out, '\n');
}

/* What XML can not carry becomes U+FFFD. */
static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '&')
            buf_add(out, STR("&amp;"));
        else if (c == '<')
            buf_add(out, STR("&lt;"));
        else if (c == '"')
            buf_add(out, STR("&quot;"));
        else if (c < 0x20 && c != '\n')
            buf_add(out, STR("\xEF\xBF\xBD"));
        else
            buf_add_char(out, (char)c);
    }
}

static const struct issue *first_error(const struct issues *issues)
{
    const struct issue *issue = issues->first;
    while (issue && issue->severity > SEVERITY_ERROR)
        issue = issue->next;
    return issue;
}

static void print_case(struct buf *out, const struct report_subject *subject,
                       const struct issues *issues)
{
    struct buf lines;
    const struct issue *error = first_error(issues);
    const char *element = error ? "failure" : "system-out";
    buf_init(&lines, issues->arena, MOST_TEXT / 2);
    print_lines(&lines, subject, issues);
    buf_add(out, STR("<testcase classname=\""));
    add_escaped(out, subject->type.len ? subject->type : STR("resource"));
    buf_add(out, STR("\" name=\""));
    add_escaped(out, name_of(subject, issues->arena));
    buf_add(out, STR("\">"));
    if (lines.len) {
        buf_print(out, "<%s", element);
        if (error) {
            buf_add(out, STR(" type=\""));
            add_escaped(out, error->key);
            buf_add(out, STR("\" message=\""));
            add_escaped(out, error->text);
            buf_add_char(out, '"');
        }
        buf_add_char(out, '>');
        add_escaped(out, buf_str(&lines));
        buf_print(out, "</%s>", element);
    }
    buf_add(out, STR("</testcase>\n"));
}

struct str report_print(enum report_format format, const struct report_subject *subject,
                        const struct issues *issues)
{
    static void (*const PRINT[])(struct buf *, const struct report_subject *,
                                 const struct issues *) = {
        [REPORT_TEXT] = print_lines,
        [REPORT_JSON] = print_outcome,
        [REPORT_JUNIT] = print_case,
    };
    struct buf out;
    buf_init(&out, issues->arena, MOST_TEXT);
    PRINT[format](&out, subject, issues);
    return buf_str(&out);
}

bool report_open(struct report *report, enum report_format format, size_t files)
{
    *report = (struct report){ .format = format, .files = files, .out = stdout };
    report->is_shown = files > 1 && isatty(STDERR_FILENO);
    report->began = seconds_now();
    if (format == REPORT_JUNIT)
        report->out = tmpfile();
    return report->out != NULL;
}

static void show_progress(struct report *report)
{
    double now = seconds_now();
    if (!report->is_shown || now - report->shown < SHOW_EVERY_SECONDS)
        return;
    report->shown = now;
    fprintf(stderr, "\r\033[K%zu of %zu files, %zu resources, %zu with errors", report->done,
            report->files, report->resources, report->broken);
}

static void hide_progress(const struct report *report)
{
    if (report->is_shown && report->shown > 0)
        fputs("\r\033[K", stderr);
}

void report_add(struct report *report, struct str text, size_t errors, size_t warnings,
                bool is_last)
{
    report->resources++;
    report->done += is_last;
    report->broken += errors > 0;
    report->errors += errors;
    report->warnings += warnings;
    if (text.len && report->out == stdout)
        hide_progress(report);
    fwrite(text.data, 1, text.len, report->out);
    show_progress(report);
}

static void close_junit(struct report *report)
{
    char block[65536];
    size_t count;
    printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite "
           "name=\"tandem validate\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" "
           "time=\"%.3f\">\n",
           report->resources, report->broken, seconds_now() - report->began);
    rewind(report->out);
    while ((count = fread(block, 1, sizeof block, report->out)) > 0)
        fwrite(block, 1, count, stdout);
    fclose(report->out);
    puts("</testsuite>\n</testsuites>");
}

bool report_close(struct report *report)
{
    hide_progress(report);
    bool is_written = !ferror(report->out);
    if (report->format == REPORT_JUNIT)
        close_junit(report);
    if (report->resources > 1)
        fprintf(stderr, "%zu resources, %zu with errors; %zu errors, %zu warnings; %.1f s\n",
                report->resources, report->broken, report->errors, report->warnings,
                seconds_now() - report->began);
    return fflush(stdout) == 0 && is_written;
}
