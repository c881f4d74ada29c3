import type { Page } from "playwright-core"
import type { Furniture } from "./furniture"
import type { Stop } from "./sitemap"

/** The passkeys of a person, and one of them. */
export function passkeyStops({ used, moved }: Furniture["passkeys"]): Stop[] {
  const page = "/account/passkeys"
  return [
    { name: "passkeys", path: page, as: "charlie" },
    { name: "passkeys, none", path: page, as: "nora" },
    { name: "passkeys, no name", path: page, as: "nora", act: addNameless },
    { name: "passkey", path: `${page}/${used}`, as: "charlie" },
    { name: "passkey of another address", path: `${page}/${moved}`, as: "charlie" },
    { name: "passkey of somebody else", path: `${page}/${used}`, as: "alice", status: 404 },
  ]
}

async function addNameless(page: Page): Promise<void> {
  await page.getByLabel("Name").fill(" ")
  await page.getByRole("button", { name: "Add a passkey" }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}
