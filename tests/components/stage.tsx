import { createRemixStub } from "@remix-run/testing"
import { createContext, type ReactNode, useContext } from "react"
import { renderToString } from "react-dom/server"

const Staged = createContext<ReactNode>(null)

function Place() {
  return <>{useContext(Staged)}</>
}

type RootData = { theme?: string; appName?: string }

/** An element inside a router as the app has one, with the data the root loader gives. */
export function stage(element: ReactNode, path = "/", root: RootData = {}) {
  const Stub = createRemixStub([
    { id: "root", path: "*", Component: Place, action: () => null, loader: () => root },
  ])
  return (
    <Staged.Provider value={element}>
      <Stub initialEntries={[path]} hydrationData={{ loaderData: { root } }} />
    </Staged.Provider>
  )
}

/** The HTML the server would send for an element. */
export function html(element: ReactNode, path?: string): string {
  const { error } = console
  // The stub's router is made for browsers and says so on the server, once for each link.
  console.error = (...said) => String(said[0]).includes("useLayoutEffect does nothing") || error(...said)
  try {
    return renderToString(stage(element, path))
  } finally {
    console.error = error
  }
}

/** The opening tags of this name whose attributes have these values. */
export function elements(page: string, name: string, wanted: Record<string, string> = {}): string[] {
  const tags = page.match(new RegExp(`<${name}(\\s[^>]*)?>`, "g")) ?? []
  return tags.filter(tag => Object.entries(wanted).every(([key, value]) => attribute(tag, key) === value))
}

/** The first of them; its absence ends the test. */
export function element(page: string, name: string, wanted: Record<string, string> = {}): string {
  const [first] = elements(page, name, wanted)
  if (first === undefined) throw new Error(`no <${name}> with ${JSON.stringify(wanted)} in ${page}`)
  return first
}

/** The value of an attribute of an opening tag, whatever the case of its name. */
export function attribute(tag: string, name: string): string | undefined {
  return tag.match(new RegExp(`\\s${name}="([^"]*)"`, "i"))?.[1]
}
