import { membershipsOf } from "~/domain/organizations/memberships.server"

/** The organisations of a person as every page's switcher lists them, the one used last first. */
export async function organizationsOf(userId: string) {
  const memberships = await membershipsOf(userId)
  return memberships.map(({ organization: { slug, name, archivedAt, logo } }) => {
    return { slug, name, logo, archived: archivedAt !== null }
  })
}
