/*
 * Starts as many processes as it is told, with the capabilities that Docker gives a container, prints their pids, and
 * ends them when its standard input ends. They are idle, or with the argument "light" do a little work every second.
 */
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGES 16
#define DOCKER_CAPABILITIES 0xa80425fbu

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2] = {
		{ DOCKER_CAPABILITIES, DOCKER_CAPABILITIES, 0 },
		{ 0, 0, 0 },
	};

	for (int capability = 0; capability < 64; capability++)
		if (capability > 31 || !(DOCKER_CAPABILITIES >> capability & 1))
			prctl(PR_CAPBSET_DROP, capability);
	syscall(SYS_capset, &header, sets);
}

/* What shows in CPU time, memory, page faults and context switches; each process at a time of its own. */
static void work(long seed)
{
	struct timespec first = { 0, seed * 1000003 % 1000000000 }, second = { 1, 0 };

	nanosleep(&first, NULL);
	for (;;) {
		char *memory = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory != MAP_FAILED)
			memset(memory, 1, PAGES * 4096);
		nanosleep(&second, NULL);
		if (memory != MAP_FAILED)
			munmap(memory, PAGES * 4096);
	}
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;

	for (long i = 0; i < count; i++) {
		pid_t pid = fork();
		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (pid == 0) {
			/* However this program ends, its children end with it. */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			drop_capabilities();
			if (argc > 2 && strcmp(argv[2], "light") == 0)
				work(i);
			for (;;)
				pause();
		}
		printf("%d\n", (int)pid);
	}
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
