import { hash } from "@node-rs/argon2"
import { expect, test } from "vitest"
import { hashPassword, isOutdated, verifyPassword } from "~/domain/accounts/password-hashing.server"

test("[S6] passwords are kept as argon2id with the parameters OWASP asks for, each with its own salt", async () => {
  const [one, two] = await Promise.all([hashPassword("same password"), hashPassword("same password")])
  if (!one.ok || !two.ok) throw new Error("busy")
  expect(one.value).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one.value).not.toBe(two.value)
  expect(isOutdated(one.value)).toBe(false)
  expect(await verifyPassword(one.value, "same password")).toEqual({ ok: true, value: true })
  expect(await verifyPassword(one.value, "same password ")).toEqual({ ok: true, value: false })
})

test("[S6] a password is the same in every Unicode form", async () => {
  const composed = await hashPassword("Caf\u00e9 am \u212bngstr\u00f6m")
  if (!composed.ok) throw new Error("busy")
  expect(await verifyPassword(composed.value, "Cafe\u0301 am A\u030angstro\u0308m")).toEqual({
    ok: true,
    value: true,
  })
})

test("[S6] what is longer than the algorithm of older days could take counts to its last letter", async () => {
  const long = "a long sentence that goes on ".repeat(8)
  const kept = await hashPassword(`${long}x`)
  if (!kept.ok) throw new Error("busy")
  expect(await verifyPassword(kept.value, `${long}y`)).toEqual({ ok: true, value: false })
})

test("[L11] without a hash it is wrong, and takes as long", async () => {
  const kept = await hashPassword("a password")
  if (!kept.ok) throw new Error("busy")
  const time = async (stored: string | undefined) => {
    const began = performance.now()
    expect(await verifyPassword(stored, "another")).toEqual({ ok: true, value: false })
    return performance.now() - began
  }
  const known: number[] = []
  const unknown: number[] = []
  for (let i = 0; i < 9; i++) {
    known.push(await time(kept.value))
    unknown.push(await time(undefined))
  }
  const middle = (times: number[]) => times.sort((a, b) => a - b)[4] ?? 0
  expect(middle(unknown)).toBeGreaterThan(middle(known) / 3)
  expect(middle(unknown)).toBeLessThan(middle(known) * 3)
})

test("[S6] beyond what can be done in a few seconds, hashing is refused at once; what waits is done", async () => {
  const all = await Promise.all(Array.from({ length: 200 }, () => verifyPassword(undefined, "x")))
  const refused = all.filter(one => !one.ok)
  expect(refused.length).toBeGreaterThan(100)
  expect(refused.every(one => !one.ok && one.error === "busy")).toBe(true)
  expect(all.length - refused.length).toBeGreaterThanOrEqual(64)
  expect((await verifyPassword(undefined, "x")).ok).toBe(true)
})

test("[S6] a hash of weaker parameters is known as such", async () => {
  expect(isOutdated(await hash("x", { memoryCost: 4_096, timeCost: 3, parallelism: 1 }))).toBe(true)
})
