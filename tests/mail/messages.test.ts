import { expect, test } from "vitest"
import type { IssuedLink } from "~/domain/links/issue.server"
import { messages } from "~/domain/mail/messages.server"
import { renderMail } from "~/domain/mail/render.server"

const issued: IssuedLink = { id: "1", token: "T".repeat(43), code: "AB39XZ" }

/** Parameters for every mail there is; a new one without an entry here does not compile. */
const evil = "<b>Evil</b>\r\nBcc: x@evil.test https://evil.test"
const payer = { organizationName: evil, organizationSlug: "acme", planName: "Starter", to: "owner" }
const examples: Record<keyof typeof messages, unknown> = {
  sign_in: { device: evil, network: "203.0.113.x" },
  no_account: {},
  new_device: { device: evil, network: "203.0.113.x", at: "20 Nov 2026, 10:00 UTC", askedElsewhere: evil },
  security_notice: { what: evil, detail: evil, device: evil, network: "203.0.113.x", at: "20 Nov 2026" },
  proof_code: { device: evil, network: "203.0.113.x" },
  email_change: { from: evil, device: evil, network: "203.0.113.x" },
  email_taken: { from: evil, device: evil, network: "203.0.113.x" },
  email_changed: { to: evil, device: evil, network: "203.0.113.x", at: "20 Nov 2026" },
  email_change_undone: { from: evil, at: "20 Nov 2026" },
  password_reset: { device: evil, network: "203.0.113.x" },
  account_deleted: {},
  account_disabled: {},
  account_enabled: {},
  operator_notice: { title: evil, words: evil },
  test_mail: {},
  invitation: { organizationName: evil, inviterName: evil, roleName: "Member" },
  invitation_ask_again: { organizationName: evil, organizationSlug: "acme", invited: "bob@acme.test" },
  seats_full: { organizationName: evil, organizationSlug: "acme", invited: "bob@acme.test", seats: 50 },
  role_changed: {
    organizationName: evil,
    organizationSlug: "acme",
    byName: evil,
    role: "an admin",
    roleWords: "Looks after people",
  },
  member_left: { organizationName: evil, organizationSlug: "acme", personName: evil, role: "an admin" },
  owner_joined: {
    organizationName: evil,
    organizationSlug: "acme",
    personName: evil,
    byName: evil,
    by: "handover",
  },
  owner_gone: { organizationName: evil, organizationSlug: "acme", personName: evil, byName: evil },
  ownership_offered: { organizationName: evil, organizationSlug: "acme", fromName: evil },
  ownership_accepted: { organizationName: evil, organizationSlug: "acme", personName: evil },
  ownership_declined: { organizationName: evil, organizationSlug: "acme", personName: evil },
  ownership_taken_back: { organizationName: evil, organizationSlug: "acme", personName: evil },
  member_removed: { organizationName: evil, byName: evil },
  organization_archived: {
    organizationName: evil,
    organizationSlug: "acme",
    because: "operator",
    note: evil,
  },
  organization_restored: { organizationName: evil, organizationSlug: "acme" },
  closing_asked: { organizationName: evil, organizationSlug: "acme", byName: evil },
  organization_closed: {
    organizationName: evil,
    organizationSlug: "acme",
    closedBy: evil,
    eraseOn: "20 Dec 2026",
  },
  organization_reopened: {
    organizationName: evil,
    organizationSlug: "acme",
    reopenedBy: evil,
    planGone: true,
    stillArchived: evil,
  },
  organization_erased_soon: { organizationName: evil, organizationSlug: "acme", eraseOn: "20 Dec 2026" },
  organization_erased: { closedOn: "20 Nov 2026" },
  activation: { organizationName: evil, planName: "Starter" },
  purchase_existing_user: { organizationName: evil, planName: "Starter" },
  payment_on_its_way: { organizationName: evil, planName: "Starter" },
  paid_twice: { organizationName: evil, organizationSlug: "acme" },
  payment_failed: { kind: "purchase", organizationName: evil, planName: "Starter", path: "/pricing" },
  trial_ending: { ...payer, on: "20 Nov 2026", price: "$29.00 a month" },
  plan_ending: { ...payer, on: "20 Nov 2026" },
  plan_kept: { ...payer, on: "20 Nov 2026" },
  plan_ended: { ...payer, goesOn: false, readableUntil: "20 Dec 2026" },
  receipt: {
    ...payer,
    number: "ACME-0001",
    amount: "$29.00",
    on: "20 Nov 2026",
    path: "/o/acme/billing/invoices/in_1",
  },
  billing_address_given: { organizationName: evil, byName: evil },
  billing_address_withdrawn: { organizationName: evil, byName: evil },
  billing_address_added: {
    organizationName: evil,
    organizationSlug: "acme",
    byName: evil,
    billingEmail: "pay@acme.test",
  },
  welcome: { personName: evil, organizationName: evil, path: "/o/acme" },
}

test.each(Object.entries(messages))(
  "[M3] %s: one source for HTML and text, with reason, lifetime and a clean subject",
  async (name, message) => {
    const rendered = await renderMail(
      message,
      Reflect.get(examples, name),
      message.purpose ? issued : undefined,
    )
    expect(rendered.subject).not.toMatch(/[\r\n]|\s{2}/)
    expect(rendered.subject.length).toBeLessThan(200)
    expect(rendered.text).toMatch(/You get this/)
    expect(rendered.html).toMatch(/You get this/)
    expect(rendered.html).not.toContain("<b>Evil</b>")
    expect(rendered.html).not.toMatch(/<img|<script|src="http/)
    if (message.purpose) {
      for (const part of [rendered.html, rendered.text]) expect(part).toContain(issued.token)
      expect(rendered.text).toMatch(/\d+ (minute|hour|day)s?/)
    } else {
      expect(rendered.linkUrl).toBeUndefined()
    }
  },
)

test("[M3] the sign-in mail carries the code on a line of its own", async () => {
  const { text } = await renderMail(messages.sign_in, examples.sign_in, issued)
  expect(text.split("\n").map(line => line.trim())).toContain("AB3 9XZ")
})
