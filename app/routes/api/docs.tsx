import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { areaId } from "~/components/api-endpoints"
import { ApiIntroduction } from "~/components/api-introduction"
import { ApiViewer } from "~/components/api-viewer"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { TextLink } from "~/components/ui/text-link"
import { apiKeyPrefix } from "~/domain/organizations/api-key-lookup.server"
import { endpointList } from "~/http/api/document.server"
import { optionalSession } from "~/http/guards.server"
import { apiPaths } from "~/lib/api-paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("API", matches)

export function loader({ request }: LoaderFunctionArgs) {
  return { areas: endpointList(), caller: optionalSession(request)?.email, keyPrefix: apiKeyPrefix }
}

export default function Docs() {
  const { areas, caller, keyPrefix } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      width="wide"
      title="API"
      lead={
        <>
          What people do here from day to day, for programs. The whole as{" "}
          <TextLink to={apiPaths.document()} reloadDocument>
            OpenAPI 3.1
          </TextLink>
          .
        </>
      }
    >
      <ApiIntroduction keyPrefix={keyPrefix} />
      <section className="mt-12 border-line border-t pt-10">
        <h2 className="text-ink text-lg">Endpoints</h2>
        <nav aria-label="Areas" className="mt-3 flex flex-wrap gap-x-4 gap-y-2 text-sm">
          {areas.map(({ area }) => (
            <a key={area} href={`#${areaId(area)}`} className="link">
              {area}
            </a>
          ))}
        </nav>
        <ApiViewer document={apiPaths.document()} areas={areas} caller={caller} />
      </section>
    </PublicPage>
  )
}
