import { describe, expect, test } from "vitest"
import { acts, actsOf, can, grantableBy, isRole, mayGrant, roles } from "~/domain/organizations/roles"

describe("the permission table", () => {
  test("[O2] what each role may do", () => {
    expect(actsOf.member).toEqual(["organization.view"])
    expect(can("admin", "invitations.manage")).toBe(true)
    expect(can("admin", "billing.manage")).toBe(false)
    expect(can("owner", "billing.manage")).toBe(true)
    expect(Object.keys(acts).every(act => actsOf.owner.some(owned => owned === act))).toBe(true)
  })

  test("[O2] a role above one's own cannot be granted, and a member grants none", () => {
    const granted = Object.fromEntries(roles.map(role => [role, grantableBy(role)]))
    expect(granted).toEqual({ owner: ["member", "admin", "owner"], admin: ["member", "admin"], member: [] })
    expect(mayGrant("admin", "owner")).toBe(false)
  })

  test("[O2] nobody hands out an act they do not have themselves", () => {
    for (const role of roles) {
      for (const target of grantableBy(role)) {
        expect(actsOf[target].filter(act => !can(role, act))).toEqual([])
      }
    }
  })

  test("[O2] a stored value the table does not know is no role", () => {
    expect([isRole("owner"), isRole("root"), isRole(""), isRole(null)]).toEqual([true, false, false, false])
  })
})
