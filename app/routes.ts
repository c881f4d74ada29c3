import type { RouteConfig } from "@remix-run/route-config"
import { index, layout, route } from "@remix-run/route-config"

/** The sitemap: every URL beside its file. */
export default [
  index("routes/home.tsx"),
  route("theme", "routes/theme.ts"),

  route("login", "routes/sign-in/login.tsx"),
  route("login/sent", "routes/sign-in/sent.tsx"),
  route("login/link", "routes/sign-in/link.tsx"),
  route("login/renewal", "routes/sign-in/renewal.tsx"),
  route("logout", "routes/sign-in/logout.ts"),
  route("setup", "routes/sign-in/setup.tsx"),

  route("pricing", "routes/billing/pricing.tsx"),
  route("checkout", "routes/billing/checkout.tsx"),
  route("onboarding/pending", "routes/billing/pending.tsx"),
  route("activate", "routes/join/activate.tsx"),
  route("activate/resend", "routes/join/activate-resend.tsx"),

  route("invitation", "routes/join/invitation.tsx"),
  route("invitation/ask-again", "routes/join/ask-again.ts"),
  route("onboarding", "routes/join/onboarding.tsx"),
  route("onboarding/skip", "routes/join/onboarding-skip.ts"),

  route("start", "routes/organizations/start.tsx"),
  route("organizations/new", "routes/organizations/new.tsx"),
  route("organizations/join", "routes/organizations/join.tsx"),
  route("o/:slug/logo", "routes/organizations/logo.ts"),
  route("o/:slug/switch", "routes/organizations/switch.ts"),
  route("o/:slug/export.json", "routes/organizations/export.ts"),
  route("o/:slug/audit.csv", "routes/organizations/audit-csv.ts"),
  route("o/:slug/transfer/answer", "routes/organizations/transfer-answer.ts"),
  route("o/:slug/billing/admins", "routes/organizations/billing-admins.ts"),
  route("o/:slug/billing/portal", "routes/organizations/billing-portal.ts"),
  route("o/:slug", "routes/organizations/layout.tsx", [
    index("routes/organizations/overview.tsx"),
    route("members", "routes/organizations/members.tsx"),
    route("members/:membershipId", "routes/organizations/member.tsx"),
    route("leave", "routes/organizations/leave.tsx"),
    route("transfer", "routes/organizations/transfer.tsx"),
    route("invitations", "routes/organizations/invitations.tsx"),
    route("invitations/:invitationId", "routes/organizations/invitation.tsx"),
    route("billing", "routes/organizations/billing.tsx"),
    route("billing/cancellation", "routes/organizations/cancellation.tsx"),
    route("billing/plan", "routes/organizations/plan.tsx"),
    route("billing/plan/confirmation", "routes/organizations/plan-confirmation.tsx"),
    route("billing/invoices", "routes/organizations/invoices.tsx"),
    route("billing/invoices/:invoiceId", "routes/organizations/invoice.tsx"),
    route("roles", "routes/organizations/roles.tsx"),
    route("audit", "routes/organizations/audit.tsx"),
    route("settings", "routes/organizations/settings.tsx"),
    route("settings/address", "routes/organizations/settings-address.tsx"),
    route("settings/security", "routes/organizations/settings-security.tsx"),
    route("settings/domains", "routes/organizations/settings-domains.tsx"),
    route("settings/danger", "routes/organizations/danger.tsx"),
    route("closure", "routes/organizations/closure.tsx"),
  ]),

  layout("routes/account/layout.tsx", [
    route("account/profile", "routes/account/profile.tsx"),
    route("account/devices", "routes/account/devices.tsx"),
  ]),

  layout("routes/admin/layout.tsx", [
    route("admin", "routes/admin/overview.tsx"),
    route("admin/organizations", "routes/admin/organizations.tsx"),
    route("admin/organizations/:organizationId", "routes/admin/organization.tsx"),
    route("admin/organizations/:organizationId/billing", "routes/admin/organization-billing.tsx"),
    route("admin/people", "routes/admin/people.tsx"),
    route("admin/people/:userId", "routes/admin/person.tsx"),
    route("admin/billing", "routes/admin/billing.tsx"),
    route("admin/billing/drift", "routes/admin/drift.tsx"),
  ]),

  route("api/auth/profile", "routes/api/profile.ts"),
  route("api/billing/create-checkout-session", "routes/api/create-checkout-session.ts"),
  route("api/billing/portal", "routes/api/portal.ts"),
  route("api/billing/status", "routes/api/billing-status.ts"),
  route("api/onboarding/progress", "routes/api/onboarding-progress.ts"),
  route("api/webhooks/stripe", "routes/webhooks/stripe.ts"),
  route("api/*", "routes/api/not-found.ts"),

  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig
