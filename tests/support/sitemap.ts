import type { Page } from "playwright-core"
import type { Furniture, Guest } from "./furniture"
import { keyStops } from "./key-stops"
import { passkeyStops } from "./passkey-stops"
import { ssoStops } from "./sso-stops"
import { twoFactorStops } from "./two-factor-stops"

/** A page as somebody meets it: who, where, and what they do there first. */
export type Stop = {
  name: string
  path: string
  as?: Guest
  status?: number
  act?: (page: Page, path: string) => Promise<void>
}

/** Every page of the app, its refusals included. */
export function sitemap(furniture: Furniture, checkoutSession: string): Stop[] {
  const { links, members } = furniture
  return [
    ...publicPages(checkoutSession),
    ...linkPages(links),
    ...organizationPages(),
    ...settingsPages(),
    ...closingPages(),
    ...memberPages(members),
    ...joiningPages(furniture.invitations),
    ...personPages(links),
    ...archivedPages(),
    ...unpaidPages(),
    ...deskPages(),
    ...deskSubjects(furniture),
    ...twoFactorStops(furniture.twoFactor),
    ...passkeyStops(furniture.passkeys),
    ...ssoStops(),
    ...keyStops(furniture.keys),
  ]
}

function publicPages(checkoutSession: string): Stop[] {
  return [
    { name: "home", path: "/" },
    { name: "pricing", path: "/pricing" },
    { name: "pricing by the year", path: "/pricing?interval=year" },
    { name: "API", path: "/api/docs" },
    { name: "checkout", path: "/checkout?plan=professional&interval=month" },
    { name: "checkout with mistakes", path: "/checkout?plan=professional&interval=month", act: send },
    { name: "pending purchase", path: `/onboarding/pending?session_id=${checkoutSession}` },
    { name: "unknown purchase", path: "/onboarding/pending?session_id=cs_unknown", status: 404 },
    { name: "activation mail again", path: "/activate/resend" },
    { name: "sign-in", path: "/login" },
    { name: "sign-in with a mistake", path: "/login", act: page => askFor(page, "alice@") },
    { name: "password", path: "/login/password" },
    { name: "password, a wrong one", path: "/login/password", act: typeWrongPassword },
    { name: "forgotten password", path: "/login/forgotten" },
    { name: "forgotten password, mail sent", path: "/login/forgotten?sent=yes" },
    { name: "create an account", path: "/register" },
    { name: "create an account, mistakes", path: "/register", act: registerWeakly },
    { name: "check your mail", path: "/login", act: page => askFor(page, freshAddress()) },
    { name: "check your mail, wrong code", path: "/login", act: typeWrongCode },
    { name: "too many requests", path: "/login", act: askTwice },
    { name: "nothing here", path: "/no-such-page", status: 404 },
  ]
}

function linkPages(links: Furniture["links"]): Stop[] {
  return [
    { name: "link", path: `/login/link?token=${links.signIn}` },
    { name: "link of another person", path: `/login/link?token=${links.signIn}`, as: "alice" },
    { name: "invalid link", path: "/login/link?token=nonsense", status: 410 },
    { name: "used link", path: `/login/link?token=${links.used}`, status: 410 },
    { name: "renewed link", path: `/login/link?token=${links.renewed}`, status: 410, act: renewOnce },
    { name: "new password", path: `/login/reset?token=${links.reset}` },
    { name: "new password of another person", path: `/login/reset?token=${links.reset}`, as: "alice" },
    { name: "invalid link for a new password", path: "/login/reset?token=nonsense", status: 410 },
    { name: "activation", path: `/activate?token=${links.activation}` },
    { name: "invalid activation", path: "/activate?token=nonsense", status: 410 },
    { name: "invitation", path: `/invitation?token=${links.invitation}` },
    {
      name: "invitation of another person",
      path: `/invitation?token=${links.ivysInvitation}`,
      as: "charlie",
    },
    { name: "expired invitation", path: `/invitation?token=${links.expiredInvitation}`, status: 410 },
    { name: "invalid invitation", path: "/invitation?token=nonsense", status: 410 },
  ]
}

