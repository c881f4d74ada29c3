import { describe, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { buildMembership, buildOrganization, buildUser } from "../support/cast"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()

async function ownerOfCedar(world: World) {
  const ned = await buildUser(db(), { email: "ned@cedar.test" })
  await buildOrganization(db(), { name: "Cedar", slug: "cedar", members: [[ned, "owner"]] })
  const browser = world.browser()
  await signIn(world, browser, ned.email)
  return browser
}

const page = "/onboarding?org=cedar"
const take = (browser: Browser, fields: Record<string, string>) =>
  browser.post(page, { org: "cedar", ...fields })

describe("the guided set-up", () => {
  test("[N1] one step at a time to the celebration, without JavaScript", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    expect((await ned.get(page)).body).toContain("What should people call you?")
    expect((await take(ned, { step: "profile", name: "Ned Nobel" })).location).toBe(page)
    const second = await ned.get(page)
    expect([second.body.includes("organisation’s name"), second.body.includes('value="Cedar"')]).toEqual([
      true,
      true,
    ])
    expect((await take(ned, { step: "workspace", name: "Cedar Works" })).location).toBe(page)
    expect((await ned.get(page)).body).toContain("Who works with you?")
    const third = await take(ned, { step: "invite_member", addresses: "new@x.test", role: "member" })
    expect([third.status, third.body.includes("first API key"), third.body.includes("Invited")]).toEqual([
      200,
      true,
      true,
    ])
    expect(third.body).toContain('href="/o/cedar/settings/keys"')
    const last = await ned.post("/o/cedar/settings/keys", {
      name: "CI",
      scopes: "audit:read",
      lifetime: "90",
    })
    expect([last.status, last.body.includes('href="/onboarding?org=cedar"')]).toEqual([200, true])
    expect((await ned.get(page)).body).toContain("The lamp is lit")
    expect((await ned.get("/o/cedar")).body).not.toContain("What to do next")
    expect(await db().user.findFirst({ where: { name: "Ned Nobel" } })).not.toBeNull()
    expect((await db().organization.findUniqueOrThrow({ where: { slug: "cedar" } })).name).toBe("Cedar Works")
    expect((await db().onboarding.findFirstOrThrow()).finishedAt).not.toBeNull()
  })

  test("[N1] who could not be invited goes back into the form, and only a list without them ends the set-up", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    for (const step of ["profile", "workspace", "first_workflow"])
      await ned.post("/onboarding/skip", { intent: "skip", org: "cedar", step })
    const mixed = { step: "invite_member", addresses: "new@x.test, nonsense", role: "admin" }
    const half = await take(ned, mixed)
    expect(half.body).not.toContain("The lamp is lit")
    for (const words of ["Who works with you?", "Invited", "Not an address", "could not be invited"])
      expect(half.body).toContain(words)
    expect(half.body).toMatch(/<textarea[^>]*>nonsense<\/textarea>/)
    const reloaded = await ned.get(page)
    expect([
      reloaded.body.includes("Who works with you?"),
      reloaded.body.includes("The lamp is lit"),
    ]).toEqual([true, false])
    const whole = await take(ned, { ...mixed, addresses: "none@x.test" })
    expect(whole.body).toContain("The lamp is lit")
    expect((await ned.get(page)).body).toContain("The lamp is lit")
  })

  test("[N1] after a list that failed in part, skipping ends the set-up, and so does inviting elsewhere", async () => {
    const world = await open()
    for (const way of ["skip", "elsewhere"]) {
      const ned = way === "skip" ? await ownerOfCedar(world) : world.browser()
      if (way === "elsewhere") {
        await db().organization.deleteMany({ where: { slug: "cedar" } })
        await db().user.deleteMany({ where: { email: "ned@cedar.test" } })
        const again = await buildUser(db(), { email: "ned@cedar.test" })
        await buildOrganization(db(), { name: "Cedar", slug: "cedar", members: [[again, "owner"]] })
        await signIn(world, ned, again.email)
      }
      for (const step of ["profile", "workspace", "first_workflow"])
        await ned.post("/onboarding/skip", { intent: "skip", org: "cedar", step })
      await take(ned, { step: "invite_member", addresses: "new@x.test, nonsense", role: "member" })
      expect((await ned.get(page)).body).toContain("Who works with you?")
      world.clock.advance(1000)
      if (way === "skip")
        await ned.post("/onboarding/skip", { intent: "skip", org: "cedar", step: "invite_member" })
      else await ned.post("/o/cedar/invitations", { addresses: "other@x.test", role: "member" })
      expect((await ned.get(page)).body, way).toContain("The lamp is lit")
    }
  })

  test("[N1] each step can be skipped, and the whole finished later", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    expect(
      (await ned.post("/onboarding/skip", { intent: "skip", org: "cedar", step: "profile" })).location,
    ).toBe(page)
    expect((await ned.get(page)).body).toContain("organisation’s name")
    expect((await ned.post("/onboarding/skip", { intent: "later", org: "cedar" })).location).toBe("/o/cedar")
    expect((await ned.get("/o/cedar")).body).toContain("Go on setting up")
    for (const step of ["workspace", "invite_member", "first_workflow"]) {
      await ned.post("/onboarding/skip", { intent: "skip", org: "cedar", step })
    }
    expect((await ned.get(page)).body).toContain("The lamp is lit")
  })

  test("[N1] mistakes keep what was typed and the step open", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    expect((await take(ned, { step: "workspace", name: "---" })).status).toBe(400)
    const refused = await take(ned, { step: "invite_member", addresses: "nonsense", role: "member" })
    expect([refused.status, refused.body.includes("Not an address")]).toEqual([200, true])
    expect((await take(ned, { step: "first_rocket" })).status).toBe(400)
    expect((await ned.post("/onboarding/skip", { intent: "skip", org: "cedar", step: "x" })).status).toBe(400)
    const { steps } = JSON.parse((await ned.get("/api/onboarding/progress?org=cedar")).body)
    expect(steps.map((step: { state: string }) => step.state)).toEqual(["open", "open", "open", "open"])
  })

  test("[N1] without a name in the address: the organisation used last that one may set up", async () => {
    const world = await open()
    const { amir, bob, birch } = world.cast
    await buildMembership(db(), { user: amir, organization: birch, role: "member", lastUsedAt: new Date() })
    const admin = world.browser()
    await signIn(world, admin, amir.email)
    expect((await admin.get("/onboarding")).location).toBe("/onboarding?org=acme")
    const member = world.browser()
    await signIn(world, member, bob.email)
    expect((await member.get("/onboarding")).location).toBe("/start")
  })
})

