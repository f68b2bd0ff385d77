/** How long work goes on before the event loop has its turn. */
const SLICE_SECONDS = 0.004;

/** Runs work that pauses now and then, in slices that leave the event loop free. */
export async function inSlices(
  steps: Iterable<void, void, undefined>,
  monotonicSeconds: () => number,
): Promise<void> {
  let sliceEnds = monotonicSeconds() + SLICE_SECONDS;
  for (const _ of steps) {
    if (monotonicSeconds() < sliceEnds) continue;
    await new Promise(resolve => setImmediate(resolve));
    sliceEnds = monotonicSeconds() + SLICE_SECONDS;
  }
}
