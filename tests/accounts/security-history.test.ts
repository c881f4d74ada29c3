import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { knownEvents, securityWords } from "~/domain/accounts/security-words"
import { db } from "~/platform/db.server"
import { minutes } from "../support/clock"
import { requester } from "../support/membership"
import { setUpWorld, signIn } from "../support/world"

const open = setUpWorld()

test("[S3] every kind of event there is has words of its own", () => {
  const source = readFileSync("app/domain/accounts/security-events.server.ts", "utf8")
  const kinds = [...source.matchAll(/^ {2}\| "(\w+)"$/gm)].map(([, kind = ""]) => kind)
  expect(kinds.length).toBeGreaterThan(30)
  expect([...knownEvents].sort()).toEqual(kinds.sort())
  expect(securityWords("of_a_later_version", "")).toBe("of a later version")
})

test("[S3] the history tells what happened, page by page, and nothing of anybody else", async () => {
  const world = await open()
  const alice = world.browser()
  await signIn(world, alice, "alice@acme.test")
  for (let i = 0; i < 30; i++) {
    world.clock.advance(minutes(1))
    await recordSecurityEvent(db(), {
      userId: world.cast.alice.id,
      kind: "passkey_added",
      detail: `Key ${i}`,
      requester,
    })
  }
  await recordSecurityEvent(db(), {
    userId: world.cast.bob.id,
    kind: "passkey_added",
    detail: "Bob’s own",
    requester,
  })
  const first = await alice.get("/account/history")
  expect(first.body).toContain("A passkey was added: Key 29")
  expect(first.body).not.toContain("Bob’s own")
  expect(first.body).not.toContain("Signed in with a link by e-mail")
  const older = /href="(\/account\/history\?after=[^"]+|\?after=[^"]+)"/.exec(first.body)?.[1] ?? ""
  const second = await alice.get(
    new URL(older, `${world.url}/account/history`).pathname + new URL(older, world.url).search,
  )
  expect(second.body).toContain("A passkey was added: Key 0")
  expect(second.body).toContain("Signed in with a link by e-mail")
  expect(second.body).not.toContain("Bob’s own")
})

test("[S3] the history tells of signing out, too", async () => {
  const world = await open()
  const alice = world.browser()
  await signIn(world, alice, "alice@acme.test")
  await alice.post("/logout", {})
  world.clock.advance(minutes(2))
  await signIn(world, alice, "alice@acme.test")
  expect((await alice.get("/account/history")).body).toContain("Signed out")
})

test("[S3] the security page names what stands", async () => {
  const world = await open()
  const { alice } = world.cast
  const browser = world.browser()
  await signIn(world, browser, alice.email)
  const before = (await browser.get("/account/security")).body.replace(/<!-- -->/g, "")
  expect(before).toContain("None. You sign in without one.")
  expect(before).toContain("You are signed in on 1 device.")
  await db().password.create({ data: { userId: alice.id, hash: "x", changedAt: new Date() } })
  await db().totp.create({
    data: { userId: alice.id, secret: "x", createdAt: new Date(), confirmedAt: new Date() },
  })
  const after = (await browser.get("/account/security")).body.replace(/<!-- -->/g, "")
  expect(after).not.toContain("You sign in without one.")
  expect(after).toContain("no recovery codes left")
  world.settings({ PASSWORDS: "off" })
  expect((await browser.get("/account/security")).body).not.toContain("/account/password")
})
