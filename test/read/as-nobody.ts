/** Does some work without root's right to read everything; synchronous, since it is the whole process's user that changes. */
export function asNobody(work: () => void): void {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
