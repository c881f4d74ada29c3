/**
 * A call that names itself by a key is answered once (IETF draft-ietf-httpapi-idempotency-key-header): whoever asks again with the
 * same key gets the first answer, whatever became of it on the way. The row is written before the work begins and decides a race;
 * it belongs to the work for a minute, so that a crash blocks nobody for longer. Only success is kept: what failed may be tried again.
 */
import { z } from "zod"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { keyedHash, sameHash } from "~/platform/crypto.server"
import { db, isUniqueViolation } from "~/platform/db.server"
import { seal, unseal } from "~/platform/sealed.server"

/** Longer than a call may take that waits for Stripe and tries again. */
const leaseMs = 60 * 1000
/** As long as Stripe keeps its own. */
const keptMs = 24 * 60 * 60 * 1000
/** A call takes seconds at most. */
const retryAfterSeconds = 2

const Answer = z.object({
  status: z.int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
})

/** What is answered, whole. */
export type Answer = z.output<typeof Answer>

/** `caller`: whose key it is; another's is another key. `call`: what is called. `sent`: all that came with it. */
export type KeyedCall = { caller: string; call: string; key: string; sent: string }

export type NotAnswered = { why: "key_reused" } | { why: "in_progress"; retryAfterSeconds: number }

/** The row of a call at work; `since` tells it from one that took over after a crash. */
type Claim = { id: string; since: Date }

/**
 * Does `work` and keeps its answer for a day if its status is of success, or answers what was kept. Fails when the key came with
 * something else before, or while the first call is at work. What `work` throws is thrown on, and the key is free again.
 */
export async function answerOnce(
  { caller, call, key, sent }: KeyedCall,
  work: () => Promise<Answer>,
): Promise<Result<Answer, NotAnswered>> {
  const id = keyedHash("idempotency key", JSON.stringify([caller, call, key]))
  const bodyHash = keyedHash("idempotency body", sent)
  const claim = await claimKey(id, bodyHash)
  if (!claim) return earlierAnswer(id, bodyHash)
  try {
    const answer = await work()
    if (answer.status >= 200 && answer.status < 300) await keep(claim, answer)
    else await release(claim)
    return ok(answer)
  } catch (error) {
    await release(claim)
    throw error
  }
}

/** Deletes what is kept no longer, and what a crash left behind. */
export async function purgeIdempotentAnswers(): Promise<void> {
  await db().idempotentAnswer.deleteMany({ where: { expiresAt: { lte: now() } } })
}

async function claimKey(id: string, bodyHash: string): Promise<Claim | undefined> {
  const since = now()
  const mine = { bodyHash, status: null, answer: null, createdAt: since, expiresAt: fromNow(leaseMs) }
  try {
    await db().idempotentAnswer.create({ data: { id, ...mine } })
    return { id, since }
  } catch (error) {
    if (!isUniqueViolation(error, "id")) throw error
  }
  const taken = await db().idempotentAnswer.updateMany({
    where: { id, expiresAt: { lte: since } },
    data: mine,
  })
  return taken.count === 1 ? { id, since } : undefined
}

async function earlierAnswer(id: string, bodyHash: string): Promise<Result<Answer, NotAnswered>> {
  const row = await db().idempotentAnswer.findUnique({ where: { id } })
  if (row && !sameHash(row.bodyHash, bodyHash)) return err({ why: "key_reused" })
  // Without a row, the first call has just failed: the next try is the first one then.
  if (!row?.answer) return err({ why: "in_progress", retryAfterSeconds })
  const opened = unseal(purposeOf(id), row.answer)
  // Sealed with a key that was taken away since: it was done, so it must not be done again.
  if (opened === undefined) return err({ why: "key_reused" })
  return ok(Answer.parse(JSON.parse(opened)))
}

/** Nothing is kept by a call so slow that another one has taken over: that one's answer counts. */
async function keep({ id, since }: Claim, answer: Answer): Promise<void> {
  await db().idempotentAnswer.updateMany({
    where: { id, createdAt: since, status: null },
    data: {
      status: answer.status,
      answer: seal(purposeOf(id), JSON.stringify(answer)),
      expiresAt: fromNow(keptMs),
    },
  })
}

async function release({ id, since }: Claim): Promise<void> {
  await db().idempotentAnswer.deleteMany({ where: { id, createdAt: since, status: null } })
}

const purposeOf = (id: string) => `idempotent answer:${id}`
