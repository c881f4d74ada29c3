import type { Page } from "playwright-core"
import type { Furniture } from "./furniture"
import type { Stop } from "./sitemap"

/** Two-factor sign-in, as it is set up and as it is asked for. */
export function twoFactorStops({ challenge }: Furniture["twoFactor"]): Stop[] {
  const page = "/account/two-factor"
  const codes = `${page}/recovery-codes`
  const step = "/login/second-factor"
  return [
    { name: "two-factor sign-in, off", path: page, as: "amir" },
    { name: "two-factor sign-in, asked for", path: `${page}?redirectTo=%2Fo%2Facme`, as: "amir" },
    { name: "second factor of a session", path: "/account/second-factor", as: "amir" },
    { name: "two-factor sign-in, set-up", path: page, as: "bob", act: setUp },
    { name: "two-factor sign-in, on", path: page, as: "tova" },
    { name: "recovery codes", path: codes, as: "tova" },
    { name: "recovery codes, made", path: codes, as: "tova", act: makeCodes },
    { name: "second step", path: step, act: on => halfway(on, challenge, step) },
    { name: "second step, no code", path: step, act: on => typeNoCode(on, challenge, step) },
    {
      name: "second step, recovery code",
      path: step,
      act: on => halfway(on, challenge, `${step}?by=recovery-code`),
    },
    { name: "second step, over", path: step, status: 200, act: on => halfway(on, "gone", step) },
  ]
}

/** Somebody who has shown the first factor in this browser. */
async function halfway(page: Page, challenge: string, path: string): Promise<void> {
  const value = `${challenge}.${Buffer.from("/start").toString("base64url")}`
  await page.context().addCookies([{ name: "gatehouse-challenge", value, url: new URL(page.url()).origin }])
  await page.goto(path)
  await page.locator("h1:text('One more step'), h1:text('This sign-in is over')").waitFor()
}

async function typeNoCode(page: Page, challenge: string, path: string): Promise<void> {
  await halfway(page, challenge, path)
  await page.getByLabel("Code from your authenticator app").fill("12")
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.locator("[aria-invalid=true]").waitFor()
}

async function setUp(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Set up" })
  if ((await button.count()) > 0) await button.click()
  await page.locator("h2:text('Connect your'), h2:text('Confirm that it is you')").waitFor()
}

async function makeCodes(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Make new codes" }).click()
  await page.locator("h2:text('Your recovery codes'), h2:text('Confirm that it is you')").waitFor()
}
