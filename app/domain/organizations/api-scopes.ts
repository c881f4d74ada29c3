/** What an API key may do: never more than this, and never more than the person who made it [A3]. */
export const apiScopes = {
  "organization:read": "Read the organisation’s name, address and plan",
  "organization:write": "Change the organisation’s name",
  "members:read": "List the people",
  "members:write": "Change roles and remove people",
  "invitations:read": "List invitations",
  "invitations:write": "Invite people, send invitations again and withdraw them",
  "audit:read": "Read the audit log",
} as const

export type ApiScope = keyof typeof apiScopes

export const apiScopeList = Object.keys(apiScopes).filter(isApiScope)

/** Narrows a stored or posted value. */
export function isApiScope(value: string): value is ApiScope {
  return Object.hasOwn(apiScopes, value)
}
