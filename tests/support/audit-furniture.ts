import { type AuditDetail, auditActs } from "~/domain/organizations/audit-words"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Cast } from "./cast"

const anyDetail: AuditDetail = {
  name: "Acme",
  slug: "acme",
  from: "member",
  to: "admin",
  role: "member",
  plan: "professional",
  interval: "month",
  status: "active",
  because: "billing",
  required: true,
}

const ownDetails: Record<string, AuditDetail> = {
  "organization.renamed": { from: "Acme", to: "The Acme Company for Bicycles, Tandems and Penny-farthings" },
  "organization.address_changed": { from: "acme", to: "acme-bicycles" },
  "billing.subscription_changed": { plan: "starter", status: "past_due", ending: "2027-03-01T00:00:00.000Z" },
  "security.sign_in_methods_changed": { from: "any", to: "email" },
}

const longAddress = "wilhelmina.featherstonehaugh-cholmondeley@a-rather-long-company-name.test"

/** A line of every act in Acme's audit log, and more than a page of them: by members, the system, an operator and somebody gone. */
export async function furnishAudit({ acme, alice, amir, olive }: Cast): Promise<void> {
  const actors = [alice.id, amir.id, null, olive.id, newId()]
  for (let i = 0; i < 80; i++) {
    const act = auditActs[i % auditActs.length] ?? ""
    const isOfOrganization = act.startsWith("organization.") || act.startsWith("security.")
    await db().auditEntry.create({
      data: {
        id: newId(),
        organizationId: acme.id,
        actorUserId: actors[i % actors.length],
        act,
        target: isOfOrganization ? acme.id : i % 7 === 0 ? longAddress : "ada@somewhere.test",
        detail: JSON.stringify(ownDetails[act] ?? anyDetail),
        clientAddress: actors[i % actors.length] ? "2001:db8:85a3::8a2e:370:7334" : "",
        at: fromNow(-i * 9_000_000),
      },
    })
  }
}
