import type { Client } from "~/platform/db.server"

/** Every address the account of this person has had, as they are kept. */
export async function addressesOf(client: Client, userId: string): Promise<string[]> {
  const user = await client.user.findUniqueOrThrow({ where: { id: userId } })
  const former = await client.emailChange.findMany({ where: { userId, changedAt: { not: null } } })
  const others = await client.user.findMany({
    where: { id: { not: userId }, email: { in: former.map(({ fromEmail }) => fromEmail) } },
  })
  // One that is somebody else's by now is theirs to have told of.
  const taken = new Set(others.map(({ email }) => email))
  return [user.email, ...former.map(({ fromEmail }) => fromEmail)].filter(
    (email, i, all) => !taken.has(email) && all.indexOf(email) === i,
  )
}

/** The addresses this account has had and gave back by an undo, as kept and as typed. They may be somebody else's. */
export async function undoneAddressesOf(client: Client, userId: string): Promise<string[]> {
  const own = new Set(await addressesOf(client, userId))
  const changes = await client.emailChange.findMany({ where: { userId, changedAt: { not: null } } })
  return changes.flatMap(({ toEmail, toTyped }) => (own.has(toEmail) ? [] : [toEmail, toTyped]))
}
