import sharp from "sharp"
import { afterEach, describe, expect, test } from "vitest"
import { changeLogo } from "~/domain/organizations/logo.server"
import { drawLogo } from "~/domain/organizations/logo-picture.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { ask } from "../http/ask"
import type { Browser } from "../support/browser"
import { member, requester } from "../support/membership"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()
const settings = "/o/acme/settings"
const address = "/o/acme/logo"

afterEach(() => sharp.unblock({ operation: ["VipsForeignLoad"] }))

async function signedIn(world: World, who: "alice" | "amir" | "bob" | "charlie") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  world.mailbox.clear()
  return browser
}

const red = () => sharp({ create: { width: 400, height: 200, channels: 4, background: "#c03" } })
const picture = () => red().png().toBuffer()

const cookiesOf = (browser: Browser) =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")

/** Sends a file as the form does. */
async function send(
  browser: Browser,
  file: Buffer,
  { name = "logo.png", type = "image/png", to = address } = {},
) {
  const form = new FormData()
  form.set("logo", new Blob([new Uint8Array(file)], { type }), name)
  return fetch(browser.base + to, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { Cookie: cookiesOf(browser), Origin: browser.base, "Sec-Fetch-Site": "same-origin" },
  })
}

async function kept() {
  const row = await db().organizationLogo.findFirst()
  return row && { ...row, png: Buffer.from(row.png) }
}

async function served(browser: Browser, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(browser.base + path, { headers: { Cookie: cookiesOf(browser), ...headers } })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

async function wordsFor(browser: Browser, file: Buffer, named?: Parameters<typeof send>[2]) {
  const answer = await send(browser, file, named)
  expect(answer.status).toBe(303)
  const page = await browser.get(browser.inside(answer.headers.get("Location") ?? ""))
  return /id="[^"]*logo-error"[^>]*>(?:<svg.*?<\/svg>)?([^<]*)</s.exec(page.body)?.[1]
}

