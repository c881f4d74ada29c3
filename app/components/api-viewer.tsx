import { useEffect, useRef, useState } from "react"
import stylesheet from "swagger-ui-dist/swagger-ui.css?url"
import { useTheme } from "~/components/theme-switch"
import ownStylesheet from "~/styles/api-viewer.css?url"

type Areas = { area: string; endpoints: { method: string; path: string; summary: string }[] }[]

/** The list of endpoints as it stands, until Swagger UI has taken its place in browsers that run scripts. */
export function ApiViewer({ document, areas }: { document: string; areas: Areas }) {
  const place = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState(false)
  const theme = useTheme()
  // Swagger UI follows a class of the root element, ours an attribute or the device.
  useEffect(() => {
    const device = matchMedia("(prefers-color-scheme: dark)")
    const follow = () =>
      window.document.documentElement.classList.toggle(
        "dark-mode",
        theme === "dark" || (theme === "system" && device.matches),
      )
    follow()
    device.addEventListener("change", follow)
    return () => device.removeEventListener("change", follow)
  }, [theme])
  useEffect(() => {
    let gone = false
    void import("swagger-ui-dist/swagger-ui-es-bundle.js").then(({ default: show }) => {
      if (gone || !place.current) return
      show({
        domNode: place.current,
        url: document,
        deepLinking: false,
        displayRequestDuration: true,
        defaultModelsExpandDepth: 0,
        onComplete: () => setShown(true),
      })
    })
    return () => {
      gone = true
    }
  }, [document])
  return (
    <>
      <link rel="stylesheet" href={stylesheet} />
      <link rel="stylesheet" href={ownStylesheet} />
      <div ref={place} className="[&_.info]:hidden [&_.scheme-container]:hidden" />
      {!shown && <EndpointList areas={areas} />}
    </>
  )
}

function EndpointList({ areas }: { areas: Areas }) {
  return (
    <div className="flex flex-col gap-8">
      {areas.map(({ area, endpoints }) => (
        <section key={area} aria-label={area}>
          <h2 className="font-medium text-base text-ink">{area}</h2>
          <dl className="mt-2 flex flex-col gap-2 text-sm">
            {endpoints.map(({ method, path, summary }) => (
              <div key={`${method} ${path}`} className="flex flex-wrap gap-x-3">
                <dt className="font-mono text-ink">
                  {method} {path}
                </dt>
                <dd className="text-ink-soft">{summary}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}
