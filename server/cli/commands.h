/* commands.h - the run functions of the commands, one file each in server/cli. */
#ifndef SERVER_CLI_COMMANDS_H
#define SERVER_CLI_COMMANDS_H

int convert_run(int argc, char **argv);
int fhirpath_run(int argc, char **argv);
int patch_run(int argc, char **argv);
int package_run(int argc, char **argv);
int validate_run(int argc, char **argv);
int json_scan_run(int argc, char **argv);
int rules_run(int argc, char **argv);
int serve_run(int argc, char **argv);
int snapshot_run(int argc, char **argv);
int xml_scan_run(int argc, char **argv);
#endif
