import { expect, test } from "vitest"
import { Program } from "../support/program"
import { type House, setUpHouse } from "./house"
import { askForLink, cutOff } from "./visitor"

const house = setUpHouse()
const email = "alice@acme.test"
const refresh = "/api/auth/refresh"

/** A program that somebody signed in with the link of their mail. */
async function signedIn(h: House): Promise<Program> {
  await askForLink(h.browser(), email)
  const { link } = await h.mailbox.waitFor(email, undefined, 15_000)
  await h.settled()
  const program = new Program(h.url)
  const answer = await program.withCookie(
    "/api/auth/verify",
    {},
    {
      token: new URL(link).searchParams.get("token"),
    },
  )
  expect([answer.status, answer.json.status]).toEqual([200, "signed_in"])
  return program
}

const used = (h: House) =>
  h.rows<{ usedAt: number | null }>("SELECT usedAt FROM RefreshToken WHERE usedAt IS NOT NULL")
const profile = (p: Program) => p.call("GET", "/api/auth/profile")

test("[A2] killed before the commit of a refresh, the old token is as good as before, and so is the session", async () => {
  const h = await house()
  const p = await signedIn(h)
  const first = p.refreshToken
  await h.start("refresh.before-commit")
  expect(await cutOff(p.withCookie(refresh).then(() => h.browser().get("/")))).toBe(true)
  await h.died()
  expect([h.count("RefreshToken"), used(h)]).toEqual([1, []])
  await h.start()
  expect((await profile(p)).json.user.email).toBe(email)
  expect((await p.withCookie(refresh)).status).toBe(200)
  expect(p.refreshToken).not.toBe(first)
  expect([h.count("RefreshToken"), used(h).length]).toEqual([2, 1])
  expect(h.rows("SELECT endedAt FROM Session")).toEqual([{ endedAt: null }])
  expect((await profile(p)).status).toBe(200)
})

test("[A1] keys, tokens and families outlive a kill: what was signed before counts after", async () => {
  const h = await house()
  const p = await signedIn(h)
  expect((await p.withCookie(refresh)).status).toBe(200)
  const keys = h.rows("SELECT id FROM SigningKey")
  await h.kill()
  await h.start()
  expect((await profile(p)).status).toBe(200)
  expect((await p.withCookie(refresh)).status).toBe(200)
  expect(h.rows("SELECT id FROM SigningKey")).toEqual(keys)
})
