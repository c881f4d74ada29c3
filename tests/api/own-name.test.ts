import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { codeOf, programByKey, programOf } from "../support/callers"
import { Program } from "../support/program"
import { enter } from "../support/tenancy"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const path = "/api/auth/profile"
const nameOf = async (w: World) => (await db().user.findUniqueOrThrow({ where: { id: w.cast.bob.id } })).name

test("[N1] one's own name is changed by API, and told so at the next request", async () => {
  const w = await world()
  const bobs = await programOf(w, w.cast.bob)
  await bobs.withCookie("/api/auth/refresh")
  const { status, json } = await bobs.call("PATCH", path, { name: "  Bob   Baker " })
  expect(status).toBe(200)
  expect(json).toMatchObject({
    user: { id: w.cast.bob.id, name: "Bob Baker" },
    organization: { slug: "acme" },
  })
  expect((await bobs.call("GET", path)).json).toEqual(json)
  const { body } = await (await enter(w.browser(), w.cast.bob)).get("/account/profile")
  expect(body).toContain("Bob Baker")
})

test("[S16] a page of ours may change it with its cookie, a page elsewhere may not", async () => {
  const w = await world()
  const browser = await enter(w.browser(), w.cast.bob)
  expect((await browser.json(path, { name: "Bob Baker" }, "PATCH")).status).toBe(200)
  const Cookie = `gatehouse=${browser.cookies.get("gatehouse")}`
  const elsewhere = new Program(w.url)
  for (const Origin of ["https://evil.example", undefined]) {
    const refused = await elsewhere.send(
      "PATCH",
      path,
      { name: "Evil" },
      { Cookie, ...(Origin && { Origin }) },
    )
    expect(codeOf(refused)).toBe("403 forbidden_origin")
  }
  expect(await nameOf(w)).toBe("Bob Baker")
})

test("[A1] what is no name is refused by field, and neither a key nor a guest has one", async () => {
  const w = await world()
  const before = await nameOf(w)
  const bobs = await programOf(w, w.cast.bob)
  for (const name of ["", "   ", "x".repeat(81), 7, null, { $ne: "" }, undefined]) {
    const refused = await bobs.call("PATCH", path, { name })
    expect(codeOf(refused), String(name)).toBe("400 invalid_input")
    expect(Object.keys(refused.json.error.fields)).toContain("name")
  }
  const key = await programByKey(w, w.cast.alice)
  expect(codeOf(await key.call("PATCH", path, { name: "Key" }))).toBe("403 scope_missing")
  const guest = await new Program(w.url).send("PATCH", path, { name: "Guest" }, { Origin: w.url })
  expect(codeOf(guest)).toBe("401 signed_out")
  expect(await nameOf(w)).toBe(before)
})
