let source: () => number = Date.now

/** The time by which every rule decides. Tests set it; nothing else reads Date.now() for a rule. */
export function now(): Date {
  return new Date(source())
}

/** A moment `ms` milliseconds from now (negative: ago). */
export function fromNow(ms: number): Date {
  return new Date(source() + ms)
}

/** Replaces the clock; without an argument the real one returns. */
export function setClock(read?: () => number): void {
  source = read ?? Date.now
}
