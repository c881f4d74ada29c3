import { afterEach, expect, test } from "vitest"
import { setEnv } from "~/platform/env.server"
import { seal, sealedWithOldKey, unseal } from "~/platform/sealed.server"

const key = (fill: number) => Buffer.alloc(32, fill).toString("base64")

afterEach(() => setEnv({ ENCRYPTION_KEYS: undefined }))

test("[S8] a sealed secret opens again, and no two seals of it look alike", () => {
  const sealed = seal("totp", "a secret")
  expect(unseal("totp", sealed)).toBe("a secret")
  expect(seal("totp", "a secret")).not.toBe(sealed)
  expect(sealed).not.toContain("a secret")
})

test("[S8] a sealed secret opens for its purpose only, and not once it is tampered with", () => {
  const sealed = seal("totp:alice", "a secret")
  expect(unseal("totp:bob", sealed)).toBeUndefined()
  for (const place of [12, 20, sealed.length - 3]) {
    const other = sealed[place] === "A" ? "B" : "A"
    expect(unseal("totp:alice", sealed.slice(0, place) + other + sealed.slice(place + 1))).toBeUndefined()
  }
  for (const nothing of ["", ".", "abc", "abc.def"]) expect(unseal("totp:alice", nothing)).toBeUndefined()
})

test("[S8] a new key in front seals, the ones behind it still open, and what is gone opens nothing", () => {
  const first = seal("totp", "a secret")
  setEnv({ ENCRYPTION_KEYS: key(1) })
  const second = seal("totp", "a secret")
  expect(unseal("totp", first)).toBe("a secret")
  expect([sealedWithOldKey(first), sealedWithOldKey(second)]).toEqual([true, false])
  setEnv({ ENCRYPTION_KEYS: `${key(2)}, ${key(1)}` })
  expect(unseal("totp", second)).toBe("a secret")
  expect(sealedWithOldKey(second)).toBe(true)
  setEnv({ ENCRYPTION_KEYS: key(2) })
  expect(unseal("totp", second)).toBeUndefined()
})

test("[R2] keys of another length are refused by name", () => {
  expect(() => setEnv({ ENCRYPTION_KEYS: "c2hvcnQ=" })).toThrow(/ENCRYPTION_KEYS/)
})
