import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

export type MailStatus = {
  setUp: boolean
  from?: string
  queued: number
  failedLately: number
  latest: MailLogRow[]
}
export type MailLogRow = {
  id: string
  template: string
  recipient: string
  state: string
  answer: string | null
  createdAt: Date
}

const day = 24 * 60 * 60 * 1000

/** How mail is doing, for the operator: set up or not, what waits, what failed in the last day, the latest ten. */
export async function mailStatus(): Promise<MailStatus> {
  const [queued, failedLately, latest] = await Promise.all([
    db().mail.count({ where: { state: "queued" } }),
    db().mail.count({ where: { state: "failed", createdAt: { gt: fromNow(-day) } } }),
    db().mail.findMany({
      orderBy: { createdAt: "desc" },
      take: 10,
      select: { id: true, template: true, recipient: true, state: true, answer: true, createdAt: true },
    }),
  ])
  return { setUp: env().smtp !== undefined, from: env().smtp?.from, queued, failedLately, latest }
}
