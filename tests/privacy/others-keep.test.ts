/** What deleting an account leaves alone, because it is somebody else's. */
import { expect, test } from "vitest"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { deleteAccount } from "~/domain/privacy/delete-account.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { buildUser } from "../support/cast"
import { hours, minutes } from "../support/clock"
import { requester } from "../support/membership"
import { tracesIn } from "../support/traces"
import { confirm, setUpWorld, signIn } from "../support/world"

const open = setUpWorld()

async function mailOf(template: string, state: string, parameters: object): Promise<string> {
  const id = newId()
  const stored = JSON.stringify({ parameters })
  await db().mail.create({
    data: { id, template, recipient: "payer@else.test", parameters: stored, state, createdAt: now() },
  })
  return id
}

const parametersOf = async (id: string) =>
  JSON.parse((await db().mail.findUniqueOrThrow({ where: { id } })).parameters).parameters

test("[S15] a short name empties no mail of others: neither one with it inside a word nor one still to be sent", async () => {
  const world = await open()
  const al = await buildUser(db(), { name: "Al", email: "al@short.test" })
  const inWord = { organizationName: "Albion Metals", planName: "Pro" }
  const whole = { organizationName: "Al", planName: "Pro" }
  const [waiting, sent, named, over, queued] = [
    await mailOf("activation", "not_set_up", whole),
    await mailOf("welcome", "sent", inWord),
    await mailOf("activation", "sent", whole),
    await mailOf("security_notice", "not_set_up", { by: "Al" }),
    await mailOf("activation", "queued", inWord),
  ]
  expect((await deleteAccount(al.id, requester)).ok).toBe(true)
  // A mail that waited, and could not be sent for want of a server, is sent later.
  await db().mail.update({
    where: { id: queued },
    data: { state: "not_set_up", parameters: '{"parameters":{"x":"Al"}}' },
  })
  world.clock.advance(minutes(3))
  await world.settle()
  expect(await parametersOf(waiting)).toEqual(whole)
  expect(await parametersOf(sent)).toEqual(inWord)
  expect(await parametersOf(queued)).toEqual({ x: "Al" })
  expect([await parametersOf(named), await parametersOf(over)]).toEqual([undefined, undefined])
})

test("[S15] addresses are whole: who has a longer one keeps history, notices and mails, and theirs goes from them all", async () => {
  const world = await open()
  const { alice } = world.cast
  const old = await buildUser(db(), { name: "Zed", email: "old@zebra.test" })
  const [longer, longest] = ["theold@zebra.testing.example", "the.old@zebra.test"]
  const event = { userId: alice.id, kind: "email_changed", requester } as const
  await recordSecurityEvent(db(), { ...event, detail: longer })
  await recordSecurityEvent(db(), { ...event, detail: "old@zebra.test" })
  const words = (...those: string[]) => JSON.stringify({ words: `Trouble:\n${those.join(", ")}.` })
  await db().setting.create({
    data: { key: "alert.z", value: words(longer, "Old@Zebra.test", longest), updatedAt: now() },
  })
  const mail = await mailOf("operator_notice", "sent", { words: `${longest} and old@zebra.test pay twice` })
  const keyed = await mailOf("welcome", "sent", {})
  await db().mail.update({ where: { id: keyed }, data: { dedupeKey: `told:x:${longest}` } })
  expect((await deleteAccount(old.id, requester)).ok).toBe(true)
  const alias = expect.stringMatching(/^deleted-[0-9a-f]{12}$/)
  const history = await db().securityEvent.findMany({
    where: { userId: alice.id },
    orderBy: { detail: "asc" },
  })
  expect(history.map(({ detail }) => detail)).toEqual([alias, longer])
  const { value } = await db().setting.findUniqueOrThrow({ where: { key: "alert.z" } })
  expect(value.replace(/deleted-\w+/, "•")).toBe(words(longer, "•", longest))
  expect((await parametersOf(mail)).words).toMatch(/^the\.old@zebra\.test and deleted-\w+ pay twice$/)
  expect((await db().mail.findUniqueOrThrow({ where: { id: keyed } })).dedupeKey).toBe(`told:x:${longest}`)
})

test("[S15] addresses that were asked for, or had and given back, go as well; what strangers have there stays", async () => {
  const world = await open()
  const { acme } = world.cast
  const zed = await buildUser(db(), { name: "Zed", email: "old@zebra.test" })
  const browser = world.browser()
  await signIn(world, browser, "old@zebra.test")
  await browser.post("/account/email", { intent: "change", email: "second@giraffe.test" })
  await world.settle()
  await confirm(browser, browser.inside(world.mailbox.latestTo("second@giraffe.test").link ?? ""))
  await world.settle()
  await confirm(browser, browser.inside(world.mailbox.latestTo("old@zebra.test").link ?? ""))
  await world.settle()
  world.clock.advance(minutes(2))
  await signIn(world, browser, "old@zebra.test")
  world.clock.advance(minutes(2))
  await browser.post("/account/email", { intent: "change", email: "third@hippo.test" })
  await world.settle()
  const invitation = {
    ...{ organizationId: acme.id, role: "member", createdAt: now(), sentAt: now(), expiresAt: now() },
    ...{ id: newId(), email: "third@hippo.test", emailTyped: "third@hippo.test" },
  }
  await db().invitation.create({ data: invitation })
  const browserOf = JSON.stringify(await db().mail.findMany({ where: { parameters: { contains: zed.id } } }))
  expect(browserOf).toContain("clientAddress")
  expect((await deleteAccount(zed.id, requester)).ok).toBe(true)
  await world.settle()
  world.clock.advance(hours(1))
  await world.settle()
  expect(tracesIn(world.database.file, [/zebra|giraffe/i])).toEqual([])
  expect(tracesIn(world.database.file, [/hippo/i]).map(line => line.split(":")[0])).toEqual([
    "Invitation.email",
    "Invitation.emailTyped",
  ])
  expect(await db().mail.count({ where: { parameters: { contains: zed.id } } })).toBe(0)
})
