import { describe, expect, test } from "vitest"
import { readAddressList } from "~/domain/organizations/address-list.server"
import { plainName } from "~/domain/organizations/plain-name"
import { OrganizationName } from "~/domain/organizations/schemas"
import { isReservedSlug, slugCandidates, slugOf } from "~/domain/organizations/slugs.server"

describe("addresses of organisations", () => {
  test.each([
    ["Acme", "acme"],
    ["Bäckerei Groß & Söhne", "baeckerei-gross-and-soehne"],
    ["Crème Brûlée S.A.", "creme-brulee-s-a"],
    ["Кофе Хауз", "kofe-khauz"],
    ["Ελληνικά", "ellinika"],
    ["McDonald", "mcdonald"],
    ["日本", "organisation"],
    ["!!!", "organisation"],
    ["../../admin", "admin"],
    ["ACME\u0000", "acme"],
  ])("[O1] %s lives at /o/%s", (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })

  test("[O1] an address is short, plain and never ends in a dash", () => {
    const slug = slugOf(`${"a".repeat(39)} ${"b".repeat(80)}`)
    expect(slug).toMatch(/^[a-z0-9-]{1,40}$/)
    expect(slug.endsWith("-")).toBe(false)
  })

  test("[O1] reserved words are refused, and no candidate is one", () => {
    expect(isReservedSlug("admin")).toBe(true)
    const candidates = [...slugCandidates("Admin")]
    expect(candidates.slice(0, 2)).toEqual(["admin-2", "admin-3"])
    expect(candidates.filter(isReservedSlug)).toEqual([])
    expect(new Set(candidates).size).toBe(candidates.length)
  })
})

describe("names", () => {
  test("[O1] a name is kept tidy: composed, single spaces, no unseen characters or line breaks", () => {
    const name = OrganizationName.parse("  Cafe\u0301\u202E \r\n Mu\u200Bnich ")
    expect(name).toBe("Café Munich")
  })

  test.each(["", "   ", "\u200B", "---", "x".repeat(81)])("[O1] %j is no name", name => {
    expect(OrganizationName.safeParse(name).success).toBe(false)
  })

  test("[O1] one letter, or another script, is a name", () => {
    expect([OrganizationName.parse("X"), OrganizationName.parse("日本")]).toEqual(["X", "日本"])
  })

  test.each([
    ["Win at evil.example", "Win at evil. example"],
    ["https://evil.example/x?y=1 wins", "evil. example/x?y=1 wins"],
    ["javascript://evil.example", "evil. example"],
    ["ask bob@evil.example", "ask bob at evil. example"],
    ["evil。example and evil．example", "evil. example and evil. example"],
    ["Acme Inc.", "Acme Inc."],
  ])("[O3] in mail to strangers %j reads %j", (name, plain) => {
    expect(plainName(name)).toBe(plain)
    expect(plainName(plainName(name))).toBe(plain)
  })
})

describe("a typed list of addresses", () => {
  test("[O3] commas, semicolons, lines, spaces and names in front", () => {
    const typed = "a@x.test, B@X.test;c@x.test\r\nDora D <d@x.test>, e@x.test f@x.test\n\n"
    const canonical = readAddressList(typed).map(line => line.address?.canonical)
    expect(canonical).toEqual(["a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test"])
  })

  test("[O3] the same mailbox twice is one line", () => {
    expect(readAddressList("a@x.test, A@X.TEST\n a@x.test")).toHaveLength(1)
  })

  test("[O3] what is no address keeps its text", () => {
    expect(readAddressList("nobody, a@x.test")).toEqual([
      { typed: "nobody", address: undefined },
      { typed: "a@x.test", address: { canonical: "a@x.test", typed: "a@x.test" } },
    ])
  })

  test("[O3] nothing typed is an empty list", () => {
    expect(readAddressList(" ,;\n ")).toEqual([])
  })
})
