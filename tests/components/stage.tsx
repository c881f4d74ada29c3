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
  return renderToString(stage(element, path))
}
