import type { Browser, Visit } from "./browser"
import type { World } from "./world"

/** The fields a form is posted with once more, when fresh proof is asked for: everything it held, and what proves who sends it. */
export function heldFields(page: string): Record<string, string> {
  const inputs = proofForm(page).matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [plain(name), plain(value)]))
}

/** The part of a page that asks for proof. Empty when none is asked for. */
export function proofForm(page: string): string {
  const title = page.indexOf("Confirm that it is you</h2>")
  if (title < 0) return ""
  const start = page.lastIndexOf("<form", title)
  return page.slice(start, page.indexOf("</form>", title))
}

/** The code of the newest mail with one to this address. */
export async function mailedProofCode(world: World, email: string): Promise<string> {
  await world.settle()
  const { code, subject } = world.mailbox.latestTo(email)
  if (!code || !subject.startsWith("Your code"))
    throw new Error(`No code was mailed to ${email}, but ${subject}`)
  return code
}

/** Posts a form that owes proof, and posts it again with the code that is mailed then. */
export async function postWithProof(
  world: World,
  browser: Browser,
  path: string,
  fields: Record<string, string>,
  email: string,
): Promise<Visit> {
  const asked = await browser.post(path, fields)
  if (asked.status !== 403) throw new Error(`${path} asked for no proof: ${asked.status}`)
  const code = await mailedProofCode(world, email)
  return browser.post(path, { ...heldFields(asked.body), proof_code: code })
}

function plain(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
}