describe("drawing a picture anew", () => {
  test.each(["png", "jpeg", "webp"] as const)("[O12] a %s becomes a square PNG", async format => {
    const drawn = await drawLogo(await red().toFormat(format).toBuffer())
    if (!drawn.ok) throw new Error(drawn.error)
    const { width, height, format: kind } = await sharp(drawn.value).metadata()
    expect([kind, width, height]).toEqual(["png", 256, 256])
    const { data } = await sharp(drawn.value).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const pixel = (x: number, y: number) => [...data.subarray((y * 256 + x) * 4, (y * 256 + x) * 4 + 4)]
    expect(pixel(128, 128)[0]).toBeGreaterThan(190)
    expect(pixel(128, 5)[3]).toBe(0)
  })

  test("[O12] nothing but the picture is kept: no place, no words, no hidden page", async () => {
    const secret = "GPS-51.5-0.12 <script>alert(1)</script>"
    const tagged = await red()
      .withExif({ IFD0: { ImageDescription: secret, Copyright: secret } })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>hidden words</note></x:xmpmeta>`)
      .jpeg()
      .toBuffer()
    expect(tagged.includes(secret)).toBe(true)
    const drawn = await drawLogo(Buffer.concat([tagged, Buffer.from(secret)]))
    if (!drawn.ok) throw new Error(drawn.error)
    for (const trace of ["GPS", "script", "hidden", "Exif", "xmp", "iCCP"])
      expect(drawn.value.includes(trace)).toBe(false)
  })

  test("[O12] of moving pictures the first frame", async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 20, height: 20, channels: 4, background } })
        .png()
        .toBuffer()
    const frames = await Promise.all(["#ff0000", "#0000ff"].map(frame))
    const moving = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    expect((await sharp(moving, { animated: true }).metadata()).pages).toBe(2)
    const drawn = await drawLogo(moving)
    if (!drawn.ok) throw new Error(drawn.error)
    const { data } = await sharp(drawn.value).raw().toBuffer({ resolveWithObject: true })
    expect((await sharp(drawn.value).metadata()).height).toBe(256)
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0])
  })

  test("[O12] a photo taken sideways stands upright", async () => {
    const sideways = await sharp({ create: { width: 40, height: 20, channels: 3, background: "#fff" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const drawn = await drawLogo(sideways)
    if (!drawn.ok) throw new Error(drawn.error)
    const { data } = await sharp(drawn.value).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const alpha = (x: number, y: number) => data[(y * 256 + x) * 4 + 3]
    expect([alpha(128, 2), alpha(2, 128)]).toEqual([255, 0])
  })

  test("[O12] what would fill the memory is refused before it is drawn", async () => {
    const wide = sharp({
      create: { width: 5000, height: 4000, channels: 3, background: "#fff" },
      limitInputPixels: false,
    })
    const bomb = await wide.png({ compressionLevel: 9 }).toBuffer()
    expect(bomb.length).toBeLessThan(1024 * 1024)
    expect(await drawLogo(bomb)).toEqual({ ok: false, error: "too_many_pixels" })
  })

  test("[O12] nor is one with few pixels of many bytes each, and a small one of that kind passes", async () => {
    const deep = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 4, background: "#123456" } })
        .toColourspace("rgb16")
        .png({ progressive: true, compressionLevel: 9 })
        .toBuffer()
    const bomb = await deep(2900, 2700)
    expect(bomb.length).toBeLessThan(1024 * 1024)
    expect((await sharp(bomb).metadata()).depth).toBe("ushort")
    expect(await drawLogo(bomb)).toEqual({ ok: false, error: "too_many_pixels" })
    expect((await drawLogo(await deep(600, 400))).ok).toBe(true)
  })

  test("[O12] a damaged one is refused, and the next one is drawn", async () => {
    const whole = await picture()
    const [damaged, next] = await Promise.all([drawLogo(whole.subarray(0, 60)), drawLogo(whole)])
    expect(damaged).toEqual({ ok: false, error: "unreadable" })
    expect(next.ok).toBe(true)
  })
})

describe("the logo of an organisation", () => {
  test("[O12] an admin sends one: kept anew, written down, and shown where people switch", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    const answer = await send(amir, await picture())
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, settings])
    const row = await kept()
    expect(await sharp(row?.png).metadata()).toMatchObject({ format: "png", width: 256, height: 256 })
    const lines = await db().auditEntry.findMany({ where: { act: { startsWith: "organization.logo" } } })
    expect(lines).toMatchObject([{ act: "organization.logo_changed", actorUserId: world.cast.amir.id }])
    const bob = await signedIn(world, "bob")
    expect((await bob.get("/o/acme/members")).body).toContain(`src="${address}?v=${row?.hash}"`)
    expect((await amir.get(settings)).body).toContain('alt="Logo of Acme"')
    await world.settle()
    expect(world.mailbox.messages()).toEqual([])
  })

  test("[O12] the same picture again writes nothing, another replaces it", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    await send(alice, await picture())
    await send(alice, await picture())
    expect(await db().auditEntry.count({ where: { act: "organization.logo_changed" } })).toBe(1)
    const first = await kept()
    await send(alice, await red().negate({ alpha: false }).png().toBuffer())
    expect((await kept())?.hash).not.toBe(first?.hash)
    expect(await db().organizationLogo.count()).toBe(1)
  })

  test("[O12] two at once leave one of them, whole", async () => {
    const world = await open()
    const amir = await member(world.cast.amir, "acme")
    const second = await connect(world.database.file)
    try {
      const pictures = [await picture(), await red().negate({ alpha: false }).png().toBuffer()] as const
      const results = await Promise.all([
        changeLogo(amir, pictures[0], requester),
        withDatabase(second, () => changeLogo(amir, pictures[1], requester)),
      ])
      const hashes = results.map(result => result.ok && result.value.hash)
      const row = await kept()
      expect(new Set(hashes).size).toBe(2)
      expect(hashes).toContain(row?.hash)
      expect((await sharp(row?.png).metadata()).width).toBe(256)
      expect(await db().organizationLogo.count()).toBe(1)
      expect(await db().auditEntry.count({ where: { act: "organization.logo_changed" } })).toBe(2)
    } finally {
      await second.close()
    }
  })

  test("[O12] it is served as a picture and nothing else, to keep by its hash only", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    expect((await served(alice, address)).status).toBe(404)
    await send(alice, await picture())
    const row = await kept()
    const named = await served(alice, `${address}?v=${row?.hash}`)
    expect(named.status).toBe(200)
    expect(named.bytes.equals(row?.png ?? Buffer.alloc(0))).toBe(true)
    expect(Object.fromEntries(named.headers)).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
      etag: `"${row?.hash}"`,
      "cross-origin-resource-policy": "same-origin",
    })
    for (const path of [address, `${address}?v=older`])
      expect((await served(alice, path)).headers.get("Cache-Control")).toBe("private, no-cache")
    const again = await served(alice, address, { "If-None-Match": `"${row?.hash}"` })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
  })

  test("[O12] what is no picture is refused in words at the field, whatever it is called", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const gif = await red().gif().toBuffer()
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    const html = Buffer.from("<!DOCTYPE html><script>alert(1)</script>")
    for (const file of [gif, svg, html])
      expect(await wordsFor(alice, file)).toContain("not a PNG, JPEG or WebP")
    expect(await wordsFor(alice, Buffer.alloc(0))).toBe("Choose a picture first.")
    expect(await wordsFor(alice, (await picture()).subarray(0, 60))).toContain("could not be read")
    const heavy = Buffer.concat([await picture(), Buffer.alloc(1024 * 1024)])
    expect(await wordsFor(alice, heavy)).toContain("larger than 1 MB")
    expect(await db().organizationLogo.count()).toBe(0)
    expect(await wordsFor(alice, await picture(), { name: "logo.svg", type: "image/svg+xml" })).toBeFalsy()
    expect(await db().organizationLogo.count()).toBe(1)
  })

  test("[O12] a form without a file, and one that is none, are refused", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    expect((await alice.post(address, { logo: "text" })).location).toBe(`${settings}?logo=empty`)
    const json = await alice.json(address, { logo: 1 })
    expect(json.status).toBe(400)
  })

  test("[O12] twenty pictures an hour are enough", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    for (let i = 0; i < 20; i++) await send(alice, Buffer.from("x"))
    expect(await wordsFor(alice, await picture())).toContain("Try again in an hour")
  })

  test("[O12] it can be taken away, once", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    await send(alice, await picture())
    for (let i = 0; i < 2; i++) expect((await alice.post(address, { intent: "remove" })).status).toBe(303)
    expect(await kept()).toBeNull()
    expect(await db().auditEntry.count({ where: { act: "organization.logo_removed" } })).toBe(1)
    expect((await alice.get("/o/acme/members")).body).not.toContain(address)
  })

  test("[O9] [O2] members see it and do not change it, strangers and guests find nothing", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    await send(alice, await picture())
    const bob = await signedIn(world, "bob")
    expect((await served(bob, address)).status).toBe(200)
    expect((await send(bob, await picture())).status).toBe(403)
    expect((await bob.post(address, { intent: "remove" })).status).toBe(403)
    const charlie = await signedIn(world, "charlie")
    const foreign = await served(charlie, `${address}?v=${(await kept())?.hash}`)
    expect([foreign.status, foreign.headers.get("Content-Type")]).not.toContain("image/png")
    expect(foreign.status).toBe(404)
    expect((await send(charlie, await picture())).status).toBe(404)
    expect((await send(world.browser(), await picture())).headers.get("Location")).toBe("/login")
    expect(await kept()).not.toBeNull()
  })

  test("[S16] only here may a form be that large, or carry a file", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const large = Buffer.alloc(200 * 1024, "x")
    for (const to of [settings, "/o/acme/logo/more", "/o/acme/logos", "/O/acme/logo", "/o/acme/%6cogo"])
      expect([to, (await send(alice, large, { to })).status]).toEqual([to, 413])
    expect((await send(alice, Buffer.from("small"), { to: settings })).status).toBe(400)
    const tooLarge = await ask(`${world.url}${address}`, {
      method: "POST",
      headers: { Origin: world.url },
      body: Buffer.alloc(2 * 1024 * 1024),
    })
    expect([tooLarge.status, tooLarge.headers.location]).toEqual([303, `${settings}?logo=too_many_bytes`])
    const foreign = await ask(`${world.url}${address}`, {
      method: "POST",
      headers: { Origin: "https://evil.example" },
    })
    expect(foreign.status).toBe(403)
  })
})
