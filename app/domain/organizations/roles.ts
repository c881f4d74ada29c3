/**
 * Who may do what: one table from role to acts [O2]. The guards of pages and API read it, the pages show and hide by it, and
 * the page "Who may do what" prints it. Nobody hands out a role above their own, and an admin cannot touch an owner: both follow
 * from the acts it takes to grant a role.
 */
export const roles = ["owner", "admin", "member"] as const

export type Role = (typeof roles)[number]

/** Every act on an organisation, in the words the page shows. */
export const acts = {
  "organization.view": "See the overview, the people and the plan",
  "organization.set_up": "Go through the guided set-up, change the name and the logo",
  "invitations.view": "See who is invited",
  "invitations.manage": "Invite people, send an invitation again or withdraw it",
  "members.manage": "Change the roles of members and remove them",
  "roles.grant_admin": "Make someone an admin; change or remove an admin",
  "roles.grant_owner": "Make someone an owner; change or remove an owner",
  "audit.read": "Read and download the audit log",
  "keys.manage": "Create API keys",
  "keys.revoke": "See API keys and revoke them",
  "organization.change_address": "Change the web address of the organisation",
  "security.manage": "Decide how members sign in and who may join by their domain",
  "billing.manage": "See invoices, change the plan, the way of paying and the billing e-mail",
  "billing.delegate": "Let admins manage billing, too, and take that back",
  "ownership.transfer": "Hand the organisation over to someone else",
  "organization.export": "Download everything the organisation holds",
  "organization.close": "Close the organisation, and take that back",
} as const

export type Permission = keyof typeof acts

const everyPermission = Object.keys(acts).filter((act): act is Permission => Object.hasOwn(acts, act))

/** The same as rows, in this order. */
export const actList = everyPermission.map(permission => ({ permission, words: acts[permission] }))

const everyAct = ["organization.view"] as const
const adminActs = [
  ...everyAct,
  "organization.set_up",
  "invitations.view",
  "invitations.manage",
  "members.manage",
  "roles.grant_admin",
  "audit.read",
  "keys.manage",
  "keys.revoke",
] as const
const ownerActs = [
  ...adminActs,
  "roles.grant_owner",
  "organization.change_address",
  "security.manage",
  "billing.manage",
  "billing.delegate",
  "ownership.transfer",
  "organization.export",
  "organization.close",
] as const

/** What an owner can still do while the organisation is archived [O8]. Everything else waits until it is restored. */
export const actsWhileArchived: readonly Permission[] = [
  "billing.manage",
  "organization.export",
  "organization.close",
]

/**
 * What changes an organisation. While its plan is unpaid or gone these wait [B7]; reading, export, paying, leaving, handing
 * over and closing go on.
 */
export const actsThatChange: readonly Permission[] = [
  "organization.set_up",
  "invitations.manage",
  "members.manage",
  "roles.grant_admin",
  "roles.grant_owner",
  "keys.manage",
  "organization.change_address",
  "security.manage",
]

export const actsOf: Record<Role, readonly Permission[]> = {
  owner: ownerActs,
  admin: adminActs,
  member: everyAct,
}

export const roleNames: Record<Role, string> = { owner: "Owner", admin: "Admin", member: "Member" }

/** One sentence per role, for the form that hands it out. */
export const roleWords: Record<Role, string> = {
  owner: "Everything, including payment and closing",
  admin: "Looks after people and sets things up",
  member: "Works in the organisation",
}

/** The role of a person, in words: "a member", "an owner". */
export function aRole(role: Role): string {
  return role === "member" ? "a member" : `an ${role}`
}

/** The act it takes to hand out a role, or to change what someone with that role was given. */
const actToGrant: Record<Role, Permission> = {
  owner: "roles.grant_owner",
  admin: "roles.grant_admin",
  member: "invitations.manage",
}

/** Whether the table gives this act to this role. */
export function can(role: Role, permission: Permission): boolean {
  return actsOf[role].includes(permission)
}

/** What owners of an organisation may hand down, beyond the table. */
export type Delegated = { adminsManageBilling: boolean }

/** Whether the table gives this act to this role, or the owners of this organisation have handed it down [B10]. */
export function canHere(role: Role, permission: Permission, { adminsManageBilling }: Delegated): boolean {
  return can(role, permission) || (adminsManageBilling && permission === "billing.manage" && role === "admin")
}

/** The same of a member. */
export function mayHere(
  { role, organization }: { role: Role; organization: Delegated },
  permission: Permission,
): boolean {
  return canHere(role, permission, organization)
}

/** Whose act it is, in words: "an owner or admin". */
export function whoMay(
  permission: Permission,
  delegated: Delegated = { adminsManageBilling: false },
): string {
  return `an ${roles.filter(role => canHere(role, permission, delegated)).join(" or ")}`
}

/** Whether someone with `role` may hand out `target`, or touch what someone has been given as `target`. */
export function mayGrant(role: Role, target: Role): boolean {
  return can(role, actToGrant[target])
}

/** The roles someone with `role` may hand out, the lowest first, as forms offer them. */
export function grantableBy(role: Role): Role[] {
  return roles.filter(target => mayGrant(role, target)).reverse()
}

/** Narrows a stored or posted value. */
export function isRole(value: unknown): value is Role {
  return roles.some(role => role === value)
}
