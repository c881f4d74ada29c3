const latest = new Map<string, Promise<unknown>>()

/**
 * Runs what concerns one thing one after the other, in this process. It spares tries, no more: between processes the versions
 * in the database decide.
 */
export async function inTurn<T>(thing: string, work: () => Promise<T>): Promise<T> {
  const before = latest.get(thing) ?? Promise.resolve()
  const mine = before.then(work, work)
  latest.set(thing, mine)
  try {
    return await mine
  } finally {
    if (latest.get(thing) === mine) latest.delete(thing)
  }
}
