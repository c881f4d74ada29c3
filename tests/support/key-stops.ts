import type { Page } from "playwright-core"
import type { Furniture } from "./furniture"
import type { Stop } from "./sitemap"

/** The API keys of an organisation, and the way to one. */
export function keyStops({ used }: Furniture["keys"]): Stop[] {
  const page = "/o/acme/settings/keys"
  return [
    { name: "API keys", path: page, as: "alice" },
    { name: "API keys of an admin, a mistake", path: page, as: "amir", act: createNameless },
    { name: "API keys of a member", path: page, as: "bob", status: 403 },
    { name: "API keys, none yet", path: "/o/willow-works/settings/keys", as: "charlie" },
    { name: "API key, told once", path: "/o/birch/settings/keys", as: "charlie", act: createOne },
    { name: "revoke an API key", path: `${page}/${used}`, as: "alice" },
    { name: "set-up, API key", path: "/onboarding?org=willow-works", as: "charlie" },
  ]
}

async function createNameless(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create the key" }).click()
  await page.locator("[aria-invalid=true]").first().waitFor()
}

async function createOne(page: Page): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill("Nightly export")
  await page.getByLabel("List the people").check()
  await page.getByRole("button", { name: "Create the key" }).click()
  await page.getByText("You see it now and never again").waitFor()
}
