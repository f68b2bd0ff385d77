/*
 * The least that reading costs: opens the files named on standard input, one to a line up to an empty line, and then
 * answers each number n with the CPU time, in nanoseconds, that n rounds of reading all of them took. Its argument is
 * how many files it may hold open; the rest are opened for each read.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* As in src/read/kernel-file.ts: an answer this long may have a rest. */
#define PERHAPS_PARTIAL_BYTES 3072

struct file {
	char *path;
	int descriptor;
};

static char bytes[64 << 10];
static struct file *files;
static size_t count;

static void open_files(size_t most)
{
	char line[4096];
	size_t room = 0;

	while (fgets(line, sizeof line, stdin) && line[0] != '\n') {
		line[strcspn(line, "\n")] = 0;
		if (count == room) {
			room = room ? room * 2 : 1024;
			files = realloc(files, room * sizeof *files);
		}
		files[count].path = strdup(line);
		files[count].descriptor = count < most ? open(line, O_RDONLY | O_CLOEXEC) : -1;
		count++;
	}
}

static long long cpu_nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void read_whole(int descriptor)
{
	ssize_t length = pread(descriptor, bytes, sizeof bytes, 0);

	for (ssize_t last = length; last >= PERHAPS_PARTIAL_BYTES; length += last)
		last = pread(descriptor, bytes, sizeof bytes, length);
}

static void read_all(void)
{
	for (size_t i = 0; i < count; i++) {
		int descriptor = files[i].descriptor;

		if (descriptor < 0)
			descriptor = open(files[i].path, O_RDONLY | O_CLOEXEC);
		read_whole(descriptor);
		if (descriptor != files[i].descriptor)
			close(descriptor);
	}
}

int main(int argc, char **argv)
{
	char line[64];

	open_files(argc > 1 ? strtoul(argv[1], NULL, 10) : 0);
	while (fgets(line, sizeof line, stdin)) {
		long long begun = cpu_nanoseconds();

		for (long rounds = strtol(line, NULL, 10); rounds > 0; rounds--)
			read_all();
		printf("%lld\n", cpu_nanoseconds() - begun);
		fflush(stdout);
	}
	return 0;
}
