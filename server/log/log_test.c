/* log_test.c - a line is one JSON object, whatever a client sent. */
#include "resources/base/test.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <unistd.h>

#include "server/log/log.h"

static void read_line(int descriptor, char *line, size_t room)
{
    ssize_t count = read(descriptor, line, room - 1);
    assert_true(count > 0);
    line[count] = '\0';
    assert_int_equal(line[count - 1], '\n');
    assert_ptr_equal(strchr(line, '\n'), line + count - 1);
}

static void hostile_text_stays_inside_its_field(void **state)
{
    (void)state;
    static const struct {
        struct str sent;
        const char *logged;
    } CASES[] = {
        { { "/a", 2 }, "/a" },
        { { "a\"},\n{\"b\":\"\\", 13 }, "a\"},\n{\"b\":\"\\" },
        { { "caf\xc3\xa9", 5 }, "caf\xc3\xa9" },
        { { "\xff\xc0\x80", 3 }, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
        { { "\xed\xa0\x80", 3 }, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
        { { "a\xc3", 2 }, "a\xef\xbf\xbd" },
        { { "\x1b[2J\x7f", 5 }, "\x1b[2J\x7f" },
    };
    int ends[2];
    char line[8192];
    assert_int_equal(pipe(ends), 0);
    struct log *log = log_open(ends[1], LEVEL_INFO);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        LOG(log, LOG_REQUEST_REFUSED, LOG_TEXT("path", CASES[i].sent), LOG_NUMBER("status", -4));
        read_line(ends[0], line, sizeof line);
        cJSON *json = cJSON_Parse(line);
        assert_non_null(json);
        assert_string_equal(cJSON_GetObjectItem(json, "path")->valuestring, CASES[i].logged);
        assert_string_equal(cJSON_GetObjectItem(json, "event")->valuestring, "request-refused");
        assert_string_equal(cJSON_GetObjectItem(json, "level")->valuestring, "warn");
        assert_int_equal(cJSON_GetObjectItem(json, "status")->valueint, -4);
        for (const char *c = line; *c != '\n'; c++)
            assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
        cJSON_Delete(json);
    }
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

static void long_text_is_cut_and_the_line_stays_whole(void **state)
{
    (void)state;
    int ends[2];
    char line[16384], text[5000];
    struct log_field fields[40];
    memset(text, '"', sizeof text);
    for (size_t i = 0; i < COUNT(fields); i++)
        fields[i] = LOG_TEXT("text", ((struct str){ text, sizeof text }));
    assert_int_equal(pipe(ends), 0);
    struct log *log = log_open(ends[1], LEVEL_INFO);
    log_write(log, LOG_NOTE, fields, COUNT(fields));
    read_line(ends[0], line, sizeof line);
    cJSON *json = cJSON_Parse(line);
    assert_non_null(json);
    assert_int_equal(strlen(cJSON_GetObjectItem(json, "text")->valuestring), LOG_MOST_TEXT);
    cJSON_Delete(json);
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

static void levels_below_the_least_are_dropped_and_requests_wait(void **state)
{
    (void)state;
    int ends[2];
    char line[4096];
    enum log_level level;
    assert_true(log_parse_level(&level, STR("error")));
    assert_false(log_parse_level(&level, STR("loud")));
    assert_int_equal(pipe(ends), 0);
    struct log *log = log_open(ends[1], level);
    LOG(log, LOG_REQUEST_REFUSED, LOG_NUMBER("status", 400));
    LOG(log, LOG_REQUEST_FAILED, LOG_TEXT("reason", STR("x")), LOG_TEXT("id", STR("")));
    read_line(ends[0], line, sizeof line);
    assert_non_null(strstr(line, "request-failed"));
    assert_null(strstr(line, "\"id\""));
    log_close(log);
    log = log_open(ends[1], LEVEL_INFO);
    LOG(log, LOG_REQUEST, LOG_NUMBER("status", 200));
    log_flush(log);
    read_line(ends[0], line, sizeof line);
    assert_non_null(strstr(line, "\"status\":200"));
    log_write(NULL, LOG_NOTE, NULL, 0);
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_stays_inside_its_field),
        cmocka_unit_test(long_text_is_cut_and_the_line_stays_whole),
        cmocka_unit_test(levels_below_the_least_are_dropped_and_requests_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
