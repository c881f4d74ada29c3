import sharp from "sharp"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { letAdminsManageBilling } from "~/domain/billing/admins-billing.server"
import { changeBillingAddress } from "~/domain/billing/billing-address.server"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { createApiKey, revokeApiKey } from "~/domain/organizations/api-keys.server"
import { archive } from "~/domain/organizations/archive.server"
import { changeAddress } from "~/domain/organizations/change-address.server"
import { changeRole } from "~/domain/organizations/change-role.server"
import { addDomain, removeDomain } from "~/domain/organizations/domains.server"
import { revokeInvitation } from "~/domain/organizations/invitations.server"
import { invite, resendInvitation } from "~/domain/organizations/invite.server"
import { changeLogo, removeLogo } from "~/domain/organizations/logo.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { offerOwnership } from "~/domain/organizations/offer-ownership.server"
import { renameOrganization } from "~/domain/organizations/organizations.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { changeSecurityRules } from "~/domain/organizations/security-rules.server"
import { takeBackOffer } from "~/domain/organizations/settle-offer.server"
import { db, transaction } from "~/platform/db.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { buildCast, buildInvitation, buildMembership, type Cast, day } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

/*
 * Someone begins an act as an owner, and is none any more when it comes to the write: each act here is called with a
 * membership that was true when their request began.
 */

let database: FreshDatabase
let cast: Cast
let carla: Membership

beforeEach(async () => {
  database = await freshDatabase()
  cast = await buildCast()
  await buildMembership(db(), { user: cast.charlie, organization: cast.acme, role: "owner" })
  await db().user.update({ where: { id: cast.charlie.id }, data: { email: "charlie@acme.test" } })
  const organizationId = cast.acme.id
  const png = new Uint8Array(1)
  await db().organizationLogo.create({ data: { organizationId, png, hash: "one", updatedAt: new Date() } })
  await db().joinableDomain.create({ data: { organizationId, domain: "open.test", createdAt: new Date() } })
  await buildInvitation(db(), {
    organization: cast.acme,
    email: "waiting@x.test",
    invitedBy: cast.alice,
    sentAt: new Date(Date.now() - day),
  })
  const wish = { name: "CI", scopes: ["audit:read"], expiresAt: null } as const
  await createApiKey(await member(cast.alice, "acme"), wish, requester)
  carla = await member(cast.charlie, "acme")
})
afterEach(async () => {
  clearLimits()
  await database.close()
})

const picture = () => sharp({ create: { width: 20, height: 20, channels: 4, background: "#c03" } }).png()

const acts: Record<string, () => Promise<unknown>> = {
  rename: () => renameOrganization(carla, "Stolen", requester),
  "change the address": () => changeAddress(carla, "stolen", requester),
  "put up a logo": async () => changeLogo(carla, await picture().toBuffer(), requester),
  "take the logo down": () => removeLogo(carla, requester),
  "change the rules": () =>
    changeSecurityRules(carla, { allowed: ["email"], requireMfa: true }, { requester, method: "email" }),
  "add a domain": () => addDomain(carla, "acme.test", requester),
  "remove a domain": () => removeDomain(carla, "open.test", requester),
  "change a role": async () =>
    changeRole(carla, { membershipId: (await member(cast.bob, "acme")).id, role: "admin" }, requester),
  "let admins manage billing": () => letAdminsManageBilling(carla, true, requester),
  invite: () => invite(carla, { addresses: "puppet@x.test", role: "owner" }, { seats: null, requester }),
  "send an invitation again": async () =>
    resendInvitation(carla, await invitationId(), { seats: null, requester }),
  "withdraw an invitation": async () => revokeInvitation(carla, await invitationId(), requester),
  "create an API key": () =>
    createApiKey(carla, { name: "Stolen", scopes: ["audit:read"], expiresAt: null }, requester),
  "revoke an API key": async () => revokeApiKey(carla, await apiKeyId(), requester),
  "offer the ownership": () => offerOwnership(carla, "bob@acme.test", requester),
  "remove a member": async () => removeMember(carla, (await member(cast.bob, "acme")).id, requester),
}

/** What goes on in an archived organisation, too. */
const actsInAnArchive: typeof acts = {
  "change the billing address": () =>
    changeBillingAddress(carla, { canonical: "pay@x.test", typed: "pay@x.test" }, requester),
  "ask to close": () => requestClosing(carla, requester),
}

const invitationId = async () =>
  (await db().invitation.findFirstOrThrow({ where: { email: "waiting@x.test" } })).id

const apiKeyId = async () =>
  (await db().apiKey.findFirstOrThrow({ where: { createdById: cast.alice.id } })).id

const ends: Record<string, () => Promise<unknown>> = {
  "was removed": async () => removeMember(await member(cast.alice, "acme"), carla.id, requester),
  "has a lower role": async () =>
    changeRole(await member(cast.alice, "acme"), { membershipId: carla.id, role: "member" }, requester),
  "is shut out": () => db().user.update({ where: { id: cast.charlie.id }, data: { disabledAt: new Date() } }),
  "finds the organisation archived": () => transaction(tx => archive(tx, cast.acme.id, "operator")),
}

async function everything() {
  const where = { organizationId: cast.acme.id }
  return {
    organization: await db().organization.findUnique({ where: { id: cast.acme.id } }),
    logo: await db().organizationLogo.findMany({ where }),
    domains: await db().joinableDomain.findMany({ where }),
    members: await db().membership.findMany({ where }),
    invitations: await db().invitation.findMany({ where }),
    keys: await db().apiKey.findMany({ where }),
    offers: await db().ownershipTransfer.findMany({ where }),
    formerAddresses: await db().slugRedirect.findMany({ where }),
    lines: await db().auditEntry.count(),
    mails: await db().mail.count(),
    jobs: await db().job.count(),
  }
}

describe.each(Object.keys(ends))("who %s after the request began", end => {
  test.each(Object.keys(acts))("[O2] cannot %s any more", async act => {
    await ends[end]?.()
    const before = await everything()
    await acts[act]?.()
    expect(await everything()).toEqual(before)
  })
})

describe.each(Object.keys(ends).slice(0, 3))("who %s after the request began, archived or not", end => {
  test.each(Object.keys(actsInAnArchive))("[O2] cannot %s any more", async act => {
    await ends[end]?.()
    const before = await everything()
    await actsInAnArchive[act]?.()
    expect(await everything()).toEqual(before)
  })

  test("[O11] cannot call a closing off, nor take an offer back", async () => {
    await offerOwnership(carla, "bob@acme.test", requester)
    await requestClosing(await member(cast.alice, "acme"), requester)
    const { createdAt } = await db().ownershipTransfer.findFirstOrThrow()
    await ends[end]?.()
    const before = await everything()
    await reopenOrganization(carla, requester)
    await takeBackOffer(carla, +createdAt, requester)
    expect(await everything()).toEqual(before)
  })
})

const all = { ...acts, ...actsInAnArchive }

test.each(Object.keys(all))("[O2] an owner all the while can %s", async act => {
  const before = await everything()
  await all[act]?.()
  expect(await everything()).not.toEqual(before)
})