function organizationPages(): Stop[] {
  return [
    { name: "overview", path: "/o/acme", as: "alice" },
    { name: "overview of a member", path: "/o/acme", as: "bob" },
    { name: "overview, payment failed", path: "/o/birch", as: "charlie" },
    { name: "members", path: "/o/acme/members", as: "alice" },
    { name: "members, nobody found", path: "/o/acme/members?search=zebra", as: "bob" },
    { name: "invite people", path: "/o/acme/invitations", as: "alice" },
    { name: "invite people, mistakes", path: "/o/acme/invitations", as: "amir", act: inviteNonsense },
    { name: "billing", path: "/o/acme/billing", as: "alice" },
    { name: "billing of a member", path: "/o/acme/billing", as: "bob" },
    { name: "billing, payment failed", path: "/o/birch/billing", as: "charlie" },
    { name: "billing without a plan", path: "/o/royal-society-lighthouses/billing", as: "alice" },
    { name: "invoices", path: "/o/acme/billing/invoices", as: "alice" },
    { name: "many invoices", path: "/o/birch/billing/invoices", as: "charlie" },
    { name: "invoice, no answer", path: "/o/birch/billing/invoices/in_birch_0", as: "charlie", status: 503 },
    { name: "no invoices", path: "/o/royal-society-lighthouses/billing/invoices", as: "charlie" },
    { name: "end the plan", path: "/o/acme/billing/cancellation", as: "alice" },
    { name: "no plan to end", path: "/o/royal-society-lighthouses/billing/cancellation", as: "charlie" },
    { name: "change the plan", path: "/o/acme/billing/plan", as: "alice" },
    { name: "change the plan, payment failed", path: "/o/birch/billing/plan", as: "charlie" },
    { name: "a larger plan", path: "/o/acme/billing/plan/confirmation?plan=enterprise", as: "alice" },
    {
      name: "a smaller plan by the year",
      path: "/o/acme/billing/plan/confirmation?plan=starter&interval=year",
      as: "alice",
    },
    { name: "roles", path: "/o/acme/roles", as: "alice" },
    { name: "audit log", path: "/o/acme/audit", as: "amir" },
    { name: "audit log filtered", path: "/o/acme/audit?who=alice%40acme.test&act=invitation", as: "alice" },
    { name: "audit log, a mistake", path: "/o/acme/audit?from=2026-03-05&to=2026-03-01", as: "alice" },
    { name: "audit log, nothing found", path: "/o/acme/audit?who=zebra", as: "alice" },
    { name: "audit log of a member", path: "/o/acme/audit", as: "bob", status: 403 },
    { name: "members of a role", path: "/o/acme/members?role=admin", as: "alice" },
    { name: "set-up", path: "/onboarding?org=acme", as: "alice" },
    { name: "set-up finished", path: "/onboarding?org=birch", as: "charlie" },
    { name: "menu open", path: "/o/acme", as: "amir", act: openAMenu },
    { name: "plans for an organisation", path: "/pricing?org=acme", as: "alice" },
    {
      name: "checkout for an organisation with a plan",
      path: "/checkout?plan=starter&org=acme",
      as: "alice",
      status: 409,
    },
    { name: "not allowed", path: "/o/acme/invitations", as: "bob", status: 403 },
    { name: "not a member", path: "/o/acme", as: "charlie", status: 404 },
  ]
}

function closingPages(): Stop[] {
  return [
    { name: "ownership and closing", path: "/o/acme/settings/danger", as: "alice" },
    { name: "close", path: "/o/acme/closure", as: "alice" },
    { name: "close, another name", path: "/o/acme/closure", as: "alice", act: closeAnother },
    { name: "close, a long name", path: "/o/royal-society-lighthouses/closure", as: "charlie" },
    { name: "close, waiting", path: "/o/lantern/closure", as: "olive" },
    { name: "overview, closing waits", path: "/o/lantern", as: "olive" },
    { name: "closed", path: "/o/old-mill/closure", as: "olive" },
    { name: "closed, what is left", path: "/o/old-mill/settings/danger", as: "olive" },
    { name: "grace is over", path: "/o/tide-house/closure", as: "olive" },
  ]
}

