import { expect, test } from "vitest"
import { availableMethods } from "~/domain/sign-in/available-methods.server"
import { db } from "~/platform/db.server"
import { setUpWorld, signIn } from "../support/world"

const world = setUpWorld()
const page = "/o/acme/settings/security"

const other = {
  OIDC_ISSUER: "https://id.acme.test",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  OIDC_NAME: "Acme ID",
}

test("[O12] an organisation is offered the ways in this installation has, by their names, and no other", async () => {
  const w = await world()
  expect(availableMethods().map(({ method }) => method)).toEqual(["email", "password", "passkey"])
  w.settings({ PASSWORDS: "off", ...other })
  expect(availableMethods().map(({ method }) => method)).toEqual(["email", "passkey", "oidc"])

  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  const { body } = await alice.get(page)
  expect(body).toContain("Acme ID")
  expect(body).not.toMatch(/name="methods"[^>]*value="(password|google|microsoft)"/)
  const refused = await alice.post(page, { ways: "only", methods: "google" })
  expect(refused.status).toBe(400)
  expect(refused.body).toContain("not offered on this site")
  expect((await db().organization.findUniqueOrThrow({ where: { slug: "acme" } })).signInMethods).toBe("")
})

test("[O12] whoever came another way is told of those that still work here, and otherwise whom to ask", async () => {
  const w = await world()
  w.settings(other)
  await db().organization.update({ where: { slug: "acme" }, data: { signInMethods: "google,oidc" } })
  const bob = w.browser()
  await signIn(w, bob, "bob@acme.test")
  expect((await bob.get("/o/acme")).body).toContain("to come in by: Acme ID. You came in by another way.")
  w.settings({})
  expect((await bob.get("/o/acme")).body).toContain("does not offer that at the moment")
})
