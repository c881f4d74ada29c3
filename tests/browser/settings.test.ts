import sharp from "sharp"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { furnish } from "../support/furniture"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

/* What the settings do in a real browser and the production build: files, and forms that open up, with and without JavaScript. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

type Chromium = Awaited<ReturnType<typeof launchChromium>>
let browser: Chromium
let site: Site & { furniture: string | undefined }

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  site = await startSite({ furnish: async () => (await furnish()).sessions.alice })
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

const alice = (javaScript: boolean) =>
  visitor(browser, { device: "desktop", javaScript, baseURL: site.url, session: site.furniture })

const file = (name: string, buffer: Buffer, mimeType = "image/png") => ({ name, mimeType, buffer })
const picture = (background: string) =>
  sharp({ create: { width: 300, height: 300, channels: 3, background } })
    .png()
    .toBuffer()

for (const javaScript of [true, false]) {
  const how = javaScript ? "with JavaScript" : "without JavaScript"

  test(`[O12] a logo is put up, seen and taken away ${how}`, async () => {
    const { page, trouble, close } = await alice(javaScript)
    await page.goto("/o/acme/settings")
    await page
      .getByLabel("Picture")
      .setInputFiles(file("logo.png", await picture(javaScript ? "#083" : "#038")))
    await page.getByRole("button", { name: "Save the logo" }).click()
    const logo = page.getByRole("img", { name: "Logo of Acme" })
    await logo.waitFor()
    const address = (await logo.getAttribute("src")) ?? ""
    const drawn = await sharp(await (await page.request.get(address)).body()).metadata()
    expect([drawn.format, drawn.width, drawn.height]).toEqual(["png", 256, 256])
    await page.getByRole("button", { name: "Remove the logo" }).click()
    await page.getByText("The logo is removed.").waitFor()
    expect(await logo.count()).toBe(0)
    expect(trouble()).toEqual([])
    await close()
  })

  test(`[O12] a picture that is too large or none is refused at its field ${how}`, async () => {
    const { page, close } = await alice(javaScript)
    await page.goto("/o/acme/settings")
    if (javaScript) await page.waitForLoadState("networkidle")
    await page.getByLabel("Picture").setInputFiles(file("huge.png", Buffer.alloc(3 * 1024 * 1024)))
    if (!javaScript) await page.getByRole("button", { name: "Save the logo" }).click()
    await page.getByText("This picture is larger than 1 MB.").waitFor()
    expect(await page.getByRole("button", { name: "Save the logo" }).isDisabled()).toBe(javaScript)
    await page.getByLabel("Picture").setInputFiles(file("logo.png", Buffer.from("<svg/>")))
    await page.getByRole("button", { name: "Save the logo" }).click()
    await page.getByText("This is not a PNG, JPEG or WebP picture.").waitFor()
    const field = page.getByLabel("Picture")
    expect(await field.getAttribute("aria-invalid")).toBe("true")
    expect(await field.getAttribute("aria-describedby")).toContain("logo-error")
    await close()
  })

  test(`[O12] the ways in are chosen and saved ${how}`, async () => {
    const { page, trouble, close } = await alice(javaScript)
    await page.goto("/o/acme/settings/security")
    const way = page.getByRole("checkbox", { name: "A link or code by e-mail" })
    await page.getByRole("radio", { name: "Any sign-in method" }).check()
    expect(await way.isVisible()).toBe(false)
    await page.getByRole("radio", { name: "Only these" }).check()
    await way.check()
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText("It counts from everyone’s next request.").waitFor()
    expect([await way.isVisible(), await way.isChecked()]).toEqual([true, true])
    await page.getByRole("radio", { name: "Any sign-in method" }).check()
    // The list hides before it is saved: only the answer says that it was.
    const saved = page.waitForResponse(answer => answer.request().method() === "POST")
    await page.getByRole("button", { name: "Save" }).click()
    await saved
    await way.waitFor({ state: "hidden" })
    expect(trouble()).toEqual([])
    await close()
  })

  test(`[O12] after a change of address an open page of the old one still posts ${how}`, async () => {
    const { page, trouble, close } = await alice(javaScript)
    const [from, to] = javaScript ? ["acme", "acme-north"] : ["acme-north", "acme"]
    await page.goto(`/o/${from}/settings`)
    const other = await page.context().newPage()
    await other.goto(`/o/${from}/settings/address`)
    await other.getByLabel("New address").fill(to ?? "")
    await other.getByRole("button", { name: "Change the web address" }).click()
    await other.waitForURL(`**/o/${to}/settings`)
    await page.getByLabel("Name of the organisation").fill(`Acme ${how}`)
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await page.getByText(`The name is saved: Acme ${how}.`).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/o/${to}/settings`)
    expect(trouble()).toEqual([])
    await close()
  })
}
