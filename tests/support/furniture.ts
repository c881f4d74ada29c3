import { createSession } from "~/domain/accounts/sessions.server"
import { issueLink, type LinkRequest } from "~/domain/links/issue.server"
import { readLink, spendRow } from "~/domain/links/spend.server"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { markStep } from "~/domain/onboarding/progress.server"
import { archive } from "~/domain/organizations/archive.server"
import { fromNow, now, setClock } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Organization, User } from "~/platform/models.server"
import { furnishAccounts } from "./account-furniture"
import { furnishAudit } from "./audit-furniture"
import { furnishInvoices } from "./billing-furniture"
import { Browser } from "./browser"
import { buildCast, buildInvitation, buildMembership, buildOrganization, buildUser, day } from "./cast"
import { furnishClosings } from "./closing-furniture"
import { furnishJoining } from "./joining-furniture"
import { furnishKeys } from "./key-furniture"
import { member } from "./membership"
import { furnishPasskeys } from "./passkey-furniture"
import { givePassword } from "./passwords"
import { furnishSettings } from "./settings-furniture"
import type { Site } from "./site"
import { furnishConnections } from "./sso-furniture"
import { furnishTwoFactor } from "./two-factor-furniture"
import { furnishUnpaid } from "./unpaid-furniture"

/** A lived-in world: the cast, names that do not fit on a line, every state of a link, and something wrong here and there. */
export type Furniture = Awaited<ReturnType<typeof furnish>>

export type Guest = keyof Furniture["sessions"]

const linux = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
const android =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"