function memberPages(members: Furniture["members"]): Stop[] {
  const one = (who: keyof typeof members) => `/o/acme/members/${members[who]}`
  return [
    { name: "member", path: one("wilhelmina"), as: "alice" },
    { name: "member to be removed", path: one("wilhelmina"), as: "amir", act: askToRemove },
    { name: "owner seen by an admin", path: one("alice"), as: "amir" },
    { name: "own page of a member", path: one("bob"), as: "bob" },
    { name: "own page of the only owner", path: one("alice"), as: "alice" },
    { name: "leave", path: "/o/acme/leave", as: "bob" },
    { name: "leave, only owner", path: "/o/acme/leave", as: "alice" },
    { name: "hand over, offer run out", path: "/o/acme/transfer", as: "alice" },
    { name: "hand over, mistake", path: "/o/acme/transfer", as: "alice", act: offerToNobody },
    { name: "hand over, no answer yet", path: "/o/royal-society-lighthouses/transfer", as: "charlie" },
    { name: "hand over, to be answered", path: "/o/royal-society-lighthouses/transfer", as: "alice" },
    { name: "hand over, too late", path: "/o/acme/transfer", as: "bob" },
    { name: "overview with an offer", path: "/o/royal-society-lighthouses", as: "alice" },
  ]
}

function settingsPages(): Stop[] {
  return [
    { name: "settings", path: "/o/acme/settings", as: "alice" },
    { name: "settings of an admin", path: "/o/acme/settings", as: "amir" },
    { name: "settings of a member", path: "/o/acme/settings", as: "bob", status: 403 },
    { name: "settings with a logo", path: "/o/willow-works/settings", as: "charlie" },
    { name: "settings, picture refused", path: "/o/acme/settings?logo=other_kind", as: "alice" },
    { name: "overview with a logo", path: "/o/willow-works", as: "charlie" },
    { name: "address", path: "/o/willow-works/settings/address", as: "charlie" },
    {
      name: "address with a mistake",
      path: "/o/acme/settings/address",
      as: "alice",
      act: wishReservedAddress,
    },
    { name: "security", path: "/o/acme/settings/security", as: "alice" },
    { name: "security with a mistake", path: "/o/acme/settings/security", as: "alice", act: allowNoWayIn },
    { name: "another way in is asked for", path: "/o/quiet-harbour", as: "bob", status: 403 },
    { name: "sign in again", path: "/login?again=1&redirectTo=%2Fo%2Fquiet-harbour", as: "bob" },
    {
      name: "billing address with a mistake",
      path: "/o/acme/billing",
      as: "alice",
      act: mistypeBillingAddress,
    },
  ]
}

function joiningPages({ open, expired }: Furniture["invitations"]): Stop[] {
  return [
    { name: "own invitation sent", path: `/o/acme/invitations/${open}`, as: "amir" },
    { name: "own invitation run out", path: `/o/acme/invitations/${expired}`, as: "alice" },
    { name: "invite people, no seat left", path: "/o/harbour-keepers/invitations", as: "gina" },
    { name: "invite people, no seat left, admin", path: "/o/harbour-keepers/invitations", as: "ada" },
    { name: "domains", path: "/o/harbour-keepers/settings/domains", as: "gina" },
    { name: "domains, none yet", path: "/o/acme/settings/domains", as: "alice" },
    { name: "domains, a mistake", path: "/o/acme/settings/domains", as: "alice", act: addForeignDomain },
    { name: "may join, no organisation yet", path: "/start", as: "jo" },
    { name: "may join", path: "/organizations/join", as: "jo" },
    { name: "nothing to join", path: "/organizations/join", as: "alice" },
    { name: "invited too long ago", path: "/start", as: "lars" },
  ]
}

function personPages(links: Furniture["links"]): Stop[] {
  return [
    { name: "no organisation", path: "/start", as: "nora" },
    { name: "new organisation", path: "/organizations/new", as: "nora" },
    { name: "pending invitation", path: "/start", as: "ivy" },
    { name: "own invitation", path: `/invitation?token=${links.ivysInvitation}`, as: "ivy" },
    { name: "profile", path: "/account/profile", as: "alice" },
    { name: "profile saved", path: "/account/profile", as: "alice", act: saveProfile },
    { name: "devices", path: "/account/devices", as: "alice" },
    { name: "account security", path: "/account/security", as: "alice" },
    { name: "account security, all of it", path: "/account/security", as: "tova" },
    { name: "history", path: "/account/history", as: "alice" },
    { name: "own address", path: "/account/email", as: "alice" },
    { name: "own address, one more step", path: "/account/email", as: "stella" },
    { name: "own address, proof is asked for", path: "/account/email", as: "stella", act: askForAddress },
    { name: "new address", path: `/account/email/confirmation?token=${links.emailChange}` },
    { name: "new address, invalid", path: "/account/email/confirmation?token=nonsense", status: 410 },
    { name: "address back", path: `/account/email/undo?token=${links.emailUndo}` },
    { name: "address back, too late", path: "/account/email/undo?token=nonsense", status: 410 },
    { name: "this wasn't me", path: `/not-me?token=${links.notMe}` },
    { name: "this wasn't me, invalid", path: "/not-me?token=nonsense", status: 410 },
    { name: "confirm that it is you", path: "/account/proof?redirectTo=%2Faccount%2Femail", as: "stella" },
    {
      name: "confirm that it is you, for a file",
      path: "/account/proof?redirectTo=%2Faccount%2Fexport.json",
      as: "alice",
    },
    { name: "own data", path: "/account/data", as: "alice" },
    { name: "delete account", path: "/account/deletion", as: "bob" },
    { name: "delete account, another address", path: "/account/deletion", as: "bob", act: deleteAnother },
    { name: "delete account, only owner", path: "/account/deletion", as: "alice" },
    { name: "no password yet", path: "/account/password", as: "alice" },
    { name: "own password", path: "/account/password", as: "amir" },
    { name: "own password, while typing", path: "/account/password", as: "amir", act: typeStrongPassword },
  ]
}

