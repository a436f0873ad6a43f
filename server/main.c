/* main.c - the tandem program: picks the command named on the command line. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--version")) {
        puts("tandem 0.1.0");
        return 0;
    }
    fputs("usage: tandem --version\n", stderr);
    return 2;
}
