/**
 * Hashing and verifying, argon2id with the parameters OWASP asks for (Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane).
 * It runs on the thread pool, a few at a time and leaving a core to the pages: a hundred sign-ins at once wait for each other,
 * nobody else waits for them. What would wait too long is refused at once.
 */
import { availableParallelism } from "node:os"
import { hash, parseOptions, verify } from "@node-rs/argon2"
import { normalizePassword } from "~/domain/accounts/password-rules"
import { err, ok, type Result } from "~/lib/result"

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** At once. 2 × 19 MiB of memory; the pool has four threads, which files and names are read on, too. */
const atOnce = Math.max(1, Math.min(2, availableParallelism() - 1))
/** At 50 ms each, the last one waits three seconds. */
const mostWaiting = 64

/** Of a random password that nobody has: what an unknown address is checked against, in the same time as a known one. */
const nobodys =
  "$argon2id$v=19$m=19456,t=2,p=1$URsLlePqHdyu7ZGnF4zSng$gWiIz0I0OZvpaDtE1WshwyGDuEFWx6djmm9jmx/gUR4"

/** The hash to keep. Fails with `busy` when too many wait already. */
export function hashPassword(typed: string): Promise<Result<string, "busy">> {
  return inTurn(() => hash(normalizePassword(typed), parameters))
}

/** Whether this password has this hash. Without a hash it takes as long and is wrong. */
export function verifyPassword(stored: string | undefined, typed: string): Promise<Result<boolean, "busy">> {
  return inTurn(async () => {
    const right = await verify(stored ?? nobodys, normalizePassword(typed))
    return right && stored !== undefined
  })
}

/** Whether a stored hash was made with other parameters than those of this version. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(stored)
  return (
    memoryCost !== parameters.memoryCost ||
    timeCost !== parameters.timeCost ||
    parallelism !== parameters.parallelism
  )
}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<Result<T, "busy">> {
  if (running < atOnce) running += 1
  else if (waiting.length >= mostWaiting) return err("busy")
  else await new Promise<void>(turn => waiting.push(turn))
  try {
    return ok(await work())
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
