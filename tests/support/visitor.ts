import { type BrowserContext, type Browser as Chromium, chromium, type Page } from "playwright-core"
import type { Mailbox } from "../stand-ins/mailbox/mailbox"
import type { MailboxMessage } from "../stand-ins/mailbox/message"
import { findChromium } from "./chromium.mjs"

export type Device = "phone" | "desktop"
export const devices: readonly Device[] = ["phone", "desktop"]

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

const screens = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 800 } },
}

const version = "Chrome/140.0.0.0"
const userAgents = {
  phone: `Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) ${version} Mobile Safari/537.36`,
  desktop: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ${version} Safari/537.36`,
}

/** The chromium of this machine. */
export function launchChromium(): Promise<Chromium> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error("There is no chromium here. Run: sudo apt-get install chromium")
  return chromium.launch({ executablePath, args })
}

type Visit = {
  baseURL: string
  device: Device
  javaScript?: boolean
  /** The value of a session cookie this browser has already. */
  session?: string
}

export type Visitor = {
  context: BrowserContext
  page: Page
  device: Device
  /** Menus are buttons once the page is alive, and a <summary> where it never will be. */
  opener: "button" | "summary"
  /** What went wrong in any of the pages: console errors, failed requests, refused policies, hydration. Empties itself. */
  trouble: () => string[]
  close: () => Promise<void>
}

/** Someone's own browser, with a page open and everything that goes wrong in it written down. */
export async function visitor(browser: Chromium, visit: Visit): Promise<Visitor> {
  const { baseURL, device, javaScript = true, session } = visit
  const context = await browser.newContext({
    ...screens[device],
    baseURL,
    userAgent: userAgents[device],
    javaScriptEnabled: javaScript,
    locale: "en-GB",
    reducedMotion: "reduce",
  })
  context.setDefaultTimeout(20_000)
  if (session) await context.addCookies([{ name: "gatehouse", value: session, url: baseURL }])
  const trouble = troubleOf(context, javaScript)
  const page = await context.newPage()
  const opener = javaScript ? "button" : "summary"
  return { context, page, device, opener, trouble, close: () => context.close() }
}

function troubleOf(context: BrowserContext, javaScript: boolean): () => string[] {
  const said: { url: string; words: string }[] = []
  /** Addresses whose answer was a refusal and a page: Chromium calls each an error, and it is what was wanted. */
  const refusals = new Set<string>()
  const listen = (page: Page) => {
    page.on("response", response => {
      if (response.status() < 400) return
      const url = response.url()
      const isPage = response.request().resourceType() === "document"
      if (isPage || response.headers()["x-remix-response"]) refusals.add(url)
      else said.push({ url: "", words: `${response.status()} from ${url}` })
    })
    page.on("console", message => {
      if (!["error", "warning"].includes(message.type())) return
      const url = message.text().startsWith("Failed to load resource") ? message.location().url : ""
      said.push({ url, words: `${message.type()} on ${page.url()}: ${message.text()} ${url}` })
    })
    page.on("pageerror", error => said.push({ url: "", words: `error on ${page.url()}: ${error.message}` }))
    page.on("requestfailed", request => {
      const why = request.failure()?.errorText ?? ""
      // A navigation that another one overtakes is cut off, and so is what it was loading.
      if (why === "net::ERR_ABORTED") return
      // Switched-off JavaScript is told as a refusal by policy.
      if (!javaScript && why === "csp" && request.resourceType() === "script") return
      said.push({ url: "", words: `${request.url()} failed: ${why}` })
    })
  }
  context.on("page", listen)
  return () =>
    said
      .splice(0)
      .filter(({ url }) => !refusals.has(url))
      .map(({ words }) => words)
}

/** Opens the navigation, which a phone keeps behind its menu button, and follows an entry. */
export async function navigate(visitor: Visitor, entry: string): Promise<void> {
  await openMenu(visitor)
  await visitor.page.getByRole("navigation").getByRole("link", { name: entry, exact: true }).click()
}

/** On a phone the navigation and the person's menu stand behind one button. */
async function openMenu({ page, device, opener }: Visitor): Promise<void> {
  if (device === "phone") await page.locator(`${opener}[aria-label=Menu]`).click()
}

/** Signs out by the person's menu. */
export async function signOut(visitor: Visitor): Promise<void> {
  await openMenu(visitor)
  await visitor.page.locator(visitor.opener).filter({ hasText: ", your account", visible: true }).click()
  const menu = visitor.page.locator("[role=menu], details[open]:not(:has(details))")
  await menu.getByText("Sign out", { exact: true }).click()
  await visitor.page.waitForURL("**/login")
}

/** Asks for a link on the sign-in page as a person does, who takes longer than a bot. */
export async function askForLink({ page }: Pick<Visitor, "page">, email: string): Promise<void> {
  await page.goto("/login")
  await page.waitForTimeout(650)
  await page.getByLabel("E-mail address").fill(email)
  await page.getByRole("button", { name: "E-mail me a link" }).click()
  await page.waitForURL("**/login/sent")
}

/** Asks for a link and waits for its mail. */
export async function mailedLink(visitor: Visitor, mailbox: Mailbox, email: string): Promise<MailboxMessage> {
  const earlier = mailbox.messages(email).length
  await askForLink(visitor, email)
  return mailbox.waitFor(email, mail => mailbox.messages(email).indexOf(mail) >= earlier)
}
