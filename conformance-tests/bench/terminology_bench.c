/* terminology_bench.c - what one question to the terminology costs in CPU time, over R4's own value
 * sets. usage: terminology_bench [DEFINITIONS.db] */
#include <stdio.h>
#include <time.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/terminology/terminology.h"

enum { ROUNDS = 1000000 };

#define VS "http://hl7.org/fhir/ValueSet/"
#define THO "http://terminology.hl7.org/"
static const struct {
    const char *what, *value_set, *system, *code;
} ROWS[] = {
    { "a code of a small set", VS "administrative-gender|4.0.1", "", "female" },
    { "not a code of it", VS "administrative-gender|4.0.1", "", "women" },
    { "a coding of a whole system", VS "condition-clinical", THO "CodeSystem/condition-clinical",
      "active" },
    { "a coding of a tree in v3-ActCode", THO "ValueSet/v3-ActEncounterCode",
      THO "CodeSystem/v3-ActCode", "AMB" },
    { "not a coding of it", THO "ValueSet/v3-ActEncounterCode", THO "CodeSystem/v3-ActCode",
      "PUBLICPOL" },
    { "a coding of a set of sets", VS "security-labels", THO "CodeSystem/v3-Confidentiality", "R" },
    { "a system that is not here", VS "condition-code", "http://snomed.info/sct", "38341003" },
    { "a language, by its grammar", VS "all-languages", "", "en-US" },
    { "a currency of 181", VS "currencies|4.0.1", "", "USD" },
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void measure(struct terminology *terminology, size_t row)
{
    struct str canonical = str_of(ROWS[row].value_set);
    const struct value_set *set = terminology_value_set(terminology, canonical);
    const struct term_coding coding = { str_of(ROWS[row].system), STR(""), str_of(ROWS[row].code) };
    if (!set) {
        printf("%s is not here\n", ROWS[row].value_set);
        return;
    }
    enum membership by_name =
        terminology_contains(terminology, canonical, coding.system, coding.code);
    double start = now();
    for (int i = 0; i < ROUNDS; i++)
        by_name = terminology_contains(terminology, canonical, coding.system, coding.code);
    double middle = now();
    for (int i = 0; i < ROUNDS; i++)
        terminology_ask(terminology, set, &coding);
    double end = now();
    printf("%-34s %-8s %6.0f ns by canonical, %6.0f ns with the reason\n", ROWS[row].what,
           by_name == MEMBER_YES  ? "yes"
           : by_name == MEMBER_NO ? "no"
                                  : "unknown",
           (middle - start) / ROUNDS, (end - middle) / ROUNDS);
}

int main(int argc, char **argv)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const char *path = argc > 1 ? argv[1] : "build/definitions.db";
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    struct definitions *definitions = definitions_open(&path, 1, &issues);
    if (!definitions) {
        fprintf(stderr, "%s can not be opened\n", path);
        return 1;
    }
    double start = now();
    struct terminology *terminology = terminology_open(definitions);
    printf("opened in %.2f ms\n", (now() - start) / 1e6);
    for (size_t i = 0; i < COUNT(ROWS); i++)
        measure(terminology, i);
    terminology_close(terminology);
    definitions_close(definitions);
    return 0;
}
