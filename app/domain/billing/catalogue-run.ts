/** What bringing the account in line with the catalogue does to an object, or finds of it. */
export type CatalogueAct = "make" | "mend" | "retire"
export type CatalogueLine = {
  what: CatalogueAct | "same" | "skipped" | "note" | "problem"
  /** Such as `price gatehouse_starter_monthly`. */
  object: string
  words: string
}

/** One run over the account: it acts, or with `checkOnly` only says what it would do. */
export type CatalogueRun = {
  checkOnly: boolean
  say: (line: CatalogueLine) => void
  /** Says what is to be done and does it, unless only checking: then the answer is undefined. */
  act: <T>(line: CatalogueLine & { what: CatalogueAct }, work: () => Promise<T>) => Promise<T | undefined>
  /** What was done or is to be done, and what a person has to mend. */
  counts: { acts: number; problems: number }
}

/** Begins a run. `tell` hears each line once it is true, so that a failure half way shows what stands. */
export function beginRun(checkOnly: boolean, tell: (line: CatalogueLine) => void): CatalogueRun {
  const counts = { acts: 0, problems: 0 }
  return {
    checkOnly,
    counts,
    say: line => {
      if (line.what === "problem") counts.problems += 1
      tell(line)
    },
    act: async (line, work) => {
      const done = checkOnly ? undefined : await work()
      counts.acts += 1
      tell(line)
      return done
    },
  }
}
