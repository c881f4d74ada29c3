/** Every address of the app, in one place. Browser and server share it; nothing else spells a URL. */
export const paths = {
  home: () => "/",
  pricing: (view: { interval?: string; org?: string } = {}) => withQuery("/pricing", view),
  signIn: {
    start: (redirectTo?: string) => withQuery("/login", { redirectTo }),
    sent: () => "/login/sent",
    code: () => "/login/code",
    link: (token?: string) => withQuery("/login/link", { token }),
    renewal: () => "/login/renewal",
    blocked: () => "/login/wait",
  },
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
  organizations: { create: () => "/organizations/new" },
  organization: {
    overview: (slug: string) => `/o/${slug}`,
    members: (slug: string) => `/o/${slug}/members`,
    invitations: (slug: string) => `/o/${slug}/invitations`,
    billing: (slug: string) => `/o/${slug}/billing`,
    portal: (slug: string) => `/o/${slug}/billing/portal`,
    roles: (slug: string) => `/o/${slug}/roles`,
    settings: (slug: string) => `/o/${slug}/settings`,
    switch: (slug: string) => `/o/${slug}/switch`,
  },
  account: {
    profile: () => "/account/profile",
    devices: () => "/account/devices",
  },
  admin: {
    overview: () => "/admin",
    billing: (view: { state?: string; page?: string } = {}) => withQuery("/admin/billing", view),
  },
  theme: () => "/theme",
  api: {
    profile: () => "/api/auth/profile",
    createCheckoutSession: () => "/api/billing/create-checkout-session",
    portal: () => "/api/billing/portal",
    billingStatus: (sessionId?: string) => withQuery("/api/billing/status", { session_id: sessionId }),
    onboardingProgress: () => "/api/onboarding/progress",
    stripeWebhook: () => "/api/webhooks/stripe",
  },
} as const

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path
}
