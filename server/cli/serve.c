/* serve.c - tandem serve: options, signals, and the server between them. */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/cli/limits.h"
#include "server/party.h"

enum { MOST_FLAGS = 80, MOST_HELP = 1 << 16, HELP = 'h', CONFIG = 'c', ROWS_FROM = 256 };
enum { KEPT_BYTES = 8 << 20 };

static int print_help(void)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf text;
    buf_init(&text, arena, MOST_HELP);
    buf_add(&text,
            STR("usage: tandem serve [--config FILE.ini] [OPTION...]\n\n"
                "Serves FHIR R4 over TLS, or, with --dev, over plain HTTP to this machine alone.\n"
                "The file has lines like `listen = 127.0.0.1:8443`; the environment's\n"
                "TANDEM_LISTEN outweighs it, and an option here outweighs both.\n"
                "SIGHUP reads certificates, revocation lists and clients again; SIGTERM ends the\n"
                "server after the requests under way.\n\n"
                "Sizes take KiB, MiB, GiB; times s, m, h, d.\n\n"));
    buf_add(&text, STR("  --config FILE                      options, one a line (INI)\n"));
    config_print_help(&text);
    buf_add(&text, STR("\nLimits that are no options:\n"));
    limits_print(&text);
    fputs(buf_str(&text).data, stdout);
    return CLI_DONE;
}

static size_t fill_flags(struct option *flags)
{
    size_t count = 0;
    bool has_value;
    const char *name;
    while ((name = config_name(count, &has_value)) != NULL) {
        flags[count] = (struct option){ name, has_value ? required_argument : no_argument, NULL,
                                        ROWS_FROM + (int)count };
        count++;
    }
    flags[count++] = (struct option){ "config", required_argument, NULL, CONFIG };
    flags[count++] = (struct option){ "help", no_argument, NULL, HELP };
    return count;
}

/* One walk over the flags: is_first looks for --config and --help alone. Gives CLI_MISUSED, or HELP
 * when that was asked for, or CLI_DONE. */
struct walk {
    struct config *config;
    bool is_first;
    struct arena *arena;
    struct issues *issues;
};

static int take_flag(const struct walk *walk, int flag, const char *value)
{
    bool has_value;
    if (flag == HELP)
        return HELP;
    if (flag == '?' || flag == ':')
        return CLI_MISUSED;
    if (walk->is_first)
        return flag != CONFIG || config_read_file(walk->config, value, walk->arena, walk->issues)
                   ? CLI_DONE
                   : CLI_MISUSED;
    if (flag == CONFIG)
        return CLI_DONE;
    const struct config_entry entry = { str_of(config_name((size_t)(flag - ROWS_FROM), &has_value)),
                                        str_of(value ? value : "true"), NULL };
    return config_set(walk->config, CONFIG_FLAG, &entry, walk->arena, walk->issues) ? CLI_DONE
                                                                                    : CLI_MISUSED;
}

static int walk_flags(const struct walk *walk, int argc, char **argv)
{
    struct option flags[MOST_FLAGS] = { 0 };
    int flag, code = CLI_DONE;
    fill_flags(flags);
    optind = 0; /* glibc: from the beginning */
    opterr = walk->is_first;
    while (code == CLI_DONE && (flag = getopt_long(argc, argv, "", flags, NULL)) != -1)
        code = take_flag(walk, flag, optarg);
    if (code == CLI_DONE && optind < argc) {
        fprintf(stderr, "tandem serve: '%s' is no option\n", argv[optind]);
        return CLI_MISUSED;
    }
    return code;
}

static int read_options(struct config *config, int argc, char **argv, struct arena *arena,
                        struct issues *issues)
{
    struct walk walk = { config, true, arena, issues };
    config_init(config);
    int code = walk_flags(&walk, argc, argv);
    if (code != CLI_DONE)
        return code;
    walk.is_first = false;
    if (!config_read_environment(config, environ, arena, issues))
        return CLI_MISUSED;
    code = walk_flags(&walk, argc, argv);
    if (code != CLI_DONE)
        return code;
    return config_check(config, issues) ? CLI_DONE : CLI_MISUSED;
}

/* The signals are this thread's alone: all others have them blocked. */
static void wait_for_end(struct party *party, const sigset_t *signals, struct log *log)
{
    int signal = 0;
    while (sigwait(signals, &signal) == 0 && signal == SIGHUP)
        party_reload(party);
    LOG(log, LOG_DRAINING, LOG_TEXT("signal", str_of(signal == SIGTERM ? "TERM" : "INT")));
}

static int serve(const struct config *config, struct issues *issues)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* before a database is opened: counting memory takes a lock at each allocation of any thread */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    arena_keep_freed(KEPT_BYTES);
    struct log *log = log_open(STDERR_FILENO, (enum log_level)config->log_level);
    struct party *party = party_open(config, log, issues);
    if (party) {
        wait_for_end(party, &signals, log);
        party_close(party);
        LOG(log, LOG_STOPPED, LOG_NUMBER("code", 0));
    }
    log_close(log);
    return party ? CLI_DONE : CLI_FAILED;
}

int serve_run(int argc, char **argv)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct config *config = arena_alloc(arena, sizeof *config);
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    int code = read_options(config, argc, argv, arena, &issues);
    if (code == HELP)
        return print_help();
    if (code == CLI_DONE)
        code = serve(config, &issues);
    cli_print_issues("tandem serve", &issues);
    return code;
}
