/** What the pids controller counts; all threads, in the container's cgroup and below. */
export interface TaskCounts {
  readonly threads: number | undefined;
  readonly threadsPeak: number | undefined;
  readonly threadsMax: number | undefined;
}
