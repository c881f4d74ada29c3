import { readdirSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { createElement } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import plainIcon from "~/components/ui/plain-icon"

/** The names of all icons that the app imports. */
const used = readdirSync("app", { recursive: true, encoding: "utf8" })
  .filter(file => /\.tsx?$/.test(file))
  .flatMap(file => [...readFileSync(`app/${file}`, "utf8").matchAll(/"lucide-react\/icons\/([\w-]+)"/g)])
  .map(([, name = ""]) => name)

test("[H2] every icon is drawn in the build as lucide-react draws it", async () => {
  expect(used.length).toBeGreaterThan(20)
  for (const name of new Set(used)) {
    const { default: Lucide, __iconData: data } = await icon(name)
    const props = { className: "size-4", "aria-hidden": true }
    const theirs = renderToStaticMarkup(createElement(Lucide, props)).replace(
      /class="[^"]*"/,
      'class="size-4"',
    )
    const ours = renderToStaticMarkup(createElement(plainIcon(data), props))
    expect(sorted(ours), name).toBe(sorted(theirs))
  }
})

/** An icon that has got another name is found by the old one, too, but without its data. */
async function icon(name: string) {
  const file = resolve("node_modules/lucide-react/dist/esm/icons", `${name}.mjs`)
  const [, elsewhere] = /export \{ default \} from '\.\/([\w-]+)\.mjs'/.exec(readFileSync(file, "utf8")) ?? []
  return import(resolve(file, "..", `${elsewhere ?? name}.mjs`))
}

/** With the attributes of each tag in one order. */
function sorted(markup: string): string {
  return markup.replace(/<(\w+) ([^>]*?)(\/?)>/g, (_, tag, attributes, end) => {
    const all = [...attributes.matchAll(/[\w-]+="[^"]*"/g)].map(([one]) => one)
    return `<${tag} ${all.sort().join(" ")}${end}>`
  })
}
