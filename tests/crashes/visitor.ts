import { setTimeout as sleep } from "node:timers/promises"
import { type Browser, hiddenField, type Visit } from "../support/browser"

/** A little over what the fastest person needs to fill in the form; the page treats quicker ones as bots. */
const typingMs = 700

/** Asks for a sign-in link as a person does. */
export async function askForLink(browser: Browser, email: string): Promise<Visit> {
  const made = hiddenField((await browser.get("/login")).body, "made")
  await sleep(typingMs)
  return browser.post("/login", { email, website: "", made })
}

/** Presses the button on a link's page. `link` is the address in the mail. */
export function press(browser: Browser, link: string, fields: Record<string, string> = {}): Promise<Visit> {
  const token = new URL(link).searchParams.get("token") ?? ""
  return browser.post(browser.inside(link), { token, ...fields })
}

/** Who the app takes this browser for. */
export async function whoIs(browser: Browser): Promise<string | undefined> {
  const answer = await browser.get("/api/auth/profile", { Accept: "application/json" })
  return answer.status === 200 ? JSON.parse(answer.body).user.email : undefined
}

/** What a browser sees when the server dies under its request. */
export async function cutOff(visit: Promise<Visit>): Promise<boolean> {
  return visit.then(
    () => false,
    () => true,
  )
}