function archivedPages(): Stop[] {
  return [
    { name: "archived, as owner", path: "/o/millstone", as: "alice", status: 403 },
    { name: "archived, as member", path: "/o/millstone/members", as: "bob", status: 403 },
    { name: "archived, billing", path: "/o/millstone/billing", as: "alice" },
  ]
}

/** What can be read while a plan is unpaid or gone, and what answers to a change. */
function unpaidPages(): Stop[] {
  return [
    { name: "unpaid, overview", path: "/o/quarry", as: "olive" },
    { name: "unpaid, members", path: "/o/quarry/members", as: "olive" },
    { name: "unpaid, a change", path: "/o/quarry/settings", as: "olive", status: 403 },
    { name: "unpaid, onboarding", path: "/onboarding?org=quarry", as: "olive", status: 403 },
    { name: "unpaid, export and closing", path: "/o/quarry/settings/danger", as: "olive" },
    { name: "ended, overview", path: "/o/orchard", as: "olive" },
    { name: "ended, billing", path: "/o/orchard/billing", as: "olive" },
    { name: "paused, billing", path: "/o/kiln/billing", as: "olive" },
    { name: "paused, change the plan", path: "/o/kiln/billing/plan", as: "olive" },
    { name: "to be confirmed, billing", path: "/o/ferry/billing", as: "olive" },
    { name: "archived for its plan", path: "/o/wharf", as: "olive", status: 403 },
  ]
}

/** The organisations and the people of the operator's desk, and the acts on them. */
function deskSubjects({ cast, millstone, dora }: Furniture): Stop[] {
  const acme = `/admin/organizations/${cast.acme.id}`
  const birch = `/admin/organizations/${cast.birch.id}`
  return [
    { name: "desk, organisations", path: "/admin/organizations", as: "olive" },
    { name: "desk, organisations, nothing found", path: "/admin/organizations?search=zebra", as: "olive" },
    { name: "desk, organisation", path: acme, as: "olive" },
    { name: "desk, archiving without a word", path: acme, as: "olive", act: archiveWordless },
    {
      name: "desk, archived organisation",
      path: `/admin/organizations/${millstone.id}`,
      as: "olive",
    },
    { name: "desk, why a plan is so", path: `${acme}/billing`, as: "olive" },
    { name: "desk, a plan Stripe does not know", path: `${birch}/billing`, as: "olive" },
    { name: "desk, people", path: "/admin/people", as: "olive" },
    { name: "desk, person", path: `/admin/people/${cast.alice.id}`, as: "olive" },
    { name: "desk, only owner", path: `/admin/people/${cast.alice.id}`, as: "olive", act: disableOnlyOwner },
    { name: "desk, disabled person", path: `/admin/people/${dora.id}`, as: "olive" },
    { name: "desk, yourself", path: `/admin/people/${cast.olive.id}`, as: "olive" },
  ]
}

function deskPages(): Stop[] {
  return [
    { name: "operator's desk", path: "/admin", as: "olive" },
    { name: "billing events", path: "/admin/billing", as: "olive" },
    { name: "billing events given up", path: "/admin/billing?state=dead", as: "olive" },
    { name: "billing events, none found", path: "/admin/billing?organization=zebra", as: "olive" },
    { name: "differences", path: "/admin/billing/drift", as: "olive" },
  ]
}

async function askForAddress(page: Page): Promise<void> {
  await page.getByLabel("New e-mail address").fill("stella@third.test")
  await page.getByRole("button", { name: "Send the link" }).click()
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor()
}

