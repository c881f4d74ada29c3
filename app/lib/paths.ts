/** Every address of the app, in one place. Browser and server share it; nothing else spells a URL. */
export const paths = {
  home: () => "/",
  pricing: (view: { interval?: string; org?: string } = {}) => withQuery("/pricing", view),
  signIn: {
    start: (redirectTo?: string) => withQuery("/login", { redirectTo }),
    /** For someone who is signed in already and needs to come in another way. */
    again: (redirectTo?: string) => withQuery("/login", { again: "1", redirectTo }),
    sent: () => "/login/sent",
    code: () => "/login/code",
    link: (token?: string) => withQuery("/login/link", { token }),
    renewal: () => "/login/renewal",
    blocked: () => "/login/wait",
    secondFactor: (by?: "recovery-code") => withQuery("/login/second-factor", { by }),
    password: (redirectTo?: string) => withQuery("/login/password", { redirectTo }),
    forgotten: (view: { sent?: "yes" } = {}) => withQuery("/login/forgotten", view),
    reset: (token?: string) => withQuery("/login/reset", { token }),
    passkey: () => "/login/passkey",
    register: (redirectTo?: string) => withQuery("/register", { redirectTo }),
    /** To a provider and back. */
    provider: (provider: string, view: { redirectTo?: string } = {}) =>
      withQuery(`/api/auth/${provider}`, view),
    providerCallback: (provider: string) => `/api/auth/${provider}/callback`,
    /** For whoever came from a provider and has to prove a mailbox, */
    providerProof: (redirectTo?: string) => withQuery("/login/mailbox", { redirectTo }),
    /** or came to nothing. */
    providerTrouble: (view: { why?: string; provider?: string; redirectTo?: string } = {}) =>
      withQuery("/login/trouble", view),
  },
  notMe: (token?: string) => withQuery("/not-me", { token }),
  signOut: () => "/logout",
  activation: {
    link: (token?: string) => withQuery("/activate", { token }),
    resend: () => "/activate/resend",
  },
  invitation: (token?: string) => withQuery("/invitation", { token }),
  invitationAskAgain: () => "/invitation/ask-again",
  setup: (token?: string) => withQuery("/setup", { token }),
  checkout: {
    start: (wish: { plan?: string; interval?: string; org?: string } = {}) => withQuery("/checkout", wish),
    pending: (sessionId?: string) => withQuery("/onboarding/pending", { session_id: sessionId }),
  },
  onboarding: (slug?: string) => withQuery("/onboarding", { org: slug }),
  onboardingSkip: () => "/onboarding/skip",
  start: (redirectTo?: string) => withQuery("/start", { redirectTo }),
  organizations: {
    create: () => "/organizations/new",
    join: () => "/organizations/join",
  },
  organization: {
    overview: (slug: string) => `/o/${slug}`,
    members: (slug: string) => `/o/${slug}/members`,
    member: (slug: string, membershipId: string) => `/o/${slug}/members/${membershipId}`,
    leave: (slug: string) => `/o/${slug}/leave`,
    invitations: (slug: string) => `/o/${slug}/invitations`,
    invitation: (slug: string, invitationId: string) => `/o/${slug}/invitations/${invitationId}`,
    billing: (slug: string) => `/o/${slug}/billing`,
    portal: (slug: string, view: { flow?: string; subscription?: string } = {}) =>
      withQuery(`/o/${slug}/billing/portal`, view),
    cancellation: (slug: string) => `/o/${slug}/billing/cancellation`,
    plan: (slug: string) => `/o/${slug}/billing/plan`,
    planConfirmation: (slug: string, wish: { plan?: string; interval?: string } = {}) =>
      withQuery(`/o/${slug}/billing/plan/confirmation`, wish),
    billingAdmins: (slug: string) => `/o/${slug}/billing/admins`,
    invoices: (slug: string) => `/o/${slug}/billing/invoices`,
    invoice: (slug: string, invoiceId: string) => `/o/${slug}/billing/invoices/${invoiceId}`,
    roles: (slug: string) => `/o/${slug}/roles`,
    audit: (slug: string) => `/o/${slug}/audit`,
    auditCsv: (slug: string) => `/o/${slug}/audit.csv`,
    settings: (slug: string, view: { logo?: string } = {}) => withQuery(`/o/${slug}/settings`, view),
    address: (slug: string) => `/o/${slug}/settings/address`,
    security: (slug: string) => `/o/${slug}/settings/security`,
    domains: (slug: string) => `/o/${slug}/settings/domains`,
    apiKeys: (slug: string) => `/o/${slug}/settings/keys`,
    apiKey: (slug: string, keyId: string) => `/o/${slug}/settings/keys/${keyId}`,
    danger: (slug: string) => `/o/${slug}/settings/danger`,
    logo: (slug: string, hash?: string) => withQuery(`/o/${slug}/logo`, { v: hash }),
    transfer: (slug: string) => `/o/${slug}/transfer`,
    transferAnswer: (slug: string) => `/o/${slug}/transfer/answer`,
    closure: (slug: string) => `/o/${slug}/closure`,
    export: (slug: string) => `/o/${slug}/export.json`,
    switch: (slug: string) => `/o/${slug}/switch`,
  },
  account: {
    profile: () => "/account/profile",
    security: () => "/account/security",
    /** Where proof is given apart from what it is for. */
    proof: (redirectTo?: string) => withQuery("/account/proof", { redirectTo }),
    email: () => "/account/email",
    emailConfirmation: (token?: string) => withQuery("/account/email/confirmation", { token }),
    emailUndo: (token?: string) => withQuery("/account/email/undo", { token }),
    password: (redirectTo?: string) => withQuery("/account/password", { redirectTo }),
    twoFactor: (redirectTo?: string) => withQuery("/account/two-factor", { redirectTo }),
    recoveryCodes: () => "/account/two-factor/recovery-codes",
    secondFactor: (redirectTo?: string) => withQuery("/account/second-factor", { redirectTo }),
    passkeys: () => "/account/passkeys",
    passkey: (id: string) => `/account/passkeys/${id}`,
    connections: () => "/account/connections",
    history: () => "/account/history",
    data: () => "/account/data",
    export: () => "/account/export.json",
    deletion: () => "/account/deletion",
    devices: () => "/account/devices",
  },
  admin: {
    overview: () => "/admin",
    billing: (
      view: { state?: string; type?: string; organization?: string; object?: string; quiet?: string } = {},
    ) => withQuery("/admin/billing", view),
    drift: (view: { show?: string } = {}) => withQuery("/admin/billing/drift", view),
    organizationBilling: (id: string) => `/admin/organizations/${id}/billing`,
    organizations: () => "/admin/organizations",
    organization: (id: string) => `/admin/organizations/${id}`,
    people: () => "/admin/people",
    person: (id: string) => `/admin/people/${id}`,
  },
  theme: () => "/theme",
} as const

export function withQuery(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path
}