/** Furnishes an empty database. Answers the session cookie of each person and a link for each state. */
export async function furnish() {
  const cast = await buildCast()
  const { alice, amir, bob, charlie, olive, acme, birch } = cast
  const nora = await buildUser(db(), { name: "Nora Nilsen", email: "nora@alone.test" })
  const ivy = await buildUser(db(), { name: "Ivy Irving", email: "ivy@invited.test" })
  const wilhelmina = await buildUser(db(), {
    name: "Wilhelmina Featherstonehaugh-Cholmondeley",
    email: "wilhelmina.featherstonehaugh-cholmondeley@a-rather-long-company-name.test",
  })
  const nameless = await buildUser(db(), { email: "somebody@acme.test" })
  await buildMembership(db(), { user: wilhelmina, organization: acme, role: "admin" })
  await buildMembership(db(), { user: nameless, organization: acme, role: "member" })
  const society = await buildOrganization(db(), {
    name: "The Royal Society for the Preservation of Lighthouses and Harbours",
    slug: "royal-society-lighthouses",
    members: [
      [charlie, "owner"],
      [alice, "member"],
    ],
  })
  await offer(society, charlie, alice, 3 * day)
  await offer(acme, alice, bob, -day)
  await db().subscription.create({
    data: {
      id: newId(),
      organizationId: birch.id,
      stripeSubscriptionId: "sub_birch",
      stripeCustomerId: "cus_birch",
      stripePriceId: "price_birch",
      plan: "starter",
      status: "past_due",
      currentPeriodEnd: fromNow(20 * day),
      pastDueSince: fromNow(-2 * day),
      stripeCreatedAt: fromNow(-200 * day),
      syncedAt: now(),
    },
  })
  await furnishInvoices(birch, "sub_birch")
  await raiseAlert("mail-failing", {
    title: "Mail is failing",
    words:
      "The last five mails were refused by smtp.example.com: 535 Authentication failed. Check SMTP_PASSWORD.",
  })
  await furnishDesk()
  await givePassword(amir)
  await furnishFindings(birch)
  await furnishConnections(alice)
  await furnishAudit(cast)
  await furnishSettings(cast)
  await furnishClosings(olive)
  await furnishUnpaid(olive)
  const millstone = await archivedOrganization([alice, bob], olive)
  const dora = await disabledPerson()
  const accounts = await furnishAccounts(cast)
  const twoFactor = await furnishTwoFactor()
  const passkeys = await furnishPasskeys(charlie)
  const { gina, jo, lars, ada } = await furnishJoining()
  const founder = await member(charlie, birch.slug)
  await markStep(founder, "workspace", "done")
  await markStep(founder, "invite_member", "skipped")
  await markStep(founder, "first_workflow", "skipped")
  const keys = await furnishKeys({ ...cast, dora })
  const open = { organization: acme, invitedBy: alice }
  const forIvy = await buildInvitation(db(), { ...open, email: ivy.email, role: "admin" })
  const forNew = await buildInvitation(db(), { ...open, email: "new.person@somewhere.test" })
  const late = { ...open, email: "late@somewhere.test", sentAt: fromNow(-9 * day) }
  const expired = await buildInvitation(db(), late)
  await device(alice, android, -3 * day)
  await device(alice, linux, -20 * day)
  return {
    cast,
    /** The membership of each in Acme. */
    members: {
      alice: (await member(alice, acme.slug)).id,
      bob: (await member(bob, acme.slug)).id,
      wilhelmina: (await member(wilhelmina, acme.slug)).id,
    },
    millstone,
    dora,
    twoFactor,
    passkeys,
    keys,
    invitations: { open: forNew.id, expired: expired.id },
    sessions: {
      ada: await device(ada, linux),
      gina: await device(gina, linux),
      jo: await device(jo, linux),
      lars: await device(lars, linux),
      alice: await device(alice, linux),
      amir: await device(amir, linux),
      bob: await device(bob, linux),
      charlie: await device(charlie, linux),
      ivy: await device(ivy, linux),
      nora: await device(nora, linux),
      olive: await device(olive, linux),
      stella: accounts.stella,
      tova: await device(twoFactor.tova, linux),
    },
    links: {
      ...accounts.links,
      signIn: await link({
        purpose: "sign_in",
        email: bob.email,
        userAgent: android,
        clientAddress: "192.0.2.7",
      }),
      expired: await past(2, () => link({ purpose: "sign_in", email: charlie.email })),
      expiredToo: await past(2, () => link({ purpose: "sign_in", email: nora.email })),
      renewed: await past(2, () => link({ purpose: "sign_in", email: amir.email })),
      used: await used({ purpose: "sign_in", email: amir.email }),
      reset: await link({ purpose: "password_reset", email: bob.email }),
      activation: await link({
        purpose: "activation",
        email: "new.owner@somewhere.test",
        organizationId: birch.id,
      }),
      invitation: await link({
        purpose: "invitation",
        email: forNew.email,
        invitationId: forNew.id,
        organizationId: acme.id,
      }),
      ivysInvitation: await link({
        purpose: "invitation",
        email: forIvy.email,
        invitationId: forIvy.id,
        organizationId: acme.id,
      }),
      expiredInvitation: await past(9, () =>
        link({ purpose: "invitation", email: late.email, invitationId: expired.id, organizationId: acme.id }),
      ),
    },
  }
}

/** An operator has archived it, and its plan is not paid either. */
async function archivedOrganization([owner, member]: [User, User], operator: User) {
  const organization = await buildOrganization(db(), {
    name: "Millstone",
    slug: "millstone",
    members: [
      [owner, "owner"],
      [member, "member"],
    ],
  })
  const note = "We look into a complaint about the shop and come back to you by Friday."
  await transaction(async tx => {
    await archive(tx, organization.id, "operator", { byUserId: operator.id, note })
    await archive(tx, organization.id, "billing")
  })
  return organization
}

async function disabledPerson(): Promise<User> {
  const { id } = await buildUser(db(), { name: "Dora Dunn", email: "dora@disabled.test" })
  return db().user.update({ where: { id }, data: { disabledAt: fromNow(-day) } })
}

/** Lets Alice buy the professional plan for Acme, the whole way. */
export async function sellAcmeAPlan(site: Site, furniture: Furniture): Promise<void> {
  const browser = new Browser(site.url)
  browser.cookies.set("gatehouse", furniture.sessions.alice)
  const wish = { plan: "professional", interval: "month", organization: furniture.cast.acme.slug }
  const opened = await browser.post("/checkout", wish)
  if (opened.status !== 303) throw new Error(`The checkout was not opened: ${opened.status} ${opened.body}`)
  await site.stripe.completeCheckout({ wait: true })
  await browser.get(browser.inside((await site.stripe.events()).length > 0 ? "/o/acme/billing" : "/"))
}

/** A checkout that has been opened and waits for its payment. Answers the id of its session. */
export async function openCheckout(site: Site): Promise<string> {
  const opened = await new Browser(site.url).post("/checkout", {
    plan: "starter",
    interval: "month",
    email: "waiting@somewhere.test",
    businessName: "Waiting Room",
  })
  return new URL(opened.location ?? "").pathname.split("/").at(-1) ?? ""
}

async function offer(organization: Organization, from: User, to: User, runsOutIn: number): Promise<void> {
  const expiresAt = fromNow(runsOutIn)
  const createdAt = new Date(+expiresAt - 7 * day)
  const parties = { organizationId: organization.id, fromUserId: from.id, toUserId: to.id }
  await db().ownershipTransfer.create({ data: { ...parties, createdAt, expiresAt } })
}

async function device(user: User, userAgent: string, ago = 0): Promise<string> {
  return transaction(async tx => {
    const { id, token } = await createSession(
      tx,
      user.id,
      { method: "email" },
      { userAgent, clientAddress: "192.0.2.7" },
    )
    const at = fromNow(ago)
    await tx.session.update({ where: { id }, data: { createdAt: at, lastSeenAt: at } })
    return token
  })
}

async function link(request: LinkRequest): Promise<string> {
  return (await issueLink(db(), request)).token
}

async function used(request: LinkRequest): Promise<string> {
  const token = await link(request)
  const view = await readLink(db(), request.purpose, token)
  if (view) await transaction(tx => spendRow(tx, view.link))
  return token
}

/** Does something as if days ago. */
async function past<T>(days: number, work: () => Promise<T>): Promise<T> {
  setClock(() => Date.now() - days * day)
  try {
    return await work()
  } finally {
    setClock()
  }
}

async function furnishFindings(birch: Organization): Promise<void> {
  const about = { organizationId: birch.id, stripeSubscriptionId: "sub_birch" }
  const found = [
    { ...about, what: "status", ours: "active", stripes: "past_due", repaired: true },
    { ...about, what: "currentPeriodEnd", ours: "2026-02-01T10:00:00.000Z", stripes: "", repaired: true },
    { stripeSubscriptionId: "sub_1RelsewhereAbCdEfGhIjKl", what: "missing", ours: "active", repaired: false },
  ]
  await db().driftFinding.createMany({ data: found.map(one => ({ ...one, id: newId(), at: now() })) })
}

async function furnishDesk(): Promise<void> {
  const states = ["done", "ignored", "dead"]
  for (const [i, state] of states.entries()) {
    await db().stripeEvent.create({
      data: {
        id: `evt_furniture_${i}`,
        type: ["invoice.paid", "payment_intent.succeeded", "customer.subscription.updated"][i] ?? "",
        objectId: `in_1RfurnitureAbCdEfGh${i}`,
        livemode: false,
        source: "webhook",
        state,
        attempts: state === "dead" ? 8 : 1,
        effect: state === "done" ? "subscription synced" : null,
        lastError: state === "dead" ? "Stripe did not answer within ten seconds." : null,
        createdAt: fromNow(-i * day),
        receivedAt: fromNow(-i * day),
        processedAt: state === "dead" ? null : fromNow(-i * day),
      },
    })
  }
  const mails = [
    ["sign_in", "bob@acme.test", "sent", "250 2.0.0 Ok: queued as 4XyZ1234"],
    ["invitation", "wilhelmina.featherstonehaugh@a-rather-long-company-name.test", "queued", null],
    ["activation", "new.owner@somewhere.test", "failed", "550 5.1.1 No such user here"],
  ] as const
  for (const [i, [template, recipient, state, answer]] of mails.entries()) {
    await db().mail.create({
      data: {
        id: newId(),
        template,
        recipient,
        state,
        answer,
        parameters: "{}",
        createdAt: fromNow(-i * 3_600_000),
        sentAt: state === "sent" ? now() : null,
      },
    })
  }
}
