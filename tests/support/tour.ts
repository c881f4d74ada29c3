import type { Browser as Chromium, Page } from "playwright-core"
import { startOpenId } from "../stand-ins/openid/openid"
import { type Furniture, furnish, openCheckout, sellAcmeAPlan } from "./furniture"
import { type Site, startSite } from "./site"
import { type Stop, sitemap } from "./sitemap"
import { type Device, launchChromium, type Visitor, visitor } from "./visitor"

export type Tour = {
  site: Site
  browser: Chromium
  furniture: Furniture
  stops: Stop[]
  /** Opens a stop in the browser of whoever visits it there, and does what is done there. */
  open: (stop: Stop, device: Device) => Promise<Visitor>
  end: () => Promise<void>
}

/** A furnished site and a browser to see every page of it with. Each person has one browser on each device. */
export async function startTour(): Promise<Tour> {
  const browser = await launchChromium()
  const openId = await startOpenId({ name: "Lantern ID" })
  openId.add("acme", { sub: "wendy", name: "Wendy Ward", preferred_username: "wendy@somewhere.test" })
  const { google, microsoft, oidc } = openId.settings
  const settings = { LIMIT_LINKS_PER_ADDRESS_MINUTE: "1", ...google, ...microsoft, ...oidc }
  const site = await startSite({ furnish, settings })
  const { furniture } = site
  if (!furniture) throw new Error("The site is not furnished.")
  await sellAcmeAPlan(site, furniture)
  const stops = sitemap(furniture, await openCheckout(site))
  const visitors = new Map<string, Promise<Visitor>>()
  const of = (stop: Stop, device: Device): Promise<Visitor> => {
    const key = `${stop.as} ${device}`
    const session = stop.as && furniture.sessions[stop.as]
    const found = visitors.get(key) ?? visitor(browser, { baseURL: site.url, device, session })
    visitors.set(key, found)
    return found
  }
  return {
    site,
    browser,
    furniture,
    stops,
    open: async (stop, device) => {
      const found = await of(stop, device)
      await visit(found.page, stop)
      return found
    },
    end: async () => {
      await browser.close()
      await site.stop()
      await openId.stop()
    },
  }
}

/** Goes there, checks that it is the page that was meant, and does what is done there. */
async function visit(page: Page, stop: Stop): Promise<void> {
  const answer = await page.goto(stop.path)
  const status = answer?.status() ?? 0
  if (status !== (stop.status ?? 200)) throw new Error(`${stop.path} answered ${status}.`)
  await stop.act?.(page, stop.path)
}
