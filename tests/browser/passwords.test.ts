import { gzipSync } from "node:zlib"
import type { Browser as Chromium, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { furnish } from "../support/furniture"
import { goodPassword, otherPassword } from "../support/passwords"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, navigate, signOut, type Visitor, visitor } from "../support/visitor"

/* Passwords as people meet them: typed by hand, with the strength shown, and without JavaScript as well. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 200_000 })

let site: Site
let browser: Chromium

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  site = await startSite({ furnish })
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor()

async function register({ page }: Visitor, email: string) {
  await page.getByLabel("Your name").fill("Nell New")
  await page.getByLabel("E-mail address").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(goodPassword)
  await page.waitForTimeout(650)
  await page.getByRole("button", { name: "Create account" }).click()
  await heading(page, "Check your mail")
}

async function typePassword(page: Page, email: string | undefined, password: string) {
  if (email) await page.getByLabel("E-mail address").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
}

test("[S6] an account is made, its mailbox proven by the link, and its password opens it from then on", async () => {
  const nell = await visitor(browser, { device: "phone", baseURL: site.url })
  const { page } = nell
  await page.goto("/login")
  await page.getByRole("link", { name: "create an account" }).click()
  await heading(page, "Create an account")
  await register(nell, "nell@phone.test")
  const { link } = await site.mailbox.waitFor("nell@phone.test", mail => mail.link !== undefined)
  await page.goto(link ?? "")
  await heading(page, "You belong to no organisation yet")
  await page.getByText("your password is set").waitFor()
  await page.goto("/account/password")
  await page.getByRole("heading", { name: "Change your password" }).waitFor()
  await signOut(nell)
  // What was typed on the first page goes along to the second.
  await page.getByLabel("E-mail address").fill("nell@phone.test")
  await page.getByRole("link", { name: "Use a password instead" }).click()
  await heading(page, "Sign in with a password")
  expect(await page.getByLabel("E-mail address").inputValue()).toBe("nell@phone.test")
  await typePassword(page, undefined, goodPassword)
  await heading(page, "You belong to no organisation yet")
  expect(nell.trouble()).toEqual([])
  await nell.close()
})

test("[L18] all of it works without JavaScript: register, sign in, forget, choose anew", async () => {
  const nell = await visitor(browser, { device: "desktop", javaScript: false, baseURL: site.url })
  const { page } = nell
  await page.goto("/register")
  await register(nell, "nell@plain.test")
  const { link } = await site.mailbox.waitFor("nell@plain.test", mail => mail.link !== undefined)
  await page.goto(link ?? "")
  await page.getByRole("button", { name: /^Sign in as/ }).click()
  await heading(page, "You belong to no organisation yet")
  await nell.context.clearCookies()
  await page.goto("/login")
  await page.getByRole("link", { name: "Use a password instead" }).click()
  await typePassword(page, "nell@plain.test", otherPassword)
  await page.getByText("do not go together").waitFor()
  expect(await page.getByLabel("E-mail address").inputValue()).toBe("nell@plain.test")
  expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("")
  await page.getByRole("link", { name: "Forgotten your password?" }).click()
  await heading(page, "Forgotten your password?")
  await page.getByLabel("E-mail address").fill("nell@plain.test")
  await page.waitForTimeout(650)
  await page.getByRole("button", { name: "E-mail me a link" }).click()
  await heading(page, "Check your mail")
  const reset = await site.mailbox.waitFor("nell@plain.test", mail => mail.subject.startsWith("Choose"))
  await page.goto(reset.link ?? "")
  await page.getByLabel("New password").fill("password1")
  await page.getByRole("button", { name: "Save and sign in" }).click()
  await page.getByText("tried first").waitFor()
  await page.getByLabel("New password").fill(otherPassword)
  await page.getByRole("button", { name: "Save and sign in" }).click()
  await heading(page, "You belong to no organisation yet")
  expect(nell.trouble()).toEqual([])
  await nell.close()
})

test("[S6] strength is shown while typing, in words as well, and its judge comes only then", async () => {
  const { page, close, trouble } = await visitor(browser, { device: "desktop", baseURL: site.url })
  const sizes: number[] = []
  page.on("response", async response => {
    if (response.request().resourceType() !== "script") return
    sizes.push(gzipSync(await response.body()).length)
  })
  await page.goto("/register", { waitUntil: "networkidle" })
  const sum = () => sizes.reduce((all, size) => all + size, 0)
  const before = sum()
  expect(before).toBeLessThan(100_000)
  const field = page.getByLabel("Password", { exact: true })
  const says = (words: string) => page.getByRole("status").filter({ hasText: words }).waitFor()
  await page.getByLabel("Your name").fill("Wilhelmina Tanqueray")
  for (const [typed, words] of [
    ["short", "Too short"],
    ["password1", "Among the first that are tried"],
    ["wilhelmina1", "Easy to guess"],
    ["kitchentable", "Fair"],
    [goodPassword, "Strong"],
  ] as const) {
    await field.fill(typed)
    await says(words)
  }
  expect(sum() - before).toBeGreaterThan(150_000)
  await page.getByRole("button", { name: "Show the password" }).click()
  expect(await field.getAttribute("type")).toBe("text")
  expect(trouble()).toEqual([])
  await close()
})

test("[S6] a password is changed from the account's navigation, and the field is empty again", async () => {
  const person = await visitor(browser, { device: "desktop", baseURL: site.url })
  const { page } = person
  await page.goto("/login/password")
  await typePassword(page, "amir@acme.test", goodPassword)
  await heading(page, "Acme")
  await page.goto("/account/profile")
  await navigate(person, "Security")
  await page.getByRole("link", { name: /^Change.*password$/i }).click()
  await page.getByLabel("New password").fill(otherPassword)
  await page.getByRole("button", { name: "Change the password" }).click()
  await page.getByText("Your password is changed.").waitFor()
  expect(await page.getByLabel("New password").inputValue()).toBe("")
  await page.getByRole("button", { name: "Remove the password" }).click()
  await page.getByText("You have none yet.").waitFor()
  expect(person.trouble()).toEqual([])
  await person.close()
})
