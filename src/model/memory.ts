/**
 * Memory that the kernel could not drop at once: usage without inactive page cache. The formula of `docker stats`
 * and of cAdvisor; where the two differ (more inactive cache than usage, seen while pages are being charged) it is 0.
 */
export function workingSetBytes(
  usage: number | undefined,
  inactiveFile: number | undefined,
): number | undefined {
  if (usage === undefined || inactiveFile === undefined) return undefined;
  return Math.max(0, usage - inactiveFile);
}

/** The highest usage; it is read more rarely than usage, which may have passed it since. */
export function peakBytes(peak: number | undefined, usage: number | undefined): number | undefined {
  return peak === undefined || usage === undefined ? peak : Math.max(peak, usage);
}
