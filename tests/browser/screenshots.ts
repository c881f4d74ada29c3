import { mkdirSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { startTour } from "../support/tour"
import { devices } from "../support/visitor"

/*
 * A picture of every page, for looking at: phone and desktop, light and dark.
 *
 *   npx tsx tests/browser/screenshots.ts [folder]
 */

const folder = resolve(process.argv[2] ?? ".cache/screenshots")
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const tour = await startTour()
try {
  for (const stop of tour.stops) {
    for (const device of devices) {
      const { page, trouble } = await tour.open(stop, device)
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme })
        const name = stop.name.replace(/[^a-z]+/gi, "-")
        const path = join(folder, `${name}.${device}.${colorScheme}.png`)
        await page.screenshot({ path, fullPage: true, scale: "css", animations: "disabled" })
      }
      for (const line of trouble()) console.error(line)
    }
  }
  for (const mail of tour.site.mailbox.messages()) {
    const page = await tour.browser.newPage({ viewport: { width: 720, height: 600 } })
    await page.setContent(mail.html)
    await page.screenshot({ path: join(folder, `mail-${mail.id}.png`), fullPage: true })
    await page.close()
  }
} finally {
  await tour.end()
}
console.log(folder)
