/* main.c - reads the settings, then hands over to a sub-command or to the screen. With --demo both
 * work on a store made for the occasion. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/cli.h"
#include "strattio/config.h"
#include "strattio/demo.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "plain/plain.h"
#include "screen/screens.h"
#include "terminal/action.h"
#include "terminal/key_file.h"

enum { KEYS_LIMIT = 1024 /* bytes of the keys of one action */ };

static int fail(const struct err *err, int code)
{
    fprintf(stderr, "strattio: %s\n", err->msg);
    return code;
}

/* The log goes to the file of the setting, or into the state folder; without either there is none. */
static void begin_log(const struct config *cfg)
{
    const char *set = config_get(cfg, "log");
    struct err ignored = {0};
    char *folder = set ? NULL : paths_dir(PATHS_STATE, true, &ignored);
    char *path = set ? mem_str(set) : folder ? mem_printf("%s/strattio.log", folder) : NULL;

    log_open(path);
    free(path);
    free(folder);
}

static void clear_bench(struct bench *bench)
{
    actor_close(bench->actor);
    bench->actor = NULL;
}

static int show_screen(const struct config *cfg, struct house *house,
                       const struct start_place *place, struct err *err)
{
    struct app *app = app_create(cfg, house, clear_bench, err);
    int code = app ? app_run(app, &screen_start, place, err) : EXIT_FAILED;

    app_destroy(app);
    return code;
}

/* A terminal that says it can do nothing but write lines, or says nothing at all. */
static bool is_dumb(void)
{
    const char *type = getenv("TERM");

    return isatty(STDOUT_FILENO) && (!type || !*type || strcmp(type, "dumb") == 0);
}

/* Plain mode instead of the screen; `because` may be NULL: it was asked for. */
static int show_plain(const struct config *cfg, struct house *house, const struct cli_place *place,
                      const char *because)
{
    char *why = because ? mem_printf("There is no screen here: %s. Strattio asks and tells line by "
                                     "line instead, as with --plain.",
                                     because)
                        : NULL;
    int code = plain_run(cfg, house, place, why);

    free(why);
    return code;
}

/* The screen for a place, and as for a plan: where the list of plans would lead. */
static const struct screen_ops *screen_for(const struct cli_place *place)
{
    if (place->edit)
        return &screen_editing;
    if (!place->place) {
        if (place->status == PLAN_STATUS_DRAFT)
            return &screen_wizard;
        return place->status == PLAN_STATUS_GENERATING ? &screen_generating : &screen_reader;
    }
    if (strcmp(place->place, "intake") == 0)
        return &screen_wizard;
    if (strcmp(place->place, "financials") == 0)
        return &screen_financials;
    if (strcmp(place->place, "inputs") == 0)
        return &screen_inputs;
    if (strcmp(place->place, "exports") == 0)
        return &screen_exports;
    if (strcmp(place->place, "history") == 0)
        return &screen_history;
    return strcmp(place->place, "checklist") == 0 ? &screen_checklist : &screen_reader;
}

static bool plain; /* --plain was given */
static bool demo;  /* --demo */

/* On the screen or, where there can be none or --plain says so, in lines. `place` may be NULL. */
static int open_place(const struct config *cfg, const struct cli_place *place, struct err *err)
{
    struct house *house = house_create();
    struct start_place start = {.resume = !place && !demo && config_on(cfg, "resume")};
    int code;

    if (place) {
        start.screen = screen_for(place);
        start.at = (struct plan_place){.plan_id = place->plan_id, .name = place->plan_name};
        if (start.screen == &screen_reader || start.screen == &screen_editing)
            start.at.place = place->place;
    }
    if (plain || is_dumb()) {
        code = show_plain(cfg, house, place, plain ? NULL : "the terminal cannot place its cursor");
    } else {
        code = show_screen(cfg, house, &start, err);
        if (err->code == ERR_UNSUPPORTED && isatty(STDOUT_FILENO)) {
            code = show_plain(cfg, house, place, err->msg);
            *err = (struct err){0};
        }
    }
    house_free(house);
    return code;
}

static int run_command(int argc, char **argv, const struct config *cfg)
{
    struct cli_action actions[ACTION_COUNT];
    struct strbuf keys[ACTION_COUNT];
    struct key_problems problems = {0};
    struct keymap *km = key_file_load(&problems);
    struct cli_screen screen = {.actions = actions,
                                .key_problems = (const char *const *)problems.items,
                                .key_problem_count = problems.count,
                                .open = open_place};
    int code;

    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct action_info *info = action_info((enum action)a);

        strbuf_init(&keys[a], KEYS_LIMIT);
        keymap_spell(km, (enum action)a, &keys[a]);
        actions[screen.action_count++] = (struct cli_action){
            .name = info->name,
            .context = context_name(info->context),
            .context_title = context_title(info->context),
            .keys = keys[a].data,
            .help = info->help,
        };
    }
    code = cli_main(argc, argv, cfg, &screen);
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        strbuf_finish(&keys[a]);
    keymap_destroy(km);
    key_problems_finish(&problems);
    return code;
}

/* Descriptors 0 to 2 are there, so that no file opened later takes the place of an output that was closed and
 * gets what was meant for it. What was closed is opened the wrong way round: using it still fails. */
static void guard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
            _exit(EXIT_FAILED);
}

/* Takes a flag out of argv; false if it is not there. */
static bool take_flag(const char *flag, int *argc, char **argv)
{
    for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], flag) != 0)
            continue;
        memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof(*argv));
        --*argc;
        return true;
    }
    return false;
}

/* A store of sample plans, which the settings then find in the environment. */
static char *begin_demo(struct err *err)
{
    struct house *house = house_create();
    char *uri = demo_begin(house, err);

    house_free(house);
    if (uri)
        setenv("STRATTIO_STORE", uri, 1);
    return uri;
}

static int run(int argc, char **argv, struct err *err)
{
    struct config *cfg = config_load(&argc, argv, err);
    int code;

    if (!cfg)
        return fail(err, EXIT_USAGE);
    begin_log(cfg);
    if (argc > 1) /* what is no sub-command is a usage error, told there */
        code = run_command(argc, argv, cfg);
    else
        code = open_place(cfg, NULL, err);
    if (err->code != ERR_NONE)
        fail(err, code);
    log_open(NULL);
    config_free(cfg);
    return code;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    char *uri = NULL;
    int code;

    demo = take_flag("--demo", &argc, argv);
    plain = take_flag("--plain", &argc, argv);
    guard_descriptors();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a failed write, with a sentence */
    /* The MongoDB library keeps counters in shared memory, one file a process, and complains over the
     * screen as soon as it is loaded where a killed one left its file. Nobody reads them here. */
    setenv("MONGOC_DISABLE_SHM", "1", 0);
    if (demo)
        uri = begin_demo(&err);
    code = demo && !uri ? fail(&err, EXIT_FAILED) : run(argc, argv, &err);
    demo_end(uri);
    free(uri);
    return code;
}
