import { classNames } from "~/components/class-names"

export type Areas = { area: string; endpoints: { method: string; path: string; summary: string }[] }[]

/** Where an area begins on the page, for links that lead there. */
export function areaId(area: string): string {
  return area.toLowerCase().replace(/\W+/g, "-")
}

const looks: Record<string, string> = {
  GET: "bg-sunken text-ink",
  POST: "bg-lamp-soft text-lamp",
  PATCH: "bg-warn-soft text-warn",
  PUT: "bg-warn-soft text-warn",
  DELETE: "bg-bad-soft text-bad",
}

/** One endpoint in a line: what to send where, and what for. */
export function EndpointLine({ method, path, summary }: { method: string; path: string; summary: string }) {
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 gap-y-1">
      <span
        className={classNames(
          "w-16 shrink-0 rounded-sm py-0.5 text-center font-semibold text-xs",
          looks[method],
        )}
      >
        {method}
      </span>
      <code className="min-w-0 break-all text-ink text-sm">{path}</code>
      <span className="basis-full text-ink-soft text-sm sm:basis-auto">{summary}</span>
    </span>
  )
}

export const areaHeading = "mt-10 mb-3 text-base text-ink"
export const endpointBox = "mt-2 rounded-md border border-line bg-surface"
export const endpointLine = "flex min-h-11 w-full items-center gap-3 px-3 py-2 text-left"

/** All of them, as browsers without scripts see them, and the others until the viewer has taken its place. */
export function EndpointList({ areas }: { areas: Areas }) {
  return areas.map(({ area, endpoints }) => (
    <section key={area}>
      <h3 id={areaId(area)} className={areaHeading}>
        {area}
      </h3>
      <ul>
        {endpoints.map(endpoint => (
          <li key={`${endpoint.method} ${endpoint.path}`} className={endpointBox}>
            <div className={endpointLine}>
              <EndpointLine {...endpoint} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  ))
}
