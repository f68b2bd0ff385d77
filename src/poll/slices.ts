/** How long work goes on before the event loop has its turn. */
const SLICE_SECONDS = 0.004;

/**
 * Runs work that pauses now and then, in slices that leave the event loop free. Work of several slices ends with a turn of
 * the event loop, so that what follows does not make its last slice longer.
 */
export async function inSlices(
  steps: Iterable<void, void, undefined>,
  monotonicSeconds: () => number,
): Promise<void> {
  let sliceEnds = monotonicSeconds() + SLICE_SECONDS;
  let slices = 1;
  for (const _ of steps) {
    if (monotonicSeconds() < sliceEnds) continue;
    await turnOfEventLoop();
    sliceEnds = monotonicSeconds() + SLICE_SECONDS;
    slices += 1;
  }
  if (slices > 1) await turnOfEventLoop();
}

/** Hands on what is made piece by piece, with a turn of the event loop after each slice. */
export async function* sliced<Value>(
  values: Iterable<Value>,
  monotonicSeconds: () => number,
): AsyncGenerator<Value, void, undefined> {
  let sliceEnds = monotonicSeconds() + SLICE_SECONDS;
  for (const value of values) {
    yield value;
    if (monotonicSeconds() < sliceEnds) continue;
    await turnOfEventLoop();
    sliceEnds = monotonicSeconds() + SLICE_SECONDS;
  }
}

function turnOfEventLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
