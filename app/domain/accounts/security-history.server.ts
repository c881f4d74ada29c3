import { deviceLabel } from "~/domain/accounts/device.server"
import { isAlarming, securityWords } from "~/domain/accounts/security-words"
import type { Page, Place } from "~/lib/cursor"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

export type SecurityLine = {
  id: string
  at: Date
  words: string
  alarming: boolean
  device: string
  clientAddress: string
}

const pageSize = 25

/** What happened to an account, the latest first, a page at a time. */
export async function readSecurityHistory(userId: string, place: Place): Promise<Page<SecurityLine>> {
  const page = await readPage(place, {
    size: pageSize,
    order: "desc",
    read: ({ take, order, at, passed }) =>
      db().securityEvent.findMany({
        where: { userId, at, ...(passed && { NOT: { at: passed.at, id: passed.id } }) },
        orderBy: [{ at: order }, { id: order }],
        take,
      }),
    at: row => row.at,
  })
  return {
    ...page,
    rows: page.rows.map(({ id, at, kind, detail, userAgent, clientAddress }) => ({
      id,
      at,
      words: securityWords(kind, detail),
      alarming: isAlarming(kind),
      device: userAgent ? deviceLabel(userAgent) : "",
      clientAddress,
    })),
  }
}
