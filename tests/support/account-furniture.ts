import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { createSession } from "~/domain/accounts/sessions.server"
import { issueLink } from "~/domain/links/issue.server"
import { issueUndoToken, undoLifetime } from "~/domain/links/undo-token.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { buildUser, day } from "./cast"

const linux = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
const requester = { userAgent: linux, clientAddress: "2001:db8:85a3:8d3:1319:8a2e:370:7348" }

/** Stella, who signed in a while ago and wants another address; Uma, whose address was changed; and what happened to Alice. */
export async function furnishAccounts({ alice }: { alice: User }) {
  const stella = await buildUser(db(), { name: "Stella Stale", email: "stella@alone.test" })
  const uma = await buildUser(db(), { name: "Uma Undone", email: "uma@new.test" })
  const asked = { userId: stella.id, from: stella.email, to: "stella.with.a.rather.long.name@new.test" }
  await change(asked)
  const undone = await change({ userId: uma.id, from: "uma@old.test", to: uma.email, changedAt: now() })
  await happened(alice)
  return {
    stella: await staleSession(stella),
    links: {
      emailChange: await token({ purpose: "email_change", email: asked.to, userId: stella.id }),
      emailUndo: (await issueUndoToken(db(), undone)) ?? "",
      notMe: await token({ purpose: "not_me", email: alice.email, userId: alice.id }),
    },
  }
}

async function change(of: { userId: string; from: string; to: string; changedAt?: Date }): Promise<string> {
  const { userId, from, to, changedAt } = of
  const id = newId()
  const addresses = { fromEmail: from, fromTyped: from, toEmail: to, toTyped: to }
  const undoUntil = changedAt && fromNow(undoLifetime)
  await db().emailChange.create({ data: { id, userId, ...addresses, askedAt: now(), changedAt, undoUntil } })
  return id
}

async function token(request: Parameters<typeof issueLink>[1]): Promise<string> {
  return (await issueLink(db(), request)).token
}

/** A session whose last proof is a day old. */
export async function staleSession(user: User): Promise<string> {
  return transaction(async tx => {
    const { id, token } = await createSession(tx, user.id, { method: "email" }, requester)
    await tx.session.update({ where: { id }, data: { provenAt: fromNow(-day) } })
    return token
  })
}

async function happened({ id: userId }: User): Promise<void> {
  const events = [
    { kind: "sign_in", detail: "link" },
    { kind: "passkey_refused", detail: "Phone" },
    {
      kind: "email_changed",
      detail: "alice.archer-with-a-very-long-address@a-rather-long-company-name.test",
    },
  ] as const
  for (const event of events) await recordSecurityEvent(db(), { userId, ...event, requester })
  for (let i = 0; i < 28; i++)
    await recordSecurityEvent(db(), { userId, kind: "proof_given", detail: "code", requester })
}