async function deleteAnother(page: Page): Promise<void> {
  await page.getByLabel("Type “bob@acme.test” to go on").fill("amir@acme.test")
  await page.getByRole("button", { name: "Delete my account" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

let addresses = 0
const freshAddress = () => `person-${++addresses}@somewhere.test`

/** A person needs longer than a bot. */
async function askFor(page: Page, address: string): Promise<void> {
  await page.waitForTimeout(650)
  await page.getByLabel("E-mail address").fill(address)
  await page.getByRole("button", { name: "E-mail me a link" }).click()
  await page.locator("h1:text('Check your mail'), [aria-invalid=true]").first().waitFor()
}

async function typeWrongCode(page: Page): Promise<void> {
  await askFor(page, freshAddress())
  await page.getByLabel("Code from the mail").fill("AAA AAA")
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

async function typeWrongPassword(page: Page): Promise<void> {
  await page.getByLabel("E-mail address").fill(freshAddress())
  await page.getByLabel("Password", { exact: true }).fill("not this one")
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.getByText("do not go together").waitFor()
}

async function registerWeakly(page: Page): Promise<void> {
  await page.waitForTimeout(650)
  await page.getByLabel("E-mail address").fill(freshAddress())
  await page.getByLabel("Password", { exact: true }).fill("password1")
  await page.getByText("Among the first that are tried").waitFor()
  await page.getByRole("button", { name: "Create account" }).click()
  await page.locator("[aria-invalid=true]").first().waitFor()
}

async function typeStrongPassword(page: Page): Promise<void> {
  await page.getByLabel("New password").fill("lanterns drift over slow water")
  await page.getByText("Strong", { exact: true }).waitFor()
}

async function askTwice(page: Page): Promise<void> {
  await askFor(page, freshAddress())
  await page.waitForTimeout(650)
  await page.getByRole("button", { name: "Send it again" }).click()
  await page.getByText("You can try again in").waitFor()
}

async function send(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Continue to payment" }).click()
  await page.locator("[aria-invalid=true]").first().waitFor()
}

/** The first opening asks for a fresh link by itself; from then on the page says so. */
async function renewOnce(page: Page, path: string): Promise<void> {
  const said = page.getByText("A fresh one was sent")
  if ((await said.count()) > 0) return
  await page.waitForURL(({ pathname }) => pathname !== "/login/link")
  await page.goto(path)
  await said.waitFor()
}

async function wishReservedAddress(page: Page): Promise<void> {
  await page.getByLabel("New address").fill("Billing")
  await page.getByRole("button", { name: "Change the web address" }).click()
  await page.getByText("This word is kept").waitFor()
}

async function allowNoWayIn(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Only these" }).check()
  await page.getByRole("button", { name: "Save" }).click()
  await page.getByText("Allow at least one way in.").waitFor()
}

async function mistypeBillingAddress(page: Page): Promise<void> {
  await page.getByLabel("E-mail address").fill("pay@")
  await page.getByRole("button", { name: "Save the billing e-mail" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

async function addForeignDomain(page: Page): Promise<void> {
  await page.getByLabel("Domain", { exact: true }).fill("birch.test")
  await page.getByRole("button", { name: "Allow this domain" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

async function inviteNonsense(page: Page): Promise<void> {
  await page.getByLabel("E-mail addresses").fill("bob@acme.test, nonsense")
  await page.getByRole("button", { name: "Send invitations" }).click()
  await page.getByText("Not an address").waitFor()
}

async function archiveWordless(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Archive Acme" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

async function disableOnlyOwner(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Disable Alice Archer" }).click()
  await page.getByText("is the only owner of").waitFor()
}

async function askToRemove(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle")
  await page.getByRole("button", { name: "Remove…" }).click()
  await page.getByRole("dialog").waitFor()
}

async function offerToNobody(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Offer ownership" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

async function saveProfile(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save" }).click()
  await page.getByText("Your name is saved.").waitFor()
}

/** On a phone the navigation, on a wide screen the organisations. */
async function openAMenu(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle")
  await page.getByRole("button", { name: /^Menu$|switch organisation/ }).click()
  await page.getByRole("dialog").or(page.getByRole("menu")).waitFor()
}

async function closeAnother(page: Page): Promise<void> {
  await page.getByLabel("to go on").fill("Acne")
  await page.getByRole("button", { name: "Close the organisation" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}
