/** Someone a provider knows, as its tokens say. `sub` is their id there; a person of Microsoft has a tenant besides. */
export type Person = {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  /** The domain Google hosts for them. */
  hd?: string
  tid?: string
  oid?: string
  preferred_username?: string
}

/** Tenants of the stand-in for Microsoft. The last is where it keeps private accounts. */
export const tenants = {
  acme: "0a0a0a0a-1111-4222-8333-444444444444",
  evil: "6e6e6e6e-1111-4222-8333-555555555555",
  private: "9188040d-6c67-4c5b-b112-36a304b66dad",
} as const

export type Tenant = keyof typeof tenants
