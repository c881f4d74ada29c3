import type { Page } from "playwright-core"
import type { Stop } from "./sitemap"

/** The pages of single sign-on, and what goes wrong on the way. */
export function ssoStops(): Stop[] {
  const trouble = (why: string) => `/login/trouble?why=${why}&provider=google`
  return [
    { name: "connected accounts", path: "/account/connections", as: "alice" },
    { name: "connected accounts, none", path: "/account/connections", as: "charlie" },
    { name: "prove a mailbox", path: "/login/mailbox", act: comeFromMicrosoft },
    { name: "prove a mailbox, a mistake", path: "/login/mailbox", act: giveNoAddress },
    { name: "provider, gone back", path: trouble("declined") },
    { name: "provider, answer refused", path: trouble("refused"), status: 403 },
    { name: "provider, no account", path: trouble("no_account"), status: 403 },
    { name: "provider, another person", path: trouble("other_person"), as: "alice", status: 409 },
    { name: "provider, too many", path: trouble("too_many"), status: 429 },
  ]
}

async function comeFromMicrosoft(page: Page): Promise<void> {
  await page.goto("/login")
  await page.getByRole("link", { name: "Continue with Microsoft" }).click()
  await page.getByRole("link", { name: "acme" }).click()
  await page.getByRole("button", { name: /Wendy/ }).click()
  await page.waitForURL("**/login/mailbox")
}

async function giveNoAddress(page: Page): Promise<void> {
  await comeFromMicrosoft(page)
  await page.getByLabel("E-mail address").fill("wendy@")
  await page.getByRole("button", { name: "Send me a link and a code" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}