describe("/api/onboarding/progress", () => {
  test("[N2] GET tells the steps, PATCH moves them", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    const url = "/api/onboarding/progress"
    const first = await ned.get(`${url}?org=cedar`)
    expect([first.status, first.headers.get("Cache-Control")]).toEqual([200, "no-store"])
    expect(JSON.parse(first.body)).toMatchObject({
      org: "cedar",
      current: "profile",
      finished: false,
      postponed: false,
      steps: [
        { id: "profile", state: "open" },
        { id: "workspace" },
        { id: "invite_member" },
        { id: "first_workflow" },
      ],
    })
    const patch = (body: unknown) => ned.json(url, body, "PATCH")
    expect(JSON.parse((await patch({ org: "cedar", step: "profile", state: "skipped" })).body).current).toBe(
      "workspace",
    )
    expect(JSON.parse((await patch({ org: "cedar", step: "workspace", state: "done" })).body).current).toBe(
      "invite_member",
    )
    expect(JSON.parse((await patch({ org: "cedar", postponed: true })).body).postponed).toBe(true)
    await patch({ org: "cedar", step: "invite_member", state: "skipped" })
    const end = JSON.parse((await patch({ org: "cedar", step: "first_workflow", state: "skipped" })).body)
    expect(end).toMatchObject({ current: null, finished: true, postponed: false })
  })

  test("[N2] without a name GET tells of the organisation used last, and of none where there is none", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    expect(JSON.parse((await ned.get("/api/onboarding/progress")).body).org).toBe("cedar")
    await db().membership.deleteMany({ where: { organization: { slug: "cedar" } } })
    expect((await ned.get("/api/onboarding/progress")).status).toBe(404)
  })

  test("[N2] errors have the one shape", async () => {
    const world = await open()
    const ned = await ownerOfCedar(world)
    const url = "/api/onboarding/progress"
    const answers = [
      await ned.get(`${url}?org=acme`),
      await ned.json(url, { org: "cedar", step: "invite_member", state: "done" }, "PATCH"),
      await ned.json(url, { org: "cedar", step: "first_rocket", state: "done" }, "PATCH"),
      await ned.json(url, { org: "cedar", step: "profile", state: "skipped", postponed: true }, "PATCH"),
      await ned.json(url, { org: "cedar" }, "POST"),
      await world.browser().json(url, { org: "cedar", postponed: true }, "PATCH"),
    ]
    const codes = answers.map(answer => [answer.status, JSON.parse(answer.body).error.code])
    expect(codes).toEqual([
      [404, "not_found"],
      [409, "step_by_doing"],
      [400, "invalid_input"],
      [400, "invalid_input"],
      [405, "method_not_allowed"],
      [401, "signed_out"],
    ])
    for (const answer of answers) expect(JSON.parse(answer.body).error.message).toMatch(/\.$/)
    expect(await db().onboarding.count()).toBe(0)
  })
})
