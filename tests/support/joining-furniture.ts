import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { buildOrganization, buildUser, day } from "./cast"

/** A full organisation that is open to its domain, somebody of that domain outside, and somebody who was invited too long ago. */
export async function furnishJoining() {
  const gina = await buildUser(db(), { name: "Gina Grey", email: "gina@keepers.test" })
  const jo = await buildUser(db(), { name: "Jo Jensen", email: "jo@keepers.test" })
  const lars = await buildUser(db(), { name: "Lars Late", email: "late@somewhere.test" })
  const others: User[] = []
  for (const name of ["one", "two", "three"])
    others.push(await buildUser(db(), { email: `${name}@keepers.test` }))
  const ada = await buildUser(db(), { name: "Ada Ames", email: "ada@keepers.test" })
  const keepers = await buildOrganization(db(), {
    name: "Harbour Keepers",
    slug: "harbour-keepers",
    members: [[gina, "owner"], [ada, "admin"], ...others.map((user): [User, "member"] => [user, "member"])],
  })
  for (const domain of ["keepers.test", "xn--hafenwrter-v5a.test"]) {
    await db().joinableDomain.create({
      data: { organizationId: keepers.id, domain, addedById: gina.id, createdAt: fromNow(-3 * day) },
    })
  }
  return { gina, jo, lars, ada }
}
