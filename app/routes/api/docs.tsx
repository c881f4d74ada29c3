import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { ApiViewer } from "~/components/api-viewer"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { TextLink } from "~/components/ui/text-link"
import { endpointList } from "~/http/api/document.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("API", matches)

export function loader() {
  return { areas: endpointList() }
}

export default function Docs() {
  const { areas } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      width="wide"
      title="API"
      lead={
        <>
          All that the pages do, for programs. The whole as{" "}
          <TextLink to={paths.api.document()} reloadDocument>
            OpenAPI 3.1
          </TextLink>
          .
        </>
      }
    >
      <ApiViewer document={paths.api.document()} areas={areas} />
    </PublicPage>
  )
}
