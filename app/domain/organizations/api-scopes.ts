/**
 * What an API key may do: never more than its scopes, and never more than the person who made it, nor than an admin [A3]. Each scope opens acts of
 * one permission of the table in `roles.ts`, so nobody can put more into a key than their own role allows.
 */
import { can, type Permission, type Role } from "~/domain/organizations/roles"

export const apiScopes = {
  "organization:read": {
    permission: "organization.view",
    words: "Read the organisation’s name, address and plan",
  },
  "organization:write": { permission: "organization.set_up", words: "Change the organisation’s name" },
  "members:read": { permission: "organization.view", words: "List the people" },
  "members:write": { permission: "members.manage", words: "Change roles and remove people, but no owners" },
  "invitations:read": { permission: "invitations.view", words: "List invitations" },
  "invitations:write": {
    permission: "invitations.manage",
    words: "Invite people, but no owners, send invitations again and withdraw them",
  },
  "audit:read": { permission: "audit.read", words: "Read the audit log" },
} as const satisfies Record<string, { permission: Permission; words: string }>

export type ApiScope = keyof typeof apiScopes

export const apiScopeList = Object.keys(apiScopes).filter(isApiScope)

/** Narrows a stored or posted value. */
export function isApiScope(value: string): value is ApiScope {
  return Object.hasOwn(apiScopes, value)
}

/** The scopes whose acts the table gives this role: what its keys can hold. */
export function scopesOf(role: Role): ApiScope[] {
  return apiScopeList.filter(scope => can(role, apiScopes[scope].permission))
}

/** Scopes as they are stored, narrowed; one that this version does not know gives nothing. */
export function readScopes(stored: string): ApiScope[] {
  return stored.split(",").filter(isApiScope)
}
