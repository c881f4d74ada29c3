import { describe, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { codeOf, programOf } from "../support/callers"
import { buildMembership } from "../support/cast"
import { Program } from "../support/program"
import { confirm, setUpWorld, signIn, type World } from "../support/world"

const world = setUpWorld()

const wish = { name: "CI", scopes: ["members:read"] }

const textOf = (html: string) => html.replace(/<[^>]*>/g, "").replace(/\s+/g, " ")

describe("making one is told", () => {
  const made = async (w: World, user = w.cast.alice, slug = "acme") => {
    const answer = await (await programOf(w, user)).call("POST", `/api/organizations/${slug}/keys`, wish)
    const program = new Program(w.url)
    program.accessToken = answer.json.key
    return { program, key: answer.json.key }
  }

  test("[S4] its maker hears of it by mail and in their history, without the key", async () => {
    const w = await world()
    const { key } = await made(w)
    await w.settle()
    const mail = w.mailbox.latestTo("alice@acme.test")
    expect(mail.link).toContain("/not-me?token=")
    expect(mail.subject).toBe("An API key was made in your name")
    expect(mail.text).toContain("CI, for Acme")
    expect(mail.text).toContain("API keys you made")
    expect(JSON.stringify(mail)).not.toContain(key)
    const [event] = await db().securityEvent.findMany({ where: { kind: "api_key_made" } })
    expect(event).toMatchObject({ userId: w.cast.alice.id, detail: "CI, for Acme" })
    expect(await db().mail.count({ where: { template: "security_notice" } })).toBe(1)
  })

  test("[S4] “this wasn’t me” ends every key the person made, everywhere, and nobody else’s", async () => {
    const w = await world()
    const { alice, amir, birch } = w.cast
    await buildMembership(db(), { user: alice, organization: birch, role: "admin" })
    const acmes = await made(w)
    const birchs = await made(w, alice, "birch")
    const amirs = await made(w, amir)
    await w.settle()
    const own = w.browser()
    const link = own.inside(w.mailbox.latestTo("alice@acme.test").link ?? "")
    expect((await own.get(link)).body).toContain("every API key made in your name is revoked")
    expect((await confirm(own, link)).status).toBe(200)
    for (const { program } of [acmes, birchs])
      expect(codeOf(await program.call("GET", "/api/auth/profile"))).toBe("401 invalid_token")
    expect(codeOf(await amirs.program.call("GET", "/api/auth/profile"))).toBe("200 done")
    const lines = await db().auditEntry.findMany({ where: { act: "key.revoked" } })
    expect(lines.map(line => [line.organizationId, line.actorUserId]).sort()).toEqual(
      [
        [w.cast.acme.id, alice.id],
        [birch.id, alice.id],
      ].sort(),
    )
    for (const line of lines) expect(JSON.parse(line.detail)).toMatchObject({ because: "not_me" })
  })

  test("[S4] signing out everywhere ends no key, and the pages say so and where it stands", async () => {
    const w = await world()
    const { program } = await made(w)
    const { acme } = w.cast
    const own = w.browser()
    await signIn(w, own, "alice@acme.test")
    expect(textOf((await own.get("/account/security")).body)).toContain(
      "go on when you sign out: 1 key of Acme",
    )
    expect((await own.get("/account/security")).body).toContain(`href="/o/${acme.slug}/settings/keys"`)
    expect(textOf((await own.get("/account/devices")).body)).toContain("API keys you made are no devices")
    const person = await programOf(w, w.cast.alice)
    expect((await person.call("POST", "/api/auth/logout-everywhere")).status).toBe(200)
    expect(codeOf(await program.call("GET", "/api/auth/profile"))).toBe("200 done")
    const bob = w.browser()
    await signIn(w, bob, "bob@acme.test")
    expect((await bob.get("/account/security")).body).not.toContain("go on when you sign out")
  })
})
